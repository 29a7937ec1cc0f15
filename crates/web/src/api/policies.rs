//! `GET /api/v1/policies`: the organisation's own policies for what leaves, as they are in force.

use crate::app::App;
use axum::Json;
use axum::extract::State;
use forewarn_view::policy::PolicyLine;

pub(crate) async fn list(State(node): State<App>) -> Json<Vec<PolicyLine>> {
    Json(node.state.us().house.known().map(PolicyLine::of).collect())
}
