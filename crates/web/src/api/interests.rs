//! `GET /api/v1/interests`, and `POST …/test`: which would match a file, and why; changes nothing.

use crate::app::App;
use crate::body;
use crate::problem::Problem;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use forewarn_exchange::matching::Index;
use forewarn_node::intake::{Destination, Format, NotTaken, guess, sort_stix, sort_text};
use forewarn_node::{Failure, matcher};
use forewarn_store::interest::Registered;
use forewarn_store::item::Stored;
use serde_json::{Value, json};

/// Most bytes of a file that is tried.
const MAX_TEST_BYTES: usize = 32 << 20;

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<Registered>>, Problem> {
    Ok(Json(node.read(|db, _| Ok(db.interests()?)).await?))
}

pub(crate) async fn test(
    State(node): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Vec<Value>>, Problem> {
    let bytes = body::read(&headers, body, MAX_TEST_BYTES).await?;
    let bad = |e: NotTaken| Problem::new(StatusCode::BAD_REQUEST, "bad-file", e.to_string());
    let sorted = match guess(bytes.get(..4096).unwrap_or(&bytes)) {
        Format::Stix => {
            sort_stix(&bytes[..], Destination { collection: 0, accepts: &[] }).map_err(bad)?
        }
        Format::Text => sort_text(bytes).map_err(bad)?,
        Format::Misp => return Err(bad(NotTaken::Misp)),
    };
    let met = node
        .read(move |db, _| -> Result<Vec<Value>, Failure> {
            let theirs = db.interests()?.into_iter().filter(|known| !known.ours);
            let index = Index::new(theirs.map(|k| (k.partner, k.interest)).collect());
            let tried = sorted.items.into_iter().flat_map(|item| {
                let (id, bytes) = (item.id, item.bytes);
                let stored = Stored { seq: 0, intake: 0, id: id.clone(), source: None, bytes };
                let matches = index.matches(&matcher::terms(&stored));
                matches.into_iter().map(move |found| json!({ "item": id, "match": found }))
            });
            Ok(tried.collect())
        })
        .await?;
    Ok(Json(met))
}
