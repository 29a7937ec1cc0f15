//! What was said about cases and warnings, by both sides.

use crate::log::number;
use crate::{Db, StoreError};
use forewarn_exchange::id::{CaseNumber, Subject};
use forewarn_exchange::talk::{About, Said, Statement};
use rusqlite::Row;
use std::collections::HashMap;

impl Db<'_> {
    /// Every statement about a case or warning, in the order in which they came here.
    pub fn talk(&self, subject: Subject) -> Result<Vec<Said>, StoreError> {
        let sql = "SELECT state FROM said WHERE subject = ?1 ORDER BY seq";
        self.states(sql, [subject.to_string()])
    }

    /// Statements after the one with this number, each with its own.
    pub fn said_after(&self, after: i64, limit: i64) -> Result<Vec<(i64, About)>, StoreError> {
        let sql = "SELECT seq, subject, state FROM said WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, limit))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push((row.get(0)?, about(row)?));
        }
        Ok(all)
    }

    /// The statement with this number.
    pub(crate) fn said_at(&self, number: i64) -> Result<Option<About>, StoreError> {
        let sql = "SELECT seq, subject, state FROM said WHERE seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([number])?;
        rows.next()?.map(about).transpose()
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
        let sql = "SELECT state FROM said \
                   WHERE subject = ?1 AND entry = ?2 AND ours = ?3 AND open = 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((subject.to_string(), number(index), ours))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        crate::parse("said", &row.get::<_, String>(0)?).map(Some)
    }

    /// How many questions wait for an answer, by what they are about; none where there are none.
    pub fn open_questions(&self) -> Result<HashMap<Subject, usize>, StoreError> {
        let sql = "SELECT subject, count(*) FROM said INDEXED BY said_open \
                   WHERE open = 1 GROUP BY subject";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut all = HashMap::new();
        while let Some(row) = rows.next()? {
            let subject: String = row.get(0)?;
            let subject = subject.parse().map_err(|e| StoreError::damaged("said", e))?;
            all.insert(subject, usize::try_from(row.get::<_, i64>(1)?).unwrap_or(0));
        }
        Ok(all)
    }

    /// Something was said: a question is open until the other side's answer to it.
    pub fn add_said(&self, about: &About) -> Result<(), StoreError> {
        let sql = "INSERT INTO said (subject, kind, ours, entry, question, state, open) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let About { subject, said } = about;
        let (kind, entry) = (said.statement.kind(), number(said.entry.index));
        let question = said.question.map(number);
        let open =
            matches!(said.statement, Statement::Question { .. } | Statement::PermissionRequest(_));
        let name = subject.to_string();
        let row = (&name, kind, said.ours, entry, question, crate::text(said)?, open);
        self.connection.prepare_cached(sql)?.execute(row)?;
        if let Some(question) = question {
            let sql = "UPDATE said SET open = 0 \
                       WHERE subject = ?1 AND entry = ?2 AND ours <> ?3 AND open = 1";
            self.connection.prepare_cached(sql)?.execute((&name, question, said.ours))?;
        }
        match (subject, &said.statement, said.ours) {
            (Subject::Case(case), Statement::Outcome { .. }, false) => {
                let sql = "UPDATE duty SET outcome = 1 WHERE number = ?1";
                self.connection.prepare_cached(sql)?.execute([case.get()])?;
            }
            // Whoever does not take the newest version on owes no outcome. What is said of an older
            // one says nothing of it.
            (Subject::Case(case), Statement::Declined { .. }, false) => {
                let sql = "UPDATE duty SET outcome = 1 WHERE number = ?1 AND coalesce(?2, \
                           (SELECT count(*) FROM duty_release WHERE case_nr = ?1)) = \
                           (SELECT count(*) FROM duty_release WHERE case_nr = ?1)";
                self.connection.prepare_cached(sql)?.execute((case.get(), said.version))?;
            }
            // A version that is taken on, after one that was declined.
            (Subject::Case(case), Statement::Accepted { .. }, false) => {
                self.outcome_is_what_was_said(*case)?;
            }
            (Subject::Case(case), Statement::RecallAnswer(_), false) => {
                let sql = "UPDATE duty SET answered = 1 WHERE number = ?1";
                self.connection.prepare_cached(sql)?.execute([case.get()])?;
            }
            (Subject::Warning(warning), Statement::Outcome { .. }, true) => {
                let sql = "UPDATE warning SET outcome = 1 WHERE number = ?1";
                self.connection.prepare_cached(sql)?.execute([warning.get()])?;
            }
            (Subject::Case(_) | Subject::Warning(_), _, _) => {}
        }
        Ok(())
    }

    /// Whether the partner has reported what came of a case; a version that it declined is forgotten.
    pub(crate) fn outcome_is_what_was_said(&self, case: CaseNumber) -> Result<(), StoreError> {
        let sql = "UPDATE duty SET outcome = EXISTS (SELECT 1 FROM said \
                   WHERE subject = ?2 AND kind = 'outcome' AND ours = 0) WHERE number = ?1";
        let name = Subject::Case(case).to_string();
        self.connection.prepare_cached(sql)?.execute((case.get(), name))?;
        Ok(())
    }
}

fn about(row: &Row<'_>) -> Result<About, StoreError> {
    let subject: String = row.get(1)?;
    let subject = subject.parse().map_err(|e| StoreError::damaged("said", e))?;
    Ok(About { subject, said: crate::parse("said", &row.get::<_, String>(2)?)? })
}
