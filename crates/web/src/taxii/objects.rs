//! `GET …/objects/` and `…/objects/{object}/` (TAXII 2.1 §5.4, §5.6): stored bytes, as they came.

use super::error::Error;
use super::reply::{self, Path};
use crate::app::App;
use crate::problem::Problem;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use forewarn_stix::Timestamp;
use forewarn_store::page::Page;
use forewarn_taxii::{Filter, envelope};

pub(crate) async fn get(
    State(node): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let (number, _) = reply::collection(&node, &id)?;
    let filter = filter(query.as_deref())?;
    let page = node.read(move |db, _| Ok(db.page(number, &filter)?)).await?;
    Ok(answer(&page))
}

pub(crate) async fn one(
    State(node): State<App>,
    Path((id, object)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let (number, _) = reply::collection(&node, &id)?;
    let mut filter = filter(query.as_deref())?;
    filter.ids = vec![object.clone()];
    let page = node
        .read(move |db, _| {
            let known = db.has_object(number, &object)?;
            Ok(if known { Some(db.page(number, &filter)?) } else { None })
        })
        .await?;
    let page = page.ok_or_else(|| {
        Error::new(StatusCode::NOT_FOUND, "not-found", "the collection has no such object")
    })?;
    Ok(answer(&page))
}

/// The query's filters, decoded.
pub(crate) fn filter(query: Option<&str>) -> Result<Filter, Error> {
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let bad = |e| Problem::new(StatusCode::BAD_REQUEST, "bad-parameter", format!("{e}"));
    Ok(Filter::parse(pairs).map_err(bad)?)
}

fn answer(page: &Page) -> Response {
    let next = page.more.then(|| page.last.to_string());
    let body = envelope::write(page.objects.iter().map(Vec::as_slice), next.as_deref());
    let mut response = reply::bytes(StatusCode::OK, body);
    added(&mut response, page.first, page.last, page.objects.is_empty());
    response
}

/// `X-TAXII-Date-Added-First` and `-Last` (§3.1.1), to the microsecond.
pub(crate) fn added(response: &mut Response, first: i64, last: i64, empty: bool) {
    if empty {
        return;
    }
    for (name, micros) in [("x-taxii-date-added-first", first), ("x-taxii-date-added-last", last)] {
        let text = Timestamp::from_micros(micros).map(|time| time.to_string());
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
}
