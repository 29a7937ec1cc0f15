//! What moves the clock of a case beside its decision: another urgency, a pause, time itself.

use super::{Acting, Case, Outward, Pause, Stage, out_of_turn};
use crate::clocks::{Clocks, Purpose};
use crate::code::Code;
use crate::refusal::{Refusal, give_reason};
use crate::scale::Urgency;
use forewarn_stix::Timestamp;

/// Longest pause, in minutes: a week. A clock that stands for longer is lost.
pub const MAX_PAUSE_MINUTES: i64 = 7 * 24 * 60;

/// What became of a clock whose time had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rang {
    /// Its time is past.
    RanOut,
    /// Its pause is over, and it runs on.
    RunsOn,
}

impl Case {
    /// The time of its clock has come: it has run out, or its pause is over. Done once.
    ///
    /// # Errors
    /// The clock stands, or its time has not come.
    pub fn ring(mut self, at: &Timestamp, clocks: &Clocks) -> Result<(Case, Rang), Refusal> {
        if let Some(pause) = self.clock.pause() {
            if *at < pause.until {
                let message = format!("case {}: the clock is paused", self.number);
                return Err(Refusal::new(Code::Clock, message));
            }
            // However late that is noticed, by a node that did not run, say.
            let until = pause.until.clone();
            return Ok((self.run_on(&until, clocks), Rang::RunsOn));
        }
        let clock = self.clock.run_out(at).ok_or_else(|| {
            Refusal::new(Code::Clock, format!("case {}: the clock stands", self.number))
        })?;
        self.clock = clock;
        Ok((self, Rang::RanOut))
    }

    /// The clock stands until a time, and then runs on by itself with what was left.
    ///
    /// # Errors
    /// No reason; the clock does not run, or has run out; or the time is past or too far.
    pub fn pause(
        mut self,
        (until, reason): (&Timestamp, &str),
        clocks: &Clocks,
        acting: &Acting,
    ) -> Result<Case, Refusal> {
        give_reason(reason, "say why the clock stands")?;
        let latest = acting.at.plus_minutes(MAX_PAUSE_MINUTES);
        if until <= acting.at || *until > latest {
            let message = format!("a pause ends after now, and before {latest}");
            return Err(Refusal::new(Code::Clock, message));
        }
        let left = clocks.between(self.urgency, acting.at, self.clock.due());
        let pause = Pause {
            by: acting.by.clone(),
            since: acting.at.clone(),
            until: until.clone(),
            reason: reason.to_owned(),
        };
        let has_time = self.clock.deadline().is_some_and(|due| due > acting.at);
        let paused = self.clock.clone().paused(left, pause).filter(|_| has_time);
        let Some(clock) = paused else {
            let why = "only a clock that runs and has time left is paused";
            return Err(out_of_turn(self.number, self.stage(), why));
        };
        self.clock = clock;
        Ok(self)
    }

    /// A paused clock runs on with what was left.
    ///
    /// # Errors
    /// It is not paused.
    pub fn resume(self, clocks: &Clocks, acting: &Acting) -> Result<Case, Refusal> {
        let Some(pause) = self.clock.pause() else {
            return Err(out_of_turn(self.number, self.stage(), "its clock is not paused"));
        };
        let from = acting.at.min(&pause.until).clone();
        Ok(self.run_on(&from, clocks))
    }

    fn run_on(mut self, at: &Timestamp, clocks: &Clocks) -> Case {
        if let super::Ticking::Paused { left, .. } = self.clock.state {
            let due = clocks.later(self.urgency, at, left);
            self.clock = self.clock.until(due);
        }
        self
    }

    /// It is as urgent as this from now on. As long as it runs for the decision, the clock is
    /// reckoned anew from when it was opened, or we were aware of the threat.
    ///
    /// # Errors
    /// No reason; it is so urgent already, was closed, or a draft waits that says the urgency.
    pub fn regrade(
        mut self,
        (urgency, reason): (Urgency, &str),
        clocks: &Clocks,
    ) -> Result<Case, Refusal> {
        give_reason(reason, "say why it is more or less urgent")?;
        let stage = self.stage();
        if urgency == self.urgency {
            let message = format!("case {} is {urgency} already", self.number);
            return Err(Refusal::new(Code::Stage, message));
        }
        match stage {
            Stage::Open | Stage::Found | Stage::ToWarn | Stage::Drafted | Stage::Released => {}
            Stage::Closed | Stage::Expired | Stage::Recalled => {
                return Err(out_of_turn(self.number, stage, "it is urgent no more"));
            }
        }
        self.urgency = urgency;
        if self.outward == Outward::Nothing || self.outward == Outward::Drafted {
            let due = clocks.due(urgency, self.runs_from());
            self.clock = self.clock.until(due);
        }
        Ok(self)
    }

    /// A linked case is decided to warn: this one, of the same threat, has no longer than that.
    #[must_use]
    pub fn hurried(mut self, due: &Timestamp) -> Case {
        if self.is_undecided() {
            self.clock = self.clock.no_later(due.clone());
        }
        self
    }

    /// From when its clock counts: it was opened or taken up again, or we were aware before.
    pub(super) fn runs_from(&self) -> &Timestamp {
        let aware = self.assessment.finding().and_then(|found| found.finding.aware_at.as_ref());
        let from = self.reopened.as_ref().unwrap_or(&self.opened);
        aware.filter(|aware| *aware < from).unwrap_or(from)
    }

    /// Looked at again: it runs for that until a time.
    pub(super) fn look_again(&mut self, purpose: Purpose, due: Timestamp) {
        self.clock = self.clock.clone().next_for(purpose, due);
    }
}
