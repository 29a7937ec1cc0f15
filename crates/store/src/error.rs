//! What can go wrong with the store: never the caller's fault.

/// The file, the disk, or a damaged row.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database is of version {found}; this program knows versions up to {known}")]
    Newer { found: i64, known: i64 },
    /// Something in the file is not as it was written.
    #[error("damaged: {what}: {why}")]
    Damaged { what: String, why: String },
}

impl StoreError {
    pub(crate) fn damaged(what: impl Into<String>, why: impl std::fmt::Display) -> StoreError {
        StoreError::Damaged { what: what.into(), why: format!("{why}") }
    }
}
