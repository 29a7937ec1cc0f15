//! `forewarn thanks`.

use crate::context::Context;
use crate::failure::Failed;
use crate::paging::Paging;
use clap::Args;
use forewarn_view::item::ThanksLine;

#[derive(Debug, Args)]
pub(crate) struct Thanks {
    #[command(flatten)]
    paging: Paging,
}

pub(crate) async fn run(thanks: &Thanks, context: &Context) -> Result<(), Failed> {
    let empty = "no thanks has come for a source yet";
    thanks.paging.list::<ThanksLine>(context, ("/api/v1/thanks", ""), empty).await
}
