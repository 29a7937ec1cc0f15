//! A journal on servers is shortened: what a backup has, and every node has applied, is deleted there.
//!
//! Nothing of it is lost: the nodes have it in their databases, and whoever begins anew begins with the backup. It can be
//! broken off anywhere, and the same command given again goes on.

use super::{NoJournal, keeping, servers};
use crate::backup::{self, BackupError, Identities};
use crate::config::{BadConfig, Config, JournalSection};
use crate::home::Home;
use forewarn_engine::reached::reached;
use forewarn_journal::answer::{Answer, Came, Meaning};
use forewarn_journal::batch::Position;
use forewarn_journal::server::Server as _;
use forewarn_postgres::{Postgres, SeenNode};
use serde::Serialize;
use std::path::Path;

/// Why nothing was deleted, or not all.
#[derive(Debug, thiserror::Error)]
pub enum NotShortened {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] BadConfig),
    /// The servers.
    #[error(transparent)]
    Journal(#[from] NoJournal),
    /// The backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// As things are, it may not be.
    #[error("{0}")]
    Refused(String),
    /// What has been done so far stays done.
    #[error("{0}; give the same command again: it goes on")]
    BrokenOff(String),
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Shortened {
    /// The index of the first command that is still on the servers.
    pub oldest: u64,
    /// How many batches were deleted.
    pub deleted: u64,
}

fn refused<T>(words: impl Into<String>) -> Result<T, NotShortened> {
    Err(NotShortened::Refused(words.into()))
}

fn section(home: &Home) -> Result<(JournalSection, String), NotShortened> {
    let config = Config::read(&home.config(), std::iter::empty())?;
    match config.journal {
        Some(section) => Ok((section, config.node.url)),
        None => {
            refused("the journal is in the node's own database: only one on servers is shortened")
        }
    }
}

/// Deletes from the servers what stands before the place of a backup, but for the batch that ends there. `each` is
/// told how many batches are deleted so far. The node may run.
///
/// # Errors
/// The backup is not good, or of another journal; a node has not come so far; or the servers do not do it.
pub fn shorten(
    home: &Home,
    (file, keys): (&Path, Option<&Identities>),
    mut each: impl FnMut(u64),
) -> Result<Shortened, NotShortened> {
    let (section, url) = section(home)?;
    let Some(at) = backup::look(file, keys, reached)? else {
        return refused(
            "the backup is of a time when the journal was in the node's own database: make a new one",
        );
    };
    let mut servers = servers((&section, &url), home)?;
    let broken = |why: String| NotShortened::BrokenOff(why);
    greeted(&mut servers, &at)?;
    let behind = plain(servers.behind(at.size)).map_err(broken)?;
    if let Some(SeenNode { name, applied, ago }) = behind.first() {
        let (size, ago) = (at.size, ago.as_secs());
        return refused(format!(
            "`{name}` has applied {applied} of the {size} commands that the backup has, and was seen {ago} s ago: \
             start it and wait, or, when it is gone for good, `forewarn journal forget {name}`"
        ));
    }
    let oldest = match servers.shorten(&at).of_commit(keeping(&section)) {
        Meaning::Held(Some(oldest)) => oldest,
        Meaning::Held(None) => {
            return refused("a node came back meanwhile that has not come so far");
        }
        Meaning::There => return Err(broken("a commit was refused".to_owned())),
        Meaning::InDoubt(why) | Meaning::NotDone(why) | Meaning::SetUp(why) => {
            return Err(broken(why));
        }
    };
    let mut deleted = 0;
    loop {
        match plain(servers.clear()).map_err(broken)? {
            0 => return Ok(Shortened { oldest, deleted }),
            more => deleted += more,
        }
        each(deleted);
    }
}

/// Has the servers wait for a node no more, which is gone for good. One that comes back says so itself.
///
/// # Errors
/// It lives, writes, or is not known; or the servers do not do it.
pub fn forget(home: &Home, node: &str) -> Result<(), NotShortened> {
    let (section, url) = section(home)?;
    let mut servers = servers((&section, &url), home)?;
    let mut last = String::new();
    for _ in 0..servers.hosts() {
        // A host that is no primary refuses.
        last = match servers.hello(0).came {
            Came::Value(_) => match servers.forget(node).of_commit(keeping(&section)) {
                Meaning::Held(true) => return Ok(()),
                Meaning::Held(false) => {
                    return refused(format!(
                        "`{node}` is not known, writes, or was seen within the last minute: `forewarn doctor` \
                         names all nodes"
                    ));
                }
                Meaning::There => "a commit was refused".to_owned(),
                Meaning::InDoubt(why) | Meaning::NotDone(why) | Meaning::SetUp(why) => why,
            },
            Came::Error(_, why) | Came::Nothing(why) => why,
        };
        servers.leave();
    }
    Err(NotShortened::BrokenOff(last))
}

/// A session with a server that has what the backup has.
fn greeted(servers: &mut Postgres, at: &Position) -> Result<(), NotShortened> {
    let mut last = String::new();
    for _ in 0..servers.hosts() {
        last = match servers.hello(at.size).came {
            Came::Value(greeting) if greeting.chain == Some(at.chain) => return Ok(()),
            Came::Value(greeting) if greeting.oldest >= at.size => {
                return refused(format!(
                    "the journal begins at {} already, and the backup is of {}",
                    greeting.oldest, at.size
                ));
            }
            Came::Value(_) => format!(
                "the server does not have the first {} commands as the backup has them: it is of another journal",
                at.size
            ),
            Came::Error(_, why) | Came::Nothing(why) => why,
        };
        servers.leave();
    }
    refused(last)
}

/// What was asked where no commit counts.
fn plain<T>(answer: Answer<T>) -> Result<T, String> {
    match answer.came {
        Came::Value(value) => Ok(value),
        Came::Error(_, why) | Came::Nothing(why) => Err(why),
    }
}
