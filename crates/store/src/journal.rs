//! The journal: every command in its order, with what was answered; and the history in words.

use crate::{Db, StoreError};
use rusqlite::OptionalExtension as _;
use serde::Serialize;

/// A command as it is recorded.
pub struct Record<'a> {
    pub command: &'a str,
    pub time: &'a str,
    pub actor: &'a str,
    /// The act as JSON; for bulk intake a summary, since its bytes are in `item`.
    pub act: &'a str,
    pub refused: bool,
    /// The answer as JSON: a retried command gets the same one.
    pub answer: &'a str,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    pub time: String,
    pub actor: String,
    pub subject: Option<String>,
    pub what: String,
}

impl Db<'_> {
    /// The answer that a command was given before: whether refused, and the JSON.
    pub fn answered(&self, command: &str) -> Result<Option<(bool, String)>, StoreError> {
        let sql = "SELECT refused, answer FROM journal WHERE command = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([command], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// The act of a recorded command.
    pub fn recorded_act(&self, command: &str) -> Result<String, StoreError> {
        let sql = "SELECT act FROM journal WHERE command = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([command], |row| row.get(0))?)
    }

    /// The index reached.
    pub fn journal_index(&self) -> Result<i64, StoreError> {
        self.number("SELECT coalesce(max(idx), 0) FROM journal")
    }

    /// Appends a command; its index.
    pub fn record(&self, record: &Record) -> Result<i64, StoreError> {
        let sql = "INSERT INTO journal (command, time, actor, act, refused, answer) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let Record { command, time, actor, act, refused, answer } = record;
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.insert((command, time, actor, act, refused, answer))?)
    }

    pub fn tell(&self, journal: i64, subject: Option<&str>, what: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO history (journal, subject, what) VALUES (?1, ?2, ?3)";
        self.connection.prepare_cached(sql)?.execute((journal, subject, what))?;
        Ok(())
    }

    /// What happened to a subject, oldest first.
    pub fn history(&self, subject: &str) -> Result<Vec<Told>, StoreError> {
        let sql = "SELECT j.time, j.actor, h.subject, h.what FROM history h \
                   JOIN journal j ON j.idx = h.journal WHERE h.subject = ?1 ORDER BY h.seq";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([subject], |row| {
            Ok(Told {
                time: row.get(0)?,
                actor: row.get(1)?,
                subject: row.get(2)?,
                what: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
