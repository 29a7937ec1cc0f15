//! What a check found: which rule, where, and how bad.

use serde::Serialize;

/// Whether the rule is a must or a should of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A must is broken: the object is not valid.
    Error,
    /// A should is not followed: the object is valid all the same.
    Warning,
}

/// One broken rule, at one place of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where, as a path from the object: `$.external_references[2].url`.
    pub path: String,
    /// The rule's stable code, such as `required-property`.
    pub rule: &'static str,
    /// What is wrong and what would be right, in words.
    pub message: String,
    /// Must or should.
    #[serde(skip)]
    pub severity: Severity,
}

impl Finding {
    /// A broken must.
    pub fn error(
        path: impl Into<String>,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Finding {
        Finding { path: path.into(), rule, message: message.into(), severity: Severity::Error }
    }

    /// A should that is not followed.
    pub fn warning(
        path: impl Into<String>,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Finding {
        Finding { path: path.into(), rule, message: message.into(), severity: Severity::Warning }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} at {})", self.message, self.rule, self.path)
    }
}
