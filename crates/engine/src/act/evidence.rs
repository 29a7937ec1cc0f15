//! Which withheld fields evidence may show.

use super::{Decision, Desk};
use crate::failure::Undone;
use forewarn_exchange::act::{EvidenceAct, Showing};
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::refusal::give_reason;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::log::Held;
use std::collections::BTreeSet;

/// Most entries and fields of one act.
const MAX_SHOWN: usize = 100;

impl Desk<'_> {
    pub(super) fn evidence(&mut self, act: &EvidenceAct) -> Decision {
        let EvidenceAct::Show { showing, reason } = act;
        let Showing { subject, partner, ours, fields } = showing;
        if fields.is_empty() || fields.len().max(ours.len()) > MAX_SHOWN {
            let message = format!("1 to {MAX_SHOWN} fields, and at most {MAX_SHOWN} entries");
            return Err(Refusal::new(Code::Wanted, message).into());
        }
        match (subject, partner) {
            (Some(subject), None) if ours.is_empty() => {
                let places = self.db.entries_of(*subject)?;
                if places.is_empty() {
                    return Err(Refusal::unknown("entry about", subject).into());
                }
                self.have(fields, places)?;
            }
            (None, Some(partner)) if !ours.is_empty() => {
                self.partner(partner)?;
                let log = self.db.log_with(partner, true)?;
                let log = log.ok_or_else(|| Refusal::unknown("channel with", partner))?;
                let places = ours.iter().map(|index| (log.name.clone(), *index));
                self.have(fields, places.collect())?;
            }
            _ => {
                let message = "name either a case or warning, or a partner and entries of our log";
                return Err(Refusal::new(Code::Wanted, message).into());
            }
        }
        give_reason(reason, "say to whom the evidence goes, and why")?;
        let answer = Answer::Showing { fields: fields.clone() };
        let (showing, reason) = (showing.clone(), reason.clone());
        Ok((vec![Event::ShowingSet { showing, reason }], answer))
    }

    /// A decision about a field that no entry has would do nothing, in silence.
    fn have(&self, fields: &[String], places: Vec<(String, u64)>) -> Result<(), Undone> {
        let mut known = BTreeSet::new();
        for (log, index) in places {
            let held = match self.db.log(&log)? {
                Some(log) => self.db.entry(&log, index)?,
                None => None,
            };
            known.extend(held.iter().flat_map(Held::fields));
        }
        match fields.iter().find(|field| !known.contains(*field)) {
            Some(field) => Err(Refusal::no_field(field, &known).into()),
            None => Ok(()),
        }
    }
}
