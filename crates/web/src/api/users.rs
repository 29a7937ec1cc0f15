//! `GET /api/v1/users`, `…/{name}`.

use super::tag::Tagged;
use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use forewarn_exchange::Refusal;
use forewarn_exchange::name::UserName;
use forewarn_exchange::user::User;
use forewarn_exchange::watched::Watched;

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<User>>, Problem> {
    Ok(Json(node.read(|db, _| Ok(db.users()?)).await?))
}

pub(crate) async fn one(
    State(node): State<App>,
    Path(name): Path<UserName>,
) -> Result<Tagged<User>, Problem> {
    let shown = node.state.read(move |db| {
        let user = db.user(&name)?.ok_or_else(|| Refusal::unknown("user", &name))?;
        Tagged::of(&db, user, &Watched::User(name))
    });
    Ok(shown.await?)
}
