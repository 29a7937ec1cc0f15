//! Identifiers that mean something on this node only: numbers of its tables, and what an entry or a
//! line of the history is about. None of them ever crosses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}")]
pub struct BadId {
    text: String,
    what: &'static str,
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The number as a table keeps it.
            pub const fn new(number: i64) -> $name {
                $name(number)
            }

            /// For a table's column.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<$name, BadId> {
                let bad = || BadId { text: text.to_owned(), what: $what };
                text.parse().map($name).map_err(|_| bad())
            }
        }
    };
}

number! {
    /// One of our cases, counted from 1.
    CaseNumber, "the number of a case"
}
number! {
    /// An act that waits, or waited, for a second person, counted from 1.
    ProposalNumber, "the number of a proposal"
}
number! {
    /// A standing authorisation, counted from 1.
    AuthorityNumber, "the number of a standing authorisation"
}
number! {
    /// A warning that a partner sent us, counted from 1.
    WarningNumber, "the number of a warning"
}
number! {
    /// A TAXII collection. Those that take items in count up from 1, outlets down from -1; 0 holds
    /// the free texts.
    CollectionNumber, "the number of a collection"
}
number! {
    /// A rule by which matches open no case for a while, counted from 1.
    MuteNumber, "the number of a mute"
}
number! {
    /// What a person said of a finding of an item's text, counted from 1.
    CorrectionNumber, "the number of a correction"
}
number! {
    /// An exercise, counted from 1.
    ExerciseNumber, "the number of an exercise"
}
number! {
    /// One POST or file that was taken in, counted from 1.
    IntakeNumber, "the number of an intake"
}

impl CollectionNumber {
    /// Where free texts are kept.
    pub const TEXTS: CollectionNumber = CollectionNumber(0);

    /// Whether things are taken in by it: these count up from 1, all others down from -1.
    pub fn is_inlet(self) -> bool {
        self.0 > 0
    }
}

/// What an entry of a log, or an event, is about: a case of ours, or a warning that came to us.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// `case-N`.
    Case(CaseNumber),
    /// `warning-N`.
    Warning(WarningNumber),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Case(number) => write!(f, "case-{number}"),
            Subject::Warning(number) => write!(f, "warning-{number}"),
        }
    }
}

impl FromStr for Subject {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Subject, BadId> {
        let bad = || BadId { text: text.to_owned(), what: "`case-N` or `warning-N`" };
        if let Some(number) = text.strip_prefix("case-") {
            return number.parse().map(Subject::Case).map_err(|_| bad());
        }
        let number = text.strip_prefix("warning-").ok_or_else(bad)?;
        number.parse().map(Subject::Warning).map_err(|_| bad())
    }
}

impl TryFrom<String> for Subject {
    type Error = BadId;

    fn try_from(text: String) -> Result<Subject, BadId> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> String {
        subject.to_string()
    }
}

impl From<CaseNumber> for Subject {
    fn from(number: CaseNumber) -> Subject {
        Subject::Case(number)
    }
}

impl From<WarningNumber> for Subject {
    fn from(number: WarningNumber) -> Subject {
        Subject::Warning(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_reads_back_and_anything_else_is_refused() {
        for text in ["case-7", "warning-12"] {
            assert_eq!(text.parse::<Subject>().unwrap().to_string(), text);
        }
        for text in ["case-", "case-x", "warning", "7", "case-7 ", "Case-7"] {
            assert!(text.parse::<Subject>().is_err(), "{text}");
        }
    }
}
