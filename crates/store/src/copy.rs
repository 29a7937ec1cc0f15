//! A copy of a database that is in use, as it stood at one moment.

use crate::StoreError;
use crate::connection::open_reader;
use crate::writer::RESTART_TIME;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::path::Path;
use std::time::Duration;

/// Pages copied before it is looked at how the write-ahead log has grown: 4 MiB.
const STEP: std::ffi::c_int = 256;
/// The write-ahead log cannot begin again while a copy is made. With so many bytes in it the copy
/// gives up: at 512 MiB the node would stop writing.
const MOST_LOG: u64 = 256 << 20;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum NotCopied {
    /// The database, or the file that it is copied to.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node writes so much that the copy would have held it up.
    #[error(
        "the node has written {} MiB while its database was copied, and could soon not have gone on: \
         the copy was given up. Try again when less comes in",
        MOST_LOG >> 20
    )]
    TooBusy,
}

impl From<rusqlite::Error> for NotCopied {
    fn from(why: rusqlite::Error) -> NotCopied {
        NotCopied::Store(why.into())
    }
}

/// Copies the database to a file that is not there yet. Whoever writes goes on meanwhile; what is
/// committed after the call is not in the copy. Its pages are not checked.
///
/// # Errors
/// It cannot be read, the copy cannot be written, or too much was written meanwhile.
#[expect(clippy::disallowed_methods, reason = "SQLite does not tell when a lock is gone")]
pub fn copy(path: &Path, to: &Path) -> Result<(), NotCopied> {
    begin_log_again(path)?;
    let from = open_reader(path)?;
    // The first read pins the snapshot. In a step without it, each commit begins the copy again.
    from.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;")?;
    let mut copy = Connection::open(to)?;
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let backup = Backup::new(&from, &mut copy)?;
    loop {
        match backup.step(STEP)? {
            StepResult::Done => break,
            StepResult::Busy | StepResult::Locked => std::thread::sleep(Duration::from_millis(50)),
            _ => {}
        }
        if std::fs::metadata(&log).is_ok_and(|log| log.len() > MOST_LOG) {
            return Err(NotCopied::TooBusy);
        }
    }
    drop(backup);
    copy.close().map_err(|(_, why)| why)?;
    from.execute_batch("COMMIT")?;
    Ok(())
}

/// Empties the write-ahead log when nobody is in its way, so that its length is what is written
/// from now on. Nobody writes while it waits for readers, so it waits a moment only.
fn begin_log_again(path: &Path) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(
        path,
        rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(RESTART_TIME)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reader_does_not_let_a_copy_hold_up_whoever_writes() {
        let folder = tempfile::tempdir().unwrap();
        let (path, to) = (folder.path().join("a.sqlite"), folder.path().join("b.sqlite"));
        let open = || Connection::open(&path).unwrap();
        let (writer, reader) = (open(), open());
        writer.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE a (n INTEGER);").unwrap();
        writer.busy_timeout(RESTART_TIME * 10).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM a;").unwrap();
        writer.execute_batch("INSERT INTO a VALUES (0)").unwrap();
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let copied = scope.spawn(|| {
                let copied = copy(&path, &to);
                done.store(true, std::sync::atomic::Ordering::SeqCst);
                copied
            });
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                writer.execute_batch("INSERT INTO a VALUES (1)").unwrap();
            }
            copied.join().unwrap().unwrap();
        });
    }

    #[test]
    fn a_copy_is_of_one_moment_while_another_writes() {
        let folder = tempfile::tempdir().unwrap();
        let (path, to) = (folder.path().join("a.sqlite"), folder.path().join("b.sqlite"));
        let writer = Connection::open(&path).unwrap();
        writer
            .execute_batch(
                "PRAGMA journal_mode = WAL; CREATE TABLE a (n INTEGER, x BLOB);
                 CREATE TABLE b (n INTEGER, x BLOB);",
            )
            .unwrap();
        // Both tables have the same number in each commit.
        let write = |n: i64| {
            let text = format!(
                "BEGIN; INSERT INTO a VALUES ({n}, randomblob(20000));
                 INSERT INTO b VALUES ({n}, randomblob(20000)); COMMIT"
            );
            writer.execute_batch(&text).unwrap();
        };
        (0..500).for_each(&write);
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let copied = scope.spawn(|| {
                let copied = copy(&path, &to);
                done.store(true, std::sync::atomic::Ordering::SeqCst);
                copied
            });
            let mut n = 500;
            while !done.load(std::sync::atomic::Ordering::SeqCst) && n < 3_000 {
                write(n);
                n += 1;
            }
            copied.join().unwrap().unwrap();
        });
        let copied = Connection::open(&to).unwrap();
        let one = |sql: &str| copied.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        let (a, b) = (one("SELECT count(*) FROM a"), one("SELECT count(*) FROM b"));
        assert_eq!(a, b);
        assert!(a >= 500 && a == one("SELECT max(n) + 1 FROM a"));
        let whole: String =
            copied.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
    }
}
