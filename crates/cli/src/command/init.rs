//! `forewarn init`.

use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_exchange::scale::Status;
use forewarn_node::Home;
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
}

pub(crate) fn run(init: &Init, json: bool) -> Result<(), Failed> {
    let setup = Setup {
        name: init.name.clone(),
        organisation: init.organisation.clone(),
        url: init.url.clone(),
        status: if init.exercise { Status::Exercise } else { Status::Actual },
        one_administrator: init.one_administrator,
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
