//! `GET /channel/v1/entries?start=N`: our log to the partner, for one that can only fetch.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::extract::{Query, State};
use axum::{Extension, Json};
use forewarn_exchange::Refusal;
use forewarn_node::channel::serve;
use forewarn_transcript::batch::Batch;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    #[serde(default)]
    start: u64,
}

pub(crate) async fn entries(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(Asked { start }): Query<Asked>,
) -> Result<Json<Batch>, Problem> {
    let partner = caller.name().to_owned();
    let batch = node
        .read(move |db, node| {
            let known = db.partner(&partner)?;
            let known = known.ok_or_else(|| Refusal::unknown("partner", &partner))?;
            let channel = known.channel(&node.us.party)?;
            let log = db.log_with(&partner, true)?;
            let log = log.ok_or_else(|| Refusal::unknown("log to", &partner))?;
            if start > log.size {
                return Err(Refusal::new("gap", format!("written to {}", log.size)).into());
            }
            serve::batch(&db, node, (&channel, &log), start)
        })
        .await?;
    Ok(Json(batch))
}
