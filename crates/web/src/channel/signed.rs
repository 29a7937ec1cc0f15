//! Lets a partner's node in by its signature, before its body is read.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::seldom::Seldom;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use forewarn_node::access::{self, Claim, Denied};
use forewarn_node::clock;
use std::time::Instant;

/// Whoever likes causes these lines.
static NOT_LET_IN: Seldom = Seldom::new();

/// The partner whose pinned key signed the request. Whoever is none learns nothing else: all that
/// can be wrong has one answer, after the same work.
pub(crate) async fn admit(node: &App, request: &Parts) -> Result<Caller, Problem> {
    let query = request.uri.query().map_or_else(|| "?".to_owned(), |query| format!("?{query}"));
    let asked = (request.method.as_str(), request.uri.path(), &*query);
    let claim = Claim::read(asked, |name| text(&request.headers, name));
    let name = claim.name().to_owned();
    let partner = node.read(move |db, _| Ok(db.partner(&name)?)).await?;
    let name = partner.as_ref().map(|partner| partner.name().clone());
    let keys = node.stranger.keys_of(partner);
    claim.judge(node.state.name(), &keys, &node.stranger).map_err(denied)?;
    node.nonces.admit(claim.parameters(), clock::seconds(&clock::now())).map_err(denied)?;
    name.map(Caller::Partner).ok_or_else(|| denied(Denied::NotAPartner))
}

/// The body must be the one whose digest was signed.
pub(crate) fn check_digest(headers: &HeaderMap, body: &[u8]) -> Result<(), Problem> {
    if text(headers, "content-digest") == Some(&*access::content_digest(body)) {
        Ok(())
    } else {
        Err(denied(Denied::Digest))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn denied(why: Denied) -> Problem {
    if let Some(left_out) = NOT_LET_IN.admit(Instant::now()) {
        tracing::info!(%why, left_out, "a request to the channel was not let in");
    }
    Problem::new(why.code(), why.to_string()).status(StatusCode::UNAUTHORIZED)
}
