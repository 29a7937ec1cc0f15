//! The matcher: follows the items in their order and holds each against all interests.
//!
//! Its cursor moves in the transaction that records what it found, so it can be killed anywhere:
//! nothing is missed, and nothing opens two cases.

use crate::engine::{Failure, Matched, Work};
use crate::node::Node;
use forewarn_exchange::matching::Index;
use forewarn_exchange::terms::Terms;
use forewarn_store::item::Stored;
use std::sync::Arc;
use std::time::Duration;

/// Items read at a time: a batch's matches are one command.
const BATCH: i64 = 500;
/// How long it rests after the store failed.
const REST: Duration = Duration::from_secs(1);

/// The name under which the matcher acts in the journal.
const ACTOR: &str = "matcher";

/// Runs until the runtime ends.
pub async fn run(node: Arc<Node>) {
    let mut journal = node.engine.follow();
    loop {
        journal.mark_unchanged();
        match step(&node).await {
            Ok(true) => {}
            Ok(false) => {
                if journal.changed().await.is_err() {
                    return;
                }
            }
            Err(Failure::Stopping) => return,
            Err(error) => {
                tracing::warn!(%error, "the matcher rests a moment");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// Matches one batch; whether there may be more.
async fn step(node: &Arc<Node>) -> Result<bool, Failure> {
    let read = node
        .read(|db, _| {
            let from = db.cursor(crate::engine::MATCHER_CURSOR)?;
            let items = db.items_to_match(from, BATCH)?;
            if items.is_empty() {
                return Ok(None);
            }
            let theirs = db.interests()?.into_iter().filter(|known| !known.ours);
            let interests = theirs.map(|known| (known.partner, known.interest)).collect();
            let index = Index::new(interests);
            let to = items.last().map_or(from, |item| item.seq);
            let found = items.iter().filter_map(|item| matches(&index, item)).collect();
            Ok(Some(Matched { from, to, found }))
        })
        .await?;
    let Some(matched) = read else { return Ok(false) };
    node.work(ACTOR, Work::Matched(matched)).await?;
    Ok(true)
}

fn matches(index: &Index, item: &Stored) -> Option<crate::engine::ItemMatches> {
    if index.is_empty() {
        return None;
    }
    let matches = index.matches(&terms(item));
    (!matches.is_empty()).then(|| crate::engine::ItemMatches {
        item: item.seq,
        intake: item.intake,
        id: item.id.clone(),
        source: item.source.clone(),
        matches,
    })
}

/// What an item is about. Every item was valid when it was taken in.
pub fn terms(item: &Stored) -> Terms {
    if item.id.starts_with("text--") {
        return Terms::of_text(&String::from_utf8_lossy(&item.bytes));
    }
    serde_json::from_slice(&item.bytes).map_or_else(|_| Terms::default(), |v| Terms::of_object(&v))
}
