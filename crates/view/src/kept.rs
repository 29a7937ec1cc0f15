//! What is held and what was erased, as it is shown.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::erasure::{Erasable, Erased, Hold, Kept};
use serde::{Deserialize, Serialize};

/// Something that is held, or was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptLine {
    /// Its number; the next page begins after the last one.
    pub number: i64,
    /// What.
    pub what: Erasable,
    /// What holds it: while there is something, nothing of it is erased.
    pub hold: Option<Hold>,
    /// That it was erased, last.
    pub erased: Option<Erased>,
}

impl KeptLine {
    /// As it is kept under this number.
    pub fn new(number: i64, Kept { what, hold, erased }: Kept) -> KeptLine {
        KeptLine { number, what, hold, erased }
    }
}

impl Row for KeptLine {
    const COLUMNS: &'static [Column<KeptLine>] = &[
        ("WHAT", |one| text::line(&one.what.to_string())),
        ("HELD", |one| text::or_none(one.hold.as_ref(), held)),
        ("ERASED", |one| text::or_none(one.erased.as_ref(), erased)),
    ];
}

/// Since when, by whom and why something is held.
pub fn held(hold: &Hold) -> String {
    let Hold { at, by, reason } = hold;
    format!("since {} by {by}: {}", text::time(at), text::line(reason))
}

/// When, by whom and why something was erased.
pub fn erased(erased: &Erased) -> String {
    let Erased { at, by, second, ground, reason } = erased;
    let by = by.user().map_or_else(|| by.to_string(), ToString::to_string);
    let second = second.as_ref().map(|second| format!(" and {second}")).unwrap_or_default();
    let (at, reason) = (text::time(at), text::line(reason));
    format!("at {at} by {by}{second}, {}: {reason}", ground.words())
}
