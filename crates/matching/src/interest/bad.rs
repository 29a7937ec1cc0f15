//! Why an interest cannot be registered as it is written.

use std::fmt;

/// An interest that is not well formed: which field, what is wrong with it, and what to write
/// instead. The fault is the writer's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct BadInterest {
    /// The field or kind of clause, as it is written: `label`, `block`, `at-least`.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead, where there is one answer.
    pub hint: Option<String>,
}

impl BadInterest {
    /// A fault of one field, without a hint.
    pub fn new(field: &str, message: impl Into<String>) -> BadInterest {
        BadInterest { field: field.to_owned(), message: message.into(), hint: None }
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> BadInterest {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for BadInterest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}
