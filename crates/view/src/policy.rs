//! The organisation's own policies, as they are listed and tried.

use crate::table::{Column, Row};
use forewarn_policy::{Expected, Known, Tried};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A policy that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyLine {
    /// By which it is named when it decides.
    pub id: String,
    /// The file in which it stands.
    pub file: String,
    /// What it tells whoever is refused.
    pub words: String,
}

impl PolicyLine {
    /// A policy that is known.
    pub fn of(known: &Known) -> PolicyLine {
        let Known { id, file, words } = known.clone();
        PolicyLine { id, file, words }
    }
}

impl Row for PolicyLine {
    const COLUMNS: &'static [Column<PolicyLine>] = &[
        ("POLICY", |one| one.id.clone()),
        ("FILE", |one| one.file.clone()),
        ("WORDS", |one| one.words.clone()),
    ];
}

/// How a case went, in a sentence.
pub fn tried(tried: &Tried) -> String {
    let word = if tried.as_expected { "ok" } else { "WRONG" };
    let expected = match tried.expected {
        Expected::Pass => "passes",
        Expected::Forbid => "is forbidden",
    };
    let said = if !tried.failed.is_empty() {
        format!("could not be asked: {}", tried.failed)
    } else if tried.forbidden_by.is_empty() {
        "passes".to_owned()
    } else {
        format!("is forbidden by {}", tried.forbidden_by.join(", "))
    };
    if tried.as_expected {
        format!("{word:<5}  {}: {said}", tried.name)
    } else {
        format!("{word:<5}  {}: {said}; expected: it {expected}", tried.name)
    }
}
