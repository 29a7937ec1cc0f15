//! What comes in is kept: each item once, what is not valid in quarantine.

use crate::configuration::Us;
use crate::failure::Undone;
use crate::lineage;
use crate::work::{IntakeWork, Taken, Work};
use forewarn_exchange::actor::{Actor, Part as NodePart};
use forewarn_exchange::command::Command;
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::{Code, Refusal};
use forewarn_matching::Ended;
use forewarn_store::intake::{Part, Refused};
use forewarn_store::item::{Kept, NewItem};
use forewarn_store::reason::Reason;
use forewarn_store::{Db, StoreError};

/// Nothing is played once the exercise is over.
pub(crate) fn must_run(
    db: &Db<'_>,
    command: &Command<Work>,
    work: &IntakeWork,
) -> Result<(), Undone> {
    let is_played = command.actor == Actor::Node(NodePart::Player);
    if is_played && db.takes_no_more(work.intake.collection)? {
        return Err(Refusal::new(Code::Stage, "the exercise is over").into());
    }
    Ok(())
}

/// Keeps the items, and what is not valid in quarantine. What was revoked by them is told to the
/// cases that rest on it, in these lines of their histories.
pub(crate) fn take(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: &IntakeWork,
) -> Result<(Taken, Vec<Line>), StoreError> {
    let number = db.begin_intake(&work.intake)?;
    let first = db.next_seq(command.time.micros())?;
    let mut taken = Taken { first, ..Taken::default() };
    let mut next = first;
    let (mut differing, mut lines) = (Vec::new(), Vec::new());
    for (place, item) in work.items.iter().enumerate() {
        let objection =
            |newest, is_newer| lineage::objection(db, us, &work.intake, item, (newest, is_newer));
        match db.keep(next, number, item, objection)? {
            Kept::Added(seq) => {
                next = seq + 1;
                if item.revokes {
                    lines.extend(revoked(db, us, command, &item.id)?);
                }
            }
            Kept::Known(seq) => {
                db.add_sighting(seq, number)?;
                taken.known.push((place, seq));
            }
            Kept::Differs => {
                differing.push(kept_apart(item, differs()));
                taken.differs.push(place);
            }
            Kept::Apart(reason) => {
                taken.apart.push((place, reason.clone()));
                differing.push(kept_apart(item, reason));
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
    Ok((taken, lines))
}

/// An object is revoked: the cases that name it learn of it.
fn revoked(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    item: &str,
) -> Result<Vec<Line>, StoreError> {
    let mut lines = Vec::new();
    // Another collection may hold it still.
    if lineage::ended(db, item)? != Some(Ended::Revoked) {
        return Ok(lines);
    }
    // A revocation reaches every one.
    for case in db.cases_naming(item, usize::MAX)? {
        let number = case.number;
        let clocks = us.clocks_of(db, &case)?;
        db.set_case(&case.original_revoked(item, &command.time, &clocks))?;
        lines.push(Line::new(number, Happened::OriginalRevoked { item: item.to_owned() }));
    }
    Ok(lines)
}

/// The rule that such an object breaks.
const SAME_VERSION: &str = "same-version";

/// What is said of an object whose id and version is here with other content (STIX 2.1 §3.6).
const DIFFERS: &str =
    "this id and version is here already with other content; a change needs a later `modified`";

/// Why such an object is refused.
pub fn differs() -> Reason {
    let (path, rule) = ("$.modified".to_owned(), SAME_VERSION.to_owned());
    Reason { path, rule, message: DIFFERS.to_owned() }
}

/// Whether a reason was found here, between versions, and not in the item by itself.
pub(crate) fn is_between_versions(reason: &Reason) -> bool {
    reason.rule == SAME_VERSION || lineage::RULES.contains(&reason.rule.as_str())
}

fn kept_apart(item: &NewItem, reason: Reason) -> Refused {
    // Its flaws stand after it, so that the item can be had again from what is kept.
    let reasons = std::iter::once(reason).chain(item.flaws.iter().cloned()).collect();
    let id = Some(item.id.clone());
    let version = item.version.own().cloned();
    let (position, bytes) = (item.position, item.bytes.clone());
    Refused { position, id, version, reasons, bytes }
}
