//! The keys, and the rule by which they sign logs: never back, never another root.
//!
//! Nothing is taken on trust from whoever asks. What was signed last is remembered here, and a new
//! size is signed only with the proof (RFC 6962 §2.1.2) that what was signed before is its
//! beginning.

use crate::memory::{Memory, Signed};
use crate::protocol::{Refused, Role, Statement};
use forewarn_exchange::card;
use forewarn_transcript::tree::verify_consistency;
use forewarn_transcript::{Checkpoint, Hash, Keys, Note, PublicKey, SecretKey, checkpoint};
use std::io;
use std::path::Path;

/// What a request to a partner is signed over begins so (RFC 9421 §2.5); no checkpoint does.
const REQUEST: &str = "\"@method\": ";

/// A statement that may be signed: the note and its checkpoint.
type Judged = Result<(Note, Checkpoint), Refused>;

/// A node's keys and its memory of what was signed.
pub struct Keyring {
    name: String,
    /// Oldest first.
    keys: Vec<SecretKey>,
    memory: Memory,
}

impl Keyring {
    /// Opens the memory, or starts it. `keys` are the node's, oldest first.
    pub fn open(name: &str, keys: Vec<SecretKey>, signed: &Path) -> io::Result<Keyring> {
        Ok(Keyring { name: name.to_owned(), keys, memory: Memory::open(signed)? })
    }

    /// The public keys, oldest first.
    pub fn keys(&self) -> Vec<Keys> {
        self.keys.iter().map(SecretKey::keys).collect()
    }

    /// What was signed last, of each log.
    pub fn signed(&self) -> &Signed {
        self.memory.all()
    }

    /// Signs a request or a card: what commits us to nothing about a log.
    pub fn access(&self, by: &PublicKey, text: &str) -> Result<[u8; 64], Refused> {
        if !text.starts_with(REQUEST) && !text.starts_with(card::HEADER) {
            return Err(Refused::NotAccess);
        }
        Ok(self.key(by)?.sign(text.as_bytes()))
    }

    /// Remembers what was signed before, by a checkpoint with a signature of ours that somebody else
    /// has kept: the memory may have been lost, or be an old copy. What is remembered then.
    pub fn learn(&mut self, note: &str) -> Result<(u64, Hash), Refused> {
        let note = Note::parse(note).map_err(|e| Refused::Form(e.to_string()))?;
        let asked = Checkpoint::parse(note.text()).map_err(|e| Refused::Form(e.to_string()))?;
        let ours = asked.origin.split('/').next() == Some(self.name.as_str());
        let signed = self.keys.iter().any(|key| {
            let key = key.public();
            if ours {
                note.verify(&asked.origin, &key).is_ok()
            } else {
                checkpoint::cosigned_by(&note, &self.name, &key).is_ok()
            }
        });
        if !signed || asked.size == 0 {
            return Err(Refused::NotOurs);
        }
        match self.memory.last(&asked.origin) {
            Some((size, root)) if size == asked.size && root != asked.root => {
                Err(Refused::OtherRoot { size })
            }
            Some(last) if last.0 >= asked.size => Ok(last),
            _ => {
                let learnt = (asked.size, asked.root);
                let remembered = self.memory.remember(&[asked]);
                remembered.map_err(|why| Refused::Memory(unwritten(&why)))?;
                Ok(learnt)
            }
        }
    }

    /// Signs statements about logs. All of them are remembered, with one fsync, before the first
    /// signature is made.
    pub fn log(&mut self, statements: &[Statement]) -> Vec<Result<Note, Refused>> {
        let mut newest = Signed::new();
        let mut new = Vec::new();
        let judged: Vec<Judged> = statements
            .iter()
            .map(|statement| {
                let judged = self.judge(statement, &newest)?;
                let Checkpoint { origin, size, root } = judged.1.clone();
                let last = newest.get(&origin).copied().or_else(|| self.memory.last(&origin));
                if last.is_none_or(|(signed, _)| signed < size) {
                    newest.insert(origin, (size, root));
                    new.push(judged.1.clone());
                }
                Ok(judged)
            })
            .collect();
        if let Err(why) = self.memory.remember(&new) {
            let words = unwritten(&why);
            return judged
                .into_iter()
                .map(|one| one.and_then(|_| Err(Refused::Memory(words.clone()))))
                .collect();
        }
        self.sign_all(judged.into_iter().zip(statements).collect())
    }

    /// Each signature takes a while: they are made on all cores.
    fn sign_all(&self, mut all: Vec<(Judged, &Statement)>) -> Vec<Result<Note, Refused>> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let share = all.len().div_ceil(cores).max(1);
        let sign = |part: Vec<(Judged, &Statement)>| -> Vec<Result<Note, Refused>> {
            part.into_iter().map(|(judged, statement)| self.sign(judged?, statement)).collect()
        };
        let first = all.split_off(share.min(all.len()));
        let (first, mut rest) = (all, first);
        std::thread::scope(|scope| {
            let mut threads = Vec::new();
            while !rest.is_empty() {
                let behind = rest.split_off(share.min(rest.len()));
                let part = std::mem::replace(&mut rest, behind);
                let count = part.len();
                threads.push((count, scope.spawn(move || sign(part))));
            }
            let mut out = sign(first);
            for (count, thread) in threads {
                let gone = || vec![Err(Refused::Memory("a thread ended".to_owned())); count];
                out.extend(thread.join().unwrap_or_else(|_| gone()));
            }
            out
        })
    }

    fn key(&self, by: &PublicKey) -> Result<&SecretKey, Refused> {
        self.keys.iter().find(|key| key.public() == *by).ok_or(Refused::NoKey)
    }

    /// `newest` is what was judged before in the same batch.
    fn judge(&self, statement: &Statement, newest: &Signed) -> Result<(Note, Checkpoint), Refused> {
        self.key(&statement.by)?;
        let bad = |why: String| Refused::Form(why);
        let note = match statement.role {
            Role::Writer => Note::new(statement.note.clone(), Vec::new()),
            Role::Reader => Note::parse(&statement.note).map_err(|e| bad(e.to_string()))?,
        };
        let asked = Checkpoint::parse(note.text()).map_err(|e| bad(e.to_string()))?;
        if asked.size == 0 {
            return Err(bad("a log of no entries is nothing to sign".to_owned()));
        }
        let ours = asked.origin.split('/').next() == Some(self.name.as_str());
        if ours != (statement.role == Role::Writer) {
            return Err(bad("the log is not written by whom the statement says".to_owned()));
        }
        let log = &asked.origin;
        let last = newest.get(log).copied().or_else(|| self.memory.last(log));
        let Some((size, root)) = last else { return Ok((note, asked)) };
        if statement.from != Some(size) {
            return Err(Refused::Since { size, root });
        }
        let (known, new) = ((size, root), (asked.size, asked.root));
        let (old, new) = if known.0 <= new.0 { (known, new) } else { (new, known) };
        match verify_consistency(old, new, &statement.proof) {
            Ok(()) => Ok((note, asked)),
            Err(_) => Err(Refused::OtherRoot { size }),
        }
    }

    fn sign(
        &self,
        (note, checkpoint): (Note, Checkpoint),
        statement: &Statement,
    ) -> Result<Note, Refused> {
        let key = self.key(&statement.by)?;
        Ok(match statement.role {
            Role::Writer => checkpoint.sign(key, statement.both),
            Role::Reader => {
                let by = (self.name.as_str(), key);
                checkpoint::cosign((&note, &checkpoint), by, statement.time, statement.both)
            }
        })
    }
}

fn unwritten(why: &io::Error) -> String {
    match why.kind() {
        io::ErrorKind::StorageFull => "the disk is full; free some space there".to_owned(),
        _ => why.to_string(),
    }
}
