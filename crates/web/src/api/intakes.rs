//! `POST /api/v1/intakes?source=…&grade=…&name=…&format=…`: a bundle, an envelope or a text.

use super::items::broken_rule;
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::Code;
use forewarn_exchange::gate::Withheld;
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::scale::{Grade, NotAGrade};
use forewarn_node::intake::{
    Bearer, Destination, Fate, Format, NotTaken, ObjectOutcome, guess, judge,
};
use forewarn_view::item::{InputFormat, RefusedObject, TakenIn};
use serde::Deserialize;

/// Most bytes at once; the command line sends a larger bundle in parts.
const MAX_INTAKE_BYTES: usize = 32 << 20;
/// Most ids, and most refusals, that one answer names.
const MAX_NAMED: usize = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntakeQuery {
    source: Option<String>,
    grade: Option<String>,
    name: Option<String>,
    format: Option<Format>,
}

pub(crate) async fn take(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<IntakeQuery>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<TakenIn>, Problem> {
    check_grade(asked.grade.as_deref())?;
    asked.source.as_deref().map_or(Ok(()), Withheld::check_handle)?;
    let read = body::read((&node, &asker), &headers, body, MAX_INTAKE_BYTES).await?;
    let (bytes, _share) = read.into_parts();
    let format = asked.format.unwrap_or_else(|| guess(bytes.get(..4096).unwrap_or(&bytes)));
    // What is taken in by hand goes to the first collection.
    let Some((collection, inlet)) = node.collections.first_inlet() else {
        let detail = "the node has no collection that takes things in";
        return Err(Problem::new(Code::NoCollection, detail).hint(Hint::AddCollection));
    };
    let (number, accepts) = (collection.number, inlet.accepts.clone());
    let judged = tokio::task::spawn_blocking(move || {
        judge(format, bytes, Destination { collection: number, accepts: &accepts })
    });
    let stopped = |_| Problem::new(Code::Busy, "the node is stopping").retry_after(1);
    let bad =
        |e: NotTaken| Problem::new(Code::NotTaken, format!("{e}; nothing of it was taken in"));
    let sorted = judged.await.map_err(stopped)?.map_err(bad)?;
    let ids = sorted.items.iter().map(|item| item.id.clone()).take(MAX_NAMED).collect();
    let reasons = sorted.refused.iter().take(MAX_NAMED).map(|one| RefusedObject {
        position: one.position,
        id: one.id.clone(),
        reasons: one.reasons.iter().cloned().map(broken_rule).collect(),
    });
    let reasons = reasons.collect();
    let (actor, name) = (caller.actor(), asked.name);
    let bearer = Bearer { actor, name, source: None, grade: None };
    // Whom it comes from is what the caller says, whatever the collection has.
    let ongoing = node.intakes.begin(collection, inlet, bearer).from(asked.source, asked.grade);
    let (first, outcomes) = ongoing.part_from(sorted).await?;
    let count = |is: fn(&ObjectOutcome) -> bool| outcomes.iter().filter(|one| is(one)).count();
    Ok(Json(TakenIn {
        first,
        added: count(|one| one.fate == Fate::Added),
        known: count(|one| one.fate == Fate::Known),
        refused: count(|one| matches!(one.fate, Fate::Refused(_))),
        ids,
        reasons,
        format: match format {
            Format::Stix => InputFormat::Stix,
            Format::Text => InputFormat::Text,
            Format::Misp => InputFormat::Misp,
        },
    }))
}

fn check_grade(grade: Option<&str>) -> Result<(), Problem> {
    let Some(grade) = grade else { return Ok(()) };
    let bad = |e: NotAGrade| Problem::new(Code::Grade, e.to_string());
    Grade::parse(grade).map(drop).map_err(bad)
}
