//! Which module does which work.

use super::work::{Done, Undone, Us, Work};
use super::{act, apply, delete, fed, intake, matched, receive};
use forewarn_exchange::{Command, Refusal};
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use forewarn_store::log::Held;
use forewarn_transcript::batch::Carried;
use serde_json::json;

/// Decides and applies one command.
pub(super) fn perform(db: &Db<'_>, us: &Us, command: &Command<Work>) -> Result<Done, Undone> {
    match &command.act {
        Work::Act(act) => act::perform(db, us, command, act),
        Work::Intake(work) => intake::perform(db, command, work),
        Work::Fed(work) => fed::perform(db, command, work),
        Work::Fetched { partner, outlet, to } => {
            db.set_fetched(*outlet, *to)?;
            let told = format!(
                "{} has fetched what stood in the outlet of {partner} up to {}",
                command.actor,
                Timestamp::from_micros(*to).map(String::from).unwrap_or_default()
            );
            Ok(Done::new(json!({ "to": to }), vec![(Some(partner.clone()), told)]))
        }
        Work::Delete(work) => delete::perform(db, command, work),
        Work::Matched(work) => matched::followed(db, us, command, work),
        Work::TrialBegun(work) => matched::trial_begun(db, work),
        Work::Tried(work) => matched::tried(db, us, command, work),
        Work::Receive { partner, batch, receipt } => {
            receive::perform(db, us, command, (partner, batch, receipt.as_deref()))
        }
        Work::ClockRanOut { case } => {
            let known = db.case(*case)?.ok_or_else(|| Refusal::unknown("case", case))?;
            let known = known.run_out(&command.time)?;
            let told =
                format!("the clock ran out at {}: nobody had decided or released", known.due);
            db.set_case(&known)?;
            let subject = Some(format!("case-{case}"));
            Ok(Done::new(json!({ "case": case }), vec![(subject, told)]))
        }
        Work::Contradiction { partner, proof } => {
            let is_new = db.add_contradiction(partner, command.time.as_str(), proof)?;
            let told = format!("proof is kept that {} was written twice", proof.log);
            let told = is_new.then_some((Some(partner.clone()), told)).into_iter().collect();
            Ok(Done::new(json!({ "new": is_new, "log": proof.log }), told))
        }
        Work::Refill { partner, start, entries } => refill(db, partner, *start, entries),
        Work::Receipt { log, size, note } => {
            let mut row = db.log(log)?.ok_or_else(|| Refusal::unknown("log", log))?;
            db.add_receipt(&mut row, *size, note)?;
            Ok(Done::new(json!({ "size": size }), Vec::new()))
        }
    }
}

/// Entries of our own log come back. What they were about is in an older state of the database.
fn refill(db: &Db<'_>, partner: &str, start: u64, entries: &[Carried]) -> Result<Done, Undone> {
    let mut log = apply::log_to(db, partner)?;
    if log.size != start {
        return Err(Refusal::new("gap", "our log has grown meanwhile").into());
    }
    let held = (start..).zip(entries).map(|(index, carried)| Held {
        index,
        carried: carried.clone(),
        withheld: Vec::new(),
        subject: None,
        refused: None,
    });
    db.append_all(&mut log, &held.collect::<Vec<_>>())?;
    let count = entries.len();
    let told = format!("{count} entries of our own log came back from the copy of {partner}");
    let told = vec![(Some(partner.to_owned()), told)];
    Ok(Done { answer: json!({ "entries": count }), told, posted: vec![partner.to_owned()] })
}
