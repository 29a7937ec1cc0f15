//! Exercises: a scenario whose injects the node plays into a part of its own, with clocks that run
//! faster where wished.
//!
//! What an exercise brings is never beside what is meant: its items are in a collection of their own,
//! and its cases join, merge and link with no other (CAP 1.2: `status` *Exercise*). An inject is what
//! the HSEEP (Homeland Security Exercise and Evaluation Program, 2020) calls so: a part of the
//! scenario that comes at its time and asks for something.

mod part;
mod scenario;

pub use part::{InExercise, Speed};
pub use scenario::{After, BadAfter, Content, Inject, MAX_INJECTS, MAX_SCENARIO_BYTES, Scenario};

use crate::code::Code;
use crate::drawn::Ids;
use crate::id::ExerciseNumber;
use crate::name::UserName;
use crate::refusal::{Refusal, give_reason};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most exercises that run at once: each asks for people.
pub const MAX_RUNNING: usize = 5;

/// An exercise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exercise {
    /// Which.
    pub number: ExerciseNumber,
    /// What is played.
    pub scenario: Scenario,
    /// Who began it.
    pub by: UserName,
    /// When: the scenario's times count from then.
    pub begun: Timestamp,
    /// That it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Over>,
}

/// An exercise was ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Over {
    /// Who.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Why, or how it went.
    pub reason: String,
}

impl Exercise {
    /// It begins now.
    ///
    /// # Errors
    /// The scenario has no inject, or something in it is out of bounds.
    pub fn begin(
        number: ExerciseNumber,
        scenario: Scenario,
        (by, at): (&UserName, &Timestamp),
    ) -> Result<Exercise, Refusal> {
        scenario.check()?;
        Ok(Exercise { number, scenario, by: by.clone(), begun: at.clone(), ended: None })
    }

    /// It is over: what was not played is not, and its cases need nobody any more.
    ///
    /// # Errors
    /// It is over already, or nobody says why.
    pub fn end(self, reason: &str, (by, at): (&UserName, &Timestamp)) -> Result<Exercise, Refusal> {
        if self.is_over() {
            let message = format!("exercise {} is over", self.number);
            return Err(Refusal::new(Code::Stage, message));
        }
        give_reason(reason, "say why it ends, or how it went")?;
        let over = Over { by: by.clone(), at: at.clone(), reason: reason.to_owned() };
        Ok(Exercise { ended: Some(over), ..self })
    }

    /// Whether it was ended.
    pub fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    /// What its cases carry.
    pub fn part(&self) -> InExercise {
        InExercise { number: self.number, speed: self.scenario.speed }
    }

    /// The id of the intake that the inject at this place is: so it is known whether it was played, and
    /// it is played once.
    pub fn intake_id(&self, place: u32) -> String {
        let named = format!("exercise {} inject {place}", self.number);
        Ids::new(Hash::of(named.as_bytes())).uuid()
    }

    /// When the inject at this place, counted from 1, is played, with it; `None` beyond the last.
    pub fn inject(&self, place: u32) -> Option<(Timestamp, &Inject)> {
        let inject = self.scenario.injects.get(usize::try_from(place.checked_sub(1)?).ok()?)?;
        let after = self.scenario.speed.minutes(i64::from(inject.at.minutes()));
        Some((Timestamp::from_micros_with(self.begun.micros().saturating_add(after), 3)?, inject))
    }
}

#[cfg(test)]
mod tests;
