//! Why a list is not converted at all.

/// Nothing is converted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The list could not be read.
    #[error("cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// It is not what it should be.
    #[error("{0}")]
    Form(String),
    /// What was said of its columns does not fit it.
    #[error("--columns: {0}")]
    Columns(String),
    /// It says of its handling what cannot be obeyed.
    #[error("line {line}: {why}")]
    Handling {
        /// The line.
        line: u64,
        /// What is wrong there.
        why: String,
    },
}
