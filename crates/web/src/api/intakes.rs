//! `POST /api/v1/intakes?source=…&grade=…&name=…&format=…`: a bundle, an envelope or a text.

use crate::app::App;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use forewarn_exchange::ids::Ids;
use forewarn_node::clock;
use forewarn_node::engine::{IntakeWork, Work};
use forewarn_node::intake::{Format, NotTaken, Sorted, guess, sort_stix, sort_text};
use forewarn_store::item::NewIntake;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most bytes at once; the command line sends a larger bundle in parts.
const MAX_INTAKE_BYTES: usize = 32 << 20;
/// The collection that items taken in by hand go to: the first of the configuration.
const FIRST_COLLECTION: i64 = 1;

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
    let judged = tokio::task::spawn_blocking(move || sort(format, bytes)).await;
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
    let intake = NewIntake {
        id: Ids::new(clock::seed()).uuid(),
        time: clock::now().to_string(),
        actor: caller.name().to_owned(),
        source: asked.source,
        grade: asked.grade,
        name: asked.name,
    };
    let Sorted { items, refused: quarantined, .. } = sorted;
    let work = Work::Intake(IntakeWork { intake, items, refused: quarantined });
    let mut answer = node.work(caller.name(), work).await?;
    if let Some(map) = answer.as_object_mut() {
        map.remove("outcomes");
        map.insert("ids".to_owned(), json!(ids));
        map.insert("reasons".to_owned(), json!(refused));
        map.insert("format".to_owned(), json!(format));
    }
    Ok(Json(answer))
}

fn sort(format: Format, bytes: Vec<u8>) -> Result<Sorted, NotTaken> {
    match format {
        Format::Stix => sort_stix(&bytes[..], FIRST_COLLECTION),
        Format::Text => sort_text(bytes),
        Format::Misp => Err(NotTaken::Misp),
    }
}

/// The Admiralty system: A to F for the source, 1 to 6 for the information.
fn check_grade(grade: Option<&str>) -> Result<(), Problem> {
    let Some(grade) = grade else { return Ok(()) };
    if matches!(grade.as_bytes(), [b'A'..=b'F', b'1'..=b'6']) {
        return Ok(());
    }
    let detail =
        format!("`{grade}` is not a grade: A to F for the source, 1 to 6 for what it says");
    Err(Problem::new(StatusCode::BAD_REQUEST, "grade", detail).hint("such as B2"))
}
