//! The findings on one object while it is checked, and what the checks need to know of it.

use crate::at::At;
use crate::finding::{Finding, Severity};
use crate::rule::{self, OF_TYPE, Rule};
use serde_json::{Map, Value};

/// Most errors, and most warnings, that are listed for one object. An object of 8 MiB can break a
/// rule a million times.
pub(crate) const MAX_LISTED: usize = 100;

/// The findings on one object so far, and what the checks need to know about the object.
pub(crate) struct Findings<'a> {
    pub(crate) list: Vec<Finding>,
    /// The numbers of findings, listed or not.
    errors: usize,
    warnings: usize,
    /// The clause of the object's type, or of the inner object being checked.
    pub(crate) clause: &'static str,
    /// The whole object, for rules that concern several properties.
    pub(crate) whole: &'a Map<String, Value>,
    /// The deprecated container that the object is in (§2.13): its references are keys of it.
    pub(crate) container: Option<&'a Map<String, Value>>,
    /// Whether `defanged` is set: then addresses need not be valid (§3.2).
    pub(crate) defanged: bool,
    /// The property of an outer object that this one stands in.
    pub(crate) inside: Option<&'static str>,
    /// Whether some rule is broken, in a finding listed or not, so that the object is not usable.
    refused: bool,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(whole: &'a Map<String, Value>, clause: &'static str) -> Findings<'a> {
        // Versioned objects must not have `defanged`, so it excuses nothing there.
        let defanged =
            whole.get("defanged") == Some(&Value::Bool(true)) && !whole.contains_key("created");
        let list = Vec::new();
        Findings {
            list,
            errors: 0,
            warnings: 0,
            clause,
            whole,
            container: None,
            defanged,
            inside: None,
            refused: false,
        }
    }

    /// Takes over the findings on an object inside this one, which is at `at`.
    pub(crate) fn absorb(&mut self, inner: Findings<'_>, at: &At<'_>) {
        self.errors += inner.errors.saturating_sub(MAX_LISTED);
        self.warnings += inner.warnings.saturating_sub(MAX_LISTED);
        self.refused |= inner.refused;
        for mut finding in inner.list {
            finding.path = format!("{at}{}", finding.path.strip_prefix('$').unwrap_or_default());
            if self.count(finding.severity) {
                self.list.push(finding);
            }
        }
    }

    /// Counts a finding, and says whether it is to be listed.
    fn count(&mut self, severity: Severity) -> bool {
        let count = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        *count <= MAX_LISTED
    }

    /// The number of findings that are not listed.
    pub(crate) fn unlisted(&self) -> usize {
        self.errors.saturating_sub(MAX_LISTED) + self.warnings.saturating_sub(MAX_LISTED)
    }

    /// Whether the object is usable, as far as it has been checked.
    pub(crate) fn is_usable(&self) -> bool {
        !self.refused
    }

    pub(crate) fn add(&mut self, rule: &'static Rule, at: &At<'_>, message: impl Into<String>) {
        let (property, inside) = match self.inside {
            Some(outer) => (outer, true),
            None => at.property().unwrap_or_default(),
        };
        let usable = rule.is_usable_in(property, inside);
        self.refused |= !usable;
        if !self.count(rule.severity()) {
            return;
        }
        let mut finding = Finding::new(rule, at.to_string(), message);
        finding.usable = usable;
        if rule.clause == OF_TYPE {
            finding.clause = self.clause;
        }
        self.list.push(finding);
    }

    /// The UUID of an id is not one of RFC 4122.
    pub(crate) fn uuid(&mut self, id: &str, at: &At<'_>) {
        let uuid = id.split_once("--").map_or(id, |(_, uuid)| uuid);
        let message = format!("`{uuid}` is not an RFC 4122 UUID, of a version from 1 to 5");
        self.add(&rule::UUID, at, message);
    }

    pub(crate) fn empty_list(&mut self, at: &At<'_>) {
        self.add(&rule::EMPTY_LIST, at, "a list must not be empty; leave it out");
    }

    pub(crate) fn empty_dictionary(&mut self, at: &At<'_>) {
        self.add(&rule::EMPTY_DICTIONARY, at, "a dictionary must not be empty; leave it out");
    }
}

/// Adds what is to be said of a value that is of another type than was expected.
pub(crate) fn require(ok: bool, what: &str, value: &Value, at: &At<'_>, found: &mut Findings<'_>) {
    let is = match value {
        _ if ok => return,
        Value::Null => {
            return found.add(&rule::NULL, at, format!("must not be null; expected {what}"));
        }
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    found.add(&rule::PROPERTY_TYPE, at, format!("is {is}; expected {what}"));
}
