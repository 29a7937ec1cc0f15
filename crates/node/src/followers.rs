//! What follows the journal: matcher, trial of new interests, dispatcher, clocks, feeds, search. Each is
//! watched: one that ends or panics is started again, after a pause that grows, and how it fares
//! can be seen.

use crate::acting;
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

/// Where a follower runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// At each node: it keeps what is its node's own.
    Everywhere,
    /// Where the node acts, and while it does.
    Acting,
}

/// Starts all of them. They end with the runtime.
pub fn start(node: &Arc<Node>) {
    let matcher = node.matcher();
    let trial = matcher.clone();
    let feeder = node.feeder();
    let clocks = Clocks { state: node.state.clone() };
    let fetched = node.config.channel.fetch.clone();
    let dispatcher = Dispatcher { channels: node.channels.clone(), fetched: fetched.into() };
    supervise((node, Runs::Acting), "matcher", move |seen| matcher.clone().run(seen));
    supervise((node, Runs::Acting), "trial", move |seen| crate::trial::run(trial.clone(), seen));
    supervise((node, Runs::Acting), "dispatcher", move |seen| dispatcher.clone().run(seen));
    supervise((node, Runs::Acting), "clocks", move |seen| clocks.clone().run(seen));
    let teller = node.teller();
    supervise((node, Runs::Acting), "teller", move |seen| teller.clone().run(seen));
    if let Some(heartbeat) = node.heartbeat() {
        supervise((node, Runs::Everywhere), "heartbeat", move |seen| heartbeat.clone().run(seen));
    }
    supervise((node, Runs::Acting), "feeds", move |seen| feeder.clone().run(seen));
    let searcher = Searcher { state: node.state.clone(), search: node.search.clone() };
    if !node.config.retention.is_default() {
        let retention = Retention { state: node.state.clone(), rules: node.config.retention };
        supervise((node, Runs::Acting), "retention", move |seen| retention.clone().run(seen));
    }
    let player = Player { state: node.state.clone() };
    supervise((node, Runs::Acting), "player", move |seen| player.clone().run(seen));
    if let Some(auditor) = node.auditor() {
        supervise((node, Runs::Acting), "audit", move |seen| auditor.clone().run(seen));
    }
    if let Some(witnesses) = node.witnesses() {
        supervise((node, Runs::Acting), "witnesses", move |seen| witnesses.clone().run(seen));
    }
    if let Some(schedule) = node.backups() {
        supervise((node, Runs::Everywhere), "backup", move |seen| schedule.clone().run(seen));
    }
    let tidier = Tidier { state: node.state.clone(), begun: node.begun.clone() };
    supervise((node, Runs::Everywhere), "begun", move |seen| tidier.clone().run(seen));
    supervise((node, Runs::Everywhere), "search", move |seen| searcher.clone().run(seen));
}

/// Runs a follower for ever.
fn supervise<F: Future<Output = ()> + Send + 'static>(
    (node, runs): (&Arc<Node>, Runs),
    name: &'static str,
    run: impl Fn(Seen) -> F + Send + 'static,
) {
    if runs == Runs::Acting && !node.acts {
        return;
    }
    let mut acts = node.state.engine().acts();
    let watch = node.watch.clone();
    let engine = node.state.engine().clone();
    tokio::spawn(async move {
        let mut pause = FIRST_PAUSE;
        loop {
            let begun = Instant::now();
            watch.begin(name);
            let mut running = tokio::spawn(run(Seen::new(&watch, name)));
            let ended = tokio::select! {
                ended = &mut running => ended,
                () = acting::lapsed(&mut acts), if runs == Runs::Acting => {
                    running.abort();
                    watch.rest(name);
                    tracing::warn!(follower = name, "it rests: another node may act now");
                    acting::regained(&mut acts).await;
                    continue;
                }
            };
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
