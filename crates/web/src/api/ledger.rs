//! `GET /api/v1/ledger`: who was given what, why and when.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::extract::{Query, State};
use axum::{Extension, Json};
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_node::ledger::{self, Wanted};
use forewarn_view::ledger::LedgerLine;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    partner: Option<NodeName>,
    about: Option<Subject>,
}

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<LedgerLine>>, Problem> {
    let lines = node.read(move |db, node| {
        let us = node.state.us();
        let Asked { partner, about } = asked;
        let wanted = Wanted { partner, about };
        ledger::read(&db, us.organisation(), &caller.sight(node), &wanted)
    });
    Ok(Json(lines.await?))
}
