//! What has changed, in the order of the history, whatever it is about.

use crate::{Db, StoreError};
use forewarn_exchange::history::{Happened, Topic};

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number: each is larger than the one before.
    pub number: i64,
    /// What it is about.
    pub topic: Topic,
    /// What happened.
    pub happened: Happened,
}

impl Db<'_> {
    /// The number of the newest line; 0 before there is one.
    pub fn last_change(&self) -> Result<i64, StoreError> {
        let sql = "SELECT coalesce(max(seq), 0) FROM history";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// So many lines after the one with this number.
    pub fn changes(&self, after: i64, count: u32) -> Result<Vec<Change>, StoreError> {
        let sql = "SELECT seq, subject, what FROM history WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, count))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (number, about): (i64, Option<String>) = (row.get(0)?, row.get(1)?);
            let what = || format!("line {number} of the history");
            let topic = Topic::parse(about.as_deref())
                .ok_or_else(|| StoreError::damaged(what(), "nobody knows what it is about"))?;
            let happened = crate::parse(&what(), &row.get::<_, String>(2)?)?;
            all.push(Change { number, topic, happened });
        }
        Ok(all)
    }
}
