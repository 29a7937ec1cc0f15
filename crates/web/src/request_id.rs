//! A name for each request: in its answer, in the problem document, and in the log, so that a number
//! read out on the telephone finds the line.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use forewarn_node::clock;
use tracing::Instrument as _;

/// The header of the answer.
const HEADER: HeaderName = HeaderName::from_static("request-id");
/// Characters of a name.
const LENGTH: usize = 12;

tokio::task_local! {
    static CURRENT: String;
}

/// The name of the request that is being answered, where one is.
pub(crate) fn current() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Names a request while it is answered.
pub(crate) async fn name(request: Request, next: Next) -> Response {
    let id: String = clock::seed().to_string().chars().take(LENGTH).collect();
    // Strangers on the channel are answered in the same bytes, each time.
    let is_told = !request.uri().path().starts_with("/channel/");
    let span = tracing::info_span!("request", id);
    let answering = CURRENT.scope(id.clone(), next.run(request).instrument(span));
    let mut response = answering.await;
    if is_told && let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
