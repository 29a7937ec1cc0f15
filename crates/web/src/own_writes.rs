//! `Forewarn-Place`: an act is answered with it, and a reader who sends it sees that act at any node.

use crate::app::App;
use crate::problem::Problem;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::Response;
use forewarn_exchange::Code;
use forewarn_node::reading::NotHere;

const HEADER: HeaderName = HeaderName::from_static("forewarn-place");

/// Waits until what the caller has seen elsewhere is applied here.
pub(crate) async fn applied(node: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(place) = headers.get(HEADER) else { return Ok(()) };
    let place = place.to_str().unwrap_or_default();
    match node.reading.wait(node.state.engine(), place).await {
        Ok(()) => Ok(()),
        Err(NotHere::Unknown) => {
            let detail = "`Forewarn-Place` is not one that a node of this organisation has given";
            Err(Problem::new(Code::BadRequest, detail))
        }
        Err(NotHere::Late) => {
            let detail = "what `Forewarn-Place` names is not applied at this node yet";
            Err(Problem::new(Code::NotReady, detail).retry_after(1))
        }
    }
}

/// Says which place was reached by an act that was done.
pub(crate) fn told(node: &App, method: &Method, response: &mut Response) {
    if method.is_safe() || !response.status().is_success() {
        return;
    }
    let place = node.reading.place(node.state.engine());
    if let Some(value) = place.and_then(|place| HeaderValue::from_str(&place).ok()) {
        response.headers_mut().insert(HEADER, value);
    }
}
