//! What the matcher found: cases are opened or joined, and its cursor moves, in one step.

use super::apply;
use super::work::{Done, ItemMatches, Matched, Undone, Us, Work};
use forewarn_exchange::case::{Case, CaseItem};
use forewarn_exchange::matching::Match;
use forewarn_exchange::{Command, Event, Refusal};
use forewarn_store::Db;
use serde_json::json;

/// The matcher's cursor.
pub const CURSOR: &str = "matcher";

pub(super) fn perform(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: &Matched,
) -> Result<Done, Undone> {
    if db.cursor(CURSOR)? != work.from {
        return Err(Refusal::new("behind", "these items were matched before").into());
    }
    let mut told = Vec::new();
    let mut cases = Vec::new();
    for item in &work.found {
        for found in &item.matches {
            if db.has_match(item.item, &found.interest)? {
                continue;
            }
            let case = meet(db, us, command, item, found)?;
            cases.push(case.number);
            let number = case.number;
            let matched = Event::Matched { item: item.item, case: number, found: found.clone() };
            let events = [Event::CaseSet { case }, matched];
            apply::all(db, command.time.as_str(), &events)?;
            told.extend(events.iter().map(Event::told));
        }
    }
    cases.dedup();
    db.set_cursor(CURSOR, work.to)?;
    Ok(Done { answer: json!({ "to": work.to, "cases": cases }), told })
}

/// Matches for one partner that came in one intake are one case, as long as it is undecided.
fn meet(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    item: &ItemMatches,
    found: &Match,
) -> Result<Case, Undone> {
    let why = found.why.iter().map(ToString::to_string).collect();
    let new = CaseItem { id: item.id.clone(), source: item.source.clone(), why };
    let clocks = &command.clocks;
    if let Some(case) = db.joinable_case(&found.partner, item.intake)? {
        return Ok(case.join(new, found.urgency, clocks));
    }
    let number = db.next_case()?;
    let grade = (found.urgency, us.status);
    Ok(Case::open(number, &found.partner, vec![new], grade, &command.time, clocks))
}
