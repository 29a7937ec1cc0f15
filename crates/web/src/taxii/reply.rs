//! What every TAXII endpoint does: looks at `Accept`, answers with the one media type.

use super::error::Error;
use crate::compress::Coding;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use forewarn_exchange::Code;
use forewarn_node::shares::Share;
use forewarn_stix::Timestamp;
use forewarn_store::page::Place;
use forewarn_taxii::media;
use http_body::{Frame, SizeHint};
use serde::Serialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A page shorter than this does not count as one in memory; longer ones are watched
/// (`crate::slow`).
const SMALL: usize = crate::slow::WATCHED;
/// What goes out at a time.
const PIECE: usize = 256 << 10;

/// Parameters of a path; what cannot be read in one is said in TAXII's own error object.
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Error> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(e) => Err(Error::new(Code::BadPath, e.body_text())),
        }
    }
}

/// 406 unless the client takes TAXII 2.1 (§3.1).
pub(crate) fn accepted(headers: &HeaderMap) -> Result<(), Error> {
    let ranges: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .iter()
        .map(|v| v.to_str().unwrap_or("unreadable"))
        .collect();
    if ranges.is_empty() || media::accepts(Some(&ranges.join(","))) {
        return Ok(());
    }
    let detail = format!("only {} is served here", media::TAXII);
    Err(Error::new(Code::NotAcceptable, detail))
}

pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let body = serde_json::to_vec(value).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, media::TAXII)], body).into_response()
}

/// A body as it goes out: made, and compressed, where waiting holds up nobody.
pub(crate) struct Sent {
    body: Held,
    coding: Coding,
    place: Place,
}

/// Bytes that count as a page in memory until they have gone.
struct Held {
    parts: VecDeque<Bytes>,
    share: Option<Share>,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(share) = &self.share {
            share.moved();
        }
        // Piece by piece: what was handed over is in buffers that we do not count.
        let piece = self.parts.front_mut().map(|part| part.split_to(part.len().min(PIECE)));
        if self.parts.front().is_some_and(Bytes::is_empty) {
            self.parts.pop_front();
        }
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.parts.iter().map(Bytes::len).sum::<usize>() as u64)
    }
}

impl Sent {
    /// The parts go out one after the other; nothing is copied unless it is compressed.
    pub(crate) fn new<const N: usize>(
        parts: [Vec<u8>; N],
        coding: Coding,
        page: (Place, Share),
    ) -> Sent {
        let (place, share) = page;
        let (parts, coding): (VecDeque<Bytes>, Coding) = match coding {
            Coding::Identity => {
                let parts = parts.into_iter().filter(|part| !part.is_empty()).map(Bytes::from);
                (parts.collect(), coding)
            }
            Coding::Gzip | Coding::Zstd => {
                let (bytes, coding) = coding.apply(parts.concat());
                (VecDeque::from([Bytes::from(bytes)]), coding)
            }
        };
        // A small page, as it goes out, takes no memory to speak of: it keeps nobody waiting.
        let small = parts.iter().map(Bytes::len).sum::<usize>() < SMALL;
        let share = (!small).then_some(share);
        Sent { body: Held { parts, share }, coding, place }
    }

    pub(crate) fn json(value: &impl Serialize, coding: Coding, page: (Place, Share)) -> Sent {
        Sent::new([serde_json::to_vec(value).unwrap_or_default()], coding, page)
    }
}

impl IntoResponse for Sent {
    /// Adds `X-TAXII-Date-Added-First` and `-Last` (§3.2), to the microsecond.
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, media::TAXII)];
        let mut response = (StatusCode::OK, kind, Body::new(self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
        if let Some(name) = self.coding.name() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        if let Some((first, last)) = self.place.added {
            for (name, micros) in
                [("x-taxii-date-added-first", first), ("x-taxii-date-added-last", last)]
            {
                let text = Timestamp::from_micros(micros).map(|time| time.to_string());
                if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
                    headers.insert(HeaderName::from_static(name), value);
                }
            }
        }
        response
    }
}
