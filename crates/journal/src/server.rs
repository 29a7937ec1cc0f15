//! What a member asks of a server. One session at a time, one question after the other.

use crate::answer::Answer;
use crate::batch::{Batch, Position, Row, Version};
use forewarn_transcript::Hash;
use std::time::Duration;

/// What a server says of its journal when a session begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// Where its line ends.
    pub head: Position,
    /// The highest version that may be appended.
    pub version: Version,
    /// The first index that it still has.
    pub oldest: u64,
    /// Who alone may append; `None` when anybody may.
    pub writer: Option<String>,
    /// The chain at the place that was asked about; `None` when no batch ends there.
    pub chain: Option<Hash>,
}

/// A session with whichever server it finds. It never says more than it was told, and repeats
/// nothing by itself: what is not clean is the member's to judge.
pub trait Server {
    /// Connects, where there is no session, and asks what the journal is and what it has at `at`.
    fn hello(&mut self, at: u64) -> Answer<Greeting>;

    /// Commits that this node alone appends from now on: whoever did before appends nothing more.
    fn claim(&mut self, node: &str) -> Answer<()>;

    /// Appends a batch in one transaction, and says where it stands: behind which size, and the
    /// chain behind the batch. `None` when the journal takes no batch of this version, or none of
    /// this node's.
    fn append(&mut self, batch: &Batch) -> Answer<Option<Placed>>;

    /// The batches from an index on, some of them: in their order, from one that starts there.
    fn read(&mut self, from: u64) -> Answer<Vec<Row>>;

    /// Commits something of no weight: that this node has seen up to `got` and applied up to `applied`.
    fn confirm(&mut self, got: u64, applied: u64) -> Answer<()>;

    /// Ends the session at once, whatever it waits for. The next goes to the next host.
    fn leave(&mut self);

    /// Waits so long, before anything is asked again.
    fn rest(&mut self, rest: Duration);
}

/// Where a server has put a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// How many commands stand before it.
    pub start: u64,
    /// The chain behind it.
    pub chain: Hash,
}
