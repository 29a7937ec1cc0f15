//! `forewarn status`: what needs somebody, and how the node fares; once, or for as long as somebody
//! looks.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_view::channel::{ContradictionLine, LogLine};
use forewarn_view::interest::TrialProgress;
use forewarn_view::need::{NeedLine, NeedList};
use forewarn_view::status::{NodeStatus, Overview};
use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::time::Duration;

/// How long until it is looked at again.
const EVERY: Duration = Duration::from_secs(1);
/// Clears a terminal and begins at its top.
const CLEAR: &str = "\u{1b}[H\u{1b}[2J";

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Exit with 1 when something is overdue
    #[arg(long)]
    check: bool,
    /// Go on looking each second until Ctrl-C: a terminal is drawn anew, otherwise each line that
    /// is new or has changed is added
    #[arg(long, conflicts_with = "check")]
    watch: bool,
}

pub(crate) async fn run(status: &Status, context: &Context) -> Result<(), Failed> {
    if status.watch {
        return watch(context).await;
    }
    let overview = overview(context).await;
    let overview =
        overview.map_err(|failed| if status.check { failed.not_found_out() } else { failed })?;
    output::answer(context.json, &overview, overview.words())?;
    if status.check && overview.needs.is_overdue() {
        let overdue = overview.needs.overdue + overview.needs.exercise_overdue;
        return Err(Failed::refused(format!("overdue: {overdue}")));
    }
    Ok(())
}

async fn overview(context: &Context) -> Result<Overview, Failed> {
    let client = &context.client;
    let needs: NeedList = client.get("/api/v1/needs").await?;
    let logs: Vec<LogLine> = client.get("/api/v1/channels").await?;
    let contradictions: Vec<ContradictionLine> = client.get("/api/v1/contradictions").await?;
    let trial: Option<TrialProgress> = client.get("/api/v1/interests/trial").await?;
    let node: NodeStatus = client.get("/api/v1/status").await?;
    Ok(Overview::of(needs, (&logs, &contradictions), trial, node))
}

/// Looks for as long as somebody reads. A node that does not answer is told of, and asked again.
async fn watch(context: &Context) -> Result<(), Failed> {
    let drawn = std::io::stdout().is_terminal() && !context.json;
    let mut shown = BTreeSet::new();
    loop {
        let lines = match overview(context).await {
            Ok(overview) if drawn => vec![format!("{CLEAR}{}", overview.words())],
            Ok(overview) => changes(&overview.needs, &mut shown, context.json)?,
            Err(failed) if failed.is_refusal() => return Err(failed),
            Err(failed) if drawn => vec![format!("{CLEAR}{failed}")],
            Err(failed) => {
                let words = failed.to_string();
                if shown.insert(words.clone()) { vec![words] } else { Vec::new() }
            }
        };
        for line in lines {
            if !output::line_if_read(line)? {
                return Ok(());
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// The lines that are new since the last look; and those that are done, where that is said.
fn changes(
    list: &NeedList,
    shown: &mut BTreeSet<String>,
    as_json: bool,
) -> Result<Vec<String>, Failed> {
    let line = |one: &NeedLine| {
        if !as_json {
            return Ok(one.words());
        }
        let value = serde_json::to_value(one);
        let value = value.map_err(|e| Failed::internal(format!("this is not JSON: {e}")))?;
        Ok(value.to_string())
    };
    let now = list.needs.iter().map(line).collect::<Result<Vec<_>, Failed>>()?;
    let mut lines: Vec<String> = Vec::new();
    if !as_json {
        let gone = shown.iter().filter(|old| !now.contains(old));
        lines.extend(gone.map(|old| format!("no longer: {old}")));
    }
    lines.extend(now.iter().filter(|new| !shown.contains(*new)).cloned());
    *shown = now.into_iter().collect();
    Ok(lines)
}
