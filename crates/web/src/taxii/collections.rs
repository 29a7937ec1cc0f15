//! `GET /taxii2/api/collections/` and `…/{id}/` (TAXII 2.1 §5.1, §5.2).

use super::error::Error;
use super::reply::{self, Path};
use crate::app::App;
use crate::caller::Caller;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use forewarn_exchange::user::Permission;
use forewarn_node::config::CollectionSection;
use forewarn_taxii::resource::{Collection, Collections, STIX_MEDIA};

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let collections = node.config.collections.iter().map(|one| shown(one, &caller)).collect();
    Ok(reply::json(StatusCode::OK, &Collections { collections }))
}

pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let (_, collection) = reply::collection(&node, &id)?;
    Ok(reply::json(StatusCode::OK, &shown(collection, &caller)))
}

fn shown(one: &CollectionSection, caller: &Caller) -> Collection {
    Collection {
        id: one.id.clone(),
        title: one.title.clone(),
        description: None,
        alias: Some(one.alias.clone()),
        can_read: reply::may_read(caller),
        can_write: matches!(caller, Caller::User(user) if user.permits(Permission::TakeIn)),
        media_types: vec![STIX_MEDIA.to_owned()],
    }
}
