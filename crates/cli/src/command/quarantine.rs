//! `forewarn quarantine`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::Subcommand;
use forewarn_view::item::QuarantineLine;

#[derive(Debug, Subcommand)]
pub(crate) enum Quarantine {
    /// List what was refused, with the first reason
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Show one with all its reasons and its bytes
    Show {
        /// Its number in the list
        number: i64,
    },
}

pub(crate) async fn run(quarantine: &Quarantine, context: &Context) -> Result<(), Failed> {
    match quarantine {
        Quarantine::List { paging } => {
            let path = "/api/v1/quarantine";
            paging.some::<QuarantineLine>(context, path, "nothing is in quarantine").await
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
