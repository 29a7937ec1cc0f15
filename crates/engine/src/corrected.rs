//! What a correction of findings changes: the item is held against all interests once more, what it meets
//! now opens cases as any match does, and a match that rested on what was wrong is told so.
//!
//! A case is never closed by that: people decide whether there is still a duty. And nothing that a
//! correction opens leaves by a standing authorisation, so that nobody sends a warning by correcting.

use crate::apply;
use crate::configuration::Us;
use crate::done::Done;
use crate::failure::Undone;
use crate::matched;
use crate::notice::Notice;
use crate::work::{ItemMatches, Rechecked, Work};
use forewarn_exchange::command::Command;
use forewarn_exchange::event::Event;
use forewarn_exchange::id::CorrectionNumber;
use forewarn_exchange::{Code, Refusal};
use forewarn_matching::Reason;
use forewarn_store::{Db, StoreError};

/// The corrections up to this number have been looked at.
pub const CORRECTED: &str = "corrections matched";

/// A correction was looked at.
pub(crate) fn rechecked(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: &Rechecked,
) -> Result<Done, Undone> {
    let number = work.correction.get();
    if db.cursor(CORRECTED)? + 1 != number || db.correction(work.correction)?.is_none() {
        return Err(Refusal::new(Code::Behind, "this correction was looked at before").into());
    }
    let mut events = Vec::new();
    for (all, holds) in [(&work.lost, false), (&work.found, true)] {
        for item in all {
            events.extend(told(db, item, (work.correction, holds))?);
        }
    }
    let (mut done, _) = matched::record(db, us, command, &work.found)?;
    for event in &events {
        apply::one(db, us, &command.time, event)?;
        done.lines.extend(event.line());
        done.notices.extend(Notice::of(event));
    }
    for item in &work.found {
        for found in &item.matches {
            let case = db.case_of_match(item.item, &found.partner, &found.interest)?;
            let Some(case) = case else { continue };
            // A case that named the item before shows why it concerns the partner now.
            for reason in &found.why {
                db.add_item_reason(case, &item.id, &reason.to_string())?;
            }
        }
    }
    db.set_cursor(CORRECTED, number)?;
    Ok(done)
}

/// That matches that were made before rest on what was wrong, or hold again.
fn told(
    db: &Db<'_>,
    item: &ItemMatches,
    (correction, holds): (CorrectionNumber, bool),
) -> Result<Vec<Event>, Undone> {
    let mut events = Vec::new();
    for found in &item.matches {
        let case = db.case_of_match(item.item, &found.partner, &found.interest)?;
        events.extend(case.map(|case| Event::MatchCorrected {
            correction,
            case,
            item: item.item,
            object: item.id.clone(),
            partner: found.partner.clone(),
            interest: found.interest.clone(),
            label: found.label.clone(),
            holds,
        }));
    }
    Ok(events)
}

/// Applies an event of a correction; another one is none of these.
pub(crate) fn apply(db: &Db<'_>, event: &Event) -> Result<(), StoreError> {
    if let Event::Corrected { correction } = event {
        db.set_correction(correction)?;
    }
    if let Event::MatchCorrected { correction, item, object, partner, interest, holds, .. } = event
    {
        let reason = reason(*correction, *holds);
        db.add_reason((*item, object), (partner, interest), &reason)?;
    }
    Ok(())
}

/// A reason more of a match that a correction has changed.
fn reason(correction: CorrectionNumber, holds: bool) -> Reason {
    let words = if holds {
        "with what is right, it is met again"
    } else {
        "a finding that this rested on is wrong: without it, nothing meets the interest"
    };
    Reason {
        clause: format!("correction {correction}"),
        words: words.to_owned(),
        at: String::new(),
        strength: 100,
    }
}
