//! `POST /channel/v1/receipt`: the cosigned checkpoint of our log, from a partner that has fetched it.

use super::signed::check_digest;
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::{Code, Refusal};
use forewarn_node::channel::carry;
use forewarn_transcript::note::MAX_NOTE_BYTES;
use serde::Serialize;

/// To which size our log is receipted.
#[derive(Debug, Serialize)]
pub(crate) struct Receipted {
    size: u64,
}

pub(crate) async fn receipt(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Receipted>, Problem> {
    let bytes = body::read((&node, &asker), &headers, body, MAX_NOTE_BYTES).await?;
    check_digest(&headers, &bytes)?;
    let note = String::from_utf8(bytes.into_parts().0)
        .map_err(|_| Problem::new(Code::Receipt, "the receipt is no text"))?;
    let partner = caller.partner()?;
    let name = partner.clone();
    let log = node.read(move |db, _| Ok(db.log_with(&name, true)?)).await?;
    let log = log.ok_or_else(|| Refusal::unknown("log to", &partner))?;
    let size = carry::take_receipt(&node.channels, &partner, &log.name, note).await?;
    Ok(Json(Receipted { size }))
}
