//! Fields of our own entries, opened again after a restored database had lost what opens them.
//!
//! A leaf commits to each field by a salted digest, so whoever brings what opens one need not be
//! trusted: it opens that field, or nothing.

use crate::done::Done;
use crate::failure::{Failure, Undone};
use crate::work::{OpenedAgainWork, Outcome};
use forewarn_exchange::Refusal;
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::history::{Happened, Line, Topic};
use forewarn_store::log::Held;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::{Disclosure, Entry};

/// Keeps what opens fields of an entry; what is held already is left out.
pub(crate) fn perform(db: &Db<'_>, work: &OpenedAgainWork) -> Result<Done, Undone> {
    let OpenedAgainWork { partner, index, opens, shown } = work;
    let log = db.log_with(partner, true)?;
    let log = log.ok_or_else(|| Refusal::unknown("channel with", partner))?;
    let held = db.entry(&log, *index)?.ok_or_else(|| Refusal::unknown("entry", index))?;
    // What was erased stays so.
    let lacking = if is_erased(db, &held)? { Vec::new() } else { lacking(&held) };
    let opens: Vec<Disclosure> =
        opens.iter().filter(|one| lacking.contains(&one.digest())).cloned().collect();
    let fields = opens.len() as u64;
    if fields == 0 {
        return Ok(Done::new(Outcome::OpenedAgain(0), Vec::new()));
    }
    db.reopen_entry(&log, *index, (&opens, *shown))?;
    let topic = held.subject.map_or_else(|| Topic::Partner(partner.clone()), Topic::from);
    let happened = Happened::OpenedAgain { log: log.name, index: *index, fields };
    Ok(Done::new(Outcome::OpenedAgain(fields), vec![Line::new(topic, happened)]))
}

/// The digests of the fields of one of our entries that nothing here opens. None of an entry that
/// is no entry: the first of a log.
fn lacking(held: &Held) -> Vec<String> {
    let Ok(entry) = Entry::parse(held.carried.leaf.as_bytes()) else { return Vec::new() };
    let here: Vec<String> =
        held.carried.disclosures.iter().chain(&held.withheld).map(Disclosure::digest).collect();
    entry.digests.into_iter().filter(|digest| !here.contains(digest)).collect()
}

/// Which of what a copy shows of one of our entries opens more of it than is held; nothing when the copy
/// has another entry there, or when ours was erased.
///
/// # Errors
/// The database cannot be read.
pub fn opens_again(
    db: &Db<'_>,
    held: &Held,
    (leaf, shown): (&str, &[Disclosure]),
) -> Result<Vec<Disclosure>, Failure> {
    if leaf != held.carried.leaf || is_erased(db, held)? {
        return Ok(Vec::new());
    }
    let lacking = lacking(held);
    let opens = shown.iter().filter(|one| one.open().is_ok() && lacking.contains(&one.digest()));
    Ok(opens.cloned().collect())
}

/// Whether fields of one of our entries can be opened by nothing here, and may be.
///
/// # Errors
/// The database cannot be read.
pub fn is_closed(db: &Db<'_>, held: &Held) -> Result<bool, Failure> {
    Ok(!lacking(held).is_empty() && !is_erased(db, held)?)
}

fn is_erased(db: &Db<'_>, held: &Held) -> Result<bool, StoreError> {
    let Some(subject) = held.subject else { return Ok(false) };
    Ok(db.kept(&Erasable::from(subject))?.is_some_and(|kept| kept.erased.is_some()))
}
