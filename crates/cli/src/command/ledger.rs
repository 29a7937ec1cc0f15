//! `forewarn ledger`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_view::ledger::LedgerLine;

#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// List who was given what, why and when, and who has not answered a recall
    List {
        /// Only what this partner was given
        #[arg(long)]
        partner: Option<NodeName>,
        /// Only what is about this: case-N or warning-N
        #[arg(long)]
        about: Option<Subject>,
    },
}

pub(crate) async fn run(ledger: &Ledger, context: &Context) -> Result<(), Failed> {
    let Ledger::List { partner, about } = ledger;
    let partner = partner.as_ref().map(|partner| format!("partner={partner}"));
    let about = about.map(|about| format!("about={about}"));
    let query: Vec<String> = partner.into_iter().chain(about).collect();
    let url = format!("/api/v1/ledger?{}", query.join("&"));
    let lines: Vec<LedgerLine> = context.client.get(&url).await?;
    output::list(context.json, &lines, "nothing was given to anybody")
}
