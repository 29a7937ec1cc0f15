//! What comes in is kept: each item once, what is not valid in quarantine.

use super::work::{Done, IntakeWork, Undone, Work};
use forewarn_exchange::Command;
use forewarn_store::Db;
use forewarn_store::item::{Kept, NewItem, Refused};
use serde_json::{Value, json};

pub(super) fn perform(
    db: &Db<'_>,
    command: &Command<Work>,
    work: &IntakeWork,
) -> Result<Done, Undone> {
    let number = db.next_intake()?;
    let first = db.next_seq(command.time.micros())?;
    let mut next = first;
    let mut known = Vec::new();
    let mut differs = Vec::new();
    // For each item what became of it, and the microsecond at which it was added.
    let mut outcomes = Vec::with_capacity(work.items.len());
    for item in &work.items {
        match db.keep(next, number, item)? {
            Kept::Added(seq) => {
                next = seq + 1;
                outcomes.push(("added", seq));
            }
            Kept::Known(seq) => {
                known.push(seq);
                db.add_sighting(seq, number)?;
                outcomes.push(("known", seq));
            }
            Kept::Differs => {
                differs.push(differing(item));
                outcomes.push(("differs", 0));
            }
        }
    }
    for refused in work.refused.iter().chain(&differs) {
        db.quarantine(number, refused)?;
    }
    let refused = work.refused.len() + differs.len();
    let count = i64::try_from(refused).unwrap_or(i64::MAX);
    db.close_intake(number, &work.intake, (first, next - 1), &known, count)?;
    let answer = json!({
        "intake": number, "id": work.intake.id, "added": next - first, "known": known.len(),
        "refused": refused, "outcomes": outcomes,
        "first": if next > first { json!(first) } else { Value::Null }, "last": next - 1,
    });
    Ok(Done { answer, told: Vec::new() })
}

/// The same id and version with other content: a version cannot be changed (STIX 2.1 §3.6).
fn differing(item: &NewItem) -> Refused {
    let reason = forewarn_store::item::Reason {
        path: "$.modified".to_owned(),
        rule: "same-version".to_owned(),
        message: "this id and version is here already with other content; \
                  a change needs a later `modified`"
            .to_owned(),
    };
    Refused {
        position: item.position,
        id: Some(item.id.clone()),
        reasons: vec![reason],
        bytes: item.bytes.clone(),
    }
}
