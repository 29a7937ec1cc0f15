//! Which node a command is for, and as whom it acts.

use crate::failure::Failed;
use clap::Args;
use forewarn_node::Home;
use std::path::PathBuf;

/// Which node, as whom, and how to print.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Which node, as whom, and how to print")]
pub(crate) struct Target {
    /// The node's folder [default: the current folder when it holds a forewarn.toml, else
    /// FOREWARN_HOME]
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// The user to act as; what is done is recorded under this name
    #[arg(
        id = "acting_as",
        long = "as",
        global = true,
        value_name = "NAME",
        env = "FOREWARN_USER"
    )]
    pub(crate) user: Option<String>,
    /// A node elsewhere, instead of one in a folder
    #[arg(long, global = true, value_name = "URL", env = "FOREWARN_URL")]
    pub(crate) url: Option<String>,
    /// The token for the node at --url
    #[arg(
        long,
        global = true,
        value_name = "TOKEN",
        env = "FOREWARN_TOKEN",
        hide_env_values = true
    )]
    pub(crate) token: Option<String>,
    /// Print JSON: one object, or one per line for lists
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Target {
    /// The node's folder.
    pub(crate) fn home(&self) -> Result<Home, Failed> {
        if let Some(path) = &self.home {
            return Ok(Home::new(path));
        }
        if PathBuf::from("forewarn.toml").exists() {
            return Ok(Home::new("."));
        }
        if let Some(path) = std::env::var_os("FOREWARN_HOME") {
            return Ok(Home::new(path));
        }
        Err(Failed::usage("which node? there is no forewarn.toml in this folder")
            .hint("name the node's folder with --home DIR or FOREWARN_HOME"))
    }
}
