//! `GET /channel/v1/entries?start=N&wait=S`: our log to the partner, for one that can only fetch; 204
//! when nothing comes in that time. With `log=NAME` of the partner's own, our copy of that.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_node::channel::compare;
use forewarn_node::channel::serve::{self, Line};
use forewarn_node::{Failure, Node};
use forewarn_transcript::batch::Batch;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Longest wait, in seconds: less than clients and what stands between give a request.
const MAX_WAIT: u64 = 25;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntriesQuery {
    #[serde(default)]
    start: u64,
    #[serde(default)]
    wait: u64,
    log: Option<String>,
}

pub(crate) async fn entries(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(EntriesQuery { start, wait, log }): Query<EntriesQuery>,
) -> Result<Response, Problem> {
    let partner = caller.partner()?;
    let until = Instant::now() + Duration::from_secs(wait.min(MAX_WAIT));
    let mut posts = node.state.engine().follow_posts(&partner);
    loop {
        posts.mark_unchanged();
        let batch = batch(&node, &partner, start, log.clone()).await?;
        let is_new = !batch.entries.is_empty();
        if is_new || wait == 0 {
            return Ok(Json(batch).into_response());
        }
        let moved = tokio::time::timeout_at(until, posts.changed()).await;
        if !matches!(moved, Ok(Ok(()))) {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
    }
}

async fn batch(
    node: &Arc<Node>,
    partner: &NodeName,
    start: u64,
    log: Option<String>,
) -> Result<Batch, Failure> {
    let partner = partner.clone();
    node.channels
        .read(move |db, channels| {
            let known = db.partner(&partner)?;
            let known = known.ok_or_else(|| Refusal::unknown("partner", &partner))?;
            let line = Line::open(&db, &known, channels.party())?;
            let name = log.unwrap_or_else(|| line.channel.log_of(channels.us()));
            let row = serve::log_of(&db, &partner, &name)?;
            if start > row.size {
                return Err(Refusal::new(Code::Gap, format!("written to {}", row.size)).into());
            }
            if row.ours {
                compare::asked_from(channels, &row, start);
                serve::batch(&db, channels.side(), (&line, &row), start)
            } else {
                serve::mirror(&db, &row, start)
            }
        })
        .await
}
