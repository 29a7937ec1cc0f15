//! `forewarn thanks`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;

pub(crate) async fn run(context: &Context) -> Result<(), Failed> {
    let thanks = context.client.get("/api/v1/thanks").await?;
    let columns = [
        ("SOURCE", "/source"),
        ("FROM", "/partner"),
        ("CASE", "/case"),
        ("WHEN", "/time"),
        ("WORDS", "/text"),
    ];
    output::list(context.json, &thanks, &columns, "no thanks has come for a source yet")
}
