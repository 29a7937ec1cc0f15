//! What is told within this machine: a command with JSON on its input, and the system's log.

use super::Failed;
use super::words::Sender;
use crate::notifier::NotifierSection;
use forewarn_exchange::telling::Delivery;
use std::process::Stdio;
use tokio::io::AsyncWriteExt as _;
use tokio::net::UnixDatagram;
use tokio::process::Command;

/// Where the system's log listens.
const LOG: &str = "/dev/log";
/// Facility 1, messages of users; severity 1, to be acted on at once, or 4, a warning
/// (RFC 5424 §6.2.1).
const ALERT: u8 = 8 + 1;
const WARNING: u8 = 8 + 4;

/// Runs the command; the far side has taken it when it exits with 0. Nothing of a message becomes
/// an argument.
pub(super) async fn run(
    notifier: &NotifierSection,
    sender: &Sender,
    delivery: &Delivery,
) -> Result<(), Failed> {
    let [program, arguments @ ..] = notifier.command.as_slice() else {
        return Err(Failed("it has no command".to_owned()));
    };
    let failed = |e: std::io::Error| Failed(format!("`{program}`: {e}"));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        let text = format!("{}\n", sender.json(delivery));
        // A command that does not read says by its exit status whether it is well.
        let _ = input.write_all(text.as_bytes()).await;
    }
    let status = child.wait().await.map_err(failed)?;
    if status.success() { Ok(()) } else { Err(Failed(format!("`{program}`: {status}"))) }
}

/// Writes a line to the system's log.
pub(super) async fn log(
    notifier: &NotifierSection,
    sender: &Sender,
    delivery: &Delivery,
) -> Result<(), Failed> {
    let socket = notifier.socket.as_deref().unwrap_or(LOG);
    let priority = if Sender::is_immediate(delivery) { ALERT } else { WARNING };
    let (time, node) = (delivery.at.as_str(), &sender.node);
    let line = format!(
        "<{priority}>1 {time} {node} forewarn - {} - {}: {}",
        delivery.id,
        delivery.person,
        sender.subject(delivery)
    );
    let failed = |e: std::io::Error| Failed(format!("`{socket}`: {e}"));
    let log = UnixDatagram::unbound().map_err(failed)?;
    log.send_to(line.as_bytes(), socket).await.map(drop).map_err(failed)
}
