//! The two scales that an interest may ask for: how urgent, and how well graded.

use forewarn_stix::confidence::Scale;
use serde::{Deserialize, Serialize};
use std::fmt;

/// CAP 1.2 `urgency`, the three that a warning may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// The Admiralty system: A to F for the source, 1 to 6 for the information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Grade {
    source: u8,
    information: u8,
}

/// A text that is not a grade.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a grade: A to F for the source, 1 to 6 for what it says, such as B2")]
pub struct NotAGrade(String);

impl Grade {
    /// Reads a grade such as `B2`: one letter in upper case and one digit.
    ///
    /// # Errors
    /// [`NotAGrade`] for every other text.
    pub fn parse(text: &str) -> Result<Grade, NotAGrade> {
        match text.as_bytes() {
            [source @ b'A'..=b'F', information @ b'1'..=b'6'] => {
                Ok(Grade { source: *source, information: *information })
            }
            _ => Err(NotAGrade(text.to_owned())),
        }
    }

    /// Whether something so graded is at least as good as `least` in both.
    pub(crate) fn is_at_least(self, least: Grade) -> bool {
        self.source <= least.source && self.is_as_credible_as(least)
    }

    /// Whether the information is at least as good as in `least`; nothing is said of the source.
    pub(crate) fn is_as_credible_as(self, least: Grade) -> bool {
        self.information <= least.information
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
