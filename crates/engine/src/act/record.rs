//! Acts on what is kept: what is erased, and what is held against that.

use super::{Decision, Desk};
use crate::failure::Undone;
use crate::retained;
use forewarn_exchange::act::RecordAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::erasure::{Erasable, Erased, Ground, Hold, may_be_erased};
use forewarn_exchange::event::Event;
use forewarn_exchange::history::{Happened, Line, Topic};
use forewarn_exchange::refusal::give_reason;
use forewarn_exchange::{Code, Refusal};

impl Desk<'_> {
    pub(super) fn record(&mut self, act: &RecordAct) -> Decision {
        match act {
            RecordAct::Erase { what, ground, reason } => self.erase(what, *ground, reason),
            RecordAct::Hold { what, reason } => {
                retained::must_be_there(self.db, what)?;
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
            RecordAct::Lift { what, reason } => {
                give_reason(reason, "say why it is held no more")?;
                let known = self.db.kept(what)?.and_then(|known| known.hold);
                if known.is_none() {
                    return Err(Refusal::unknown("hold on", what).into());
                }
                Ok(held(what, None, reason))
            }
        }
    }

    fn erase(&self, what: &Erasable, ground: Ground, reason: &str) -> Decision {
        retained::must_be_there(self.db, what)?;
        let known = self.db.kept(what)?;
        may_be_erased(known.as_ref().and_then(|known| known.hold.as_ref()), reason)?;
        retained::must_be_over(self.db, what, ground)?;
        let second = self.command.actor.user().filter(|_| self.command.actor != self.actor);
        let erased = Erased {
            at: self.command.time.clone(),
            by: self.actor.clone(),
            second: second.cloned(),
            ground,
            reason: reason.to_owned(),
        };
        let forgotten = retained::decided_proposals(self.db, what)?;
        let event = Event::Erased { what: what.clone(), erased: Box::new(erased), forgotten };
        Ok((vec![event], Answer::Kept { what: what.clone() }))
    }

    /// Nothing is done any more about what was erased, as long as nothing has come of it since.
    pub(super) fn must_not_be_erased(&self, what: &Erasable) -> Result<(), Undone> {
        if !self.db.is_gone(what)? {
            return Ok(());
        }
        let erased = self.db.kept(what)?.and_then(|known| known.erased);
        let Some(Erased { at, ground, .. }) = erased else { return Ok(()) };
        let message = format!("{what} was erased at {at}: {}", ground.words());
        Err(Refusal::new(Code::Stage, message).into())
    }
}

fn held(what: &Erasable, hold: Option<Hold>, reason: &str) -> (Vec<Event>, Answer) {
    let (what, reason) = (what.clone(), reason.to_owned());
    let answer = Answer::Kept { what: what.clone() };
    (vec![Event::HoldSet { what, hold, reason }], answer)
}
