//! `forewarn quarantine`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use serde_json::Value;

#[derive(Debug, Subcommand)]
pub(crate) enum Quarantine {
    /// List what was refused, with the first reason
    List,
    /// Show one with all its reasons and its bytes
    Show { number: i64 },
}

pub(crate) async fn run(quarantine: &Quarantine, context: &Context) -> Result<(), Failed> {
    match quarantine {
        Quarantine::List => {
            let rows = context.client.get("/api/v1/quarantine").await?;
            let columns = [
                ("NUMBER", "/number"),
                ("FILE", "/name"),
                ("OBJECT", "/position"),
                ("ID", "/id"),
                ("WHERE", "/reasons/0/path"),
                ("WHY", "/reasons/0/message"),
            ];
            output::list(context.json, &rows, &columns, "nothing is in quarantine")
        }
        Quarantine::Show { number } => {
            let path = format!("/api/v1/quarantine?after={}&limit=1", number - 1);
            let rows = context.client.get(&path).await?;
            let found = rows
                .pointer("/0")
                .filter(|row| row.get("number").and_then(Value::as_i64) == Some(*number));
            let found = found.ok_or_else(|| {
                Failed::refused(format!("nothing of number {number} is in quarantine"))
            })?;
            let reasons = found.get("reasons").and_then(Value::as_array);
            let mut text = String::new();
            for reason in reasons.into_iter().flatten() {
                let cell = |pointer| output::cell(reason, pointer);
                text =
                    format!("{text}{}: {} ({})\n", cell("/path"), cell("/message"), cell("/rule"));
            }
            output::answer(
                context.json,
                found,
                format!("{text}\n{}", output::cell(found, "/bytes")),
            )
        }
    }
}
