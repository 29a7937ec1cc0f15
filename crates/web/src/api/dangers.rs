//! `GET /api/v1/dangers`: sources that are or were in danger.
//!
//! A danger names a source. It is there for whoever may see everything that came in, and for nobody
//! else.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_node::Failure;
use forewarn_view::danger::DangerLine;

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Vec<DangerLine>>, Problem> {
    let lines = node.read(move |db, node| {
        if !caller.sight(node).is_whole() {
            return Ok::<_, Failure>(Vec::new());
        }
        Ok(db.dangers()?.all().iter().map(DangerLine::of).collect())
    });
    Ok(Json(lines.await?))
}
