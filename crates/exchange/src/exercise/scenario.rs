//! What is played in an exercise: injects, each at its time.

use super::part::Speed;
use crate::code::Code;
use crate::grading::Grading;
use crate::name::NodeName;
use crate::refusal::{Refusal, short};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Most injects of a scenario: one a quarter of an hour for two days.
pub const MAX_INJECTS: usize = 200;
/// Most bytes of what all injects of a scenario bring: half of what one request may have.
pub const MAX_SCENARIO_BYTES: usize = 2 << 20;
/// Most partners that are expected to be warned of one inject.
const MAX_EXPECTED: usize = 50;
/// Longest time of an inject, in minutes: two weeks.
const MAX_MINUTES: u32 = 14 * 24 * 60;

/// What is played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What people call the exercise.
    pub name: String,
    /// How fast its clocks run.
    #[serde(default)]
    pub speed: Speed,
    /// What comes, in the order of their times.
    pub injects: Vec<Inject>,
}

/// Something that comes at its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inject {
    /// When, after the beginning, by the exercise's own clock.
    pub at: After,
    /// What it is called, for those who run the exercise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What comes in.
    pub content: Content,
    /// The handle of the source that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How that is graded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grading>,
    /// Partners who are expected to be warned of it; the report says who was not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<NodeName>,
}

/// What an inject brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// A report, as text.
    Text(String),
    /// A STIX bundle or objects, as JSON.
    Stix(String),
}

/// A time after the beginning, in whole minutes: `1:30`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct After(u32);

/// Why a text is no time after the beginning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time after the beginning: hours and minutes, such as `1:30`, up to 336:00")]
pub struct BadAfter(String);

impl After {
    /// In minutes.
    pub fn minutes(self) -> u32 {
        self.0
    }
}

impl FromStr for After {
    type Err = BadAfter;

    fn from_str(text: &str) -> Result<After, BadAfter> {
        let read = || {
            let (hours, minutes) = text.split_once(':')?;
            let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
            if !digits(hours) || !digits(minutes) || minutes.len() != 2 {
                return None;
            }
            let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
            let all = hours.checked_mul(60)?.checked_add(minutes)?;
            (minutes < 60 && all <= MAX_MINUTES).then_some(After(all))
        };
        read().ok_or_else(|| BadAfter(text.chars().take(40).collect()))
    }
}

impl TryFrom<String> for After {
    type Error = BadAfter;

    fn try_from(text: String) -> Result<After, BadAfter> {
        text.parse()
    }
}

impl From<After> for String {
    fn from(after: After) -> String {
        after.to_string()
    }
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Content {
    /// As it is taken in.
    pub fn text(&self) -> &str {
        match self {
            Content::Text(text) | Content::Stix(text) => text,
        }
    }
}

impl Scenario {
    /// Whether it can be played.
    ///
    /// # Errors
    /// It has no name or inject, too many, too much, or an inject comes before the one above it.
    pub fn check(&self) -> Result<(), Refusal> {
        let refused = |code, message: String| Err(Refusal::new(code, message));
        if self.name.trim().is_empty() {
            return refused(Code::Empty, "give the exercise a name".to_owned());
        }
        short(&self.name)?;
        if self.injects.is_empty() {
            return refused(Code::Empty, "a scenario has at least one inject".to_owned());
        }
        if self.injects.len() > MAX_INJECTS {
            return refused(Code::TooMany, format!("a scenario has at most {MAX_INJECTS} injects"));
        }
        let bytes: usize = self.injects.iter().map(|inject| inject.content.text().len()).sum();
        if bytes > MAX_SCENARIO_BYTES {
            let message =
                format!("the injects have {bytes} bytes together; at most {MAX_SCENARIO_BYTES}");
            return refused(Code::TooMany, message);
        }
        let mut before = After(0);
        for (place, inject) in (1..).zip(&self.injects) {
            inject.check(place)?;
            if inject.at < before {
                let message =
                    format!("inject {place} comes at {}, before the one above it", inject.at);
                return refused(Code::Horizon, message);
            }
            before = inject.at;
        }
        Ok(())
    }
}

impl Inject {
    fn check(&self, place: u32) -> Result<(), Refusal> {
        if self.content.text().trim().is_empty() {
            return Err(Refusal::new(Code::Empty, format!("inject {place} brings nothing")));
        }
        if self.expect.len() > MAX_EXPECTED {
            let message = format!("inject {place} expects more than {MAX_EXPECTED} partners");
            return Err(Refusal::new(Code::TooMany, message));
        }
        for text in [&self.title, &self.source].into_iter().flatten() {
            short(text)?;
        }
        Ok(())
    }
}
