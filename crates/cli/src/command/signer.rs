//! `forewarn signer`: the process that holds the node's keys, and nothing else.

use crate::failure::Failed;
use crate::target::Target;
use clap::Args;
use forewarn_node::home::HomeError;
use forewarn_node::{Config, Home};
use forewarn_signer::{Keyring, process};
use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(Debug, Args)]
pub(crate) struct Signer {
    /// Listen on this socket instead of standard input; one node is served at a time
    #[arg(long, value_name = "SOCKET")]
    listen: Option<PathBuf>,
}

/// How long the signer of a node that has just ended may take to end too.
const WAIT_FOR_THE_LAST: Duration = Duration::from_secs(5);

pub(crate) fn run(signer: &Signer, target: &Target) -> Result<(), Failed> {
    let home = target.home()?;
    let config = Config::read(&home.config(), std::env::vars());
    let config = config.map_err(|e| Failed::internal(e.to_string()))?;
    let _lock = lock(&home).map_err(|e| Failed::internal(e.to_string()))?;
    home.seal_keys().map_err(|e| Failed::internal(e.to_string()))?;
    let keys = home.secret_keys().map_err(|e| Failed::internal(e.to_string()))?;
    let signed = home.signed();
    let mut keyring = Keyring::open(&config.node.name, keys, &signed)
        .map_err(|e| Failed::internal(format!("what was signed, `{}`: {e}", signed.display())))?;
    let served = match &signer.listen {
        Some(socket) => listen(&mut keyring, socket),
        None => standard_input().and_then(|stream| process::serve(&mut keyring, &stream)),
    };
    served.map_err(|e| Failed::internal(format!("the signer ends: {e}")))
}

/// The signer of a node that was killed ends by itself, a moment later.
fn lock(home: &Home) -> Result<File, HomeError> {
    let start = Instant::now();
    loop {
        match home.lock_signer() {
            Err(HomeError::Running(_)) if start.elapsed() < WAIT_FOR_THE_LAST => {
                std::thread::park_timeout(Duration::from_millis(5));
            }
            other => return other,
        }
    }
}

fn standard_input() -> io::Result<UnixStream> {
    let stream = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    if stream.peer_addr().is_err() {
        let why = "standard input is no socket: `serve` starts this, or give --listen SOCKET";
        return Err(io::Error::other(why));
    }
    Ok(stream)
}

fn listen(keyring: &mut Keyring, socket: &Path) -> io::Result<()> {
    if UnixStream::connect(socket).is_ok() {
        let why = format!("another signer listens at `{}`", socket.display());
        return Err(io::Error::other(why));
    }
    match std::fs::remove_file(socket) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let listener = UnixListener::bind(socket)?;
    // For the node's user, who may be another one in the same group.
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o660))?;
    for stream in listener.incoming() {
        // A node that breaks off, or says what cannot be read, must not end the signer.
        let _ = process::serve(keyring, &stream?);
    }
    Ok(())
}
