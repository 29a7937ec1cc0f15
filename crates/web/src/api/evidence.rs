//! `POST /api/v1/evidence`: the file for a third party, as its exact bytes.

use super::{MAX_REQUEST_BYTES, may, parse};
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use forewarn_exchange::user::Permission;
use forewarn_node::channel::evidence::{self, Wanted};

pub(crate) async fn make(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Vec<u8>, Problem> {
    let wanted: Wanted =
        parse(&body::read((&node, &asker), &headers, body, MAX_REQUEST_BYTES).await?)?;
    made(&node, &caller, wanted).await
}

/// The file, as its exact bytes.
pub(crate) async fn made(node: &App, caller: &Caller, wanted: Wanted) -> Result<Vec<u8>, Problem> {
    let sight = caller.sight(node);
    let may_show = may(caller, Permission::Release) || may(caller, Permission::Draft);
    let outside = node.outside.clone();
    let made = node
        .channels
        .read(move |db, channels| {
            evidence::make(&db, channels, &wanted, (may_show, &sight), &outside)
        })
        .await?;
    Ok(made.on_record(&node.state, &caller.actor()).await?.bytes())
}
