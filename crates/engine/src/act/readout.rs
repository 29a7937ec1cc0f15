//! Readouts: what is said in public about a case or warning, and until when nothing is.

use super::{Decision, Desk};
use crate::erasure;
use crate::failure::Undone;
use forewarn_exchange::act::{ReadoutAct, Says};
use forewarn_exchange::answer::Answer;
use forewarn_exchange::case::{Acting, Release};
use forewarn_exchange::event::Event;
use forewarn_exchange::history::ReadoutChange;
use forewarn_exchange::id::Subject;
use forewarn_exchange::readout::{Claim, Document, Fact, Readout, Shows, Speaking, Stated, Told};
use forewarn_exchange::{Code, Refusal};
use forewarn_store::log::Held;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::{Disclosure, Entry, Hash, Reference};
use serde_json::Value;
use std::collections::BTreeSet;

impl Desk<'_> {
    pub(super) fn readout(&mut self, act: &ReadoutAct) -> Decision {
        match act {
            ReadoutAct::Write { subject, text, facts, set_aside } => {
                let held = self.known_readout(*subject)?;
                let stated = facts.iter().map(|says| self.stated(&held, says));
                let stated = stated.collect::<Result<Vec<_>, _>>()?;
                let document = Document { text: text.clone(), stated };
                let withheld = self.db.withheld_from_anybody(&held.partner)?;
                let set_aside = set_aside.clone();
                let readout =
                    self.acting(|acting| held.write(document, set_aside, &withheld, acting))?;
                Ok(written(readout, ReadoutChange::Written {}))
            }
            ReadoutAct::Note { subject } => {
                let readout = self.known_readout(*subject)?.note()?;
                Ok(written(readout, ReadoutChange::Noted {}))
            }
            ReadoutAct::Commit { subject, readout, until } => {
                let text = (readout, until.as_ref());
                let change = ReadoutChange::Committed { ours: true };
                self.says_on(*subject, change, |held, s, a| held.commit(text, s, a))
            }
            ReadoutAct::Reveal { subject, early, set_aside } => {
                self.says(*subject, |held, s, a| {
                    let told = held.reveal(*early, set_aside, s, a)?;
                    let early = told.readout.ours.was_early();
                    Ok((told, ReadoutChange::Revealed { ours: true, early }))
                })
            }
            ReadoutAct::Propose { subject, until } => {
                let change = ReadoutChange::EmbargoProposed { ours: true, until: until.clone() };
                self.says_on(*subject, change, |held, s, a| held.propose_embargo(until, s, a))
            }
            ReadoutAct::Accept { subject } => {
                let change = ReadoutChange::EmbargoAccepted { ours: true };
                self.says_on(*subject, change, Readout::accept_embargo)
            }
            ReadoutAct::Decline { subject, reason } => {
                let change = ReadoutChange::EmbargoDeclined { ours: true, reason: reason.clone() };
                self.says_on(*subject, change, |held, s, a| held.decline_embargo(reason, s, a))
            }
            ReadoutAct::Leave { subject, complies, reason } => {
                let (complies, why) = (*complies, reason.clone());
                let change = ReadoutChange::EmbargoLeft { ours: true, complies, reason: why };
                let left = (complies, reason.as_str());
                self.says_on(*subject, change, |held, s, a| held.leave_embargo(left, s, a))
            }
        }
    }

    fn says_on(
        &mut self,
        subject: Subject,
        change: ReadoutChange,
        act: impl FnOnce(Readout, &mut Speaking, &mut Acting) -> Result<Told, Refusal>,
    ) -> Decision {
        self.says(subject, |held, speaking, acting| Ok((act(held, speaking, acting)?, change)))
    }

    /// Writes an entry about a readout into our log.
    fn says(
        &mut self,
        subject: Subject,
        act: impl FnOnce(Readout, &mut Speaking, &mut Acting) -> Result<(Told, ReadoutChange), Refusal>,
    ) -> Decision {
        let held = self.known_readout(subject)?;
        let partner = self.partner(&held.partner)?;
        let mut post = self.post(&partner)?;
        let withheld = self.db.withheld_from_anybody(&held.partner)?;
        let mut speaking = Speaking { post: &mut post, withheld: &withheld };
        let (Told { readout, posted }, change) =
            self.acting(|acting| act(held, &mut speaking, acting))?;
        let entry = Some(posted.reference.clone());
        let partner = readout.partner.clone();
        let events = vec![
            Event::ReadoutSet { readout: Box::new(readout), change },
            Event::Posted { partner, subject: Some(subject), posted },
        ];
        Ok((events, Answer::Readout { subject, entry }))
    }

    /// What is written about a warning for named persons is by one of them.
    fn known_readout(&self, subject: Subject) -> Result<Readout, Undone> {
        self.must_open(subject, &self.user()?)?;
        erasure::must_not_be_erased(self.db, &subject.into())?;
        let found = readout_of(self.db, subject)?;
        let message = format!("{subject} is no warning that both sides have");
        Ok(found.ok_or_else(|| Refusal::new(Code::NotFound, message))?)
    }

    /// What the entry says at a place that a text names: that is what the text states.
    fn stated(&self, readout: &Readout, says: &Says) -> Result<Stated, Undone> {
        let Says { words, ours, index, shows } = says;
        let log = self.db.log_with(&readout.partner, *ours)?;
        let log = log.ok_or_else(|| Refusal::unknown("channel with", &readout.partner))?;
        let held = self.db.entry(&log, *index)?;
        let about = |held: &Held| held.subject == Some(readout.subject);
        let held = held.filter(about).ok_or_else(|| {
            let message = format!("entry {index} of {} is not about {}", log.name, readout.subject);
            Refusal::new(Code::NotFound, message)
        })?;
        let hash = Hash::leaf(held.carried.leaf.as_bytes());
        let entry = Reference { log: log.name, index: *index, hash };
        let value = claim(&held, shows)?;
        let fact = Fact { entry, shows: shows.clone() };
        Ok(Stated { words: words.clone(), fact, value })
    }
}

fn claim(held: &Held, shows: &Shows) -> Result<Claim, Refusal> {
    let entry = Entry::parse(held.carried.leaf.as_bytes())
        .map_err(|e| Refusal::new(Code::Entry, e.to_string()))?;
    let unknown = |name: &str| {
        let known: BTreeSet<String> = held.fields().collect();
        Refusal::no_field(name, &known)
    };
    Ok(match shows {
        Shows::Kind {} => Claim::Is(entry.kind.into()),
        Shows::Time {} => Claim::Is(entry.time.to_string().into()),
        Shows::Field { name, path } => {
            let value = open(&held.carried.disclosures, name).map(|(value, _)| value);
            let value = value.ok_or_else(|| unknown(name))?;
            let part = value.pointer(path).cloned().ok_or_else(|| {
                Refusal::new(Code::NoField, format!("the field `{name}` has nothing at `{path}`"))
                    .advice("a part is named as a JSON pointer, such as /0/count")
            })?;
            Claim::Is(part)
        }
        Shows::Withheld { name } => {
            let (_, digest) = open(&held.withheld, name).ok_or_else(|| unknown(name))?;
            Claim::Digest(digest)
        }
    })
}

fn open(all: &[Disclosure], name: &str) -> Option<(Value, String)> {
    all.iter().find_map(|one| {
        let field = one.open().ok()?;
        (field.name == *name).then(|| (field.value, one.digest()))
    })
}

fn written(readout: Readout, change: ReadoutChange) -> (Vec<Event>, Answer) {
    let answer = Answer::Readout { subject: readout.subject, entry: None };
    (vec![Event::ReadoutSet { readout: Box::new(readout), change }], answer)
}

/// The readout about a case or warning, begun when there is none; `None` when both sides have none
/// of it.
pub(crate) fn readout_of(db: &Db<'_>, subject: Subject) -> Result<Option<Readout>, StoreError> {
    if let Some(known) = db.readout(subject)? {
        return Ok(Some(known));
    }
    Ok(match subject {
        Subject::Case(number) => {
            let (Some(case), outgoing) = (db.case(number)?, db.outgoing(number)?) else {
                return Ok(None);
            };
            let first = outgoing.releases().first();
            first.map(|Release { entry, .. }| {
                Readout::begin(subject, case.partner, case.status, entry.clone())
            })
        }
        Subject::Warning(number) => {
            let warning = db.warning(number)?;
            warning.map(|one| Readout::begin(subject, one.partner, one.status, one.entry))
        }
    })
}
