//! `GET /api/v1/dangers`: sources that are or were in danger.
//!
//! A danger names a source. It is there for whoever may see something that the source has brought, and
//! for nobody else.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_node::Failure;
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::danger::DangerLine;

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Vec<DangerLine>>, Problem> {
    let lines = node.read(move |db, node| seen(&db, &caller.sight(node)));
    Ok(Json(lines.await?))
}

/// Those whose source the reader may know, by number.
pub(crate) fn seen(db: &Db<'_>, sight: &Sight) -> Result<Vec<DangerLine>, Failure> {
    let mut lines = Vec::new();
    for danger in db.dangers()?.all() {
        if sight.is_whole() || db.sees_source(&danger.source, sight)? {
            lines.push(DangerLine::of(danger));
        }
    }
    Ok(lines)
}
