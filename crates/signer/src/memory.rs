//! What was signed: the last size and root of each log, on disk before any signature is made.

use forewarn_transcript::{Checkpoint, Hash};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// The last size and root signed, by the log's name.
pub type Signed = HashMap<String, (u64, Hash)>;

/// The first line of a file whose lines are sealed. Files from before have none.
const HEADER: &str = "forewarn-signed/1";
/// A file of more lines than this for each log is written anew when it is opened.
const MOST_LINES: usize = 1_000;

/// An append-only file of lines `size root log seal`: the last line of a log counts. Each seal
/// covers the line and the seal before it, so that no line is changed, moved or left out unnoticed.
pub(super) struct Memory {
    /// Locked as long as it is open: by whatever path, no other process writes it.
    file: File,
    /// Bytes of whole lines.
    good: u64,
    seal: String,
    last: Signed,
}

/// What a file says.
#[derive(Debug, Default)]
pub struct Read {
    /// The last size and root signed of each log.
    pub signed: Signed,
    /// Whether the last line has no end: it was cut off by a crash before anything was signed, or
    /// later by something else.
    pub is_cut_off: bool,
    /// Whether the lines have seals.
    pub is_sealed: bool,
    lines: usize,
    good: u64,
    seal: String,
}

/// Reads the file without changing it; one that is not there has signed nothing.
pub fn read(path: &Path) -> io::Result<Read> {
    match std::fs::read(path) {
        Ok(bytes) => parse(&bytes),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Read::default()),
        Err(why) => Err(why),
    }
}

fn parse(bytes: &[u8]) -> io::Result<Read> {
    let text = std::str::from_utf8(bytes).map_err(|_| io::Error::other("it is not text"))?;
    let mut found = Read::default();
    for (n, line) in text.split_inclusive('\n').enumerate() {
        let Some(line) = line.strip_suffix('\n') else {
            found.is_cut_off = true;
            break;
        };
        found.good += line.len() as u64 + 1;
        if n == 0 && line == HEADER {
            found.is_sealed = true;
            continue;
        }
        let bad = |what: &str| io::Error::other(format!("line {} {what}", n + 1));
        let unread = || bad("cannot be read");
        let row = if found.is_sealed {
            let (row, seal) = line.rsplit_once(' ').ok_or_else(unread)?;
            if seal != seal_of(&found.seal, row) {
                return Err(bad("is not as it was written, or a line before it is missing"));
            }
            seal.clone_into(&mut found.seal);
            row
        } else {
            line
        };
        let mut parts = row.splitn(3, ' ');
        let size = parts.next().and_then(|size| size.parse().ok()).ok_or_else(unread)?;
        let root = parts.next().and_then(|root| Hash::try_from(root.to_owned()).ok());
        // No log's name has a space: a row with its seal, in a file without its first line, has one.
        let log = parts.next().filter(|log| !log.is_empty() && !log.contains(' '));
        let log = log.ok_or_else(unread)?;
        let before = found.signed.insert(log.to_owned(), (size, root.ok_or_else(unread)?));
        if before.is_some_and(|(before, _)| before > size) {
            return Err(bad("goes back behind a line before it"));
        }
        found.lines += 1;
    }
    Ok(found)
}

/// 128 bits over the seal before and the line.
fn seal_of(before: &str, row: &str) -> String {
    let mut seal = Hash::of(format!("{HEADER}\n{before}\n{row}").as_bytes()).to_string();
    seal.truncate(32);
    seal
}

fn row(log: &str, (size, root): &(u64, Hash)) -> String {
    format!("{size} {root} {log}")
}

/// Opens the file and locks it, made if it is not there.
fn locked(path: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    let file = options.read(true).append(true).create(true).mode(0o600).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::Error(why)) => Err(why),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(io::Error::other("another signer has it open: only one may sign by one memory"))
        }
    }
}

impl Memory {
    /// Locks what is there and reads it. It is replaced by a shorter file that says the same when it
    /// has grown long, has no seals, or ends in half a line.
    pub(super) fn open(path: &Path) -> io::Result<Memory> {
        let mut file = locked(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let found = parse(&bytes)?;
        let is_long = found.lines > MOST_LINES.max(2 * found.signed.len());
        if found.is_sealed && !found.is_cut_off && !is_long {
            let Read { signed: last, good, seal, .. } = found;
            return Ok(Memory { file, good, seal, last });
        }
        // The old file stays locked until the new one, locked too, has its name.
        let before = file;
        let fresh = path.with_extension("new");
        let _ = std::fs::remove_file(&fresh);
        let mut file = locked(&fresh)?;
        let (text, seal) = whole(&found.signed);
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        drop(before);
        Ok(Memory { file, good: text.len() as u64, seal, last: found.signed })
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
        let (mut lines, mut seal) = (String::new(), self.seal.clone());
        for Checkpoint { origin, size, root } in checkpoints {
            append(&mut lines, &mut seal, &row(origin, &(*size, *root)));
        }
        let written = self.file.write_all(lines.as_bytes()).and_then(|()| self.file.sync_data());
        if let Err(why) = written {
            self.file.set_len(self.good)?;
            return Err(why);
        }
        self.good += lines.len() as u64;
        self.seal = seal;
        for Checkpoint { origin, size, root } in checkpoints {
            self.last.insert(origin.clone(), (*size, *root));
        }
        Ok(())
    }
}

/// A file with one line a log, and its last seal.
fn whole(signed: &Signed) -> (String, String) {
    let (mut text, mut seal) = (format!("{HEADER}\n"), String::new());
    let mut logs: Vec<_> = signed.iter().collect();
    logs.sort();
    for (log, last) in logs {
        append(&mut text, &mut seal, &row(log, last));
    }
    (text, seal)
}

fn append(text: &mut String, seal: &mut String, row: &str) {
    *seal = seal_of(seal, row);
    text.push_str(row);
    text.push(' ');
    text.push_str(seal);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "a.example/forewarn/x";

    fn remember(path: &Path, sizes: std::ops::RangeInclusive<u64>) {
        let mut memory = Memory::open(path).unwrap();
        for size in sizes {
            let root = Hash::of(&size.to_be_bytes());
            memory.remember(&[Checkpoint { origin: LOG.into(), size, root }]).unwrap();
        }
    }

    #[test]
    fn a_line_cut_off_by_a_crash_is_passed_over_and_a_damaged_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.log");
        let good = format!("3 {} {LOG}\n", Hash::of(b"3"));
        std::fs::write(&path, format!("{good}5 abc")).unwrap();
        assert_eq!(Memory::open(&path).unwrap().last(LOG).unwrap().0, 3);
        std::fs::write(&path, format!("junk\n{good}")).unwrap();
        assert!(Memory::open(&path).is_err());
    }

    /// Of 21 kinds of damage, 18 once passed.
    #[test]
    fn no_byte_of_the_memory_changes_and_no_line_goes_unnoticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.log");
        remember(&path, 1..=5);
        let good = std::fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            let noticed = match parse(&bad) {
                Err(_) => true,
                // The last line's end: what is cut off is said.
                Ok(found) => found.is_cut_off,
            };
            assert!(noticed, "byte {at}");
        }
        let lines: Vec<&[u8]> = good.split_inclusive(|byte| *byte == b'\n').collect();
        for left_out in 0..lines.len() - 1 {
            let mut bad = lines.clone();
            bad.remove(left_out);
            assert!(parse(&bad.concat()).is_err(), "line {left_out}");
        }
        let mut swapped = lines.clone();
        swapped.swap(2, 3);
        assert!(parse(&swapped.concat()).is_err());
        let twice = [&lines[..3], &lines[2..]].concat();
        assert!(parse(&twice.concat()).is_err());
    }

    #[test]
    fn a_file_without_seals_opens_and_is_sealed_then() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.log");
        let (three, five) = (Hash::of(b"3"), Hash::of(b"5"));
        std::fs::write(&path, format!("3 {three} {LOG}\n5 {five} {LOG}\n")).unwrap();
        assert!(!read(&path).unwrap().is_sealed);
        drop(Memory::open(&path).unwrap());
        let found = read(&path).unwrap();
        assert!(found.is_sealed);
        assert_eq!(found.signed.get(LOG), Some(&(5, five)));
    }

    #[test]
    fn a_second_signer_is_refused_and_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("signed.log"), folder.path().join("other.log"));
        let first = Memory::open(&path).unwrap();
        std::fs::hard_link(&path, &other).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(Memory::open(&path).is_err() && Memory::open(&other).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), before);
        drop(first);
        assert!(Memory::open(&path).is_ok());
    }

    #[test]
    fn a_memory_that_has_grown_long_is_written_anew_and_says_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.log");
        remember(&path, 1..=1_100);
        assert_eq!(Memory::open(&path).unwrap().last(LOG).unwrap().0, 1_100);
        assert_eq!(read(&path).unwrap().lines, 1);
        remember(&path, 1_101..=1_102);
        assert_eq!(read(&path).unwrap().signed.get(LOG).unwrap().0, 1_102);
    }
}
