//! Retention: what was kept as long as `[retention]` says is erased, by the node itself.
//!
//! A follower that looks from time to time, in bounded turns; what is held, or not over, is passed over.

use crate::clock;
use crate::state::State;
use crate::watch::Seen;
use forewarn_engine::{Failure, RetainedWork, is_past};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::erasure::{Erasable, Retention as Rules};
use forewarn_store::erase::Kind;
use std::time::Duration;

/// Between two looks: what is kept for days is not late by minutes.
const REST: Duration = Duration::from_hours(1);
/// Most things looked at in one turn.
const AT_ONCE: i64 = 500;

/// What erases by rule.
#[derive(Clone)]
pub(crate) struct Retention {
    pub(crate) state: State,
    pub(crate) rules: Rules,
}

impl Retention {
    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let journal = self.state.engine().follow();
        loop {
            let index = *journal.borrow();
            for (kind, rule) in [
                (Kind::Case, self.rules.cases),
                (Kind::Warning, self.rules.warnings),
                (Kind::Item, self.rules.items),
            ] {
                let Some(days) = rule else { continue };
                match self.look(kind, days).await {
                    Ok(()) => {}
                    Err(Failure::Stopping) => return,
                    Err(error) => tracing::warn!(%error, "retention rests a while"),
                }
            }
            seen.up_to(index);
            tokio::time::sleep(REST).await;
        }
    }

    /// Looks at everything of a kind, and erases what is past.
    async fn look(&self, kind: Kind, days: u32) -> Result<(), Failure> {
        let mut after = 0;
        loop {
            let (rules, now) = (self.rules, clock::now());
            let turn = self.state.read(move |db| {
                // What was added later cannot be past.
                let before = now.plus_minutes(-i64::from(days) * 24 * 60).micros();
                let page = db.to_be_looked_at(kind, (after, before), AT_ONCE)?;
                let last = page.last().map(|(at, _)| *at);
                let mut past: Vec<Erasable> = Vec::new();
                for (_, what) in page {
                    if is_past(&db, &rules, &what, &now)? {
                        past.push(what);
                    }
                }
                Ok((past, last))
            });
            let (past, last) = turn.await?;
            for what in past {
                tracing::info!(%what, "it was kept as long as it may be");
                match self.state.work(Actor::Node(Part::Retention), RetainedWork { what }).await {
                    // Held, or touched, in between.
                    Ok(()) | Err(Failure::Refused(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            let Some(last) = last else { return Ok(()) };
            after = last;
        }
    }
}
