//! How long warnings took, and what came of what came in, as it is shown.

use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What can be counted of what the reader may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statistics {
    /// The last weeks, oldest first. Exercises and tests do not count.
    pub weeks: Vec<WeekLine>,
    /// The newest cases of which something was released, newest first.
    pub cases: Vec<CaseTimes>,
}

/// One week, from Monday, in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WeekLine {
    /// Its first instant.
    pub from: Timestamp,
    /// Items that came in.
    pub came: i64,
    /// Items of those that have met an interest.
    pub matched: i64,
    /// Cases of which a warning was first released in it.
    pub warned: u32,
    /// Cases that were waived in it.
    pub waived: u32,
    /// Cases of which it was decided in it that there is no duty, or that somebody else is to warn.
    pub dismissed: u32,
}

/// How long one warning took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseTimes {
    /// Which case.
    pub case: CaseNumber,
    /// For whom.
    pub partner: NodeName,
    /// How urgent.
    pub urgency: Urgency,
    /// Whether it is meant.
    pub status: Status,
    /// When the item was there: the case was opened.
    pub opened: Timestamp,
    /// Until when the partner was to hold the warning.
    pub due: Timestamp,
    /// When it was first released.
    pub released: Timestamp,
    /// When the partner's node held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Timestamp>,
    /// When somebody there first took it on, or declined it, by their clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Timestamp>,
}
