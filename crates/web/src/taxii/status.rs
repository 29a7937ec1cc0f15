//! `GET /taxii2/api/status/{id}/` (TAXII 2.1 §4.3): what became of a POST, as long as it is kept.

use super::error::Error;
use super::reply::{self, Path, may_read};
use crate::app::App;
use crate::caller::Caller;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use forewarn_stix::Timestamp;
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
    // Who may not read sees what became of his own requests only.
    let found = found.filter(|found| may_read(&caller) || found.actor == caller.name());
    let found = found.ok_or_else(|| {
        Error::new(StatusCode::NOT_FOUND, "not-found", format!("there is no status `{id}`"))
    })?;
    let detail = |(id, micros): (String, i64)| StatusDetail {
        id,
        version: Timestamp::from_micros(micros).map(String::from).unwrap_or_default(),
        message: None,
    };
    let successes: Vec<StatusDetail> = found.kept.into_iter().map(detail).collect();
    let failures: Vec<StatusDetail> = found
        .refused
        .into_iter()
        .map(|(id, message)| StatusDetail {
            id: id.unwrap_or_default(),
            version: found.time.clone(),
            message: Some(message),
        })
        .collect();
    let status = Status::complete(id, found.time, successes, failures);
    Ok(reply::json(StatusCode::OK, &status))
}
