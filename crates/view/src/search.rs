//! What a search finds, as it is shown.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::scale::Status;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FoundKind {
    /// A partner.
    Partner,
    /// A duty to warn.
    Case,
    /// A warning that came to us.
    Warning,
    /// Something that was said of a case or a warning.
    Talk,
    /// Something that came in.
    Item,
}

impl FoundKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [FoundKind; 5] =
        [FoundKind::Partner, FoundKind::Case, FoundKind::Warning, FoundKind::Talk, FoundKind::Item];

    /// The word for it, as it is written.
    pub fn word(self) -> &'static str {
        match self {
            FoundKind::Partner => "partner",
            FoundKind::Case => "case",
            FoundKind::Warning => "warning",
            FoundKind::Talk => "talk",
            FoundKind::Item => "item",
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Searched {
    /// Each kind of which something was found.
    pub groups: Vec<FoundGroup>,
    /// Whether only the first words of a long search count.
    pub cut: bool,
    /// Whether older things are still being read for the search, and are not found yet.
    pub reading: bool,
}

/// What was found of one kind, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FoundGroup {
    /// Which.
    pub kind: FoundKind,
    /// The first of it.
    pub found: Vec<FoundLine>,
    /// The number to go on before, where there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FoundLine {
    /// What kind of thing it is.
    pub kind: FoundKind,
    /// Its name: an id, `case-1`, `warning-1`, the name of a partner.
    pub about: String,
    /// With whom, where that is another thing than its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// When it came, was opened or said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// How it is marked, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marking: Option<Tlp>,
    /// Whether it is meant, an exercise or a test, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Its words before what was found.
    pub before: String,
    /// What was found.
    pub hit: String,
    /// Its words after that.
    pub after: String,
}

impl FoundLine {
    /// The words around what was found, on one line.
    pub fn words(&self) -> String {
        text::line(&format!("{}{}{}", self.before, self.hit, self.after))
    }
}

impl Row for FoundLine {
    const COLUMNS: &'static [Column<FoundLine>] = &[
        ("KIND", |one| one.kind.word().to_owned()),
        ("WHAT", |one| text::line(&one.about)),
        ("PARTNER", |one| text::or_none(one.partner.as_deref(), text::line)),
        ("WHEN", |one| text::or_none(one.time.as_ref(), text::time)),
        ("TLP", |one| text::or_none(one.marking.as_ref(), Tlp::to_string)),
        ("WORDS", FoundLine::words),
    ];
}
