//! Acts of people: loads what a decision needs, lets `forewarn-exchange` decide, applies it.

use super::apply;
use super::work::{Done, Undone, Us, Work};
use forewarn_exchange::case::{Actor, Case, CaseItem, Originals};
use forewarn_exchange::feed::{Feed, Way};
use forewarn_exchange::gate::{self, Withheld};
use forewarn_exchange::ids::Ids;
use forewarn_exchange::message::Message;
use forewarn_exchange::partner::Partner;
use forewarn_exchange::post::{Post, Posted};
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_exchange::user::User;
use forewarn_exchange::warning::Warning;
use forewarn_exchange::{Act, Command, Event, Refusal};
use forewarn_stix::{StixId, marking};
use forewarn_store::Db;
use forewarn_transcript::{Channel, Hash};
use serde::Serialize;
use serde_json::{Value, json};

pub(super) type Decided = Result<(Vec<Event>, Value), Undone>;

/// The name under which the owner of the folder acts, before there are users.
pub const OWNER: &str = "owner";

pub(super) struct Acting<'a> {
    pub(super) db: &'a Db<'a>,
    pub(super) us: &'a Us,
    pub(super) command: &'a Command<Work>,
    pub(super) ids: Ids,
}

pub(super) fn perform(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    act: &Act,
) -> Result<Done, Undone> {
    permit(db, command, act)?;
    let mut acting = Acting { db, us, command, ids: Ids::new(command.seed) };
    let (events, answer) = acting.decide(act)?;
    apply::all(db, us, &command.time, &events)?;
    Ok(Done::of(answer, &events))
}

/// The owner of the folder adds users and tokens; everything else is done by a user with a role.
fn permit(db: &Db<'_>, command: &Command<Work>, act: &Act) -> Result<(), Undone> {
    let keys = matches!(act, Act::UserAdd { .. } | Act::TokenAdd { .. } | Act::TokensRevoke { .. });
    if command.actor == OWNER && keys {
        return Ok(());
    }
    let user = db.user(&command.actor)?.ok_or_else(|| {
        Refusal::new("no-user", format!("there is no user `{}`", command.actor))
            .hint("say who you are with --as NAME; add users with `forewarn user add`")
    })?;
    Ok(user.must(act.permission())?)
}

impl Acting<'_> {
    fn decide(&mut self, act: &Act) -> Decided {
        match act {
            Act::UserAdd { name, roles } => {
                let user = User::new(name, roles.clone())?;
                Ok((vec![Event::UserSet { user }], json!({ "user": name })))
            }
            Act::TokenAdd { user, digest } => {
                let known = self.db.user(user)?.ok_or_else(|| Refusal::unknown("user", user))?;
                let event = Event::TokenSet { user: known.name, digest: *digest };
                Ok((vec![event], json!({ "user": user })))
            }
            Act::TokensRevoke { user } => {
                let known = self.db.user(user)?.ok_or_else(|| Refusal::unknown("user", user))?;
                Ok((vec![Event::TokensGone { user: known.name }], json!({ "user": user })))
            }
            Act::FeedAdd { feed } => self.feed_add(feed),
            Act::FeedRemove { name } => {
                let feed = self.db.feed(name)?.ok_or_else(|| Refusal::unknown("feed", name))?;
                Ok((vec![Event::FeedGone { name: feed.name }], json!({ "feed": name })))
            }
            Act::PartnerAdd { .. }
            | Act::PartnerAddWithoutNode { .. }
            | Act::PartnerConfirm { .. }
            | Act::PartnerSuspend { .. } => self.partner_act(act),
            Act::KeyAnnounce {} => self.announce(),
            Act::InterestAdd { partner, interest } => self.interest_add(partner, interest),
            Act::InterestsAdd { partner, interests } => self.interests_add(partner, interests),
            Act::InterestChange { partner, interest } => self.interest_change(partner, interest),
            Act::InterestRemove { partner, id } => self.interest_remove(partner, id),
            Act::InterestConfirm { partner, id, change, how, note } => {
                self.interest_confirm((partner, id, *change), *how, note)
            }
            Act::CaseOpen { partner, items, urgency, status } => {
                self.case_open(partner, items, *urgency, *status)
            }
            Act::CaseFinding { case, finding } => {
                let case = self.case(*case)?.find(finding.clone(), &self.actor())?;
                Ok(case_set(case))
            }
            Act::CaseDecide { case, decision } => {
                let case = self.case(*case)?.decide(decision.clone(), &self.actor())?;
                Ok(case_set(case))
            }
            Act::CaseDraft { case, draft } => {
                let (case, us) = (self.case(*case)?, self.us);
                let (ids, sources) = self.originals(&case)?;
                let from = Originals { organisation: &us.organisation, ids, sources };
                Ok(case_set(case.draft(draft, &from, &mut self.actor())?))
            }
            Act::CaseRelease { .. } | Act::CaseRecall { .. } | Act::CaseAnswer { .. } => {
                self.case_word(act)
            }
            _ => self.warning_word(act),
        }
    }

    fn actor(&mut self) -> Actor<'_> {
        Actor { name: &self.command.actor, at: &self.command.time, ids: &mut self.ids }
    }

    pub(super) fn partner(&self, name: &str) -> Result<Partner, Undone> {
        Ok(self.db.partner(name)?.ok_or_else(|| Refusal::unknown("partner", name))?)
    }

    fn case(&self, number: i64) -> Result<Case, Undone> {
        Ok(self.db.case(number)?.ok_or_else(|| Refusal::unknown("case", number))?)
    }

    fn warning(&self, number: i64) -> Result<Warning, Undone> {
        Ok(self.db.warning(number)?.ok_or_else(|| Refusal::unknown("warning", number))?)
    }

    /// Our log to a partner that may be spoken to.
    pub(super) fn post(&self, partner: &Partner) -> Result<Post, Undone> {
        let channel = partner.channel(&self.us.party)?;
        let log = apply::log_to(self.db, partner.name())?;
        self.us.check_not_behind(&log)?;
        Ok(Post { channel, us: self.us.party.name.clone(), next: log.size })
    }

    /// Every identifier in a case's items, but the published markings, and everyone whom they came
    /// from: none of them may cross.
    fn originals(&self, case: &Case) -> Result<(Vec<String>, Vec<String>), Undone> {
        let (mut ids, mut sources) = (Vec::new(), Vec::new());
        for item in &case.items {
            // Whatever was known of it counts, also what was deleted since.
            for stored in self.db.item_ever(&item.id)? {
                let value: Value = serde_json::from_slice(&stored.bytes).unwrap_or_default();
                collect_ids(&value, &mut ids);
                sources.extend(self.db.sources_of(stored.seq)?);
            }
        }
        Ok((ids, sources))
    }

    fn feed_add(&mut self, feed: &Feed) -> Decided {
        let feed = feed.clone().checked()?;
        if self.db.feed(&feed.name)?.is_some() {
            let message = format!("there is a feed `{}` already", feed.name);
            return Err(Refusal::new("known", message)
                .hint("remove it first, or take a name")
                .into());
        }
        if let Way::Push { partner, .. } = &feed.way {
            self.partner(partner)?;
        }
        let answer = json!({ "feed": feed.name });
        Ok((vec![Event::FeedSet { feed }], answer))
    }

    fn partner_act(&mut self, act: &Act) -> Decided {
        let (by, at) = (&self.command.actor, &self.command.time);
        match act {
            Act::PartnerAdd { card, ceiling } => {
                let partner = Partner::add(card, *ceiling, &self.us.party, by, at)?;
                self.is_new(&partner)?;
                let answer = json!({
                    "partner": partner.name(), "fingerprint": partner.card.fingerprint()
                });
                Ok((vec![Event::PartnerSet { partner: Box::new(partner) }], answer))
            }
            Act::PartnerAddWithoutNode { name, organisation, ceiling } => {
                // Not the command's own seed: that is what ids are drawn from.
                let seed = Hash::of(format!("{}{name}", self.command.seed).as_bytes());
                let named = (name.as_str(), organisation.as_str());
                let partner = Partner::without_node(named, *ceiling, &seed, by, at)?;
                self.is_new(&partner)?;
                self.opened(partner)
            }
            Act::PartnerConfirm { name, fingerprint } => {
                let mut partner = self.partner(name)?;
                if self.db.log_with(name, true)?.is_some() {
                    // A channel of before keys were kept with it: by those that opened it.
                    partner = partner.open(&self.us.party.keys);
                }
                let confirmed = partner.clone().confirm(fingerprint, by, at)?;
                match partner.succession.waiting {
                    Some(waiting) => self.key_confirmed(confirmed, waiting.entry),
                    None => self.opened(confirmed),
                }
            }
            Act::PartnerSuspend { name, reason, compromised } => {
                let partner = self.partner(name)?.suspend(reason, *compromised, by, at);
                Ok((
                    vec![Event::PartnerSet { partner: Box::new(partner) }],
                    json!({ "partner": name }),
                ))
            }
            _ => Err(Refusal::new("act", "this is no act on a partner").into()),
        }
    }

    fn is_new(&self, partner: &Partner) -> Result<(), Undone> {
        let name = partner.name();
        if name == self.us.party.name || self.db.partner(name)?.is_some() {
            let message = format!("`{name}` is a partner already, or ourselves");
            return Err(Refusal::new("known", message).into());
        }
        Ok(())
    }

    /// A partner that is confirmed now, with our log to it.
    fn opened(&self, partner: Partner) -> Decided {
        let name = partner.name().to_owned();
        let partner = partner.open(&self.us.newest);
        let channel = partner.channel(&self.us.party)?;
        let genesis = String::from_utf8(channel.genesis()).unwrap_or_default();
        let log = channel.log_of(&self.us.party.name);
        let answer = json!({ "partner": name, "channel": channel.id() });
        let opened = Event::LogOpened { partner: name, log, genesis };
        Ok((vec![Event::PartnerSet { partner: Box::new(partner) }, opened], answer))
    }

    pub(super) fn post_entry(
        &mut self,
        post: &mut Post,
        message: &Message,
    ) -> Result<Posted, Undone> {
        self.clear(&post.channel, message)?;
        let stamp = (&self.command.time, self.us.status, &mut self.ids);
        Ok(post.entry(message, &[], None, stamp)?)
    }

    /// What was withheld from a partner in any case must not reach it beside a case: in an
    /// interest, a question, a thanks.
    fn clear(&self, channel: &Channel, message: &impl Serialize) -> Result<(), Undone> {
        let us = &self.us.party.name;
        let them = channel.parties().iter().find(|party| party.name != *us);
        let them = them.map(|party| party.name.as_str()).unwrap_or_default();
        let cases = self.db.cases()?.into_iter().filter(|case| case.partner == them);
        let withheld: Vec<Withheld> = cases.flat_map(|case| case.withheld()).collect();
        let text = serde_json::to_value(message).unwrap_or_default();
        Ok(gate::check_value(&text, &withheld)?)
    }

    fn case_open(
        &mut self,
        partner: &str,
        items: &[String],
        urgency: Urgency,
        status: Status,
    ) -> Decided {
        let partner = self.partner(partner)?;
        partner.channel(&self.us.party)?;
        let mut known = Vec::new();
        for id in items {
            let item = self.db.item(id)?;
            let item = item.ok_or_else(|| Refusal::unknown("item", id))?;
            let why = vec!["opened by hand".to_owned()];
            known.push(CaseItem { id: item.id, source: item.source, why });
        }
        if known.is_empty() {
            return Err(Refusal::new("no-items", "a case is about at least one item").into());
        }
        let number = self.db.next_case()?;
        let (at, clocks) = (&self.command.time, &self.command.clocks);
        let case = Case::open(number, partner.name(), known, (urgency, status), at, clocks);
        Ok(case_set(case))
    }

    fn case_word(&mut self, act: &Act) -> Decided {
        let (Act::CaseRelease { case, .. }
        | Act::CaseRecall { case, .. }
        | Act::CaseAnswer { case, .. }) = act
        else {
            return Err(Refusal::new("act", "this is no word of ours on a case").into());
        };
        let case = self.case(*case)?;
        let partner = self.partner(&case.partner)?;
        let mut post = self.post(&partner)?;
        let us = self.us;
        let actor = &mut self.actor();
        let (case, posted) = match act {
            Act::CaseRelease { digest, .. } => {
                case.release(*digest, (&partner, &us.organisation), &mut post, actor)?
            }
            Act::CaseRecall { reason, .. } => case.recall(reason, &mut post, actor)?,
            Act::CaseAnswer { question, text, .. } => {
                case.answer(*question, text, &mut post, actor)?
            }
            _ => return Err(Refusal::new("act", "this is no word of ours on a case").into()),
        };
        let subject = Some(format!("case-{}", case.number));
        let answer = json!({ "case": case.number, "entry": posted.reference, "id": posted.id });
        let (number, name) = (case.number, case.partner.clone());
        let shown = self.us.outlets.contains_key(&name) && !matches!(act, Act::CaseAnswer { .. });
        let offered = if shown {
            case.offered(&partner, &self.us.organisation, &self.command.time)?
        } else {
            Vec::new()
        };
        let mut events = vec![Event::CaseSet { case }];
        events.push(Event::Posted { partner: name.clone(), subject, posted });
        for released in offered {
            let partner = name.clone();
            events.push(Event::Offered { partner, case: number, released });
        }
        Ok((events, answer))
    }

    fn warning_word(&mut self, act: &Act) -> Decided {
        let number = match act {
            Act::WarningOpen { warning }
            | Act::WarningAccept { warning, .. }
            | Act::WarningDecline { warning, .. }
            | Act::WarningAct { warning, .. }
            | Act::WarningOutcome { warning, .. }
            | Act::WarningAsk { warning, .. }
            | Act::WarningAnswer { warning, .. }
            | Act::WarningThank { warning, .. } => *warning,
            _ => return Err(Refusal::new("act", "this is no word on a warning").into()),
        };
        let warning = self.warning(number)?;
        let partner = self.partner(&warning.partner)?;
        let post = &mut self.post(&partner)?;
        let clocks = self.command.clocks;
        self.clear(&post.channel, act)?;
        let actor = &mut self.actor();
        let (warning, posted) = match act {
            Act::WarningAccept { note, .. } => warning.accept(note, post, actor)?,
            Act::WarningDecline { reason, .. } => warning.decline(reason, post, actor)?,
            Act::WarningAct { text, .. } => warning.act(text, post, actor)?,
            Act::WarningOutcome { facts, text, .. } => warning.outcome(facts, text, post, actor)?,
            Act::WarningAsk { text, .. } => warning.ask(text, &clocks, post, actor)?,
            Act::WarningAnswer { answer, text, .. } => {
                warning.answer_recall(*answer, text, post, actor)?
            }
            Act::WarningThank { to, text, .. } => warning.thank(to, text, post, actor)?,
            _ => warning.open(post, actor)?,
        };
        let subject = Some(format!("warning-{number}"));
        let answer = json!({ "warning": number, "entry": posted.reference, "id": posted.id });
        let partner = warning.partner.clone();
        let events =
            vec![Event::WarningSet { warning }, Event::Posted { partner, subject, posted }];
        Ok((events, answer))
    }
}

fn collect_ids(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            if let Ok(id) = StixId::parse(text)
                && !marking::is_published(&id)
            {
                ids.push(text.clone());
            }
        }
        Value::Array(list) => list.iter().for_each(|one| collect_ids(one, ids)),
        Value::Object(map) => map.values().for_each(|one| collect_ids(one, ids)),
        _ => {}
    }
}

fn case_set(case: Case) -> (Vec<Event>, Value) {
    let answer = json!({ "case": case.number, "stage": case.stage_name(), "due": case.due });
    (vec![Event::CaseSet { case }], answer)
}
