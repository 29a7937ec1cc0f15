//! The scales that a warning is graded on, each with its source.

pub use crate::clocks::Clocks;
pub use crate::waiver::Waiver;
pub use forewarn_matching::scale::{Grade, NotAGrade, Urgency};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// CAP 1.2 `status`: whether this is meant.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum Status {
    /// It is meant: a real warning, to be acted on.
    #[default]
    Actual,
    /// An exercise: only those who take part in it act.
    Exercise,
    /// A technical test: to be disregarded.
    Test,
}

/// CAP 1.2 `severity`: how grave it would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// An extraordinary threat to life or property.
    Extreme,
    /// A significant threat to life or property.
    Severe,
    /// A possible threat to life or property.
    Moderate,
    /// Little or no known threat to life or property.
    Minor,
    /// Not known.
    Unknown,
}

/// CAP 1.2 `certainty`: how sure it is that it comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// It has come about, or does now.
    Observed,
    /// More than about an even chance.
    Likely,
    /// About an even chance at most.
    Possible,
    /// Not expected to come about.
    Unlikely,
    /// Not known.
    Unknown,
}

impl Severity {
    /// The word as CAP has it, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Extreme => "extreme",
            Severity::Severe => "severe",
            Severity::Moderate => "moderate",
            Severity::Minor => "minor",
            Severity::Unknown => "unknown",
        }
    }
}

impl Certainty {
    /// The word as CAP has it, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Observed => "observed",
            Certainty::Likely => "likely",
            Certainty::Possible => "possible",
            Certainty::Unlikely => "unlikely",
            Certainty::Unknown => "unknown",
        }
    }
}

impl Status {
    /// The word as CAP and entries write it: `Actual`, `Exercise` or `Test`.
    pub fn name(self) -> &'static str {
        match self {
            Status::Actual => "Actual",
            Status::Exercise => "Exercise",
            Status::Test => "Test",
        }
    }

    /// The same, or what it is at least: where the whole node exercises or tests, nothing is meant.
    pub fn at_least(self, asked: Status) -> Status {
        match self {
            Status::Actual => asked,
            Status::Exercise | Status::Test => self,
        }
    }

    /// Reads the word as CAP and entries write it; `None` for every other text.
    pub fn parse(text: &str) -> Option<Status> {
        [Status::Actual, Status::Exercise, Status::Test].into_iter().find(|s| s.name() == text)
    }
}

/// What came of a warning: a fact with a count (R20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// People were held, without an arrest or charge.
    Detained,
    /// People were charged with a crime.
    Charged,
    /// People were arrested.
    Arrested,
    /// People who had been held were set free.
    Released,
    /// Things were seized: weapons, money, machines.
    Seized,
    /// An attack was prevented.
    Thwarted,
    /// An attack took place.
    Occurred,
    /// There was no threat.
    FalseAlarm,
}

impl fmt::Display for OutcomeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OutcomeKind::Detained => "detained",
            OutcomeKind::Charged => "charged",
            OutcomeKind::Arrested => "arrested",
            OutcomeKind::Released => "released",
            OutcomeKind::Seized => "seized",
            OutcomeKind::Thwarted => "thwarted",
            OutcomeKind::Occurred => "occurred",
            OutcomeKind::FalseAlarm => "false alarm",
        })
    }
}

/// One thing that came of a warning, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeFact {
    /// What came about.
    pub kind: OutcomeKind,
    /// How many: people, things or attacks, by the kind.
    pub count: u32,
    /// The day it came about, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}
