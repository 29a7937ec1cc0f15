//! Why a command has no effect.

use forewarn_exchange::Refusal;
use forewarn_store::StoreError;

/// Why a command has no effect, and whose fault that is.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// Decided against, and recorded: the caller's, or a partner's.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Nobody's: to be tried again.
    #[error("the node is busy: too many commands wait; try again in a moment")]
    Busy,
    /// Nobody's.
    #[error("the node is stopping")]
    Stopping,
    /// The writer does not answer: it waits for the disk, or has been stopped.
    #[error("the writer has not answered within {} s", .0.as_secs())]
    Silent(std::time::Duration),
    /// The journal apart has not answered: it may hold the command, or come to.
    #[error(
        "the journal's servers have not said that they hold this: it may be done, or come to be. Look \
         before you do it again; a request that had an Idempotency-Key is sent again with the same one \
         (command {0})"
    )]
    InDoubt(String),
    /// The journal apart takes nothing now: nothing was changed.
    #[error("the journal takes no commands: {0}")]
    Journal(String),
    /// This node has not applied yet all that was done before: nothing was changed.
    #[error("the node has not caught up with its journal yet; try again in a moment")]
    Behind,
    /// Another node of the organisation does this: nothing was changed, and nothing will be.
    #[error("this node reads, and does not change anything: {}", elsewhere(.0.as_deref()))]
    Elsewhere(Option<String>),
    /// The disk is full: nothing was changed.
    #[error("{0}")]
    Full(String),
    /// The disk or the file: nothing was changed.
    #[error("the store failed: {0}")]
    Store(String),
}

/// Where to ask, in words.
fn elsewhere(url: Option<&str>) -> String {
    match url.filter(|url| !url.is_empty()) {
        Some(url) => format!("ask the node that writes, at {url}"),
        None => "ask the node that writes; which one it is, is not known here now".to_owned(),
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::Full => Failure::Full(error.to_string()),
            other => Failure::Store(other.to_string()),
        }
    }
}

/// Why nothing was done, inside a transaction: a store that failed ends the whole of it.
pub(crate) enum Undone {
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

impl From<Undone> for Failure {
    fn from(undone: Undone) -> Failure {
        match undone {
            Undone::Refused(refusal) => Failure::Refused(refusal),
            Undone::Store(error) => error.into(),
        }
    }
}

/// The journal holds what no program has written there.
pub(crate) fn damaged(why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Damaged { what: "journal".to_owned(), why: why.to_string() }
}
