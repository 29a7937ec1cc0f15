//! `/desk/record`: what is held, and what was erased. `…/{what}`: to hold a case, a warning or an item,
//! to lift that, and to erase its content, by two.

use super::cases::{After, shown};
use super::form::{FormShown, Trouble, answered, done, status};
use super::frame::{Frame, html};
use super::later::Why;
use super::paper::Sheet;
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::{line, who};
use super::texts::{Words, fill};
use super::tried::Tried;
use super::word;
use crate::api::records;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::Refusal;
use forewarn_exchange::act::RecordAct;
use forewarn_exchange::erasure::{Erasable, Ground, Kept};
use forewarn_exchange::id::Subject;
use forewarn_exchange::user::Permission;
use forewarn_node::sees::sees_kept;
use forewarn_view::kept::KeptLine;
use forewarn_view::text;

/// Which of the forms was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Hold,
    Lift,
    Erase,
}

/// A ground, and a reason in words.
pub(crate) struct Grounded {
    ground: Ground,
    reason: String,
}

impl Form for Grounded {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Grounded> {
        let reason = fields.needed("reason", wrong);
        Some(Grounded { ground: fields.chosen("ground", wrong)?, reason })
    }
}

/// Where the record of something stands.
pub(crate) fn at(what: &Erasable) -> String {
    format!("/desk/record/{what}")
}

/// Whether a reader may do anything about the record.
pub(crate) fn keeps(reader: &Reader) -> bool {
    [Permission::Release, Permission::Administer].into_iter().any(|one| reader.may(one))
}

pub(crate) async fn list(
    State(node): State<App>,
    reader: Reader,
    Query(after): Query<After>,
) -> Result<Response, Problem> {
    let (w, sight) = (reader.w, reader.sight(&node));
    let page = node.read(move |db, _| records::listed(&db, after.query(), &sight)).await?;
    let r = &w.record;
    let row = |one: &KeptLine| Row {
        at: Some(at(&one.kept.what)),
        cells: vec![called(w, &one.kept.what), held(w, &one.kept), erased(w, &one.kept)],
    };
    let table = Table {
        note: shown(&reader, page.rows.len(), page.next.is_some()),
        heads: vec![r.what, r.held, r.erased],
        rows: page.rows.iter().map(row).collect(),
        none: r.none,
        next: page.next,
        ..Table::default()
    };
    let f = Frame::new(&node, Some(&reader), w, r.title);
    Ok(html(&Plain { lead: r.lead.to_owned(), tables: vec![table], ..Plain::new(f, r.title) }))
}

pub(crate) async fn one(
    State(node): State<App>,
    reader: Reader,
    Path(what): Path<Erasable>,
) -> Result<Response, Problem> {
    page(&node, &reader, what, (&Fields::default(), None)).await
}

/// `POST /desk/record/{what}/hold`.
pub(crate) async fn hold(
    State(node): State<App>,
    Path(what): Path<Erasable>,
    posted: Posted<Why>,
) -> Result<Response, Problem> {
    let act = |Why(reason)| RecordAct::Hold { what: what.clone(), reason };
    let tried = posted.does(&node, act).await?;
    led(&node, what, tried, Which::Hold).await
}

/// `POST /desk/record/{what}/lift`.
pub(crate) async fn lift(
    State(node): State<App>,
    Path(what): Path<Erasable>,
    posted: Posted<Why>,
) -> Result<Response, Problem> {
    let act = |Why(reason)| RecordAct::Lift { what: what.clone(), reason };
    let tried = posted.does(&node, act).await?;
    led(&node, what, tried, Which::Lift).await
}

/// `POST /desk/record/{what}/erase`.
pub(crate) async fn erase(
    State(node): State<App>,
    Path(what): Path<Erasable>,
    posted: Posted<Grounded>,
) -> Result<Response, Problem> {
    let act = |Grounded { ground, reason }| RecordAct::Erase { what: what.clone(), ground, reason };
    let tried = posted.does(&node, act).await?;
    led(&node, what, tried, Which::Erase).await
}

async fn led(node: &App, what: Erasable, tried: Tried, which: Which) -> Result<Response, Problem> {
    match tried {
        Tried::Done(answer) => Ok(done(&answer, at(&what))),
        Tried::Again { reader, typed, trouble } => {
            page(node, &reader, what, (&typed, Some((which, trouble)))).await
        }
    }
}

async fn page(
    node: &App,
    reader: &Reader,
    what: Erasable,
    (typed, trouble): (&Fields, Option<(Which, Trouble)>),
) -> Result<Response, Problem> {
    let (w, sight, asked) = (reader.w, reader.sight(node), what.clone());
    let read = node.read(move |db, _| {
        let is_there = match &asked {
            Erasable::Case(number) => db.status_of(Subject::Case(*number))?.is_some(),
            Erasable::Warning(number) => db.status_of(Subject::Warning(*number))?.is_some(),
            Erasable::Item(id) => db.item(id)?.is_some() || db.kept(&asked)?.is_some(),
        };
        let seen = is_there && sees_kept(&db, &asked, &sight)?;
        Ok(if seen { Some(db.kept(&asked)?) } else { None })
    });
    let Some(kept) = read.await? else {
        return Err(Refusal::unknown("record", what).into());
    };
    let kept = kept.unwrap_or(Kept { what: what.clone(), hold: None, erased: None });
    let status = status(trouble.as_ref().map(|(_, trouble)| trouble));
    let heading = fill(w.record.heading, &[&called(w, &what)]);
    let page = Plain {
        crumb: Some(("/desk/record", w.record.title)),
        sheets: vec![sheet(w, &kept)],
        acts: if keeps(reader) { acts(reader, &kept, typed, trouble) } else { Vec::new() },
        ..Plain::new(Frame::new(node, Some(reader), w, &heading), heading)
    };
    Ok(answered(&page, status))
}

fn acts(
    reader: &Reader,
    kept: &Kept,
    typed: &Fields,
    trouble: Option<(Which, Trouble)>,
) -> Vec<Act> {
    let (w, r) = (reader.w, &reader.w.record);
    let (sent, mut trouble) = trouble.unzip();
    let mut act = |which: Which, verb: &str, heading: &str, (lead, button): (&str, &str)| {
        let form = FormShown::new(reader, format!("{}/{verb}", at(&kept.what)), button);
        let form = if sent == Some(which) { form.again(typed, trouble.take()) } else { form };
        let grounds = Ground::ALL
            .iter()
            .map(|one| (one.name().to_owned(), word::erasure(w, *one).to_owned(), String::new()));
        let form = match which {
            Which::Erase => form.choices("ground", r.ground, grounds),
            Which::Hold | Which::Lift => form,
        };
        let form = form.text("reason", w.form.reason, r.reason_hint);
        Act { heading: heading.to_owned(), lead: lead.to_owned(), form }
    };
    if kept.hold.is_some() {
        return vec![act(Which::Lift, "lift", r.lift, (r.lift_text, r.lift_button))];
    }
    vec![
        act(Which::Hold, "hold", r.hold, (r.hold_text, r.hold_button)),
        act(Which::Erase, "erase", r.erase, (r.erase_text, r.erase_button)),
    ]
}

fn sheet(w: &Words, kept: &Kept) -> Sheet {
    let r = &w.record;
    let facts = vec![(r.held.to_owned(), held(w, kept)), (r.erased.to_owned(), erased(w, kept))];
    Sheet { heading: r.state.to_owned(), facts, ..Sheet::default() }
}

/// What something is called.
fn called(w: &Words, what: &Erasable) -> String {
    match what {
        Erasable::Case(number) => fill(w.watch.your_case, &[number]),
        Erasable::Warning(number) => fill(w.form.begun_warning, &[number]),
        Erasable::Item(id) => line(id),
    }
}

fn held(w: &Words, kept: &Kept) -> String {
    kept.hold.as_ref().map_or_else(
        || w.case.no.to_owned(),
        |hold| format!("{}, {}: {}", text::time(&hold.at), hold.by, line(&hold.reason)),
    )
}

fn erased(w: &Words, kept: &Kept) -> String {
    kept.erased.as_ref().map_or_else(
        || w.case.no.to_owned(),
        |erased| {
            let second = erased.second.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
            let ground = word::erasure(w, erased.ground);
            let by = who(&erased.by);
            format!("{}, {by}{second}: {ground}; {}", text::time(&erased.at), line(&erased.reason))
        },
    )
}
