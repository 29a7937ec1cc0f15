//! Headers of every answer below `/desk`: nothing but our own stylesheet and script, no frame, no
//! other site, nothing kept.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// No inline script or style, no foreign origin; scripts make no HTML out of text. A form may go to
/// this desk only.
const CONTENT: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                       connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                       base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Each header. The referrer stays within the desk: with none at all, a form would say that it comes
/// from nowhere, and could not be told from another site's.
static HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ),
];

/// Whether a path is the desk's.
pub(crate) fn is_desk(path: &str) -> bool {
    path == "/desk" || path.starts_with(super::ROOT)
}

/// Puts them on.
pub(crate) async fn put(request: Request, next: Next) -> Response {
    let desk = is_desk(request.uri().path());
    let mut request = request;
    // HTTP/2 names the host in the target (RFC 9113 §8.3.1).
    if let Some(host) = request.uri().authority().and_then(|host| host.as_str().parse().ok()) {
        request.headers_mut().entry(header::HOST).or_insert(host);
    }
    let mut response = next.run(request).await;
    if desk {
        let headers = response.headers_mut();
        for (name, value) in &HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        headers.append(header::VARY, HeaderValue::from_static("cookie, accept-language"));
    }
    response
}
