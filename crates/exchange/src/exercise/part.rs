//! What a case of an exercise carries: which exercise, and how fast its clocks run.

use crate::id::ExerciseNumber;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Microseconds of a minute.
const MINUTE: i64 = 60 * 1_000_000;

/// That something is of an exercise.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct InExercise {
    /// Which.
    pub number: ExerciseNumber,
    /// How fast its clocks run.
    #[serde(default)]
    pub speed: Speed,
}

/// How many minutes of an exercise pass in one minute of everybody else's: 1 to 1,000.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "u32", into = "u32")]
pub struct Speed(u32);

/// Why a number is no speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a speed is a whole number from 1 to {max}, not {given}", max = Speed::MAX)]
pub struct BadSpeed {
    given: u32,
}

impl Speed {
    /// A day in a minute and a half: faster, nobody could act.
    pub const MAX: u32 = 1_000;
    /// As the clocks of everybody else.
    pub const REAL: Speed = Speed(1);

    /// How many times faster.
    pub fn times(self) -> u32 {
        self.0
    }

    /// How long so many minutes of the exercise last, in microseconds.
    pub fn minutes(self, minutes: i64) -> i64 {
        minutes.saturating_mul(MINUTE) / i64::from(self.0)
    }

    /// How much of the exercise passes in so many microseconds, in microseconds of it.
    pub fn passes(self, micros: i64) -> i64 {
        micros.saturating_mul(i64::from(self.0))
    }
}

impl Default for Speed {
    fn default() -> Speed {
        Speed::REAL
    }
}

impl TryFrom<u32> for Speed {
    type Error = BadSpeed;

    fn try_from(times: u32) -> Result<Speed, BadSpeed> {
        if (1..=Speed::MAX).contains(&times) {
            Ok(Speed(times))
        } else {
            Err(BadSpeed { given: times })
        }
    }
}

impl From<Speed> for u32 {
    fn from(speed: Speed) -> u32 {
        speed.0
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
