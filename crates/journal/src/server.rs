//! What a member asks of a server. One session at a time, one question after the other.

use crate::answer::Answer;
use crate::batch::{Batch, Row, Version};
use forewarn_transcript::Hash;
use std::time::Duration;

/// A process that has claimed the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// The node, with a part that is another at each start.
    pub name: String,
    /// Where people and partners reach it.
    pub url: String,
}

/// What changes whenever the writer does anything, and at least each [`crate::stand::QUIET`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// Who alone may append; `None` when nobody has claimed the journal.
    pub writer: Option<Writer>,
    /// Where the line ends.
    pub size: u64,
    /// How many signs were given so far.
    pub beat: u64,
}

/// What a server says of its journal when a session begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// The writer's last sign.
    pub sign: Sign,
    /// The highest version that may be appended.
    pub version: Version,
    /// The first index that it still has.
    pub oldest: u64,
    /// The chain at the place that was asked about; `None` when no batch ends there.
    pub chain: Option<Hash>,
}

/// What is told beside a commit of no weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The writer's last sign, as of just before the commit.
    pub sign: Sign,
    /// Whether the commit gave a sign: whoever asked is the writer.
    pub is_renewed: bool,
}

/// A session with whichever server it finds. It never says more than it was told, and repeats
/// nothing by itself: what is not clean is the member's to judge.
pub trait Server {
    /// Connects, where there is no session, and asks what the journal is and what it has at `at`.
    fn hello(&mut self, at: u64) -> Answer<Greeting>;

    /// Commits that this process alone appends from now on: whoever did before appends nothing more.
    /// When a sign is given, only if it is still the last one. Whether that is so now; it is when the
    /// process is the writer already.
    fn claim(&mut self, name: &str, over: Option<&Sign>) -> Answer<bool>;

    /// Appends a batch in one transaction, and says where it stands: behind which size, and the
    /// chain behind the batch. `None` when the journal takes no batch of this version, or none of
    /// this node's.
    fn append(&mut self, batch: &Batch) -> Answer<Option<Placed>>;

    /// The batches from an index on, some of them: in their order, from one that starts there.
    fn read(&mut self, from: u64) -> Answer<Vec<Row>>;

    /// Commits something of no weight: that this node has seen up to `got` and applied up to `applied`.
    /// If this name is the writer's, that is a sign.
    fn confirm(&mut self, got: u64, applied: u64, name: Option<&str>) -> Answer<Confirmed>;

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
