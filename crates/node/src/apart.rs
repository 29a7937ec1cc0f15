//! A journal apart, on PostgreSQL: how the node comes to it, and how a folder is tied to one.

use crate::clock;
use crate::config::{Config, JournalSection, KeptBy};
use crate::egress::{self, NoAuthorities};
use crate::home::Home;
use crate::secret;
use crate::sign_in::sealing::Sealing;
use forewarn_engine::order::Journal;
use forewarn_engine::reached;
use forewarn_engine::shared::{SPEAKS, Seal, Shared};
use forewarn_exchange::drawn::Ids;
use forewarn_journal::answer::{Came, Keeping};
use forewarn_journal::batch::Position;
use forewarn_journal::server::{Greeting, Server as _};
use forewarn_postgres::{Address, BadAddress, NotMade, Postgres};
use forewarn_store::{Store, StoreError};
use std::path::PathBuf;
use std::time::Duration;

/// So long the servers are waited for at a start. Without them the node starts as it was, and says so.
pub(crate) const START_TIME: Duration = Duration::from_secs(10);
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
         or make a node for that journal with `forewarn init --journal`"
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

/// A way to the servers; nothing is connected yet.
fn servers(section: &JournalSection, home: &Home) -> Result<Postgres, NoJournal> {
    let authorities = section.authorities.as_ref().map(|path| home.path().join(path));
    let tls = egress::tls(authorities)?;
    let password = match &section.password_file {
        None => None,
        Some(file) => Some(secret::read(&home.path().join(file)).map_err(NoJournal::Password)?),
    };
    let application = format!("forewarn-{}", section.node);
    let password = password.as_ref().map(|secret| secret.as_str());
    let address = Address::read(&section.url, password, (&application, tls))?;
    Ok(Postgres::new(address, section.node.clone(), SPEAKS)?)
}

/// Whether there is a way to the servers that the configuration names; none is asked.
///
/// # Errors
/// The address, or a file that is named beside it.
pub(crate) fn check(section: &JournalSection, home: &Home) -> Result<(), NoJournal> {
    servers(section, home).map(drop)
}

/// The journal that the configuration names, from where the store has come; `None` when the store has
/// its own.
pub(crate) fn open(
    config: &Config,
    home: &Home,
    store: &Store,
) -> Result<Option<Box<dyn Journal>>, NoJournal> {
    let at = reached::reached(&store.db())?;
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
    let servers = servers(section, home)?;
    let mut shared = Shared::new((servers, seal), keeping(section), (node, ids), at);
    shared.take_over();
    Ok(Some(Box::new(shared)))
}

fn keeping(section: &JournalSection) -> Keeping {
    match section.kept_by {
        KeptBy::Replicas => Keeping::Replicas { least: section.replicas },
        KeptBy::Server => Keeping::Server,
    }
}

/// Makes a journal on the servers, which begins with the state that the store has now, and ties the
/// store to it.
pub(crate) fn make(
    section: &JournalSection,
    home: &Home,
    store: &mut Store,
) -> Result<(), NoJournal> {
    let mut servers = servers(section, home)?;
    Sealing::open(&home.journal_key())?;
    let origin = servers.make(clock::seed())?;
    Ok(reached::tie(store, Some(&origin))?)
}

/// What the servers say of their journal, and how far this folder has come; asked without changing
/// anything, and while the node runs too.
pub(crate) fn asked(section: &JournalSection, home: &Home, at: Position) -> Result<String, String> {
    let mut servers = servers(section, home).map_err(|e| e.to_string())?;
    let mut last = String::new();
    for _ in 0..servers.hosts() {
        match servers.hello(at.size).came {
            Came::Value(Greeting { head, chain, writer, .. }) if chain == Some(at.chain) => {
                let writer = writer.unwrap_or_else(|| "nobody".to_owned());
                let behind = head.size.saturating_sub(at.size);
                return Ok(format!(
                    "{} commands on the server, {behind} of them not applied here yet; {writer} appends",
                    head.size
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
