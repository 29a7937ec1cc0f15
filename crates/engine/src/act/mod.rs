//! Acts of people: each noun loads what its decision needs, lets `forewarn-exchange` decide, and
//! hands over the events that are applied.

mod account;
mod agreement;
mod authorised;
mod authority;
mod duty;
mod evidence;
mod exercise;
mod feed;
mod house;
mod interest;
mod item;
mod keys;
mod link;
mod linked;
mod pace;
mod partner;
mod passing;
mod proposal;
mod readout;
mod received;
mod record;
mod source;
mod telling;
mod template;
mod told;
mod triage;

pub(crate) use authorised::Clerk;
pub use exercise::exercise_is_over;
pub use passing::{PassedOn, passed_on};
pub use proposal::{objection, subject_of};
pub(crate) use readout::readout_of;
pub(crate) use source::made;

use crate::apply;
use crate::configuration::Us;
use crate::done::Done;
use crate::failure::Undone;
use crate::understand::check_not_behind;
use crate::watched;
use crate::work::{LimitedAct, Outcome, Work};
use forewarn_exchange::act::Act;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::case::Acting;
use forewarn_exchange::command::Command;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::event::Event;
use forewarn_exchange::gate::{self, SetAside};
use forewarn_exchange::message::Message;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::partner::Partner;
use forewarn_exchange::permit::{By, Permitted};
use forewarn_exchange::post::{Post, Posted};
use forewarn_exchange::proposal::Course;
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::role::Role;
use forewarn_exchange::user::User;
use forewarn_exchange::watched::Seen;
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
    /// In whose name it is done: that of whoever proposed it, when a second person approves.
    actor: Actor,
    /// Of whoever acts, only these roles count, where it is not all.
    only: Option<&'a [Role]>,
    /// Whether it is done by a standing authorisation.
    standing: bool,
    ids: Ids,
}

/// Under which conditions an act is done.
#[derive(Clone, Copy, Default)]
pub(crate) struct Conditions<'a> {
    /// The roles that count, where it is not all.
    pub(crate) only: Option<&'a [Role]>,
    /// The version of what it is on.
    pub(crate) seen: Option<&'a Seen>,
}

impl<'a> Conditions<'a> {
    /// Those of an act.
    pub(crate) fn of(work: &'a LimitedAct) -> Conditions<'a> {
        Conditions { only: work.only.as_deref(), seen: work.seen.as_ref() }
    }
}

pub(crate) fn perform(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    (act, conditions): (&Act, Conditions<'_>),
) -> Result<Done, Undone> {
    let Conditions { only, seen } = conditions;
    let actor = command.actor.clone();
    let ids = Ids::new(command.seed);
    let mut desk = Desk { db, us, command, actor, only, standing: false, ids };
    desk.check_limited(act)?;
    let permitted = desk.permitted(act)?;
    // In the order of commands: of two who have looked at the same, the second one is told.
    seen.map_or(Ok(()), |seen| watched::check(db, seen, act))?;
    let (events, answer) = match permitted.course() {
        Course::Do => desk.decide(permitted),
        Course::Propose => desk.propose(permitted),
    }?;
    apply::all(db, us, &command.time, &events)?;
    Ok(Done::of(Outcome::Act(answer), &events))
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
    /// What an act changes, were it done.
    fn decide(&mut self, permitted: Permitted<'_>) -> Decision {
        match permitted.act() {
            Act::Account(act) => self.account(act),
            Act::Feed(act) => self.feed(act),
            Act::Partner(act) => self.partner_act(act),
            Act::Interest(act) => self.interest(act),
            Act::Duty(act) => self.duty(act),
            Act::Received(act) => self.received(act),
            Act::Inbox(act) => self.inbox(act),
            Act::Evidence(act) => self.evidence(act),
            Act::Proposal(act) => self.proposal(act),
            Act::Telling(act) => self.telling(act),
            Act::Readout(act) => self.readout(act),
            Act::Authority(act) => self.authority(act),
            Act::Triage(act) => self.triage(act),
            Act::Item(act) => self.item(act),
            Act::Record(act) => self.record(act),
            Act::Exercise(act) => self.exercise(act),
            Act::Source(act) => self.source(act),
            Act::Template(act) => self.template(act),
        }
    }

    /// Whether the actor may do it, alone or with a second person.
    fn permitted<'b>(&self, act: &'b Act) -> Result<Permitted<'b>, Undone> {
        let rules = self.rules(act)?;
        if self.actor == Actor::Owner {
            return Ok(act.permitted(By::Owner, rules)?);
        }
        Ok(act.permitted(By::User(&self.user()?), rules)?)
    }

    /// The user who acts, with roles.
    fn user(&self) -> Result<User, Undone> {
        let known = match self.actor.user() {
            Some(name) => self.db.user(name)?,
            None => None,
        };
        let user = known.ok_or_else(|| no_user(&self.actor))?;
        // Whoever proposed what another one approves is not limited by the other's session.
        Ok(match self.only.filter(|_| self.actor == self.command.actor) {
            Some(only) => user.limited(only),
            None => user,
        })
    }

    /// A session in which some roles do not count makes nothing for its user in which they do.
    fn check_limited(&self, act: &Act) -> Result<(), Refusal> {
        if let (Some(_), Act::Account(act)) = (self.only, act)
            && act.lets_in()
            && self.actor.user() == Some(act.user())
        {
            let message = "the provider has not vouched for all of your roles, and a token has all";
            return Err(Refusal::new(Code::SessionNeeded, message)
                .advice("sign in with your password, or ask an administrator"));
        }
        Ok(())
    }

    /// The user who acts.
    fn by(&self) -> Result<UserName, Undone> {
        let user = self.actor.user().cloned();
        Ok(user.ok_or_else(|| no_user(&self.actor))?)
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
        self.clear(partner, &SetAside::default(), &fields)?;
        self.post_cleared(post, message)
    }

    /// The same for a message whose words were cleared before, with others.
    fn post_cleared(&mut self, post: &mut Post, message: &Message) -> Result<Posted, Undone> {
        let stamp = (&self.command.time, self.us.configuration.status, &mut self.ids);
        Ok(post.entry(message, &[], None, stamp)?)
    }

    /// What is withheld from a partner must not reach it, whatever says it: an interest, a
    /// question, a thanks.
    fn clear(
        &self,
        partner: &NodeName,
        set_aside: &SetAside,
        words: &impl Serialize,
    ) -> Result<(), Undone> {
        let mut withheld = self.db.withheld_in(partner, None)?;
        gate::set_aside_known(&mut withheld, set_aside)?;
        let value = serde_json::to_value(words)
            .map_err(|e| Refusal::new(Code::BadRequest, e.to_string()))?;
        Ok(gate::check_value(&value, &withheld)?)
    }
}
