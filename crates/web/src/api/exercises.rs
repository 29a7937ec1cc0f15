//! `GET /api/v1/exercises`, and `…/{number}`: the after-action report of one.
//!
//! An exercise is there for whoever reads; its cases as far as they may be seen.

use super::page::{Page, PageQuery};
use super::statistics::{acknowledged, received, stated};
use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_engine::Us;
use forewarn_exchange::Refusal;
use forewarn_exchange::case::{Assessment, Case, Decision};
use forewarn_exchange::clocks::Purpose;
use forewarn_exchange::exercise::{Exercise, Inject};
use forewarn_exchange::id::{CaseNumber, ExerciseNumber};
use forewarn_exchange::talk::Statement;
use forewarn_node::{Failure, clock};
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::exercise::{AfterAction, CaseCourse, DecidedAt, ExerciseLine, InjectLine};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) async fn list(
    State(node): State<App>,
    Extension(_): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<ExerciseLine>, Problem> {
    let lines = node.read(move |db, _| listed(&db, asked));
    Ok(lines.await?)
}

/// Exercises in a list.
pub(crate) fn listed(db: &Db<'_>, asked: PageQuery) -> Result<Page<ExerciseLine>, Failure> {
    asked.page(
        |after, count| Ok(db.exercises_after(after, count)?),
        |exercise| exercise.number.get(),
        |exercise| Ok(Some(ExerciseLine::of(&exercise))),
    )
}

pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<ExerciseNumber>,
) -> Result<Json<AfterAction>, Problem> {
    let now = clock::now();
    let report = node
        .read(move |db, node| report((&db, &node.state.us()), number, &caller.sight(node), &now));
    Ok(Json(report.await?))
}

/// What came, and what was done about it by when.
pub(crate) fn report(
    (db, us): (&Db<'_>, &Us),
    number: ExerciseNumber,
    sight: &Sight,
    now: &Timestamp,
) -> Result<AfterAction, Failure> {
    let exercise = db.exercise(number)?.ok_or_else(|| Refusal::unknown("exercise", number))?;
    let mut seen = Vec::new();
    for case in db.cases_of_exercise(number)? {
        if db.sees_case(case.number, sight)? {
            seen.push(case);
        }
    }
    // Which cases name what.
    let mut naming: BTreeMap<String, BTreeSet<CaseNumber>> = BTreeMap::new();
    for case in &seen {
        for item in db.case_items(case.number)? {
            naming.entry(item.id).or_default().insert(case.number);
        }
    }
    let (mut injects, mut came) = (Vec::new(), BTreeMap::new());
    for place in 1.. {
        let Some((due, inject)) = exercise.inject(place) else { break };
        let mut line = played(db, &exercise, (place, due, inject), &naming)?;
        line.missing = missing(db, inject, &line, &seen)?;
        for case in &line.cases {
            let at = line.played.clone();
            came.entry(*case).or_insert(at);
        }
        injects.push(line);
    }
    let mut cases = Vec::new();
    for case in &seen {
        let first = came.remove(&case.number).flatten();
        cases.push(course((db, us), case, first.unwrap_or_else(|| case.opened.clone()), now)?);
    }
    Ok(AfterAction { exercise: ExerciseLine::of(&exercise), injects, cases })
}

fn played(
    db: &Db<'_>,
    exercise: &Exercise,
    (place, due, inject): (u32, Timestamp, &Inject),
    naming: &BTreeMap<String, BTreeSet<CaseNumber>>,
) -> Result<InjectLine, Failure> {
    let outcome = db.intake_outcome(&exercise.intake_id(place))?;
    let played = outcome.as_ref().map(|one| super::stored_time("intake", one.time.clone()));
    let (items, refused) = outcome.as_ref().map_or((0, 0), |one| (one.kept, one.refused));
    let kept = outcome.into_iter().flat_map(|one| one.kept_listed);
    let cases: BTreeSet<CaseNumber> =
        kept.filter_map(|row| naming.get(&row.id)).flatten().copied().collect();
    Ok(InjectLine {
        place,
        at: inject.at,
        title: inject.title.clone(),
        due,
        played: played.transpose()?,
        items,
        refused,
        cases: cases.into_iter().collect(),
        missing: Vec::new(),
    })
}

/// Who was to be warned of an inject that has come, and was not.
fn missing(
    db: &Db<'_>,
    inject: &Inject,
    line: &InjectLine,
    seen: &[Case],
) -> Result<Vec<forewarn_exchange::name::NodeName>, Failure> {
    let mut all = Vec::new();
    for partner in inject.expect.iter().filter(|_| line.played.is_some()) {
        let of =
            seen.iter().filter(|one| one.partner == *partner && line.cases.contains(&one.number));
        let mut warned = false;
        for case in of {
            warned |= !db.outgoing(case.number)?.releases().is_empty();
        }
        if !warned {
            all.push(partner.clone());
        }
    }
    Ok(all)
}

/// How a case went.
fn course(
    (db, us): (&Db<'_>, &Us),
    case: &Case,
    came: Timestamp,
    now: &Timestamp,
) -> Result<CaseCourse, Failure> {
    let due = match case.clock.purpose {
        Purpose::Warn => case.clock.due().clone(),
        // It is looked at again, by a clock of its own.
        Purpose::Answer | Purpose::Review | Purpose::Permission => {
            us.clocks_of(db, case)?.due(case.urgency, &case.opened)
        }
    };
    let (decided, warns) = match &case.assessment {
        Assessment::Decided { decision, .. } => {
            let at = decision.at.clone();
            let warns = matches!(decision.decision, Decision::Warn { .. });
            (Some(DecidedAt { what: decision.decision.word().to_owned(), at }), warns)
        }
        Assessment::Open {} | Assessment::Found { .. } | Assessment::Merged { .. } => (None, false),
    };
    let (received, talk) = (received(db, case.number)?, db.talk(case.number.into())?);
    let done = if warns { received.clone() } else { decided.as_ref().map(|one| one.at.clone()) };
    let in_time = match &done {
        Some(done) => Some(*done <= due),
        None => (*now > due).then_some(false),
    };
    Ok(CaseCourse {
        case: case.number,
        partner: case.partner.clone(),
        urgency: case.urgency,
        came,
        opened: case.opened.clone(),
        due,
        decided,
        released: db.outgoing(case.number)?.releases().first().map(|first| first.at.clone()),
        received,
        acknowledged: acknowledged(&talk),
        outcome: stated(&talk, |one| matches!(one, Statement::Outcome { .. })),
        in_time,
    })
}
