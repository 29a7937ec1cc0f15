//! `/desk/items`: what came in; `…/{id}`: one, and what is known of it; `…/bytes/{id}`: its exact bytes;
//! `…/original/{id}`: the document that it was read from.

use super::cases::{After, shown as shown_count};
use super::corrected;
use super::form::{Trouble, answered, status};
use super::frame::{Frame, Part};
use super::graph::{self, Graph};
use super::intake::{self, case_form, report_form};
use super::paper::Sheet;
use super::plain::{Plain, Row, Table};
use super::posted::Fields;
use super::reader::Reader;
use super::record;
use super::show::{beginning, line};
use super::texts::{Words, fill};
use super::unsent::Unsent;
use crate::api::{corrections, items};
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use forewarn_exchange::Refusal;
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::scale::Status;
use forewarn_node::state;
use forewarn_stix::marking::Tlp;
use forewarn_view::item::{BrokenRule, ItemLine, ItemShown};
use forewarn_view::text;

/// Most bytes that an item takes on its page.
const MAX_SHOWN: usize = 40_000;

pub(crate) async fn list(
    State(node): State<App>,
    reader: Reader,
    Query(after): Query<After>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    listed(&node, &reader, after, (&typed, None)).await
}

/// The first items, and a report that could not be taken in.
pub(crate) async fn page(
    node: &App,
    reader: &Reader,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    listed(node, reader, After::default(), (typed, trouble)).await
}

async fn listed(
    node: &App,
    reader: &Reader,
    after: After,
    (typed, trouble): (&Fields, Option<Trouble>),
) -> Result<Response, Problem> {
    let (sight, w) = (reader.sight(node), reader.w);
    let page = node.read(move |db, _| items::listed(&db, after.query(), &sight)).await?;
    let marking = page.rows.iter().filter_map(marking);
    let f = Frame::new(node, Some(reader), w, w.frame.items).of(Part::Items).marked(marking);
    let table = Table {
        note: shown_count(reader, page.rows.len(), page.next.is_some()),
        heads: vec![
            w.know.id,
            w.case.source,
            w.know.grade,
            w.know.size,
            w.watch.received,
            w.frame.exercise_tag,
        ],
        rows: page.rows.iter().map(row).collect(),
        none: w.know.no_items,
        next: page.next,
        ..Table::default()
    };
    let status = status(trouble.as_ref());
    let acts = report_form(reader, typed, trouble).into_iter().collect();
    let page = Plain { tables: vec![table], acts, ..Plain::new(f, w.frame.items) };
    Ok(answered(&page, status))
}

/// The marking that an item counts as, where it has one.
fn marking(one: &ItemLine) -> Option<Tlp> {
    one.marking.as_deref().and_then(Tlp::parse)
}

fn row(one: &ItemLine) -> Row {
    Row {
        at: Some(format!("/desk/items/{}", one.id)),
        cells: vec![
            line(&one.id),
            text::or_none(one.source.as_deref(), line),
            text::or_none(one.grade.as_deref(), line),
            one.size.to_string(),
            text::time(&one.time),
            text::or_none(one.exercise.as_ref(), ToString::to_string),
        ],
    }
}

/// A rule that something breaks, in a line.
pub(crate) fn broken(rule: &BrokenRule) -> String {
    line(&format!("{}: {} ({})", rule.path, rule.message, rule.rule))
}

pub(crate) async fn one(
    State(node): State<App>,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    shown(&node, &reader, &id, None).await
}

/// What was sent from an item's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    /// A case to be opened on it.
    Case,
    /// A correction of what was found in it.
    Correction,
}

/// What was typed into each of both forms, and what is wrong with it.
fn apart(
    again: Option<(Sent, Fields, Trouble)>,
) -> ((Fields, Option<Trouble>), (Fields, Option<Trouble>)) {
    let nothing = || (Fields::default(), None);
    match again {
        None => (nothing(), nothing()),
        Some((Sent::Case, typed, trouble)) => ((typed, Some(trouble)), nothing()),
        Some((Sent::Correction, typed, trouble)) => (nothing(), (typed, Some(trouble))),
    }
}

/// An item, and what could not be done with it.
pub(crate) async fn shown(
    node: &App,
    reader: &Reader,
    id: &str,
    again: Option<(Sent, Fields, Trouble)>,
) -> Result<Response, Problem> {
    let (sight, w, id) = (reader.sight(node), reader.w, id.to_owned());
    let read = node.read(move |db, _| {
        let shown = items::shown(&db, &id, &sight)?;
        let own = (shown.item.seq, shown.item.id.as_str(), shown.bytes.as_str());
        let beside = graph::neighbours(&db, own, &sight)?;
        // Of a text: what it says, to be read below.
        let said = shown.item.id.starts_with("text--").then(|| corrections::said(&db, &id, &sight));
        Ok((shown, beside, intake::partners(&db)?, said.transpose()?))
    });
    let (shown, beside, partners, said) = read.await?;
    let found = match said {
        Some(said) => Some(state::on_a_thread(move || said.found()).await?),
        None => None,
    };
    let item = &shown.item;
    let f = Frame::new(node, Some(reader), w, line(&item.id)).of(Part::Items).marked(marking(item));
    let f = if item.exercise.is_some() { f.about(Status::Exercise) } else { f };
    let flaws = Sheet {
        heading: w.know.flaws.to_owned(),
        list: shown.flaws.iter().map(broken).collect(),
        ..Sheet::default()
    };
    let mut sheets = vec![what(w, &shown)];
    if let Some(graph) = Graph::of(w, &item.id, &beside) {
        let heading = w.know.neighbours_drawn.to_owned();
        sheets.insert(0, Sheet { heading, graph: Some(graph), ..Sheet::default() });
    }
    if !shown.flaws.is_empty() {
        sheets.push(flaws);
    }
    if record::keeps(reader) {
        let link = Some((record::at(&Erasable::Item(item.id.clone())), w.record.link));
        sheets.push(Sheet { heading: w.record.title.to_owned(), link, ..Sheet::default() });
    }
    let mut tables = if beside.is_empty() { Vec::new() } else { vec![graph::table(w, &beside)] };
    tables.extend(found.iter().flat_map(|found| corrected::tables(w, found)));
    let crumb = Some(("/desk/items", w.frame.items));
    let status = status(again.as_ref().map(|(_, _, trouble)| trouble));
    let (of_case, of_correction) = apart(again);
    let corrects = found
        .as_ref()
        .and_then(|found| corrected::form(reader, found, (&of_correction.0, of_correction.1)));
    let opens = case_form(reader, (&item.id, partners), &of_case.0, of_case.1);
    let acts = corrects.into_iter().chain(opens).collect();
    let played = item.exercise.map(|number| fill(w.play.item_of, &[&number]));
    let lead = played.unwrap_or_default();
    let page = Plain { lead, crumb, tables, sheets, acts, ..Plain::new(f, line(&item.id)) };
    Ok(answered(&page, status))
}

/// What it is, whence it comes, and what it says.
fn what(w: &Words, shown: &ItemShown) -> Sheet {
    let item = &shown.item;
    let words = serde_json::from_str::<serde_json::Value>(&shown.bytes).ok();
    let words = words.and_then(|object| serde_json::to_string_pretty(&object).ok());
    let words = words.unwrap_or_else(|| shown.bytes.clone());
    let mut facts = vec![
        (w.case.source.to_owned(), text::or_none(item.source.as_deref(), line)),
        (w.know.grade.to_owned(), text::or_none(item.grade.as_deref(), line)),
        (w.watch.received.to_owned(), text::time(&item.time)),
        (w.know.size.to_owned(), item.size.to_string()),
    ];
    facts.extend(item.marking.as_deref().map(|one| (w.send.tlp.to_owned(), line(one))));
    facts.extend(item.deleted.then(|| (w.watch.standing.to_owned(), w.know.deleted.to_owned())));
    facts.extend(shown.original.as_deref().map(|kind| (w.know.read_from.to_owned(), line(kind))));
    let kept = match shown.original {
        Some(_) => (format!("/desk/original/{}", item.id), w.know.original),
        None => (format!("/desk/bytes/{}", item.id), w.know.exact_bytes),
    };
    Sheet {
        heading: w.case.item_text.to_owned(),
        note: line(&item.id),
        facts,
        text: beginning(&words, MAX_SHOWN),
        link: Some(kept),
        ..Sheet::default()
    }
}

/// The bytes as they came, to be kept: never shown by the browser.
pub(crate) async fn bytes(
    State(node): State<App>,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let sight = reader.sight(&node);
    let read = node.read(move |db, _| {
        let item = db.item_seen(&id, &sight)?;
        Ok(item.ok_or_else(|| Refusal::unknown("item", &id))?)
    });
    Ok(attachment("item.bin", read.await?.bytes))
}

/// The document that a text was read from, to be kept.
pub(crate) async fn original(
    State(node): State<App>,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let sight = reader.sight(&node);
    let original = node.read(move |db, _| items::original_of(&db, &id, &sight)).await?;
    Ok(attachment("document.bin", original.bytes))
}

/// Bytes that a browser keeps, and does not show.
pub(crate) fn attachment(name: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
