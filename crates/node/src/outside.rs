//! Clocks outside, beside everything else: what they have not seen of our logs yet, and how they are asked.

use crate::state::State;
use crate::watch::Seen;
use forewarn_store::{Db, StoreError};
use std::time::Duration;

/// After a try in vain; in between, other logs and other clocks go on.
const AGAIN: Duration = Duration::from_secs(30);

/// A log of ours whose newest receipt a clock has not seen.
pub(crate) struct Lacking {
    /// The log's name.
    pub(crate) log: String,
    /// How many entries the receipt is for.
    pub(crate) size: u64,
    /// Up to how many it has seen.
    pub(crate) newest: u64,
    /// The receipt, as a note.
    pub(crate) receipt: String,
}

/// What a clock has not seen, which has seen each log up to a size.
pub(crate) fn lacking(
    db: &Db<'_>,
    seen: impl Fn(&str) -> Result<u64, StoreError>,
) -> Result<Vec<Lacking>, StoreError> {
    let mut all = Vec::new();
    for log in db.logs()?.into_iter().filter(|log| log.ours) {
        let Some((size, receipt)) = db.newest_receipt(&log)? else { continue };
        let newest = seen(&log.name)?;
        if newest < size {
            all.push(Lacking { log: log.name, size, newest, receipt });
        }
    }
    Ok(all)
}

/// Asks a clock of this name, a turn at a time, until the node stops: whenever something was written, and not more
/// often than it should be asked.
pub(crate) async fn ask<F>(
    (state, seen): (&State, &Seen),
    name: &str,
    gather: Duration,
    mut turn: impl FnMut() -> F,
) where
    F: Future<Output = Result<(), String>>,
{
    let mut journal = state.engine().follow();
    loop {
        journal.borrow_and_update();
        let Err(why) = turn().await else {
            tokio::time::sleep(gather).await;
            if journal.changed().await.is_err() {
                return;
            }
            continue;
        };
        let why = format!("`{name}`: {why}");
        seen.ended(&why);
        tracing::warn!(why, "a clock outside has not seen our logs; it is asked again");
        tokio::time::sleep(AGAIN).await;
    }
}
