//! `GET /desk/cases`: every case that the reader may see, newest first as they are numbered.

use super::clock::Clock;
use super::frame::{Frame, Part, html};
use super::paper::band;
use super::reader::Reader;
use super::texts::fill;
use super::word;
use crate::api::cases;
use crate::api::page::PageQuery;
use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::case::Stage;
use forewarn_node::clock;
use forewarn_stix::Timestamp;
use forewarn_view::case::CaseLine;
use forewarn_view::text;
use serde::Deserialize;

/// Rows of a page of a list.
pub(crate) const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "desk/list.html")]
pub(crate) struct Page {
    pub(crate) f: Frame,
    pub(crate) heading: &'static str,
    pub(crate) none: &'static str,
    pub(crate) heads: Vec<&'static str>,
    pub(crate) rows: Vec<Row>,
    pub(crate) shown: String,
    /// The query of the next page.
    pub(crate) next: Option<String>,
}

/// A row of a list: what it is, where it is looked at, and its columns.
pub(crate) struct Row {
    pub(crate) class: &'static str,
    pub(crate) at: String,
    pub(crate) link: String,
    pub(crate) band: Option<&'static str>,
    pub(crate) mark: Option<super::show::Mark>,
    pub(crate) clock: Option<Clock>,
    pub(crate) cells: Vec<String>,
}

/// After which row a page begins.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(crate) struct After {
    #[serde(default)]
    pub(crate) after: i64,
}

impl After {
    pub(crate) fn query(self) -> PageQuery {
        self.rows(ROWS)
    }

    /// A page of fewer rows.
    pub(crate) fn rows(self, rows: usize) -> PageQuery {
        PageQuery { after: self.after, limit: Some(rows) }
    }
}

/// How many rows are shown, and whether there are more.
pub(crate) fn shown(reader: &Reader, rows: usize, more: bool) -> String {
    let words = if more { reader.w.frame.shown_some } else { reader.w.frame.shown_all };
    fill(words, &[&rows])
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Query(after): Query<After>,
) -> Result<Response, Problem> {
    let (now, sight, w) = (clock::now(), reader.sight(&node), reader.w);
    let at = now.clone();
    let page =
        node.read(move |db, _| cases::listed(&db, after.query(), &sight, &at, |_| true)).await?;
    let rows: Vec<Row> = page.rows.iter().map(|one| row(&reader, one, &now)).collect();
    Ok(html(&Page {
        f: Frame::new(&node, Some(&reader), w, w.frame.cases).of(Part::Cases),
        heading: w.watch.case_list,
        none: w.watch.no_cases,
        heads: vec![w.watch.partner, w.watch.urgency, w.watch.stage],
        shown: shown(&reader, rows.len(), page.next.is_some()),
        next: page.next,
        rows,
    }))
}

fn row(reader: &Reader, one: &CaseLine, now: &Timestamp) -> Row {
    let w = reader.w;
    let mut stage = vec![stage_words(reader, &one.stage)];
    stage.extend(one.undelivered.then(|| w.watch.undelivered.to_owned()));
    stage.extend(one.review.then(|| w.watch.review.to_owned()));
    stage.extend(one.paused.as_ref().map(|at| fill(w.watch.paused, &[&text::time(at)])));
    if one.open_questions > 0 {
        stage.push(fill(w.watch.questions, &[&one.open_questions]));
    }
    let runs = one.is_open() && one.paused.is_none();
    Row {
        class: if one.overdue { "overdue" } else { "" },
        at: format!("/desk/cases/{}", one.number),
        link: fill(w.watch.your_case, &[&one.number]),
        band: band(w, one.status),
        mark: None,
        clock: runs.then(|| Clock::due(w, Some(&one.due), Some(&one.opened), now)),
        cells: vec![
            one.partner.to_string(),
            word::urgency(w, one.urgency).to_owned(),
            stage.join(", "),
        ],
    }
}

/// A stage as a list has it.
fn stage_words(reader: &Reader, stage: &str) -> String {
    let known = Stage::ALL.iter().find(|one| one.to_string() == stage);
    known.map_or_else(|| stage.to_owned(), |one| word::stage(reader.w, *one).to_owned())
}
