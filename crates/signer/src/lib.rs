//! The signer: holds the node's keys, remembers the last size and root signed for each log, and
//! refuses to go back. It runs as a process of its own ([`process`]); nothing else sees the keys.

#![warn(missing_docs)]

mod keyring;
mod memory;
pub mod process;
mod protocol;

pub use keyring::Keyring;
pub use memory::{Read as ReadMemory, Signed, read as read_memory};
pub use process::Where;
pub use protocol::{Refused, Role, Statement};

use forewarn_transcript::{Checkpoint, Hash, Keys, Note, PublicKey};
use process::Client;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum NotSigned {
    #[error(
        "the signer has signed `{log}` at size {signed} before and will not sign size {asked}: \
         the database is older than that"
    )]
    /// The log was signed at a larger size, and the database cannot prove that it leads there: it
    /// is an old copy.
    Back {
        /// The log's name.
        log: String,
        /// The size that was signed last.
        signed: u64,
        /// The size that was to be signed.
        asked: u64,
    },
    /// Another root was signed at this size: what the database holds was changed since.
    #[error("the signer has signed another root of `{log}` at size {size}: the log was changed")]
    OtherRoot {
        /// The log's name.
        log: String,
        /// The size at which the roots differ.
        size: u64,
    },
    /// For any other reason of the signer's.
    #[error("the signer refuses: {0}")]
    Refused(Refused),
    /// The signer does not answer, or too many others signed for the same log meanwhile.
    #[error("the signer cannot be asked: {0}")]
    Unreachable(#[from] io::Error),
}

impl NotSigned {
    /// The same, with the name of the log that was asked about where that matters.
    fn of(self, log: &str) -> NotSigned {
        match self {
            NotSigned::Refused(Refused::OtherRoot { size }) => {
                NotSigned::OtherRoot { log: log.to_owned(), size }
            }
            other => other,
        }
    }
}

/// Consistency proof of a log from size `old` to size `new`, from what is on disk; `None` when
/// fewer entries are held.
pub type ProofOf<'a> = dyn Fn(u64, u64) -> Option<Vec<Hash>> + 'a;

/// How a statement is to be signed.
#[derive(Debug, Clone)]
pub struct By {
    /// The Ed25519 key that is to sign: one of [`Signer::keys`].
    pub key: PublicKey,
    /// Whether the second key signs too.
    pub both: bool,
}

/// Asks for signatures. Each call blocks; never call it from an async task.
pub struct Signer {
    place: Place,
    keys: Vec<Keys>,
    /// What was signed last, as far as we know: the signer's own memory counts.
    last: Arc<Mutex<Signed>>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("keys", &self.keys).finish_non_exhaustive()
    }
}

enum Place {
    /// In this process: for simulations and tests.
    Here(Box<Mutex<Keyring>>),
    Apart(Client),
}

/// Retries when another statement about the log was signed meanwhile.
const MAX_TRIES: u32 = 16;

impl Signer {
    /// A signer in this process, for simulations and tests.
    pub fn here(keyring: Keyring) -> Signer {
        let (keys, last) = (keyring.keys(), Arc::new(Mutex::new(keyring.signed().clone())));
        Signer { place: Place::Here(Box::new(Mutex::new(keyring))), keys, last }
    }

    /// A signer in a process of its own, which is started or called.
    ///
    /// # Errors
    /// It cannot be started or reached, or holds no key.
    pub fn apart(place: Where) -> io::Result<Signer> {
        let (client, hello) = Client::open(place)?;
        let keys = hello.keys.into_iter();
        let keys: Vec<Keys> =
            keys.map(|(ed25519, second)| Keys { ed25519, mldsa44: Some(second) }).collect();
        if keys.is_empty() {
            return Err(io::Error::other("the signer holds no key"));
        }
        let last = client.last();
        Ok(Signer { place: Place::Apart(client), keys, last })
    }

    /// Ends the signer's process, when this one has started it; nothing is signed any more.
    pub fn close(&self) {
        match &self.place {
            Place::Here(_) => {}
            Place::Apart(client) => client.close(),
        }
    }

    /// The public keys, oldest first; at least one.
    pub fn keys(&self) -> &[Keys] {
        &self.keys
    }

    /// Signs a request or a card: bytes that commit us to nothing about a log.
    pub fn access(&self, by: &PublicKey, text: &str) -> Result<[u8; 64], NotSigned> {
        match &self.place {
            Place::Here(keyring) => {
                let keyring = keyring.lock().unwrap_or_else(PoisonError::into_inner);
                keyring.access(by, text).map_err(NotSigned::Refused)
            }
            Place::Apart(client) => client.access(by, text),
        }
    }

    /// Signs our own log's checkpoint. `proof_of` leads from what was signed before.
    pub fn sign_checkpoint(
        &self,
        checkpoint: &Checkpoint,
        by: &By,
        proof_of: &ProofOf,
    ) -> Result<Note, NotSigned> {
        self.state((Role::Writer, checkpoint.text(), 0), checkpoint, by, proof_of)
    }

    /// Cosigns a partner's checkpoint, which the caller has checked. `time` in seconds since 1970.
    pub fn cosign(
        &self,
        (note, checkpoint): (&Note, &Checkpoint),
        by: &By,
        time: u64,
        proof_of: &ProofOf,
    ) -> Result<Note, NotSigned> {
        self.state((Role::Reader, note.to_string(), time), checkpoint, by, proof_of)
    }

    /// Has the signer remember what it has signed before, by a checkpoint with its own signature
    /// that somebody else has kept. What it remembers of that log then.
    ///
    /// # Errors
    /// The note has no signature of ours, or another root was signed at this size.
    pub fn learn(&self, note: &Note) -> Result<(u64, Hash), NotSigned> {
        let text = note.to_string();
        let learnt = match &self.place {
            Place::Here(keyring) => {
                let mut keyring = keyring.lock().unwrap_or_else(PoisonError::into_inner);
                keyring.learn(&text).map_err(NotSigned::Refused)
            }
            Place::Apart(client) => client.learn(&text),
        };
        let log = note.text().lines().next().unwrap_or_default();
        match learnt {
            Ok(newest) => {
                self.learnt(log, newest);
                Ok(newest)
            }
            Err(why) => Err(why.of(log)),
        }
    }

    /// How many logs something was signed of.
    pub fn remembered(&self) -> usize {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The last size and root signed for a log.
    pub fn last(&self, log: &str) -> Option<(u64, Hash)> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).get(log).copied()
    }

    fn state(
        &self,
        (role, note, time): (Role, String, u64),
        checkpoint: &Checkpoint,
        by: &By,
        proof_of: &ProofOf,
    ) -> Result<Note, NotSigned> {
        let Checkpoint { origin: log, size: asked, root } = checkpoint;
        let mut statement = Statement {
            role,
            note,
            time,
            by: by.key,
            both: by.both,
            from: None,
            proof: Vec::new(),
        };
        for _ in 0..MAX_TRIES {
            let last = self.last(log);
            if let Some((signed, _)) = last {
                let (old, new) = (signed.min(*asked), signed.max(*asked));
                let back = || NotSigned::Back { log: log.clone(), signed, asked: *asked };
                statement.proof = proof_of(old, new).ok_or_else(back)?;
                statement.from = Some(signed);
            }
            match self.ask(&statement) {
                Ok(signed) => {
                    self.learnt(log, (*asked, *root));
                    return Ok(signed);
                }
                // Another question came between, or the signer knows of more than we do.
                Err(NotSigned::Refused(Refused::Since { size, root })) => {
                    self.learnt(log, (size, root));
                }
                Err(why) => return Err(why.of(log)),
            }
        }
        Err(NotSigned::Unreachable(io::Error::other("too many ask about one log")))
    }

    fn ask(&self, statement: &Statement) -> Result<Note, NotSigned> {
        match &self.place {
            Place::Here(keyring) => {
                let mut keyring = keyring.lock().unwrap_or_else(PoisonError::into_inner);
                let mut notes = keyring.log(std::slice::from_ref(statement));
                notes.pop().unwrap_or(Err(Refused::NoKey)).map_err(NotSigned::Refused)
            }
            Place::Apart(client) => client.log(statement),
        }
    }

    fn learnt(&self, log: &str, newest: (u64, Hash)) {
        let mut all = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(log.to_owned()).or_insert(newest);
        if known.0 < newest.0 {
            *known = newest;
        }
    }
}

#[cfg(test)]
mod tests;
