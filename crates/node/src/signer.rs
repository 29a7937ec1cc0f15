//! The signer: holds the node's key, remembers the last size and root signed for each log, and
//! refuses to go back. It signs bytes for checkpoints, cosignatures, requests and cards; nothing
//! else here sees the secret key.

use forewarn_transcript::checkpoint::{self, Checkpoint};
use forewarn_transcript::{Hash, Note, PublicKey, SecretKey};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum NotSigned {
    #[error(
        "the signer has signed `{log}` at size {signed} before and will not sign size {asked}: \
         the database is older than that. Restore a newer one, or fetch the log from the partner"
    )]
    Back { log: String, signed: u64, asked: u64 },
    #[error("the signer has signed another root of `{log}` at size {size}: the log was changed")]
    OtherRoot { log: String, size: u64 },
    #[error("the signer's memory `{path}`: {why}")]
    Memory { path: PathBuf, why: io::Error },
}

/// The root of a log's first so many entries, as they are on disk; `None` beyond its end.
pub type RootAt<'a> = dyn Fn(u64) -> Option<Hash> + 'a;

pub struct Signer {
    key: SecretKey,
    name: String,
    memory: Mutex<Memory>,
}

/// An append-only file of lines `size root log`: the last line of a log counts.
struct Memory {
    path: PathBuf,
    file: File,
    /// Bytes of whole lines.
    good: u64,
    last: HashMap<String, (u64, Hash)>,
}

impl Signer {
    /// Opens the memory, or starts it.
    pub fn open(key: SecretKey, name: &str, path: &Path) -> Result<Signer, NotSigned> {
        let memory =
            Memory::open(path).map_err(|why| NotSigned::Memory { path: path.to_owned(), why })?;
        Ok(Signer { key, name: name.to_owned(), memory: Mutex::new(memory) })
    }

    pub fn public(&self) -> PublicKey {
        self.key.public()
    }

    /// Signs a request or a card: bytes that commit us to nothing about a log.
    pub fn sign_access(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes)
    }

    /// Signs a text under the node's name, as a note.
    pub fn sign_note(&self, text: String) -> Note {
        let line = self.key.sign_note(&self.name, &text);
        Note::new(text, vec![line])
    }

    /// Signs our own log's checkpoint. `root_at` is the root of the log's first entries as they
    /// are on disk: what was signed before must still be part of it.
    pub fn sign_checkpoint(
        &self,
        checkpoint: &Checkpoint,
        root_at: &RootAt,
    ) -> Result<Note, NotSigned> {
        self.remember(checkpoint, root_at)?;
        Ok(checkpoint.sign(&self.key))
    }

    /// Cosigns a partner's checkpoint, which the caller has checked. `time` in seconds since 1970.
    pub fn cosign(
        &self,
        note: &Note,
        checkpoint: &Checkpoint,
        root_at: &RootAt,
        time: u64,
    ) -> Result<Note, NotSigned> {
        self.remember(checkpoint, root_at)?;
        Ok(note.with(checkpoint::cosign(note, &self.name, &self.key, time)))
    }

    /// The last size and root signed for a log.
    pub fn last(&self, log: &str) -> Option<(u64, Hash)> {
        self.memory.lock().ok()?.last.get(log).copied()
    }

    /// On disk before any signature is made.
    fn remember(&self, asked: &Checkpoint, root_at: &RootAt) -> Result<(), NotSigned> {
        let poisoned = || io::Error::other("another thread failed while it wrote");
        let mut memory = self
            .memory
            .lock()
            .map_err(|_| NotSigned::Memory { path: PathBuf::new(), why: poisoned() })?;
        let log = asked.origin.clone();
        if let Some((signed, root)) = memory.last.get(&log).copied() {
            let there = if asked.size == signed { Some(asked.root) } else { root_at(signed) };
            match there {
                Some(same) if same == root && asked.size <= signed => return Ok(()),
                Some(same) if same == root => {}
                Some(_) => return Err(NotSigned::OtherRoot { log, size: signed }),
                None => return Err(NotSigned::Back { log, signed, asked: asked.size }),
            }
        }
        let line = format!("{} {} {log}\n", asked.size, asked.root);
        memory.append(line.as_bytes())?;
        memory.last.insert(log, (asked.size, asked.root));
        Ok(())
    }
}

impl Memory {
    /// A line, durable. What a failed write left of it is cut off, so that it spoils nothing.
    fn append(&mut self, line: &[u8]) -> Result<(), NotSigned> {
        let written = self.file.write_all(line).and_then(|()| self.file.sync_data());
        if let Err(why) = written {
            let mended = self.file.set_len(self.good);
            let mended = mended.and_then(|()| self.file.seek(io::SeekFrom::Start(self.good)));
            let why = mended.err().unwrap_or(why);
            return Err(NotSigned::Memory { path: self.path.clone(), why });
        }
        self.good += line.len() as u64;
        Ok(())
    }

    /// Reads what is there and writes it anew, one line a log, so that it does not grow for ever.
    fn open(path: &Path) -> io::Result<Memory> {
        let mut last: HashMap<String, (u64, Hash)> = HashMap::new();
        if path.exists() {
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
        }
        let fresh = path.with_extension("new");
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        for (log, (size, root)) in &last {
            writeln!(file, "{size} {root} {log}")?;
        }
        file.sync_all()?;
        std::fs::rename(&fresh, path)?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        let good = file.metadata()?.len();
        Ok(Memory { path: path.to_owned(), file, good, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(size: u64, root: &[u8]) -> Checkpoint {
        Checkpoint { origin: "a.example/forewarn/x".into(), size, root: Hash::of(root) }
    }

    fn open(path: &Path) -> Signer {
        Signer::open(SecretKey::from_seed(&[1; 32]), "a.example", path).unwrap()
    }

    /// A log of so many entries on disk, the root at each size being named by it.
    fn disk(size: u64) -> impl Fn(u64) -> Option<Hash> {
        move |at| (at <= size).then(|| Hash::of(at.to_string().as_bytes()))
    }

    #[test]
    fn the_signer_never_goes_back_not_even_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.log");
        let signer = open(&path);
        signer.sign_checkpoint(&at(3, b"3"), &disk(3)).unwrap();
        signer.sign_checkpoint(&at(5, b"5"), &disk(5)).unwrap();
        drop(signer);
        let signer = open(&path);
        let same = signer.sign_checkpoint(&at(5, b"5"), &disk(5)).unwrap();
        assert_eq!(same, signer.sign_checkpoint(&at(5, b"5"), &disk(7)).unwrap());
        let other = signer.sign_checkpoint(&at(5, b"other"), &disk(5));
        assert!(matches!(other, Err(NotSigned::OtherRoot { .. })));
        let restored = signer.sign_checkpoint(&at(4, b"4"), &disk(4));
        assert!(matches!(restored, Err(NotSigned::Back { .. })));
        let forked = signer.sign_checkpoint(&at(6, b"6"), &|_| Some(Hash::of(b"forked")));
        assert!(matches!(forked, Err(NotSigned::OtherRoot { .. })));
        assert_eq!(signer.last("a.example/forewarn/x"), Some((5, Hash::of(b"5"))));
    }

    /// A whole log that was exported once kept the smaller batches behind it from being signed.
    #[test]
    fn a_part_of_what_was_signed_may_be_signed_while_all_of_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let signer = open(&folder.path().join("signed.log"));
        signer.sign_checkpoint(&at(9, b"9"), &disk(9)).unwrap();
        signer.sign_checkpoint(&at(4, b"4"), &disk(9)).unwrap();
        assert_eq!(signer.last("a.example/forewarn/x").unwrap().0, 9);
    }

    /// With an older database, a partner could once have two different logs of the same size
    /// cosigned. Less than was signed is cosigned only when all that was signed is held.
    #[test]
    fn a_reader_that_lost_what_it_cosigned_cosigns_nothing_until_it_holds_it_again() {
        let folder = tempfile::tempdir().unwrap();
        let signer = open(&folder.path().join("signed.log"));
        let sign = |size: u64, root: &[u8], disk: &RootAt| {
            let checkpoint = at(size, root);
            let note = checkpoint.sign(&SecretKey::from_seed(&[2; 32]));
            signer.cosign(&note, &checkpoint, disk, 7)
        };
        sign(9, b"9", &disk(9)).unwrap();
        assert!(matches!(sign(4, b"4", &disk(4)), Err(NotSigned::Back { signed: 9, .. })));
        assert!(matches!(sign(9, b"fork", &disk(9)), Err(NotSigned::OtherRoot { .. })));
        let fork = |_| Some(Hash::of(b"fork"));
        assert!(matches!(sign(12, b"fork", &fork), Err(NotSigned::OtherRoot { .. })));
        sign(12, b"12", &disk(12)).unwrap();
    }

    #[test]
    fn a_line_cut_off_by_a_crash_is_passed_over_and_a_damaged_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.log");
        let good = format!("3 {} a.example/forewarn/x\n", Hash::of(b"3"));
        std::fs::write(&path, format!("{good}5 abc")).unwrap();
        assert_eq!(open(&path).last("a.example/forewarn/x").unwrap().0, 3);
        std::fs::write(&path, format!("junk\n{good}")).unwrap();
        assert!(Signer::open(SecretKey::from_seed(&[1; 32]), "a", &path).is_err());
    }
}
