//! How a member fares, and why it does not go on.

use crate::batch::{Batch, Position, Unfit};
use crate::server::Writer;
use std::time::Duration;

/// Why a member neither appends nor applies any more. A person has to act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// The journal was changed by somebody, or by a bad disk.
    #[error("the journal is damaged: {0}. Nothing of it was applied from there on")]
    Damaged(Unfit),
    /// What is needed next was thrown away.
    #[error(
        "the journal begins at {oldest}, and this node has come to {reached}, so it lacks what was \
         shortened away: restore a newer backup into its folder (docs/operating/cluster.md)"
    )]
    TooFarBehind {
        /// The first index that is still there.
        oldest: u64,
        /// How far the node has come.
        reached: u64,
    },
    /// No server has what was applied here.
    #[error(
        "no server has the first {0} commands as they were applied here: it is another journal, or it \
         has lost some. Nothing is appended until that is settled"
    )]
    Lost(u64),
    /// A later release has written.
    #[error(
        "at {at} the journal has a batch of version {version}, which this program cannot read: upgrade it"
    )]
    Newer {
        /// Where.
        at: u64,
        /// In which version.
        version: u32,
    },
    /// What is held cannot be read.
    #[error(
        "what the journal holds at {at} cannot be read: {why}. Nothing was applied from there on"
    )]
    Unreadable {
        /// Behind which size.
        at: u64,
        /// Why.
        why: String,
    },
    /// The name under which the journal was to be claimed was not kept.
    #[error("the journal was not claimed: {0}")]
    NotKept(String),
    /// It was moved into a node's own database.
    #[error(
        "the journal on the servers was closed: a node has taken it back into its own database, and goes on \
         there. Make another node from a backup of that one"
    )]
    Closed,
    /// The journal takes no batch that this program can write.
    #[error(
        "the journal takes batches up to version {0}, which this program does not write any more"
    )]
    Older(u32),
}

/// A batch that is held, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The batch.
    pub batch: Batch,
    /// The place behind it.
    pub end: Position,
    /// Whether this member has appended it since it was started.
    pub is_ours: bool,
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Did {
    /// Something; the next step may follow at once.
    Worked,
    /// Nothing, since there is nothing to do.
    Idle,
    /// The session failed: nothing is asked before this has passed.
    Failed(Duration),
    /// Nothing, and never again.
    Stopped,
}

/// What a member is to the journal now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stands {
    /// It is not known yet, or it is about to claim the journal.
    Undecided,
    /// It is the writer, and has not read all that was written before it.
    CatchesUp,
    /// It is the writer.
    Writes,
    /// It applies what others write.
    Follows {
        /// Who writes; `None` when nobody does.
        writer: Option<Writer>,
        /// Whether it has read, on this session, up to where the line ended then.
        is_level: bool,
    },
}

/// How a member fares, for people to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fares {
    /// What it is.
    pub stands: Stands,
    /// Up to here all is held, as far as is known here.
    pub held: Position,
    /// Up to here it was applied.
    pub applied: u64,
    /// Where the line ended when it was last asked.
    pub head: u64,
    /// Batches of ours that are not held yet.
    pub waiting: usize,
    /// Up to when it may take itself for the writer without asking, by the clock that steps are
    /// given. Nobody has claimed the journal before that.
    pub trusted: Option<Duration>,
    /// Since when there has been no clean answer, by the clock that steps are given; `None` while all
    /// is well.
    pub troubled: Option<Duration>,
    /// What was wrong last.
    pub trouble: Option<String>,
    /// Why nothing goes on.
    pub stopped: Option<Stopped>,
}

impl Fares {
    /// Whether another node writes, or nobody.
    pub fn follows(&self) -> bool {
        matches!(self.stands, Stands::Follows { .. })
    }

    /// Whether the servers have answered cleanly, the last time they were asked.
    pub fn answers(&self) -> bool {
        self.troubled.is_none() && self.stopped.is_none()
    }

    /// Whether it is the writer, and has read all that was written before it.
    pub fn writes(&self) -> bool {
        self.stands == Stands::Writes
    }

    /// Where the node that writes is reached, when another one does.
    pub fn writer_url(&self) -> Option<&str> {
        match &self.stands {
            Stands::Follows { writer, .. } => writer.as_ref().map(|writer| writer.url.as_str()),
            Stands::Undecided | Stands::CatchesUp | Stands::Writes => None,
        }
    }

    /// So many commands are known to stand in the line, and are not applied here.
    pub fn behind(&self) -> u64 {
        self.head.saturating_sub(self.applied)
    }
}
