//! Which module does which work.

use super::work::{Done, Undone, Us, Work};
use super::{act, delete, fed, intake, matched, receive};
use forewarn_exchange::{Command, Refusal};
use forewarn_stix::Timestamp;
use forewarn_store::Db;
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
            Ok(Done { answer: json!({ "to": to }), told: vec![(Some(partner.clone()), told)] })
        }
        Work::Delete(work) => delete::perform(db, command, work),
        Work::Matched(work) => matched::perform(db, us, command, work),
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
            Ok(Done { answer: json!({ "case": case }), told: vec![(subject, told)] })
        }
        Work::Contradiction { partner, proof } => {
            let is_new = db.add_contradiction(partner, command.time.as_str(), proof)?;
            let told = format!("proof is kept that {} was written twice", proof.log);
            let told = is_new.then_some((Some(partner.clone()), told)).into_iter().collect();
            Ok(Done { answer: json!({ "new": is_new, "log": proof.log }), told })
        }
        Work::Receipt { log, size, note } => {
            let mut row = db.log(log)?.ok_or_else(|| Refusal::unknown("log", log))?;
            db.add_receipt(&mut row, *size, note)?;
            Ok(Done { answer: json!({ "size": size }), told: Vec::new() })
        }
    }
}
