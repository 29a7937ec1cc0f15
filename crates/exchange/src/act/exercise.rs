//! Acts on exercises.

use crate::exercise::Scenario;
use crate::id::ExerciseNumber;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on an exercise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum ExerciseAct {
    /// It begins: its injects are played, each at its time.
    #[serde(rename = "exercise-begin")]
    Begin {
        /// What is played.
        scenario: Box<Scenario>,
    },
    /// It is over.
    #[serde(rename = "exercise-end")]
    End {
        /// Which.
        exercise: ExerciseNumber,
        /// Why, or how it went.
        reason: String,
    },
}
