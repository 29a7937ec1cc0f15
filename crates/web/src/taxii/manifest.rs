//! `GET …/manifest/` (TAXII 2.1 §5.3).

use super::error::Error;
use super::objects;
use super::reply::{self, Path};
use crate::app::App;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use forewarn_stix::Timestamp;
use forewarn_taxii::resource::STIX_MEDIA;
use serde_json::{Value, json};

pub(crate) async fn manifest(
    State(node): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let (number, _) = reply::collection(&node, &id)?;
    let filter = objects::filter(query.as_deref())?;
    let (listed, more) = node.read(move |db, _| Ok(db.manifest(number, &filter)?)).await?;
    let time = |micros| Timestamp::from_micros(micros).map(String::from);
    let lines: Vec<Value> = listed
        .iter()
        .map(|one| {
            // §5.3.1: an object without a version of its own has the time at which it was added.
            let version = if one.version == 0 { one.added } else { one.version };
            json!({
                "id": one.id, "date_added": time(one.added), "version": time(version),
                "media_type": STIX_MEDIA,
            })
        })
        .collect();
    let (first, last) =
        (listed.first().map_or(0, |l| l.added), listed.last().map_or(0, |l| l.added));
    let empty = lines.is_empty();
    let mut body = if empty { json!({}) } else { json!({ "more": more, "objects": lines }) };
    if let (true, Some(map)) = (more, body.as_object_mut()) {
        // §5.3 leaves a manifest to be paged by `added_after`; clients page it by `next` all the
        // same, and one that is told of more without a `next` asks for the first page for ever.
        map.insert("next".to_owned(), last.to_string().into());
    }
    let mut response = reply::json(StatusCode::OK, &body);
    objects::added(&mut response, first, last, empty);
    Ok(response)
}
