//! Findings: which rule is broken, where, and whether it is a must or a should.

pub use crate::rule::Severity;

use crate::rule::Rule;
use schemars::JsonSchema;
use serde::Serialize;

/// One rule that is broken at one place of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// The place as a path from the object, `$.external_references[2].url`, or from the bundle. See
    /// [`crate::place::find`].
    pub path: String,
    /// The code of the rule, such as `required-property`: see [`crate::rule::find`].
    pub rule: &'static str,
    /// The clause of STIX 2.1, such as `4.7`. For rules of all types, that of the object's type.
    pub clause: &'static str,
    /// What is wrong and what was expected, for people.
    pub message: String,
    /// Whether a must or a should is broken.
    #[serde(skip)]
    pub severity: Severity,
    /// Whether the object is taken in all the same: see [`crate::rule::Breach`].
    pub usable: bool,
}

impl Finding {
    /// A finding on a rule whose clause does not depend on the object's type, nor what becomes of
    /// the object on the property.
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
            severity: rule.severity(),
            usable: rule.is_usable_in("", false),
        }
    }

    /// Whether it is about something that is missing: its place is where it would stand.
    pub fn is_of_absence(&self) -> bool {
        [crate::rule::REQUIRED.code, crate::rule::MODIFIED.code].contains(&self.rule)
    }

    /// A finding for an input that cannot be read as a frame of objects, or as an object at all.
    pub fn unreadable(why: impl Into<String>) -> Finding {
        Finding::new(&crate::rule::JSON, "$", why)
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} at {})", self.message, self.rule, self.path)
    }
}
