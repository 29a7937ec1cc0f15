//! What could not be carried over from one format to another. Every reader and writer of another
//! format tells it in this form.

use serde::Serialize;
use std::fmt;

/// Most losses that are listed; further ones are counted.
pub const MAX_LOSSES: usize = 10_000;

/// One thing that the result does not say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Loss {
    /// Where it stood: a JSON pointer (RFC 6901) into the input, or the line and column of a list.
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
    /// Adds one; beyond [`MAX_LOSSES`] it is only counted.
    pub fn add(&mut self, at: impl Into<String>, why: impl Into<String>) {
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
