//! What the followers of the items find.

use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::id::{CaseNumber, CorrectionNumber, IntakeNumber, Subject, WarningNumber};
use forewarn_matching::{Ended, Match};
use serde::{Deserialize, Serialize};

/// How far the matcher has come among the items, and what it found on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Matched {
    /// After this item …
    pub from: i64,
    /// … up to this one.
    pub to: i64,
    /// The last change of an interest that was in the index.
    pub changes: i64,
    /// What was met.
    pub found: Vec<ItemMatches>,
}

/// How far the trial of new interests has come, and what it found on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tried(pub Matched);

/// Which interests are tried against which items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialBegun {
    /// Interests changed since the previous trial, up to this change.
    pub changes: i64,
    /// Items after `from` …
    pub from: i64,
    /// … up to this one.
    pub until: i64,
}

/// An item with the interests that it meets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemMatches {
    /// Its place in the order of items.
    pub item: i64,
    /// The intake that brought it.
    pub intake: IntakeNumber,
    /// Its id.
    pub id: String,
    /// Its source's handle.
    pub source: Option<String>,
    /// The objects that it is about: its own id, and those that it refers to.
    pub about: Vec<String>,
    /// What it meets.
    pub matches: Vec<Match>,
    /// How the newest version of its object has ended, or will, where that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// What a correction of an item's findings changes of what the item meets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rechecked {
    /// Which correction; each is looked at in its turn.
    pub correction: CorrectionNumber,
    /// What the item meets with it, as far as it met nothing of that without it.
    pub found: Vec<ItemMatches>,
    /// What it met without it, and with it no more.
    pub lost: Vec<ItemMatches>,
}

/// The time of a warning is over, of one that was released or one that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpiredWork {
    /// The case, or the warning.
    pub subject: Subject,
}

/// Something was kept as long as it may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetainedWork {
    /// What.
    pub what: Erasable,
}

/// A warning for named persons is shown to one of them: that is on record before it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownWork {
    /// The warning.
    pub warning: WarningNumber,
    /// Which version.
    pub version: u32,
}

/// A case's time has run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRanOut {
    /// Which case.
    pub case: CaseNumber,
}
