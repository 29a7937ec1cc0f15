//! `forewarn journal`: where the node's journal is.

use super::init;
use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use clap::{Args, Subcommand};
use forewarn_node::apart::moved::{NotMoved, to_database, to_servers};
use forewarn_node::config::Config;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Journal {
    /// Put the journal on PostgreSQL, or back into the node's own database; the node must not run
    Move(Move),
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
    let Journal::Move(asked) = journal;
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
