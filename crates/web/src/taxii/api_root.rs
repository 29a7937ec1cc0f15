//! `GET /taxii2/api/` (TAXII 2.1 §4.2).

use super::discovery;
use super::error::Error;
use super::reply;
use crate::app::App;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use forewarn_taxii::media;
use forewarn_taxii::resource::ApiRoot;

pub(crate) async fn api_root(
    State(node): State<App>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let root = ApiRoot {
        title: discovery::title(&node),
        description: node.config().taxii.description.clone(),
        versions: vec![media::TAXII.to_owned()],
        max_content_length: node.config().taxii.max_content_length,
    };
    Ok(reply::json(StatusCode::OK, &root))
}
