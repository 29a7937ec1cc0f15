//! Acts that wait, or waited, for a second person; and withheld fields that may be shown.

use crate::{Db, StoreError};
use forewarn_exchange::act::Showing;
use forewarn_exchange::id::ProposalNumber;
use forewarn_exchange::name::UserName;
use forewarn_exchange::proposal::Proposal;

impl Db<'_> {
    /// The number that the next proposal gets.
    pub fn next_proposal(&self) -> Result<ProposalNumber, StoreError> {
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM proposal";
        self.number(sql).map(ProposalNumber::new)
    }

    /// One proposal.
    pub fn proposal(&self, number: ProposalNumber) -> Result<Option<Proposal>, StoreError> {
        self.state("SELECT state FROM proposal WHERE number = ?1", number.get())
    }

    /// So many proposals after a number, oldest first.
    pub fn proposals_after(&self, after: i64, count: i64) -> Result<Vec<Proposal>, StoreError> {
        let sql = "SELECT state FROM proposal WHERE number > ?1 ORDER BY number LIMIT ?2";
        self.states(sql, [after, count])
    }

    /// How many proposals wait.
    pub fn count_waiting(&self) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM proposal WHERE waits = 1";
        let count: i64 = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// How many proposals of one person wait.
    pub fn count_waiting_of(&self, by: &UserName) -> Result<usize, StoreError> {
        let sql =
            "SELECT count(*) FROM proposal WHERE waits = 1 AND json_extract(state, '$.by') = ?1";
        let count: i64 =
            self.connection.prepare_cached(sql)?.query_row([&**by], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// A proposal is this from now on.
    pub fn set_proposal(&self, proposal: &Proposal) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO proposal (number, waits, state) VALUES (?1, ?2, ?3)";
        let row = (proposal.number.get(), proposal.waits(), crate::text(proposal)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Withheld fields may stand in evidence from now on.
    pub fn add_showing(&self, showing: &Showing) -> Result<(), StoreError> {
        let sql = "INSERT INTO showing (state) VALUES (?1)";
        self.connection.prepare_cached(sql)?.execute([crate::text(showing)?])?;
        Ok(())
    }

    /// All withheld fields that may stand in evidence.
    pub fn showings(&self) -> Result<Vec<Showing>, StoreError> {
        self.states("SELECT state FROM showing ORDER BY seq", [])
    }
}
