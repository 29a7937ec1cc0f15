//! `GET …/objects/{object}/versions/` (TAXII 2.1 §5.8).

use super::error::Error;
use super::objects;
use super::reply::{self, Path};
use crate::app::App;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use forewarn_stix::Timestamp;
use forewarn_taxii::filter::Version;
use serde_json::json;

pub(crate) async fn versions(
    State(node): State<App>,
    Path((id, object)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let (number, _) = reply::collection(&node, &id)?;
    let mut filter = objects::filter(query.as_deref())?;
    filter.ids = vec![object.clone()];
    filter.versions = vec![Version::All];
    let listed = node
        .read(move |db, _| {
            let known = db.has_object(number, &object)?;
            Ok(if known { Some(db.manifest(number, &filter)?) } else { None })
        })
        .await?;
    let (listed, more) = listed.ok_or_else(|| {
        Error::new(StatusCode::NOT_FOUND, "not-found", "the collection has no such object")
    })?;
    let version = |micros| Timestamp::from_micros(micros).map(String::from);
    let times = listed.iter().map(|l| version(if l.version == 0 { l.added } else { l.version }));
    let (first, last) =
        (listed.first().map_or(0, |l| l.added), listed.last().map_or(0, |l| l.added));
    let empty = listed.is_empty();
    let mut body = if empty {
        json!({})
    } else {
        json!({ "more": more, "versions": times.collect::<Vec<_>>() })
    };
    if let (true, Some(map)) = (more, body.as_object_mut()) {
        map.insert("next".to_owned(), last.to_string().into());
    }
    let mut response = reply::json(StatusCode::OK, &body);
    objects::added(&mut response, first, last, empty);
    Ok(response)
}
