//! Sources in danger, as they are listed.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::danger::{Danger, DangerNumber, Lifted};
use forewarn_exchange::name::UserName;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A source that is or was in danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DangerLine {
    /// Its number.
    pub danger: DangerNumber,
    /// The source's handle.
    pub source: String,
    /// Whether it stops what rests on the source.
    pub holds: bool,
    /// Who said so.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Who has looked at it, when, and what was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<Lifted>,
}

impl DangerLine {
    /// A line of a danger.
    pub fn of(danger: &Danger) -> DangerLine {
        let holds = danger.holds();
        let Danger { number, source, by, at, reason, lifted } = danger.clone();
        DangerLine { danger: number, source, holds, by, at, reason, lifted }
    }

    fn since(&self) -> String {
        format!("{}, {}", text::time(&self.at), self.by)
    }

    fn until(&self) -> String {
        text::or_none(self.lifted.as_ref(), |lifted| {
            format!("{}, {}: {}", text::time(&lifted.at), lifted.by, text::line(&lifted.reason))
        })
    }
}

impl Row for DangerLine {
    const COLUMNS: &'static [Column<DangerLine>] = &[
        ("NR", |one| one.danger.to_string()),
        ("SOURCE", |one| text::line(&one.source)),
        ("SINCE", DangerLine::since),
        ("WHY", |one| text::line(&one.reason)),
        ("LIFTED", DangerLine::until),
    ];
}
