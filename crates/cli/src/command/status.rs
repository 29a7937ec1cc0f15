//! `forewarn status`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use forewarn_view::case::CaseLine;
use forewarn_view::channel::{ContradictionLine, LogLine};
use forewarn_view::interest::TrialProgress;
use forewarn_view::status::{NodeStatus, Overview};
use forewarn_view::warning::WarningLine;

pub(crate) async fn run(context: &Context) -> Result<(), Failed> {
    let client = &context.client;
    let cases: Vec<CaseLine> = client.get("/api/v1/cases").await?;
    let warnings: Vec<WarningLine> = client.get("/api/v1/warnings").await?;
    let logs: Vec<LogLine> = client.get("/api/v1/channels").await?;
    let contradictions: Vec<ContradictionLine> = client.get("/api/v1/contradictions").await?;
    let trial: Option<TrialProgress> = client.get("/api/v1/interests/trial").await?;
    let node: NodeStatus = client.get("/api/v1/status").await?;
    let overview = Overview::of((&cases, &warnings), (&logs, &contradictions), trial, node);
    let mut words = overview.words();
    if overview.contradictions > 0 {
        words = format!(
            "LOGS WERE WRITTEN TWICE: {} proofs are kept; \
             `forewarn channel contradictions` shows them\n{words}",
            overview.contradictions,
        );
    }
    output::answer(context.json, &overview, words)
}
