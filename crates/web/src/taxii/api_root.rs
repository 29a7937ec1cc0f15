//! `GET /taxii2/api/` (TAXII 2.1 §4.2).

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
        title: node.config.node.organisation.clone(),
        description: None,
        versions: vec![media::TAXII.to_owned()],
        max_content_length: reply::MAX_CONTENT_LENGTH as u64,
    };
    Ok(reply::json(StatusCode::OK, &root))
}
