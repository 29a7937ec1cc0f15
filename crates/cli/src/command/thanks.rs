//! `forewarn thanks`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use forewarn_view::item::ThanksLine;

pub(crate) async fn run(context: &Context) -> Result<(), Failed> {
    let thanks: Vec<ThanksLine> = context.client.get("/api/v1/thanks").await?;
    output::list(context.json, &thanks, "no thanks has come for a source yet")
}
