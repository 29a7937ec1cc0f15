//! The clocks: a case whose time has run out without a decision or a release is put on record,
//! once; so is a warning whose time is over, of one that was released or one that came.
//!
//! A follower like the others: it looks at the clocks whenever the journal moves and when the next
//! one runs out, and can be killed anywhere.

use crate::clock;
use crate::state::State;
use crate::watch::Seen;
use forewarn_engine::{ClockRanOut, ExpiredWork, Failure};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::id::{CaseNumber, Subject};
use std::time::Duration;

/// The longest rest: the system's clock may be set while we sleep.
const MAX_REST: Duration = Duration::from_secs(30);
/// The rest after something could not be put on record.
const REFUSED_REST: Duration = Duration::from_secs(1);
/// Most cases put on record before the clocks are looked at again.
const MAX_AT_ONCE: i64 = 1_000;

/// What has run out.
enum Ended {
    Clock(CaseNumber),
    Warning(Subject),
}

/// What watches the clocks.
#[derive(Clone)]
pub(crate) struct Clocks {
    pub(crate) state: State,
}

impl Clocks {
    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let mut journal = self.state.engine().follow();
        loop {
            let index = *journal.borrow_and_update();
            let rest = match self.step().await {
                Ok(rest) => rest,
                Err(Failure::Stopping) => return,
                Err(error) => {
                    tracing::warn!(%error, "the clocks rest a moment");
                    MAX_REST
                }
            };
            seen.up_to(index);
            tokio::select! {
                moved = journal.changed() => if moved.is_err() { return },
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// Puts on record what has run out; how long until the next one does.
    async fn step(&self) -> Result<Duration, Failure> {
        let now = clock::now().micros();
        let (out, ended, next) = self
            .state
            .read(move |db| {
                let ended = db.ending(now, MAX_AT_ONCE)?;
                Ok((db.cases_due(now, MAX_AT_ONCE)?, ended, db.next_due()?))
            })
            .await?;
        let clocks = out.iter().map(|case| Ended::Clock(*case));
        let mut refused = 0;
        // First the clocks: what they are for is ahead.
        for one in clocks.chain(ended.iter().map(|subject| Ended::Warning(*subject))) {
            let actor = Actor::Node(Part::Clocks);
            let done = match one {
                Ended::Clock(case) => {
                    tracing::warn!(%case, "the clock has run out");
                    self.state.work(actor, ClockRanOut { case }).await
                }
                Ended::Warning(subject) => {
                    tracing::info!(%subject, "the time of the warning is over");
                    self.state.work(actor, ExpiredWork { subject }).await
                }
            };
            match done {
                Ok(()) => {}
                // Decided, renewed or recalled in between: looked at again, and not at once.
                Err(Failure::Refused(_)) => refused += 1,
                Err(error) => return Err(error),
            }
        }
        if refused > 0 {
            return Ok(REFUSED_REST);
        }
        if !out.is_empty() || !ended.is_empty() {
            return Ok(Duration::ZERO);
        }
        let until = next.map_or(i64::MAX, |next| next.saturating_sub(now)).max(0);
        Ok(Duration::from_micros(u64::try_from(until).unwrap_or(0)).min(MAX_REST))
    }
}
