//! Lets a partner's node in by its signature, before its body is read.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use forewarn_exchange::partner::Standing;
use forewarn_node::access::{self, Denied, Parameters, Signed, TO};
use forewarn_node::clock;
use forewarn_transcript::Keys;

/// No key of the partner's has signed.
const NOT_KNOWN: Denied = Denied::NotAPartner;

/// The partner whose pinned key signed the request.
pub(crate) async fn admit(node: &App, request: &Parts) -> Result<Caller, Problem> {
    let headers = &request.headers;
    let digest = text(headers, "content-digest")?;
    let parameters = Parameters::parse(text(headers, "signature-input")?).map_err(denied)?;
    let to = text(headers, TO)?;
    if *to != **node.state.us().name() {
        return Err(denied(Denied::NotAPartner));
    }
    let name = parameters.keyid.clone();
    let partner = node.read(move |db, _| Ok(db.partner(&name)?)).await?;
    let confirmed = partner.filter(|p| matches!(p.standing, Standing::Confirmed { .. }));
    let partner = confirmed.ok_or_else(|| denied(Denied::NotAPartner))?;
    let query = request.uri.query().map_or_else(|| "?".to_owned(), |query| format!("?{query}"));
    let signed = Signed {
        method: request.method.as_str(),
        path: request.uri.path(),
        query: &query,
        digest,
        to,
    };
    let signature = text(headers, "signature")?;
    let check = |keys: &Keys| access::verify(&signed, &parameters, signature, &keys.ed25519);
    let checked = partner.valid_keys().iter().rev().map(check).find(|one| *one != Err(NOT_KNOWN));
    checked.unwrap_or(Err(NOT_KNOWN)).map_err(denied)?;
    node.nonces.admit(&parameters, clock::seconds(&clock::now())).map_err(denied)?;
    Ok(Caller::Partner(partner.name().clone()))
}

/// The body must be the one whose digest was signed.
pub(crate) fn check_digest(headers: &HeaderMap, body: &[u8]) -> Result<(), Problem> {
    if text(headers, "content-digest")? == access::content_digest(body) {
        Ok(())
    } else {
        Err(denied(Denied::Digest))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Problem> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.ok_or_else(|| denied(Denied::Unsigned))
}

fn denied(why: Denied) -> Problem {
    tracing::info!(%why, "a request to the channel was not let in");
    Problem::new(why.code(), why.to_string()).status(StatusCode::UNAUTHORIZED)
}
