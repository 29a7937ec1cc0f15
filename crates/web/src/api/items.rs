//! `GET /api/v1/items`, `…/{id}` as received, `/api/v1/quarantine`, `/api/v1/thanks`.

use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use forewarn_exchange::Refusal;
use forewarn_store::intake::QuarantineRow;
use forewarn_store::item::ItemRow;
use forewarn_store::thanks::Thanks;
use serde::Deserialize;

/// Most rows of one answer.
const MAX_ROWS: i64 = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    #[serde(default)]
    after: i64,
    limit: Option<i64>,
}

impl PageQuery {
    fn limit(&self) -> i64 {
        self.limit.unwrap_or(MAX_ROWS).clamp(1, MAX_ROWS)
    }
}

pub(crate) async fn list(
    State(node): State<App>,
    Query(asked): Query<PageQuery>,
) -> Result<Json<Vec<ItemRow>>, Problem> {
    Ok(Json(node.read(move |db, _| Ok(db.items(asked.after, asked.limit())?)).await?))
}

pub(crate) async fn bytes(
    State(node): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let item = node
        .read(move |db, _| {
            let item = db.item(&id)?;
            Ok(item.ok_or_else(|| Refusal::unknown("item", &id))?)
        })
        .await?;
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((StatusCode::OK, kind, item.bytes).into_response())
}

pub(crate) async fn quarantine(
    State(node): State<App>,
    Query(asked): Query<PageQuery>,
) -> Result<Json<Vec<QuarantineRow>>, Problem> {
    Ok(Json(node.read(move |db, _| Ok(db.quarantined(asked.after, asked.limit())?)).await?))
}

pub(crate) async fn thanks(State(node): State<App>) -> Result<Json<Vec<Thanks>>, Problem> {
    Ok(Json(node.read(|db, _| Ok(db.thanks()?)).await?))
}
