//! Which module does which work.

use crate::act::Conditions;
use crate::configuration::{self, Us};
use crate::done::Done;
use crate::failure::Undone;
use crate::notice::Notice;
use crate::work::{
    ClockRanOut, ContradictionWork, FetchedWork, Outcome, ReceiptWork, RefillWork, ShownWork,
    TellWork, Work,
};
use crate::{
    act, apply, corrected, delete, delivered, erasure, expired, fed, intake, matched, opened_again,
    receive, shelf, signed_in,
};
use forewarn_exchange::case::Rang;
use forewarn_exchange::command::Command;
use forewarn_exchange::history::{Happened, Line, Topic};
use forewarn_exchange::message::Message;
use forewarn_exchange::partner::Waiting;
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use forewarn_store::log::Held;
use forewarn_transcript::{Entry, Hash, Keys, Reference};

/// Decides and applies one command.
pub(crate) fn perform(
    db: &Db<'_>,
    us: Option<&Us>,
    command: &Command<Work>,
) -> Result<Done, Undone> {
    if let Work::Configure(configuration) = &command.work {
        configuration.check(us.map(|us| &us.configuration))?;
        configuration::set(db, configuration)?;
        // What a shelf may take up is decided by its rule and by the organisation's policies.
        let changed =
            |now: &Us| us.is_none_or(|us| us.shelves != now.shelves || us.house != now.house);
        if let Some(now) = Us::read(db)?.filter(changed) {
            shelf::follow_all(db, &now, &command.time)?;
        }
        let line = Line::new(Topic::Node, Happened::Configured {});
        return Ok(Done::new(Outcome::Configured {}, vec![line]));
    }
    let us = us.ok_or_else(|| Refusal::new(Code::NotReady, "the node is not configured yet"))?;
    match &command.work {
        Work::Configure(_) => Ok(Done::new(Outcome::Configured {}, Vec::new())),
        Work::Act(act) => act::perform(db, us, command, (act, Conditions::default())),
        Work::Limited(work) => act::perform(db, us, command, (&work.act, Conditions::of(work))),
        Work::SignIn(work) => signed_in::perform(db, us, command, work),
        Work::Intake(work) => {
            intake::must_run(db, command, work)?;
            let (taken, lines) = intake::take(db, us, command, work)?;
            let notices = lines.iter().filter_map(Notice::of_line).collect();
            Ok(Done { notices, ..Done::new(Outcome::Taken(taken), lines) })
        }
        Work::Fed(work) => fed::perform(db, us, command, work),
        Work::Fetched(work) => fetched(db, us, command, work),
        Work::Delete(work) => delete::perform(db, command, work),
        Work::Matched(work) => matched::followed(db, us, command, work),
        Work::TrialBegun(work) => matched::trial_begun(db, work),
        Work::Tried(work) => matched::tried(db, us, command, &work.0),
        Work::Rechecked(work) => corrected::rechecked(db, us, command, work),
        Work::Receive(work) => receive::perform(db, us, command, work),
        Work::ClockRanOut(work) => ran_out(db, us, command, *work),
        Work::Shown(ShownWork { warning, version }) => {
            db.warning(*warning)?.ok_or_else(|| Refusal::unknown("warning", warning))?;
            let happened = Happened::RedShown { version: *version };
            let line = Line::new(Topic::Warning(*warning), happened);
            Ok(Done::new(Outcome::Shown {}, vec![line]))
        }
        Work::Expired(work) => expired::perform(db, us, command, *work),
        Work::Retained(work) => erasure::perform(db, us, command, &work.what),
        Work::Contradiction(work) => {
            let ContradictionWork { partner, proof } = &**work;
            let is_new = db.add_contradiction(partner, command.time.as_str(), proof)?;
            let happened = Happened::WrittenTwice { log: proof.log.clone() };
            let line = is_new.then(|| Line::new(partner, happened));
            Ok(Done::new(Outcome::Contradiction(is_new), line.into_iter().collect()))
        }
        Work::Tell(work) => tell(db, command, work),
        Work::Refill(work) => refill(db, work),
        Work::OpenedAgain(work) => opened_again::perform(db, work),
        Work::Receipt(ReceiptWork { log, size, note }) => {
            let mut row = db.log(log)?.ok_or_else(|| Refusal::unknown("log", log))?;
            db.add_receipt(&mut row, *size, note)?;
            let lines = delivered::receipted(db, &row.partner, *size)?;
            Ok(Done::new(Outcome::Receipted(*size), lines))
        }
    }
}

/// A case's time is over, or runs on since it was paused meanwhile.
fn ran_out(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: ClockRanOut,
) -> Result<Done, Undone> {
    let known = db.case(work.case)?;
    let known = known.ok_or_else(|| Refusal::unknown("case", work.case))?;
    let clocks = us.clocks_of(db, &known)?;
    let (known, rang) = known.ring(&command.time, &clocks)?;
    let (due, purpose) = (known.clock.due().clone(), known.clock.purpose);
    db.set_case(&known)?;
    let happened = match (rang, known.awaits) {
        (Rang::RunsOn, _) => Happened::RunsOn { due },
        (Rang::RanOut, Some(_)) => Happened::Undelivered { due },
        (Rang::RanOut, None) => Happened::ClockRanOut { due, purpose },
    };
    let line = Line::new(known.number, happened);
    Ok(Done::new(Outcome::ClockRanOut {}, vec![line]))
}

/// What is told is kept before it is sent. The log of deliveries is its history.
fn tell(db: &Db<'_>, command: &Command<Work>, work: &TellWork) -> Result<Done, Undone> {
    match work {
        TellWork::Decided(all) => {
            for delivery in all {
                db.add_delivery(delivery)?;
            }
        }
        TellWork::Tried { id, came } => {
            let known = db.delivery(id)?.ok_or_else(|| Refusal::unknown("delivery", id))?;
            db.set_delivery(&known.tried(came.clone(), &command.time))?;
        }
    }
    Ok(Done::new(Outcome::Told {}, Vec::new()))
}

fn fetched(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: &FetchedWork,
) -> Result<Done, Undone> {
    let FetchedWork { partner, outlet, to } = work;
    db.set_fetched(*outlet, *to)?;
    let to = Timestamp::from_micros(*to).unwrap_or_else(|| command.time.clone());
    let (partner, by) = (partner.clone(), command.actor.clone());
    let line = Line::new(&partner.clone(), Happened::Fetched { partner, by, to });
    let mut lines = vec![line];
    lines.extend(delivered::fetched(db, us, &work.partner)?);
    Ok(Done::new(Outcome::Fetched {}, lines))
}

/// Entries of our own log come back. What they were about is in an older state of the database.
fn refill(db: &Db<'_>, work: &RefillWork) -> Result<Done, Undone> {
    let RefillWork { partner, start, entries } = work;
    let mut log = apply::log_to(db, partner)?;
    if log.size != *start {
        return Err(Refusal::new(Code::Gap, "our log has grown meanwhile").into());
    }
    let held = (*start..).zip(entries).map(|(index, carried)| Held {
        index,
        carried: carried.clone(),
        withheld: Vec::new(),
        subject: None,
        refused: None,
    });
    db.append_all(&mut log, &held.collect::<Vec<_>>())?;
    // A change of keys that the database has forgotten waits for the partner's word again.
    let mut announced = None;
    for (index, carried) in (*start..).zip(entries) {
        let Ok(entry) = Entry::parse(carried.leaf.as_bytes()) else { continue };
        let Ok(fields) = entry.opened(&carried.disclosures) else { continue };
        if let Ok(Message::KeyChange { key, mldsa44 }) = Message::read(&entry.kind, fields) {
            let keys = Keys { ed25519: key, mldsa44 };
            let (log, hash) = (log.name.clone(), Hash::leaf(carried.leaf.as_bytes()));
            announced = Some(Waiting { keys, entry: Reference { log, index, hash } });
        }
    }
    if announced.is_some()
        && let Some(mut known) = db.partner(partner)?
    {
        known.succession.announced = announced;
        db.set_partner(&known)?;
    }
    let entries = entries.len() as u64;
    let line = Line::new(partner, Happened::Refilled { entries, partner: partner.clone() });
    let outcome = Outcome::Refilled(entries);
    Ok(Done { posted: vec![partner.clone()], ..Done::new(outcome, vec![line]) })
}
