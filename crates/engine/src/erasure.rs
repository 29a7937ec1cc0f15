//! What may be erased, by order or since it was kept as long as it may be; and what may not be done about
//! it afterwards.

use crate::act::subject_of;
use crate::apply;
use crate::configuration::Us;
use crate::done::Done;
use crate::failure::Undone;
use crate::work::{Outcome, Work};
use forewarn_exchange::act::Act;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::command::Command;
use forewarn_exchange::erasure::{Erasable, Erased, Ground, Retention, may_be_erased};
use forewarn_exchange::event::Event;
use forewarn_exchange::id::{CaseNumber, ProposalNumber};
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_store::{Db, StoreError};

/// How many proposals are looked through at once.
const PAGE: i64 = 500;
/// Most cases that name an item and are looked at before it is erased.
const MAX_CASES: usize = 10_000;

/// Erases what was kept as long as it may be.
pub(crate) fn perform(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    what: &Erasable,
) -> Result<Done, Undone> {
    let event = by_rule(db, &us.configuration.retention, what, (&command.actor, &command.time))?;
    let events = [event];
    apply::all(db, us, &command.time, &events)?;
    Ok(Done::of(Outcome::Retained {}, &events))
}

/// Whether something is to be erased by the rule now.
///
/// # Errors
/// The database cannot be read.
pub fn is_past(
    db: &Db<'_>,
    rules: &Retention,
    what: &Erasable,
    now: &Timestamp,
) -> Result<bool, StoreError> {
    match by_rule(db, rules, what, (&Actor::Node(Part::Retention), now)) {
        Ok(_) => Ok(true),
        Err(Undone::Refused(_)) => Ok(false),
        Err(Undone::Store(error)) => Err(error),
    }
}

fn by_rule(
    db: &Db<'_>,
    rules: &Retention,
    what: &Erasable,
    (by, at): (&Actor, &Timestamp),
) -> Result<Event, Undone> {
    let since = db.last_touched(what)?.ok_or_else(|| Refusal::unknown("record", what))?;
    let days = rules.past(what, &since, at).ok_or_else(|| {
        Refusal::new(Code::Clock, format!("{what} may be kept longer: since {since}"))
    })?;
    let reason = format!("kept for {days} days after it was over");
    let (at, by, ground) = (at.clone(), by.clone(), Ground::Retention);
    erased(db, what, Erased { at, by, second: None, ground, reason })
}

/// That something is erased now, by a person or by the rule: it is there and over, nothing holds it, and
/// no proposal about it waits.
pub(crate) fn erased(db: &Db<'_>, what: &Erasable, erased: Erased) -> Result<Event, Undone> {
    must_be_there(db, what)?;
    must_not_be_erased(db, what)?;
    let hold = db.kept(what)?.and_then(|known| known.hold);
    may_be_erased(hold.as_ref(), &erased.reason)?;
    must_be_over(db, what, erased.ground)?;
    let forgotten = decided_proposals(db, what)?;
    Ok(Event::Erased { what: what.clone(), erased: Box::new(erased), forgotten })
}

/// Nothing is done any more about what was erased, as long as nothing has come of it since.
pub(crate) fn must_not_be_erased(db: &Db<'_>, what: &Erasable) -> Result<(), Undone> {
    if !db.is_gone(what)? {
        return Ok(());
    }
    let erased = db.kept(what)?.and_then(|known| known.erased);
    let Some(Erased { at, ground, .. }) = erased else { return Ok(()) };
    let message = format!("{what} was erased at {at}: {}", ground.words());
    Err(Refusal::new(Code::Stage, message).into())
}

/// What is erased has no marking any more, and no ids: nothing is written that rests on it.
pub(crate) fn must_have_originals(db: &Db<'_>, case: CaseNumber) -> Result<(), Undone> {
    for item in db.case_items(case)? {
        let what = item.warning().map_or(Erasable::Item(item.id), Erasable::Warning);
        must_not_be_erased(db, &what)?;
    }
    Ok(())
}

pub(crate) fn must_be_there(db: &Db<'_>, what: &Erasable) -> Result<(), Undone> {
    let there = match what {
        Erasable::Case(number) => db.case(*number)?.is_some(),
        Erasable::Warning(number) => db.warning(*number)?.is_some(),
        Erasable::Item(id) => !db.item_ever(id)?.is_empty(),
    };
    if there { Ok(()) } else { Err(Refusal::unknown("case, warning or item", what).into()) }
}

/// Nobody works with it any more.
fn must_be_over(db: &Db<'_>, what: &Erasable, ground: Ground) -> Result<(), Undone> {
    match what {
        Erasable::Case(number) => {
            if let Some(case) = db.case(*number)? {
                let answered = db.recall_is_answered(*number)?;
                case.may_be_erased(answered, ground)?;
            }
        }
        Erasable::Warning(number) => {
            if let Some(warning) = db.warning(*number)? {
                warning.may_be_erased(ground)?;
            }
            no_case_rests_on(db, &what.to_string(), ground)?;
        }
        Erasable::Item(id) => no_case_rests_on(db, id, ground)?,
    }
    Ok(())
}

/// No case that is under way rests on an item, and none that is held.
fn no_case_rests_on(db: &Db<'_>, item: &str, ground: Ground) -> Result<(), Undone> {
    for case in db.cases_naming(item, MAX_CASES)? {
        let number = case.number;
        if let Some(hold) = db.kept(&Erasable::Case(number))?.and_then(|known| known.hold) {
            let message = format!("case {number} rests on it, and is held: {}", hold.reason);
            return Err(Refusal::new(Code::NotWaiting, message).into());
        }
        if case.is_under_way(ground) {
            let message = format!("case {number} rests on it, and is not over");
            let hint = Hint::ShowCase { case: number };
            return Err(Refusal::new(Code::Stage, message).hint(hint).into());
        }
    }
    Ok(())
}

/// Proposals about it that wait no more, and have its words. One that waits must be decided first.
fn decided_proposals(db: &Db<'_>, what: &Erasable) -> Result<Vec<ProposalNumber>, Undone> {
    let (mut all, mut after) = (Vec::new(), 0);
    let Some(subject) = what.subject() else { return Ok(all) };
    loop {
        let page = db.proposals_after(after, PAGE)?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.number.get();
        for one in page {
            if matches!(one.act, Act::Record(_)) || subject_of(&one.act) != Some(subject) {
                continue;
            }
            if one.waits() {
                let message = format!("proposal {} about {what} waits", one.number);
                return Err(Refusal::new(Code::Waiting, message)
                    .advice("have it approved or dropped first")
                    .into());
            }
            all.push(one.number);
        }
    }
}
