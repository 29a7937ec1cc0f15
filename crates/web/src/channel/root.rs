//! `GET /channel/v1/root?log=NAME&size=N`: what we hold of a log of this channel, for reconciling.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_node::channel::serve::{self, Root};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RootQuery {
    log: String,
    size: Option<u64>,
}

pub(crate) async fn root(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(RootQuery { log, size }): Query<RootQuery>,
) -> Result<Json<Root>, Problem> {
    let partner = caller.partner()?;
    let root = node
        .read(move |db, _| {
            let log = serve::log_of(&db, &partner, &log)?;
            serve::root(&db, &log, size)
        })
        .await?;
    Ok(Json(root))
}
