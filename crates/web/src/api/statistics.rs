//! `GET /api/v1/statistics`: how long warnings took beside their deadlines, and what came of what came
//! in, week by week, as far as the reader may see it.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::case::{Assessment, Case, Decision};
use forewarn_exchange::history::Happened;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::scale::Status;
use forewarn_exchange::talk::{Said, Statement};
use forewarn_node::{Failure, clock};
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::statistics::{CaseTimes, Statistics, WeekLine};

/// Weeks that are told: a quarter.
const WEEKS: i64 = 13;
/// Cases that are told.
const CASES: usize = 30;
/// Newest cases that are read: more in a quarter are nobody's.
const MAX_CASES: i64 = 2_000;
/// Microseconds of a week, and those from 1970 to its first Monday.
const WEEK: i64 = 7 * 24 * 3600 * 1_000_000;
const MONDAY: i64 = 4 * 24 * 3600 * 1_000_000;

pub(crate) async fn show(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Statistics>, Problem> {
    let now = clock::now();
    let counted = node.read(move |db, node| counted(&db, &caller.sight(node), &now));
    Ok(Json(counted.await?))
}

/// What can be counted.
pub(crate) fn counted(db: &Db<'_>, sight: &Sight, now: &Timestamp) -> Result<Statistics, Failure> {
    let mut weeks = weeks(db, sight, now)?;
    let newest = db.next_case()?.get();
    let mut cases = Vec::new();
    for case in db.cases_after((newest - 1 - MAX_CASES).max(0), MAX_CASES)?.iter().rev() {
        if !db.sees_case(case.number, sight)? {
            continue;
        }
        let times = times(db, case)?;
        if case.status == Status::Actual {
            count(&mut weeks, case, times.as_ref());
        }
        if cases.len() < CASES {
            cases.extend(times);
        }
    }
    Ok(Statistics { weeks, cases })
}

/// The last weeks, with what came in each.
fn weeks(db: &Db<'_>, sight: &Sight, now: &Timestamp) -> Result<Vec<WeekLine>, Failure> {
    let this = (now.micros() - MONDAY).div_euclid(WEEK) * WEEK + MONDAY;
    let mut all = Vec::new();
    for back in (0..WEEKS).rev() {
        let start = this - back * WEEK;
        let Some(from) = Timestamp::from_micros(start) else { continue };
        let (came, matched) = db.items_counted((start, start + WEEK), sight)?;
        all.push(WeekLine { from, came, matched, warned: 0, waived: 0, dismissed: 0 });
    }
    Ok(all)
}

fn week_of<'w>(weeks: &'w mut [WeekLine], at: &Timestamp) -> Option<&'w mut WeekLine> {
    weeks.iter_mut().rev().find(|week| week.from <= *at)
}

fn count(weeks: &mut [WeekLine], case: &Case, times: Option<&CaseTimes>) {
    if let Some(week) = times.and_then(|times| week_of(weeks, &times.released)) {
        week.warned += 1;
    }
    let Assessment::Decided { decision, .. } = &case.assessment else { return };
    let Some(week) = week_of(weeks, &decision.at) else { return };
    match decision.decision {
        Decision::Warn { .. } => {}
        Decision::Waive { .. } => week.waived += 1,
        Decision::Refer { .. } | Decision::NotMet { .. } => week.dismissed += 1,
    }
}

/// How long a case took; `None` for one of which nothing was released.
fn times(db: &Db<'_>, case: &Case) -> Result<Option<CaseTimes>, Failure> {
    let outgoing = db.outgoing(case.number)?;
    let Some(first) = outgoing.releases().first() else { return Ok(None) };
    Ok(Some(CaseTimes {
        case: case.number,
        partner: case.partner.clone(),
        urgency: case.urgency,
        status: case.status,
        opened: case.opened.clone(),
        due: case.clock.due().clone(),
        released: first.at.clone(),
        received: received(db, case.number)?,
        acknowledged: acknowledged(&db.talk(case.number.into())?),
    }))
}

/// When the partner's node first held all of a case's warning.
pub(super) fn received(db: &Db<'_>, case: CaseNumber) -> Result<Option<Timestamp>, Failure> {
    let mut lines = db.history(case)?.into_iter();
    Ok(lines.find_map(|line| matches!(line.happened, Happened::Delivered {}).then_some(line.time)))
}

/// When somebody there first took it on, or declined it, by their clock.
pub(super) fn acknowledged(talk: &[Said]) -> Option<Timestamp> {
    stated(talk, |one| matches!(one, Statement::Accepted { .. } | Statement::Declined { .. }))
}

/// When the partner first said something of this kind, by their clock.
pub(super) fn stated(talk: &[Said], is: impl Fn(&Statement) -> bool) -> Option<Timestamp> {
    let theirs = talk.iter().filter(|one| !one.ours && is(&one.statement));
    theirs.map(|one| &one.at).min().cloned()
}
