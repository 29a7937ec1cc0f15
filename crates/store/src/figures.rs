//! Numbers for whoever operates the node: what can be counted without reading whole tables.

use crate::{Db, StoreError};
use forewarn_exchange::id::CaseNumber;
use std::collections::BTreeSet;

/// How much there is of what. Counted since the file was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Commands of the journal.
    pub journal: i64,
    /// Intakes: POSTs, files, polls.
    pub intakes: i64,
    /// Objects that were refused on their way in.
    pub quarantined: i64,
    /// Matches.
    pub matches: i64,
    /// Cases.
    pub cases: i64,
    /// Warnings that partners sent.
    pub warnings: i64,
    /// Messages to our people.
    pub deliveries: i64,
    /// Of those, the ones that are still to be sent.
    pub deliveries_waiting: i64,
    /// Proofs that a log was written twice.
    pub contradictions: i64,
}

impl Db<'_> {
    /// What there is.
    pub fn figures(&self) -> Result<Figures, StoreError> {
        Ok(Figures {
            journal: self.journal_index()?,
            intakes: self.number("SELECT coalesce(max(number), 0) FROM intake")?,
            quarantined: self.number("SELECT coalesce(max(seq), 0) FROM quarantine")?,
            matches: self.number("SELECT coalesce(max(seq), 0) FROM match")?,
            cases: self.number("SELECT coalesce(max(number), 0) FROM duty")?,
            warnings: self.number("SELECT coalesce(max(number), 0) FROM warning")?,
            deliveries: self.number("SELECT coalesce(max(seq), 0) FROM delivery")?,
            deliveries_waiting: self.number("SELECT count(*) FROM delivery WHERE waits = 1")?,
            contradictions: self.number("SELECT count(*) FROM contradiction")?,
        })
    }

    /// How many items were taken in after one, and the newest. With 0 it reads the whole table.
    pub fn items_since(&self, after: i64) -> Result<(u64, i64), StoreError> {
        let sql = "SELECT count(*), coalesce(max(seq), ?1) FROM item WHERE seq > ?1";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get(1)?));
        let (count, newest) = self.connection.prepare_cached(sql)?.query_row([after], row)?;
        Ok((count.unsigned_abs(), newest))
    }

    /// The cases of so many lines of the history after one, and the last line that was read.
    pub fn cases_since(
        &self,
        after: i64,
        lines: i64,
    ) -> Result<(BTreeSet<CaseNumber>, i64), StoreError> {
        let sql = "SELECT seq, subject FROM history WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, lines))?;
        let (mut cases, mut last) = (BTreeSet::new(), after);
        while let Some(row) = rows.next()? {
            last = row.get(0)?;
            let subject: Option<String> = row.get(1)?;
            let number = subject.as_deref().and_then(|one| one.strip_prefix("case-")?.parse().ok());
            cases.extend(number.map(CaseNumber::new));
        }
        Ok((cases, last))
    }

    /// When the first item came that has met an interest and is of this case, in microseconds.
    pub fn first_match(&self, case: CaseNumber) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT min(item) FROM match WHERE case_nr = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([case.get()], |row| row.get(0))?)
    }
}
