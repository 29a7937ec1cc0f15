//! What every TAXII endpoint does: looks at `Accept`, answers with the one media type.

use super::error::Error;
use crate::app::App;
use crate::caller::Caller;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use forewarn_exchange::user::Permission;
use forewarn_node::config::CollectionSection;
use forewarn_taxii::media;
use serde::Serialize;

/// Most bytes of a POST: `max_content_length` of the API root, held to exactly.
pub(crate) const MAX_CONTENT_LENGTH: usize = 32 << 20;

/// Parameters of a path; what cannot be read in one is said in TAXII's own error object.
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Error> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(e) => Err(Error::new(StatusCode::BAD_REQUEST, "bad-path", e.body_text())),
        }
    }
}

/// 406 unless the client takes TAXII 2.1 (§3.1).
pub(crate) fn accepted(headers: &HeaderMap) -> Result<(), Error> {
    let accept = headers.get(header::ACCEPT).map(|v| v.to_str().unwrap_or("unreadable"));
    if media::accepts(accept) {
        return Ok(());
    }
    let detail = format!("only {} is served here", media::TAXII);
    Err(Error::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", detail))
}

pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    bytes(status, serde_json::to_vec(value).unwrap_or_default())
}

pub(crate) fn bytes(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, media::TAXII)], body).into_response()
}

/// Whether the caller may read what is stored.
pub(crate) fn may_read(caller: &Caller) -> bool {
    match caller {
        Caller::User(user) => user.permits(Permission::Read),
        Caller::Owner => true,
        Caller::Partner(_) => false,
    }
}

/// A collection by its id or alias, with its number in the store.
pub(crate) fn collection<'a>(
    node: &'a App,
    name: &str,
) -> Result<(i64, &'a CollectionSection), Error> {
    let mut numbered = (1i64..).zip(&node.config.collections);
    let found = numbered.find(|(_, one)| one.id == name || one.alias == name);
    found.ok_or_else(|| {
        Error::new(StatusCode::NOT_FOUND, "not-found", format!("there is no collection `{name}`"))
    })
}
