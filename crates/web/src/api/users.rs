//! `GET /api/v1/users`.

use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use forewarn_exchange::user::User;

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<User>>, Problem> {
    Ok(Json(node.read(|db, _| Ok(db.users()?)).await?))
}
