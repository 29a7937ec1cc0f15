//! Names that stand in a list of references: an alert's identifier and its sender.

use serde::Serialize;
use std::fmt;

/// Longest name, in bytes: an id of ours has some sixty.
const MAX_BYTES: usize = 200;

/// An identifier or a sender: no spaces, commas, `<` or `&` stand in it (CAP 1.2 §3.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Name(String);

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` cannot stand in a reference of CAP: it is empty, too long, or has a space, a comma, `<` or `&`"
)]
pub struct BadName(String);

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// Something that may not stand in it does.
    pub fn parse(text: &str) -> Result<Name, BadName> {
        let barred = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | '<' | '&');
        if text.is_empty() || text.len() > MAX_BYTES || text.chars().any(barred) {
            return Err(BadName(text.chars().take(MAX_BYTES).collect()));
        }
        Ok(Name(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
