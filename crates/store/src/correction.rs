//! What people have said of findings of items' texts.

use crate::{Db, StoreError};
use forewarn_exchange::correction::Correction;
use forewarn_exchange::id::{CaseNumber, CorrectionNumber};
use rusqlite::OptionalExtension as _;

impl Db<'_> {
    /// The number that the next correction gets: they have no gaps.
    pub fn next_correction(&self) -> Result<CorrectionNumber, StoreError> {
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM correction";
        self.number(sql).map(CorrectionNumber::new)
    }

    /// One correction.
    pub fn correction(&self, number: CorrectionNumber) -> Result<Option<Correction>, StoreError> {
        self.state("SELECT state FROM correction WHERE number = ?1", number.get())
    }

    /// What was said of an item, in the order in which it was said.
    pub fn corrections_of(&self, item: &str) -> Result<Vec<Correction>, StoreError> {
        self.states("SELECT state FROM correction WHERE item = ?1 ORDER BY number", [item])
    }

    /// So many corrections after a number, by number.
    pub fn corrections_after(&self, after: i64, count: i64) -> Result<Vec<Correction>, StoreError> {
        let sql = "SELECT state FROM correction WHERE number > ?1 ORDER BY number LIMIT ?2";
        self.states(sql, [after, count])
    }

    /// Keeps a correction.
    pub fn set_correction(&self, correction: &Correction) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO correction (number, item, state) VALUES (?1, ?2, ?3)";
        let row = (correction.number.get(), &correction.item, crate::text(correction)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// The case that a match has opened or joined.
    pub fn case_of_match(
        &self,
        item: i64,
        partner: &str,
        interest: &str,
    ) -> Result<Option<CaseNumber>, StoreError> {
        let sql = "SELECT case_nr FROM match WHERE item = ?1 AND partner = ?2 AND interest = ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_row((item, partner, interest), |row| row.get(0)).optional()?;
        Ok(found.map(CaseNumber::new))
    }

    /// A reason more of a match, beside it and beside the item in its case: `reason` and in words.
    pub fn add_reason(
        &self,
        (item, object): (i64, &str),
        (partner, interest): (&str, &str),
        reason: &forewarn_matching::Reason,
    ) -> Result<(), StoreError> {
        let Some(case) = self.case_of_match(item, partner, interest)? else { return Ok(()) };
        let sql = "UPDATE match SET found = json_insert(found, '$.why[#]', json(?4)) \
                   WHERE item = ?1 AND partner = ?2 AND interest = ?3";
        let row = (item, partner, interest, crate::text(reason)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        self.add_item_reason(case, object, &reason.to_string())
    }

    /// A reason more for which a case names an item, unless it is there.
    pub fn add_item_reason(
        &self,
        case: CaseNumber,
        object: &str,
        reason: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE duty_item SET why = json_insert(why, '$[#]', ?3) \
                   WHERE case_nr = ?1 AND item = ?2 \
                   AND NOT EXISTS (SELECT 1 FROM json_each(why) WHERE value = ?3)";
        self.connection.prepare_cached(sql)?.execute((case.get(), object, reason))?;
        Ok(())
    }
}
