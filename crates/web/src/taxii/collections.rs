//! `GET /taxii2/api/collections/` and `…/{id}/` (TAXII 2.1 §5.1, §5.2).

use super::access;
use super::error::Error;
use super::reply::{self, Path};
use crate::app::App;
use crate::caller::Caller;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use forewarn_node::collection::Collection as Configured;
use forewarn_taxii::resource::{Collection, Collections, STIX_MEDIA};

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let mut collections = Vec::new();
    for one in node.collections().iter() {
        let shown = shown(one, &caller);
        if (shown.can_read || shown.can_write) && access::is_open(&node, one).await? {
            collections.push(shown);
        }
    }
    Ok(reply::json(StatusCode::OK, &Collections { collections }))
}

pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let collection = access::visible(&node, &caller, &id).await?;
    Ok(reply::json(StatusCode::OK, &shown(&collection, &caller)))
}

fn shown(one: &Configured, caller: &Caller) -> Collection {
    Collection {
        id: one.id.clone(),
        title: one.title.clone(),
        description: one.description.clone(),
        alias: Some(one.alias.clone()),
        can_read: access::may_read(one, caller),
        can_write: access::may_write(one, caller),
        media_types: vec![STIX_MEDIA.to_owned()],
    }
}
