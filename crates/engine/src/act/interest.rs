//! Interests: ours are told to the partner, one entry each; of a partner's we record whether
//! somebody has looked.

use super::{Decision, Desk};
use crate::failure::Undone;
use forewarn_exchange::act::InterestAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::message::Message;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::post::Post;
use forewarn_exchange::{Code, Refusal};
use forewarn_matching::interest::ownership::{How, Ownership};
use forewarn_matching::interest::{Interest, MAX_INTERESTS};

/// Most interests of one act: each is an entry, and all are one transaction.
const MAX_ADDED: usize = 500;
/// Longest note of what was seen, in bytes.
const MAX_NOTE: usize = 2_000;

impl Desk<'_> {
    pub(super) fn interest(&mut self, act: &InterestAct) -> Decision {
        match act {
            InterestAct::Add { partner, interest } => {
                let (events, mut ids) = self.register(partner, std::slice::from_ref(interest))?;
                let interest = ids.pop().unwrap_or_default();
                Ok((events, Answer::Interest { interest, partner: partner.clone() }))
            }
            InterestAct::AddAll { partner, interests } => {
                if interests.is_empty() || interests.len() > MAX_ADDED {
                    let message =
                        format!("{} interests: 1 to {MAX_ADDED} at a time", interests.len());
                    return Err(Refusal::new(Code::Interests, message)
                        .advice("register them in parts")
                        .into());
                }
                let (events, interests) = self.register(partner, interests)?;
                Ok((events, Answer::Interests { interests, partner: partner.clone() }))
            }
            InterestAct::Change { partner, interest } => self.change(partner, interest),
            InterestAct::Remove { partner, id } => self.withdraw(partner, id),
            InterestAct::Confirm { partner, id, change, how, note } => {
                self.confirm(partner, (id, *change), *how, note)
            }
        }
    }

    /// New interests of ours, each an entry.
    fn register(
        &mut self,
        name: &NodeName,
        interests: &[Interest],
    ) -> Result<(Vec<Event>, Vec<String>), Undone> {
        let partner = self.partner(name)?;
        let count = usize::try_from(self.db.interest_extent(name, true)?.interests);
        if count.is_ok_and(|count| count + interests.len() > MAX_INTERESTS) {
            let message = format!("a partner takes {MAX_INTERESTS} interests at the most");
            return Err(Refusal::new(Code::Interests, message)
                .advice("withdraw some first")
                .into());
        }
        let mut post = self.post(&partner)?;
        let checked = interests.iter().map(|interest| interest.clone().checked());
        let checked = checked.collect::<Result<Vec<_>, _>>().map_err(Refusal::from)?;
        // All at once: what is withheld is prepared to be looked for once.
        self.clear(name, &SetAside::default(), &checked)?;
        let (mut events, mut ids) = (Vec::new(), Vec::new());
        for checked in checked {
            let id = self.ids.id("interest");
            let interest = Interest { id: id.clone(), ..checked };
            events.extend(self.post_interest(&mut post, name, interest)?);
            ids.push(id);
        }
        Ok((events, ids))
    }

    fn change(&mut self, name: &NodeName, interest: &Interest) -> Decision {
        if self.db.interest(name, true, &interest.id)?.is_none() {
            return Err(Refusal::unknown("interest of ours", &interest.id).into());
        }
        let partner = self.partner(name)?;
        let mut post = self.post(&partner)?;
        let interest = interest.clone().checked().map_err(Refusal::from)?;
        self.clear(name, &SetAside::default(), &interest)?;
        let answer = Answer::Interest { interest: interest.id.clone(), partner: name.clone() };
        Ok((self.post_interest(&mut post, name, interest)?, answer))
    }

    fn post_interest(
        &mut self,
        post: &mut Post,
        partner: &NodeName,
        interest: Interest,
    ) -> Result<Vec<Event>, Undone> {
        let message = Message::Interest { interest: interest.clone() };
        let posted = self.post_cleared(post, &message)?;
        let partner = partner.clone();
        Ok(vec![
            Event::InterestSet { partner: partner.clone(), ours: true, interest },
            Event::Posted { partner, subject: None, posted },
        ])
    }

    fn confirm(
        &self,
        name: &NodeName,
        (id, change): (&str, i64),
        how: How,
        note: &str,
    ) -> Decision {
        let Some(stands) = self.db.interest_stands(name, id)? else {
            return Err(Refusal::unknown(&format!("interest of {name}"), id).into());
        };
        if stands.change != change {
            let message =
                format!("{name} has changed it since: its last change is {}", stands.change);
            return Err(Refusal::new(Code::Changed, message)
                .advice("look again at what is in it")
                .into());
        }
        if note.trim().is_empty() || note.len() > MAX_NOTE {
            let message = format!("say in 1 to {MAX_NOTE} bytes what was seen");
            return Err(Refusal::new(Code::Note, message).into());
        }
        let by = self.by()?.to_string();
        let at = self.command.time.clone();
        let ownership = Ownership::Confirmed { by, how, at, note: note.to_owned() };
        let answer = Answer::Interest { interest: id.to_owned(), partner: name.clone() };
        let (partner, id) = (name.clone(), id.to_owned());
        Ok((vec![Event::OwnershipSet { partner, id, ownership }], answer))
    }

    fn withdraw(&mut self, name: &NodeName, id: &str) -> Decision {
        if self.db.interest(name, true, id)?.is_none() {
            return Err(Refusal::unknown("interest of ours", id).into());
        }
        let partner = self.partner(name)?;
        let mut post = self.post(&partner)?;
        let message = Message::InterestRemoved { interest: id.to_owned() };
        let posted = self.post_entry(&mut post, name, &message)?;
        let partner = name.clone();
        let events = vec![
            Event::InterestGone { partner: partner.clone(), ours: true, id: id.to_owned() },
            Event::Posted { partner: partner.clone(), subject: None, posted },
        ];
        Ok((events, Answer::Interest { interest: id.to_owned(), partner }))
    }
}
