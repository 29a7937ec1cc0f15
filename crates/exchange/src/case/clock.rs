//! The clock of a case: until when the next thing about it is due, and what that is for.
//!
//! A case has one clock. It gives the time for a decision, and for the partner to hold the warning;
//! when the case is waived or referred, it gives the time until that is looked at again.

use crate::clocks::Purpose;
use crate::name::UserName;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Until when, what for, and whether it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Clock {
    /// What it is for.
    #[serde(default, skip_serializing_if = "Purpose::is_warn")]
    pub purpose: Purpose,
    /// Whether it runs, and until when.
    #[serde(flatten)]
    pub state: Ticking,
}

/// Whether a clock runs, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "clock", rename_all = "kebab-case")]
pub enum Ticking {
    /// Time is left.
    Running {
        /// When it runs out.
        due: Timestamp,
        /// When it was put on record that it had run out before it was stopped and ran anew, if it
        /// had.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Timestamp>,
    },
    /// It is on record that time ran out; the case still waits.
    RanOut {
        /// When it was due.
        due: Timestamp,
        /// When that was put on record.
        at: Timestamp,
    },
    /// Somebody has said why it does not run for a while; then it runs on by itself.
    Paused {
        /// When it was due.
        due: Timestamp,
        /// How many minutes were left.
        left: i64,
        /// Who, until when, and why.
        #[serde(flatten)]
        pause: Box<Pause>,
        /// As in [`Ticking::Running`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Timestamp>,
    },
    /// The case was closed, or the partner holds the warning.
    Stopped {
        /// When it was due.
        due: Timestamp,
        /// When it was put on record that time had run out before, if it had.
        ran_out: Option<Timestamp>,
    },
}

/// Why a clock does not run, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pause {
    /// Who has paused it.
    pub by: UserName,
    /// Since when.
    pub since: Timestamp,
    /// When it runs on by itself.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
}

impl Clock {
    /// A clock that runs until `due`.
    pub fn start(purpose: Purpose, due: Timestamp) -> Clock {
        Clock { purpose, state: Ticking::Running { due, before: None } }
    }

    /// When it runs out, or would have. Of a paused one, when it would have run out unpaused.
    pub fn due(&self) -> &Timestamp {
        match &self.state {
            Ticking::Running { due, .. }
            | Ticking::RanOut { due, .. }
            | Ticking::Paused { due, .. }
            | Ticking::Stopped { due, .. } => due,
        }
    }

    /// When it was put on record that it had run out.
    pub fn ran_out(&self) -> Option<&Timestamp> {
        match &self.state {
            Ticking::Running { before, .. } | Ticking::Paused { before, .. } => before.as_ref(),
            Ticking::RanOut { at, .. } => Some(at),
            Ticking::Stopped { ran_out, .. } => ran_out.as_ref(),
        }
    }

    /// Whether the case still waits for what the clock is for.
    pub fn runs(&self) -> bool {
        match self.state {
            Ticking::Running { .. } | Ticking::RanOut { .. } | Ticking::Paused { .. } => true,
            Ticking::Stopped { .. } => false,
        }
    }

    /// Whether it is on record that its time is past, and the case still waits.
    pub fn is_out(&self) -> bool {
        matches!(self.state, Ticking::RanOut { .. })
    }

    /// Why it does not run for a while.
    pub fn pause(&self) -> Option<&Pause> {
        match &self.state {
            Ticking::Paused { pause, .. } => Some(pause),
            Ticking::Running { .. } | Ticking::RanOut { .. } | Ticking::Stopped { .. } => None,
        }
    }

    /// When it must be looked at next: it runs out, or runs on.
    pub fn next(&self) -> Option<&Timestamp> {
        match &self.state {
            Ticking::Running { due, .. } => Some(due),
            Ticking::Paused { pause, .. } => Some(&pause.until),
            Ticking::RanOut { .. } | Ticking::Stopped { .. } => None,
        }
    }

    /// Until when what it is for is due; `None` while it is paused or stopped.
    pub fn deadline(&self) -> Option<&Timestamp> {
        match &self.state {
            Ticking::Running { due, .. } | Ticking::RanOut { due, .. } => Some(due),
            Ticking::Paused { .. } | Ticking::Stopped { .. } => None,
        }
    }

    /// Whether it runs and its time is past, on record or not.
    pub fn is_overdue(&self, now: &Timestamp) -> bool {
        self.deadline().is_some_and(|due| now > due)
    }

    /// It is due at another time from now on. What is on record stays; a paused one runs.
    #[must_use]
    pub fn until(self, due: Timestamp) -> Clock {
        let state = match self.state {
            Ticking::Running { before, .. } | Ticking::Paused { before, .. } => {
                Ticking::Running { due, before }
            }
            Ticking::RanOut { at, .. } => Ticking::RanOut { due, at },
            Ticking::Stopped { ran_out, .. } => Ticking::Stopped { due, ran_out },
        };
        Clock { state, ..self }
    }

    /// It is due no later than this from now on. A paused one that would be, runs.
    #[must_use]
    pub fn no_later(self, due: Timestamp) -> Clock {
        let is_later = match &self.state {
            // At the earliest: with office hours it is later still.
            Ticking::Paused { left, pause, .. } => due < pause.until.plus_minutes(*left),
            Ticking::Running { .. } | Ticking::RanOut { .. } | Ticking::Stopped { .. } => {
                due < *self.due()
            }
        };
        if is_later { self.until(due) } else { self }
    }

    /// It runs anew until `due`; one that runs already goes on as it is. What a pause was for is over.
    #[must_use]
    pub fn again(self, due: Timestamp) -> Clock {
        match self.state {
            Ticking::Stopped { ran_out: before, .. } | Ticking::Paused { before, .. } => {
                Clock { state: Ticking::Running { due, before }, ..self }
            }
            Ticking::Running { .. } | Ticking::RanOut { .. } => self,
        }
    }

    /// What it was for is done, and it runs for something else from now on.
    #[must_use]
    pub fn next_for(self, purpose: Purpose, due: Timestamp) -> Clock {
        let before = self.ran_out().cloned();
        Clock { purpose, state: Ticking::Running { due, before } }
    }

    /// It stands for a while, with so many minutes left; `None` unless time is left.
    #[must_use]
    pub(super) fn paused(self, left: i64, pause: Pause) -> Option<Clock> {
        match self.state {
            Ticking::Running { due, before } => {
                let pause = Box::new(pause);
                Some(Clock { state: Ticking::Paused { due, left, pause, before }, ..self })
            }
            Ticking::RanOut { .. } | Ticking::Paused { .. } | Ticking::Stopped { .. } => None,
        }
    }

    /// Puts on record that it has run out; `None` when it has not, or that is on record already.
    pub fn run_out(&self, at: &Timestamp) -> Option<Clock> {
        match &self.state {
            Ticking::Running { due, .. } if *at >= *due => {
                let state = Ticking::RanOut { due: due.clone(), at: at.clone() };
                Some(Clock { state, ..*self })
            }
            Ticking::Running { .. }
            | Ticking::RanOut { .. }
            | Ticking::Paused { .. }
            | Ticking::Stopped { .. } => None,
        }
    }

    /// What it was for is done.
    #[must_use]
    pub fn stop(self) -> Clock {
        let (due, ran_out) = (self.due().clone(), self.ran_out().cloned());
        Clock { state: Ticking::Stopped { due, ran_out }, ..self }
    }
}
