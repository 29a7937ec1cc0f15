//! `POST /api/v1/tokens`: a token for a user, shown once.

use super::{MAX_REQUEST_BYTES, parse};
use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::Act;
use forewarn_node::clock;
use forewarn_transcript::Hash;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    user: String,
}

pub(crate) async fn make(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let Asked { user } = parse(&body::read(&headers, body, MAX_REQUEST_BYTES).await?)?;
    let token = format!("fwt_{}", clock::seed());
    let digest = Hash::of(token.as_bytes());
    node.act(caller.name(), None, Act::TokenAdd { user: user.clone(), digest }).await?;
    Ok(Json(json!({ "user": user, "token": token })))
}
