//! `POST …/objects/` (TAXII 2.1 §5.5): all of an envelope is judged; durable before 202.

use super::error::Error;
use super::reply::{self, MAX_CONTENT_LENGTH, Path};
use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use forewarn_exchange::ids::Ids;
use forewarn_node::engine::{IntakeWork, Work};
use forewarn_node::intake::{NotTaken, Place, Sorted, sort_stix};
use forewarn_node::{clock, intake};
use forewarn_stix::Timestamp;
use forewarn_store::item::NewIntake;
use forewarn_taxii::media;
use forewarn_taxii::resource::{Status, StatusDetail};
use serde_json::Value;

pub(crate) async fn add(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    if !media::is_content(kind) {
        let detail = format!("the body must be {}", media::TAXII);
        return Err(Error::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", detail));
    }
    let (number, collection) = reply::collection(&node, &id)?;
    let bytes = body::read(&headers, body, MAX_CONTENT_LENGTH).await?;
    if intake::guess(bytes.get(..4096).unwrap_or(&bytes)) == intake::Format::Misp {
        return Err(bad_envelope(&NotTaken::Misp));
    }
    let judged = tokio::task::spawn_blocking(move || sort_stix(&bytes[..], number)).await;
    let sorted = judged.map_err(|_| stopped())?.map_err(|e| bad_envelope(&e))?;
    if sorted.order.is_empty() {
        return Err(bad_envelope(&NotTaken::NoObjects));
    }
    let taken = NewIntake {
        id: Ids::new(clock::seed()).uuid(),
        time: clock::now().to_string(),
        actor: caller.name().to_owned(),
        source: collection.source.clone(),
        grade: collection.grade.clone(),
        name: Some(format!("TAXII {}", collection.alias)),
    };
    let outline = Outline::of(&sorted);
    let Sorted { items, refused, .. } = sorted;
    let (status_id, time) = (taken.id.clone(), taken.time.clone());
    let work = Work::Intake(IntakeWork { intake: taken, items, refused });
    let answer = node.work(caller.name(), work).await?;
    let status = outline.status(status_id, time, &answer);
    Ok(reply::json(StatusCode::ACCEPTED, &status))
}

fn bad_envelope(why: &NotTaken) -> Error {
    Error::new(
        StatusCode::BAD_REQUEST,
        "bad-envelope",
        format!("{why}; nothing of it was taken in"),
    )
}

fn stopped() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "the node is stopping")
}

/// What the status needs to know of each object, kept while the objects themselves are stored.
struct Outline {
    items: Vec<(String, i64)>,
    refused: Vec<(String, String)>,
    order: Vec<Place>,
}

impl Outline {
    fn of(sorted: &Sorted) -> Outline {
        let items = sorted.items.iter().map(|item| (item.id.clone(), item.version));
        let refused = sorted.refused.iter().map(|one| {
            let reasons = one.reasons.iter();
            let words: Vec<String> =
                reasons.map(|r| format!("{} ({} at {})", r.message, r.rule, r.path)).collect();
            (one.id.clone().unwrap_or_default(), words.join("; "))
        });
        let order = sorted.order.clone();
        Outline { items: items.collect(), refused: refused.collect(), order }
    }

    fn status(&self, id: String, time: String, answer: &Value) -> Status {
        let outcomes = answer.get("outcomes").and_then(Value::as_array);
        let outcome = |n: usize| {
            let pair = outcomes.and_then(|list| list.get(n));
            let word = pair.and_then(|pair| pair.get(0)?.as_str());
            (word, pair.and_then(|pair| pair.get(1)?.as_i64()).unwrap_or(0))
        };
        let (mut successes, mut failures) = (Vec::new(), Vec::new());
        for place in &self.order {
            match place {
                Place::Item(n) => {
                    let Some((id, version)) = self.items.get(*n) else { continue };
                    let (word, added) = outcome(*n);
                    let (message, list) = match word {
                        Some("differs") => (Some(DIFFERS.to_owned()), &mut failures),
                        Some("known") => (Some("was here already".to_owned()), &mut successes),
                        _ => (None, &mut successes),
                    };
                    // Without a version of its own: the time at which it was added.
                    let version = if *version == 0 { added } else { *version };
                    let version = Timestamp::from_micros(version).map(String::from);
                    let version = version.unwrap_or_default();
                    list.push(StatusDetail { id: id.clone(), version, message });
                }
                Place::Refused(n) => {
                    let Some((id, why)) = self.refused.get(*n) else { continue };
                    let (id, message) = (id.clone(), Some(why.clone()));
                    failures.push(StatusDetail { id, version: time.clone(), message });
                }
            }
        }
        Status::complete(id, time, successes, failures)
    }
}

const DIFFERS: &str =
    "this id and version is here already with other content; a change needs a later `modified`";
