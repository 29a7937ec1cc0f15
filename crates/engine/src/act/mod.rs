//! Acts of people: each noun loads what its decision needs, lets `forewarn-exchange` decide, and
//! hands over the events that are applied.

mod account;
mod duty;
mod feed;
mod interest;
mod keys;
mod partner;
mod received;

use crate::apply;
use crate::configuration::Us;
use crate::done::Done;
use crate::failure::Undone;
use crate::understand::check_not_behind;
use crate::work::{Outcome, Work};
use forewarn_exchange::act::{AccountAct, Act};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::case::Acting;
use forewarn_exchange::command::Command;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::event::Event;
use forewarn_exchange::gate;
use forewarn_exchange::message::Message;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::partner::Partner;
use forewarn_exchange::post::{Post, Posted};
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::Db;
use serde::Serialize;

/// Events, and what the act is answered.
pub(crate) type Decision = Result<(Vec<Event>, Answer), Undone>;

/// What an act is decided with.
pub(crate) struct Desk<'a> {
    db: &'a Db<'a>,
    us: &'a Us,
    command: &'a Command<Work>,
    ids: Ids,
}

pub(crate) fn perform(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    act: &Act,
) -> Result<Done, Undone> {
    permit(db, command, act)?;
    let mut desk = Desk { db, us, command, ids: Ids::new(command.seed) };
    let (events, answer) = match act {
        Act::Account(act) => desk.account(act),
        Act::Feed(act) => desk.feed(act),
        Act::Partner(act) => desk.partner_act(act),
        Act::Interest(act) => desk.interest(act),
        Act::Duty(act) => desk.duty(act),
        Act::Received(act) => desk.received(act),
    }?;
    apply::all(db, us, &command.time, &events)?;
    Ok(Done::of(Outcome::Act(answer), &events))
}

/// The owner of the folder adds users and tokens; everything else is done by a user with a role.
fn permit(db: &Db<'_>, command: &Command<Work>, act: &Act) -> Result<(), Undone> {
    let of_owner = matches!(
        act,
        Act::Account(
            AccountAct::UserAdd { .. }
                | AccountAct::TokenAdd { .. }
                | AccountAct::TokensRevoke { .. }
        )
    );
    if command.actor == Actor::Owner && of_owner {
        return Ok(());
    }
    let known = match command.actor.user() {
        Some(name) => db.user(name)?,
        None => None,
    };
    let user = known.ok_or_else(|| no_user(&command.actor))?;
    Ok(user.must(act.permission())?)
}

fn no_user(actor: &Actor) -> Refusal {
    let message = match actor {
        Actor::User(name) => format!("there is no user `{name}`"),
        Actor::Owner | Actor::Partner(_) | Actor::Node(_) => {
            format!("`{actor}` is not a user, and only a user does this")
        }
    };
    Refusal::new(Code::NoUser, message).hint(Hint::SayWho)
}

impl Desk<'_> {
    /// The user who acts.
    fn by(&self) -> Result<UserName, Undone> {
        let user = self.command.actor.user().cloned();
        Ok(user.ok_or_else(|| no_user(&self.command.actor))?)
    }

    /// Runs a decision as the user who acts.
    fn acting<T>(
        &mut self,
        decide: impl FnOnce(&mut Acting) -> Result<T, Refusal>,
    ) -> Result<T, Undone> {
        let by = self.by()?;
        let mut acting = Acting { by: &by, at: &self.command.time, ids: &mut self.ids };
        Ok(decide(&mut acting)?)
    }

    fn partner(&self, name: &NodeName) -> Result<Partner, Undone> {
        Ok(self.db.partner(name)?.ok_or_else(|| Refusal::unknown("partner", name))?)
    }

    /// Our log to a partner that may be spoken to.
    fn post(&self, partner: &Partner) -> Result<Post, Undone> {
        let channel = partner.channel(&self.us.party())?;
        let log = apply::log_to(self.db, partner.name())?;
        check_not_behind(&self.command.ahead, &log)?;
        Ok(Post { channel, us: self.us.name().to_string(), next: log.size })
    }

    /// Puts a message beside any case into our log.
    fn post_entry(
        &mut self,
        post: &mut Post,
        partner: &NodeName,
        message: &Message,
    ) -> Result<Posted, Undone> {
        let (_, fields) = message.fields();
        self.clear(partner, &fields)?;
        let stamp = (&self.command.time, self.us.configuration.status, &mut self.ids);
        Ok(post.entry(message, &[], None, stamp)?)
    }

    /// What is withheld from a partner must not reach it, whatever says it: an interest, a
    /// question, a thanks.
    fn clear(&self, partner: &NodeName, words: &impl Serialize) -> Result<(), Undone> {
        let withheld = self.db.withheld(partner)?;
        let value = serde_json::to_value(words)
            .map_err(|e| Refusal::new(Code::BadRequest, e.to_string()))?;
        Ok(gate::check_value(&value, &withheld)?)
    }
}
