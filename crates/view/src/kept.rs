//! What is held and what was erased, as it is shown.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::erasure::{Erased, Hold, Kept};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that is held, or was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeptLine {
    /// Its number; the next page begins after the last one.
    pub number: i64,
    /// What holds it, and that it was erased.
    #[serde(flatten)]
    pub kept: Kept,
}

impl Row for KeptLine {
    const COLUMNS: &'static [Column<KeptLine>] = &[
        ("WHAT", |one| text::line(&one.kept.what.to_string())),
        ("HELD", |one| text::or_none(one.kept.hold.as_ref(), held)),
        ("ERASED", |one| text::or_none(one.kept.erased.as_ref(), erased)),
    ];
}

/// Since when, by whom and why something is held.
fn held(hold: &Hold) -> String {
    let Hold { at, by, reason } = hold;
    format!("since {} by {by}: {}", text::time(at), text::line(reason))
}

/// When, by whom and why something was erased.
fn erased(erased: &Erased) -> String {
    let Erased { at, by, second, ground, reason } = erased;
    let by = by.user().map_or_else(|| by.to_string(), ToString::to_string);
    let second = second.as_ref().map(|second| format!(" and {second}")).unwrap_or_default();
    let (at, reason) = (text::time(at), text::line(reason));
    format!("at {at} by {by}{second}, {}: {reason}", ground.words())
}
