//! `GET /channel/v1/entry?log=NAME&index=N`: one entry as we hold it, under the checkpoint that its
//! writer has signed; for reconciling.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::Refusal;
use forewarn_node::channel::{contradiction, serve};
use forewarn_transcript::contradiction::Signed;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryQuery {
    log: String,
    index: u64,
}

pub(crate) async fn entry(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(EntryQuery { log, index }): Query<EntryQuery>,
) -> Result<Json<Signed>, Problem> {
    let partner = caller.partner()?;
    let held = node
        .read(move |db, _| {
            let log = serve::log_of(&db, &partner, &log)?;
            contradiction::held(&db, &log, index)
        })
        .await?;
    Ok(Json(held.ok_or_else(|| Refusal::unknown("entry with a receipt", index))?))
}
