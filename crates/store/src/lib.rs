//! Forewarn's tables in SQLite: one file, one writer, readers that see a snapshot.
//!
//! [`Store`] opens the file for writing, [`Readers`] for reading; both give a [`Db`], whose methods
//! are the tables, a module each. Whoever writes works inside a [`Batch`] of [`Store::begin`].

#![warn(missing_docs)]

mod account;
pub mod agreement;
pub mod authority;
pub mod begun;
mod beside;
pub mod case;
pub mod changes;
pub mod collection;
mod connection;
pub mod contradiction;
mod copy;
mod correction;
pub mod cursor;
mod damage;
mod danger;
mod differences;
pub mod erase;
mod error;
mod examine;
pub mod exercise;
pub mod feed;
pub mod figures;
mod ids;
pub mod intake;
pub mod interest;
pub mod item;
pub mod journal;
pub mod log;
pub mod mute;
pub mod need;
pub mod outside;
pub mod page;
pub mod partner;
mod place;
mod proposal;
mod readers;
mod readout;
pub mod reason;
mod receipt;
mod rehearse;
mod said;
mod schema;
mod seal;
pub mod search;
pub mod seen;
mod setting;
pub mod sight;
mod source_name;
pub mod stamp;
pub mod telling;
mod template;
pub mod thanks;
pub mod user;
pub mod warning;
mod withheld;
mod writer;
mod written;

pub use copy::{NotCopied, copy};
pub use differences::differences;
pub use error::StoreError;
pub use examine::examine;
pub use place::Place;
pub use readers::Readers;
pub use rehearse::{Rehearsal, Step, rehearse};
use rusqlite::Connection;
pub use writer::{Batch, Saved, Store};

/// The newest format of the database that this program knows: the number of steps of its schema.
pub fn schema_version() -> usize {
    schema::newest()
}

/// The format of a database: how many steps of the schema were done with it.
///
/// # Errors
/// It cannot be read, or is of a later version than this program knows.
pub fn version_of(path: &std::path::Path) -> Result<usize, StoreError> {
    schema::version(&Connection::open_with_flags(
        path,
        rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?)
}

/// How long a connection waits for another one's lock, in milliseconds. The writer is alone;
/// only a checkpoint or a backup may hold it up.
const BUSY_MS: u64 = 10_000;

/// A view of the tables through one connection.
pub struct Db<'c> {
    connection: &'c Connection,
    ids: &'c ids::View,
}

impl Db<'_> {
    fn state<T: serde::de::DeserializeOwned>(
        &self,
        sql: &'static str,
        key: impl rusqlite::ToSql,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.states(sql, [key])?.into_iter().next())
    }

    fn states<T: serde::de::DeserializeOwned>(
        &self,
        sql: &'static str,
        keys: impl rusqlite::Params,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(keys)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.push(parse(sql, row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
        }
        Ok(out)
    }

    fn number(&self, sql: &'static str) -> Result<i64, StoreError> {
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    fn put(
        &self,
        sql: &'static str,
        key: &str,
        value: &impl serde::Serialize,
    ) -> Result<(), StoreError> {
        self.connection.prepare_cached(sql)?.execute((key, text(value)?))?;
        Ok(())
    }
}

/// A row's JSON. A row that cannot be read is damage and never taken for none.
fn parse<T: serde::de::DeserializeOwned>(what: &str, json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|e| StoreError::damaged(what, e))
}

fn text(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::damaged("a value to be stored", e))
}
