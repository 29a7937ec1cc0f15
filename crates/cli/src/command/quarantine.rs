//! `forewarn quarantine`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_view::item::QuarantineLine;

#[derive(Debug, Subcommand)]
pub(crate) enum Quarantine {
    /// List what was refused, with the first reason
    List,
    /// Show one with all its reasons and its bytes
    Show {
        /// Its number in the list
        number: i64,
    },
}

pub(crate) async fn run(quarantine: &Quarantine, context: &Context) -> Result<(), Failed> {
    match quarantine {
        Quarantine::List => {
            let rows: Vec<QuarantineLine> = context.client.get("/api/v1/quarantine").await?;
            output::list(context.json, &rows, "nothing is in quarantine")
        }
        Quarantine::Show { number } => {
            let path = format!("/api/v1/quarantine?after={}&limit=1", number - 1);
            let rows: Vec<QuarantineLine> = context.client.get(&path).await?;
            let found = rows.first().filter(|row| row.number == *number);
            let found = found.ok_or_else(|| {
                Failed::refused(format!("nothing of number {number} is in quarantine"))
            })?;
            output::answer(context.json, found, found.words())
        }
    }
}
