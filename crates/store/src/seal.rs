//! A digest beside each row that belongs to a log: a bit that was flipped on the disk is noticed
//! when the row is read, in whatever column it stands.
//!
//! It does not protect against people: whoever can write the file can write the seal too. What was
//! changed on purpose does not lead to the roots that were signed.

use crate::StoreError;
use sha2::{Digest as _, Sha256};

/// Length of a seal in bytes: the first ones of a SHA-256.
const LENGTH: usize = 16;

/// The parts of a row, in the order of its columns.
#[derive(Default)]
pub(crate) struct Seal(Sha256);

impl Seal {
    /// The parts of a receipt's row.
    pub(crate) fn receipt(log: i64, size: i64, note: &str) -> Seal {
        Seal::default().number(log).number(size).text(note)
    }

    pub(crate) fn number(mut self, number: i64) -> Seal {
        self.0.update([1]);
        self.0.update(number.to_be_bytes());
        self
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Seal {
        self.0.update([2]);
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn text(self, text: &str) -> Seal {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn maybe(self, text: Option<&str>) -> Seal {
        self.number(i64::from(text.is_some())).text(text.unwrap_or_default())
    }

    pub(crate) fn done(self) -> [u8; LENGTH] {
        let mut seal = [0; LENGTH];
        seal.iter_mut().zip(self.0.finalize()).for_each(|(to, from)| *to = from);
        seal
    }

    /// Whether the row is as it was when it was sealed.
    pub(crate) fn check(
        self,
        stored: &[u8],
        what: impl FnOnce() -> String,
    ) -> Result<(), StoreError> {
        if self.done() == stored {
            return Ok(());
        }
        Err(StoreError::damaged(what(), "the row is not as it was written"))
    }
}
