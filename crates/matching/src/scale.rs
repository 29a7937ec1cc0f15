//! The two scales that an interest may ask for: how urgent, and how well graded.

use forewarn_stix::confidence::Scale;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// CAP 1.2 `urgency`, the three that a warning may have.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Responsive action should be taken in the near future.
    Future,
    /// Responsive action should be taken soon, within the next hour.
    Expected,
    /// Responsive action should be taken immediately.
    Immediate,
}

impl fmt::Display for Urgency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Urgency::Future => "future",
            Urgency::Expected => "expected",
            Urgency::Immediate => "immediate",
        })
    }
}

/// The Admiralty system: A to G for the source, 1 to 6 for the information.
///
/// F and 6 mean that it cannot be judged, and G, which MISP adds, that the source deceives on
/// purpose. None of them is a rank: what is graded so meets nothing that asks for a rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Grade {
    source: u8,
    information: u8,
}

/// A text that is not a grade.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a grade: A to G for the source, 1 to 6 for what it says, such as B2")]
pub struct NotAGrade(String);

impl Grade {
    /// Reads a grade such as `B2`: one letter in upper case and one digit.
    ///
    /// # Errors
    /// [`NotAGrade`] for every other text.
    pub fn parse(text: &str) -> Result<Grade, NotAGrade> {
        match text.as_bytes() {
            [source @ b'A'..=b'G', information @ b'1'..=b'6'] => {
                Ok(Grade { source: *source, information: *information })
            }
            _ => Err(NotAGrade(text.to_owned())),
        }
    }

    /// Whether something so graded is at least as good as `least` in both. F and 6 in `least` ask
    /// for nothing.
    pub fn is_at_least(self, least: Grade) -> bool {
        let source = match (self.source, least.source) {
            (_, b'F' | b'G') => true,
            (b'F' | b'G', _) => false,
            (own, least) => own <= least,
        };
        source && self.is_as_credible_as(least)
    }

    /// Whether the information is at least as good as in `least`; nothing is said of the source.
    pub(crate) fn is_as_credible_as(self, least: Grade) -> bool {
        match (self.information, least.information) {
            (_, b'6') => true,
            (b'6', _) => false,
            (own, least) => own <= least,
        }
    }

    /// The grade of information with a STIX confidence of 0 to 100 (STIX 2.1 appendix A); the
    /// source is F, as it cannot be judged.
    pub(crate) fn of_confidence(confidence: u8) -> Grade {
        let step = Scale::Admiralty.of(confidence.min(100));
        let information = step.and_then(|step| step.word.bytes().next()).unwrap_or(b'6');
        Grade { source: b'F', information }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", char::from(self.source), char::from(self.information))
    }
}

impl TryFrom<String> for Grade {
    type Error = NotAGrade;

    fn try_from(text: String) -> Result<Grade, NotAGrade> {
        Grade::parse(&text)
    }
}

impl From<Grade> for String {
    fn from(grade: Grade) -> String {
        grade.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grade(text: &str) -> Grade {
        Grade::parse(text).unwrap()
    }

    #[test]
    fn what_cannot_be_judged_has_no_rank() {
        for (own, least, expected) in [
            ("B2", "C3", true),
            ("D2", "C3", false),
            ("B4", "C3", false),
            // E is the worst rank, and F is none at all.
            ("F1", "E5", false),
            ("G1", "E5", false),
            ("A6", "E5", false),
            ("E5", "F6", true),
            ("F6", "F6", true),
            ("G1", "F6", true),
        ] {
            assert_eq!(grade(own).is_at_least(grade(least)), expected, "{own} for {least}");
        }
        assert!(Grade::parse("H1").is_err());
    }
}
