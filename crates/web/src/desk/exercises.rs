//! `/desk/exercises`: what was played; `…/{number}`: how it went, and its end.

use super::cases::{After, shown};
use super::form::{FormShown, Trouble, answered, on_to, status};
use super::frame::{Frame, html};
use super::later::Why;
use super::paper::Sheet;
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Fields, Posted};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use super::tried::Tried;
use crate::api::exercises;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::ExerciseAct;
use forewarn_exchange::exercise::Speed;
use forewarn_exchange::id::ExerciseNumber;
use forewarn_exchange::scale::Status;
use forewarn_node::clock;
use forewarn_stix::Timestamp;
use forewarn_view::exercise::{AfterAction, CaseCourse, ExerciseLine, InjectLine};
use forewarn_view::text;

pub(crate) async fn list(
    State(node): State<App>,
    reader: Reader,
    Query(after): Query<After>,
) -> Result<Response, Problem> {
    let w = reader.w;
    let page = node.read(move |db, _| exercises::listed(&db, after.query())).await?;
    let row = |one: &ExerciseLine| Row {
        at: Some(format!("/desk/exercises/{}", one.number)),
        cells: vec![
            one.number.to_string(),
            line(&one.name),
            state(w, one).to_owned(),
            text::time(&one.begun),
            one.by.to_string(),
        ],
    };
    let table = Table {
        note: shown(&reader, page.rows.len(), page.next.is_some()),
        heads: vec![w.watch.number, w.play.called, w.watch.standing, w.play.begun, w.play.by],
        rows: page.rows.iter().map(row).collect(),
        none: w.play.none,
        next: page.next,
        ..Table::default()
    };
    let f = Frame::new(&node, Some(&reader), w, w.play.title).about(Status::Exercise);
    let lead = w.play.lead.to_owned();
    Ok(html(&Plain { lead, tables: vec![table], ..Plain::new(f, w.play.title) }))
}

pub(crate) async fn one(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<ExerciseNumber>,
) -> Result<Response, Problem> {
    page(&node, &reader, number, &Fields::default(), None).await
}

/// `POST /desk/exercises/{number}/end`.
pub(crate) async fn end(
    State(node): State<App>,
    Path(number): Path<ExerciseNumber>,
    posted: Posted<Why>,
) -> Result<Response, Problem> {
    let act = |Why(reason)| ExerciseAct::End { exercise: number, reason };
    match posted.does(&node, act).await? {
        Tried::Done(_) => Ok(on_to(&format!("/desk/exercises/{number}"))),
        Tried::Again { reader, typed, trouble } => {
            page(&node, &reader, number, &typed, Some(trouble)).await
        }
    }
}

async fn page(
    node: &App,
    reader: &Reader,
    number: ExerciseNumber,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let (sight, w, now) = (reader.sight(node), reader.w, clock::now());
    let read =
        node.read(move |db, node| exercises::report((&db, &node.state.us()), number, &sight, &now));
    let AfterAction { exercise, injects, cases } = read.await?;
    let heading = fill(w.play.heading, &[&exercise.number, &line(&exercise.name)]);
    let status = status(trouble.as_ref());
    let acts = (reader.user.works() && exercise.ended.is_none()).then(|| {
        let form = FormShown::new(reader, format!("/desk/exercises/{number}/end"), w.play.end)
            .again(typed, trouble)
            .text("reason", w.play.end_why, "");
        Act { heading: w.play.end.to_owned(), lead: w.play.end_text.to_owned(), form }
    });
    let f = Frame::new(node, Some(reader), w, &heading).about(Status::Exercise);
    let page = Plain {
        crumb: Some(("/desk/exercises", w.play.title)),
        tables: vec![came(w, &injects), course(w, &cases, exercise.speed)],
        sheets: vec![about(w, &exercise)],
        acts: acts.into_iter().collect(),
        ..Plain::new(f, heading)
    };
    Ok(answered(&page, status))
}

fn state(w: &Words, exercise: &ExerciseLine) -> &'static str {
    if exercise.ended.is_some() { w.play.over } else { w.play.running }
}

fn about(w: &Words, exercise: &ExerciseLine) -> Sheet {
    let mut facts = vec![
        (w.watch.standing.to_owned(), state(w, exercise).to_owned()),
        (w.play.begun.to_owned(), text::time(&exercise.begun)),
        (w.play.by.to_owned(), exercise.by.to_string()),
        (w.play.speed.to_owned(), fill(w.play.speed_times, &[&exercise.speed])),
    ];
    facts.extend(exercise.ended.as_ref().map(|over| {
        let how = format!("{}, {}: {}", text::time(&over.at), over.by, line(&over.reason));
        (w.play.ended.to_owned(), how)
    }));
    Sheet { heading: w.play.about.to_owned(), facts, ..Sheet::default() }
}

fn came(w: &Words, injects: &[InjectLine]) -> Table {
    let row = |one: &InjectLine| {
        let due = || fill(w.play.waits, &[&text::time(&one.due)]);
        let cases: Vec<String> = one.cases.iter().map(ToString::to_string).collect();
        let missing: Vec<String> = one.missing.iter().map(ToString::to_string).collect();
        Row {
            at: None,
            cells: vec![
                one.at.to_string(),
                one.title.as_deref().map_or_else(String::new, line),
                one.played.as_ref().map_or_else(due, text::time),
                one.items.to_string(),
                one.refused.to_string(),
                cases.join(", "),
                missing.join(", "),
            ],
        }
    };
    let p = &w.play;
    Table {
        heading: p.injects.to_owned(),
        heads: vec![p.at, p.called, p.played, p.brought, w.feed.refused, p.cases, p.missing],
        rows: injects.iter().map(row).collect(),
        ..Table::default()
    }
}

fn course(w: &Words, cases: &[CaseCourse], speed: Speed) -> Table {
    let row = |one: &CaseCourse| {
        let after = |at: &Timestamp| one.after(at, speed);
        let maybe = |at: &Option<Timestamp>| text::or_none(at.as_ref(), after);
        let decided = one.decided.as_ref();
        Row {
            at: Some(format!("/desk/cases/{}", one.case)),
            cells: vec![
                one.case.to_string(),
                one.partner.to_string(),
                after(&one.opened),
                text::or_none(decided, |decided| after(&decided.at)),
                maybe(&one.released),
                maybe(&one.received),
                maybe(&one.acknowledged),
                maybe(&one.outcome),
                after(&one.due),
                match one.in_time {
                    Some(true) => w.play.in_time,
                    Some(false) => w.play.late,
                    None => w.play.open,
                }
                .to_owned(),
            ],
        }
    };
    let p = &w.play;
    Table {
        heading: p.course.to_owned(),
        note: p.course_note.to_owned(),
        heads: vec![
            w.watch.number,
            w.watch.partner,
            p.matched,
            p.decided,
            p.released,
            p.received,
            p.acknowledged,
            p.outcome,
            p.due,
            p.judged,
        ],
        rows: cases.iter().map(row).collect(),
        none: p.no_cases,
        ..Table::default()
    }
}
