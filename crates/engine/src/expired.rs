//! The time of a warning is over: that is put on record by our own clock, and what stands in outlets
//! is withdrawn.

use crate::apply;
use crate::configuration::Us;
use crate::done::Done;
use crate::failure::Undone;
use crate::work::{ExpiredWork, Outcome, Work};
use forewarn_exchange::Refusal;
use forewarn_exchange::command::Command;
use forewarn_exchange::event::Event;
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::id::{CaseNumber, Subject, WarningNumber};
use forewarn_exchange::talk::Statement;
use forewarn_stix::Timestamp;
use forewarn_store::Db;

pub(crate) fn perform(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: ExpiredWork,
) -> Result<Done, Undone> {
    let events = match work.subject {
        Subject::Case(number) => of_case(db, us, number, &command.time)?,
        Subject::Warning(number) => of_warning(db, number, &command.time)?,
    };
    apply::all(db, us, &command.time, &events)?;
    Ok(Done::of(Outcome::Expired {}, &events))
}

fn of_case(db: &Db<'_>, us: &Us, number: CaseNumber, at: &Timestamp) -> Result<Vec<Event>, Undone> {
    let case = db.case(number)?.ok_or_else(|| Refusal::unknown("case", number))?;
    let outgoing = db.outgoing(number)?;
    let newest = outgoing.releases().last().map(|release| release.entry.clone());
    let newest = newest.ok_or_else(|| Refusal::unknown("release of case", number))?;
    let horizon = case.horizon.as_ref().map(|horizon| horizon.until.clone());
    let partner = db.partner(&case.partner)?;
    let partner = partner.ok_or_else(|| Refusal::unknown("partner", &case.partner))?;
    let declined = is_declined(db, number, outgoing.releases().len())?;
    let owes = !partner.without_node && !declined;
    let case = case.expire((&newest, owes), at)?;
    let mut offered = Vec::new();
    if us.outlets.contains_key(&case.partner) {
        let withheld = db.withheld_in(&case.partner, Some(number))?;
        offered = case.offered(&outgoing, (&partner, us.organisation()), &withheld, at)?;
    }
    let name = case.partner.clone();
    let mut events = vec![Event::CaseSet { case }];
    events.extend(offered.into_iter().map(|released| {
        let partner = name.clone();
        Event::Offered { partner, case: number, released }
    }));
    events.extend(horizon.map(|horizon| told(number.into(), horizon)));
    Ok(events)
}

/// Whether the partner's last word on the newest of so many versions was that it does not take it
/// on. What it said before that version was made, it said of another.
fn is_declined(db: &Db<'_>, number: CaseNumber, versions: usize) -> Result<bool, Undone> {
    let talk = db.talk(number.into())?;
    let last = talk.iter().rev().find(|one| {
        let of_newest = one.version.is_none_or(|version| version as usize == versions);
        !one.ours
            && of_newest
            && matches!(one.statement, Statement::Accepted { .. } | Statement::Declined { .. })
    });
    Ok(last.is_some_and(|one| matches!(one.statement, Statement::Declined { .. })))
}

fn of_warning(db: &Db<'_>, number: WarningNumber, at: &Timestamp) -> Result<Vec<Event>, Undone> {
    let warning = db.warning(number)?.ok_or_else(|| Refusal::unknown("warning", number))?;
    let horizon = warning.summary.valid_until.clone();
    let warning = warning.expire(at)?;
    Ok(vec![Event::WarningSet { warning }, told(number.into(), horizon)])
}

fn told(subject: Subject, horizon: Timestamp) -> Event {
    Event::Told { line: Line::new(subject, Happened::Expired { horizon }) }
}
