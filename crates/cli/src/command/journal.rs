//! `forewarn journal`: where the node's journal is.

use super::{backup, init};
use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use clap::{Args, Subcommand};
use forewarn_node::apart::moved::{NotMoved, to_database, to_servers};
use forewarn_node::apart::shortened::{Shortened, forget, shorten};
use forewarn_node::config::Config;
use indicatif::ProgressBar;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Journal {
    /// Put the journal on PostgreSQL, or back into the node's own database; the node must not run
    Move(Move),
    /// Delete from the servers what a backup has and every node has applied; the node may run
    Shorten(Shorten),
    /// Wait no more for a node that is gone for good
    Forget {
        /// Its name in the journal, as `forewarn doctor` tells it
        node: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Shorten {
    /// A backup of any of the nodes: what was done before it goes. Keep it as long as nothing newer is kept
    #[arg(long, value_name = "BACKUP")]
    behind: PathBuf,
    /// The file of a secret key of age; not needed for a backup that is not sealed
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Move {
    /// To these servers: `postgres://USER@HOST,HOST/DATABASE?sslmode=require`
    #[arg(long, value_name = "URL", required_unless_present = "to_database")]
    to: Option<String>,
    /// Back into the database of this folder: the servers then take no commands any more
    #[arg(long, conflicts_with = "to")]
    to_database: bool,
    /// The server has no replicas: what is on its disk counts as held
    #[arg(long, requires = "to")]
    without_replicas: bool,
    /// The file with the password for the servers
    #[arg(long, value_name = "FILE", requires = "to")]
    password_file: Option<PathBuf>,
    /// Authorities of the servers, in PEM form, beside the public ones
    #[arg(long, value_name = "FILE", requires = "to")]
    authorities: Option<PathBuf>,
}

fn failed(why: &NotMoved) -> Failed {
    Failed::refused(why.to_string())
}

pub(crate) fn run(journal: &Journal, target: &Target) -> Result<(), Failed> {
    match journal {
        Journal::Move(asked) => moved(asked, target),
        Journal::Shorten(asked) => shortened(asked, target),
        Journal::Forget { node } => {
            forget(&target.home()?, node).map_err(|why| Failed::refused(why.to_string()))?;
            let words = format!("nothing waits for {node} any more");
            output::answer(target.json, &json!({ "forgotten": node }), words)
        }
    }
}

fn shortened(asked: &Shorten, target: &Target) -> Result<(), Failed> {
    let keys = backup::identities(asked.identity.as_deref())?;
    let progress = ProgressBar::new_spinner();
    let done = shorten(&target.home()?, (&asked.behind, keys.as_ref()), |deleted| {
        progress.set_message(format!("{deleted} batches are deleted"));
        progress.tick();
    });
    progress.finish_and_clear();
    let done = done.map_err(|why| Failed::refused(why.to_string()))?;
    let Shortened { oldest, deleted } = done;
    let words = format!(
        "{deleted} batches are deleted; the journal on the servers begins at {oldest}\n\
         keep the backup: a node that has less than that begins with it, or with a newer one"
    );
    output::answer(target.json, &done, words)
}

fn moved(asked: &Move, target: &Target) -> Result<(), Failed> {
    let home = target.home()?;
    let Some(url) = &asked.to else {
        let commands = to_database(&home).map_err(|why| failed(&why))?;
        let words = format!(
            "the journal is in the node's own database again, with {commands} commands; the servers take none any more"
        );
        return output::answer(target.json, &json!({ "commands": commands }), words);
    };
    let config = Config::read(&home.config(), std::iter::empty());
    let name = config.map_err(|e| Failed::refused(e.to_string()))?.node.name;
    let files = (&asked.password_file, &asked.authorities);
    let section = init::section((url, &name, asked.without_replicas), files)?;
    let commands = to_servers(&home, &section).map_err(|why| failed(&why))?;
    let words = format!(
        "the journal goes on at the servers from here; the {commands} commands before stay in this database\n\
         next: make a backup once the node runs: every other node begins with it"
    );
    output::answer(target.json, &json!({ "commands": commands }), words)
}
