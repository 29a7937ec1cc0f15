//! `GET /api/v1/records`: what is held, and what was erased.

use super::page::{Page, PageQuery};
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::Extension;
use axum::extract::State;
use forewarn_node::Failure;
use forewarn_node::sees::sees_kept;
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::kept::KeptLine;

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<KeptLine>, Problem> {
    let lines = node.read(move |db, node| listed(&db, asked, &caller.sight(node)));
    Ok(lines.await?)
}

/// A page of them, as far as they may be seen.
pub(crate) fn listed(
    db: &Db<'_>,
    asked: PageQuery,
    sight: &Sight,
) -> Result<Page<KeptLine>, Failure> {
    asked.page(
        |after, count| Ok(db.kept_after(after, count)?),
        |(number, _)| *number,
        |(number, kept)| {
            let seen = sees_kept(db, &kept.what, sight)?;
            Ok(seen.then_some(KeptLine { number, kept }))
        },
    )
}
