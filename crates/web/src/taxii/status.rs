//! `GET /taxii2/api/status/{id}/` (TAXII 2.1 §4.3): what became of a POST. It is kept for good.

use super::access;
use super::add;
use super::error::Error;
use super::reply::{self, Path};
use crate::app::App;
use crate::caller::Caller;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use forewarn_exchange::Code;
use forewarn_store::intake::{KeptRow, RefusedRow};
use forewarn_store::reason::words;
use forewarn_taxii::resource::{Status, StatusDetail};

pub(crate) async fn status(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let wanted = id.clone();
    let found = node.read(move |db, _| Ok(db.intake_outcome(&wanted)?)).await?;
    // What became of a request is for whoever made it.
    let found = found.filter(|found| found.actor == caller.actor().to_string());
    let found =
        found.ok_or_else(|| Error::new(Code::NotFound, format!("there is no status `{id}`")))?;
    // As in the answer to the POST: see `add`.
    let readable = node
        .collections()
        .iter()
        .any(|one| found.collection == Some(one.number) && access::may_read(one, &caller));
    let kept_listed = if readable { found.kept_listed } else { Vec::new() };
    let kept = kept_listed.into_iter().map(|KeptRow { id, version, known, flaws }| {
        let flaws = (!flaws.is_empty()).then(|| words(&flaws));
        StatusDetail { id, version, message: add::remark(known, flaws.as_deref()) }
    });
    let refused = found.refused_listed.into_iter().map(|RefusedRow { id, version, words }| {
        let version = version.unwrap_or_else(|| found.time.clone());
        StatusDetail { id: id.unwrap_or_default(), version, message: Some(words) }
    });
    let (kept, refused) = ((found.kept, kept.collect()), (found.refused, refused.collect()));
    Ok(reply::json(StatusCode::OK, &Status::complete((id, found.time.clone()), kept, refused)))
}
