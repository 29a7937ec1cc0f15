//! `forewarn interest test`: which interests would match a file, and why; changes nothing.

use super::written;
use crate::command::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_exchange::scale::{Grade, Urgency};
use forewarn_matching::Index;
use forewarn_matching::interest::Interest;
use forewarn_node::clock;
use forewarn_node::dry_run::{As, Tried};
use hyper::Method;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Most bytes of a file that is tried.
const MAX_BYTES: usize = 32 << 20;

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// A STIX bundle or envelope, a MISP event, or a text
    file: PathBuf,
    /// As if it were taken in with this Admiralty grade, such as B2
    #[arg(long, value_parser = grade)]
    grade: Option<Grade>,
    /// Tell too what it comes near to, and what was lacking
    #[arg(long)]
    near: bool,
    /// Against the interests of this file (TOML, JSON or CSV) instead; needs no node
    #[arg(long, value_name = "INTERESTS")]
    against: Option<PathBuf>,
}

impl Test {
    /// The file of interests to be tried instead of those of a node.
    pub(crate) fn against(&self) -> Option<&Path> {
        self.against.as_deref()
    }
}

fn grade(text: &str) -> Result<Grade, String> {
    Grade::parse(text).map_err(|e| e.to_string())
}

pub(super) async fn run(test: &Test, context: &Context) -> Result<(), Failed> {
    let grade = test.grade.map(|grade| format!("&grade={grade}")).unwrap_or_default();
    let path = format!("/api/v1/interests/test?near={}{grade}", test.near);
    let bytes = file::read(&test.file, MAX_BYTES)?;
    let answer = context.client.call(Method::POST, &path, bytes).await?;
    let met: Value = serde_json::from_slice(&answer)
        .map_err(|e| Failed::internal(format!("the node's answer cannot be read: {e}")))?;
    told(&met, context.json)
}

/// Without a node: against interests that nobody has registered yet.
pub(crate) fn alone(test: &Test, against: &Path, json: bool) -> Result<(), Failed> {
    let read = written::read(against, None, Urgency::Expected)?;
    let named = read.interests.into_iter().enumerate().map(|(number, interest)| {
        let id = format!("{}", number + 1);
        (against.display().to_string(), Interest { id, ..interest })
    });
    let index = Index::new(named);
    let tried = Tried::read(file::read(&test.file, MAX_BYTES)?)
        .map_err(|e| Failed::refused(format!("`{}`: {e}", test.file.display())))?;
    let added = clock::now().micros();
    let met = tried.against(&index, As { added, grade: test.grade, with_near: test.near });
    let met = serde_json::to_value(met).map_err(|e| Failed::internal(e.to_string()))?;
    told(&met, json)
}

fn told(met: &Value, json: bool) -> Result<(), Failed> {
    if json {
        return output::list(true, met, &[], "");
    }
    let rows = met.as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.iter().all(|row| row.get("match").is_none()) {
        output::line("no interest would match")?;
    }
    rows.iter().try_for_each(tell)
}

fn tell(row: &Value) -> Result<(), Failed> {
    let cell = |pointer| output::cell(row, pointer);
    let reasons = if row.get("match").is_some() {
        output::line(format!(
            "{}: “{}” of {}, strength {}",
            cell("/item"),
            cell("/match/label"),
            cell("/match/partner"),
            cell("/match/strength"),
        ))?;
        "/match/why"
    } else {
        output::line(format!(
            "{}: not “{}” of {}: {}",
            cell("/item"),
            cell("/near/label"),
            cell("/near/partner"),
            cell("/near/lacking"),
        ))?;
        "/near/found"
    };
    for why in row.pointer(reasons).and_then(Value::as_array).into_iter().flatten() {
        let cell = |pointer| output::cell(why, pointer);
        if cell("/at").is_empty() {
            output::line(format!("    {}: {}", cell("/clause"), cell("/words")))?;
        } else {
            let (words, at, clause) = (cell("/words"), cell("/at"), cell("/clause"));
            output::line(format!("    “{words}” ({at}) meets {clause}"))?;
        }
    }
    Ok(())
}
