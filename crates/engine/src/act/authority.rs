//! Standing authorisations: given by two persons, taken back by one.

use super::{Decision, Desk};
use crate::failure::Undone;
use forewarn_exchange::act::AuthorityAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::authority::{AsGiven, Authority, Class, MAX_IN_FORCE};
use forewarn_exchange::event::Event;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::name::UserName;
use forewarn_exchange::{Code, Refusal};

impl Desk<'_> {
    pub(super) fn authority(&mut self, act: &AuthorityAct) -> Decision {
        match act {
            AuthorityAct::Give { class } => self.give(class),
            AuthorityAct::Revoke { authority, reason } => {
                let known = self.db.authority(*authority)?;
                let known =
                    known.ok_or_else(|| Refusal::unknown("standing authorisation", authority))?;
                Ok(set(known.revoke(&self.by()?, reason, &self.command.time)?))
            }
        }
    }

    /// Whoever proposed it acts, and whoever brings the command approves.
    fn give(&mut self, class: &Class) -> Decision {
        let partner = self.partner(&class.partner)?;
        partner.channel(&self.us.party())?;
        if class.tlp > partner.ceiling {
            let message =
                format!("at most {} may be released to `{}`", partner.ceiling, class.partner);
            return Err(Refusal::new(Code::Gate, message).into());
        }
        let mut interests = Vec::new();
        for id in &class.interests {
            let stands = self.db.interest_stands(&class.partner, id)?;
            let stands = stands.ok_or_else(|| Refusal::unknown("interest of that partner", id))?;
            interests.push(AsGiven { id: id.clone(), change: stands.change });
        }
        let at = &self.command.time;
        if self.db.authorities_for(&class.partner, at)?.len() >= MAX_IN_FORCE {
            let message = format!("{MAX_IN_FORCE} authorisations are in force for this partner");
            let refusal = Refusal::new(Code::Waiting, message);
            return Err(refusal.advice("take back one that is not needed").into());
        }
        // What its words must not say is found now, and not when the first warning is due.
        let words = [&class.title, &class.text];
        self.clear(&class.partner, &SetAside::default(), &words)?;
        let (by, approved_by) = (self.by()?, self.second()?);
        let number = self.db.next_authority()?;
        let given = (class.clone(), interests);
        Ok(set(Authority::give(number, given, (&by, &approved_by), at)?))
    }

    /// Who brings the command: the second person, when it approves what another has proposed.
    pub(super) fn second(&self) -> Result<UserName, Undone> {
        let user = self.command.actor.user().cloned();
        Ok(user.ok_or_else(|| super::no_user(&self.command.actor))?)
    }
}

fn set(authority: Authority) -> (Vec<Event>, Answer) {
    let answer = Answer::Authority { authority: authority.number };
    (vec![Event::AuthoritySet { authority: Box::new(authority) }], answer)
}
