//! What could not be carried over, and why a file is not converted at all.

use crate::bounds::MAX_SHOWN;
pub use forewarn_stix::loss::{Loss, Losses};

/// What is wrong, with its place; of a whole file, without.
fn placed(at: &str, why: &str) -> String {
    if at.is_empty() { format!("it {why}") } else { format!("{at}: {why}") }
}

/// Why nothing is converted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The input could not be read.
    #[error("cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// The input is not what it should be.
    #[error("{}", placed(at, why))]
    Form {
        /// Where: a JSON pointer, or an offset in bytes.
        at: String,
        /// What is wrong there.
        why: String,
    },
    /// It says of its handling what cannot be obeyed, since it contradicts itself or is not known.
    #[error("{}", placed(at, why))]
    Handling {
        /// Where: a JSON pointer.
        at: String,
        /// What is wrong there, and what to do.
        why: String,
    },
}

impl Refused {
    pub(crate) fn form(at: impl Into<String>, why: impl Into<String>) -> Refused {
        Refused::Form { at: at.into(), why: why.into() }
    }
}

/// A text for a message, cut where it is long.
pub(crate) fn shown(text: &str) -> String {
    if text.chars().count() <= MAX_SHOWN {
        return text.to_owned();
    }
    text.chars().take(MAX_SHOWN).chain(['…']).collect()
}

/// A place in a record: the pointer to it, and one more step (RFC 6901 §3).
pub(crate) fn below(at: &str, step: &str) -> String {
    if step.contains(['~', '/']) {
        return format!("{at}/{}", step.replace('~', "~0").replace('/', "~1"));
    }
    format!("{at}/{step}")
}
