//! `forewarn case propose`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use forewarn_exchange::id::CaseNumber;
use forewarn_view::suggestion::{SuggestionLine, words};

pub(super) async fn list(case: CaseNumber, context: &Context) -> Result<(), Failed> {
    let path = format!("/api/v1/cases/{case}/suggestions");
    let all: Vec<SuggestionLine> = context.client.get(&path).await?;
    output::answer(context.json, &all, words(&all, case))
}
