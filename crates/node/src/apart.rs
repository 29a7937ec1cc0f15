//! A journal apart, on PostgreSQL: how the node comes to it, and how a folder is tied to one.

pub mod moved;
pub mod shortened;

use crate::clock;
use crate::config::{Config, JournalSection, KeptBy};
use crate::egress::{self, NoAuthorities};
use crate::home::{Home, write_new};
use crate::secret;
use crate::sign_in::sealing::Sealing;
use crate::start::Start;
use forewarn_engine::order::Journal;
use forewarn_engine::reached;
use forewarn_engine::shared::{Comes, Keeps, SPEAKS, Seal, Shared};
use forewarn_exchange::drawn::Ids;
use forewarn_journal::answer::{Came, Keeping};
use forewarn_journal::batch::Position;
use forewarn_journal::server::{Greeting, Server as _, Writer};
use forewarn_postgres::{Address, BadAddress, Cluster, NotMade, Postgres, SeenNode, Us};
use forewarn_store::{Store, StoreError};
use std::path::PathBuf;
use std::time::Duration;

/// So long the servers are waited for at a start. Without them the node starts as it was, and says so.
pub(crate) const START_TIME: Duration = Duration::from_secs(10);
/// So many names of before are kept: claims of which it was never known whether they were made.
const MAX_NAMES: usize = 64;
/// So long a changed configuration waits to be held, at a start.
pub(crate) const CONFIGURE_TIME: Duration = Duration::from_secs(30);

/// Why a node does not come to its journal.
#[derive(Debug, thiserror::Error)]
pub enum NoJournal {
    /// The address.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// The authorities that TLS is checked by.
    #[error(transparent)]
    Authorities(#[from] NoAuthorities),
    /// The node's name there.
    #[error("`journal.node` is `{0}`: give this node a name of its own, without a slash")]
    Named(String),
    /// The password.
    #[error("{0}")]
    Password(String),
    /// A file of it.
    #[error("`{path}`: {why}")]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The tables could not be made.
    #[error(transparent)]
    NotMade(#[from] NotMade),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system.
    #[error("no session can be had: {0}")]
    System(#[from] std::io::Error),
    /// The configuration names a journal, and the database has its own.
    #[error(
        "forewarn.toml names a journal on a server, and this database has its own: take [journal] out again, \
         make a node for that journal with `forewarn init --journal`, or give `forewarn journal move` again \
         when it was broken off"
    )]
    Own,
    /// The database follows a journal, and the configuration names none.
    #[error(
        "this database follows a journal on a server, and has come to {0}: put [journal] back into forewarn.toml"
    )]
    Untied(u64),
}

/// Bodies are sealed by `journal.key`, which every node of the organisation has.
struct Sealed(Sealing);

impl Seal for Sealed {
    fn seal(&self, id: &str, beside: &[u8], body: Vec<u8>) -> Option<Vec<u8>> {
        self.0.seal_bytes(&[id.as_bytes(), b"\n", beside].concat(), body)
    }
    fn open(&self, id: &str, beside: &[u8], sealed: Vec<u8>) -> Option<Vec<u8>> {
        self.0.open_bytes(&[id.as_bytes(), b"\n", beside].concat(), sealed)
    }
}

/// Names under which a folder has claimed its journal, a line each: the newest last.
struct Claimed {
    path: PathBuf,
    names: Vec<String>,
}

impl Claimed {
    fn read(home: &Home) -> Result<Claimed, NoJournal> {
        let path = home.journal_writer();
        let names = match std::fs::read_to_string(&path) {
            Ok(text) => text.lines().map(str::to_owned).collect(),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(NoJournal::File { path, why: e.to_string() }),
        };
        Ok(Claimed { path, names })
    }
}

impl Keeps for Claimed {
    fn keep(&mut self, name: &str) -> Result<(), String> {
        let mut names = self.names.clone();
        names.push(name.to_owned());
        let kept = names.len().saturating_sub(MAX_NAMES);
        let text = names.split_off(kept).join("\n") + "\n";
        let fresh = self.path.with_extension("writer.new");
        let done = match std::fs::remove_file(&fresh) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
            Ok(()) | Err(_) => write_new(&fresh, 0o600, text.as_bytes())
                .and_then(|()| std::fs::rename(&fresh, &self.path)),
        };
        done.map_err(|e| format!("`{}`: {e}", self.path.display()))
    }
}

/// A way to the servers; nothing is connected yet.
fn servers((section, url): (&JournalSection, &str), home: &Home) -> Result<Postgres, NoJournal> {
    if section.node.is_empty() || section.node.contains('/') {
        return Err(NoJournal::Named(section.node.clone()));
    }
    let authorities = section.authorities.as_ref().map(|path| home.path().join(path));
    let tls = egress::tls(authorities)?;
    let password = match &section.password_file {
        None => None,
        Some(file) => Some(secret::read(&home.path().join(file)).map_err(NoJournal::Password)?),
    };
    let application = format!("forewarn-{}", section.node);
    let password = password.as_ref().map(|secret| secret.as_str());
    let address = Address::read(&section.url, password, (&application, tls))?;
    let (node, url) = (section.node.clone(), url.to_owned());
    Ok(Postgres::new(address, Us { node, url }, SPEAKS)?)
}

/// Whether there is a way to the servers that the configuration names; none is asked.
///
/// # Errors
/// The address, or a file that is named beside it.
pub(crate) fn check(section: &JournalSection, home: &Home) -> Result<(), NoJournal> {
    servers((section, ""), home).map(drop)
}

/// The journal that the configuration names, from where the store has come; `None` when the store has
/// its own.
pub(crate) fn open(
    (config, start): (&Config, Start),
    home: &Home,
    store: &Store,
) -> Result<Option<Box<dyn Journal>>, NoJournal> {
    let at = reached::reached(&store.db())?;
    if start == Start::Drill {
        return Ok(None);
    }
    let (section, at) = match (&config.journal, at) {
        (None, None) => return Ok(None),
        (None, Some(at)) => return Err(NoJournal::Untied(at.size)),
        (Some(_), None) => return Err(NoJournal::Own),
        (Some(section), Some(at)) => (section, at),
    };
    let path = home.journal_key();
    if !path.exists() {
        let why = "is not there: copy it from another node of this journal".to_owned();
        return Err(NoJournal::File { path, why });
    }
    let seal = Box::new(Sealed(Sealing::open(&path)?));
    let mut ids = Ids::new(clock::seed());
    // Another at each start: what an earlier process has in flight is not this one's.
    let node = format!("{}/{}", section.node, ids.uuid());
    let servers = servers((section, &config.node.url), home)?;
    let known = Claimed::read(home)?;
    let comes = Comes {
        name: node,
        known: known.names.clone(),
        takes_over: start == Start::TakeOver,
        stands_by: section.stands_by,
    };
    let parts = (comes, Box::new(known) as Box<dyn Keeps>, ids);
    Ok(Some(Box::new(Shared::new((servers, seal), keeping(section), parts, at))))
}

fn keeping(section: &JournalSection) -> Keeping {
    match section.kept_by {
        KeptBy::Replicas => Keeping::Replicas { least: section.replicas },
        KeptBy::Server => Keeping::Server,
    }
}

/// Makes a journal on the servers, which begins with the state that the store has now, and ties the
/// store to it: first, so that the same can be done again when it was broken off.
pub(crate) fn make(
    section: &JournalSection,
    home: &Home,
    store: &mut Store,
) -> Result<(), NoJournal> {
    let mut servers = servers((section, ""), home)?;
    Sealing::open(&home.journal_key())?;
    let at = reached::reached(&store.db())?;
    let at = at.unwrap_or_else(|| Position { size: 0, chain: clock::seed() });
    reached::tie(store, Some(&at))?;
    Ok(servers.make(at.chain)?)
}

/// Whether a journal is still to be made for a folder that has a node: making it was broken off.
pub(crate) fn is_to_be_made(store: &Store) -> Result<bool, StoreError> {
    let is_at_the_beginning = reached::reached(&store.db())?.is_none_or(|at| at.size == 0);
    Ok(is_at_the_beginning && store.db().journal_index()? == 0)
}

/// Who writes, whom the server waits for, and how far each node has come.
fn seen(writer: Option<Writer>, cluster: &Cluster) -> String {
    let Cluster { server, waits_for, claimed, nodes } = cluster;
    let writer = writer.map_or("nobody".to_owned(), |one| format!("{} at {}", one.name, one.url));
    let since = claimed.as_ref().map(|time| format!(" since {time}")).unwrap_or_default();
    let waits = if waits_for.is_empty() { "no replica" } else { waits_for };
    let nodes = nodes.iter().map(|SeenNode { name, applied, ago }| {
        format!("{name} has applied {applied}, seen {} s ago", ago.as_secs())
    });
    let nodes = nodes.collect::<Vec<_>>().join("; ");
    format!("{writer} writes{since}; the server {server} waits for {waits}; {nodes}")
}

/// What the servers say of their journal, and how far this folder has come; asked without changing
/// anything, and while the node runs too.
pub(crate) fn asked(section: &JournalSection, home: &Home, at: Position) -> Result<String, String> {
    let mut servers = servers((section, ""), home).map_err(|e| e.to_string())?;
    let mut last = String::new();
    for _ in 0..servers.hosts() {
        match servers.hello(at.size).came {
            Came::Value(Greeting { sign, chain, oldest, .. }) if chain == Some(at.chain) => {
                let behind = sign.size.saturating_sub(at.size);
                let (size, cluster) = (sign.size, servers.cluster()?);
                let from =
                    if oldest > 0 { format!(", kept from {oldest} on") } else { String::new() };
                return Ok(format!(
                    "{size} commands on the server{from}, {behind} of them not applied here yet; {}",
                    seen(sign.writer, &cluster)
                ));
            }
            Came::Value(_) => {
                last = format!(
                    "the server does not have the first {} commands as they were applied here: it is \
                     another journal, an old server, or has lost some",
                    at.size
                );
            }
            Came::Error(_, why) | Came::Nothing(why) => last = why,
        }
        servers.leave();
    }
    Err(last)
}
