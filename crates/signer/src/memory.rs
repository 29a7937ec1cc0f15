//! What was signed: the last size and root of each log, on disk before any signature is made.

use forewarn_transcript::{Checkpoint, Hash};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// The last size and root signed, by the log's name.
pub type Signed = HashMap<String, (u64, Hash)>;

/// An append-only file of lines `size root log`: the last line of a log counts.
pub(super) struct Memory {
    file: File,
    /// Bytes of whole lines.
    good: u64,
    last: Signed,
}

/// Reads the file without changing it; one that is not there has signed nothing.
pub fn read(path: &Path) -> io::Result<Signed> {
    let mut last = Signed::new();
    if !path.exists() {
        return Ok(last);
    }
    for (n, line) in std::fs::read_to_string(path)?.split_inclusive('\n').enumerate() {
        // A line without its end was cut off by a crash, before anything was signed.
        let Some(line) = line.strip_suffix('\n') else { break };
        let bad = || io::Error::other(format!("line {} cannot be read", n + 1));
        let mut parts = line.splitn(3, ' ');
        let size = parts.next().and_then(|size| size.parse().ok()).ok_or_else(bad)?;
        let root = parts.next().and_then(|root| Hash::try_from(root.to_owned()).ok());
        let log = parts.next().ok_or_else(bad)?;
        last.insert(log.to_owned(), (size, root.ok_or_else(bad)?));
    }
    Ok(last)
}

impl Memory {
    /// Reads what is there and rewrites it, one line a log, so that it does not grow for ever.
    pub(super) fn open(path: &Path) -> io::Result<Memory> {
        let last = read(path)?;
        let fresh = path.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        let options = options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&fresh)?;
        for (log, (size, root)) in &last {
            writeln!(file, "{size} {root} {log}")?;
        }
        file.sync_all()?;
        std::fs::rename(&fresh, path)?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        let good = file.metadata()?.len();
        Ok(Memory { file, good, last })
    }

    pub(super) fn all(&self) -> &Signed {
        &self.last
    }

    pub(super) fn last(&self, log: &str) -> Option<(u64, Hash)> {
        self.last.get(log).copied()
    }

    /// Remembers all of these, durably and with one fsync. What a failed write left is cut off, so
    /// that it spoils nothing.
    pub(super) fn remember(&mut self, checkpoints: &[Checkpoint]) -> io::Result<()> {
        if checkpoints.is_empty() {
            return Ok(());
        }
        let line =
            |Checkpoint { origin, size, root }: &Checkpoint| format!("{size} {root} {origin}\n");
        let lines: String = checkpoints.iter().map(line).collect();
        let written = self.file.write_all(lines.as_bytes()).and_then(|()| self.file.sync_data());
        if let Err(why) = written {
            self.file.set_len(self.good)?;
            self.file.seek(io::SeekFrom::Start(self.good))?;
            return Err(why);
        }
        self.good += lines.len() as u64;
        for Checkpoint { origin, size, root } in checkpoints {
            self.last.insert(origin.clone(), (*size, *root));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_cut_off_by_a_crash_is_passed_over_and_a_damaged_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.log");
        let good = format!("3 {} a.example/forewarn/x\n", Hash::of(b"3"));
        std::fs::write(&path, format!("{good}5 abc")).unwrap();
        assert_eq!(Memory::open(&path).unwrap().last("a.example/forewarn/x").unwrap().0, 3);
        std::fs::write(&path, format!("junk\n{good}")).unwrap();
        assert!(Memory::open(&path).is_err());
    }
}
