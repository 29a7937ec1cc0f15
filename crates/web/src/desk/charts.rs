//! `GET /desk/charts`: how long warnings took beside their deadlines, and what came of what came in,
//! week by week: as pictures, and as tables that say the same.

use super::frame::{Frame, html};
use super::paper::band;
use super::plain::{Row, Table};
use super::reader::Reader;
use super::texts::{Words, fill};
use super::word;
use crate::api::statistics;
use crate::app::App;
use crate::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use forewarn_node::clock;
use forewarn_stix::Timestamp;
use forewarn_view::statistics::{CaseTimes, Statistics, WeekLine};
use forewarn_view::text;

/// Width of a picture, and the part of it that stands for the time until the deadline.
const WIDTH: i64 = 300;
const UNTIL_DUE: i64 = 200;
/// Height of one case, and of a week's bar.
const LANE: i64 = 22;
const HEIGHT: i64 = 60;
/// Cases that are drawn: as many as can be told apart.
const DRAWN: usize = 12;

#[derive(Template)]
#[template(path = "desk/charts.html")]
struct Page {
    f: Frame,
    lanes: Vec<Lane>,
    height: i64,
    due: i64,
    series: Vec<Series>,
    times: Table,
    weeks: Table,
}

/// One case: how far each step lies along the way to the deadline.
struct Lane {
    name: String,
    y: i64,
    text_y: i64,
    /// From opening to the last step that was reached.
    width: i64,
    class: &'static str,
    /// Released, received, acknowledged: where each stands, of those that came.
    steps: Vec<(&'static str, i64)>,
}

/// What was counted of one thing, week by week.
struct Series {
    name: &'static str,
    most: String,
    class: &'static str,
    bars: Vec<(i64, i64, i64)>,
}

pub(crate) async fn show(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    let (sight, w, now) = (reader.sight(&node), reader.w, clock::now());
    let counted = node.read(move |db, _| statistics::counted(&db, &sight, &now)).await?;
    let Statistics { weeks, cases } = counted;
    let lanes: Vec<Lane> =
        (0..).zip(cases.iter().take(DRAWN)).map(|(n, one)| lane(w, n, one)).collect();
    let drawn = i64::try_from(lanes.len()).unwrap_or(0);
    Ok(html(&Page {
        f: Frame::new(&node, Some(&reader), w, w.chart.title),
        height: drawn * LANE,
        lanes,
        due: UNTIL_DUE,
        series: series(w, &weeks),
        times: times(w, &cases),
        weeks: week_table(w, &weeks),
    }))
}

/// How far along the way to the deadline something lies; what is far beyond it stands at the edge.
fn place(one: &CaseTimes, at: &Timestamp) -> i64 {
    let whole = (one.due.micros() - one.opened.micros()).max(1);
    let part = (at.micros() - one.opened.micros()).max(0);
    let scaled = i128::from(part) * i128::from(UNTIL_DUE) / i128::from(whole);
    i64::try_from(scaled).unwrap_or(WIDTH).min(WIDTH)
}

fn lane(w: &Words, n: i64, one: &CaseTimes) -> Lane {
    let steps = [
        ("released", Some(&one.released)),
        ("received", one.received.as_ref()),
        ("acknowledged", one.acknowledged.as_ref()),
    ];
    let steps: Vec<(&'static str, i64)> =
        steps.iter().filter_map(|(class, at)| Some((*class, place(one, (*at)?)))).collect();
    let late = one.received.as_ref().unwrap_or(&one.released) > &one.due;
    Lane {
        name: fill(w.chart.lane, &[&one.case, &one.partner]),
        y: n * LANE,
        text_y: n * LANE + 9,
        width: steps.iter().map(|(_, at)| *at).max().unwrap_or(0),
        class: if late { "late" } else { "in-time" },
        steps,
    }
}

fn series(w: &Words, weeks: &[WeekLine]) -> Vec<Series> {
    type Of = fn(&WeekLine) -> i64;
    let all: [(&'static str, &'static str, Of); 5] = [
        (w.chart.came, "came", |week| week.came),
        (w.chart.matched, "matched", |week| week.matched),
        (w.chart.warned, "warned", |week| week.warned.into()),
        (w.chart.waived, "waived", |week| week.waived.into()),
        (w.chart.dismissed, "dismissed", |week| week.dismissed.into()),
    ];
    let wide = WIDTH / i64::try_from(weeks.len().max(1)).unwrap_or(1);
    all.map(|(name, class, of)| {
        let most = weeks.iter().map(of).max().unwrap_or(0);
        let bar = |(n, week): (i64, &WeekLine)| {
            let count = of(week);
            // What there was of is seen, however little beside the most.
            let least = i64::from(count > 0);
            let high = (count * HEIGHT / most.max(1)).max(least);
            (n * wide, HEIGHT - high, high)
        };
        Series {
            name,
            most: fill(w.chart.most, &[&most]),
            class,
            bars: (0..).zip(weeks).map(bar).collect(),
        }
    })
    .into()
}

/// How long after the opening something was, in words.
fn after(w: &Words, one: &CaseTimes, at: Option<&Timestamp>) -> String {
    let Some(at) = at else { return w.case.not_yet.to_owned() };
    let seconds = (at.micros() - one.opened.micros()).div_euclid(1_000_000);
    format!("{} ({})", text::time(at), super::clock::length(w, seconds))
}

/// A case, and the word over what is not meant.
fn named(w: &'static Words, one: &CaseTimes) -> String {
    let case = fill(w.watch.your_case, &[&one.case]);
    band(w, one.status).map_or_else(|| case.clone(), |band| format!("{case}, {band}"))
}

fn times(w: &'static Words, cases: &[CaseTimes]) -> Table {
    let row = |one: &CaseTimes| Row {
        at: Some(format!("/desk/cases/{}", one.case)),
        cells: vec![
            named(w, one),
            one.partner.to_string(),
            word::urgency(w, one.urgency).to_owned(),
            text::time(&one.opened),
            after(w, one, Some(&one.due)),
            after(w, one, Some(&one.released)),
            after(w, one, one.received.as_ref()),
            after(w, one, one.acknowledged.as_ref()),
        ],
    };
    Table {
        heading: w.chart.times.to_owned(),
        heads: vec![
            w.watch.number,
            w.watch.partner,
            w.watch.urgency,
            w.chart.opened,
            w.chart.due,
            w.chart.released,
            w.chart.received,
            w.chart.acknowledged,
        ],
        rows: cases.iter().map(row).collect(),
        none: w.chart.no_cases,
        ..Table::default()
    }
}

fn week_table(w: &'static Words, weeks: &[WeekLine]) -> Table {
    let row = |one: &WeekLine| Row {
        at: None,
        cells: vec![
            text::time(&one.from).chars().take(10).collect(),
            one.came.to_string(),
            one.matched.to_string(),
            one.warned.to_string(),
            one.waived.to_string(),
            one.dismissed.to_string(),
        ],
    };
    Table {
        heading: w.chart.weeks.to_owned(),
        note: w.chart.weeks_note.to_owned(),
        heads: vec![
            w.chart.week,
            w.chart.came,
            w.chart.matched,
            w.chart.warned,
            w.chart.waived,
            w.chart.dismissed,
        ],
        rows: weeks.iter().rev().map(row).collect(),
        none: w.chart.no_cases,
        ..Table::default()
    }
}
