//! `DELETE …/objects/{object}/` (TAXII 2.1 §5.7). What is deleted is served no more; it stays on the
//! node's record, with who deleted it and when.

use super::access;
use super::error::Error;
use super::objects;
use super::reply::{self, Path};
use crate::app::App;
use crate::caller::Caller;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use forewarn_engine::DeleteWork;
use forewarn_taxii::media;

pub(crate) async fn delete(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path((id, object)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let collection = access::deletable(&node, &caller, &id).await?.number;
    let filter = objects::filter(query.as_deref())?;
    if !filter.wants_stix_2_1 {
        return Err(objects::no_object());
    }
    // §5.7 refers to §3.4, where the newest version is meant when none is named.
    let work = DeleteWork { collection, object, versions: filter.versions };
    if node.state.work(caller.actor(), work).await? == 0 {
        return Err(objects::no_object());
    }
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, media::TAXII)]).into_response())
}
