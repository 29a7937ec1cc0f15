//! What was said about cases and warnings, by both sides.

use crate::log::number;
use crate::{Db, StoreError};
use forewarn_exchange::id::Subject;
use forewarn_exchange::talk::{About, Said};
use std::collections::HashMap;

/// A question without an answer; `q` is the row of the question.
const OPEN: &str = "q.kind = 'question' AND NOT EXISTS (SELECT 1 FROM said a \
                    WHERE a.subject = q.subject AND a.question = q.entry AND a.ours <> q.ours)";

impl Db<'_> {
    /// Every statement about a case or warning, in the order in which they came here.
    pub fn talk(&self, subject: Subject) -> Result<Vec<Said>, StoreError> {
        let sql = "SELECT state FROM said WHERE subject = ?1 ORDER BY seq";
        self.states(sql, [subject.to_string()])
    }

    /// How many statements were made about it.
    pub fn count_said(&self, subject: Subject) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM said WHERE subject = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let count: i64 = statement.query_row([subject.to_string()], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// The question at this index of the asking side's log, when nobody has answered it; `ours`:
    /// whether we asked.
    pub fn open_question(
        &self,
        subject: Subject,
        ours: bool,
        index: u64,
    ) -> Result<Option<Said>, StoreError> {
        let sql = format!(
            "SELECT q.state FROM said q WHERE q.subject = ?1 AND q.entry = ?2 AND q.ours = ?3 AND {OPEN}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((subject.to_string(), number(index), ours))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        crate::parse("said", &row.get::<_, String>(0)?).map(Some)
    }

    /// How many questions wait for an answer, by what they are about; none where there are none.
    pub fn open_questions(&self) -> Result<HashMap<Subject, usize>, StoreError> {
        let sql = format!("SELECT q.subject, count(*) FROM said q WHERE {OPEN} GROUP BY q.subject");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut all = HashMap::new();
        while let Some(row) = rows.next()? {
            let subject: String = row.get(0)?;
            let subject = subject.parse().map_err(|e| StoreError::damaged("said", e))?;
            all.insert(subject, usize::try_from(row.get::<_, i64>(1)?).unwrap_or(0));
        }
        Ok(all)
    }

    /// Something was said.
    pub fn add_said(&self, about: &About) -> Result<(), StoreError> {
        let sql = "INSERT INTO said (subject, kind, ours, entry, question, state) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let About { subject, said } = about;
        let (kind, entry) = (said.statement.kind(), number(said.entry.index));
        let question = said.question.map(number);
        let row = (subject.to_string(), kind, said.ours, entry, question, crate::text(said)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}
