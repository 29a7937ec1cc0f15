//! `forewarn policy`: the organisation's own policy for what leaves. Only `list` asks the node.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::target::Target;
use clap::Subcommand;
use forewarn_node::Config;
use forewarn_node::config::PolicySection;
use forewarn_node::policies::{self, NotUsable};
use forewarn_policy::{House, PolicyFile, Trials, Tried};
use forewarn_view::policy::{PolicyLine, tried};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Largest file of cases.
const MAX_CASES_BYTES: usize = 4 << 20;

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// List the policies that are in force
    List,
    /// Say whether policies can be used: those of the configuration, or these files
    Check {
        /// Files of Cedar policies, instead of those that policy.files names
        #[arg(value_name = "POLICIES")]
        files: Vec<PathBuf>,
    },
    /// Try cases: what is about to leave, and what is expected of it; exit 1 when one goes otherwise
    Test {
        /// Cases, in TOML: docs/operating/policies.md
        #[arg(value_name = "CASES")]
        cases: PathBuf,
        /// Files of Cedar policies, instead of those that policy.files names
        #[arg(long = "policy", value_name = "POLICIES")]
        files: Vec<PathBuf>,
    },
}

pub(crate) async fn list(context: &Context) -> Result<(), Failed> {
    let all: Vec<PolicyLine> = context.client.get("/api/v1/policies").await?;
    output::list(context.json, &all, "no policies: what the fixed rules pass leaves")
}

pub(crate) fn check(files: &[PathBuf], target: &Target) -> Result<(), Failed> {
    let house = read(files, target)?;
    let known: Vec<PolicyLine> = house.known().map(PolicyLine::of).collect();
    let words = match known.len() {
        0 => "no policy is named: what the fixed rules pass leaves".to_owned(),
        1 => "1 policy can be used".to_owned(),
        many => format!("{many} policies can be used"),
    };
    output::answer(target.json, &json!({ "usable": true, "policies": known }), words)
}

/// The policies of these files; without any, those of the configuration.
fn read(files: &[PathBuf], target: &Target) -> Result<House, Failed> {
    let read = if files.is_empty() {
        let home = target.home()?;
        let config = Config::read(&home.config(), std::env::vars());
        let config = config.map_err(|e| Failed::refused(e.to_string()))?;
        policies::read(&config.policy, home.path())
    } else {
        let names = files.iter().map(|one| one.display().to_string()).collect();
        policies::read(&PolicySection { files: names }, Path::new(""))
    };
    let wrong = |why: NotUsable| match why {
        // They were named here, and not by the configuration.
        NotUsable::Unreadable { name, why } if !files.is_empty() => {
            format!("`{name}` cannot be read: {why}")
        }
        NotUsable::TooMany(_) | NotUsable::Unreadable { .. } | NotUsable::Bad(_) => why.to_string(),
    };
    let read: Vec<PolicyFile> = read.map_err(|e| Failed::refused(wrong(e)))?;
    Ok(House::new(&read))
}

pub(crate) fn test(path: &Path, files: &[PathBuf], target: &Target) -> Result<(), Failed> {
    let (house, json) = (&read(files, target)?, target.json);
    if house.is_empty() {
        let why = "there is no policy to be tried";
        return Err(
            Failed::refused(why).hint("name files of policies by --policy, or in policy.files")
        );
    }
    let text = file::read_text(path, MAX_CASES_BYTES)?;
    let at = |why: String| Failed::refused(format!("`{}`: {why}", path.display()));
    let trials: Trials = toml::from_str(&text).map_err(|e| at(e.to_string()))?;
    if trials.cases.is_empty() {
        return Err(at("there is no case in it".to_owned()));
    }
    let all: Result<Vec<Tried>, String> = trials.cases.iter().map(|one| one.tried(house)).collect();
    let all = all.map_err(at)?;
    let wrong = all.iter().filter(|one| !one.as_expected).count();
    for one in &all {
        output::line(if json { json!(one).to_string() } else { tried(one) })?;
    }
    if wrong == 0 {
        return Ok(());
    }
    let why = format!("{wrong} of {} cases went otherwise than expected", all.len());
    Err(Failed::refused(if json { String::new() } else { why }))
}
