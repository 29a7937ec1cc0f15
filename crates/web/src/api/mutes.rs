//! `GET /api/v1/mutes` and `…/{number}`: what opens no case for a while, and what that has kept.
//!
//! A mute names a source. It is there for whoever may see everything that came in, and for nobody
//! else.

use super::page::{Page, PageQuery};
use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::Refusal;
use forewarn_exchange::id::MuteNumber;
use forewarn_node::{Failure, clock};
use forewarn_view::mute::{MuteLine, MuteShown, MutedLine};

/// Most matches of one mute that are shown: the newest.
const MAX_NEWEST: i64 = 100;

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<MuteLine>, Problem> {
    let now = clock::now();
    let lines = node.read(move |db, node| {
        let whole = caller.sight(node).is_whole();
        asked.page(
            |after, count| Ok(db.mutes_after(after, count)?),
            |mute| mute.number.get(),
            |mute| {
                let matches = db.count_muted(mute.number)?;
                Ok(whole.then(|| MuteLine::of(mute, matches, &now)))
            },
        )
    });
    Ok(lines.await?)
}

pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<MuteNumber>,
) -> Result<Json<MuteShown>, Problem> {
    let now = clock::now();
    let shown = node.read(move |db, node| {
        let unknown = || Refusal::unknown("mute", number);
        let mute = db.mute(number)?.filter(|_| caller.sight(node).is_whole());
        let mute = mute.ok_or_else(unknown)?;
        let mut newest = Vec::new();
        for one in db.muted(number, MAX_NEWEST)? {
            let time = super::stored_time("muted", one.time)?;
            newest.push(MutedLine { item: one.item, time, found: one.found });
        }
        let line = MuteLine::of(mute, db.count_muted(number)?, &now);
        Ok::<_, Failure>(MuteShown { line, newest })
    });
    Ok(Json(shown.await?))
}
