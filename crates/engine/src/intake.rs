//! What comes in is kept: each item once, what is not valid in quarantine.

use crate::work::{IntakeWork, Taken, Work};
use forewarn_exchange::command::Command;
use forewarn_store::intake::{Part, Reason, Refused};
use forewarn_store::item::{Kept, NewItem};
use forewarn_store::{Db, StoreError};

/// Keeps the items, and what is not valid in quarantine.
pub(crate) fn take(
    db: &Db<'_>,
    command: &Command<Work>,
    work: &IntakeWork,
) -> Result<Taken, StoreError> {
    let number = db.begin_intake(&work.intake)?;
    let first = db.next_seq(command.time.micros())?;
    let mut taken = Taken { first, ..Taken::default() };
    let mut next = first;
    let mut differing = Vec::new();
    for (place, item) in work.items.iter().enumerate() {
        match db.keep(next, number, item)? {
            Kept::Added(seq) => next = seq + 1,
            Kept::Known(seq) => {
                db.add_sighting(seq, number)?;
                taken.known.push((place, seq));
            }
            Kept::Differs => {
                differing.push(refused_as_differing(item));
                taken.differs.push(place);
            }
        }
    }
    let mut refused: Vec<&Refused> = work.refused.iter().chain(&differing).collect();
    refused.sort_by_key(|one| one.position);
    for one in &refused {
        db.quarantine(number, one)?;
    }
    taken.refused = refused.len();
    taken.added = usize::try_from(next - first).unwrap_or(0);
    let known: Vec<i64> = taken.known.iter().map(|(_, seq)| *seq).collect();
    let refused = i64::try_from(taken.refused).unwrap_or(i64::MAX);
    db.add_part(number, &Part { first, last: next - 1, known: &known, refused })?;
    Ok(taken)
}

/// The rule that such an object breaks.
pub const SAME_VERSION: &str = "same-version";

/// What is said of an object whose id and version is here with other content (STIX 2.1 §3.6).
pub const DIFFERS: &str =
    "this id and version is here already with other content; a change needs a later `modified`";

fn refused_as_differing(item: &NewItem) -> Refused {
    let reason = Reason {
        path: "$.modified".to_owned(),
        rule: SAME_VERSION.to_owned(),
        message: DIFFERS.to_owned(),
    };
    // Its flaws stand after it, so that the item can be had again from what is kept.
    let reasons = std::iter::once(reason).chain(item.flaws.iter().cloned()).collect();
    let id = Some(item.id.clone());
    let version = item.version.own().cloned();
    let (position, bytes) = (item.position, item.bytes.clone());
    Refused { position, id, version, reasons, bytes }
}
