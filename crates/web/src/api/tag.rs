//! Entity tags (RFC 9110 §8.8.3): what is shown says which version it is, and an act may be asked for on
//! that version alone.

use crate::problem::Problem;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use forewarn_engine::seen_now;
use forewarn_exchange::Code;
use forewarn_exchange::watched::{Seen, Watched};
use forewarn_node::Failure;
use forewarn_store::Db;
use serde::Serialize;

/// Something with its version: both read from one snapshot.
pub(crate) struct Tagged<T> {
    pub(crate) shown: T,
    pub(crate) seen: Option<Seen>,
}

impl<T> Tagged<T> {
    /// With the version in which it stands in this snapshot.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn of(db: &Db<'_>, shown: T, what: &Watched) -> Result<Tagged<T>, Failure> {
        Ok(Tagged { shown, seen: seen_now(db, what)? })
    }
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut answer = Json(self.shown).into_response();
        let tag = self.seen.and_then(|seen| HeaderValue::try_from(format!("\"{seen}\"")).ok());
        if let Some(tag) = tag {
            answer.headers_mut().insert(header::ETAG, tag);
        }
        answer
    }
}

/// The version that an act is asked for on (`If-Match`, RFC 9110 §13.1.1). One tag is taken: an act is on
/// one thing.
pub(crate) fn wanted(headers: &HeaderMap) -> Result<Option<Seen>, Problem> {
    let mut all = headers.get_all(header::IF_MATCH).iter();
    let Some(value) = all.next() else { return Ok(None) };
    let bad = |why: String| {
        Problem::new(Code::BadRequest, format!("`If-Match`: {why}"))
            .advice("give the ETag of what was read, in its quotes: \"case-3.17\"")
    };
    if all.next().is_some() {
        return Err(bad("it stands more than once".to_owned()));
    }
    let text = value.to_str().unwrap_or_default().trim();
    let tag = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let tag = tag.ok_or_else(|| bad("it is not one strong entity tag".to_owned()))?;
    tag.parse().map(Some).map_err(|e| bad(format!("{e}")))
}
