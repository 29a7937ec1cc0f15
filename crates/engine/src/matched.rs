//! What matching found: cases are opened or joined, and the follower's cursor moves, in one step.
//!
//! Two followers match. The matcher holds each new item against all interests. The trial holds new
//! interests against the items that the matcher had passed before it knew of them. Which items
//! these are is known exactly: with each step the matcher says which change of the interests its
//! index held, and from where on.

use crate::act::Clerk;
use crate::apply;
use crate::configuration::Us;
use crate::done::{Done, posted};
use crate::failure::Undone;
use crate::notice::Notice;
use crate::threat;
use crate::work::{ItemMatches, Matched, Outcome, TrialBegun, Work};
use forewarn_exchange::case::{Case, CaseItem};
use forewarn_exchange::command::Command;
use forewarn_exchange::event::Event;
use forewarn_exchange::exercise::InExercise;
use forewarn_exchange::history::{Happened, Line, Topic};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::mute::Mute;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::Status;
use forewarn_exchange::{Code, Refusal};
use forewarn_matching::{Ended, Match};
use forewarn_store::Db;
use forewarn_store::interest::PENDING;
use std::collections::BTreeMap;

/// The items up to here were matched.
pub const MATCHER: &str = "matcher";
/// Interests up to this change were in the matcher's index …
pub const KNOWN: &str = "interests known";
/// … for every item after this one.
pub const KNOWN_FROM: &str = "interests known from";
/// Interests up to this change have been tried against what was stored.
pub const TRIED: &str = "interests tried";
/// Those up to this change are being tried; 0 when there is no trial.
pub const TRIAL: &str = "trial of interests";
/// The trial began after this item.
pub const TRIAL_FROM: &str = "trial from";
/// The trial has tried the items up to here.
pub const TRIAL_AT: &str = "trial at";
/// The trial ends with this item.
pub const TRIAL_UNTIL: &str = "trial until";

/// The matcher has come further.
pub(crate) fn followed(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: &Matched,
) -> Result<Done, Undone> {
    check_place(db, MATCHER, work)?;
    if work.changes > db.cursor(KNOWN)? {
        db.set_cursor(KNOWN, work.changes)?;
        db.set_cursor(KNOWN_FROM, work.from)?;
    }
    let (mut done, opened) = record(db, us, command, &work.found)?;
    let_out(db, us, command, (&mut done, &opened))?;
    db.set_cursor(MATCHER, work.to)?;
    Ok(done)
}

/// A trial begins: of interests that the matcher knows by now.
pub(crate) fn trial_begun(db: &Db<'_>, work: &TrialBegun) -> Result<Done, Undone> {
    if db.cursor(TRIAL)? != 0 {
        return Err(Refusal::new(Code::Behind, "a trial has begun already").into());
    }
    // Interests outside this trial were set after `KNOWN_FROM`; the next trial starts there.
    let all = db.interest_changes()? == work.changes;
    db.set_cursor(PENDING, if all { 0 } else { db.cursor(KNOWN_FROM)?.max(1) })?;
    db.set_cursor(TRIAL, work.changes)?;
    db.set_cursor(TRIAL_FROM, work.from)?;
    db.set_cursor(TRIAL_AT, work.from)?;
    db.set_cursor(TRIAL_UNTIL, work.until)?;
    if work.from >= work.until {
        end_trial(db, work.changes)?;
    }
    Ok(Done::new(Outcome::TrialBegun {}, Vec::new()))
}

/// The trial has come further.
pub(crate) fn tried(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: &Matched,
) -> Result<Done, Undone> {
    if db.cursor(TRIAL)? != work.changes {
        return Err(Refusal::new(Code::Behind, "this trial has ended").into());
    }
    check_place(db, TRIAL_AT, work)?;
    let (done, _) = record(db, us, command, &work.found)?;
    db.set_cursor(TRIAL_AT, work.to)?;
    if work.to >= db.cursor(TRIAL_UNTIL)? {
        end_trial(db, work.changes)?;
    }
    Ok(done)
}

fn end_trial(db: &Db<'_>, changes: i64) -> Result<(), Undone> {
    db.set_cursor(TRIED, changes)?;
    db.set_cursor(TRIAL, 0)?;
    Ok(())
}

fn check_place(db: &Db<'_>, cursor: &str, work: &Matched) -> Result<(), Undone> {
    if db.cursor(cursor)? == work.from {
        return Ok(());
    }
    Err(Refusal::new(Code::Behind, "these items were matched before").into())
}

/// Opens cases for what was found, or lets it join them.
pub(crate) fn record(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    found: &[ItemMatches],
) -> Result<(Done, Opened), Undone> {
    let (mut lines, mut notices) = (Vec::new(), Vec::new());
    // Each case is written once, however many of these items join it.
    let mut cases: BTreeMap<CaseNumber, Case> = BTreeMap::new();
    let mut opened: Opened = BTreeMap::new();
    let mutes = db.mutes_holding(&command.time)?;
    for item in found {
        let ended = item.ended.as_ref().filter(|ended| ended.by(&command.time));
        let mut joins = false;
        let exercise = match db.exercise_of(item.item)? {
            None => None,
            Some((exercise, false)) => Some(exercise),
            // What is over needs nobody, however late it is matched.
            Some((_, true)) => continue,
        };
        let part = part_of(us, exercise);
        for found in &item.matches {
            if !is_new(db, item, found)? {
                continue;
            }
            if exercise.is_none() && is_muted(db, us, command, (item, found), &mutes)? {
                continue;
            }
            let known = db.joinable_case(&found.partner, item.intake, &item.about, part)?;
            // What this step has changed of it is newer than what is stored.
            let open = known.map(|case| cases.remove(&case.number).unwrap_or(case));
            let met = match (open, ended) {
                // What is over starts no clock, and makes none shorter.
                (None, Some(ended)) => {
                    lines.push(not_opened(item, found, ended));
                    continue;
                }
                (Some(case), Some(ended)) => {
                    let found = found.clone().opens_no_case(ended);
                    Some((named(db, (item, &found), case)?, found))
                }
                (open, None) => {
                    let is_new = open.is_none();
                    joins = true;
                    lines.extend(open.as_ref().and_then(|case| new_fact(case, item)));
                    let case = meet(db, us, command, (item, found), (open, part))?;
                    // An exercise uses up no rate of what leaves by itself: people let it out.
                    let by_itself = is_new && exercise.is_none();
                    if let Some(case) = case.as_ref().filter(|_| by_itself) {
                        opened.insert(case.number, MetSoFar::default());
                    }
                    case.map(|case| (case, found.clone()))
                }
            };
            let Some((case, found)) = met else { continue };
            // Nothing leaves of what is over.
            if let Some(so_far) = opened.get_mut(&case.number).filter(|_| ended.is_none()) {
                so_far.matches.push(found.clone());
                so_far.whole &= db.names_item(case.number, &item.id)?;
            }
            let matched = Event::Matched { item: item.item, case: case.number, found };
            apply::one(db, us, &command.time, &matched)?;
            lines.extend(matched.line());
            notices.extend(Notice::of(&matched));
            cases.insert(case.number, case);
        }
        if joins {
            lines.extend(linked(db, item, &mut cases)?);
        }
    }
    let numbers: Vec<CaseNumber> = cases.keys().copied().collect();
    for case in cases.into_values() {
        let event = Event::CaseSet { case };
        apply::one(db, us, &command.time, &event)?;
        lines.extend(event.line());
        notices.extend(Notice::of(&event));
    }
    Ok((Done { notices, ..Done::new(Outcome::Matched(numbers), lines) }, opened))
}

/// Cases that were opened, each with all that its items have met.
pub(crate) type Opened = BTreeMap<CaseNumber, MetSoFar>;

/// What the items of a new case have met that hold.
pub(crate) struct MetSoFar {
    pub(crate) matches: Vec<Match>,
    /// Whether the case names each of these items.
    pub(crate) whole: bool,
}

impl Default for MetSoFar {
    fn default() -> MetSoFar {
        MetSoFar { matches: Vec::new(), whole: true }
    }
}

/// What standing authorisations cover leaves at once.
fn let_out(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    (done, opened): (&mut Done, &Opened),
) -> Result<(), Undone> {
    let mut clerk = Clerk::new(db, us, command);
    for (number, met) in opened {
        let Some(case) = db.case(*number)? else { continue };
        let events = clerk.look(&case, met)?;
        apply::all(db, us, &command.time, &events)?;
        done.lines.extend(events.iter().filter_map(Event::line));
        done.notices.extend(events.iter().filter_map(Notice::of));
        done.posted.extend(posted(&events));
    }
    Ok(())
}

/// Whether a match opens no case since it is muted, which is then on record.
fn is_muted(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    (item, found): (&ItemMatches, &Match),
    mutes: &[Mute],
) -> Result<bool, Undone> {
    let mutes_it = |one: &&Mute| one.mutes(item.source.as_deref(), found, &command.time);
    let Some(mute) = mutes.iter().find(mutes_it) else { return Ok(false) };
    let (mute, object, found) = (mute.number, item.id.clone(), found.clone());
    let muted = Event::Muted { mute, item: item.item, object, found };
    apply::one(db, us, &command.time, &muted)?;
    Ok(true)
}

/// The cases of several partners that name an item are of one threat.
fn linked(
    db: &Db<'_>,
    item: &ItemMatches,
    cases: &mut BTreeMap<CaseNumber, Case>,
) -> Result<Vec<Line>, Undone> {
    let linked = threat::naming(db, &item.id, cases)?;
    let lines = if linked.changed.is_empty() { Vec::new() } else { threat::told(&linked.all) };
    cases.extend(linked.changed.into_iter().map(|case| (case.number, case)));
    Ok(lines)
}

/// Whether a match was not made before, by an interest that has not been withdrawn. One that was
/// changed since the item was read was met as it was: better a case too many than a warning lost.
fn is_new(db: &Db<'_>, item: &ItemMatches, found: &Match) -> Result<bool, Undone> {
    let stands = db.interest_stands(&found.partner, &found.interest)?.is_some();
    let (item, partner, interest) = (item.item, &found.partner, &found.interest);
    Ok(stands
        && !db.has_match(item, partner, interest)?
        && !db.has_muted(item, partner, interest)?)
}

/// What is met by an item of this exercise, or of none, is beside nothing else.
fn part_of(us: &Us, exercise: Option<InExercise>) -> (Status, Option<InExercise>) {
    let least = if exercise.is_some() { Status::Exercise } else { Status::Actual };
    (us.configuration.status.at_least(least), exercise)
}

/// Matches for one partner are one case, as long as it is undecided, when they came in one intake,
/// are of one object (another version of it), or one refers to an object that the case has matched.
/// What would have joined a case that was waived joins it still, and has it looked at again.
fn meet(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    (item, found): (&ItemMatches, &Match),
    (open, part): (Option<Case>, (Status, Option<InExercise>)),
) -> Result<Option<Case>, Undone> {
    // An interest is a partner's, whose name was checked when it became one.
    let Ok(partner) = NodeName::parse(&found.partner) else { return Ok(None) };
    let (status, exercise) = part;
    let clocks = &us.clocks_with(db, &partner)?.of_exercise(exercise);
    let case = if let Some(case) = open {
        if case.is_waived() {
            case.new_fact(&item.id, found.urgency, &command.time, clocks)
        } else {
            case.join(found.urgency, &command.time, clocks)
        }
    } else {
        let number = db.next_case()?;
        let grade = (found.urgency, status);
        let case = Case::open(number, &partner, 0, grade, &command.time, clocks);
        let case = case.of_exercise(exercise);
        // Takes the number, so that the next one opened here gets another.
        db.set_case(&case)?;
        case
    };
    Ok(Some(named(db, (item, found), case)?))
}

/// What joins a threat that was waived is told.
fn new_fact(case: &Case, item: &ItemMatches) -> Option<Line> {
    let happened = Happened::NewFact { item: item.id.clone() };
    case.is_waived().then(|| Line::new(case.number, happened))
}

/// The case names the item, as long as there is room.
fn named(
    db: &Db<'_>,
    (item, found): (&ItemMatches, &Match),
    mut case: Case,
) -> Result<Case, Undone> {
    if case.has_room() && !db.names_item(case.number, &item.id)? {
        let why = found.why.iter().map(ToString::to_string).collect();
        let new = CaseItem { id: item.id.clone(), source: item.source.clone(), why };
        db.add_case_item(case.number, &new)?;
        case.items += 1;
    }
    db.set_joinable(&case, item.intake, &item.id)?;
    Ok(case)
}

/// On record with the partner: nobody is woken, and whoever asks can see it.
fn not_opened(item: &ItemMatches, found: &Match, ended: &Ended) -> Line {
    let (item, label, ended) = (item.id.clone(), found.label.clone(), ended.clone());
    let happened = Happened::NotOpened { item, label, ended };
    match NodeName::parse(&found.partner) {
        Ok(partner) => Line::new(&partner, happened),
        Err(_) => Line::new(Topic::Node, happened),
    }
}
