//! Acts on what is kept: what is erased, and what is held against that.

use super::{Decision, Desk};
use crate::erasure;
use crate::failure::Undone;
use forewarn_exchange::act::RecordAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::erasure::{Erasable, Erased, Ground, Hold};
use forewarn_exchange::event::Event;
use forewarn_exchange::history::{Happened, Line, Topic};
use forewarn_exchange::id::{CaseNumber, Subject};
use forewarn_exchange::refusal::give_reason;
use forewarn_exchange::role::Role;
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;

impl Desk<'_> {
    pub(super) fn record(&mut self, act: &RecordAct) -> Decision {
        match act {
            RecordAct::Erase { what, ground, reason } => self.erase(what, *ground, reason),
            RecordAct::Hold { what, reason } => {
                erasure::must_be_there(self.db, what)?;
                give_reason(reason, "say why it is held: a court's file number, say")?;
                let (at, by) = (self.command.time.clone(), self.by()?);
                let hold = Hold { at, by, reason: reason.clone() };
                Ok(held(what, Some(hold), reason))
            }
            RecordAct::Look { reason } => {
                give_reason(reason, "say by what request: the number of its file, say")?;
                let happened = Happened::LookedFor { reason: reason.clone() };
                let line = Line::new(Topic::Node, happened);
                Ok((vec![Event::Told { line }], Answer::LookedFor {}))
            }
            RecordAct::Read { case } => {
                let known = self.db.case(*case)?;
                known.ok_or_else(|| Refusal::unknown("case", case))?;
                if !self.user()?.roles.contains(&Role::Auditor) {
                    let message = "an auditor's reading is put on record, and nobody else's";
                    return Err(Refusal::new(Code::NotPermitted, message).into());
                }
                let events = if self.has_read_today(*case)? {
                    Vec::new()
                } else {
                    let line =
                        Line::new(Topic::from(Subject::from(*case)), Happened::WithheldRead {});
                    vec![Event::Told { line }]
                };
                Ok((events, Answer::WithheldRead { case: *case }))
            }
            RecordAct::Export { case, form, digest, marking } => {
                let known = self.db.case(*case)?;
                known.ok_or_else(|| Refusal::unknown("case", case))?;
                let (form, digest, marking) = (*form, *digest, *marking);
                let happened = Happened::Exported { form, digest, marking };
                let line = Line::new(Topic::from(Subject::from(*case)), happened);
                Ok((vec![Event::Told { line }], Answer::Exported { case: *case }))
            }
            RecordAct::Lift { what, reason } => {
                erasure::must_be_there(self.db, what)?;
                give_reason(reason, "say why it is held no more")?;
                let known = self.db.kept(what)?.and_then(|known| known.hold);
                if known.is_none() {
                    return Err(Refusal::unknown("hold on", what).into());
                }
                Ok(held(what, None, reason))
            }
        }
    }

    /// Once a day is enough, however often it is read and said.
    fn has_read_today(&self, case: CaseNumber) -> Result<bool, Undone> {
        let is_today =
            |time: &Timestamp| time.as_str().get(..10) == self.command.time.as_str().get(..10);
        let history = self.db.history(Subject::from(case))?;
        Ok(history.iter().any(|one| {
            one.happened == Happened::WithheldRead {}
                && one.actor == self.actor
                && is_today(&one.time)
        }))
    }

    fn erase(&self, what: &Erasable, ground: Ground, reason: &str) -> Decision {
        let second = self.command.actor.user().filter(|_| self.command.actor != self.actor);
        let event = erasure::erased(
            self.db,
            what,
            Erased {
                at: self.command.time.clone(),
                by: self.actor.clone(),
                second: second.cloned(),
                ground,
                reason: reason.to_owned(),
            },
        )?;
        Ok((vec![event], Answer::Kept { what: what.clone() }))
    }
}

fn held(what: &Erasable, hold: Option<Hold>, reason: &str) -> (Vec<Event>, Answer) {
    let (what, reason) = (what.clone(), reason.to_owned());
    let answer = Answer::Kept { what: what.clone() };
    (vec![Event::HoldSet { what, hold, reason }], answer)
}
