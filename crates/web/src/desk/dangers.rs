//! `/desk/dangers`: sources in danger; `…/{number}`: one, and what somebody has found about it.

use super::form::{FormShown, Trouble, answered, on_to, status};
use super::frame::Frame;
use super::later::Why;
use super::paper::Sheet;
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use super::tried::Tried;
use crate::api::dangers;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::Refusal;
use forewarn_exchange::act::SourceAct;
use forewarn_exchange::danger::DangerNumber;
use forewarn_exchange::user::Permission;
use forewarn_node::Failure;
use forewarn_view::danger::DangerLine;
use forewarn_view::text;

/// Which source, and what endangers it.
pub(crate) struct Raised {
    source: String,
    reason: String,
}

impl Form for Raised {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Raised> {
        let source = fields.needed("source", wrong);
        Some(Raised { source, reason: fields.needed("reason", wrong) })
    }
}

pub(crate) async fn list(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    all(&node, &reader, &Fields::default(), None).await
}

/// `POST /desk/dangers`.
pub(crate) async fn raise(
    State(node): State<App>,
    posted: Posted<Raised>,
) -> Result<Response, Problem> {
    let act = |Raised { source, reason }| SourceAct::Danger { source, reason };
    match posted.does(&node, act).await? {
        Tried::Done(_) => Ok(on_to("/desk/dangers")),
        Tried::Again { reader, typed, trouble } => all(&node, &reader, &typed, Some(trouble)).await,
    }
}

async fn all(
    node: &App,
    reader: &Reader,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let (w, sight) = (reader.w, reader.sight(node));
    let lines = node.read(move |db, _| dangers::seen(&db, &sight)).await?;
    let row = |one: &DangerLine| Row {
        at: Some(format!("/desk/dangers/{}", one.danger)),
        cells: vec![
            one.danger.to_string(),
            line(&one.source),
            standing(w, one).to_owned(),
            text::time(&one.at),
            line(&one.reason),
        ],
    };
    let d = &w.danger;
    let table = Table {
        heads: vec![w.watch.number, d.source, w.watch.standing, d.since, d.why],
        rows: lines.iter().rev().map(row).collect(),
        none: d.none,
        ..Table::default()
    };
    let status = status(trouble.as_ref());
    let act = reader.user.works().then(|| Act {
        heading: d.raise.to_owned(),
        lead: d.raise_text.to_owned(),
        form: FormShown::new(reader, "/desk/dangers".to_owned(), d.raise)
            .again(typed, trouble)
            .line("source", d.source, d.handle_hint)
            .text("reason", d.why, ""),
    });
    let page = Plain {
        lead: d.lead.to_owned(),
        tables: vec![table],
        acts: act.into_iter().collect(),
        ..Plain::new(Frame::new(node, Some(reader), w, d.title), d.title)
    };
    Ok(answered(&page, status))
}

fn standing(w: &Words, one: &DangerLine) -> &'static str {
    if one.holds { w.danger.holds } else { w.danger.lifted }
}

pub(crate) async fn one(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<DangerNumber>,
) -> Result<Response, Problem> {
    page(&node, &reader, number, &Fields::default(), None).await
}

/// `POST /desk/dangers/{number}/lift`.
pub(crate) async fn lift(
    State(node): State<App>,
    Path(danger): Path<DangerNumber>,
    posted: Posted<Why>,
) -> Result<Response, Problem> {
    match posted.does(&node, |Why(reason)| SourceAct::Lift { danger, reason }).await? {
        Tried::Done(_) => Ok(on_to("/desk/dangers")),
        Tried::Again { reader, typed, trouble } => {
            page(&node, &reader, danger, &typed, Some(trouble)).await
        }
    }
}

async fn page(
    node: &App,
    reader: &Reader,
    number: DangerNumber,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let (w, sight, releases) = (reader.w, reader.sight(node), reader.may(Permission::Release));
    let read = node.read(move |db, _| {
        let known = dangers::seen(&db, &sight)?.into_iter().find(|one| one.danger == number);
        // That one holds is a need of whoever releases; its source may be hidden.
        let holds = db.dangers()?.holding().any(|one| one.number == number);
        if known.is_none() && !(holds && releases) {
            return Err(Failure::from(Refusal::unknown("danger", number)));
        }
        Ok((known, holds))
    });
    let (known, holds) = read.await?;
    let d = &w.danger;
    let status = status(trouble.as_ref());
    let act = (reader.user.works() && holds).then(|| Act {
        heading: fill(d.lift, &[&number]),
        lead: d.lift_text.to_owned(),
        form: FormShown::new(
            reader,
            format!("/desk/dangers/{number}/lift"),
            fill(d.lift, &[&number]),
        )
        .again(typed, trouble)
        .text("reason", d.found, ""),
    });
    let heading = fill(w.watch.danger_about, &[&number]);
    let page = Plain {
        crumb: Some(("/desk/dangers", d.title)),
        lead: if known.is_some() { d.lead } else { d.hidden }.to_owned(),
        sheets: known.iter().map(|one| about(w, one)).collect(),
        acts: act.into_iter().collect(),
        ..Plain::new(Frame::new(node, Some(reader), w, &heading), heading)
    };
    Ok(answered(&page, status))
}

fn about(w: &Words, one: &DangerLine) -> Sheet {
    let d = &w.danger;
    let mut facts = vec![
        (d.source.to_owned(), line(&one.source)),
        (w.watch.standing.to_owned(), standing(w, one).to_owned()),
        (d.since.to_owned(), format!("{}, {}", text::time(&one.at), one.by)),
        (d.why.to_owned(), line(&one.reason)),
    ];
    facts.extend(one.lifted.as_ref().map(|lifted| {
        let how = format!("{}, {}: {}", text::time(&lifted.at), lifted.by, line(&lifted.reason));
        (d.found.to_owned(), how)
    }));
    Sheet { heading: w.case.source.to_owned(), facts, ..Sheet::default() }
}
