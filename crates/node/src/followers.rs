//! What follows the journal: matcher, trial of new interests, dispatcher, clocks, feeds, search. Each is
//! watched: one that ends or panics is started again, after a pause that grows, and how it fares
//! can be seen. Where what it goes by in the configuration changes, it is started anew.

use crate::acting;
use crate::clocks::Clocks;
use crate::config::Config;
use crate::dispatcher::Dispatcher;
use crate::node::Node;
use crate::player::Player;
use crate::retention::Retention;
use crate::searcher::Searcher;
use crate::tidier::Tidier;
use crate::watch::Seen;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Pauses before a follower is started again grow from the first to the last of these, doubling.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LAST_PAUSE: Duration = Duration::from_mins(1);
/// One that has run so long was well: the next pause is the first again.
const WELL: Duration = Duration::from_mins(2);

/// Where a follower runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// At each node: it keeps what is its node's own.
    Everywhere,
    /// Where the node acts, and while it does.
    Acting,
}

/// Whether two configurations are one to a follower.
type Same = fn(&Config, &Config) -> bool;

/// For those that go by nothing of the configuration that changes.
const ALWAYS: Same = |_, _| true;

/// Starts all of them. They end with the runtime.
pub fn start(node: &Arc<Node>) {
    let same: Same = |a, b| a.matching == b.matching;
    supervise((node, Runs::Acting), ("matcher", same), |node| {
        let matcher = node.matcher();
        Some(move |seen| matcher.run(seen))
    });
    supervise((node, Runs::Acting), ("trial", same), |node| {
        let matcher = node.matcher();
        Some(move |seen| crate::trial::run(matcher, seen))
    });
    let same: Same = |a, b| a.channel == b.channel;
    supervise((node, Runs::Acting), ("dispatcher", same), |node| {
        let fetched = node.config().channel.fetch.clone().into();
        let dispatcher = Dispatcher { channels: node.channels.clone(), fetched };
        Some(move |seen| dispatcher.run(seen))
    });
    supervise((node, Runs::Acting), ("clocks", ALWAYS), |node| {
        let clocks = Clocks { state: node.state.clone() };
        Some(move |seen| clocks.run(seen))
    });
    supervise((node, Runs::Everywhere), ("search", ALWAYS), |node| {
        let searcher = Searcher { state: node.state.clone(), search: node.search.clone() };
        Some(move |seen| searcher.run(seen))
    });
    supervise((node, Runs::Acting), ("player", ALWAYS), |node| {
        let player = Player { state: node.state.clone() };
        Some(move |seen| player.run(seen))
    });
    supervise((node, Runs::Everywhere), ("begun", ALWAYS), |node| {
        let tidier = Tidier { state: node.state.clone(), begun: node.begun.clone() };
        Some(move |seen| tidier.run(seen))
    });
    start_configured(node);
}

/// Starts those that the configuration says most of; some of them only where it asks for them.
fn start_configured(node: &Arc<Node>) {
    let same: Same = |a, b| a.collections == b.collections && a.outlets == b.outlets;
    supervise((node, Runs::Acting), ("feeds", same), |node| {
        let feeder = node.feeder();
        Some(move |seen| feeder.run(seen))
    });
    let same: Same = |a, b| {
        let names = |config: &Config| {
            let inlets = config.collections.iter().map(|one| (one.id.clone(), one.readers.clone()));
            inlets.collect::<Vec<_>>()
        };
        a.notifiers == b.notifiers && names(a) == names(b)
    };
    supervise((node, Runs::Acting), ("teller", same), |node| {
        let teller = node.teller();
        Some(move |seen| teller.run(seen))
    });
    supervise((node, Runs::Everywhere), ("heartbeat", |a, b| a.heartbeat == b.heartbeat), |node| {
        let heartbeat = node.heartbeat()?;
        Some(move |seen| heartbeat.run(seen))
    });
    supervise((node, Runs::Acting), ("retention", |a, b| a.retention == b.retention), |node| {
        let rules = node.state.us().configuration.retention;
        let retention = Retention { state: node.state.clone(), rules };
        (!rules.is_default()).then_some(move |seen| retention.run(seen))
    });
    supervise((node, Runs::Acting), ("audit", |a, b| a.audit == b.audit), |node| {
        let auditor = node.auditor()?;
        Some(move |seen| auditor.run(seen))
    });
    supervise((node, Runs::Acting), ("witnesses", |a, b| a.witnesses == b.witnesses), |node| {
        let witnesses = node.witnesses()?;
        Some(move |seen| witnesses.run(seen))
    });
    supervise((node, Runs::Acting), ("timestamps", |a, b| a.timestamps == b.timestamps), |node| {
        let authorities = node.authorities()?;
        Some(move |seen| authorities.run(seen))
    });
    supervise((node, Runs::Everywhere), ("backup", |a, b| a.backup == b.backup), |node| {
        let schedule = node.backups()?;
        Some(move |seen| schedule.run(seen))
    });
}

/// Runs a follower for ever, as the configuration is; not while there is nothing for it to do.
fn supervise<F, R>(
    (node, runs): (&Arc<Node>, Runs),
    (name, same): (&'static str, Same),
    make: impl Fn(&Node) -> Option<R> + Send + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
    R: FnOnce(Seen) -> F + Send,
{
    if runs == Runs::Acting && !node.acts {
        return;
    }
    let node = node.clone();
    let mut config = node.config.subscribe();
    let mut acts = node.state.engine().acts();
    tokio::spawn(async move {
        let mut pause = FIRST_PAUSE;
        loop {
            let standing = config.borrow_and_update().clone();
            let Some(run) = make(&node) else {
                node.watch.rest(name);
                other(&mut config, &standing, same).await;
                continue;
            };
            let begun = Instant::now();
            node.watch.begin(name);
            let mut task = tokio::spawn(run(Seen::new(&node.watch, name)));
            let ended = tokio::select! {
                ended = &mut task => ended,
                () = other(&mut config, &standing, same) => {
                    // It can be ended anywhere, as by the end of the process.
                    task.abort();
                    let _ = task.await;
                    continue;
                }
                () = acting::lapsed(&mut acts), if runs == Runs::Acting => {
                    task.abort();
                    let _ = task.await;
                    node.watch.pause(name);
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
            node.watch.end(name, how);
            if !node.state.engine().is_running() {
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

/// Done when the configuration is another to a follower.
async fn other(config: &mut watch::Receiver<Arc<Config>>, standing: &Config, same: Same) {
    loop {
        if config.changed().await.is_err() {
            return std::future::pending().await;
        }
        if !same(standing, &config.borrow_and_update()) {
            return;
        }
    }
}
