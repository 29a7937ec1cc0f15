//! Standing authorisations, and the warnings that have left by them.

use crate::{Db, StoreError};
use forewarn_exchange::authority::Authority;
use forewarn_exchange::id::{AuthorityNumber, CaseNumber};
use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;

impl Db<'_> {
    /// The number that the next authorisation gets.
    pub fn next_authority(&self) -> Result<AuthorityNumber, StoreError> {
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM authority";
        self.number(sql).map(AuthorityNumber::new)
    }

    /// One authorisation.
    pub fn authority(&self, number: AuthorityNumber) -> Result<Option<Authority>, StoreError> {
        self.state("SELECT state FROM authority WHERE number = ?1", number.get())
    }

    /// Authorisations after a number, oldest first, at most `count`.
    pub fn authorities_after(&self, after: i64, count: i64) -> Result<Vec<Authority>, StoreError> {
        let sql = "SELECT state FROM authority WHERE number > ?1 ORDER BY number LIMIT ?2";
        self.states(sql, [after, count])
    }

    /// All that are in force for a partner at a time, oldest first. Those that have ended are not
    /// read.
    pub fn authorities_for(
        &self,
        partner: &NodeName,
        at: &Timestamp,
    ) -> Result<Vec<Authority>, StoreError> {
        let sql = "SELECT state FROM authority WHERE partner = ?1 AND given = 1 \
                   AND json_extract(state, '$.class.until') > ?2 ORDER BY number";
        self.states(sql, (&**partner, at.as_str()))
    }

    /// An authorisation is this from now on.
    pub fn set_authority(&self, authority: &Authority) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO authority (number, partner, given, state) \
                   VALUES (?1, ?2, ?3, ?4)";
        let given = authority.standing == forewarn_exchange::authority::Standing::Given {};
        let partner = &*authority.class.partner;
        let row = (authority.number.get(), partner, given, crate::text(authority)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// A warning has left by it.
    pub fn use_authority(
        &self,
        authority: AuthorityNumber,
        case: CaseNumber,
        at: &Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO authority_use (authority, case_nr, at) VALUES (?1, ?2, ?3)";
        let row = (authority.get(), case.get(), at.micros());
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// How many warnings have left by it after a time, counted up to `most`.
    pub fn authority_uses(
        &self,
        authority: AuthorityNumber,
        after: &Timestamp,
        most: u32,
    ) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM authority_use \
                   WHERE authority = ?1 AND at > ?2 LIMIT ?3)";
        let row = (authority.get(), after.micros(), most);
        Ok(self.connection.prepare_cached(sql)?.query_row(row, |row| row.get(0))?)
    }

    /// The warnings that have left by it, oldest first: cases after a number, at most `count`.
    pub fn authority_cases(
        &self,
        authority: AuthorityNumber,
        after: i64,
        count: i64,
    ) -> Result<Vec<CaseNumber>, StoreError> {
        let sql = "SELECT case_nr FROM authority_use WHERE authority = ?1 AND case_nr > ?2 \
                   ORDER BY case_nr LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([authority.get(), after, count], |row| row.get(0))?;
        Ok(rows.map(|row| row.map(CaseNumber::new)).collect::<Result<_, _>>()?)
    }
}
