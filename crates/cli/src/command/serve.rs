//! `forewarn serve`.

use crate::failure::Failed;
use crate::log;
use crate::output;
use crate::signals::{self, Stops};
use crate::target::Target;
use clap::Args;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_node::settings::Changed;
use forewarn_node::{Config, Engine, Failure, Home, Node, Start, acting};
use forewarn_web::{Doors, MetricsServer, Server, serve};
use sd_notify::NotifyState;
use serde_json::json;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::Signal;
use tokio::sync::oneshot;

/// How long threads may still work after the last answer.
const STOP_TIME: Duration = Duration::from_secs(5);

/// How `--take-over` is written: it is for one start.
const TAKE_OVER: &str = "--take-over";

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Write to the journal on PostgreSQL from now on, whichever node does: that one then only reads
    #[arg(long)]
    take_over: bool,
}

/// How serving has ended.
enum Ended {
    /// It was asked to.
    Asked,
    /// Another node writes now, or this one does: it begins anew.
    Turned,
}

pub(crate) fn run(serve: &Serve, target: &Target) -> Result<(), Failed> {
    let log = log::start().map_err(|e| Failed::internal(format!("no log can be written: {e}")))?;
    let start = if serve.take_over { Start::TakeOver } else { Start::Serve };
    let ended = run_node(target, start);
    log.flush();
    match ended? {
        Ended::Asked => Ok(()),
        Ended::Turned => Err(again()),
    }
}

/// Begins the process anew, as the same process: nothing of the one before stays. Why it did not.
fn again() -> Failed {
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_default();
    let why = Command::new("/proc/self/exe")
        .arg0(name)
        .args(arguments.filter(|one| one != TAKE_OVER))
        .exec();
    Failed::internal(format!("it cannot begin anew: {why}"))
}

fn run_node(target: &Target, start: Start) -> Result<Ended, Failed> {
    let home = target.home()?;
    free(&home)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failed::internal(e.to_string()))?;
    // From here on a terminal that goes away does not end the node.
    let hangup = runtime.block_on(async { signals::hangup() });
    let hangup = hangup.map_err(|e| Failed::internal(e.to_string()))?;
    let node = Node::open(home, std::env::vars(), start)
        .map_err(|e| Failed::internal(e.to_string()).hint("`forewarn doctor` says more"))?;
    let (kept, reloaded) = (node.clone(), node.clone());
    let served = runtime.block_on(async {
        let (listen, acts) = (node.config().node.listen, node.acts);
        let engine = node.state.engine().clone();
        let (name, socket) = (node.state.name().clone(), node.home.socket());
        let metrics = MetricsServer::bind(&node).await.map_err(|(address, e)| {
            Failed::internal(format!("cannot listen on {address} (metrics.listen): {e}"))
        })?;
        let server = Server::bind(node).await.map_err(|e| {
            Failed::internal(format!("cannot listen on {listen} and {}: {e}", socket.display()))
        })?;
        let address = server.address().map_err(|e| Failed::internal(e.to_string()))?;
        let scheme = if server.has_tls() { "https" } else { "http" };
        let value = json!({
            "name": name, "address": address, "scheme": scheme, "socket": socket
        });
        let words = format!("{name} listens on {scheme}://{address} and on {}", socket.display());
        if output::answer(target.json, &value, &words).is_err() {
            // A full disk under standard output must not keep the node from running.
            tracing::warn!("{words}; standard output cannot be written");
        }
        if let Some(metrics) = metrics {
            tokio::spawn(metrics.run());
        }
        tokio::spawn(supervised(engine.clone()));
        tokio::spawn(watch_over(engine.clone()));
        tokio::spawn(reload(hangup, reloaded, server.doors()));
        let stop = stopped().map_err(|e| Failed::internal(e.to_string()))?;
        let (tell, ended) = oneshot::channel();
        let stop = async move {
            let how = tokio::select! {
                () = stop => Ended::Asked,
                () = acting::turned(&engine, acts) => turned(acts),
            };
            // Whoever serves waits for this, and for nothing else.
            let _ = tell.send(how);
        };
        serve(server, stop).await.map_err(|e| Failed::internal(e.to_string()))?;
        Ok(ended.await.unwrap_or(Ended::Asked))
    });
    // Threads that still wait, for the disk or for the signer, do not keep the node from stopping.
    runtime.shutdown_timeout(STOP_TIME);
    kept.close();
    tracing::info!("stopped: what was acknowledged is on the disk");
    served
}

fn turned(acted: bool) -> Ended {
    if acted {
        tracing::warn!("another node writes to the journal now: this one begins anew, and reads");
    } else {
        tracing::warn!("this node writes to the journal now: it begins anew");
    }
    Ended::Turned
}

/// Reads the configuration again on SIGHUP, as `forewarn config reload` does.
async fn reload(mut hangup: Signal, node: Arc<Node>, doors: Doors) {
    while hangup.recv().await.is_some() {
        match doors.reload(&node, Actor::Node(Part::Start)).await {
            Ok(changes) => {
                let keys = |all: &[Changed]| {
                    let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
                    keys.join(", ")
                };
                let (changed, needs_start) = (keys(&changes.at_once), keys(&changes.at_start));
                for one in &changes.taken_out {
                    tracing::warn!("{one}");
                }
                tracing::info!(changed, needs_start, "SIGHUP: the configuration was read again");
            }
            Err(error) => tracing::warn!(%error, "SIGHUP: the configuration of before stays"),
        }
    }
}

/// Tells systemd, where it started the node, that it answers; and, where it asks for that, that it can
/// still write. A node that cannot is started again by it.
async fn supervised(engine: Engine) {
    say(NotifyState::Ready);
    let Some(every) = sd_notify::watchdog_enabled() else { return };
    loop {
        tokio::time::sleep(every / 2).await;
        // Where the journal's servers do not answer, nothing is gained by a start.
        if matches!(engine.can_write().await, Ok(()) | Err(Failure::Journal(_))) {
            say(NotifyState::Watchdog);
        }
    }
}

/// Nobody need listen.
fn say(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::debug!(%error, "systemd was not told");
    }
}

/// How often it is looked whether the database is still there.
const LOOK: Duration = Duration::from_secs(1);

/// Ends the process when its database was taken away. At once: SQLite, closing what it has open,
/// would delete the log of whatever has the name now.
async fn watch_over(engine: Engine) {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(why) = engine.is_in_place() {
            log::last_words(format!("forewarn: {why}. The node ends; look at its folder first"));
            std::process::exit(3);
        }
    }
}

/// A node that could not listen must not have changed anything before it says so.
fn free(home: &Home) -> Result<(), Failed> {
    // What is wrong with the configuration is said by the node.
    let Ok(config) = Config::read(&home.config(), std::env::vars()) else { return Ok(()) };
    let listen = config.node.listen;
    match std::net::TcpListener::bind(listen) {
        Ok(_) => Ok(()),
        Err(e) => {
            let why = format!("cannot listen on {listen}: {e}; nothing was changed");
            // The folder's own lock says more.
            let running = home.lock().err().map(|e| e.to_string());
            Err(Failed::internal(running.unwrap_or(why)))
        }
    }
}

/// Done when the process is asked to stop, by Ctrl-C or SIGTERM.
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    let mut stops = Stops::listen()?;
    Ok(async move {
        let signal = stops.next().await;
        say(NotifyState::Stopping);
        tracing::info!(
            "{signal}: stopping; nothing new is taken, and what is being answered has {} s",
            forewarn_web::STOP_TIME.as_secs()
        );
    })
}
