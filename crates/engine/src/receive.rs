//! Entries of a partner's log: stored whole, answered by the receipt, then taken for what they say.

use crate::apply;
use crate::configuration::Us;
use crate::done::Done;
use crate::failure::{Failure, Undone};
use crate::understand::Reader;
use crate::work::{Outcome, ReceiveWork, Received, Work};
use forewarn_exchange::command::Command;
use forewarn_exchange::event::Event;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::log::{Held, LogRow};
use forewarn_store::{Db, StoreError};
use forewarn_transcript::Hash;
use forewarn_transcript::batch::{Carried, Checked};
use std::collections::BTreeSet;

/// Most entries that were not understood and are tried once more when one before them is opened.
const MAX_REREAD: u32 = 1_000;

pub(crate) fn perform(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    work: &ReceiveWork,
) -> Result<Done, Undone> {
    let known = db.partner(&work.partner)?;
    let known = known.ok_or_else(|| Refusal::unknown("partner", &work.partner))?;
    let channel = known.channel(&us.party())?;
    let signed = known.clone().signed_by(&work.by);
    if signed != known {
        db.set_partner(&signed)?;
    }
    let mut log = db.add_log(&work.log, &work.partner, false)?;
    let hashes = work.entries.iter().map(|carried| Hash::leaf(carried.leaf.as_bytes()));
    follows(db, &log, (work.start, &hashes.collect::<Vec<_>>(), work.size))?;
    let first_new = log.size;
    store(db, &mut log, work)?;
    let opened = &work.opened;
    for (index, carried) in opened {
        db.open_entry(&log, *index, &carried.disclosures)?;
    }
    // Had the same size been receipted before, that receipt stands, byte for byte.
    let receipt = db.receipt(&log, work.size)?;
    let mut reader = Reader::new(db, us, command, (channel, work.tokens), &work.partner);
    let mut events: Vec<Event> = Vec::new();
    for index in again(db, &log, opened, first_new)? {
        let Some(held) = db.entry(&log, index)? else { continue };
        let done = reader.read(&log, (index, true), &held.carried)?;
        apply::all(db, us, &command.time, &done)?;
        events.extend(done);
    }
    // The genesis entry, at index 0, opens the log and says nothing else.
    let new = (work.start..).zip(&work.entries).filter(|(index, _)| *index >= first_new.max(1));
    for (index, carried) in new {
        let done = reader.read(&log, (index, false), carried)?;
        apply::all(db, us, &command.time, &done)?;
        events.extend(done);
    }
    let outcome = Outcome::Received(Received { size: work.size, receipt });
    Ok(Done::of(outcome, &events))
}

/// The entries before `first_new` that are read again: those that are opened further, and those not
/// understood so far that stand after them and may speak of them. Nothing else of the log is read.
fn again(
    db: &Db<'_>,
    log: &LogRow,
    opened: &[(u64, Carried)],
    first_new: u64,
) -> Result<BTreeSet<u64>, StoreError> {
    let Some((from, _)) = opened.first() else { return Ok(BTreeSet::new()) };
    let refused = db.refused_between(log, (*from).max(1)..first_new, MAX_REREAD)?;
    let opened =
        opened.iter().map(|(index, _)| *index).filter(|index| (1..first_new).contains(index));
    Ok(refused.into_iter().chain(opened).collect())
}

/// Keeps the entries, and the receipt that we give for them.
fn store(db: &Db<'_>, log: &mut LogRow, work: &ReceiveWork) -> Result<(), Undone> {
    let first_new = log.size;
    let all = (work.start..).zip(&work.entries).filter(|(index, _)| *index >= first_new);
    let new: Vec<Held> = all
        .map(|(index, carried)| {
            let carried = carried.clone();
            Held { index, carried, withheld: vec![], subject: None, refused: None }
        })
        .collect();
    db.append_all(log, &new)?;
    if db.root(log, work.size)? != work.root {
        let message = "the entries do not lead to the checkpoint's root";
        return Err(Refusal::new(Code::Root, message).into());
    }
    if let Some(receipt) = &work.receipt {
        db.add_receipt(log, work.size, receipt)?;
    }
    Ok(())
}

/// Whether a batch goes on from what is held: asked before anything is signed for it.
pub fn continues(db: &Db<'_>, log: &LogRow, batch: &Checked) -> Result<(), Failure> {
    let size = batch.checkpoint().size;
    Ok(follows(db, log, (batch.start, &batch.hashes, size))?)
}

/// Entries must begin within or at the end of what is held, and agree with it where both speak.
fn follows(
    db: &Db<'_>,
    log: &LogRow,
    (start, hashes, size): (u64, &[Hash], u64),
) -> Result<(), Undone> {
    if start > log.size {
        let message = format!("held to {}; the batch begins at {start}", log.size);
        return Err(Refusal::new(Code::Gap, message).into());
    }
    for (index, hash) in (start..log.size).zip(hashes) {
        let held = db.entry(log, index)?;
        let same = held.is_some_and(|held| Hash::leaf(held.carried.leaf.as_bytes()) == *hash);
        if !same {
            let message = format!("entry {index} of {} is held with other bytes", log.name);
            return Err(Refusal::new(Code::Differs, message)
                .advice("the writer has signed two different logs: reconcile, and keep both")
                .into());
        }
    }
    if size < log.size && db.receipt(log, size)?.is_none() {
        let message = format!("held to {}; the batch ends at {size}", log.size);
        return Err(Refusal::new(Code::Gap, message).into());
    }
    Ok(())
}

/// Entries that came before with fewer fields opened, and were not understood for it: someone on
/// their way took the disclosures off. With more of them open they are read once more.
pub fn opens_more(
    db: &Db<'_>,
    log: &LogRow,
    batch: &Checked,
) -> Result<Vec<(u64, Carried)>, StoreError> {
    let mut more = Vec::new();
    for (index, carried) in (batch.start..log.size).zip(&batch.carried) {
        let Some(held) = db.entry(log, index)? else { continue };
        let opens = carried.disclosures.len() > held.carried.disclosures.len();
        if held.refused.is_some() && opens {
            more.push((index, carried.clone()));
        }
    }
    Ok(more)
}
