//! Fills the search file as the database grows. What was committed is found a moment later; what was
//! there before the file is read in turns, the newest first, and the rest of the machine is for others.

use crate::state::State;
use crate::watch::Seen;
use forewarn_engine::Failure;
use forewarn_store::search::{Progress, Search};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long it rests after the file could not be written.
const REST: Duration = Duration::from_secs(5);
/// It rests this many times as long as a turn took, while more waits.
const SHARE: u32 = 1;

/// What fills the search file.
#[derive(Clone)]
pub(crate) struct Searcher {
    pub(crate) state: State,
    pub(crate) search: Arc<Search>,
}

impl Searcher {
    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let mut journal = self.state.engine().follow();
        loop {
            let index = *journal.borrow_and_update();
            let begun = Instant::now();
            match self.turn().await {
                Ok(Progress { done: true, .. }) => {
                    seen.up_to(index);
                    if journal.changed().await.is_err() {
                        return;
                    }
                }
                Ok(Progress { done: false, .. }) => {
                    tokio::time::sleep(begun.elapsed() * SHARE).await;
                }
                Err(Failure::Stopping) => return,
                Err(error) => {
                    tracing::warn!(%error, "the search file rests a moment");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    async fn turn(&self) -> Result<Progress, Failure> {
        let search = self.search.clone();
        self.state.read(move |db| Ok(search.turn(&db)?)).await
    }
}
