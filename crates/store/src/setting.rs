//! What commands have set that is not a table of its own.

use crate::{Db, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

impl Db<'_> {
    /// What was set under a name.
    pub fn setting<T: DeserializeOwned>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, StoreError> {
        self.state("SELECT state FROM setting WHERE name = ?1", name)
    }

    /// Writes a row and removes it: its page goes to the disk with the commit.
    pub fn touch(&self) -> Result<(), StoreError> {
        self.set_setting("touched", &true)?;
        let sql = "DELETE FROM setting WHERE name = 'touched'";
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Sets it.
    pub fn set_setting(
        &self,
        name: &'static str,
        state: &impl Serialize,
    ) -> Result<(), StoreError> {
        self.put("INSERT OR REPLACE INTO setting (name, state) VALUES (?1, ?2)", name, state)
    }

    /// Forgets one.
    pub fn unset(&self, name: &'static str) -> Result<(), StoreError> {
        let sql = "DELETE FROM setting WHERE name = ?1";
        self.connection.prepare_cached(sql)?.execute([name])?;
        Ok(())
    }
}
