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
    let root = format!("{}/taxii2/api/", node.config.node.url.trim_end_matches('/'));
    let discovery = Discovery {
        title: format!("{} (Forewarn)", node.config.node.organisation),
        description: None,
        contact: None,
        default: Some(root.clone()),
        api_roots: vec![root],
    };
    Ok(reply::json(StatusCode::OK, &discovery))
}
