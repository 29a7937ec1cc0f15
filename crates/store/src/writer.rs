//! The one connection that writes, and its transactions.

use crate::ids::{Ids, MAX_WAITING, View};
use crate::place::Place;
use crate::{BUSY_MS, Db, Readers, StoreError, schema};
use rusqlite::{Connection, Savepoint, Transaction, TransactionBehavior};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// SQLite's page cache for the writer, in kibibytes.
const WRITER_CACHE_KIB: i64 = 64 << 10;
/// Size of the pages of a new file. Of 4, 8 and 16 KiB this took in and gave out bulk fastest, and
/// single objects as fast (docs/design/0005-taxii.md).
const PAGE_BYTES: i64 = 16 << 10;
/// The write-ahead log is taken into the file when it has grown by this many pages: 64 MiB.
const CHECKPOINT_PAGES: i32 = 4 << 10;
/// Beyond this many pages, 512 MiB, the writer waits for readers, so that the log can restart.
const MOST_LOG_PAGES: i32 = 32 << 10;
/// Beyond this many pages, 2 GiB, nothing is written until the log can restart: a reader that is
/// stuck must not fill the disk.
const MOST_PAGES_EVER: i32 = 128 << 10;
pub(crate) const RESTART_TIME: Duration = Duration::from_millis(200);
/// After an attempt in vain to empty the log after an erasure.
const EMPTY_PAUSE: Duration = Duration::from_secs(2);

/// The one connection that writes.
pub struct Store {
    connection: Connection,
    path: PathBuf,
    view: View,
    ids: Arc<Ids>,
    checkpoint: Checkpoint,
    place: Arc<Place>,
    most_log_pages: i32,
}

/// A transaction: nothing of it stays unless it is committed.
pub struct Batch<'s> {
    transaction: Transaction<'s>,
    connection: &'s Connection,
    ids: &'s Arc<Ids>,
    view: &'s View,
    checkpoint: &'s mut Checkpoint,
    before: usize,
}

/// A part of a batch that may be undone by itself.
pub struct Saved<'b> {
    savepoint: Savepoint<'b>,
    view: &'b View,
}

impl Store {
    /// Opens or makes the file and brings its tables up to date.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        Store::open_settling(path, MAX_WAITING)
    }

    /// Does the same as [`Store::open`], but lets this many new ids wait before they enter their
    /// index: few, for tests of what happens then.
    pub fn open_settling(path: &Path, most_waiting: usize) -> Result<Store, StoreError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_millis(BUSY_MS))?;
        // Stands only for a file that is new.
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // Acknowledged means durable: every commit is synced (SQLite, PRAGMA synchronous).
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        // What is deleted is overwritten: what was erased stands nowhere in the file.
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        // In place of SQLite's own checkpoints, which the writer would wait for: see `Checkpoint`.
        connection.wal_hook(Some(|_, pages| {
            LOG_PAGES.set(pages);
            Ok(())
        }));
        connection.set_prepared_statement_cache_capacity(128);
        schema::migrate(&connection)?;
        let ids = Ids::open(path, most_waiting);
        let view = View::of(&ids);
        let checkpoint = Checkpoint::new(path);
        let place = Arc::new(Place::new(path));
        let (path, most_log_pages) = (path.to_owned(), MOST_PAGES_EVER);
        Ok(Store { connection, path, view, ids, checkpoint, place, most_log_pages })
    }

    /// Lets the write-ahead log grow to this many pages at the most: few, for tests.
    pub fn bound_log(&mut self, pages: i32) {
        self.most_log_pages = pages;
    }

    /// Whether the open files are still those of this name.
    pub fn place(&self) -> &Arc<Place> {
        &self.place
    }

    /// Begins a transaction.
    pub fn begin(&mut self) -> Result<Batch<'_>, StoreError> {
        self.place.check()?;
        if LOG_PAGES.get() > self.most_log_pages {
            let pages = restart(&self.connection)?;
            if pages > self.most_log_pages {
                let bytes = i64::from(pages) * PAGE_BYTES;
                return Err(StoreError::LogFull(u64::try_from(bytes >> 20).unwrap_or(0)));
            }
        }
        let Store { connection, view, ids, checkpoint, .. } = self;
        *view = View::of(ids);
        let connection: &Connection = connection;
        let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
        let batch = Batch { transaction, connection, before: 0, ids, view, checkpoint };
        // All that waits now is committed: what is left of transactions that failed leads nowhere.
        batch.ids.seal(batch.db().newest_item()?)?;
        Ok(Batch { before: batch.ids.waiting(), ..batch })
    }

    /// The tables outside a transaction, for reading.
    pub fn db(&self) -> Db<'_> {
        Db { connection: &self.connection, ids: &self.view }
    }

    /// Readers of the same file, who see what this writer has committed.
    pub fn readers(&self) -> Readers {
        Readers::beside(self.path.clone(), self.ids.clone())
    }
}

impl Batch<'_> {
    /// The tables, with what this batch has written so far.
    pub fn db(&self) -> Db<'_> {
        Db { connection: &self.transaction, ids: self.view }
    }

    /// A part that may be undone by itself.
    pub fn savepoint(&mut self) -> Result<Saved<'_>, StoreError> {
        Ok(Saved { savepoint: self.transaction.savepoint()?, view: self.view })
    }

    /// Makes all of it durable.
    pub fn commit(self) -> Result<(), StoreError> {
        let added = self.ids.waiting().saturating_sub(self.before);
        let step = self.db().settle(added)?;
        let erasures = self.db().erasures()?;
        let Batch { transaction, connection, ids, checkpoint, .. } = self;
        transaction.commit()?;
        if let Some(step) = step {
            ids.settled(step);
        }
        // The commit is durable, whatever becomes of the log: it is tried again after the next one.
        if let Err(error) = checkpoint.after_commit(connection, erasures) {
            tracing::warn!(%error, "the write-ahead log could not be taken in");
        }
        Ok(())
    }
}

impl Saved<'_> {
    /// The tables, with what this part has written so far.
    pub fn db(&self) -> Db<'_> {
        Db { connection: &self.savepoint, ids: self.view }
    }

    /// Keeps this part, as long as the batch is committed.
    pub fn commit(self) -> Result<(), StoreError> {
        Ok(self.savepoint.commit()?)
    }
}

/// Takes the write-ahead log into the file, by a connection and thread of its own, so that the
/// writer waits neither for the copying nor for the disk. What is written meanwhile is taken in by
/// the writer itself, between two commits: the rest is small; then the log restarts.
struct Checkpoint {
    database: PathBuf,
    running: Option<std::thread::JoinHandle<()>>,
    /// Pages of the log when the last one began.
    begun: i32,
    /// How often anything was erased before the log was last emptied for that.
    erasures: i64,
    /// When that was last tried in vain.
    tried: Option<Instant>,
}

thread_local! {
    /// Pages of the write-ahead log after this thread's last commit.
    static LOG_PAGES: Cell<i32> = const { Cell::new(0) };
}

impl Checkpoint {
    fn new(database: &Path) -> Checkpoint {
        // After a start the log is emptied once where anything was ever erased.
        Checkpoint {
            database: database.to_owned(),
            running: None,
            begun: 0,
            erasures: 0,
            tried: None,
        }
    }

    fn after_commit(&mut self, connection: &Connection, erasures: i64) -> Result<(), StoreError> {
        // What was erased does not stay in the log either. While somebody reads it cannot be emptied,
        // and is tried again after the next commit.
        let is_time = self.tried.is_none_or(|tried| tried.elapsed() > EMPTY_PAUSE);
        if erasures != self.erasures && is_time {
            if empty(connection)? {
                (self.erasures, self.tried) = (erasures, None);
                return Ok(());
            }
            self.tried = Some(Instant::now());
        }
        let pages = LOG_PAGES.get();
        if pages > MOST_LOG_PAGES {
            let pages = restart(connection)?;
            if pages > MOST_LOG_PAGES {
                let mib = (i64::from(pages) * PAGE_BYTES) >> 20;
                tracing::warn!(
                    mib,
                    "somebody who reads for long keeps the write-ahead log growing"
                );
            }
            return Ok(());
        }
        if pages < self.begun {
            self.begun = 0;
        }
        match self.running.take() {
            Some(thread) if thread.is_finished() => {
                // What it could not do is done here.
                let _ = thread.join();
                return checkpoint(connection);
            }
            Some(thread) => self.running = Some(thread),
            None if pages >= self.begun + CHECKPOINT_PAGES => {
                self.begun = pages;
                let database = self.database.clone();
                let thread = std::thread::Builder::new().name("checkpoint".to_owned());
                let work = move || {
                    if let Err(error) = Connection::open(&database)
                        .map_err(StoreError::from)
                        .and_then(|connection| checkpoint(&connection))
                    {
                        tracing::warn!(%error, "the write-ahead log could not be taken in");
                    }
                };
                self.running = thread.spawn(work).ok();
            }
            None => {}
        }
        Ok(())
    }
}

impl Drop for Checkpoint {
    fn drop(&mut self) {
        if let Some(thread) = self.running.take() {
            let _ = thread.join();
        }
    }
}

/// Readers that never pause keep the log from restarting: they are waited for, a moment. How many
/// pages the log has then: none when it begins again.
fn restart(connection: &Connection) -> Result<i32, StoreError> {
    connection.busy_timeout(RESTART_TIME)?;
    let done = connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |row| {
        Ok((row.get::<_, i32>(0)?, row.get::<_, i32>(1)?))
    });
    connection.busy_timeout(Duration::from_millis(BUSY_MS))?;
    let (is_busy, pages) = done?;
    let left = if is_busy == 0 { 0 } else { pages };
    LOG_PAGES.set(left);
    Ok(left)
}

/// Takes all of the log into the file and leaves nothing in it; whether that was possible.
fn empty(connection: &Connection) -> Result<bool, StoreError> {
    connection.busy_timeout(RESTART_TIME)?;
    let done = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    connection.busy_timeout(Duration::from_millis(BUSY_MS))?;
    let is_busy: i32 = done?;
    if is_busy == 0 {
        LOG_PAGES.set(0);
    }
    Ok(is_busy == 0)
}

/// Goes as far as is possible without waiting for readers.
fn checkpoint(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(store: &mut Store) -> Result<(), StoreError> {
        let batch = store.begin()?;
        batch.db().set_cursor("a test", 1)?;
        batch.db().set_setting("a test", &vec![7; 100_000])?;
        batch.commit()
    }

    /// A transaction that somebody left open once let the log grow until the disk was full.
    #[test]
    fn a_stuck_reader_stops_the_log_from_growing_without_end_and_writing_goes_on_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let mut store = Store::open(&path).unwrap();
        store.bound_log(200);
        let stuck = Connection::open(&path).unwrap();
        stuck.execute_batch("BEGIN; SELECT count(*) FROM setting;").unwrap();
        let refused = (0..200).find_map(|_| write(&mut store).err()).unwrap();
        assert!(matches!(refused, StoreError::LogFull(3..)), "{refused}");
        let grown = || std::fs::metadata(folder.path().join("a.sqlite-wal")).unwrap().len();
        let before = grown();
        assert!(before < 8 << 20, "{before}");
        assert!(write(&mut store).is_err());
        assert_eq!(grown(), before);
        stuck.execute_batch("COMMIT").unwrap();
        for _ in 0..100 {
            write(&mut store).unwrap();
        }
        // It starts over; the write before that may end a little further on, by one transaction.
        let after = grown();
        assert!(after < before + (150 << 10), "{before}, then {after}");
    }

    #[test]
    fn nothing_is_written_to_a_file_that_has_lost_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        let mut store = Store::open(&path).unwrap();
        write(&mut store).unwrap();
        let copy = folder.path().join("copy");
        std::fs::copy(&path, &copy).unwrap();
        std::fs::rename(copy, &path).unwrap();
        assert!(matches!(write(&mut store), Err(StoreError::Gone(_))));
    }
}
