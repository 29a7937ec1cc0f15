//! Forewarn's tables in SQLite: one file, one writer, readers that see a snapshot.
//!
//! [`Store`] opens the file for writing, [`Readers`] for reading; both give a [`Db`], whose methods
//! are the tables, a module each. Whoever writes works inside a transaction of [`Store::begin`].

pub mod case;
pub mod cursor;
mod error;
pub mod interest;
pub mod item;
pub mod journal;
pub mod log;
pub mod page;
pub mod partner;
mod readers;
mod schema;
pub mod thanks;
pub mod user;
pub mod warning;

pub use error::StoreError;
pub use readers::Readers;
use rusqlite::{Connection, OpenFlags, Savepoint, Transaction};
use std::path::Path;

/// How long a connection waits for another one's lock, in milliseconds. The writer is alone;
/// only a checkpoint or a backup may hold it up.
const BUSY_MS: u64 = 10_000;
/// SQLite's page cache for the writer, in kibibytes.
const WRITER_CACHE_KIB: i64 = 64 << 10;
/// Pages after which the write-ahead log is taken into the file: 4,000 pages of 4 kB.
const CHECKPOINT_PAGES: i64 = 4_000;

/// The one connection that writes.
pub struct Store {
    connection: Connection,
}

/// A view of the tables through one connection.
pub struct Db<'c> {
    connection: &'c Connection,
}

impl Store {
    /// Opens or makes the file and brings its tables up to date.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // Acknowledged means durable: every commit is synced (SQLite, PRAGMA synchronous).
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        connection.set_prepared_statement_cache_capacity(128);
        schema::migrate(&connection)?;
        Ok(Store { connection })
    }

    /// Begins a transaction; nothing of it stays unless it is committed.
    pub fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?)
    }

    /// The tables outside a transaction, for reading.
    pub fn db(&self) -> Db<'_> {
        Db { connection: &self.connection }
    }
}

impl<'c> Db<'c> {
    /// The tables inside a transaction.
    pub fn within(transaction: &'c Transaction<'_>) -> Db<'c> {
        Db { connection: transaction }
    }

    /// The tables inside a savepoint.
    pub fn at(savepoint: &'c Savepoint<'_>) -> Db<'c> {
        Db { connection: savepoint }
    }
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
    connection.pragma_update(None, "query_only", "ON")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
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
