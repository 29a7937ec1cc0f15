//! The clock of a case: until when a decision is due, and that the partner holds the warning where
//! it is to warn.

use forewarn_stix::Timestamp;
use serde::{Deserialize, Serialize};

/// Runs from the opening until the case is closed, or the partner holds the warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "clock", rename_all = "kebab-case")]
pub enum Clock {
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
    /// The case was closed, or the partner holds the warning.
    Stopped {
        /// When it was due.
        due: Timestamp,
        /// When it was put on record that time had run out before, if it had.
        ran_out: Option<Timestamp>,
    },
}

impl Clock {
    /// A clock that runs until `due`.
    pub fn start(due: Timestamp) -> Clock {
        Clock::Running { due, before: None }
    }

    /// When it runs out, or would have.
    pub fn due(&self) -> &Timestamp {
        match self {
            Clock::Running { due, .. } | Clock::RanOut { due, .. } | Clock::Stopped { due, .. } => {
                due
            }
        }
    }

    /// When it was put on record that it had run out.
    pub fn ran_out(&self) -> Option<&Timestamp> {
        match self {
            Clock::Running { before, .. } => before.as_ref(),
            Clock::RanOut { at, .. } => Some(at),
            Clock::Stopped { ran_out, .. } => ran_out.as_ref(),
        }
    }

    /// Whether the case still waits for what the clock is for.
    pub fn runs(&self) -> bool {
        match self {
            Clock::Running { .. } | Clock::RanOut { .. } => true,
            Clock::Stopped { .. } => false,
        }
    }

    /// Whether it runs and its time is past, on record or not.
    pub fn is_overdue(&self, now: &Timestamp) -> bool {
        self.runs() && now > self.due()
    }

    /// It is due at another time from now on. What is on record stays.
    pub fn until(self, due: Timestamp) -> Clock {
        match self {
            Clock::Running { before, .. } => Clock::Running { due, before },
            Clock::RanOut { at, .. } => Clock::RanOut { due, at },
            Clock::Stopped { ran_out, .. } => Clock::Stopped { due, ran_out },
        }
    }

    /// It runs anew until `due`; one that runs already goes on as it is.
    #[must_use]
    pub fn again(self, due: Timestamp) -> Clock {
        match self {
            Clock::Stopped { ran_out, .. } => Clock::Running { due, before: ran_out },
            runs @ (Clock::Running { .. } | Clock::RanOut { .. }) => runs,
        }
    }

    /// Puts on record that it has run out; `None` when it has not, or that is on record already.
    pub fn run_out(&self, at: &Timestamp) -> Option<Clock> {
        match self {
            Clock::Running { due, .. } if *at >= *due => {
                Some(Clock::RanOut { due: due.clone(), at: at.clone() })
            }
            Clock::Running { .. } | Clock::RanOut { .. } | Clock::Stopped { .. } => None,
        }
    }

    /// What it was for is done.
    #[must_use]
    pub fn stop(self) -> Clock {
        match self {
            Clock::Running { due, before } => Clock::Stopped { due, ran_out: before },
            Clock::RanOut { due, at } => Clock::Stopped { due, ran_out: Some(at) },
            stopped @ Clock::Stopped { .. } => stopped,
        }
    }
}
