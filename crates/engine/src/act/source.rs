//! Acts on sources; and whether what rests on one may leave.

use super::{Decision, Desk};
use crate::failure::Undone;
use crate::originals;
use forewarn_exchange::Refusal;
use forewarn_exchange::act::SourceAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::danger::Danger;
use forewarn_exchange::event::Event;
use forewarn_exchange::history::Happened;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::source_name::{KeptName, SourceLook, SourceNames};
use forewarn_transcript::Hash;

impl Desk<'_> {
    pub(super) fn source(&mut self, act: &SourceAct) -> Decision {
        let (by, known) = (self.by()?, self.db.dangers()?);
        let stamp = (&by, &self.command.time);
        match act {
            SourceAct::Danger { source, reason } => {
                // A mistyped handle would protect nobody.
                if !self.db.is_source(source)? {
                    let refusal = Refusal::unknown("source", source);
                    return Err(refusal.advice("give the handle as items have it").into());
                }
                Ok(danger_set(known.raise(source, reason, stamp)?))
            }
            SourceAct::Keep { source, known } => {
                let kept = KeptName {
                    source: source.clone(),
                    known: known.clone(),
                    by,
                    at: self.command.time.clone(),
                    made: made(self.command.seed),
                    looks: Vec::new(),
                };
                let names = self.db.source_names()?.keep(kept)?;
                Ok(names_set(names, source, Happened::SourceKept {}))
            }
            SourceAct::Look { source, reason } => {
                let (at, reason) = (self.command.time.clone(), reason.clone());
                let names = self.db.source_names()?.look(source, SourceLook { by, at, reason })?;
                Ok(names_set(names, source, Happened::SourceRead {}))
            }
            SourceAct::Forget { source, reason } => {
                let names = self.db.source_names()?.forget(source, reason)?;
                Ok(names_set(names, source, Happened::SourceForgotten {}))
            }
            SourceAct::Lift { danger, reason } => {
                Ok(danger_set(known.lift(*danger, reason, stamp)?))
            }
        }
    }

    /// No source is in danger that a case rests on.
    pub(super) fn no_source_in_danger(&self, case: CaseNumber) -> Result<(), Undone> {
        let dangers = self.db.dangers()?;
        if dangers.holding().next().is_some() {
            dangers.let_out(&originals::sources(self.db, case)?)?;
        }
        Ok(())
    }
}

/// By what a name is found again that a command kept: the journal has no name.
pub(crate) fn made(seed: Hash) -> Hash {
    Hash::of(&seed.0)
}

fn names_set(names: SourceNames, source: &str, happened: Happened) -> (Vec<Event>, Answer) {
    let event = Event::SourceNamesSet { names: Box::new(names), happened };
    (vec![event], Answer::SourceName { source: source.to_owned() })
}

fn danger_set(danger: Danger) -> (Vec<Event>, Answer) {
    let answer = Answer::Danger { danger: danger.number, holds: danger.holds() };
    (vec![Event::DangerSet { danger: Box::new(danger) }], answer)
}
