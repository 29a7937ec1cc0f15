//! `GET /api/v1/sources`: handles that have a name here. `POST …/look`: the name, after it is on
//! record who reads it and why.

use super::{MAX_REQUEST_BYTES, parse};
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::{Caller, Door};
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::Refusal;
use forewarn_exchange::act::SourceAct;
use forewarn_node::{Failure, clock};
use forewarn_store::Db;
use forewarn_view::source::{SourceLine, SourceShown};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    /// The handle.
    source: String,
    /// Why it must be known.
    reason: String,
}

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<SourceLine>>, Problem> {
    Ok(Json(node.read(|db, _| listed(&db)).await?))
}

/// Handles that have a name.
pub(crate) fn listed(db: &Db<'_>) -> Result<Vec<SourceLine>, Failure> {
    Ok(db.source_names()?.newest().into_iter().map(SourceLine::of).collect())
}

pub(crate) async fn look(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(door): Extension<Door>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<SourceShown>, Problem> {
    let Why { source, reason } =
        parse(&body::read((&node, &asker), &headers, body, MAX_REQUEST_BYTES).await?)?;
    Ok(Json(seen(&node, (&caller, door), source, reason).await?))
}

/// Who stands behind a handle, for whoever may know it: that is on record first.
pub(crate) async fn seen(
    node: &App,
    (caller, door): (&Caller, Door),
    source: String,
    reason: String,
) -> Result<SourceShown, Problem> {
    let id = format!("{}/look/{}", caller.actor(), clock::seed());
    let act = SourceAct::Look { source: source.clone(), reason };
    node.act(caller.doer(door), Some(id), act.into()).await?;
    let read = node.read(move |db, _| {
        let names = db.source_names()?;
        let kept = names.of(&source).map(SourceShown::of);
        Ok(kept.ok_or_else(|| Refusal::unknown("name behind source", &source))?)
    });
    Ok(read.await?)
}
