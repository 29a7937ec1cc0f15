//! What the writer does: acts of people, and what the node itself brings.

use crate::signer::Signer;
use forewarn_exchange::feed::Feed;
use forewarn_exchange::matching::Match;
use forewarn_exchange::user::Permission;
use forewarn_exchange::{Act, Event, Refusal};
use forewarn_store::StoreError;
use forewarn_store::feed::FeedState;
use forewarn_store::intake::{NewIntake, Refused};
use forewarn_store::item::NewItem;
use forewarn_store::log::LogRow;
use forewarn_taxii::filter::VersionFilter;
use forewarn_transcript::batch::{Carried, Checked};
use forewarn_transcript::contradiction::Contradiction;
use forewarn_transcript::{Keys, Party};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An intake of more bytes than this is bulk: some dozen objects.
const MAX_URGENT_BYTES: usize = 64 << 10;

/// The code of a refusal since our log is shorter than what was signed of it.
pub const BEHIND: &str = "restored";

/// Who this node is.
#[derive(Debug, Clone)]
pub struct Us {
    /// Name and first keys: those of channels that were opened before keys were kept with them.
    pub party: Party,
    /// The keys of the card, by which new channels are opened.
    pub newest: Keys,
    pub organisation: String,
    /// CAP status of the cases that it opens by itself.
    pub status: forewarn_exchange::scale::Status,
    /// The numbers of the outlets of each partner.
    pub outlets: BTreeMap<String, Vec<i64>>,
    /// What was signed is asked of it before our logs grow.
    pub signer: Arc<Signer>,
}

impl Us {
    /// A log of ours that is shorter than what was signed of it must not grow: what is written would
    /// contradict what the partner holds. The database is an old copy; the log comes back from the
    /// partner, or a newer copy is restored.
    pub fn check_not_behind(&self, log: &LogRow) -> Result<(), Refusal> {
        let signed = self.signer.last(&log.name).map_or(0, |(size, _)| size);
        if signed <= log.size {
            return Ok(());
        }
        let message = format!(
            "the database is older than what was sent: {signed} entries of {} were signed, {} are \
             here",
            log.name, log.size,
        );
        Err(Refusal::new(BEHIND, message).hint(
            "they are fetched from the partner when it can be reached; or restore a newer copy. \
             Until then nothing is written to it",
        ))
    }
}

/// One command's content.
#[derive(Debug, Clone)]
pub enum Work {
    Act(Act),
    Intake(IntakeWork),
    Matched(Matched),
    /// New interests begin to be tried against what is stored.
    TrialBegun(TrialBegun),
    /// How far they have been tried.
    Tried(Matched),
    /// A partner's checked batch, and the cosigned checkpoint that becomes the receipt.
    Receive {
        partner: String,
        batch: Box<Checked>,
        receipt: Option<String>,
    },
    /// Versions of an object are taken out of their collection.
    Delete(DeleteWork),
    /// A feed has come further.
    Fed(Box<FedWork>),
    /// A partner's account has fetched an outlet's items up to here.
    Fetched {
        partner: String,
        outlet: i64,
        to: i64,
    },
    /// A case's time is over, and nobody has decided or released.
    ClockRanOut {
        case: i64,
    },
    /// A log of the channel with a partner was written twice: what proves it.
    Contradiction {
        partner: String,
        proof: Box<Contradiction>,
    },
    /// Entries of our own log that a restored database lacks, checked against what was signed.
    Refill {
        partner: String,
        start: u64,
        entries: Vec<Carried>,
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

/// What a feed brought, and how far it has come with it.
#[derive(Debug, Clone)]
pub struct FedWork {
    /// As it was when it asked.
    pub feed: Feed,
    pub state: FeedState,
    pub intake: Option<IntakeWork>,
    /// For the history: subject and words.
    pub told: Vec<(Option<String>, String)>,
}

#[derive(Debug, Clone)]
pub struct DeleteWork {
    /// The collection's number.
    pub collection: i64,
    /// The object's id.
    pub object: String,
    pub versions: VersionFilter,
}

/// How far a follower has come among the items, and what it found on the way.
#[derive(Debug, Clone)]
pub struct Matched {
    pub from: i64,
    pub to: i64,
    /// The last change of an interest that was in the index.
    pub changes: i64,
    pub found: Vec<ItemMatches>,
}

/// Which interests are tried against which items.
#[derive(Debug, Clone, Copy)]
pub struct TrialBegun {
    /// Those whose last change is behind the trial before, up to this one.
    pub changes: i64,
    /// Items behind `from`, up to `until`.
    pub from: i64,
    pub until: i64,
}

#[derive(Debug, Clone)]
pub struct ItemMatches {
    pub item: i64,
    pub intake: i64,
    pub id: String,
    pub source: Option<String>,
    /// The objects that it is about: its own id, and those that it refers to.
    pub about: Vec<String>,
    pub matches: Vec<Match>,
}

/// What was done: the answer, and the lines of the history.
pub(super) struct Done {
    pub(super) answer: Value,
    pub(super) told: Vec<(Option<String>, String)>,
    /// Partners to whom our log has grown.
    pub(super) posted: Vec<String>,
}

impl Done {
    /// Something that no log of ours has grown by.
    pub(super) fn new(answer: Value, told: Vec<(Option<String>, String)>) -> Done {
        Done { answer, told, posted: Vec::new() }
    }

    /// What these events have done.
    pub(super) fn of(answer: Value, events: &[Event]) -> Done {
        let posted = events.iter().filter_map(|event| match event {
            Event::Posted { partner, .. } | Event::LogOpened { partner, .. } => {
                Some(partner.clone())
            }
            _ => None,
        });
        Done { answer, told: events.iter().map(Event::told).collect(), posted: posted.collect() }
    }
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
    /// Whether it changes who may come in.
    pub(super) fn is_of_accounts(&self) -> bool {
        matches!(self, Work::Act(act) if act.permission() == Permission::Administer)
    }

    /// Whether it is never refused once it has begun to write: nothing of it has to be undone.
    pub(super) fn writes_when_decided(&self) -> bool {
        matches!(self, Work::Intake(_) | Work::Fed(_) | Work::Delete(_) | Work::Fetched { .. })
    }

    /// Whether people wait for it: acts, what crosses the channels, what matched, and single items.
    /// Bulk comes behind.
    pub(super) fn is_urgent(&self) -> bool {
        match self {
            Work::Intake(_) | Work::Fed(_) => self.bytes() <= MAX_URGENT_BYTES,
            Work::Delete(_) | Work::Fetched { .. } | Work::TrialBegun(_) | Work::Tried(_) => false,
            _ => true,
        }
    }

    /// Roughly how many bytes it writes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Work::Intake(work) => work.items.iter().map(|item| item.bytes.len()).sum(),
            Work::Receive { batch, .. } => batch.carried.iter().map(|c| c.leaf.len()).sum(),
            Work::Refill { entries, .. } => entries.iter().map(|c| c.leaf.len()).sum(),
            Work::Fed(work) => {
                let items = work.intake.iter().flat_map(|intake| &intake.items);
                items.map(|item| item.bytes.len()).sum()
            }
            Work::Act(_)
            | Work::Matched(_)
            | Work::TrialBegun(_)
            | Work::Tried(_)
            | Work::Fetched { .. }
            | Work::Delete(_)
            | Work::ClockRanOut { .. }
            | Work::Contradiction { .. }
            | Work::Receipt { .. } => 1 << 10,
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
            Work::TrialBegun(trial) => {
                let TrialBegun { changes, from, until } = trial;
                json!({"do": "trial-begun", "changes": changes, "from": from, "until": until})
                    .to_string()
            }
            Work::Tried(work) => {
                json!({"do": "tried", "from": work.from, "to": work.to}).to_string()
            }
            Work::Receive { partner, batch, .. } => {
                let (start, size) = (batch.start, batch.checkpoint().size);
                json!({"do": "receive", "partner": partner, "start": start, "size": size})
                    .to_string()
            }
            Work::Fed(work) => {
                let items = work.intake.as_ref().map_or(0, |intake| intake.items.len());
                json!({"do": "fed", "feed": work.feed.name, "items": items}).to_string()
            }
            Work::Fetched { partner, outlet, to } => {
                json!({"do": "fetched", "partner": partner, "outlet": outlet, "to": to}).to_string()
            }
            Work::Delete(work) => {
                let DeleteWork { collection, object, versions } = work;
                json!({"do": "delete", "collection": collection, "object": object,
                       "versions": format!("{versions:?}")})
                .to_string()
            }
            Work::Refill { partner, start, entries } => {
                let entries = entries.len();
                json!({"do": "refill", "partner": partner, "start": start, "entries": entries})
                    .to_string()
            }
            Work::Contradiction { partner, proof } => {
                json!({"do": "contradiction", "partner": partner, "log": proof.log}).to_string()
            }
            Work::ClockRanOut { case } => json!({"do": "clock-ran-out", "case": case}).to_string(),
            Work::Receipt { log, size, .. } => {
                json!({"do": "receipt", "log": log, "size": size}).to_string()
            }
        }
    }
}
