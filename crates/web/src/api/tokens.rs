//! `POST /api/v1/tokens`: a token for a user, shown once.

use super::{MAX_REQUEST_BYTES, parse};
use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::tls::Certificate;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
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
    /// A certificate in PEM form: in place of a token, its holder is let in.
    certificate: Option<String>,
}

pub(crate) async fn make(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let Asked { user, certificate } = parse(&body::read(&headers, body, MAX_REQUEST_BYTES).await?)?;
    if let Some(pem) = certificate {
        let digest = Certificate::of_pem(&pem).ok_or_else(|| {
            let detail = "the certificate is not one in PEM form";
            Problem::new(StatusCode::BAD_REQUEST, "bad-certificate", detail)
        })?;
        node.act(caller.name(), None, Act::TokenAdd { user: user.clone(), digest }).await?;
        return Ok(Json(json!({ "user": user, "certificate": digest })));
    }
    let token = format!("fwt_{}", clock::seed());
    let digest = Hash::of(token.as_bytes());
    node.act(caller.name(), None, Act::TokenAdd { user: user.clone(), digest }).await?;
    Ok(Json(json!({ "user": user, "token": token })))
}
