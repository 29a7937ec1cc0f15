//! `GET /api/v1/authorities` and `…/{number}`: which warnings leave without a person.

use super::page::{Page, PageQuery};
use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::Refusal;
use forewarn_exchange::authority::Authority;
use forewarn_exchange::id::AuthorityNumber;
use forewarn_node::{Failure, clock};
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use forewarn_view::authority::AuthorityShown;

/// Most cases that the answer on one names.
const MAX_CASES: i64 = 1_000;

/// All of them, oldest first. They name sources and partners: whoever may not see everything is told
/// of none.
pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<AuthorityShown>, Problem> {
    let now = clock::now();
    let shown = node.read(move |db, node| {
        let whole = caller.sight(node).is_whole();
        asked.page(
            |after, count| Ok(db.authorities_after(after, count)?),
            |authority| authority.number.get(),
            |authority| whole.then(|| show(&db, authority, &now)).transpose(),
        )
    });
    Ok(shown.await?)
}

/// One, with the cases of what has left by it.
pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<AuthorityNumber>,
) -> Result<Json<AuthorityShown>, Problem> {
    let now = clock::now();
    let shown = node.read(move |db, node| {
        let found = if caller.sight(node).is_whole() { db.authority(number)? } else { None };
        let found = found.ok_or_else(|| Refusal::unknown("standing authorisation", number))?;
        let cases = db.authority_cases(number, 0, MAX_CASES)?;
        Ok::<_, Failure>(AuthorityShown { cases, ..show(&db, found, &now)? })
    });
    Ok(Json(shown.await?))
}

fn show(db: &Db<'_>, authority: Authority, now: &Timestamp) -> Result<AuthorityShown, Failure> {
    let rate = authority.class.rate;
    let since = now.plus_minutes(-i64::from(rate.minutes));
    let used = db.authority_uses(authority.number, &since, rate.most)?;
    Ok(AuthorityShown::of(authority, used, now))
}
