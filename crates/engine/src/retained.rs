//! What may be erased, and what was kept as long as it may be.

use crate::act::subject_of;
use crate::apply;
use crate::configuration::Us;
use crate::done::Done;
use crate::failure::Undone;
use crate::work::{Outcome, Work};
use forewarn_exchange::act::Act;
use forewarn_exchange::command::Command;
use forewarn_exchange::erasure::{Erasable, Erased, Ground, Retention};
use forewarn_exchange::event::Event;
use forewarn_exchange::id::ProposalNumber;
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
    let days = days_past(db, &us.configuration.retention, what, &command.time)?;
    let erased = Erased {
        at: command.time.clone(),
        by: command.actor.clone(),
        second: None,
        ground: Ground::Retention,
        reason: format!("kept for {days} days after it was over"),
    };
    let forgotten = decided_proposals(db, what)?;
    let events = [Event::Erased { what: what.clone(), erased: Box::new(erased), forgotten }];
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
    match days_past(db, rules, what, now) {
        Ok(_) => Ok(true),
        Err(Undone::Refused(_)) => Ok(false),
        Err(Undone::Store(error)) => Err(error),
    }
}

/// For how many days it was kept, when they are over and nothing speaks against it.
fn days_past(
    db: &Db<'_>,
    rules: &Retention,
    what: &Erasable,
    now: &Timestamp,
) -> Result<u32, Undone> {
    let since = db.last_touched(what)?.ok_or_else(|| Refusal::unknown("record", what))?;
    let days = rules.past(what, &since, now).ok_or_else(|| {
        Refusal::new(Code::Clock, format!("{what} may be kept longer: since {since}"))
    })?;
    if db.kept(what)?.is_some_and(|known| known.hold.is_some()) {
        return Err(Refusal::new(Code::NotWaiting, format!("{what} is held")).into());
    }
    if db.is_gone(what)? {
        return Err(Refusal::new(Code::Stage, format!("{what} was erased before")).into());
    }
    must_be_over(db, what, Ground::Retention)?;
    decided_proposals(db, what)?;
    Ok(days)
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
pub(crate) fn must_be_over(db: &Db<'_>, what: &Erasable, ground: Ground) -> Result<(), Undone> {
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
pub(crate) fn decided_proposals(
    db: &Db<'_>,
    what: &Erasable,
) -> Result<Vec<ProposalNumber>, Undone> {
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
