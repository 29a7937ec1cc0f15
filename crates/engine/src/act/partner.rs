//! Partners: added, confirmed, suspended.

use super::{Decision, Desk};
use crate::failure::Undone;
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::agreement::AnswerTo;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::partner::Partner;
use forewarn_exchange::refusal::{Field, Hint};
use forewarn_exchange::{Code, Refusal};
use forewarn_transcript::Hash;

/// Longest reason: a paragraph.
const MAX_REASON: usize = 2_000;

impl Desk<'_> {
    pub(super) fn partner_act(&mut self, act: &PartnerAct) -> Decision {
        let (by, at) = (self.by()?, &self.command.time);
        match act {
            PartnerAct::Add { card, ceiling } => {
                let new = Partner::add(card, *ceiling, &self.us.party(), &by, at)?;
                let partner = match self.db.partner(new.name())? {
                    Some(known) => known.with_card(card)?,
                    None => new,
                };
                let (name, fingerprint) = (partner.name().clone(), partner.card.fingerprint());
                let answer = Answer::PartnerAdded { partner: name, fingerprint };
                Ok((vec![Event::PartnerSet { partner: Box::new(partner) }], answer))
            }
            PartnerAct::AddWithoutNode { name, organisation, ceiling } => {
                // Not the command's own seed: that is what ids are drawn from.
                let seed = Hash::of(format!("{}{name}", self.command.seed).as_bytes());
                let named = (name, organisation.as_str());
                let partner = Partner::without_node(named, *ceiling, &seed, &by, at)?;
                self.is_new(&partner)?;
                self.opened(partner)
            }
            PartnerAct::Confirm { name, fingerprint } => {
                let mut partner = self.partner(name)?;
                if self.db.log_with(name, true)?.is_some() {
                    // A channel from before keys were kept with it: by those that opened it.
                    partner = partner.open(&self.us.configuration.keys);
                }
                let confirmed = partner.clone().confirm(fingerprint, &by, at)?;
                match partner.succession.waiting {
                    Some(waiting) => self.key_confirmed(confirmed, waiting.entry),
                    None => self.opened(confirmed),
                }
            }
            PartnerAct::Suspend { name, reason, compromised } => {
                let partner = self.partner(name)?.suspend(reason, *compromised, &by, at);
                let answer = Answer::Partner { partner: name.clone() };
                Ok((vec![Event::PartnerSet { partner: Box::new(partner) }], answer))
            }
            PartnerAct::Agree { name, sentences, reason } => {
                if reason.trim().is_empty() {
                    return Err(Refusal::new(Code::Reason, "say where that is agreed")
                        .hint(Hint::Give { field: Field::Reason })
                        .into());
                }
                let partner = Box::new(self.partner(name)?.agree(*sentences)?);
                let (sentences, reason) = (*sentences, reason.clone());
                let agreed = Happened::Agreed { partner: name.clone(), sentences, reason };
                let agreed = Event::Told { line: Line::new(name, agreed) };
                let answer = Answer::Partner { partner: name.clone() };
                Ok((vec![Event::PartnerSet { partner }, agreed], answer))
            }
            PartnerAct::ProposeAgreement { name, terms } => self.propose_agreement(name, terms),
            PartnerAct::AcceptAgreement { name, version } => {
                self.answer_agreement((name, *version), AnswerTo::Accept)
            }
            PartnerAct::DeclineAgreement { name, version, reason } => {
                let answer = AnswerTo::Decline { reason: reason.clone() };
                self.answer_agreement((name, *version), answer)
            }
            PartnerAct::WriteUncompared { name, reason } => {
                let partner = self.partner(name)?.name().clone();
                if reason.trim().is_empty() || reason.len() > MAX_REASON {
                    let message = format!("the reason has 1 to {MAX_REASON} characters");
                    return Err(Refusal::new(Code::Reason, message).into());
                }
                let answer = Answer::Partner { partner: name.clone() };
                let told = Happened::WrittenUncompared { reason: reason.clone() };
                Ok((vec![Event::Told { line: Line::new(&partner, told) }], answer))
            }
            PartnerAct::AnnounceKeys {} => self.announce(),
        }
    }

    fn is_new(&self, partner: &Partner) -> Result<(), Undone> {
        let name = partner.name();
        if name == self.us.name() || self.db.partner(name)?.is_some() {
            let message = format!("`{name}` is a partner already, or ourselves");
            return Err(Refusal::new(Code::Known, message).into());
        }
        Ok(())
    }

    /// A partner that is confirmed now, with our log to it.
    fn opened(&self, partner: Partner) -> Decision {
        let name = partner.name().clone();
        let partner = partner.open(&self.us.configuration.newest);
        let channel = partner.channel(&self.us.party())?;
        let genesis = String::from_utf8(channel.genesis())
            .map_err(|e| Refusal::new(Code::Damaged, e.to_string()))?;
        let log = channel.log_of(self.us.name());
        let answer =
            Answer::ChannelOpen { partner: name.clone(), channel: channel.id().to_string() };
        let opened = Event::LogOpened { partner: name, log, genesis };
        Ok((vec![Event::PartnerSet { partner: Box::new(partner) }, opened], answer))
    }
}
