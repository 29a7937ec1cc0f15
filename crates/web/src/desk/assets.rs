//! The stylesheet and the script: one of each for every page, compressed once, kept by their digest.

use crate::compress::Coding;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use forewarn_transcript::Hash;
use std::sync::LazyLock;

const STYLE: &str = include_str!("../../templates/desk/desk.css");

/// A file as it is sent.
struct Asset {
    kind: &'static str,
    plain: Vec<u8>,
    gzip: Vec<u8>,
    zstd: Vec<u8>,
    is_little: bool,
    tag: String,
}

impl Asset {
    fn of(kind: &'static str, text: &str) -> Asset {
        let plain = text.as_bytes().to_vec();
        let (gzip, coded) = Coding::Gzip.apply(plain.clone());
        let (zstd, _) = Coding::Zstd.apply(plain.clone());
        let is_little = coded == Coding::Identity;
        Asset { kind, is_little, tag: format!("\"{}\"", Hash::of(&plain)), plain, gzip, zstd }
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let mut response = Response::new(Body::empty());
        let out = response.headers_mut();
        if let Ok(tag) = HeaderValue::try_from(&*self.tag) {
            out.insert(header::ETAG, tag);
        }
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        if known == Some(&self.tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        // What is little is not compressed.
        let coding = if self.is_little { Coding::Identity } else { Coding::of(headers) };
        let body = match coding {
            Coding::Identity => self.plain.clone(),
            Coding::Gzip => self.gzip.clone(),
            Coding::Zstd => self.zstd.clone(),
        };
        if let Some(name) = coding.name() {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        *response.body_mut() = Body::from(body);
        response
    }
}

static STYLES: LazyLock<Asset> = LazyLock::new(|| Asset::of("text/css; charset=utf-8", STYLE));

const SCRIPT: &str = include_str!("../../templates/desk/desk.js");

static SCRIPTS: LazyLock<Asset> =
    LazyLock::new(|| Asset::of("text/javascript; charset=utf-8", SCRIPT));

/// Nothing, as a picture: it lies on a map that is clicked on.
const CLEAR: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\" \
                     preserveAspectRatio=\"none\"/>";

static CLEARS: LazyLock<Asset> = LazyLock::new(|| Asset::of("image/svg+xml", CLEAR));

pub(crate) async fn clear(headers: HeaderMap) -> Response {
    std::future::ready(CLEARS.answer(&headers)).await
}

pub(crate) async fn script(headers: HeaderMap) -> Response {
    std::future::ready(SCRIPTS.answer(&headers)).await
}

pub(crate) async fn style(headers: HeaderMap) -> Response {
    std::future::ready(STYLES.answer(&headers)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a telephone loads at a bad place at night.
    const MOST: usize = 20 << 10;

    /// It makes no page out of text, and calls nobody but this desk.
    #[test]
    fn the_script_is_light_and_makes_no_page_out_of_text() {
        assert!(SCRIPTS.gzip.len() < MOST, "{}", SCRIPTS.gzip.len());
        for barred in
            ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "http"]
        {
            assert!(!SCRIPT.replace("XMLHttpRequest", "").contains(barred), "{barred}");
        }
    }

    #[test]
    fn the_stylesheet_is_light_and_asks_for_nothing_from_elsewhere() {
        assert!(STYLES.gzip.len() < MOST, "{}", STYLES.gzip.len());
        for foreign in ["url(", "@import", "http:", "https:"] {
            assert!(!STYLE.contains(foreign), "{foreign}");
        }
    }
}
