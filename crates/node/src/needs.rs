//! What needs somebody, read from the state and from how the parts of the node fare.

use crate::channel::tries::{FailedTry, Tries};
use crate::feeder::{AllFares, Fares};
use crate::sees::sees_proposal;
use crate::state::State;
use crate::watch::Watch;
use forewarn_engine::{Failure, Us};
use forewarn_exchange::case;
use forewarn_exchange::feed::Pause;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::need::{
    self, FailedDelivery, FailedFeed, Kind, Need, Stopped, WarningKnown,
};
use forewarn_exchange::scale::{Clocks, Status};
use forewarn_exchange::telling::{Taken, Whose};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most needs that are told at once: more than any desk works through. Of each kind as many are
/// read.
pub const MAX_NEEDS: usize = 1_000;
/// Most of them that ask what came of what is over.
const MAX_AFTERWARDS: usize = MAX_NEEDS / 4;
/// What was refused is a need for so many minutes.
const REFUSED_MINUTES: i64 = 24 * 60;
/// A feed that fails by itself is a need from so many minutes on: it tries again first.
const FEED_MINUTES: i64 = 15;

/// A need, with what whoever may read everything here is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The need.
    pub need: Need,
    /// The title and marking of the warning that it is about.
    pub title: Option<(String, Tlp)>,
    /// What was tried, or what is wrong, in words.
    pub note: Option<String>,
    /// Who has it in hand.
    pub taken: Option<Taken>,
}

/// How the parts of the node fare, beside the state.
#[derive(Clone)]
pub struct Sources {
    /// What commands have set.
    pub state: State,
    /// Deliveries to partners.
    pub tries: Arc<Tries>,
    /// Feeds.
    pub fares: Arc<AllFares>,
    /// Followers.
    pub watch: Arc<Watch>,
    /// The names of the notifiers.
    pub notifiers: Arc<[String]>,
}

/// What needs somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// In the order in which they are to be looked at; the first [`MAX_NEEDS`].
    pub waiting: Vec<Waiting>,
    /// Whether there are more.
    pub more: bool,
}

impl From<Need> for Waiting {
    fn from(need: Need) -> Waiting {
        Waiting { need, title: None, note: None, taken: None }
    }
}

/// What waits for somebody at this time, as far as it may be seen, and of that what is `wanted`.
///
/// # Errors
/// The database cannot be read.
pub fn read(
    (db, node): (&Db<'_>, &Sources),
    sight: &Sight,
    now: &Timestamp,
    wanted: impl Fn(&Need) -> bool,
) -> Result<Needs, Failure> {
    let us = node.state.us();
    let clocks = us.configuration.clocks.clone();
    let mut all = of_cases((db, node), sight, now)?;
    all.extend(of_warnings(db, &us, now)?);
    all.extend(of_readouts(db, sight, &clocks, now)?);
    all.extend(of_proposals(db, sight, &clocks)?);
    let waiting = db.waiting_agreements(MAX_NEEDS)?;
    all.extend(waiting.iter().filter_map(need::of_agreement).map(Waiting::from));
    all.extend(of_partners(db)?);
    all.extend(of_deliveries(node, &all, &clocks));
    all.extend(of_feeds(db, node, now)?);
    let since = now.plus_minutes(-REFUSED_MINUTES);
    if let Some(refused) = db.refused_since(&since, sight, MAX_NEEDS)? {
        let since = Timestamp::parse(&refused.since).unwrap_or(since);
        all.push(need::of_quarantine(refused.count, refused.first, since).into());
    }
    let down = node.watch.followers().into_iter().filter(|one| !one.running);
    all.extend(down.map(|one| {
        let at = one.ended_at.unwrap_or_else(|| now.clone());
        let need = need::of_follower(&Stopped { name: one.name, at });
        Waiting { need, title: None, note: one.ended, taken: None }
    }));
    all.extend(db.dangers()?.holding().map(need::of_danger).map(Waiting::from));
    all.extend(of_telling(db, node, now)?);
    all.retain(|one| wanted(&one.need));
    let mut needs = in_order(all);
    for one in &mut needs.waiting {
        let taken = db.taken(&one.need.name())?;
        one.taken = taken.filter(|taken| taken.holds(&one.need));
    }
    Ok(needs)
}

/// Notifiers that fail, and that nobody is on duty though somebody is to be woken.
fn of_telling(db: &Db<'_>, node: &Sources, now: &Timestamp) -> Result<Vec<Waiting>, Failure> {
    let mut all = Vec::new();
    for name in node.notifiers.iter() {
        if let Some((since, why)) = db.notifier_fails(name)? {
            let need = need::of_notifier(name.clone(), since);
            all.push(Waiting { need, title: None, note: Some(why), taken: None });
        }
    }
    let telling = db.telling()?;
    let wakes_duty = telling
        .escalation
        .as_ref()
        .is_some_and(|escalation| escalation.steps.iter().any(|step| step.who == Whose::OnDuty));
    if wakes_duty && telling.on_duty(now).is_empty() {
        let ended = telling.rota.iter().map(|shift| &shift.to).filter(|to| *to <= now).max();
        all.push(need::of_duty(ended.cloned()).into());
    }
    Ok(all)
}

/// In their order, no more than are told at once.
fn in_order(all: Vec<Waiting>) -> Needs {
    let mut rest: BTreeMap<String, Vec<Waiting>> = BTreeMap::new();
    let mut needs: Vec<Need> = Vec::with_capacity(all.len());
    for waiting in all {
        needs.push(waiting.need.clone());
        rest.entry(waiting.need.name()).or_default().push(waiting);
    }
    need::sort(&mut needs);
    let found = needs.len();
    // What is asked for after a warning's end is overdue for long, and crowds out nothing.
    let mut afterwards = 0;
    needs.retain(|need| {
        afterwards += usize::from(need.kind.is_afterwards());
        !need.kind.is_afterwards() || afterwards <= MAX_AFTERWARDS
    });
    let more = found > needs.len() || needs.len() > MAX_NEEDS;
    let taken = needs.into_iter().take(MAX_NEEDS);
    let waiting = taken.filter_map(|need| rest.get_mut(&need.name())?.pop()).collect();
    Needs { waiting, more }
}

fn of_cases(
    (db, node): (&Db<'_>, &Sources),
    sight: &Sight,
    now: &Timestamp,
) -> Result<Vec<Waiting>, Failure> {
    let (mut all, us) = (Vec::new(), node.state.us());
    for (case, known) in db.cases_in_need(sight, now, MAX_NEEDS)? {
        for need in need::of_case(&case, &known, &us.clocks_of(db, &case)?, now) {
            let tried = node.tries.last_failure(&case.partner);
            let tried = tried.filter(|_| need.kind == Kind::Undelivered).map(|one| last_try(&one));
            let note = tried.or_else(|| case.clock.pause().map(paused));
            all.push(Waiting { need, title: None, note, taken: None });
        }
    }
    for (subject, question) in db.unanswered(false, MAX_NEEDS)? {
        let Subject::Case(number) = subject else { continue };
        let Some(case) = db.case(number)? else { continue };
        if db.sees_case(number, sight)? && !db.exercise_is_over(&case)? {
            let clocks = us.clocks_of(db, &case)?;
            all.push(need::of_question(&case, &question, &clocks).into());
        }
    }
    Ok(all)
}

fn paused(case::Pause { by, until, reason, .. }: &case::Pause) -> String {
    format!("paused by {by} until {until}: {reason}")
}

fn last_try(FailedTry { at, why, .. }: &FailedTry) -> String {
    format!("the last try, at {at}, failed: {why}")
}

fn of_warnings(db: &Db<'_>, us: &Us, now: &Timestamp) -> Result<Vec<Waiting>, Failure> {
    let mut all = Vec::new();
    for warning in db.warnings_in_need(now, MAX_NEEDS)? {
        let known = WarningKnown { outcome: db.has_outcome(warning.number)? };
        let clocks = &us.clocks_with(db, &warning.partner)?;
        for need in need::of_warning(&warning, known, clocks, now) {
            let title = Some((warning.summary.title.clone(), warning.summary.tlp));
            all.push(Waiting { need, title, note: None, taken: None });
        }
    }
    for (subject, question) in db.unanswered(true, MAX_NEEDS)? {
        let Subject::Warning(number) = subject else { continue };
        let Some(warning) = db.warning(number)? else { continue };
        let clocks = &us.clocks_with(db, &warning.partner)?;
        let need = need::of_own_question(&warning, &question, clocks, now);
        let title = Some((warning.summary.title, warning.summary.tlp));
        all.extend(need.map(|need| Waiting { need, title, note: None, taken: None }));
    }
    Ok(all)
}

fn of_readouts(
    db: &Db<'_>,
    sight: &Sight,
    clocks: &Clocks,
    now: &Timestamp,
) -> Result<Vec<Waiting>, Failure> {
    let mut all = Vec::new();
    for readout in db.readouts_in_need(MAX_NEEDS)? {
        if db.sees(readout.subject, sight)? {
            all.extend(need::of_readout(&readout, clocks, now).into_iter().map(Waiting::from));
        }
    }
    Ok(all)
}

fn of_proposals(db: &Db<'_>, sight: &Sight, clocks: &Clocks) -> Result<Vec<Waiting>, Failure> {
    let mut all = Vec::new();
    for proposal in db.waiting_proposals()? {
        if !sees_proposal(db, &proposal, sight)? {
            continue;
        }
        let subject = forewarn_engine::subject_of(&proposal.act);
        let status = subject.map(|subject| db.status_of(subject)).transpose()?.flatten();
        let status = status.unwrap_or(Status::Actual);
        all.extend(need::of_proposal(&proposal, status, clocks).map(Waiting::from));
    }
    Ok(all)
}

fn of_partners(db: &Db<'_>) -> Result<Vec<Waiting>, Failure> {
    let mut proven: BTreeMap<String, Timestamp> = BTreeMap::new();
    for kept in db.contradictions()? {
        let time = Timestamp::parse(&kept.time);
        let time = time.map_err(|e| Failure::Store(format!("damaged: contradiction: {e}")))?;
        let newest = proven.entry(kept.partner).or_insert_with(|| time.clone());
        if time > *newest {
            *newest = time;
        }
    }
    let needs = db
        .partners()?
        .into_iter()
        .flat_map(|partner| need::of_partner(&partner, proven.get(&**partner.name())));
    Ok(needs.map(Waiting::from).collect())
}

/// Deliveries that fail, but for those of which a case tells already.
fn of_deliveries(node: &Sources, told: &[Waiting], clocks: &Clocks) -> Vec<Waiting> {
    let undelivered = told.iter().filter(|one| one.need.kind == Kind::Undelivered);
    let told: BTreeSet<NodeName> = undelivered.filter_map(|one| one.need.partner.clone()).collect();
    let failed = node.tries.all().into_iter().filter(|(name, _)| !told.contains(name));
    failed
        .map(|(partner, tried)| {
            let failed = FailedDelivery { partner, since: tried.since.clone() };
            let need = need::of_delivery(&failed, clocks);
            Waiting { need, title: None, note: Some(last_try(&tried)), taken: None }
        })
        .collect()
}

fn of_feeds(db: &Db<'_>, node: &Sources, now: &Timestamp) -> Result<Vec<Waiting>, Failure> {
    let mut all = Vec::new();
    for feed in db.feeds()? {
        let Fares { trouble: Some(trouble), since, rests, .. } = node.fares.of(&feed.name) else {
            continue;
        };
        let asks_for_somebody = rests.is_some_and(|(_, why)| why == Pause::NeedsSomebody);
        let for_long = since.as_ref().is_some_and(|at| at.plus_minutes(FEED_MINUTES) <= *now);
        if asks_for_somebody || for_long {
            let need = need::of_feed(&FailedFeed { name: feed.name, since });
            all.push(Waiting { need, title: None, note: Some(trouble), taken: None });
        }
    }
    Ok(all)
}
