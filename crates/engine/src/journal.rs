//! The journal: how a command is kept, and how it is had again in full.
//!
//! Acts are kept whole. Bulk is kept where the tables have it: the bytes of items and refused
//! objects, the entries of logs, receipts. [`whole`] puts a command together again from both.

mod bare;
mod named;

pub use bare::Bare;

use named::{is_without_words, limited_with_name, with_name, without_name};

use crate::configuration::Configuration;
use crate::failure::damaged;
use crate::intake::is_between_versions;
use crate::work::{
    ClockRanOut, ContradictionWork, DeleteWork, ExpiredWork, FedWork, FetchedWork, IntakeWork,
    LimitedAct, Matched, OpenedAgainWork, Outcome, ReceiptWork, ReceiveWork, Rechecked, RefillWork,
    RetainedWork, ShownWork, SignInWork, Taken, Task, TellWork, TrialBegun, Tried, Work,
};
use forewarn_exchange::act::{Act, ItemAct};
use forewarn_exchange::command::{Command, VERSION};
use forewarn_exchange::correction::CorrectionRequest;
use forewarn_exchange::feed::Feed;
use forewarn_exchange::history::Happened;
use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::name::NodeName;
use forewarn_store::feed::FeedState;
use forewarn_store::intake::{NewIntake, Refused};
use forewarn_store::item::{Media, NewItem};
use forewarn_store::journal::Record;
use forewarn_store::log::LogRow;
use forewarn_store::stamp::Stamp;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::batch::Carried;
use forewarn_transcript::{Hash, Keys};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;

/// A work as the journal keeps it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kept<'a> {
    Act(Cow<'a, Act>),
    Limited(Cow<'a, LimitedAct>),
    SignIn(Cow<'a, SignInWork>),
    Configure(Box<Cow<'a, Configuration>>),
    Intake(KeptIntake<'a>),
    Fed(Box<KeptFed<'a>>),
    Fetched(Cow<'a, FetchedWork>),
    Delete(Cow<'a, DeleteWork>),
    Matched(Cow<'a, Matched>),
    TrialBegun(TrialBegun),
    Tried(Cow<'a, Tried>),
    Rechecked(Cow<'a, Rechecked>),
    ClockRanOut(ClockRanOut),
    Expired(ExpiredWork),
    Retained(Cow<'a, RetainedWork>),
    Shown(ShownWork),
    Receive(KeptReceive<'a>),
    Receipt {
        log: Cow<'a, str>,
        size: u64,
    },
    Refill {
        partner: Cow<'a, NodeName>,
        start: u64,
        entries: u64,
    },
    OpenedAgain(Cow<'a, OpenedAgainWork>),
    Contradiction(Cow<'a, ContradictionWork>),
    Tell(Cow<'a, TellWork>),
    /// Its words were erased: the digest of what it was.
    Erased(Hash),
}

#[derive(Serialize, Deserialize)]
struct KeptIntake<'a> {
    intake: Cow<'a, NewIntake>,
    media: Media,
    /// Where its items go: texts are kept apart from the collection that they were sent to.
    collection: CollectionNumber,
    /// The position of the first object, and how many there are of each kind.
    position: i64,
    items: usize,
    refused: usize,
}

#[derive(Serialize, Deserialize)]
struct KeptFed<'a> {
    feed: Cow<'a, Feed>,
    state: Cow<'a, FeedState>,
    intake: Option<KeptIntake<'a>>,
    pushed: Cow<'a, Option<(NodeName, Happened)>>,
}

#[derive(Serialize, Deserialize)]
struct KeptReceive<'a> {
    partner: Cow<'a, NodeName>,
    log: Cow<'a, str>,
    start: u64,
    entries: u64,
    /// Rare, and so whole.
    opened: Cow<'a, [(u64, Carried)]>,
    size: u64,
    root: Hash,
    by: Cow<'a, Keys>,
    receipt: bool,
    #[serde(default)]
    tokens: bool,
}

impl KeptIntake<'_> {
    fn of(work: &IntakeWork) -> KeptIntake<'_> {
        let items = work.items.iter().map(|item| item.position);
        let refused = work.refused.iter().map(|one| one.position);
        let first = work.items.first();
        KeptIntake {
            intake: Cow::Borrowed(&work.intake),
            media: first.map(|item| item.media).unwrap_or_default(),
            collection: first.map_or(work.intake.collection, |item| item.collection),
            position: items.chain(refused).min().unwrap_or(0),
            items: work.items.len(),
            refused: work.refused.len(),
        }
    }
}

/// What the journal keeps of a work, as JSON. Of what was refused no table has any bulk, and the
/// journal keeps none: what was refused has had no effect.
pub(crate) fn kept(work: &Work, refused: bool) -> Result<String, StoreError> {
    let stripped = if refused { without_bulk(work) } else { without_name(work) };
    let kept = match stripped.as_ref().unwrap_or(work) {
        Work::Act(act) => Kept::Act(Cow::Borrowed(act)),
        Work::Limited(work) => Kept::Limited(Cow::Borrowed(work)),
        Work::SignIn(work) => Kept::SignIn(Cow::Borrowed(work)),
        Work::Configure(one) => Kept::Configure(Box::new(Cow::Borrowed(one))),
        Work::Intake(work) => Kept::Intake(KeptIntake::of(work)),
        Work::Fed(work) => {
            let FedWork { feed, state, intake, pushed } = &**work;
            Kept::Fed(Box::new(KeptFed {
                feed: Cow::Borrowed(feed),
                state: Cow::Borrowed(state),
                intake: intake.as_ref().map(KeptIntake::of),
                pushed: Cow::Borrowed(pushed),
            }))
        }
        Work::Fetched(work) => Kept::Fetched(Cow::Borrowed(work)),
        Work::Delete(work) => Kept::Delete(Cow::Borrowed(work)),
        Work::Matched(work) => Kept::Matched(Cow::Borrowed(work)),
        Work::TrialBegun(work) => Kept::TrialBegun(*work),
        Work::Tried(work) => Kept::Tried(Cow::Borrowed(work)),
        Work::Rechecked(work) => Kept::Rechecked(Cow::Borrowed(work)),
        Work::ClockRanOut(work) => Kept::ClockRanOut(*work),
        Work::Expired(work) => Kept::Expired(*work),
        Work::Retained(work) => Kept::Retained(Cow::Borrowed(work)),
        Work::Shown(work) => Kept::Shown(*work),
        Work::Receive(work) => {
            let ReceiveWork {
                partner,
                log,
                start,
                entries,
                opened,
                size,
                root,
                by,
                receipt,
                tokens,
            } = &**work;
            Kept::Receive(KeptReceive {
                partner: Cow::Borrowed(partner),
                log: Cow::Borrowed(log),
                start: *start,
                entries: entries.len() as u64,
                opened: Cow::Borrowed(opened),
                size: *size,
                root: *root,
                by: Cow::Borrowed(by),
                receipt: receipt.is_some(),
                tokens: *tokens,
            })
        }
        Work::Receipt(work) => Kept::Receipt { log: Cow::Borrowed(&work.log), size: work.size },
        Work::Refill(work) => Kept::Refill {
            partner: Cow::Borrowed(&work.partner),
            start: work.start,
            entries: work.entries.len() as u64,
        },
        Work::OpenedAgain(work) => Kept::OpenedAgain(Cow::Borrowed(work)),
        Work::Contradiction(work) => Kept::Contradiction(Cow::Borrowed(work)),
        Work::Tell(work) => Kept::Tell(Cow::Borrowed(work)),
    };
    serde_json::to_string(&kept).map_err(|e| damaged(&e))
}

/// The work without what only tables would keep; `None` when it has none.
fn without_bulk(work: &Work) -> Option<Work> {
    match work {
        Work::Intake(IntakeWork { intake, .. }) => {
            let (intake, items, refused) = (intake.clone(), Vec::new(), Vec::new());
            Some(Work::Intake(IntakeWork { intake, items, refused }))
        }
        Work::Fed(work) => {
            let work = FedWork { intake: None, ..(**work).clone() };
            Some(Work::Fed(Box::new(work)))
        }
        Work::Receive(work) => {
            let work = ReceiveWork {
                entries: Vec::new(),
                opened: Vec::new(),
                receipt: None,
                ..(**work).clone()
            };
            Some(Work::Receive(Box::new(work)))
        }
        Work::Refill(work) => {
            Some(Work::Refill(RefillWork { entries: Vec::new(), ..work.clone() }))
        }
        Work::Receipt(work) => {
            Some(Work::Receipt(ReceiptWork { note: String::new(), ..work.clone() }))
        }
        // The words of a correction that was refused are nowhere else: so an erasure need not look here.
        Work::Act(Act::Item(act)) => Some(Work::Act(Act::Item(without_words(act)))),
        Work::Limited(LimitedAct { only, seen, act: Act::Item(act) }) => {
            let act = Act::Item(without_words(act));
            let (only, seen) = (only.clone(), seen.clone());
            Some(Work::Limited(LimitedAct { only, seen, act }))
        }
        Work::Act(_) | Work::Limited(_) => without_name(work),
        Work::SignIn(_)
        | Work::Configure(_)
        | Work::Fetched(_)
        | Work::Delete(_)
        | Work::Matched(_)
        | Work::TrialBegun(_)
        | Work::Tried(_)
        | Work::Rechecked(_)
        | Work::ClockRanOut(_)
        | Work::Expired(_)
        | Work::Retained(_)
        | Work::Shown(_)
        | Work::OpenedAgain(_)
        | Work::Contradiction(_)
        | Work::Tell(_) => None,
    }
}

fn without_words(act: &ItemAct) -> ItemAct {
    match act {
        ItemAct::Correct { correction } => {
            let (item, reason) = (correction.item.clone(), String::new());
            let correction = CorrectionRequest { item, wrong: None, right: None, reason };
            ItemAct::Correct { correction }
        }
    }
}

/// Whether a command at this index was refused, and its bulk is kept nowhere: it is taken over as
/// it is recorded.
pub(crate) fn is_only_recorded(record: &Record) -> Result<bool, StoreError> {
    let kept: Kept<'static> = serde_json::from_str(&record.act).map_err(|e| damaged(&e))?;
    let is_without = match &kept {
        Kept::Intake(_)
        | Kept::Fed(_)
        | Kept::Receive(_)
        | Kept::Refill { .. }
        | Kept::Receipt { .. } => true,
        Kept::Act(act) => is_without_words(act),
        Kept::Limited(work) => is_without_words(&work.act),
        Kept::SignIn(_)
        | Kept::Configure(_)
        | Kept::Fetched(_)
        | Kept::Delete(_)
        | Kept::Matched(_)
        | Kept::TrialBegun(_)
        | Kept::Tried(_)
        | Kept::ClockRanOut(_)
        | Kept::Expired(_)
        | Kept::Retained(_)
        | Kept::Rechecked(_)
        | Kept::Shown(_)
        | Kept::OpenedAgain(_)
        | Kept::Contradiction(_)
        | Kept::Tell(_)
        | Kept::Erased(_) => false,
    };
    Ok(record.refused && is_without)
}

/// The command at an index of the journal, in full; `None` beyond its end. An error for one from
/// before commands were kept whole, and for one whose bulk is gone.
pub fn whole(db: &Db<'_>, index: i64) -> Result<Option<Command<Work>>, StoreError> {
    let Some(record) = db.record_at(index)? else { return Ok(None) };
    if record.version != VERSION {
        let why = format!("command {index} was written before commands were kept whole");
        return Err(damaged(&why));
    }
    let kept: Kept<'static> = serde_json::from_str(&record.act).map_err(|e| damaged(&e))?;
    let outcome = || -> Result<Outcome, StoreError> {
        serde_json::from_str(&record.answer).map_err(|e| damaged(&e))
    };
    let refused = record.refused;
    let work = match kept {
        Kept::Act(act) => Work::Act(with_name(db, act.into_owned(), (index, record.seed))?),
        Kept::Limited(work) => {
            Work::Limited(limited_with_name(db, work.into_owned(), (index, record.seed))?)
        }
        Kept::SignIn(work) => Work::SignIn(work.into_owned()),
        Kept::Configure(one) => Work::Configure(Box::new((*one).into_owned())),
        Kept::Intake(kept) => {
            let taken = if refused { None } else { Some(outcome()?) };
            Work::Intake(taken_in(db, kept, taken)?)
        }
        Kept::Fed(kept) => {
            let taken = match (refused, kept.intake.is_some()) {
                (false, true) => FedWork::answer(outcome()?).flatten(),
                // Refused before anything of it was looked at: an empty one is refused alike.
                (true, _) | (false, false) => None,
            };
            Work::Fed(Box::new(fed(db, *kept, taken)?))
        }
        Kept::Fetched(work) => Work::Fetched(work.into_owned()),
        Kept::Delete(work) => Work::Delete(work.into_owned()),
        Kept::Matched(work) => Work::Matched(work.into_owned()),
        Kept::TrialBegun(work) => Work::TrialBegun(work),
        Kept::Tried(work) => Work::Tried(work.into_owned()),
        Kept::Rechecked(work) => Work::Rechecked(work.into_owned()),
        Kept::ClockRanOut(work) => Work::ClockRanOut(work),
        Kept::Expired(work) => Work::Expired(work),
        Kept::Retained(work) => Work::Retained(work.into_owned()),
        Kept::Shown(work) => Work::Shown(work),
        Kept::Receive(kept) => Work::Receive(Box::new(receive(db, kept, (index, refused))?)),
        Kept::Receipt { log, size } => {
            let note = receipt(db, &log, size)?.unwrap_or_default();
            Work::Receipt(ReceiptWork { log: log.into_owned(), size, note })
        }
        Kept::Refill { partner, start, entries } => {
            let log = db.log_with(&partner, true)?;
            let entries = match (log, refused) {
                (Some(log), false) => carried(db, &log, (start, entries), index)?,
                (_, true) | (None, _) => Vec::new(),
            };
            Work::Refill(RefillWork { partner: partner.into_owned(), start, entries })
        }
        Kept::OpenedAgain(work) => Work::OpenedAgain(work.into_owned()),
        Kept::Contradiction(work) => Work::Contradiction(Box::new(work.into_owned())),
        Kept::Tell(work) => Work::Tell(work.into_owned()),
        Kept::Erased(_) => return Err(erased(index)),
    };
    Ok(Some(Command {
        id: record.command,
        actor: record.actor,
        time: record.time,
        seed: record.seed,
        ahead: record.ahead,
        work,
    }))
}

/// What a feed brought, from where it went.
fn fed(db: &Db<'_>, kept: KeptFed<'_>, taken: Option<Taken>) -> Result<FedWork, StoreError> {
    let intake = match (kept.intake, taken) {
        (Some(kept), Some(taken)) => Some(intake(db, kept, &taken)?),
        (None, _) | (Some(_), None) => None,
    };
    let (feed, state) = (kept.feed.into_owned(), kept.state.into_owned());
    Ok(FedWork { feed, state, intake, pushed: kept.pushed.into_owned() })
}

/// What came in by itself. What was refused, of an exercise that was over, is kept nowhere.
fn taken_in(
    db: &Db<'_>,
    kept: KeptIntake<'_>,
    outcome: Option<Outcome>,
) -> Result<IntakeWork, StoreError> {
    let Some(outcome) = outcome else {
        let (items, refused) = (Vec::new(), Vec::new());
        return Ok(IntakeWork { intake: kept.intake.into_owned(), items, refused });
    };
    let taken = IntakeWork::answer(outcome);
    let taken = taken.ok_or_else(|| damaged(&"an intake has another's answer"))?;
    intake(db, kept, &taken)
}

fn erased(index: i64) -> StoreError {
    damaged(&format!("the words of command {index} were erased by order"))
}

/// The items and refusals of an intake, from where each of them went.
fn intake(db: &Db<'_>, kept: KeptIntake<'_>, taken: &Taken) -> Result<IntakeWork, StoreError> {
    let KeptIntake { intake, media, collection, position, items, refused } = kept;
    let intake = intake.into_owned();
    let count = items + refused;
    let end = position + i64::try_from(count).unwrap_or(i64::MAX);
    let quarantined = db.quarantined_between(&intake.id, position, end)?;
    let (differing, refused): (Vec<Refused>, Vec<Refused>) =
        quarantined.into_iter().partition(|one| one.reasons.iter().any(is_between_versions));
    let mut differing: HashMap<i64, Refused> =
        differing.into_iter().map(|one| (one.position, one)).collect();
    let known: HashMap<usize, i64> = taken.known.iter().copied().collect();
    let mut next = taken.first;
    let mut out = Vec::with_capacity(items);
    let mut others = refused.iter().map(|one| one.position).peekable();
    for at in position..end {
        if others.next_if_eq(&at).is_some() {
            continue;
        }
        let place = out.len();
        if let Some(one) = differing.remove(&at) {
            let (id, version) = (one.id.unwrap_or_default(), Stamp::of(one.version.as_ref()));
            let item = NewItem::new((collection, media), id, version, at, one.bytes);
            let flaws = one.reasons.into_iter().filter(|reason| !is_between_versions(reason));
            out.push(item.with(flaws.collect()));
            continue;
        }
        let seq = known.get(&place).copied().unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        let stored = db.stored_at(seq)?;
        let (item, version) = stored.ok_or_else(|| damaged(&format!("item {seq} is gone")))?;
        let item = NewItem::new((collection, media), item.id, version, at, item.bytes);
        out.push(item.with(db.flaws_of(seq)?).read_from(db.original_of(seq)?));
    }
    Ok(IntakeWork { intake, items: out, refused })
}

fn receive(
    db: &Db<'_>,
    kept: KeptReceive<'_>,
    (index, refused): (i64, bool),
) -> Result<ReceiveWork, StoreError> {
    let KeptReceive { partner, log, start, entries, opened, size, root, by, receipt: has, tokens } =
        kept;
    let row = db.log(&log)?.filter(|_| !refused);
    let entries = match &row {
        Some(row) => carried(db, row, (start, entries), index)?,
        None => Vec::new(),
    };
    let receipt = if has && !refused { receipt(db, &log, size)? } else { None };
    Ok(ReceiveWork {
        partner: partner.into_owned(),
        log: log.into_owned(),
        start,
        entries,
        opened: opened.into_owned(),
        size,
        root,
        by: by.into_owned(),
        receipt,
        tokens,
    })
}

fn receipt(db: &Db<'_>, log: &str, size: u64) -> Result<Option<String>, StoreError> {
    match db.log(log)? {
        Some(log) => db.receipt(&log, size),
        None => Ok(None),
    }
}

/// Entries as they were when the command at `index` brought them.
fn carried(
    db: &Db<'_>,
    log: &LogRow,
    (start, count): (u64, u64),
    index: i64,
) -> Result<Vec<Carried>, StoreError> {
    let mut out = Vec::new();
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    while out.len() < most {
        let from = start + out.len() as u64;
        let held = db.entries(log, from, most - out.len(), 8 << 20)?;
        if held.is_empty() {
            return Err(damaged(&format!("entry {from} of {} is gone", log.name)));
        }
        for one in held {
            let before = db.opened_before(log, one.index, index)?;
            let disclosures = before.unwrap_or(one.carried.disclosures);
            out.push(Carried { leaf: one.carried.leaf, disclosures });
        }
    }
    Ok(out)
}
