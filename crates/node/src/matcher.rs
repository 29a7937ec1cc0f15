//! The matcher: follows the items in their order and holds each against all interests.
//!
//! Its cursor moves in the transaction that records what it found, so it can be killed anywhere:
//! nothing is missed, and nothing opens two cases.

use crate::engine::{Failure, Matched, Work};
use crate::node::Node;
use forewarn_exchange::matching::Index;
use forewarn_exchange::terms::Terms;
use forewarn_store::item::Stored;
use forewarn_store::{Db, StoreError};
use std::sync::Arc;
use std::time::Duration;

/// Items read at a time: a batch's matches are one command.
const BATCH: i64 = 500;
/// How long it rests after the store failed.
const REST: Duration = Duration::from_secs(1);

/// How long it rests when nobody is interested in anything: its cursor moves in larger steps.
const IDLE: Duration = Duration::from_millis(100);

/// The name under which the matcher acts in the journal.
const ACTOR: &str = "matcher";

/// The index of all interests, and the change of them that it was built after.
type Built = Option<(i64, Arc<Index>)>;

/// Runs until the runtime ends.
pub async fn run(node: Arc<Node>) {
    let mut journal = node.engine.follow();
    let mut built: Built = None;
    loop {
        journal.mark_unchanged();
        match step(&node, &mut built).await {
            Ok(true) if built.as_ref().is_some_and(|(_, index)| index.is_empty()) => {
                tokio::time::sleep(IDLE).await;
            }
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
async fn step(node: &Arc<Node>, built: &mut Built) -> Result<bool, Failure> {
    let known = built.clone();
    let read = node
        .read(move |db, _| {
            let from = db.cursor(crate::engine::MATCHER_CURSOR)?;
            let newest = db.newest_item()?;
            if newest <= from {
                return Ok(None);
            }
            let (change, index) = current(&db, known)?;
            if index.is_empty() {
                // Nobody is interested in anything: nothing has to be read.
                let found = Vec::new();
                return Ok(Some((Matched { from, to: newest, found }, (change, index))));
            }
            let items = db.items_to_match(from, BATCH)?;
            if items.is_empty() {
                // Only what no partner is to be told of lies behind the cursor.
                let found = Vec::new();
                return Ok(Some((Matched { from, to: newest, found }, (change, index))));
            }
            let to = items.last().map_or(from, |item| item.seq);
            let found = items.iter().filter_map(|item| matches(&index, item)).collect();
            Ok(Some((Matched { from, to, found }, (change, index))))
        })
        .await?;
    let Some((matched, index)) = read else { return Ok(false) };
    *built = Some(index);
    node.work(ACTOR, Work::Matched(matched)).await?;
    Ok(true)
}

/// The index of the interests as they are in this snapshot.
fn current(db: &Db<'_>, known: Built) -> Result<(i64, Arc<Index>), StoreError> {
    let change = db.interest_changes()?;
    if let Some(known) = known.filter(|(at, _)| *at == change) {
        return Ok(known);
    }
    let theirs = db.interests()?.into_iter().filter(|known| !known.ours);
    let interests = theirs.map(|known| (known.partner, known.interest)).collect();
    Ok((change, Arc::new(Index::new(interests))))
}

fn matches(index: &Index, item: &Stored) -> Option<crate::engine::ItemMatches> {
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
