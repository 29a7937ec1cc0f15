//! Whether the writer can write: asked of the writer itself.

use crate::Job;
use crate::failure::Failure;
use crate::queue::{Entrance, NotQueued};
use std::sync::PoisonError;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// An answer holds for this long: strangers may ask, and each answer costs an fsync.
const HOLDS: Duration = Duration::from_secs(1);
/// A writer that has not answered by then does not write: a transaction of the largest size takes
/// less, on a slow disk too.
const DEADLINE: Duration = Duration::from_secs(5);

type Found = Result<(), Failure>;

/// What was found last, and what is being found out: at most one question waits for the writer.
#[derive(Default)]
pub(crate) struct Probe {
    found: std::sync::Mutex<Option<(Instant, Found)>>,
    asking: tokio::sync::Mutex<Option<oneshot::Receiver<Found>>>,
}

impl Probe {
    pub(crate) async fn ask(&self, queue: &Entrance<Job>) -> Found {
        let answer = tokio::time::timeout(DEADLINE, self.answer(queue)).await;
        answer.unwrap_or(Err(Failure::Silent(DEADLINE)))
    }

    fn known(&self) -> Option<Found> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.as_ref().filter(|(at, _)| at.elapsed() < HOLDS).map(|(_, found)| found.clone())
    }

    /// Given up, it leaves the question to the next who asks.
    async fn answer(&self, queue: &Entrance<Job>) -> Found {
        let mut asking = self.asking.lock().await;
        if let Some(known) = self.known() {
            return known;
        }
        let answer = match &mut *asking {
            Some(answer) => answer,
            none => {
                let (reply, answer) = oneshot::channel();
                match queue.put(Job::Probe(reply)) {
                    Ok(()) => none.insert(answer),
                    Err(NotQueued::Full) => return Err(Failure::Busy),
                    Err(NotQueued::Closed) => return Err(Failure::Stopping),
                }
            }
        };
        let found = answer.await.unwrap_or(Err(Failure::Stopping));
        *asking = None;
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), found.clone()));
        found
    }
}
