//! What the writer does: acts of people, and what the node itself brings.

use super::{act, matched, receive};
use forewarn_exchange::matching::Match;
use forewarn_exchange::{Act, Command, Refusal};
use forewarn_store::item::{Kept, NewIntake, NewItem, Refused};
use forewarn_store::{Db, StoreError};
use forewarn_transcript::Party;
use forewarn_transcript::batch::Checked;
use serde_json::{Value, json};

/// Who this node is.
#[derive(Debug, Clone)]
pub struct Us {
    pub party: Party,
    pub organisation: String,
    /// CAP status of the cases that it opens by itself.
    pub status: forewarn_exchange::scale::Status,
    /// How many TAXII collections there are.
    pub collections: i64,
}

/// One command's content.
#[derive(Debug, Clone)]
pub enum Work {
    Act(Act),
    Intake(IntakeWork),
    Matched(Matched),
    /// A partner's checked batch, and the cosigned checkpoint that becomes the receipt.
    Receive {
        partner: String,
        batch: Box<Checked>,
        receipt: String,
    },
    /// A case's time is over, and nobody has decided or released.
    ClockRanOut {
        case: i64,
    },
    /// The partner's receipt for our log.
    Receipt {
        log: String,
        size: u64,
        note: String,
    },
}

#[derive(Debug, Clone)]
pub struct IntakeWork {
    pub intake: NewIntake,
    pub items: Vec<NewItem>,
    pub refused: Vec<Refused>,
}

/// How far the matcher has come, and what it found on the way.
#[derive(Debug, Clone)]
pub struct Matched {
    pub from: i64,
    pub to: i64,
    pub found: Vec<ItemMatches>,
}

#[derive(Debug, Clone)]
pub struct ItemMatches {
    pub item: i64,
    pub intake: i64,
    pub id: String,
    pub source: Option<String>,
    pub matches: Vec<Match>,
}

/// What was done: the answer, and the lines of the history.
pub(super) struct Done {
    pub(super) answer: Value,
    pub(super) told: Vec<(Option<String>, String)>,
}

/// Why nothing was done.
pub(super) enum Undone {
    Refused(Refusal),
    Store(StoreError),
}

impl From<Refusal> for Undone {
    fn from(refusal: Refusal) -> Undone {
        Undone::Refused(refusal)
    }
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Undone {
        Undone::Store(error)
    }
}

impl Work {
    /// Roughly how many bytes it writes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Work::Intake(work) => work.items.iter().map(|item| item.bytes.len()).sum(),
            Work::Receive { batch, .. } => batch.carried.iter().map(|c| c.leaf.len()).sum(),
            Work::Act(_) | Work::Matched(_) | Work::ClockRanOut { .. } | Work::Receipt { .. } => {
                1 << 10
            }
        }
    }

    /// What the journal keeps of it: bulk has its bytes elsewhere.
    pub(super) fn summary(&self) -> String {
        match self {
            Work::Act(act) => serde_json::to_string(act).unwrap_or_default(),
            Work::Intake(work) => {
                let (items, refused) = (work.items.len(), work.refused.len());
                json!({"do": "intake", "intake": work.intake.id, "items": items, "refused": refused})
                    .to_string()
            }
            Work::Matched(work) => {
                json!({"do": "matched", "from": work.from, "to": work.to}).to_string()
            }
            Work::Receive { partner, batch, .. } => {
                let (start, size) = (batch.start, batch.checkpoint.size);
                json!({"do": "receive", "partner": partner, "start": start, "size": size})
                    .to_string()
            }
            Work::ClockRanOut { case } => json!({"do": "clock-ran-out", "case": case}).to_string(),
            Work::Receipt { log, size, .. } => {
                json!({"do": "receipt", "log": log, "size": size}).to_string()
            }
        }
    }
}

pub(super) fn perform(db: &Db<'_>, us: &Us, command: &Command<Work>) -> Result<Done, Undone> {
    match &command.act {
        Work::Act(act) => act::perform(db, us, command, act),
        Work::Intake(work) => intake(db, command, work),
        Work::Matched(work) => matched::perform(db, us, command, work),
        Work::Receive { partner, batch, receipt } => {
            receive::perform(db, us, command, partner, batch, receipt)
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
        Work::Receipt { log, size, note } => {
            let row = db.log(log)?.ok_or_else(|| Refusal::unknown("log", log))?;
            db.add_receipt(&row, *size, note)?;
            Ok(Done { answer: json!({ "size": size }), told: Vec::new() })
        }
    }
}

fn intake(db: &Db<'_>, command: &Command<Work>, work: &IntakeWork) -> Result<Done, Undone> {
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
