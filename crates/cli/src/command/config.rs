//! `forewarn config`: what the configuration says, and whether it can be used, without a running node;
//! and having a running one read it again.

use crate::client::Client;
use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use crate::wait::wait_for;
use clap::Subcommand;
use forewarn_node::Config as Configuration;
use forewarn_node::stated::Stated;
use forewarn_view::settings::Reloaded;
use forewarn_view::table::{Column, Row};
use serde::Serialize;

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Say whether forewarn.toml, with the environment's variables, can be used
    Check,
    /// Have the running node read forewarn.toml again, and go by it where no new start is needed
    Reload,
    /// Show every value, and whether the environment, the file or neither sets it
    Show,
}

/// A value as it is shown.
#[derive(Debug, Serialize)]
struct Shown {
    key: String,
    value: String,
    origin: String,
}

impl Row for Shown {
    const COLUMNS: &'static [Column<Shown>] = &[
        ("KEY", |one| one.key.clone()),
        ("VALUE", |one| one.value.clone()),
        ("FROM", |one| one.origin.clone()),
    ];
}

pub(crate) fn run(config: &Config, target: &Target) -> Result<(), Failed> {
    match config {
        Config::Check => check(target),
        Config::Reload => wait_for(reload(target)),
        Config::Show => show(target),
    }
}

fn check(target: &Target) -> Result<(), Failed> {
    let home = target.home()?;
    let stated = Stated::read(&home, &std::env::vars().collect());
    let stated = stated.map_err(|e| Failed::refused(e.to_string()))?;
    if let Some(tls) = &stated.config.tls {
        forewarn_web::check_tls(tls, home.path()).map_err(Failed::refused)?;
    }
    let words = format!("`{}` can be used", home.config().display());
    output::answer(target.json, &serde_json::json!({ "usable": true }), words)
}

fn show(target: &Target) -> Result<(), Failed> {
    let path = target.home()?.config();
    let known = Configuration::read(&path, std::env::vars());
    let known = known.map_err(|e| Failed::refused(e.to_string()))?;
    let text = std::fs::read_to_string(&path);
    let text = text.map_err(|e| Failed::internal(format!("`{}`: {e}", path.display())))?;
    let set = |name: &str| std::env::var_os(name).is_some();
    let shown = known.values(&text, set).into_iter().map(|one| Shown {
        key: one.key,
        value: one.value,
        origin: one.origin.to_string(),
    });
    output::list(target.json, &shown.collect::<Vec<_>>(), "nothing")
}

async fn reload(target: &Target) -> Result<(), Failed> {
    let client = Client::new(target)?;
    let came: Reloaded = client.post("/api/v1/settings/reload", &serde_json::json!({})).await?;
    output::answer(target.json, &came, came.words())
}
