//! `GET /desk/warnings`: what came, what is meant first, then the most urgent.

use super::cases::{After, Page, ROWS, Row, shown};
use super::frame::{Frame, Part, html};
use super::paper::band;
use super::reader::Reader;
use super::show::{Mark, line};
use super::texts::fill;
use super::word;
use crate::api::warnings::{self, WarningQuery};
use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::response::Response;
use forewarn_stix::marking::Tlp;
use forewarn_view::text;
use forewarn_view::warning::WarningLine;

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Query(After { after }): Query<After>,
) -> Result<Response, Problem> {
    let (caller, sight, w) = (reader.caller(), reader.sight(&node), reader.w);
    let asked = WarningQuery::urgent(after, ROWS);
    let page = node.read(move |db, _| warnings::listed(&db, asked, &caller, &sight)).await?;
    let marking = page.rows.iter().filter(|one| !one.title.is_empty()).map(|one| one.tlp);
    let rows: Vec<Row> = page.rows.iter().map(|one| row(&reader, one)).collect();
    Ok(html(&Page {
        f: Frame::new(&node, Some(&reader), w, w.frame.warnings).of(Part::Warnings).marked(marking),
        heading: w.watch.warning_list,
        none: w.watch.no_warnings,
        heads: vec![
            w.watch.partner,
            w.watch.title,
            w.watch.urgency,
            w.watch.standing,
            w.watch.received,
        ],
        shown: shown(&reader, rows.len(), page.next.is_some()),
        next: page.next,
        rows,
    }))
}

fn row(reader: &Reader, one: &WarningLine) -> Row {
    let w = reader.w;
    let title = match one.tlp {
        Tlp::Red if one.title.is_empty() || one.is_new() => {
            let names: Vec<String> = one.persons.iter().map(|name| line(name)).collect();
            fill(w.warn.for_named, &[&names.join(", ")])
        }
        Tlp::Clear | Tlp::Green | Tlp::Amber | Tlp::AmberStrict | Tlp::Red => line(&one.title),
    };
    let mut standing = vec![word::standing(w, &one.standing).to_owned()];
    standing.extend(one.recalled.then(|| w.watch.recalled.to_owned()));
    standing.extend(one.expired.is_some().then(|| w.scale.expired.to_owned()));
    if one.open_questions > 0 {
        standing.push(fill(w.watch.questions, &[&one.open_questions]));
    }
    Row {
        class: "",
        at: format!("/desk/warnings/{}", one.number),
        link: fill(w.watch.warning_nr, &[&one.number]),
        band: band(w, one.status),
        mark: Some(Mark(one.tlp)),
        clock: None,
        cells: vec![
            one.partner.to_string(),
            title,
            word::urgency(w, one.urgency).to_owned(),
            standing.join(", "),
            text::time(&one.received),
        ],
    }
}
