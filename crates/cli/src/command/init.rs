//! `forewarn init`.

use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_exchange::scale::Status;
use forewarn_node::Home;
use forewarn_node::config::{JournalSection, KeptBy, usual_silence};
use forewarn_node::home::Setup;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder to make
    dir: PathBuf,
    /// The node's name: a domain name of yours, or one like it
    #[arg(long)]
    name: String,
    /// What people call the organisation
    #[arg(long, value_name = "TEXT")]
    organisation: String,
    /// Where partners will reach this node
    #[arg(long)]
    url: String,
    /// Everything that this node says is an exercise, and says so
    #[arg(long)]
    exercise: bool,
    /// One administrator is enough to give somebody a role that drafts or releases; two otherwise,
    /// and for good
    #[arg(long)]
    one_administrator: bool,
    /// Make the node's journal on PostgreSQL: `postgres://USER@HOST,HOST/DATABASE?sslmode=require`
    #[arg(long, value_name = "URL")]
    journal: Option<String>,
    /// The journal's server has no replicas: what is on its disk counts as held
    #[arg(long, requires = "journal")]
    journal_without_replicas: bool,
    /// The file with the password for the journal's servers
    #[arg(long, value_name = "FILE", requires = "journal")]
    journal_password_file: Option<PathBuf>,
    /// Authorities of the journal's servers, in PEM form, beside the public ones
    #[arg(long, value_name = "FILE", requires = "journal")]
    journal_authorities: Option<PathBuf>,
}

/// What is said of the journal; files by their paths from the root on.
pub(super) fn section(
    (url, node, without_replicas): (&str, &str, bool),
    (password_file, authorities): (&Option<PathBuf>, &Option<PathBuf>),
) -> Result<JournalSection, Failed> {
    let path = |file: &Option<PathBuf>| {
        let file = file.as_ref().map(std::path::absolute).transpose();
        file.map(|path| path.map(|path| path.display().to_string()))
            .map_err(|e| Failed::refused(e.to_string()))
    };
    Ok(JournalSection {
        url: url.to_owned(),
        node: node.to_owned(),
        kept_by: if without_replicas { KeptBy::Server } else { KeptBy::Replicas },
        replicas: 1,
        stands_by: false,
        silence: usual_silence(),
        password_file: path(password_file)?,
        authorities: path(authorities)?,
    })
}

fn journal(init: &Init) -> Result<Option<JournalSection>, Failed> {
    let Some(url) = &init.journal else { return Ok(None) };
    let files = (&init.journal_password_file, &init.journal_authorities);
    section((url, &init.name, init.journal_without_replicas), files).map(Some)
}

pub(crate) fn run(init: &Init, json: bool) -> Result<(), Failed> {
    let setup = Setup {
        name: init.name.clone(),
        organisation: init.organisation.clone(),
        url: init.url.clone(),
        status: if init.exercise { Status::Exercise } else { Status::Actual },
        one_administrator: init.one_administrator,
        journal: journal(init)?,
    };
    let config = Home::new(&init.dir).init(setup).map_err(|e| Failed::refused(e.to_string()))?;
    let dir = init.dir.display();
    let value = json!({ "home": init.dir, "name": init.name, "listen": config.node.listen });
    output::answer(
        json,
        &value,
        format!(
            "made the node {} in {dir}; it will listen on {}\n\
             next: forewarn serve --home {dir}\n\
             then: forewarn user add NAME --role analyst --home {dir}",
            init.name, config.node.listen
        ),
    )
}
