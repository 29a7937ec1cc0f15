//! Acts on interests: ours are told to the partner, one entry each; of a partner's we record whether
//! somebody has looked.

use super::act::{Acting, Decided};
use super::work::Undone;
use forewarn_exchange::message::Message;
use forewarn_exchange::post::Post;
use forewarn_exchange::{Event, Refusal};
use forewarn_matching::interest::ownership::{How, Ownership};
use forewarn_matching::interest::{Interest, MAX_INTERESTS};
use serde_json::json;

/// Most interests of one act: each is an entry, and all are one transaction.
const MAX_ADDED: usize = 500;
/// Longest note of what was seen.
const MAX_NOTE: usize = 2_000;

impl Acting<'_> {
    pub(super) fn interest_add(&mut self, name: &str, interest: &Interest) -> Decided {
        let (events, ids) = self.register(name, std::slice::from_ref(interest))?;
        Ok((events, json!({ "interest": ids.first(), "partner": name })))
    }

    pub(super) fn interests_add(&mut self, name: &str, interests: &[Interest]) -> Decided {
        if interests.is_empty() || interests.len() > MAX_ADDED {
            let message = format!("{} interests, and 1 to {MAX_ADDED} are wanted", interests.len());
            return Err(Refusal::new("interests", message).hint("register them in parts").into());
        }
        let (events, ids) = self.register(name, interests)?;
        Ok((events, json!({ "interests": ids, "partner": name })))
    }

    /// New interests of ours, each an entry.
    fn register(
        &mut self,
        name: &str,
        interests: &[Interest],
    ) -> Result<(Vec<Event>, Vec<String>), Undone> {
        let partner = self.partner(name)?;
        let count = usize::try_from(self.db.interest_extent(name, true)?.interests);
        if count.is_ok_and(|count| count + interests.len() > MAX_INTERESTS) {
            let message = format!("a partner takes {MAX_INTERESTS} interests at the most");
            return Err(Refusal::new("interests", message).hint("withdraw some first").into());
        }
        let mut post = self.post(&partner)?;
        let (mut events, mut ids) = (Vec::new(), Vec::new());
        for interest in interests {
            let id = self.ids.id("interest");
            let interest =
                Interest { id: id.clone(), ..interest.clone().checked().map_err(Refusal::from)? };
            events.extend(self.post_interest(&mut post, name, interest)?);
            ids.push(id);
        }
        Ok((events, ids))
    }

    pub(super) fn interest_change(&mut self, name: &str, interest: &Interest) -> Decided {
        if self.db.interest(name, true, &interest.id)?.is_none() {
            return Err(Refusal::unknown("interest of ours", &interest.id).into());
        }
        let partner = self.partner(name)?;
        let mut post = self.post(&partner)?;
        let interest = interest.clone().checked().map_err(Refusal::from)?;
        let answer = json!({ "interest": interest.id, "partner": name });
        Ok((self.post_interest(&mut post, name, interest)?, answer))
    }

    fn post_interest(
        &mut self,
        post: &mut Post,
        partner: &str,
        interest: Interest,
    ) -> Result<Vec<Event>, Undone> {
        let message = Message::Interest { interest: interest.clone() };
        let posted = self.post_entry(post, &message)?;
        let partner = partner.to_owned();
        Ok(vec![
            Event::InterestSet { partner: partner.clone(), ours: true, interest },
            Event::Posted { partner, subject: None, posted },
        ])
    }

    pub(super) fn interest_confirm(
        &mut self,
        (name, id, change): (&str, &str, i64),
        how: How,
        note: &str,
    ) -> Decided {
        let Some(stands) = self.db.interest_stands(name, id)? else {
            return Err(Refusal::unknown(&format!("interest of {name}"), id).into());
        };
        if stands.change != change {
            let message =
                format!("{name} has changed it since: its last change is {}", stands.change);
            return Err(Refusal::new("changed", message)
                .hint("look again at what is in it")
                .into());
        }
        if note.trim().is_empty() || note.len() > MAX_NOTE {
            let message = format!("say in 1 to {MAX_NOTE} bytes what was seen");
            return Err(Refusal::new("note", message).into());
        }
        let by = self.command.actor.clone();
        let at = self.command.time.clone();
        let ownership = Ownership::Confirmed { by, how, at, note: note.to_owned() };
        let answer = json!({ "interest": id, "partner": name });
        let (partner, id) = (name.to_owned(), id.to_owned());
        Ok((vec![Event::OwnershipSet { partner, id, ownership }], answer))
    }

    pub(super) fn interest_remove(&mut self, name: &str, id: &str) -> Decided {
        if self.db.interest(name, true, id)?.is_none() {
            return Err(Refusal::unknown("interest of ours", id).into());
        }
        let partner = self.partner(name)?;
        let mut post = self.post(&partner)?;
        let message = Message::InterestRemoved { interest: id.to_owned() };
        let posted = self.post_entry(&mut post, &message)?;
        let partner = name.to_owned();
        let events = vec![
            Event::InterestGone { partner: partner.clone(), ours: true, id: id.to_owned() },
            Event::Posted { partner, subject: None, posted },
        ];
        Ok((events, json!({ "interest": id })))
    }
}
