//! Warnings that partners sent us, and each version of their content.

use crate::{Db, StoreError};
use forewarn_exchange::id::WarningNumber;
use forewarn_exchange::message::Content;
use forewarn_exchange::named::Address;
use forewarn_exchange::owed::Owed;
use forewarn_exchange::warning::Warning;
use forewarn_stix::marking::Tlp;

/// How many warnings of one rank there may be, by the numbers that pages of the inbox go on from.
const PLACES: i64 = 1 << 40;
/// Immediate, expected, and the rest.
const URGENCIES: i64 = 3;
/// Each of them, of what is meant and then of exercises and tests.
const RANKS: i64 = 2 * URGENCIES;

impl Db<'_> {
    /// A warning, without its content and talk.
    pub fn warning(&self, number: WarningNumber) -> Result<Option<Warning>, StoreError> {
        self.state("SELECT state FROM warning WHERE number = ?1", number.get())
    }

    /// Every warning, in the order in which they came.
    pub fn warnings(&self) -> Result<Vec<Warning>, StoreError> {
        self.states("SELECT state FROM warning ORDER BY number", [])
    }

    /// So many warnings after a number, by number.
    pub fn warnings_after(&self, after: i64, count: i64) -> Result<Vec<Warning>, StoreError> {
        let sql = "SELECT state FROM warning WHERE number > ?1 ORDER BY number LIMIT ?2";
        self.states(sql, [after, count])
    }

    /// So many warnings in the order in which they are looked at, after the one at this place: what
    /// is meant first, then the most urgent, then the oldest; each with its place.
    pub fn inbox(&self, after: i64, count: i64) -> Result<Vec<(i64, Warning)>, StoreError> {
        // By the index `warning_inbox`.
        let sql = "SELECT state FROM warning \
                   WHERE (json_extract(state, '$.status') <> 'Actual') = ?1 \
                   AND CASE json_extract(state, '$.summary.urgency') \
                   WHEN 'immediate' THEN 0 WHEN 'expected' THEN 1 ELSE 2 END = ?2 \
                   AND number > ?3 ORDER BY number LIMIT ?4";
        let (first, from) = (after.div_euclid(PLACES), after.rem_euclid(PLACES));
        let mut all = Vec::new();
        for rank in first..RANKS {
            let (exercise, urgency) = (rank / URGENCIES, rank % URGENCIES);
            let from = if rank == first { from } else { 0 };
            let left = count - i64::try_from(all.len()).unwrap_or(count);
            if left <= 0 {
                break;
            }
            let found: Vec<Warning> = self.states(sql, (exercise, urgency, from, left))?;
            all.extend(found.into_iter().map(|one| (rank * PLACES + one.number.get(), one)));
        }
        Ok(all)
    }

    /// How many warnings of a partner nobody has opened yet.
    pub fn count_new_warnings(&self, partner: &str) -> Result<u64, StoreError> {
        // By the index `warning_new`, whose condition this is.
        let sql = "SELECT count(*) FROM warning WHERE partner = ?1 \
                   AND json_extract(state, '$.standing.standing') = 'new'";
        let count: i64 =
            self.connection.prepare_cached(sql)?.query_row([partner], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// The number that the next warning gets.
    pub fn next_warning(&self) -> Result<WarningNumber, StoreError> {
        self.number("SELECT coalesce(max(number), 0) + 1 FROM warning").map(WarningNumber::new)
    }

    /// Keeps a warning as it is.
    pub fn set_warning(&self, warning: &Warning) -> Result<(), StoreError> {
        let sql = "INSERT INTO warning (number, partner, state, ends, owes) \
                   VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (number) DO UPDATE SET \
                   partner = ?2, state = ?3, ends = ?4, owes = ?5";
        let holds = warning.expired.is_none() && warning.recall.is_none();
        let ends = holds.then(|| warning.summary.valid_until.micros());
        let owes = warning.owed.as_ref().is_some_and(Owed::is_open);
        let row = (warning.number.get(), &*warning.partner, crate::text(warning)?, ends, owes);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// The newest version of a warning's content.
    pub fn content(&self, warning: WarningNumber) -> Result<Option<Content>, StoreError> {
        let sql = "SELECT content FROM warning_content WHERE warning = ?1 \
                   ORDER BY version DESC LIMIT 1";
        self.state(sql, warning.get())
    }

    /// A version of a warning's content, counted from 1.
    pub fn content_at(
        &self,
        warning: WarningNumber,
        version: u32,
    ) -> Result<Option<Content>, StoreError> {
        let sql = "SELECT content FROM warning_content WHERE warning = ?1 AND version = ?2";
        Ok(self.states(sql, (warning.get(), version))?.pop())
    }

    /// The versions of a warning that are for named persons, each with its address.
    pub fn red_versions(&self, warning: WarningNumber) -> Result<Vec<(u32, Address)>, StoreError> {
        let sql = "SELECT version, json_extract(content, '$.persons') FROM warning_content \
                   WHERE warning = ?1 AND json_extract(content, '$.tlp') = 'red' ORDER BY version";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([warning.get()])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let names: Option<String> = row.get(1)?;
            let persons = names.map(|names| crate::parse("warning_content", &names)).transpose()?;
            let persons = persons.unwrap_or_default();
            all.push((row.get(0)?, Address { tlp: Some(Tlp::Red), persons }));
        }
        Ok(all)
    }

    /// Keeps a version of a warning's content.
    pub fn set_content(
        &self,
        warning: WarningNumber,
        version: u32,
        content: &Content,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO warning_content (warning, version, content) \
                   VALUES (?1, ?2, ?3)";
        let row = (warning.get(), version, crate::text(content)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}
