//! What the node takes of the machine: memory, files, disk.

use super::{Fixed, gauge};
use crate::disk;
use crate::home::Home;
use prometheus_client::registry::{Registry, Unit};
use std::path::Path;

/// Bytes of what.
#[derive(Debug)]
pub(super) struct Machine {
    database: u64,
    log: u64,
    search: u64,
    left: Option<u64>,
    resident: Option<u64>,
    open_files: Option<u64>,
}

impl Machine {
    pub(super) fn look(home: &Home) -> Machine {
        let length = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        let mut log = home.database().into_os_string();
        log.push("-wal");
        Machine {
            database: length(&home.database()),
            log: length(Path::new(&log)),
            search: length(&home.search()),
            left: disk::left(home.path()).ok(),
            resident: resident(),
            open_files: std::fs::read_dir("/proc/self/fd").ok().map(|all| all.count() as u64),
        }
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        let bytes = [
            ("database", "The database's file", Some(self.database)),
            (
                "write_ahead_log",
                "The write-ahead log; at 512 MiB the node stops writing",
                Some(self.log),
            ),
            ("search", "The search file, which can be thrown away", Some(self.search)),
            ("disk_left", "What is left on the disk of the node's folder", self.left),
            ("memory", "Memory that the node has, as the system counts it", self.resident),
        ];
        for (name, help, value) in bytes {
            let Some(value) = value else { continue };
            registry.register_with_unit(name, help, Unit::Bytes, Fixed::gauge(value));
        }
        if let Some(count) = self.open_files {
            gauge(registry, ("open_files", "Files and connections that are open"), count);
        }
    }
}

/// `VmRSS` of this process, where the system has it.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}
