//! The time of a released warning: until when it holds, from when on it is to be renewed, and that
//! it is over. It ends by itself: each node's own clock puts that on record.

use super::{Acting, Case, Outgoing, Outward, Stage, out_of_turn};
use crate::code::Code;
use crate::draft::{DraftChanges, DraftRequest};
use crate::owed::{Owed, Word};
use crate::refusal::{Field, Hint, Refusal};
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A warning is to be renewed from so many minutes before its time is over: a day, or half of its
/// time when it holds for less than two.
const RENEW_MINUTES: i64 = 24 * 60;
const MICROS_A_MINUTE: i64 = 60_000_000;

/// Until when a released warning holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Horizon {
    /// Until then.
    pub until: Timestamp,
    /// From then on somebody decides whether it is renewed.
    pub renew_from: Timestamp,
}

impl Horizon {
    /// The horizon of a version that was released at `at`.
    pub fn new(until: &Timestamp, at: &Timestamp) -> Horizon {
        let holds = until.micros().saturating_sub(at.micros()).max(0) / MICROS_A_MINUTE;
        let before = RENEW_MINUTES.min(holds / 2);
        Horizon { until: until.clone(), renew_from: until.plus_minutes(-before) }
    }
}

impl Case {
    /// Whether its released warning's time is running: it may end, or be renewed.
    pub fn holds_until(&self) -> Option<&Horizon> {
        let holds = self.outward == Outward::Released && self.expired.is_none();
        self.horizon.as_ref().filter(|_| holds)
    }

    /// Puts on record that the time of the released warning is over. A partner that can answer, and
    /// has not declined it, is to: what it does for it is to end.
    ///
    /// # Errors
    /// Its time is not over, or that is on record.
    pub fn expire(
        mut self,
        (newest, owes): (&Reference, bool),
        at: &Timestamp,
    ) -> Result<Case, Refusal> {
        let over = self.holds_until().is_some_and(|one| one.until.moment() <= at.moment());
        if !over {
            let message = format!("case {}: the time of its warning is not over", self.number);
            return Err(Refusal::new(Code::Clock, message));
        }
        self.expired = Some(at.clone());
        // The partner's clock may have been ahead of ours, and its answer have come.
        let answered = self.owed.take().filter(|owed| owed.word == Word::Expiry);
        self.owed = answered.or_else(|| owes.then(|| Owed::new(Word::Expiry, newest.clone(), at)));
        Ok(self)
    }

    /// A version was released: it holds from now on, and an update is to be answered by whoever can.
    pub(super) fn holds(
        &mut self,
        until: &Timestamp,
        (entry, owes): (&Reference, bool),
        at: &Timestamp,
    ) {
        self.horizon = Some(Horizon::new(until, at));
        self.expired = None;
        self.owed = owes.then(|| Owed::new(Word::Update, entry.clone(), at));
    }

    /// The last released version with another horizon, and nothing else.
    ///
    /// # Errors
    /// Nothing was released, another next version waits, or the horizon is not later than before.
    pub fn renewed(
        &self,
        outgoing: &Outgoing,
        until: &Timestamp,
        acting: &Acting,
    ) -> Result<DraftRequest, Refusal> {
        let stage = self.stage();
        let last = match outgoing {
            Outgoing::Released { releases, next: None } => releases.last(),
            Outgoing::Released { next: Some(_), .. } => {
                let why = "another next version waits: release it, or draft it with the horizon";
                return Err(out_of_turn(self.number, stage, why));
            }
            Outgoing::Nothing | Outgoing::Drafted(_) | Outgoing::Recalled { .. } => None,
        };
        let why = "only a released warning is renewed";
        let last = last.ok_or_else(|| out_of_turn(self.number, stage, why))?;
        let before = &last.draft.valid_until;
        if until.moment() <= before.moment() || until.moment() <= acting.at.moment() {
            let message =
                format!("it holds until {before}; a renewal is until later, and not past");
            return Err(
                Refusal::new(Code::Horizon, message).hint(Hint::Give { field: Field::ValidUntil })
            );
        }
        let request = last.draft.request.as_ref().ok_or_else(|| {
            let message = "what went into the last version was not kept by the program of its time";
            Refusal::new(Code::NoDraft, message).hint(Hint::Draft { case: self.number })
        })?;
        let changes = DraftChanges { valid_until: Some(until.clone()), ..DraftChanges::default() };
        changes.of(request)
    }
}

/// Whether a case has come to its end by the clock.
pub(super) fn stage(case: &Case) -> Stage {
    if case.expired.is_some() { Stage::Expired } else { Stage::Released }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_renewed_a_day_before_its_end_or_after_half_of_its_time() {
        let at = Timestamp::parse("2017-12-15T09:30:00Z").unwrap();
        for (holds, before) in [(10 * 24 * 60, 24 * 60), (60, 30), (1, 0)] {
            let until = at.plus_minutes(holds);
            let horizon = Horizon::new(&until, &at);
            assert_eq!(horizon.renew_from, until.plus_minutes(-before), "{holds} minutes");
        }
    }
}
