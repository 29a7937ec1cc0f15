//! What could not be carried over, and why a file is not converted at all.

use crate::bounds::{MAX_LOSSES, MAX_SHOWN};
use serde::Serialize;
use std::fmt;

/// One thing that the result does not say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Loss {
    /// Where it stood: a JSON pointer (RFC 6901) into the input.
    pub at: String,
    /// Why it was not carried over.
    pub why: String,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.why)
    }
}

/// The losses of a conversion: the first ones, and how many there are.
#[derive(Debug, Default)]
pub struct Losses {
    list: Vec<Loss>,
    unlisted: usize,
}

impl Losses {
    pub(crate) fn add(&mut self, at: impl Into<String>, why: impl Into<String>) {
        if self.list.len() < MAX_LOSSES {
            self.list.push(Loss { at: at.into(), why: why.into() });
        } else {
            self.unlisted += 1;
        }
    }

    /// Whether all was carried over.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Those that are listed.
    pub fn list(&self) -> &[Loss] {
        &self.list
    }

    /// How many more there are than are listed.
    pub fn unlisted(&self) -> usize {
        self.unlisted
    }
}

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
