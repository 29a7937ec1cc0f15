//! The scales that a warning is graded on, each with its source.

pub use forewarn_matching::scale::{Grade, NotAGrade, Urgency};
use forewarn_stix::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// CAP 1.2 `status`: whether this is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It is meant: a real warning, to be acted on.
    #[default]
    Actual,
    /// An exercise: only those who take part in it act.
    Exercise,
    /// A technical test: to be disregarded.
    Test,
}

/// How long each urgency gives for a decision, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Clocks {
    /// For a threat that is immediate.
    pub immediate: u32,
    /// For one that is expected within the hour.
    pub expected: u32,
    /// For one in the near future.
    pub future: u32,
    /// For an answer to a follow-up question.
    pub question: u32,
}

impl Default for Clocks {
    fn default() -> Clocks {
        Clocks { immediate: 15, expected: 60, future: 24 * 60, question: 60 }
    }
}

impl Clocks {
    /// When a decision is due, counted from a time.
    pub fn due(&self, urgency: Urgency, from: &Timestamp) -> Timestamp {
        let minutes = match urgency {
            Urgency::Immediate => self.immediate,
            Urgency::Expected => self.expected,
            Urgency::Future => self.future,
        };
        from.plus_minutes(i64::from(minutes))
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Why a warning that would be due is not given (ICD 191, section E.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waiver {
    /// The one to be warned knows of the threat already.
    AlreadyAware,
    /// The one to be warned is at risk only as a participant in hostilities.
    AtRiskOnlyByHostilities,
    /// A warning would unduly endanger people, sources, methods or operations.
    EndangersPeopleSourcesMethods,
    /// The one to be warned is a terrorist, a violent criminal or the like.
    VictimIsTerroristOrViolentCriminal,
    /// A warning would harm the liaison with the government or service that the information came
    /// from.
    EndangersLiaison,
    /// There is no reasonable way to warn.
    NoReasonableWay,
}
