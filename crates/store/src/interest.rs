//! Interests: ours, registered with partners, and theirs, registered with us.

use crate::{Db, StoreError};
use forewarn_exchange::interest::Interest;
use serde::Serialize;

/// An interest with whose it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Registered {
    pub partner: String,
    /// Ours, registered with the partner; else the partner's, registered with us.
    pub ours: bool,
    #[serde(flatten)]
    pub interest: Interest,
}

impl Db<'_> {
    pub fn interests(&self) -> Result<Vec<Registered>, StoreError> {
        let sql = "SELECT partner, ours, state FROM interest ORDER BY rowid";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let interest = crate::parse("interest", &row.get::<_, String>(2)?)?;
            out.push(Registered { partner: row.get(0)?, ours: row.get(1)?, interest });
        }
        Ok(out)
    }

    pub fn interest(&self, id: &str) -> Result<Option<Registered>, StoreError> {
        Ok(self.interests()?.into_iter().find(|known| known.interest.id == id))
    }

    pub fn set_interest(
        &self,
        partner: &str,
        ours: bool,
        interest: &Interest,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO interest (id, partner, ours, state) VALUES (?1,?2,?3,?4)";
        let state = crate::text(interest)?;
        self.connection.prepare_cached(sql)?.execute((&interest.id, partner, ours, state))?;
        Ok(())
    }

    pub fn remove_interest(&self, partner: &str, ours: bool, id: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM interest WHERE id = ?1 AND partner = ?2 AND ours = ?3";
        self.connection.prepare_cached(sql)?.execute((id, partner, ours))?;
        Ok(())
    }
}
