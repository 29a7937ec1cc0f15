//! The document that a text was read from, as it was received.

use crate::{Db, StoreError};
use rusqlite::OptionalExtension as _;
use serde::{Deserialize, Serialize};

/// A document, whose text is an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// What it is, in words: `an e-mail`.
    pub kind: String,
    /// Its bytes as they came.
    #[serde(with = "crate::written::bytes")]
    pub bytes: Vec<u8>,
}

impl Db<'_> {
    /// The document that the item at `seq` was read from; `None` for one that came as it is.
    pub fn original_of(&self, seq: i64) -> Result<Option<Original>, StoreError> {
        let sql = "SELECT kind, bytes FROM original WHERE seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| Ok(Original { kind: row.get(0)?, bytes: row.get(1)? });
        Ok(statement.query_row([seq], read).optional()?)
    }

    /// What the document was from which the item at `seq` was read.
    pub fn original_kind(&self, seq: i64) -> Result<Option<String>, StoreError> {
        let sql = "SELECT kind FROM original WHERE seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([seq], |row| row.get(0)).optional()?)
    }

    pub(super) fn keep_original(&self, seq: i64, original: &Original) -> Result<(), StoreError> {
        let sql = "INSERT INTO original (seq, kind, bytes) VALUES (?1, ?2, ?3)";
        let Original { kind, bytes } = original;
        self.connection.prepare_cached(sql)?.execute((seq, kind, bytes))?;
        Ok(())
    }
}
