//! `POST /channel/v1/receipt`: the cosigned checkpoint of our log, from a partner that has fetched it.

use super::signed::check_digest;
use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use forewarn_exchange::Refusal;
use forewarn_node::channel::carry;
use forewarn_transcript::note::MAX_NOTE_BYTES;
use serde_json::{Value, json};

pub(crate) async fn receipt(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let bytes = body::read(&headers, body, MAX_NOTE_BYTES).await?;
    check_digest(&headers, &bytes)?;
    let note = String::from_utf8(bytes).map_err(|_| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "receipt", "the receipt is no text")
    })?;
    let partner = caller.name().to_owned();
    let name = partner.clone();
    let log = node.read(move |db, _| Ok(db.log_with(&name, true)?)).await?;
    let log = log.ok_or_else(|| Refusal::unknown("log to", &partner))?;
    let size = carry::take_receipt(&node, &partner, &log.name, note).await?;
    Ok(Json(json!({ "size": size })))
}
