//! What a check found: which rule, where, and how bad.

pub use crate::rule::Severity;

use crate::rule::Rule;
use serde::Serialize;

/// One broken rule, at one place of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where, as a path from the object: `$.external_references[2].url`.
    pub path: String,
    /// The rule's stable code, such as `required-property`.
    pub rule: &'static str,
    /// The clause of STIX 2.1, such as `4.7`.
    pub clause: &'static str,
    /// What is wrong and what would be right, in words.
    pub message: String,
    /// Must or should.
    #[serde(skip)]
    pub severity: Severity,
}

impl Finding {
    /// A broken rule whose clause does not depend on the object's type.
    pub(crate) fn new(
        rule: &'static Rule,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            path: path.into(),
            rule: rule.code,
            clause: rule.clause,
            message: message.into(),
            severity: rule.severity,
        }
    }

    /// An input that could not be read as the frame of objects, or as an object at all.
    pub fn unreadable(why: impl Into<String>) -> Finding {
        Finding::new(&crate::rule::JSON, "$", why)
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} at {})", self.message, self.rule, self.path)
    }
}
