//! Warnings that partners sent us.

use crate::{Db, StoreError};
use forewarn_exchange::warning::Warning;

impl Db<'_> {
    pub fn warning(&self, number: i64) -> Result<Option<Warning>, StoreError> {
        self.state("SELECT state FROM warning WHERE number = ?1", number)
    }

    pub fn warnings(&self) -> Result<Vec<Warning>, StoreError> {
        self.states("SELECT state FROM warning ORDER BY number", [])
    }

    pub fn next_warning(&self) -> Result<i64, StoreError> {
        self.number("SELECT coalesce(max(number), 0) + 1 FROM warning")
    }

    pub fn set_warning(&self, warning: &Warning) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO warning (number, partner, state) VALUES (?1, ?2, ?3)";
        let state = crate::text(warning)?;
        self.connection.prepare_cached(sql)?.execute((warning.number, &warning.partner, state))?;
        Ok(())
    }
}
