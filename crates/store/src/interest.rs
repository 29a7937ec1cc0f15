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

/// Counts the changes of any interest.
const CHANGES: &str = "interest changes";

impl Db<'_> {
    /// Another number after each change of any interest: what was built from them is still good
    /// as long as it is the same.
    pub fn interest_changes(&self) -> Result<i64, StoreError> {
        self.cursor(CHANGES)
    }

    fn count_change(&self) -> Result<(), StoreError> {
        self.set_cursor(CHANGES, self.cursor(CHANGES)? + 1)
    }

    pub fn interests(&self) -> Result<Vec<Registered>, StoreError> {
        let sql = "SELECT partner, ours, state FROM interest ORDER BY seq";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let interest = crate::parse("interest", &row.get::<_, String>(2)?)?;
            out.push(Registered { partner: row.get(0)?, ours: row.get(1)?, interest });
        }
        Ok(out)
    }

    /// How many interests are registered with a partner, or by it with us.
    pub fn count_interests(&self, partner: &str, ours: bool) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM interest WHERE partner = ?1 AND ours = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row((partner, ours), |row| row.get(0))?)
    }

    pub fn has_interest(&self, partner: &str, ours: bool, id: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM interest WHERE partner = ?1 AND ours = ?2 AND id = ?3";
        Ok(self.connection.prepare_cached(sql)?.exists((partner, ours, id))?)
    }

    pub fn set_interest(
        &self,
        partner: &str,
        ours: bool,
        interest: &Interest,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO interest (id, partner, ours, state) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (partner, ours, id) DO UPDATE SET state = excluded.state";
        let state = crate::text(interest)?;
        self.connection.prepare_cached(sql)?.execute((&interest.id, partner, ours, state))?;
        self.count_change()
    }

    pub fn remove_interest(&self, partner: &str, ours: bool, id: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM interest WHERE id = ?1 AND partner = ?2 AND ours = ?3";
        self.connection.prepare_cached(sql)?.execute((id, partner, ours))?;
        self.count_change()
    }
}
