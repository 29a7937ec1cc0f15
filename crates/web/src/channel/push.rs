//! `POST /channel/v1/entries`: the partner's entries. 200 with the receipt, 409 with the size held,
//! 422 with the reason.

use super::signed::check_digest;
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::seldom::Seldom;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use forewarn_exchange::Code;
use forewarn_node::Failure;
use forewarn_node::channel::receive::{self, Received};
use forewarn_transcript::batch::{MAX_BATCH_BYTES, MAX_ENTRIES};
use std::time::Instant;

/// A partner can cause these lines as often as it likes.
static NOT_TAKEN: Seldom = Seldom::new();
/// Refusals that are about the batch, and so for its sender.
const TOLD: &[Code] = &[Code::Batch, Code::Root, Code::Differs];

pub(crate) async fn push(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<String, Problem> {
    let partner = caller.partner()?;
    let bytes = body::read((&node, &asker), &headers, body, MAX_BATCH_BYTES).await?;
    check_digest(&headers, &bytes)?;
    let batch = receive::parse(&bytes)?;
    let counted = receive::over_quota(&node.channels, &partner, (&batch, bytes.len()));
    if let Some(wait) = counted.await? {
        let seconds = wait.as_secs() + 1;
        let detail = format!("the quota of this partner is used up; come again in {seconds} s");
        return Err(Problem::new(Code::TooManyRequests, detail).retry_after(seconds));
    }
    // The log must be the caller's own: the key that signs is the one that the content claims.
    match receive::receive(&node.channels, &partner, batch, MAX_ENTRIES).await {
        Ok(Received::Receipt(receipt)) => Ok(receipt),
        Ok(Received::Held(size)) => {
            let detail = "held, without a receipt so far: go on from there";
            Err(Problem::new(Code::Gap, detail).size(size))
        }
        Err(Failure::Refused(refusal)) if refusal.code == Code::Gap => {
            let log = node.read(move |db, _| Ok(db.log_with(&partner, false)?)).await?;
            let size = log.map_or(0, |log| log.size);
            Err(Problem::new(Code::Gap, refusal.message).size(size))
        }
        Err(Failure::Refused(refusal)) if TOLD.contains(&refusal.code) => Err(refusal.into()),
        Err(Failure::Refused(refusal)) => {
            // Why we do not speak with a partner, or what our disk says, is ours to know.
            if let Some(left_out) = NOT_TAKEN.admit(Instant::now()) {
                tracing::warn!(%refusal, %partner, left_out, "a batch was not taken");
            }
            let detail = "the batch is not taken now; ask this node's people";
            Err(Problem::new(Code::NotTaken, detail))
        }
        Err(failure) => Err(failure.into()),
    }
}
