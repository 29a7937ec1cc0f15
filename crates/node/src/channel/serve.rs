//! What a partner may read of the channel: our log to it, its log as we hold it, nothing else.

use crate::engine::Failure;
use crate::node::Node;
use forewarn_exchange::Refusal;
use forewarn_store::Db;
use forewarn_store::log::LogRow;
use forewarn_transcript::batch::{Batch, MAX_BATCH_BYTES, MAX_ENTRIES};
use forewarn_transcript::{Checkpoint, Hash, Note};

/// A log's size and root, as the other side is told.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Root {
    pub log: String,
    pub size: u64,
    pub root: Hash,
}

/// The log of that name, when it is one of this partner's channel.
pub fn log_of(db: &Db<'_>, partner: &str, name: &str) -> Result<LogRow, Failure> {
    let log = db.log(name)?.filter(|log| log.partner == partner);
    Ok(log.ok_or_else(|| Refusal::unknown("log of this channel", name))?)
}

/// The root at `size`, or at the size held when none is given.
pub fn root(db: &Db<'_>, log: &LogRow, size: Option<u64>) -> Result<Root, Failure> {
    let size = size.unwrap_or(log.size);
    if size > log.size {
        return Err(Refusal::new("gap", format!("held to {}", log.size)).into());
    }
    Ok(Root { log: log.name.clone(), size, root: db.root(log, size)? })
}

/// Our checkpoint at `size`, signed. The root is computed from what is on disk before.
pub fn our_checkpoint(db: &Db<'_>, node: &Node, log: &LogRow, size: u64) -> Result<Note, Failure> {
    let checkpoint = Checkpoint { origin: log.name.clone(), size, root: db.root(log, size)? };
    let root_at = |size: u64| if size <= log.size { db.root(log, size).ok() } else { None };
    let signed = node.signer.sign_checkpoint(&checkpoint, &root_at);
    Ok(signed.map_err(|e| Refusal::new("signer", e.to_string()))?)
}

/// A batch of our log from `start`, with the checkpoint that ends it.
pub fn batch(db: &Db<'_>, node: &Node, log: &LogRow, start: u64) -> Result<Batch, Failure> {
    // Half of what a batch may have: JSON in JSON is longer than what it holds.
    let held = db.entries(log, start, MAX_ENTRIES, MAX_BATCH_BYTES / 2)?;
    let size = start + held.len() as u64;
    // A size that has a receipt was signed before: that note is used, and nothing is signed again.
    let note = match db.receipt(log, size)? {
        Some(note) => note,
        None => our_checkpoint(db, node, log, size)?.to_string(),
    };
    Ok(Batch {
        log: log.name.clone(),
        start,
        entries: held.into_iter().map(|held| held.carried).collect(),
        checkpoint: note,
    })
}
