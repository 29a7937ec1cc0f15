//! The journal: every command in its order, with what was answered; and the history.

use crate::{Db, StoreError};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::command::Ahead;
use forewarn_exchange::history::{Happened, Line, Topic};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use rusqlite::{OptionalExtension as _, Row};

/// A command as it is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The command's own id.
    pub command: String,
    /// The version that it is written in; 0 for those of before they were kept whole.
    pub version: u32,
    /// When.
    pub time: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What ids and salts were drawn from.
    pub seed: Hash,
    /// What the signer remembered and the database lacked.
    pub ahead: Vec<Ahead>,
    /// What was to be done, as JSON. Bulk is referred to where the tables have it.
    pub act: String,
    /// Whether it was refused.
    pub refused: bool,
    /// The answer or the refusal as JSON: a retried command gets the same one.
    pub answer: String,
}

/// A line of the history, with who made it happen and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// When.
    pub time: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub happened: Happened,
}

/// A line of the history without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The index of the command that made it.
    pub journal: i64,
    /// What it is about: `case-3`, `warning-1`, `partner:east.example`; `None` for the node as a whole.
    pub about: Option<String>,
    /// What happened, in the word that events have for it. An erasure leaves it as it is.
    pub happened: String,
    /// Of the node as a whole: which user it is about.
    pub user: Option<String>,
    /// Of how a user signs in: what has changed.
    pub change: Option<String>,
}

const COLUMNS: &str = "command, version, time, actor, seed, ahead, act, refused, answer";

impl Db<'_> {
    /// A command that was recorded under this id.
    pub fn recorded(&self, command: &str) -> Result<Option<Record>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM journal WHERE command = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([command])?;
        rows.next()?.map(record).transpose()
    }

    /// The command at an index.
    pub fn record_at(&self, index: i64) -> Result<Option<Record>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM journal WHERE idx = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([index])?;
        rows.next()?.map(record).transpose()
    }

    /// The index reached.
    pub fn journal_index(&self) -> Result<i64, StoreError> {
        self.number("SELECT coalesce(max(idx), 0) FROM journal")
    }

    /// Appends a command; its index.
    pub fn record(&self, record: &Record) -> Result<i64, StoreError> {
        let sql =
            format!("INSERT INTO journal ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
        let Record { command, version, time, actor, seed, ahead, act, refused, answer } = record;
        let mut statement = self.connection.prepare_cached(&sql)?;
        let (time, actor, ahead) = (time.as_str(), actor.to_string(), crate::text(ahead)?);
        let seed = &seed.0[..];
        let row = (command, version, time, actor, seed, ahead, act, refused, answer);
        Ok(statement.insert(row)?)
    }

    /// Adds a line to the history of a command.
    pub fn tell(&self, journal: i64, line: &Line) -> Result<(), StoreError> {
        let sql = "INSERT INTO history (journal, subject, what) VALUES (?1, ?2, ?3)";
        let subject = match &line.topic {
            Topic::Node => None,
            topic => Some(topic.to_string()),
        };
        let row = (journal, subject, crate::text(&line.happened)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// What happened to something, oldest first.
    pub fn history(&self, topic: impl Into<Topic>) -> Result<Vec<Recorded>, StoreError> {
        let all = self.history_after(topic, 0, i64::MAX)?;
        Ok(all.into_iter().map(|(_, line)| line).collect())
    }

    /// So many lines of it after one with this number, each with its own.
    pub fn history_after(
        &self,
        topic: impl Into<Topic>,
        after: i64,
        count: i64,
    ) -> Result<Vec<(i64, Recorded)>, StoreError> {
        let sql = "SELECT j.time, j.actor, h.what, h.seq FROM history h \
                   JOIN journal j ON j.idx = h.journal WHERE h.subject = ?1 AND h.seq > ?2 \
                   ORDER BY h.seq LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((topic.into().to_string(), after, count))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let happened = crate::parse("history", &row.get::<_, String>(2)?)?;
            let line = Recorded { time: time(row, 0)?, actor: actor(row, 1)?, happened };
            all.push((row.get(3)?, line));
        }
        Ok(all)
    }

    /// What the commands from one index up to another one, that one left out, have made happen, in its
    /// order, without words.
    pub fn facts_between(&self, from: i64, to: i64) -> Result<Vec<Fact>, StoreError> {
        let sql = "SELECT journal, subject, \
                   CASE json_extract(what, '$.happened') WHEN 'line-erased' \
                   THEN json_extract(what, '$.was') ELSE json_extract(what, '$.happened') END, \
                   CASE WHEN subject IS NULL THEN json_extract(what, '$.user') END, \
                   CASE WHEN subject IS NULL AND json_type(what, '$.change') = 'object' \
                   THEN json_extract(what, '$.change.change') END \
                   FROM history WHERE seq >= ?1 AND seq < ?2 ORDER BY seq";
        let lines = (self.first_line_of(from)?, self.first_line_of(to)?);
        let mut statement = self.connection.prepare_cached(sql)?;
        let fact = |row: &Row<'_>| {
            Ok(Fact {
                journal: row.get(0)?,
                about: row.get(1)?,
                happened: row.get(2)?,
                user: row.get(3)?,
                change: row.get(4)?,
            })
        };
        let all = statement.query_map(lines, fact)?;
        Ok(all.collect::<Result<_, _>>()?)
    }

    /// The number of the first line of the history that this command or a later one has made; one beyond
    /// the last when none has. Lines are numbered in the order of their commands, and no index by these
    /// is kept: so it is looked for by halves.
    fn first_line_of(&self, journal: i64) -> Result<i64, StoreError> {
        let sql = "SELECT seq, journal FROM history WHERE seq >= ?1 ORDER BY seq LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut low = 1;
        let mut high = self.number("SELECT coalesce(max(seq), 0) + 1 FROM history")?;
        while low < high {
            let middle = low + (high - low) / 2;
            let row = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
            match statement.query_row([middle], row).optional()? {
                Some((seq, made)) if made < journal => low = seq + 1,
                Some(_) | None => high = middle,
            }
        }
        Ok(low)
    }
}

fn record(row: &Row<'_>) -> Result<Record, StoreError> {
    let seed: Vec<u8> = row.get(4)?;
    Ok(Record {
        command: row.get(0)?,
        version: row.get(1)?,
        time: time(row, 2)?,
        actor: actor(row, 3)?,
        seed: Hash::from_slice(&seed).unwrap_or(Hash([0; 32])),
        ahead: crate::parse("journal", &row.get::<_, String>(5)?)?,
        act: row.get(6)?,
        refused: row.get(7)?,
        answer: row.get(8)?,
    })
}

fn time(row: &Row<'_>, column: usize) -> Result<Timestamp, StoreError> {
    Timestamp::parse(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
        .map_err(|e| StoreError::damaged("journal", e))
}

fn actor(row: &Row<'_>, column: usize) -> Result<Actor, StoreError> {
    let text = row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?;
    text.parse().map_err(|e| StoreError::damaged("journal", e))
}
