//! `POST /api/v1/intakes?source=…&grade=…&name=…&format=…`: a bundle, an envelope or a text.

use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use forewarn_exchange::scale::{Grade, NotAGrade};
use forewarn_node::engine::{IntakeWork, Taken, Work};
use forewarn_node::intake::{Destination, Format, NotTaken, Sorted, guess, sort_stix, sort_text};
use forewarn_store::intake::NewIntake;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most bytes at once; the command line sends a larger bundle in parts.
const MAX_INTAKE_BYTES: usize = 32 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    source: Option<String>,
    grade: Option<String>,
    name: Option<String>,
    format: Option<Format>,
}

pub(crate) async fn take(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    check_grade(asked.grade.as_deref())?;
    let bytes = body::read(&headers, body, MAX_INTAKE_BYTES).await?;
    let format = asked.format.unwrap_or_else(|| guess(bytes.get(..4096).unwrap_or(&bytes)));
    // What is taken in by hand goes to the first collection.
    let Some((collection, inlet)) = node.collections.first_inlet() else {
        let detail = "the node has no collection that takes things in";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-collection", detail)
            .hint("add a [[collection]] to forewarn.toml"));
    };
    let accepts = inlet.accepts.clone();
    let judged = tokio::task::spawn_blocking(move || {
        sort(format, bytes, Destination { collection, accepts: &accepts })
    })
    .await;
    let stopped = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "stopping");
    let bad = |e: NotTaken| {
        let detail = format!("{e}; nothing of it was taken in");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not-taken", detail)
    };
    let sorted = judged.map_err(stopped)?.map_err(bad)?;
    let ids: Vec<String> = sorted.items.iter().map(|item| item.id.clone()).take(10).collect();
    let refused: Vec<Value> = sorted
        .refused
        .iter()
        .take(10)
        .map(|one| json!({ "position": one.position, "id": one.id, "reasons": one.reasons }))
        .collect();
    // Whom it comes from is what the caller says, whatever the collection has.
    let intake = NewIntake {
        source: asked.source,
        grade: asked.grade,
        name: asked.name,
        ..inlet.intake(caller.name(), String::new())
    };
    let Sorted { items, refused: quarantined, .. } = sorted;
    let work = Work::Intake(IntakeWork { intake, items, refused: quarantined });
    let answer = node.work(caller.name(), work).await?;
    let taken: Taken = serde_json::from_value(answer).unwrap_or_default();
    Ok(Json(json!({
        "added": taken.added, "known": taken.known.len(), "refused": taken.refused,
        "ids": ids, "reasons": refused, "format": format,
    })))
}

fn sort(format: Format, bytes: Vec<u8>, to: Destination<'_>) -> Result<Sorted, NotTaken> {
    match format {
        Format::Stix => sort_stix(&bytes[..], to),
        Format::Text => sort_text(bytes),
        Format::Misp => Err(NotTaken::Misp),
    }
}

fn check_grade(grade: Option<&str>) -> Result<(), Problem> {
    let Some(grade) = grade else { return Ok(()) };
    let bad = |e: NotAGrade| Problem::new(StatusCode::BAD_REQUEST, "grade", e.to_string());
    Grade::parse(grade).map(drop).map_err(bad)
}
