//! What follows the journal: matcher, trial of new interests, dispatcher, clocks, feeds, search. Each is
//! watched: one that ends or panics is started again, after a pause that grows, and how it fares
//! can be seen.

use crate::clocks::Clocks;
use crate::dispatcher::Dispatcher;
use crate::node::Node;
use crate::player::Player;
use crate::retention::Retention;
use crate::searcher::Searcher;
use crate::tidier::Tidier;
use crate::watch::Seen;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Pauses before a follower is started again grow from the first to the last of these, doubling.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LAST_PAUSE: Duration = Duration::from_mins(1);
/// One that has run so long was well: the next pause is the first again.
const WELL: Duration = Duration::from_mins(2);

/// Starts all of them. They end with the runtime.
pub fn start(node: &Arc<Node>) {
    let matcher = node.matcher();
    let trial = matcher.clone();
    let feeder = node.feeder();
    let clocks = Clocks { state: node.state.clone() };
    let fetched = node.config.channel.fetch.clone();
    let dispatcher = Dispatcher { channels: node.channels.clone(), fetched: fetched.into() };
    supervise(node, "matcher", move |seen| matcher.clone().run(seen));
    supervise(node, "trial", move |seen| crate::trial::run(trial.clone(), seen));
    supervise(node, "dispatcher", move |seen| dispatcher.clone().run(seen));
    supervise(node, "clocks", move |seen| clocks.clone().run(seen));
    let teller = node.teller();
    supervise(node, "teller", move |seen| teller.clone().run(seen));
    if let Some(heartbeat) = node.heartbeat() {
        supervise(node, "heartbeat", move |seen| heartbeat.clone().run(seen));
    }
    supervise(node, "feeds", move |seen| feeder.clone().run(seen));
    let searcher = Searcher { state: node.state.clone(), search: node.search.clone() };
    if !node.config.retention.is_default() {
        let retention = Retention { state: node.state.clone(), rules: node.config.retention };
        supervise(node, "retention", move |seen| retention.clone().run(seen));
    }
    let player = Player { state: node.state.clone() };
    supervise(node, "player", move |seen| player.clone().run(seen));
    if let Some(auditor) = node.auditor() {
        supervise(node, "audit", move |seen| auditor.clone().run(seen));
    }
    if let Some(witnesses) = node.witnesses() {
        supervise(node, "witnesses", move |seen| witnesses.clone().run(seen));
    }
    if let Some(schedule) = node.backups() {
        supervise(node, "backup", move |seen| schedule.clone().run(seen));
    }
    let tidier = Tidier { state: node.state.clone(), begun: node.begun.clone() };
    supervise(node, "begun", move |seen| tidier.clone().run(seen));
    supervise(node, "search", move |seen| searcher.clone().run(seen));
}

/// Runs a follower for ever.
fn supervise<F: Future<Output = ()> + Send + 'static>(
    node: &Arc<Node>,
    name: &'static str,
    run: impl Fn(Seen) -> F + Send + 'static,
) {
    let watch = node.watch.clone();
    let engine = node.state.engine().clone();
    tokio::spawn(async move {
        let mut pause = FIRST_PAUSE;
        loop {
            let begun = Instant::now();
            watch.begin(name);
            let ended = tokio::spawn(run(Seen::new(&watch, name))).await;
            let how = match ended {
                Ok(()) => "it has ended",
                Err(e) if e.is_panic() => "it has panicked",
                // The runtime ends.
                Err(_) => return,
            };
            watch.end(name, how);
            if !engine.is_running() {
                return;
            }
            tracing::error!(follower = name, how, "a follower is started again");
            if begun.elapsed() > WELL {
                pause = FIRST_PAUSE;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LAST_PAUSE);
        }
    });
}
