//! The clocks: a case whose time has run out without a decision or a release is put on record, once.
//!
//! A follower like the others: it looks at the cases whenever the journal moves and when the next
//! clock runs out, and can be killed anywhere.

use crate::clock;
use crate::engine::{Failure, Work};
use crate::node::Node;
use std::sync::Arc;
use std::time::Duration;

/// The longest rest: the system's clock may be set while we sleep.
const MAX_REST: Duration = Duration::from_secs(30);

/// The name under which the clocks act in the journal.
const ACTOR: &str = "clocks";

/// Runs until the runtime ends.
pub async fn run(node: Arc<Node>) {
    let mut journal = node.engine.follow();
    loop {
        journal.mark_unchanged();
        let rest = match step(&node).await {
            Ok(rest) => rest,
            Err(Failure::Stopping) => return,
            Err(error) => {
                tracing::warn!(%error, "the clocks rest a moment");
                MAX_REST
            }
        };
        tokio::select! {
            moved = journal.changed() => if moved.is_err() { return },
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// Puts on record what has run out; how long until the next one does.
async fn step(node: &Arc<Node>) -> Result<Duration, Failure> {
    let now = clock::now();
    let at = now.clone();
    let (out, next) = node
        .read(move |db, _| {
            let waiting =
                db.cases()?.into_iter().filter(|case| case.clock_runs() && !case.is_overdue());
            let (out, later): (Vec<_>, Vec<_>) = waiting.partition(|case| case.due <= at);
            let next = later.iter().map(|case| case.due.micros()).min();
            Ok((out, next))
        })
        .await?;
    for case in out {
        tracing::warn!(case = case.number, partner = case.partner, "the clock has run out");
        match node.work(ACTOR, Work::ClockRanOut { case: case.number }).await {
            // Decided in between: the clock stands.
            Ok(_) | Err(Failure::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let until = next.map_or(i64::MAX, |next| next - now.micros()).max(0);
    Ok(Duration::from_micros(u64::try_from(until).unwrap_or(0)).min(MAX_REST))
}
