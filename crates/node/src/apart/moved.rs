//! A journal that is moved while the node stands still: out of the node's database to servers, or back.
//!
//! What was done before is in the database, and stays there: a journal on servers begins with the state
//! that the folder has, and each other node with a copy of that folder or with a backup of it. Each step
//! can be broken off, and the same command given again goes on.

use super::{Claimed, NoJournal, keeping, servers};
use crate::clock;
use crate::config::{BadConfig, Config, JournalSection};
use crate::home::{Home, HomeError, write_new};
use crate::sign_in::sealing::Sealing;
use forewarn_engine::reached;
use forewarn_journal::answer::{Answer, Came, Keeping, Meaning};
use forewarn_journal::batch::Position;
use forewarn_journal::server::{Greeting, Server as _};
use forewarn_postgres::Postgres;
use forewarn_store::{Store, StoreError};
use forewarn_transcript::Hash;
use serde::Serialize;
use std::io;
use std::path::Path;

/// Why a journal was not moved.
#[derive(Debug, thiserror::Error)]
pub enum NotMoved {
    /// The folder: the node runs, perhaps.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] BadConfig),
    /// The servers.
    #[error(transparent)]
    Journal(#[from] NoJournal),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file.
    #[error("`{0}`: {1}")]
    File(String, io::Error),
    /// It may not be moved as things are.
    #[error("{0}")]
    Refused(String),
}

fn refused<T>(words: impl Into<String>) -> Result<T, NotMoved> {
    Err(NotMoved::Refused(words.into()))
}

/// Makes a journal on servers that goes on where the database's own has come to; so many commands stand
/// in the database before it.
///
/// # Errors
/// The node runs, has a journal on servers already, or those do not do it.
pub fn to_servers(home: &Home, section: &JournalSection) -> Result<i64, NotMoved> {
    let _lock = home.lock()?;
    let config = Config::read(&home.config(), std::iter::empty())?;
    if config.journal.as_ref().is_some_and(|known| known != section) {
        return refused("forewarn.toml names another journal already; nothing was changed");
    }
    let mut store = Store::open(&home.database())?;
    if let Some(at) = reached::reached(&store.db())? {
        let size = at.size;
        return refused(format!(
            "this database follows a journal on servers already, and has come to {size}; nothing was changed"
        ));
    }
    let mut servers = servers((section, &config.node.url), home)?;
    Sealing::open(&home.journal_key()).map_err(NoJournal::from)?;
    let origin = origin(&home.journal_moving())?;
    servers.make(origin).map_err(NoJournal::from)?;
    if config.journal.is_none() {
        write(home, Some(section))?;
    }
    reached::tie(&mut store, Some(&Position { size: 0, chain: origin }))?;
    removed(&home.journal_moving())?;
    Ok(store.db().journal_index()?)
}

/// Goes on in the database with what the servers have, and closes the journal there: nobody appends to
/// it any more. So many commands stand in the database.
///
/// # Errors
/// The node runs, is not the one that writes, has not applied all, or the servers do not do it.
pub fn to_database(home: &Home) -> Result<i64, NotMoved> {
    let _lock = home.lock()?;
    let config = Config::read(&home.config(), std::iter::empty())?;
    let Some(section) = &config.journal else {
        return refused("the journal is in the node's own database already; nothing was changed");
    };
    let mut store = Store::open(&home.database())?;
    if let Some(at) = reached::reached(&store.db())? {
        let mut servers = servers((section, &config.node.url), home)?;
        let names = Claimed::read(home)?.names;
        close(&mut servers, (&at, &names), keeping(section))?;
        reached::tie(&mut store, None)?;
    }
    write(home, None)?;
    removed(&home.journal_writer())?;
    Ok(store.db().journal_index()?)
}

/// Closes the journal where this folder has come to: it is the writer's, and has applied all.
fn close(
    servers: &mut Postgres,
    (at, names): (&Position, &[String]),
    keeping: Keeping,
) -> Result<(), NotMoved> {
    let mut last = String::new();
    for _ in 0..servers.hosts() {
        last = match servers.hello(at.size).came {
            Came::Value(greeting) if greeting.chain == Some(at.chain) => {
                may_close(&greeting, at, names)?;
                let answer: Answer<bool> = servers.close(at, names);
                match answer.of_commit(keeping) {
                    Meaning::Held(true) => return Ok(()),
                    Meaning::Held(false) => return refused("another node has written meanwhile"),
                    Meaning::There => "a commit was refused".to_owned(),
                    Meaning::InDoubt(why) | Meaning::NotDone(why) | Meaning::SetUp(why) => why,
                }
            }
            Came::Value(_) => {
                let size = at.size;
                format!(
                    "the server does not have the first {size} commands as they were applied here"
                )
            }
            Came::Error(_, why) | Came::Nothing(why) => why,
        };
        servers.leave();
    }
    refused(format!("{last}; nothing was changed in the folder: give the same command again"))
}

fn may_close(greeting: &Greeting, at: &Position, names: &[String]) -> Result<(), NotMoved> {
    let Greeting { sign, .. } = greeting;
    if sign.size > at.size {
        let behind = sign.size - at.size;
        return refused(format!(
            "{behind} commands on the servers are not applied here: start the node, wait until `forewarn \
             status` shows all applied, and stop it"
        ));
    }
    match &sign.writer {
        Some(writer) if !names.contains(&writer.name) => refused(format!(
            "`{}` writes to the journal: give this command there, or take the journal over first",
            writer.name
        )),
        Some(_) | None => Ok(()),
    }
}

/// The random beginning, kept until all is done: given again, the command comes to the same journal.
fn origin(path: &Path) -> Result<Hash, NotMoved> {
    let bad = |why| NotMoved::File(path.display().to_string(), why);
    match std::fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text).map_err(|e| bad(e.into())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            let origin = clock::seed();
            let text = serde_json::to_vec(&origin).map_err(|e| bad(e.into()))?;
            write_new(path, 0o600, &text).map_err(bad)?;
            Ok(origin)
        }
        Err(e) => Err(bad(e)),
    }
}

fn removed(path: &Path) -> Result<(), NotMoved> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            Err(NotMoved::File(path.display().to_string(), e))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Puts the section into forewarn.toml, or takes it out; all else stays as it was written.
fn write(home: &Home, section: Option<&JournalSection>) -> Result<(), NotMoved> {
    let path = home.config();
    let bad = |why| NotMoved::File(path.display().to_string(), why);
    let text = without(&std::fs::read_to_string(&path).map_err(bad)?);
    let text = match section {
        None => text,
        Some(section) => with(&text, section).map_err(|e| bad(io::Error::other(e)))?,
    };
    let read = Config::parse(&text, std::iter::empty());
    if read.as_ref().map(|config| config.journal.as_ref()) != Ok(section) {
        return refused(
            "forewarn.toml cannot be changed by this program: change [journal] by hand",
        );
    }
    let fresh = path.with_extension("toml.new");
    removed(&fresh)?;
    write_new(&fresh, 0o600, text.as_bytes()).map_err(bad)?;
    std::fs::rename(&fresh, &path).map_err(bad)
}

#[derive(Serialize)]
struct Sections<'a> {
    journal: &'a JournalSection,
}

fn with(text: &str, section: &JournalSection) -> Result<String, toml::ser::Error> {
    Ok(format!("{}\n\n{}", text.trim_end(), toml::to_string(&Sections { journal: section })?))
}

/// From its heading to the next one.
fn without(text: &str) -> String {
    let mut is_in = false;
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('[') {
            is_in = line.trim_start().starts_with("[journal]");
        }
        if !is_in {
            kept.push_str(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{KeptBy, usual_silence};

    #[test]
    fn a_section_is_put_in_and_taken_out_and_all_else_stays_as_it_was_written() {
        let text = "# mine\n[node]\nname = \"a\" # [journal]\n\n[[witness]]\nurl = \"x\"\n";
        let section = JournalSection {
            silence: usual_silence(),
            url: "postgres://u@127.0.0.1/x".to_owned(),
            node: "a".to_owned(),
            kept_by: KeptBy::Server,
            replicas: 1,
            stands_by: false,
            password_file: None,
            authorities: None,
        };
        let long = with(text, &section).unwrap();
        assert!(long.starts_with(text), "{long}");
        assert!(long.contains("\n[journal]\nurl = "), "{long}");
        assert_eq!(without(&long).trim_end(), text.trim_end());
        assert_eq!(without("[journal]\nurl = 1\n[node]\nb = 2\n"), "[node]\nb = 2\n");
    }
}
