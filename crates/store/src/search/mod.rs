//! Search: a file of its own beside the database, which holds where words stand and nothing else.
//!
//! It follows the database and can be thrown away: a follower fills it in turns, the newest first, and
//! begins again when it is missing, of another form, or of another database. So intake does not pay for
//! it, no backup holds it, and nothing of it is replayed; see `docs/design/0022-search.md`.
//!
//! What a search finds is read from the database in the reader's sight, each time: the file decides
//! nothing, and shows nothing.

mod fold;
mod found;
mod query;
mod said;
mod turn;

pub use found::{Found, Hit, Looked, Place};
pub use query::Query;
pub use turn::Progress;

use crate::{BUSY_MS, StoreError};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The form of the file; another one is filled anew.
const FORM: i64 = 1;
/// Idle connections kept for reading.
const MAX_IDLE: usize = 4;
/// SQLite's page cache for whoever fills it, in kibibytes.
const CACHE_KIB: i64 = 16 << 10;

/// `words`: those of the thing, folded; `latin`: the sound of those in other letters; `place`: of an
/// item, the collection. `rowid`: see [`Kind`]. Every letter beyond ASCII is a part of a word.
const TABLES: &str = "
CREATE VIRTUAL TABLE found USING fts5(
    words, latin, place, content = '', contentless_delete = 1, tokenize = 'ascii'
);
CREATE TABLE followed (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT;
";

/// What can be found. A row's number is the kind's times 2^56, and the number of the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something that came in, by the microsecond at which it did.
    Item,
    /// A duty to warn.
    Case,
    /// A warning that came to us.
    Warning,
    /// Something that was said of either.
    Talk,
}

/// Bits of a row's number that hold the number of the thing.
const KIND_BITS: u32 = 56;

impl Kind {
    const fn first(self) -> i64 {
        let number: i64 = match self {
            Kind::Item => 1,
            Kind::Case => 2,
            Kind::Warning => 3,
            Kind::Talk => 4,
        };
        number << KIND_BITS
    }

    fn row(self, number: i64) -> i64 {
        self.first() + number
    }
}

/// The file of one node.
pub struct Search {
    path: PathBuf,
    filling: Mutex<Option<Connection>>,
    idle: Mutex<Vec<Connection>>,
    behind: AtomicBool,
}

impl Search {
    /// The file at a path, which need not be there.
    pub fn at(path: &Path) -> Search {
        let (filling, idle) = (Mutex::default(), Mutex::default());
        Search { path: path.to_owned(), filling, idle, behind: AtomicBool::new(true) }
    }

    /// Whether things that were there before the file are still to be read: they are not found yet.
    pub fn is_behind(&self) -> bool {
        self.behind.load(Ordering::Relaxed)
    }

    /// Reads, from a connection that nobody else has meanwhile.
    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => crate::connection::open_reader(&self.path)?,
        };
        let out = work(&connection)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAX_IDLE {
            idle.push(connection);
        }
        Ok(out)
    }
}

/// Opens the file for filling. What is not such a file is thrown away.
fn open(path: &Path) -> Result<Connection, StoreError> {
    match open_as_it_is(path) {
        Ok(connection) => Ok(connection),
        Err(why) => {
            tracing::warn!(%why, "the search file is made anew");
            for end in ["", "-wal", "-shm"] {
                let mut name = path.as_os_str().to_owned();
                name.push(end);
                let _ = std::fs::remove_file(name);
            }
            open_as_it_is(path)
        }
    }
}

fn open_as_it_is(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_millis(BUSY_MS))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // What is lost is filled again.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // What is deleted is overwritten, since it may have been erased.
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    let form: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match form {
        FORM => {}
        0 => {
            connection
                .execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {FORM}; COMMIT"))?;
        }
        other => return Err(StoreError::damaged("the search file", format!("form {other}"))),
    }
    connection.query_row("SELECT count(*) FROM followed", [], |row| row.get::<_, i64>(0))?;
    Ok(connection)
}
