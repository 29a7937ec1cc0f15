//! `forewarn ledger`.

use crate::context::Context;
use crate::failure::Failed;
use crate::paging::Paging;
use clap::Subcommand;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_view::ledger::LedgerLine;

#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// List who was given what, why and when, and who has not answered: partner by partner, each in
    /// its order
    List {
        /// Only what this partner was given
        #[arg(long)]
        partner: Option<NodeName>,
        /// Only what is about this: case-N or warning-N
        #[arg(long)]
        about: Option<Subject>,
        #[command(flatten)]
        paging: Paging,
    },
}

pub(crate) async fn run(ledger: &Ledger, context: &Context) -> Result<(), Failed> {
    let Ledger::List { partner, about, paging } = ledger;
    let partner = partner.as_ref().map(|partner| format!("partner={partner}"));
    let about = about.map(|about| format!("about={about}"));
    let query: Vec<String> = partner.into_iter().chain(about).collect();
    let place = ("/api/v1/ledger", query.join("&"));
    let empty = "nothing was given to anybody";
    paging.list::<LedgerLine>(context, (place.0, &place.1), empty).await
}
