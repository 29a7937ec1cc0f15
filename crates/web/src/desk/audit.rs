//! `GET /desk/audit`: who was given what, why and when, and on whose word.

use super::cases::{After, shown};
use super::frame::{Frame, Part, html};
use super::plain::{Plain, Row, Table};
use super::reader::Reader;
use super::show::line;
use super::texts::Words;
use crate::api::ledger;
use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::id::Subject;
use forewarn_view::ledger::{Given, LedgerLine};
use forewarn_view::text;

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Query(after): Query<After>,
) -> Result<Response, Problem> {
    let (sight, w) = (reader.sight(&node), reader.w);
    let page =
        node.read(move |db, node| ledger::given((&db, node), &sight, after.query(), (None, None)));
    let page = page.await?;
    let lines = page.rows;
    let marking = lines.iter().filter_map(|one| one.sensitivity);
    let f = Frame::new(&node, Some(&reader), w, w.frame.audit).of(Part::Audit).marked(marking);
    let table = Table {
        note: shown(&reader, lines.len(), page.next.is_some()),
        heads: vec![
            w.case.when,
            w.case.what,
            w.know.about,
            w.watch.partner,
            w.know.who_decided,
            w.form.reason,
            w.send.tlp,
        ],
        rows: lines.iter().map(|one| row(w, one)).collect(),
        none: w.know.no_ledger,
        next: page.next,
        ..Table::default()
    };
    let lead = w.know.audit_lead.to_owned();
    Ok(html(&Plain { lead, tables: vec![table], ..Plain::new(f, w.frame.audit) }))
}

fn row(w: &Words, one: &LedgerLine) -> Row {
    let what = match one.what {
        Given::Release => w.know.given_release,
        Given::Update => w.know.given_update,
        Given::Recall => w.know.given_recall,
        Given::Answer => w.know.given_answer,
        Given::Statement => w.know.given_statement,
        Given::Readout => w.know.given_readout,
    };
    let at = one.subject.map(|subject| match subject {
        Subject::Case(case) => format!("/desk/cases/{case}"),
        Subject::Warning(warning) => format!("/desk/warnings/{warning}"),
    });
    Row {
        at,
        cells: vec![
            text::time(&one.time),
            format!("{what}: {}", line(&one.part)),
            text::or_none(one.subject.as_ref(), Subject::to_string),
            one.partner.to_string(),
            line(&one.control_official),
            line(&one.reason),
            text::or_none(one.sensitivity.as_ref(), ToString::to_string),
        ],
    }
}
