//! `forewarn witness`: what the people of a witness are given. Needs no running node.

use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use clap::Subcommand;
use forewarn_node::witness::log_keys;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(crate) enum Witness {
    /// Print the keys of our logs, `LOG+ID+BASE64`, a line each: a witness cosigns only logs that it was given
    Logs,
}

pub(crate) fn run(asked: &Witness, target: &Target) -> Result<(), Failed> {
    let Witness::Logs = asked;
    let home = target.home()?;
    let all = log_keys(&home).map_err(|e| Failed::refused(e.to_string()))?;
    output::answer(target.json, &json!({ "logs": all }), all.join("\n"))
}
