//! `GET /desk/proposals`: acts that wait for a second person, and what became of the others.

use super::cases::{After, Page, Row, shown};
use super::frame::{Frame, Part, html};
use super::reader::Reader;
use super::show::{Mark, line};
use super::texts::fill;
use crate::api::proposals;
use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::response::Response;
use forewarn_view::proposal::{FateShown, ProposalShown};
use forewarn_view::text;

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Query(after): Query<After>,
) -> Result<Response, Problem> {
    let (sight, w) = (reader.sight(&node), reader.w);
    let page =
        node.read(move |db, node| proposals::listed((&db, node), after.query(), &sight, |_| true));
    let page = page.await?;
    let marking = page.rows.iter().filter_map(|one| one.tlp);
    let rows: Vec<Row> = page.rows.iter().map(|one| row(&reader, one)).collect();
    Ok(html(&Page {
        f: Frame::new(&node, Some(&reader), w, w.frame.proposals)
            .of(Part::Proposals)
            .marked(marking),
        heading: w.frame.proposals,
        none: w.watch.no_proposals,
        heads: vec![w.watch.what, w.watch.by, w.watch.fate],
        shown: shown(&reader, rows.len(), page.next.is_some()),
        next: page.next,
        rows,
    }))
}

fn row(reader: &Reader, one: &ProposalShown) -> Row {
    let w = reader.w;
    Row {
        class: "",
        at: format!("/desk/proposals/{}", one.number),
        link: fill(w.watch.proposal_nr, &[&one.number]),
        band: None,
        mark: one.tlp.map(Mark),
        clock: None,
        cells: vec![
            line(&one.words),
            format!("{}, {}", one.by, text::time(&one.at)),
            fate(reader, &one.fate),
        ],
    }
}

/// What became of a proposal, in words.
pub(crate) fn fate(reader: &Reader, fate: &FateShown) -> String {
    let w = reader.w;
    match fate {
        FateShown::Waiting {} => w.warn.p_waiting.to_owned(),
        FateShown::Approved { decided_by, decided_at } => {
            fill(w.warn.p_approved, &[decided_by, &text::time(decided_at)])
        }
        FateShown::Dropped { decided_by, decided_at, reason } => {
            fill(w.warn.p_dropped, &[decided_by, &text::time(decided_at), &line(reason)])
        }
    }
}
