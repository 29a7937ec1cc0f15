//! `POST /api/v1/intakes?source=…&grade=…&name=…&format=…`: STIX in any form, a text, or a document.

use super::items::broken_rule;
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::Code;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::gate::Withheld;
use forewarn_exchange::grading::Grading;
use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::refusal::Hint;
use forewarn_node::intake::{
    Bearer, Destination, Fate, Format, MAX_INTAKE_BYTES, NotTaken, ObjectOutcome, START_BYTES,
    Sorted, judge, recognise, sort_line, sort_misp_here,
};
use forewarn_node::shares::Share;
use forewarn_view::item::{BrokenRule, FlawedObject, InputFormat, RefusedObject, TakenIn};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashMap;

/// Most ids, and most refusals, that one answer names.
const MAX_NAMED: usize = 10;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntakeQuery {
    /// Whom it came from.
    pub(crate) source: Option<String>,
    /// How it is graded, such as `B2` or `4x4:A1`.
    pub(crate) grade: Option<String>,
    /// What it is called, such as its file.
    pub(crate) name: Option<String>,
    /// What it is; found by itself when left out.
    pub(crate) format: Option<Format>,
    /// The body is one line of a larger input, and no JSON: its number, under which it is kept.
    pub(crate) line: Option<u64>,
}

pub(crate) async fn take(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<IntakeQuery>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<TakenIn>, Problem> {
    let read = body::read((&node, &asker), &headers, body, MAX_INTAKE_BYTES).await?;
    let (bytes, _share) = read.into_parts();
    Ok(Json(taken(&node, caller.actor(), asked, bytes).await?))
}

/// A document is read by another process: an account has one of them at a time.
async fn reader(node: &App, actor: &Actor, format: Format) -> Result<Option<Share>, Problem> {
    Ok(match format {
        Format::Document => Some(node.readers.wait(actor, 1, None).await?),
        Format::Stix | Format::Text | Format::Misp => None,
    })
}

/// Takes in what somebody brings.
pub(crate) async fn taken(
    node: &App,
    actor: Actor,
    asked: IntakeQuery,
    bytes: Vec<u8>,
) -> Result<TakenIn, Problem> {
    check_grade(asked.grade.as_deref())?;
    asked.source.as_deref().map_or(Ok(()), Withheld::check_handle)?;
    let bad =
        |e: NotTaken| Problem::new(Code::NotTaken, format!("{e}; nothing of it was taken in"));
    let start = bytes.get(..START_BYTES).unwrap_or(&bytes);
    let stated = asked.format.or(asked.line.map(|_| Format::Stix));
    let format = stated.map_or_else(|| recognise(start), Ok);
    let format = format.map_err(|foreign| bad(NotTaken::Foreign(foreign)))?;
    // What is taken in by hand goes to the first collection.
    let collections = node.collections();
    let Some((collection, inlet)) = collections.first_inlet() else {
        let detail = "the node has no collection that takes things in";
        return Err(Problem::new(Code::NoCollection, detail).hint(Hint::AddCollection));
    };
    let _place = reader(node, &actor, format).await?;
    let (number, accepts, strict) = (collection.number, inlet.accepts.clone(), inlet.strict);
    let place = (number, accepts, strict);
    let sorted = judged(node, (format, asked.line), bytes, place).await?.map_err(bad)?;
    let ids = sorted.items.iter().map(|item| item.id.clone()).take(MAX_NAMED).collect();
    let mut known: HashMap<i64, Vec<BrokenRule>> = sorted
        .refused
        .iter()
        .map(|one| (one.position, one.reasons.iter().cloned().map(broken_rule).collect()))
        .collect();
    let flawed = sorted.items.iter().filter(|item| !item.flaws.is_empty());
    let flaws = flawed.take(MAX_NAMED).map(|item| FlawedObject {
        position: item.position,
        id: item.id.clone(),
        flaws: item.flaws.iter().cloned().map(broken_rule).collect(),
    });
    let flaws = flaws.collect();
    let name = asked.name;
    let bearer = Bearer { actor, name, source: None, grade: None };
    // Whom it comes from is what the caller says, whatever the collection has.
    let ongoing = node.intakes.begin(collection, inlet, bearer).from(asked.source, asked.grade);
    let (first, outcomes) = ongoing.part_from(sorted).await?;
    let refused = (0..).zip(&outcomes).filter_map(|(position, one)| {
        if !matches!(one.fate, Fate::Refused(_)) {
            return None;
        }
        // What is usable by itself may be refused for the versions that are here.
        let between = || one.between.clone().map(broken_rule).into_iter().collect();
        let reasons = known.remove(&position).unwrap_or_else(between);
        Some(RefusedObject { position, id: one.id.clone(), reasons })
    });
    let reasons = refused.take(MAX_NAMED).collect();
    let count = |is: fn(&ObjectOutcome) -> bool| outcomes.iter().filter(|one| is(one)).count();
    Ok(TakenIn {
        first,
        added: count(|one| one.fate == Fate::Added),
        known: count(|one| one.fate == Fate::Known),
        flawed: count(|one| one.flaws.is_some() && !matches!(one.fate, Fate::Refused(_))),
        refused: count(|one| matches!(one.fate, Fate::Refused(_))),
        ids,
        flaws,
        reasons,
        format: match format {
            Format::Stix => InputFormat::Stix,
            Format::Text => InputFormat::Text,
            Format::Misp => InputFormat::Misp,
            Format::Document => InputFormat::Document,
        },
    })
}

/// Judges what was brought. Only MISP needs to know what is here: a document that takes long holds
/// up no reader.
async fn judged(
    node: &App,
    (format, line): (Format, Option<u64>),
    bytes: Vec<u8>,
    (collection, accepts, strict): (CollectionNumber, Vec<String>, bool),
) -> Result<Result<Sorted, NotTaken>, Problem> {
    if line.is_none() && format == Format::Misp {
        let sorted = node.read(move |db, _| {
            let to = Destination { collection, accepts: &accepts, strict };
            Ok(sort_misp_here(&db, &bytes, to)?)
        });
        return Ok(sorted.await?);
    }
    let judged = tokio::task::spawn_blocking(move || {
        let to = Destination { collection, accepts: &accepts, strict };
        match line {
            Some(line) => Ok(sort_line(bytes, line, to)),
            None => judge(format, bytes, to),
        }
    });
    let stopped = |_| Problem::new(Code::Busy, "the node is stopping").retry_after(1);
    judged.await.map_err(stopped)
}

fn check_grade(grade: Option<&str>) -> Result<(), Problem> {
    let Some(grade) = grade else { return Ok(()) };
    let read = grade.parse::<Grading>().map(drop);
    read.map_err(|bad| Problem::new(Code::Grade, bad.to_string()))
}
