//! Which withheld fields evidence may show.

use super::{Decision, Desk};
use forewarn_exchange::act::{EvidenceAct, Showing};
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::refusal::{Field, Hint};
use forewarn_exchange::{Code, Refusal};

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
                if self.db.entries_of(*subject)?.is_empty() {
                    return Err(Refusal::unknown("entry about", subject).into());
                }
            }
            (None, Some(partner)) if !ours.is_empty() => {
                self.partner(partner)?;
            }
            _ => {
                let message = "name either a case or warning, or a partner and entries of our log";
                return Err(Refusal::new(Code::Wanted, message).into());
            }
        }
        if reason.trim().is_empty() {
            return Err(Refusal::new(Code::Reason, "say to whom the evidence goes, and why")
                .hint(Hint::Give { field: Field::Reason })
                .into());
        }
        let answer = Answer::Showing { fields: fields.clone() };
        let (showing, reason) = (showing.clone(), reason.clone());
        Ok((vec![Event::ShowingSet { showing, reason }], answer))
    }
}
