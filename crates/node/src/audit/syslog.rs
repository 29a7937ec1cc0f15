//! Gives the lines to the system's log, whose socket journald has too. It reads the stream's own files, and
//! keeps beside them how far it has come: each line is given at least once, and after a stop in the middle
//! some are given twice.

use super::chain::MOST_LINE;
use super::stream::files;
use crate::watch::Seen;
use forewarn_exchange::name::NodeName;
use serde::{Deserialize, Serialize};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Facility 10, messages of security; severity 5, normal and of note (RFC 5424 §6.2.1).
const PRIORITY: u8 = 10 * 8 + 5;
/// Lines that are given before it is kept how far it has come.
const AT_ONCE: usize = 200;
/// How long a log that takes nothing is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// After a try in vain.
const AGAIN: Duration = Duration::from_secs(10);
/// How far it has come.
const PLACE: &str = "syslog.json";

/// What gives the lines to the system's log.
#[derive(Clone)]
pub(super) struct Syslog {
    socket: PathBuf,
    node: NodeName,
    more: Arc<Notify>,
}

/// How far it has come: up to a byte of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    file: u32,
    byte: u64,
}

impl Syslog {
    pub(super) fn new(socket: &str, node: &NodeName) -> Syslog {
        Syslog { socket: socket.into(), node: node.clone(), more: Arc::default() }
    }

    /// There are new lines.
    pub(super) fn tell(&self) {
        self.more.notify_one();
    }

    /// Runs as long as the node does. A log that takes nothing stops nothing else.
    pub(super) async fn run(self, folder: PathBuf, seen: Seen) {
        loop {
            let (this, folder) = (self.clone(), folder.clone());
            let given = tokio::task::spawn_blocking(move || this.turn(&folder)).await;
            match given {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => self.more.notified().await,
                Ok(Err(why)) => {
                    seen.ended(&why);
                    tracing::error!(why, "lines of the audit stream wait for the system's log");
                    tokio::time::sleep(AGAIN).await;
                }
                Err(_) => return,
            }
        }
    }

    /// Gives some lines; whether there may be more.
    fn turn(&self, folder: &Path) -> Result<bool, String> {
        let kept = folder.join(PLACE);
        let mut place = std::fs::read(&kept)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        let given = self.give(folder, &mut place)?;
        if given > 0 {
            let text = serde_json::to_string(&place).unwrap_or_default();
            let new = folder.join(format!("{PLACE}.new"));
            std::fs::write(&new, text)
                .and_then(|()| std::fs::rename(&new, &kept))
                .map_err(|e| format!("`{}`: {e}", kept.display()))?;
        }
        Ok(given > 0)
    }

    fn give(&self, folder: &Path, place: &mut Place) -> Result<usize, String> {
        let mut given = 0;
        for (number, path) in files(folder).map_err(|e| e.to_string())? {
            if number < place.file {
                continue;
            }
            if number > place.file {
                *place = Place { file: number, byte: 0 };
            }
            let failed = |e: std::io::Error| format!("`{}`: {e}", path.display());
            let mut file = std::fs::File::open(&path).map_err(failed)?;
            file.seek(SeekFrom::Start(place.byte)).map_err(failed)?;
            let mut file = BufReader::new(file);
            let mut line = Vec::new();
            while given < AT_ONCE {
                line.clear();
                let most = u64::try_from(MOST_LINE).unwrap_or(u64::MAX) + 1;
                file.by_ref().take(most).read_until(b'\n', &mut line).map_err(failed)?;
                // The rest of a line is still to be written.
                let Some(text) = line.strip_suffix(b"\n") else { break };
                self.say(text)?;
                place.byte += line.len() as u64;
                given += 1;
            }
        }
        Ok(given)
    }

    /// One message.
    fn say(&self, text: &[u8]) -> Result<(), String> {
        let failed = |e: std::io::Error| format!("`{}`: {e}", self.socket.display());
        let log = UnixDatagram::unbound().map_err(failed)?;
        log.set_write_timeout(Some(PATIENCE)).map_err(failed)?;
        let head = format!("<{PRIORITY}>forewarn-audit: {} ", self.node);
        log.send_to(&[head.as_bytes(), text].concat(), &self.socket).map(drop).map_err(failed)
    }
}
