//! What the matcher found: cases are opened or joined, and its cursor moves, in one step.

use super::apply;
use super::work::{Done, ItemMatches, Matched, Undone, Us, Work};
use forewarn_exchange::case::{Case, CaseItem};
use forewarn_exchange::matching::Match;
use forewarn_exchange::{Command, Event, Refusal};
use forewarn_store::Db;
use serde_json::json;
use std::collections::BTreeMap;

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
    // Each case is written once, however many of these items join it.
    let mut cases: BTreeMap<(String, i64), Case> = BTreeMap::new();
    for item in &work.found {
        for found in &item.matches {
            if db.has_match(item.item, &found.interest)? {
                continue;
            }
            let key = (found.partner.clone(), item.intake);
            let open = match cases.remove(&key) {
                Some(case) => Some(case),
                None => db.joinable_case(&found.partner, item.intake)?,
            };
            let case = meet(db, us, command, (item, found), open)?;
            let matched =
                Event::Matched { item: item.item, case: case.number, found: found.clone() };
            apply::all(db, us, &command.time, std::slice::from_ref(&matched))?;
            told.push(matched.told());
            cases.insert(key, case);
        }
    }
    let numbers: Vec<i64> = cases.values().map(|case| case.number).collect();
    let events: Vec<Event> = cases.into_values().map(|case| Event::CaseSet { case }).collect();
    apply::all(db, us, &command.time, &events)?;
    told.extend(events.iter().map(Event::told));
    db.set_cursor(CURSOR, work.to)?;
    Ok(Done::new(json!({ "to": work.to, "cases": numbers }), told))
}

/// Matches for one partner that came in one intake are one case, as long as it is undecided.
fn meet(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    matched: (&ItemMatches, &Match),
    open: Option<Case>,
) -> Result<Case, Undone> {
    let (item, found) = matched;
    let why = found.why.iter().map(ToString::to_string).collect();
    let new = CaseItem { id: item.id.clone(), source: item.source.clone(), why };
    let clocks = &command.clocks;
    if let Some(case) = open {
        return Ok(case.join(new, found.urgency, clocks));
    }
    let number = db.next_case()?;
    let grade = (found.urgency, us.status);
    let case = Case::open(number, &found.partner, vec![new], grade, &command.time, clocks);
    // Takes the number, so that the next one opened here gets another.
    db.set_case(&case)?;
    db.set_joinable(&found.partner, item.intake, number)?;
    Ok(case)
}
