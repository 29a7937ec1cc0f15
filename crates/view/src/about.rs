//! Everything that is held about somebody, and where it went, as it is shown: for whoever asks what an
//! organisation knows of him or her.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::gate::Strength;
use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something in which the name stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AboutLine {
    /// `case-3`, `warning-2`, or an item's id.
    pub what: String,
    /// What in it: `the item`, `what we wrote`, `released`, `said`, `the warning`, `the document`.
    pub place: String,
    /// How sure it is that the person is meant.
    pub strength: Strength,
    /// As the name is written there.
    pub written: String,
    /// To whom that went, and when.
    pub given: Vec<GivenTo>,
}

/// Who was given something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GivenTo {
    /// The partner.
    pub partner: NodeName,
    /// When.
    pub at: Timestamp,
    /// The entry of our log.
    pub entry: u64,
}

/// A part of what is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AboutPage {
    /// Where the name stands.
    pub found: Vec<AboutLine>,
    /// How many things were looked at.
    pub looked: usize,
    /// How many warnings, and words about them, are for others by name: one of those has to look there.
    /// What is hidden from the reader altogether counts for nothing.
    pub not_read: usize,
    /// Where to go on; nothing at the end.
    pub next: Option<String>,
}

impl Row for AboutLine {
    const COLUMNS: &'static [Column<AboutLine>] = &[
        ("IN", |one| text::line(&one.what)),
        ("PLACE", |one| one.place.clone()),
        ("WRITTEN", |one| {
            let sure = if one.strength == Strength::Possible { " (possibly)" } else { "" };
            format!("{}{sure}", text::line(&one.written))
        }),
        ("WENT TO", |one| {
            let all = one.given.iter().map(GivenTo::words);
            let all: Vec<String> = all.collect();
            if all.is_empty() { "nobody".to_owned() } else { all.join("; ") }
        }),
    ];
}

impl GivenTo {
    fn words(&self) -> String {
        format!("{} at {}, entry {}", self.partner, text::time(&self.at), self.entry)
    }
}
