//! How far each follower has come.

use crate::{Db, StoreError};
use rusqlite::OptionalExtension as _;

impl Db<'_> {
    /// The cursor with this name; 0 when it was never set. What it counts is up to whoever sets it.
    pub fn cursor(&self, name: &str) -> Result<i64, StoreError> {
        let sql = "SELECT value FROM cursor WHERE name = ?1";
        let found = self.connection.prepare_cached(sql)?.query_row([name], |row| row.get(0));
        Ok(found.optional()?.unwrap_or(0))
    }

    /// Sets a cursor, in the transaction that holds the work up to it.
    pub fn set_cursor(&self, name: &str, value: i64) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO cursor (name, value) VALUES (?1, ?2)";
        self.connection.prepare_cached(sql)?.execute((name, value))?;
        Ok(())
    }
}
