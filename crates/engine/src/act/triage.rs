//! Acts on many matches at once.

use super::{Decision, Desk};
use crate::failure::Undone;
use forewarn_exchange::act::TriageAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::mute::{MAX_MUTES, Mute, MuteRequest};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::refusal::give_reason;
use forewarn_exchange::{Code, Refusal};

impl Desk<'_> {
    pub(super) fn triage(&mut self, act: &TriageAct) -> Decision {
        match act {
            TriageAct::MuteAdd { mute } => self.mute(mute),
            TriageAct::MuteRemove { mute, reason } => {
                let known = self.db.mute(*mute)?.ok_or_else(|| Refusal::unknown("mute", mute))?;
                let by = self.by()?;
                Ok(mute_set(known.remove(reason, (&by, &self.command.time))?))
            }
            TriageAct::Dismiss { partner, interest, item, reason } => {
                self.dismiss((partner, interest), item, reason)
            }
        }
    }

    fn mute(&self, request: &MuteRequest) -> Decision {
        let label = self.label(&request.partner, &request.interest)?;
        if self.db.mutes_holding(&self.command.time)?.len() >= MAX_MUTES {
            let message = format!("{MAX_MUTES} mutes hold already");
            return Err(Refusal::new(Code::TooMany, message).advice("remove some first").into());
        }
        let (number, by) = (self.db.next_mute()?, self.by()?);
        Ok(mute_set(request.clone().set(number, &label, (&by, &self.command.time))?))
    }

    /// What people call an interest of a partner.
    fn label(&self, partner: &NodeName, interest: &str) -> Result<String, Undone> {
        let known = self.db.interest(partner, false, interest)?;
        let known = known.ok_or_else(|| Refusal::unknown("interest", interest))?;
        Ok(known.interest.label)
    }

    /// Nobody is warned of what just misses an interest; that somebody has looked is on record.
    fn dismiss(
        &self,
        (partner, interest): (&NodeName, &str),
        item: &str,
        reason: &str,
    ) -> Decision {
        let known = self.db.item(item)?.ok_or_else(|| Refusal::unknown("item", item))?;
        let label = self.label(partner, interest)?;
        give_reason(reason, "say why it is no match")?;
        let item = known.id;
        let happened =
            Happened::MatchDismissed { item: item.clone(), label, reason: reason.to_owned() };
        let line = Line::new(partner, happened);
        Ok((vec![Event::Told { line }], Answer::MatchDismissed { item }))
    }
}

fn mute_set(mute: Mute) -> (Vec<Event>, Answer) {
    let answer = Answer::Mute { mute: mute.number, until: mute.request.until.clone() };
    (vec![Event::MuteSet { mute: Box::new(mute) }], answer)
}
