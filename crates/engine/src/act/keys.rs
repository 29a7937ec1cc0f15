//! Our own change of keys, and our word on a partner's.

use super::{Decision, Desk};
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::message::Message;
use forewarn_exchange::partner::{Partner, Standing, Waiting};
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::{Code, Refusal};
use forewarn_transcript::{Keys, Reference};

impl Desk<'_> {
    /// Tells each partner of our newest keys that neither has nor awaits them.
    pub(super) fn announce(&mut self) -> Decision {
        let (mut events, mut partners) = (Vec::new(), Vec::new());
        let confirmed = |partner: &Partner| {
            matches!(partner.standing, Standing::Confirmed { .. }) && !partner.without_node
        };
        for mut partner in self.db.partners()?.into_iter().filter(confirmed) {
            let mut post = self.post(&partner)?;
            let both = post.channel.signs_twice();
            let newest = self.us.configuration.newest.clone();
            let keys = Keys { mldsa44: newest.mldsa44.filter(|_| both), ..newest };
            let known = post.channel.keys_of(self.us.name()).any(|known| *known == keys);
            let awaited = partner.succession.announced.as_ref().is_some_and(|a| a.keys == keys);
            if known || awaited {
                continue;
            }
            let name = partner.name().clone();
            let (key, mldsa44) = (keys.ed25519, keys.mldsa44.clone());
            let posted = self.post_entry(&mut post, &name, &Message::KeyChange { key, mldsa44 })?;
            partner.succession.announced = Some(Waiting { keys, entry: posted.reference.clone() });
            partners.push(name.clone());
            events.push(Event::PartnerSet { partner: Box::new(partner) });
            events.push(Event::Posted { partner: name, subject: None, posted });
        }
        if partners.is_empty() {
            let message = "every partner knows our newest keys, or was told of them";
            return Err(Refusal::new(Code::Known, message).hint(Hint::MakeKeys).into());
        }
        Ok((events, Answer::KeysAnnounced { partners }))
    }

    /// A person has confirmed a partner's new keys: the partner is told.
    pub(super) fn key_confirmed(&mut self, mut partner: Partner, entry: Reference) -> Decision {
        let mut post = self.post(&partner)?;
        let stamp = (&self.command.time, self.us.configuration.status, &mut self.ids);
        let posted = post.entry(&Message::KeyConfirmed {}, &[], Some(entry), stamp)?;
        if let Some(later) = partner.succession.theirs.last_mut() {
            later.confirmed = Some(posted.reference.clone());
        }
        let name = partner.name().clone();
        let answer =
            Answer::ChannelOpen { partner: name.clone(), channel: post.channel.id().to_string() };
        let posted = Event::Posted { partner: name, subject: None, posted };
        Ok((vec![Event::PartnerSet { partner: Box::new(partner) }, posted], answer))
    }
}
