//! What comes in, and what becomes of it.

use forewarn_exchange::feed::Feed;
use forewarn_exchange::history::Happened;
use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::name::NodeName;
use forewarn_store::feed::FeedState;
use forewarn_store::intake::{NewIntake, Refused};
use forewarn_store::item::NewItem;
use forewarn_store::reason::Reason;
use forewarn_taxii::filter::VersionFilter;
use serde::{Deserialize, Serialize};

/// Items of one input, or of a part of one, all for one collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntakeWork {
    /// Which POST or file they are of.
    pub intake: NewIntake,
    /// In the order of the input.
    pub items: Vec<NewItem>,
    /// What cannot be an item, in the order of the input.
    pub refused: Vec<Refused>,
}

impl IntakeWork {
    pub(crate) fn bytes(&self) -> usize {
        self.items.iter().map(|item| item.bytes.len()).sum()
    }
}

/// What became of the items of one command; the journal keeps it, so that a retried command gets
/// the same answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The microsecond at which the first new item was added; the others follow, one microsecond
    /// apart, in their order.
    pub first: i64,
    /// How many are new.
    pub added: usize,
    /// Places in the command's items of those that were here already, and the microsecond at which
    /// each was added.
    pub known: Vec<(usize, i64)>,
    /// Places of those whose id and version is here with other content: refused.
    pub differs: Vec<usize>,
    /// Places of those that may not follow the versions that are here, and why: refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<(usize, Reason)>,
    /// All that was refused, with those that never became items.
    pub refused: usize,
}

/// What a feed brought, and how far it has come with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FedWork {
    /// The feed as it was when it asked.
    pub feed: Feed,
    /// How far it has come.
    pub state: FeedState,
    /// What it brought.
    pub intake: Option<IntakeWork>,
    /// For a push: what the partner's server has said of it.
    pub pushed: Option<(NodeName, Happened)>,
}

/// A partner's account has fetched an outlet's items up to here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchedWork {
    /// Whose outlet.
    pub partner: NodeName,
    /// Which one.
    pub outlet: CollectionNumber,
    /// The microsecond at which the newest item that went out was added.
    pub to: i64,
}

/// Versions of an object are taken out of their collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteWork {
    /// Which collection.
    pub collection: CollectionNumber,
    /// The object's id.
    pub object: String,
    /// Which of its versions.
    pub versions: VersionFilter,
}
