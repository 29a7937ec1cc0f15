//! `GET /api/v1/matched?first=…&last=…`: the cases that items have opened or joined, and those of which
//! they have revoked an original. It waits a
//! moment for the matcher, which follows what is taken in.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_engine::{MATCHER, ended};
use forewarn_matching::Ended;
use forewarn_stix::head::is_revocation;
use forewarn_view::item::{CaseMet, MatchedItems};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long it waits.
const WAIT: Duration = Duration::from_secs(3);
/// Most cases of one answer.
const MAX_CASES: usize = 100;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Range {
    /// The first number of the intake.
    first: i64,
    /// Its last.
    last: i64,
}

pub(crate) async fn matched(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(Range { first, last }): Query<Range>,
) -> Result<Json<MatchedItems>, Problem> {
    let until = Instant::now() + WAIT;
    let mut journal = node.state.engine().follow();
    loop {
        journal.borrow_and_update();
        let done = node.read(move |db, _| Ok(db.cursor(MATCHER)? >= last)).await?;
        // Whatever the matcher finds is a command: the journal moves.
        if done || !matches!(timeout_at(until, journal.changed()).await, Ok(Ok(()))) {
            return Ok(Json(met(&node, caller, (first, last), done).await?));
        }
    }
}

async fn met(
    node: &App,
    caller: Caller,
    items: (i64, i64),
    done: bool,
) -> Result<MatchedItems, Problem> {
    let met = node.read(move |db, node| {
        let sight = caller.sight(node);
        let limit = i64::try_from(MAX_CASES + 1).unwrap_or(i64::MAX);
        let mut all = db.cases_met(items, limit)?;
        let more = all.len() > MAX_CASES;
        all.truncate(MAX_CASES);
        let mut cases = Vec::new();
        for (case, partner) in all {
            if db.sees_case(case, &sight)? {
                cases.push(CaseMet { case, partner });
            }
        }
        let mut revoked = BTreeSet::new();
        for (seq, id) in db.named_between(items)? {
            let says = db.stored_at(seq)?.is_some_and(|(item, _)| is_revocation(&item.bytes));
            if !says || ended(&db, &id)? != Some(Ended::Revoked) {
                continue;
            }
            for case in db.cases_naming(&id, MAX_CASES)? {
                if revoked.len() < MAX_CASES && db.sees_case(case.number, &sight)? {
                    let partner = case.partner.to_string();
                    revoked.insert(CaseMet { case: case.number, partner });
                }
            }
        }
        Ok(MatchedItems { done, cases, more, revoked: revoked.into_iter().collect() })
    });
    Ok(met.await?)
}
