//! What was begun at the desk goes when its time is over, when what it is about was erased, and when
//! whoever began it is no user any more.

use crate::clock;
use crate::state::State;
use crate::watch::Seen;
use forewarn_engine::Failure;
use forewarn_exchange::erasure::Erasable;
use forewarn_store::begun::Begun;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a form is kept.
const DAYS: i64 = 14;
/// Between two looks: what is erased is gone here in a moment, whatever else comes in.
const REST: Duration = Duration::from_millis(250);
/// A look without a reason: for what has become old.
const LATEST: Duration = Duration::from_hours(1);

/// What throws away forms that were begun.
#[derive(Clone)]
pub(crate) struct Tidier {
    pub(crate) state: State,
    pub(crate) begun: Arc<Begun>,
}

impl Tidier {
    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let mut journal = self.state.engine().follow();
        let (mut known, mut looked) = (None, Instant::now());
        loop {
            if looked.elapsed() > LATEST {
                (known, looked) = (None, Instant::now());
            }
            let index = *journal.borrow_and_update();
            match self.look(known).await {
                Ok(erasures) => {
                    known = Some(erasures);
                    seen.up_to(index);
                }
                Err(Failure::Stopping) => return,
                Err(error) => tracing::warn!(%error, "what was begun at the desk is not looked at"),
            }
            match tokio::time::timeout(LATEST, journal.changed()).await {
                Ok(Err(_)) => return,
                Ok(Ok(())) | Err(_) => tokio::time::sleep(REST).await,
            }
        }
    }

    /// Looks through all of it, where something was erased since; how often anything was.
    async fn look(&self, known: Option<i64>) -> Result<i64, Failure> {
        let begun = self.begun.clone();
        self.state
            .read(move |db| {
                let erasures = db.erasures()?;
                if known == Some(erasures) {
                    return Ok(erasures);
                }
                let oldest = clock::now().plus_minutes(-DAYS * 24 * 60);
                for (user, address, at) in begun.all()? {
                    let is_erased = match address.about() {
                        Some(subject) => db.is_gone(&Erasable::from(subject))?,
                        None => false,
                    };
                    if at < oldest || is_erased || db.user(&user)?.is_none() {
                        begun.forget_as_of((&user, &address), &at)?;
                    }
                }
                Ok(erasures)
            })
            .await
    }
}
