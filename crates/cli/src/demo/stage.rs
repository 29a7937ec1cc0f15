//! The demo's nodes: real processes of this program, each with a folder of its own.

use crate::client::Client;
use crate::failure::Failed;
use forewarn_exchange::act::{Act, ProposalAct};
use forewarn_exchange::scale::Status;
use forewarn_node::Home;
use forewarn_node::home::Setup;
use forewarn_view::answer::Proposed;
use forewarn_view::partner::OwnCard;
use rustix::process::{Pid, Signal, kill_process};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// How long a node may take to answer before the demo gives up.
const START_LIMIT: Duration = Duration::from_secs(10);
/// How long a node may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(20);

/// One organisation's node.
pub(super) struct Stage {
    pub(super) name: &'static str,
    pub(super) url: String,
    home: Home,
    child: Option<Child>,
}

impl Stage {
    /// Makes the folder and starts the node.
    pub(super) async fn open(
        folder: &Path,
        name: &'static str,
        organisation: &str,
    ) -> Result<Stage, Failed> {
        let home = Home::new(folder.join(name));
        let url = format!("http://127.0.0.1:{}", free_port()?);
        let setup = Setup {
            journal: None,
            one_administrator: false,
            name: name.to_owned(),
            organisation: organisation.to_owned(),
            url: url.clone(),
            status: Status::Exercise,
        };
        home.init(setup).map_err(|e| Failed::internal(e.to_string()))?;
        let mut stage = Stage { name, url, home, child: None };
        stage.start().await?;
        Ok(stage)
    }

    pub(super) async fn start(&mut self) -> Result<(), Failed> {
        let program = program()?;
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log());
        let log = log.map_err(|e| Failed::internal(e.to_string()))?;
        let child = Command::new(program)
            .arg("serve")
            .arg("--home")
            .arg(self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn();
        self.child = Some(child.map_err(|e| Failed::internal(format!("no node started: {e}")))?);
        let client = self.owner();
        let ready = async {
            while client.get::<OwnCard>("/api/v1/card").await.is_err() {
                tokio::time::sleep(POLL).await;
            }
        };
        tokio::time::timeout(START_LIMIT, ready).await.map_err(|_| {
            Failed::internal(format!("{} does not answer; see {}", self.name, self.log().display()))
        })
    }

    /// Asks the node to stop and waits until it has; one that does not is killed.
    pub(super) async fn stop(&mut self) -> Result<(), Failed> {
        self.signal(Signal::TERM)?;
        // One that stands still would never hear of it.
        self.thaw()?;
        match tokio::time::timeout(STOP_LIMIT, self.ended()).await {
            Ok(ended) => ended,
            // The child is killed when it is dropped.
            Err(_) => Ok(()),
        }
    }

    /// SIGKILL: no chance to write anything more.
    pub(super) async fn kill(&mut self) -> Result<(), Failed> {
        self.signal(Signal::KILL)?;
        self.ended().await
    }

    /// SIGSTOP: the process stands still; what is sent to it waits.
    pub(super) fn freeze(&self) -> Result<(), Failed> {
        self.signal(Signal::STOP)
    }

    pub(super) fn thaw(&self) -> Result<(), Failed> {
        self.signal(Signal::CONT)
    }

    async fn ended(&mut self) -> Result<(), Failed> {
        if let Some(mut child) = self.child.take() {
            child.wait().await.map_err(|e| Failed::internal(e.to_string()))?;
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) -> Result<(), Failed> {
        let id = self.child.as_ref().and_then(Child::id).and_then(|id| i32::try_from(id).ok());
        let Some(pid) = id.and_then(Pid::from_raw) else { return Ok(()) };
        kill_process(pid, signal).map_err(|e| Failed::internal(format!("{}: {e}", self.name)))
    }

    /// An act that needs two: the first one proposes it, the second one approves exactly that.
    pub(super) async fn two(
        &self,
        (first, second): (&str, &str),
        act: impl Into<Act>,
    ) -> Result<(), Failed> {
        let Proposed { proposal, digest } = self.person(first).act(act).await?;
        self.person(second).perform(ProposalAct::Approve { proposal, digest }).await
    }

    /// The folder's owner.
    pub(super) fn owner(&self) -> Client {
        Client::local(self.home.socket(), None)
    }

    /// One of its people.
    pub(super) fn person(&self, user: &str) -> Client {
        Client::local(self.home.socket(), Some(user))
    }

    pub(super) fn log(&self) -> PathBuf {
        self.home.path().join("node.log")
    }
}

/// This very program, for the nodes and for `verify`.
pub(super) fn program() -> Result<PathBuf, Failed> {
    std::env::current_exe().map_err(|e| Failed::internal(format!("where this program is: {e}")))
}

/// A port that nobody uses now.
fn free_port() -> Result<u16, Failed> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|l| l.local_addr());
    address.map(|a| a.port()).map_err(|e| Failed::internal(format!("no free port: {e}")))
}
