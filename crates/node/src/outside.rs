//! Clocks outside, beside everything else: what they have not seen of our logs yet, and how they are asked.

use crate::state::State;
use crate::watch::Seen;
use forewarn_store::{Db, StoreError};
use std::time::Duration;
use tokio::task::JoinSet;

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

/// Somebody outside who sees how far our logs have grown, by a clock of his own.
pub(crate) trait Clock: Send + Sync + 'static {
    /// What is to be shown of one log.
    type Due: Send + Sync;

    /// Where the logs are.
    fn state(&self) -> &State;

    /// What it is called.
    fn name(&self) -> &str;

    /// Receipts that come within this time are shown together.
    fn gather(&self) -> Duration;

    /// What it has not seen.
    fn due(&self) -> impl Future<Output = Result<Vec<Self::Due>, String>> + Send;

    /// Shows it one thing, and keeps what it answers.
    fn show(&self, due: &Self::Due) -> impl Future<Output = Result<(), String>> + Send;
}

/// The clocks of one kind, each of which is asked for itself.
pub(crate) struct Clocks<C> {
    all: Vec<C>,
}

impl<C: Clock> Clocks<C> {
    /// `None` when there are none.
    pub(crate) fn of(all: Vec<C>) -> Option<Clocks<C>> {
        (!all.is_empty()).then_some(Clocks { all })
    }

    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        // Receipts are not commands one by one: it says by itself how it fares.
        seen.up_to(i64::MAX);
        let mut all = JoinSet::new();
        for clock in self.all {
            all.spawn(ask(clock, seen.clone()));
        }
        while all.join_next().await.is_some() {}
    }
}

/// Asks a clock, a turn at a time, until the node stops: whenever something was written, and not more often than it
/// should be asked.
async fn ask<C: Clock>(clock: C, seen: Seen) {
    let mut journal = clock.state().engine().follow();
    loop {
        journal.borrow_and_update();
        let Err(why) = turn(&clock).await else {
            tokio::time::sleep(clock.gather()).await;
            if journal.changed().await.is_err() {
                return;
            }
            continue;
        };
        let why = format!("`{}`: {why}", clock.name());
        seen.ended(&why);
        tracing::warn!(why, "a clock outside has not seen our logs; it is asked again");
        tokio::time::sleep(AGAIN).await;
    }
}

/// Shows each log that has grown; the first thing that went wrong, once all were tried.
async fn turn<C: Clock>(clock: &C) -> Result<(), String> {
    let mut wrong = None;
    for due in clock.due().await? {
        if let Err(why) = clock.show(&due).await {
            wrong.get_or_insert(why);
        }
    }
    wrong.map_or(Ok(()), Err)
}
