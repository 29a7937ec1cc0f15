//! `/desk/map`: where threats are, and what partners have registered of the map; as a picture, and as a
//! list that says the same. Each part of the map has an address, so that no script is needed.

use super::frame::{Frame, Part, html};
use super::outlines::{View, WIDTH};
use super::paper::band;
use super::plain::{Row, Table};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use crate::api::places;
use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::id::Subject;
use forewarn_exchange::scale::Status;
use forewarn_stix::marking::Tlp;
use forewarn_view::place::{Area, LeftOut, PlaceLine, PlaceOf};
use forewarn_view::text;
use serde::Deserialize;
use std::fmt::Write as _;

/// Most places that are drawn and listed.
const MOST: usize = 100;
/// Smallest circle that can be seen, and the distance of a number from its place.
const LEAST: f64 = 4.0;
const BESIDE: f64 = 14.0;

/// Which part of the map is shown: without a middle, all that there is.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    latitude: Option<f64>,
    longitude: Option<f64>,
    /// How many degrees of latitude it is high.
    high: Option<f64>,
}

#[derive(Template)]
#[template(path = "desk/map.html")]
struct Page {
    f: Frame,
    lead: String,
    height: String,
    land: String,
    borders: String,
    marks: Vec<Mark>,
    parts: Vec<(String, &'static str)>,
    places: Table,
    /// What is not shown, a sentence each.
    left_out: Vec<&'static str>,
}

/// What is drawn of a place.
struct Mark {
    class: &'static str,
    /// A circle's radius, or nothing for a polygon.
    radius: Option<String>,
    x: String,
    y: String,
    /// The corners of a polygon.
    corners: String,
    /// Its number, and those of what stands at the same place.
    numbers: String,
    /// Where that stands.
    above: String,
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (sight, w) = (reader.sight(&node), reader.w);
    let places = node.read(move |db, _| places::listed(&db, &sight)).await?;
    let left_out = places.left_out;
    let mut places = places.places;
    let cut = places.len() > MOST;
    places.truncate(MOST);
    let left_out = left_out.into_iter().chain(cut.then_some(LeftOut::Drawn));
    let left_out = left_out.map(|one| left(w, one)).collect();
    let view = view(&asked, &places);
    let (land, borders) = view.outlines();
    let is_threat = |one: &&PlaceLine| matches!(one.what, PlaceOf::Threatened { .. });
    let threatened = places.iter().filter(is_threat).count();
    let marking = places.iter().filter_map(marking);
    let f = Frame::new(&node, Some(&reader), w, w.map.title).of(Part::Map).marked(marking);
    Ok(html(&Page {
        f,
        lead: fill(w.map.lead, &[&threatened, &(places.len() - threatened)]),
        height: whole(view.height),
        land,
        borders,
        marks: marks(&view, &places),
        parts: parts(w, &view),
        places: table(w, &view, &places),
        left_out,
    }))
}

fn view(asked: &Asked, places: &[PlaceLine]) -> View {
    let number = |one: Option<f64>| one.filter(|number| number.is_finite());
    match (number(asked.latitude), number(asked.longitude), number(asked.high)) {
        (Some(latitude), Some(longitude), Some(high)) => View::around((latitude, longitude), high),
        _ => View::of(places.iter().flat_map(|one| one.area.frame())),
    }
}

/// Why something is not shown.
fn left(w: &'static Words, one: LeftOut) -> &'static str {
    match one {
        LeftOut::Cases => w.map.cut_cases,
        LeftOut::CasesWithoutDraft => w.map.cut_undrafted,
        LeftOut::Warnings => w.map.cut_warnings,
        LeftOut::Interests => w.map.cut_interests,
        LeftOut::OldInterests => w.map.cut_old,
        LeftOut::OfOne => w.map.cut_of_one,
        LeftOut::Drawn => w.map.cut_drawn,
    }
}

fn marking(one: &PlaceLine) -> Option<Tlp> {
    match &one.what {
        PlaceOf::Threatened { tlp, .. } => *tlp,
        PlaceOf::Registered { .. } => None,
    }
}

/// In whole parts of the picture.
fn whole(number: f64) -> String {
    format!("{number:.0}")
}

/// What is drawn of all; what stands at one place is numbered together.
fn marks(view: &View, places: &[PlaceLine]) -> Vec<Mark> {
    let mut out: Vec<Mark> = Vec::new();
    for mut one in (1..).zip(places).filter_map(|(n, one)| mark(view, (n, one))) {
        let same = out.iter_mut().find(|other| {
            (&other.x, &other.above, other.numbers.is_empty()) == (&one.x, &one.above, false)
        });
        if let Some(first) = same {
            first.numbers = format!("{}, {}", first.numbers, one.numbers);
            one.numbers.clear();
        }
        out.push(one);
    }
    out
}

/// What is drawn of a place, unless all of it is outside.
fn mark(view: &View, (number, one): (usize, &PlaceLine)) -> Option<Mark> {
    let class = match &one.what {
        PlaceOf::Registered { .. } => "reg",
        PlaceOf::Threatened { status: Status::Actual, .. } => "threat",
        PlaceOf::Threatened { status: Status::Exercise | Status::Test, .. } => "ex",
    };
    let of = |at: (f64, f64), radius: Option<f64>, corners: String| {
        let (x, y) = view.at(at);
        let above = (y - radius.unwrap_or(LEAST).min(60.0) - BESIDE / 2.0).max(BESIDE);
        Mark {
            class,
            radius: radius.map(whole),
            x: whole(x),
            y: whole(y),
            corners,
            numbers: number.to_string(),
            above: whole(above),
        }
    };
    match &one.area {
        Area::Point { latitude, longitude } => {
            let at = (*latitude, *longitude);
            view.holds(at).then(|| of(at, Some(7.0), String::new()))
        }
        Area::Circle { latitude, longitude, km } => {
            let (at, radius) = ((*latitude, *longitude), view.length(*km).max(LEAST));
            let (x, y) = view.at(at);
            let is_near = x > -radius
                && x < WIDTH + radius
                && y > -radius
                && y < view.height + radius
                && radius < 4.0 * WIDTH;
            is_near.then(|| of(at, Some(radius), String::new()))
        }
        Area::Polygon { corners } => {
            let seen = corners.iter().copied().find(|corner| view.holds(*corner))?;
            let mut path = String::new();
            for corner in corners {
                let (x, y) = view.at(*corner);
                // Writing to a text does not fail.
                let _ = write!(path, "{x:.0},{y:.0} ");
            }
            Some(of(seen, None, path))
        }
    }
}

/// Where the other parts of the map are.
fn parts(w: &Words, view: &View) -> Vec<(String, &'static str)> {
    let ((latitude, longitude), high) = view.middle();
    let across = view.east - view.west;
    let at = |latitude: f64, longitude: f64, high: f64| {
        format!("/desk/map?latitude={latitude:.2}&longitude={longitude:.2}&high={high:.2}")
    };
    vec![
        ("/desk/map".to_owned(), w.map.all),
        (at(20.0, 0.0, 140.0), w.map.world),
        (at(latitude, longitude, high / 2.0), w.map.nearer),
        (at(latitude, longitude, high * 2.0), w.map.further),
        (at(latitude + high / 2.0, longitude, high), w.map.north),
        (at(latitude - high / 2.0, longitude, high), w.map.south),
        (at(latitude, longitude - across / 2.0, high), w.map.west),
        (at(latitude, longitude + across / 2.0, high), w.map.east),
    ]
}

fn table(w: &'static Words, view: &View, places: &[PlaceLine]) -> Table {
    Table {
        heading: w.map.same.to_owned(),
        heads: vec![w.map.place, w.map.what, w.watch.partner, w.map.clock],
        rows: (1usize..).zip(places).map(|(n, one)| row(w, view, (n, one))).collect(),
        none: w.map.none,
        ..Table::default()
    }
}

fn row(w: &'static Words, view: &View, (number, one): (usize, &PlaceLine)) -> Row {
    let drawn = if mark(view, (number, one)).is_some() { "" } else { w.map.outside };
    let name = format!("{number}. {}", one.name());
    match &one.what {
        PlaceOf::Threatened { subject, partner, status, until, .. } => {
            let (at, called) = match subject {
                Subject::Case(number) => {
                    (format!("/desk/cases/{number}"), fill(w.map.case, &[number]))
                }
                Subject::Warning(number) => {
                    (format!("/desk/warnings/{number}"), fill(w.map.warning, &[number]))
                }
            };
            let band = band(w, *status).unwrap_or_default();
            let clock = fill(w.map.until, &[&text::time(until)]);
            Row {
                at: Some(at),
                cells: vec![name, said(&[band, &called, drawn]), line(partner), clock],
            }
        }
        PlaceOf::Registered { partner, ours, label, matches } => {
            let called = fill(w.map.area, &[&line(label)]);
            let own = if *ours { w.map.ours } else { "" };
            let met = fill(w.map.matches, &[matches]);
            Row { at: None, cells: vec![name, said(&[&called, own, drawn]), line(partner), met] }
        }
    }
}

/// What is not empty of these, in one.
fn said(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}
