//! Names behind sources' handles, as whoever may see them sees them.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::name::UserName;
use forewarn_exchange::source_name::{KeptName, SourceLook};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// That a handle has a name, and not which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceLine {
    /// The handle.
    pub source: String,
    /// Who has kept its name.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Whether there is a cover text.
    pub has_cover: bool,
    /// How often it was read, of the newest hundred times.
    pub looks: usize,
}

impl SourceLine {
    /// Of what is kept.
    pub fn of(kept: &KeptName) -> SourceLine {
        SourceLine {
            source: kept.source.clone(),
            by: kept.by.clone(),
            at: kept.at.clone(),
            has_cover: !kept.known.cover.is_empty(),
            looks: kept.looks.len(),
        }
    }
}

impl Row for SourceLine {
    const COLUMNS: &'static [Column<SourceLine>] = &[
        ("HANDLE", |one| text::line(&one.source)),
        ("KEPT BY", |one| one.by.to_string()),
        ("KEPT AT", |one| text::time(&one.at)),
        ("COVER TEXT", |one| text::yes_no(one.has_cover)),
        ("READ", |one| one.looks.to_string()),
    ];
}

/// Who stands behind a handle, and who has read that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceShown {
    /// The handle.
    pub source: String,
    /// The true name.
    pub name: String,
    /// How the source is reached.
    pub contact: String,
    /// What may be said to the source in the place of what happened.
    pub cover: String,
    /// Who has kept it.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Who has read it, the newest last: this reading too.
    pub looks: Vec<SourceLook>,
}

impl SourceShown {
    /// Of what is kept.
    pub fn of(kept: &KeptName) -> SourceShown {
        SourceShown {
            source: kept.source.clone(),
            name: kept.known.name.clone(),
            contact: kept.known.contact.clone(),
            cover: kept.known.cover.clone(),
            by: kept.by.clone(),
            at: kept.at.clone(),
            looks: kept.looks.clone(),
        }
    }

    /// For people, a line each.
    pub fn words(&self) -> String {
        let mut lines = vec![
            format!("source {}: {}", text::line(&self.source), text::line(&self.name)),
            format!("reached: {}", or_none(&self.contact)),
            format!("cover text: {}", or_none(&self.cover)),
            format!("kept by {} at {}; read by:", self.by, text::time(&self.at)),
        ];
        lines.extend(self.looks.iter().map(|look| {
            format!("  {} at {}: {}", look.by, text::time(&look.at), text::line(&look.reason))
        }));
        lines.join("\n")
    }
}

fn or_none(words: &str) -> String {
    text::or_none(Some(words).filter(|words| !words.trim().is_empty()), text::line)
}
