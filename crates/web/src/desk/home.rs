//! `GET /` and `GET /desk`: on to the desk.

use super::ROOT;
use crate::problem::Problem;
use axum::http::{HeaderMap, header};
use axum::response::Redirect;
use forewarn_exchange::Code;

pub(crate) async fn to_desk() -> Redirect {
    std::future::ready(Redirect::to(ROOT)).await
}

/// Whoever reads pages is led to the desk. For a program that looks for something at the address of
/// the node, a TAXII client say, nothing is there.
pub(crate) async fn from_root(headers: HeaderMap) -> Result<Redirect, Problem> {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/html")) {
        return Ok(to_desk().await);
    }
    Err(Problem::new(Code::NotFound, "nothing is at /"))
}
