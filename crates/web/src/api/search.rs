//! `GET /api/v1/search`: partners, cases, warnings, what was said of them, and items, by their words.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::id::Subject;
use forewarn_node::{Failure, Node};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_store::Db;
use forewarn_store::search::{self, Hit, Kind, Looked, Place};
use forewarn_store::sight::Sight;
use forewarn_view::search::{FoundGroup, FoundKind, FoundLine, Searched};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::Instant;

/// Most of each kind, where no kind is asked for; and of one, where it is.
const SOME: usize = 10;
const MOST: usize = 100;
/// A reader who may not see everything gets an answer at whole multiples of this: how long a search
/// takes would tell of what it has left out.
const STEP: Duration = Duration::from_millis(100);

/// What is looked for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Any text: all of its words are looked for, and what stands in quotes together.
    #[serde(default)]
    pub(crate) q: String,
    /// Of this kind alone; of each, when left out.
    pub(crate) kind: Option<FoundKind>,
    /// Of one kind: before the thing with this number.
    pub(crate) before: Option<i64>,
    /// Most of a kind.
    pub(crate) limit: Option<usize>,
}

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
) -> Result<Json<Searched>, Problem> {
    let sight = caller.sight(&node);
    Ok(Json(searched(&node, asked, sight).await?))
}

/// What is found, as far as it may be seen.
pub(crate) async fn searched(node: &App, asked: Asked, sight: Sight) -> Result<Searched, Failure> {
    let begun = Instant::now();
    let whole = sight.is_whole();
    let found = node.read(move |db, node| found(&db, node, &asked, &sight)).await?;
    if !whole {
        let steps = begun.elapsed().as_nanos() / STEP.as_nanos() + 1;
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        tokio::time::sleep_until(begun + STEP * steps).await;
    }
    Ok(found)
}

fn found(db: &Db<'_>, node: &Node, asked: &Asked, sight: &Sight) -> Result<Searched, Failure> {
    let query = search::Query::read(&asked.q);
    let most = if asked.kind.is_some() { MOST } else { SOME };
    let limit = asked.limit.unwrap_or(most).clamp(1, MOST);
    if let Some(group) = named(db, asked, sight)? {
        return Ok(Searched { groups: vec![group], cut: false, reading: node.search.is_behind() });
    }
    let mut groups: Vec<FoundGroup> = Vec::new();
    for kind in FoundKind::ALL {
        if query.is_empty() || asked.kind.is_some_and(|only| only != kind) {
            continue;
        }
        let group = match stored(kind) {
            None => partners(db, &query)?,
            Some(of) => {
                let looked = Looked { kind: of, before: asked.before, limit };
                let found = node.search.find(db, &query, looked, sight)?;
                let lines = found.hits.into_iter().map(line).collect();
                FoundGroup { kind, found: lines, next: found.next }
            }
        };
        if !group.found.is_empty() {
            groups.push(group);
        }
    }
    Ok(Searched { groups, cut: query.is_cut, reading: node.search.is_behind() })
}

/// The item whose whole id is looked for.
fn named(db: &Db<'_>, asked: &Asked, sight: &Sight) -> Result<Option<FoundGroup>, Failure> {
    let id = asked.q.trim();
    if !id.contains("--") || asked.before.is_some() {
        return Ok(None);
    }
    let Some(item) = db.item_seen(id, sight)? else { return Ok(None) };
    let Some(row) = db.item_row(item.seq)? else { return Ok(None) };
    let excerpt = (String::new(), row.id.clone(), String::new());
    let hit = Hit { number: row.seq, place: Place::Item(Box::new(row)), excerpt };
    Ok(Some(FoundGroup { kind: FoundKind::Item, found: vec![line(hit)], next: None }))
}

/// Partners are few, and read one by one.
fn stored(kind: FoundKind) -> Option<Kind> {
    match kind {
        FoundKind::Partner => None,
        FoundKind::Case => Some(Kind::Case),
        FoundKind::Warning => Some(Kind::Warning),
        FoundKind::Talk => Some(Kind::Talk),
        FoundKind::Item => Some(Kind::Item),
    }
}

fn partners(db: &Db<'_>, query: &search::Query) -> Result<FoundGroup, Failure> {
    let all = db.partners()?.into_iter();
    let words = all.map(|one| (one.name().to_string(), one.card.organisation.clone()));
    let found = words.filter(|(name, words)| query.is_in(&format!("{name} {words}")));
    let line = |(about, before)| FoundLine {
        kind: FoundKind::Partner,
        about,
        partner: None,
        time: None,
        marking: None,
        status: None,
        before,
        hit: String::new(),
        after: String::new(),
    };
    Ok(FoundGroup {
        kind: FoundKind::Partner,
        found: found.map(line).take(MOST).collect(),
        next: None,
    })
}

fn line(hit: Hit) -> FoundLine {
    let (before, word, after) = hit.excerpt;
    let empty = FoundLine {
        kind: FoundKind::Item,
        about: String::new(),
        partner: None,
        time: None,
        marking: None,
        status: None,
        before,
        hit: word,
        after,
    };
    match hit.place {
        Place::Item(row) => FoundLine {
            about: row.id,
            time: Timestamp::parse(&row.time).ok(),
            marking: row.marking.as_deref().and_then(Tlp::parse),
            ..empty
        },
        Place::Case(case) => FoundLine {
            kind: FoundKind::Case,
            about: Subject::Case(case.number).to_string(),
            partner: Some(case.partner.to_string()),
            time: Some(case.opened),
            status: Some(case.status),
            ..empty
        },
        Place::Warning(warning) => FoundLine {
            kind: FoundKind::Warning,
            about: Subject::Warning(warning.number).to_string(),
            partner: Some(warning.partner.to_string()),
            time: Some(warning.received),
            marking: Some(warning.summary.tlp),
            status: Some(warning.status),
            ..empty
        },
        Place::Talk(subject, said) => FoundLine {
            kind: FoundKind::Talk,
            about: subject.to_string(),
            partner: Some(said.by),
            time: Some(said.at),
            ..empty
        },
    }
}
