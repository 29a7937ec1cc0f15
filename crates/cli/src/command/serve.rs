//! `forewarn serve`.

use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use clap::Args;
use forewarn_node::Node;
use forewarn_web::{Server, serve};
use serde_json::json;
use std::io::IsTerminal as _;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[derive(Debug, Args)]
pub(crate) struct Serve {}

pub(crate) fn run(_serve: &Serve, target: &Target) -> Result<(), Failed> {
    let filter = EnvFilter::try_from_env("FOREWARN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let home = target.home()?;
    let node = Node::open(home, std::env::vars())
        .map_err(|e| Failed::internal(e.to_string()).hint("`forewarn doctor` says more"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failed::internal(e.to_string()))?;
    runtime.block_on(async {
        let listen = node.config.node.listen;
        let (name, socket) = (node.state.us().name().clone(), node.home.socket());
        let server = Server::bind(node).await.map_err(|e| {
            Failed::internal(format!("cannot listen on {listen} and {}: {e}", socket.display()))
        })?;
        let address = server.address().map_err(|e| Failed::internal(e.to_string()))?;
        let scheme = if server.has_tls() { "https" } else { "http" };
        let value = json!({
            "name": name, "address": address, "scheme": scheme, "socket": socket
        });
        output::answer(
            target.json,
            &value,
            format!("{name} listens on {scheme}://{address} and on {}", socket.display()),
        )?;
        let stop = stopped().map_err(|e| Failed::internal(e.to_string()))?;
        serve(server, stop).await.map_err(|e| Failed::internal(e.to_string()))
    })
}

/// Done when the process is asked to stop, by Ctrl-C or SIGTERM.
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
