//! A decision not to do what was asked: why, and what to do instead.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Said to the one who asked; recorded in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Refusal {
    /// A stable code, such as `same-person`.
    pub code: String,
    /// What is wrong, and where.
    pub message: String,
    /// What to do, where there is something to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Refusal {
    pub fn new(code: &str, message: impl Into<String>) -> Refusal {
        Refusal { code: code.to_owned(), message: message.into(), hint: None }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Refusal {
        self.hint = Some(hint.into());
        self
    }

    /// Nothing of that name or number.
    pub fn unknown(what: &str, name: impl fmt::Display) -> Refusal {
        Refusal::new("not-found", format!("there is no {what} `{name}`"))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}

impl From<forewarn_matching::interest::BadInterest> for Refusal {
    fn from(bad: forewarn_matching::interest::BadInterest) -> Refusal {
        Refusal { code: bad.field, message: bad.message, hint: bad.hint }
    }
}
