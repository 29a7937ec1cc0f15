//! `GET /desk/quarantine`: what was refused on its way in, and why.

use super::cases::{After, shown};
use super::frame::{Frame, Part, html};
use super::items::broken;
use super::paper::Sheet;
use super::plain::Plain;
use super::reader::Reader;
use super::show::{beginning, cut, line};
use super::texts::fill;
use crate::api::items;
use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::response::Response;
use forewarn_view::text;

/// Rows of a page, and most bytes of each there; the command line shows more.
const ROWS: usize = 15;
const MAX_SHOWN: usize = 1_500;
const MAX_REASONS: usize = 4;
const MAX_REASON: usize = 300;

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Query(after): Query<After>,
) -> Result<Response, Problem> {
    let (sight, w) = (reader.sight(&node), reader.w);
    let page = node.read(move |db, _| items::refused(&db, after.rows(ROWS), &sight)).await?;
    let f = Frame::new(&node, Some(&reader), w, w.know.quarantine).of(Part::Items);
    let sheets = page.rows.iter().map(|one| {
        let name = text::or_none(one.name.as_deref(), line);
        Sheet {
            heading: fill(w.know.refused_nr, &[&one.number]),
            note: text::time(&one.time),
            facts: vec![
                (w.know.input.to_owned(), name),
                (w.know.id.to_owned(), text::or_none(one.id.as_deref(), line)),
            ],
            list: one
                .reasons
                .iter()
                .take(MAX_REASONS)
                .map(|why| cut(&broken(why), MAX_REASON))
                .collect(),
            text: beginning(&one.bytes, MAX_SHOWN),
            ..Sheet::default()
        }
    });
    let next = page.next.as_ref().map(|next| (format!("?{next}"), w.frame.more));
    let sheets = sheets.chain(next.map(|link| Sheet { link: Some(link), ..Sheet::default() }));
    let lead = if page.rows.is_empty() {
        w.know.no_quarantine.to_owned()
    } else {
        shown(&reader, page.rows.len(), page.next.is_some())
    };
    let sheets = sheets.collect();
    Ok(html(&Plain { lead, sheets, ..Plain::new(f, w.know.quarantine) }))
}
