//! What crosses the channels, checked outside and put on record here.

use forewarn_exchange::name::NodeName;
use forewarn_transcript::batch::{Carried, Checked};
use forewarn_transcript::contradiction::Contradiction;
use forewarn_transcript::{Checkpoint, Disclosure, Hash, Keys};
use serde::{Deserialize, Serialize};

/// Entries of a partner's log, whose signature and continuity were checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceiveWork {
    /// Whose log.
    pub partner: NodeName,
    /// The log's name.
    pub log: String,
    /// The index of the first entry.
    pub start: u64,
    /// The entries, in their order.
    pub entries: Vec<Carried>,
    /// Entries that are held already and of which more fields are opened, with their indices.
    pub opened: Vec<(u64, Carried)>,
    /// The size that the checkpoint states.
    pub size: u64,
    /// The root that the checkpoint states.
    pub root: Hash,
    /// The keys that have signed the checkpoint.
    pub by: Keys,
    /// The checkpoint with our cosignature: the receipt, when we give one.
    pub receipt: Option<String>,
    /// Whether what names something must be a token; commands from before this was asked say no.
    #[serde(default)]
    pub tokens: bool,
}

impl ReceiveWork {
    /// A checked batch; entries before `held` are left out, but for those that open more.
    pub fn new(
        partner: NodeName,
        batch: &Checked,
        (held, opened): (u64, Vec<(u64, Carried)>),
        receipt: Option<String>,
    ) -> ReceiveWork {
        let Checkpoint { origin, size, root } = batch.checkpoint().clone();
        let skip = usize::try_from(held.saturating_sub(batch.start)).unwrap_or(usize::MAX);
        ReceiveWork {
            partner,
            log: origin,
            start: held.max(batch.start),
            entries: batch.carried.iter().skip(skip).cloned().collect(),
            opened,
            size,
            root,
            by: batch.opened.by.clone(),
            receipt,
            tokens: true,
        }
    }
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// How many entries of the log are held now.
    pub size: u64,
    /// The receipt for the batch's size, byte for byte the one that was given first. It is in a
    /// table of its own, and not kept once more in the journal.
    #[serde(skip)]
    pub receipt: Option<String>,
}

/// A receipt of a partner's for our log, which was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptWork {
    /// The log's name.
    pub log: String,
    /// How much of it is receipted.
    pub size: u64,
    /// The cosigned checkpoint.
    pub note: String,
}

/// Entries of our own log, from the partner's copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefillWork {
    /// Whose copy.
    pub partner: NodeName,
    /// The index of the first.
    pub start: u64,
    /// In their order.
    pub entries: Vec<Carried>,
}

/// Fields of one of our own entries that a restored database could not open, and that can be opened
/// again. Each entry has a command of its own, so that an erasure takes the words of that one only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedAgainWork {
    /// In our log to whom.
    pub partner: NodeName,
    /// The entry's index there.
    pub index: u64,
    /// What opens fields of it.
    pub opens: Vec<Disclosure>,
    /// Whether the partner is known to have been shown them, since they came from its mirror.
    pub shown: bool,
}

/// A proof that a log was written twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContradictionWork {
    /// With whom we have the channel.
    pub partner: NodeName,
    /// The proof.
    pub proof: Contradiction,
}
