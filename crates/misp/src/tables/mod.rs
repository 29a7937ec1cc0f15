//! What becomes what: the one place. `docs/misp.md` is made from these tables.
//!
//! The names are facts of MISP (its types, templates and galaxies) and of STIX 2.1; which becomes
//! which follows misp-stix 2026.10.12 (`documentation/mapping`), where no reason speaks against it.

pub(crate) mod attribute;
mod docs;
pub(crate) mod foreign;
pub(crate) mod galaxy;
pub(crate) mod object;
pub(crate) mod object_others;
mod object_rows;

pub use docs::markdown;

use serde_json::Value;

/// Fields with what they say where they are left out. With that value they need not be carried over.
pub(crate) const DEFAULTS: &[(&str, &str, &str)] = &[
    ("deleted", "false", "the record is there"),
    ("disable_correlation", "false", "it is compared with others"),
    ("distribution", "5", "as widely as what it is part of"),
    ("sharing_group_id", "0", "no sharing group"),
    ("object_id", "0", "part of no object"),
];

/// Whether a field says nothing: it is empty, or says what holds without it.
pub(crate) fn says_nothing(key: &str, value: &Value) -> bool {
    if crate::record::is_empty(value) {
        return true;
    }
    let Some(text) = crate::record::scalar(value) else { return false };
    let of_key = |(known, default, _): &&(&str, &str, &str)| *known == key && *default == text;
    DEFAULTS.iter().any(|row| of_key(&row))
        || (text == "0" && matches!(key, "deleted" | "disable_correlation"))
}

/// Scales of MISP's tags that STIX has a number for: the tag, and the confidence.
pub(crate) const CONFIDENCE: &[(&str, u8)] = &[
    ("misp:confidence-level=\"completely-confident\"", 100),
    ("misp:confidence-level=\"usually-confident\"", 75),
    ("misp:confidence-level=\"fairly-confident\"", 50),
    ("misp:confidence-level=\"rarely-confident\"", 25),
    ("misp:confidence-level=\"unconfident\"", 0),
    ("admiralty-scale:information-credibility=\"1\"", 90),
    ("admiralty-scale:information-credibility=\"2\"", 70),
    ("admiralty-scale:information-credibility=\"3\"", 50),
    ("admiralty-scale:information-credibility=\"4\"", 30),
    ("admiralty-scale:information-credibility=\"5\"", 10),
    ("estimative-language:confidence-in-analytic-judgment=\"high\"", 85),
    ("estimative-language:confidence-in-analytic-judgment=\"moderate\"", 50),
    ("estimative-language:confidence-in-analytic-judgment=\"low\"", 15),
];

/// The threat levels of an event, by their numbers.
pub(crate) const THREAT_LEVELS: &[(&str, &str)] =
    &[("1", "High"), ("2", "Medium"), ("3", "Low"), ("4", "Undefined")];

/// How far the analysis of an event is, by its numbers.
pub(crate) const ANALYSIS: &[(&str, &str)] =
    &[("0", "Initial"), ("1", "Ongoing"), ("2", "Completed")];
