//! `GET /taxii2/` (TAXII 2.1 §4.1).

use super::error::Error;
use super::reply;
use crate::app::App;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use forewarn_taxii::resource::Discovery;

pub(crate) async fn discovery(
    State(node): State<App>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    // §4.1.1: relative, so that it is right whatever stands in between.
    let root = "/taxii2/api/".to_owned();
    let discovery = Discovery {
        title: title(&node),
        description: node.config().taxii.description.clone(),
        contact: node.config().taxii.contact.clone(),
        default: Some(root.clone()),
        api_roots: vec![root],
    };
    Ok(reply::json(StatusCode::OK, &discovery))
}

/// What clients are told that this is.
pub(crate) fn title(node: &App) -> String {
    let title = node.config().taxii.title.clone();
    title.unwrap_or_else(|| format!("{} (Forewarn)", node.config().node.organisation))
}
