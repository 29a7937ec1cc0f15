//! What can go wrong with the store: never the caller's fault.

/// The file, the disk, or a damaged row.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite could not do it: the disk is full, the file is locked or not a database, and the
    /// like.
    #[error("the database: {0}")]
    Sqlite(rusqlite::Error),
    /// There is no room for what was to be written; nothing of it was.
    #[error(
        "the disk that holds the node's database is full: nothing was changed. Free some space there"
    )]
    Full,
    /// A file of the database was deleted, moved or replaced while it was open.
    #[error(
        "`{}` was deleted, moved or replaced under the running node: what is written now would be lost",
        .0.display()
    )]
    Gone(std::path::PathBuf),
    /// Somebody has been reading for so long that the write-ahead log cannot begin again.
    #[error(
        "the write-ahead log has {0} MiB, since somebody has kept a transaction open for long: nothing \
         is written until it ends. It may be a backup, or a tool that has the database open"
    )]
    LogFull(u64),
    /// The file was written by a later version of this program.
    #[error(
        "the database is of version {found}; this program knows versions up to {known}: start the newer program \
         that has written it, or restore with this one a backup of before"
    )]
    Newer {
        /// The version that the file states.
        found: i64,
        /// The newest version that this program can read.
        known: i64,
    },
    /// Something in the file is not as it was written.
    #[error("damaged: {what}: {why}")]
    Damaged {
        /// Which row or part of the file.
        what: String,
        /// What is wrong with it.
        why: String,
    },
}

impl From<rusqlite::Error> for StoreError {
    fn from(why: rusqlite::Error) -> StoreError {
        match why.sqlite_error() {
            Some(error) if is_full(*error) => StoreError::Full,
            _ => StoreError::Sqlite(why),
        }
    }
}

/// The file beside the write-ahead log that is shared in memory has an error of its own.
fn is_full(error: rusqlite::ffi::Error) -> bool {
    error.code == rusqlite::ErrorCode::DiskFull
        || error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE
}

impl StoreError {
    pub(crate) fn damaged(what: impl Into<String>, why: impl std::fmt::Display) -> StoreError {
        StoreError::Damaged { what: what.into(), why: format!("{why}") }
    }
}
