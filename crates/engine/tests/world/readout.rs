//! Readouts: written, committed to and revealed, with an embargo, on both sides.

use super::{Taken, World, user};
use forewarn_exchange::act::ReadoutAct;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::{Subject, WarningNumber};
use forewarn_exchange::message::Message;
use forewarn_exchange::readout::{Document, FIELD};
use forewarn_transcript::{Disclosure, Reference};

impl World {
    /// One of our people does something about a readout of a warning that came, or of a case.
    pub(super) fn readout(&mut self) -> Taken {
        let warning = WarningNumber::new(1 + i64::try_from(self.random.below(2)).unwrap());
        let subject = match self.random.below(3) {
            0 => Subject::Case(self.case()),
            _ => Subject::Warning(warning),
        };
        let until = self.time().plus_minutes(20);
        let act = match self.random.below(9) {
            0 | 1 => {
                let text = "We were warned, and thank those who did.".to_owned();
                let (facts, set_aside) = (Vec::new(), SetAside::default());
                ReadoutAct::Write { subject, text, facts, set_aside }
            }
            2 | 3 => {
                let known = self.core.store().db().readout(subject).unwrap();
                let written = known.as_ref().and_then(|known| known.ours.draft());
                let nothing = Document { text: "?".to_owned(), stated: Vec::new() };
                let readout = written.map_or(nothing, |draft| draft.document.clone());
                let until = (self.random.below(2) == 0).then_some(until);
                ReadoutAct::Commit { subject, readout, until }
            }
            4 => {
                let (early, set_aside) = (self.random.below(2) == 0, SetAside::default());
                ReadoutAct::Reveal { subject, early, set_aside }
            }
            5 => ReadoutAct::Accept { subject },
            6 => ReadoutAct::Propose { subject, until },
            7 => ReadoutAct::Note { subject },
            _ => {
                let reason = "the press has it".to_owned();
                match self.random.below(2) {
                    0 => ReadoutAct::Decline { subject, reason },
                    _ => ReadoutAct::Leave { subject, complies: true, reason },
                }
            }
        };
        self.act(user("otto"), act)
    }

    /// What the partner says about its readout of the warning at this entry of its log.
    pub(super) fn their_readout(
        &mut self,
        about: Option<Reference>,
        ids: &mut Ids,
    ) -> (Message, Option<Reference>, Option<(&'static str, serde_json::Value)>) {
        let until = self.time().plus_minutes(9);
        let text = "They were warned by us.".to_owned();
        let readout = Document { text, stated: Vec::new() };
        let value = serde_json::to_value(&readout).unwrap();
        match self.random.below(4) {
            0 => {
                let message = Message::ReadoutCommitted { facts: Vec::new(), until: Some(until) };
                (message, about, Some((FIELD, value)))
            }
            1 => (Message::EmbargoProposed { until }, about, None),
            2 => {
                let (complies, reason) = (false, "it is known".to_owned());
                (Message::EmbargoLeft { complies, reason }, about, None)
            }
            _ => {
                // Of another salt than was committed to: it is refused.
                let salt = Disclosure::new(ids.salt(), FIELD, &value);
                let salt = salt.salt().unwrap();
                (Message::ReadoutRevealed { salt, readout }, about, None)
            }
        }
    }
}
