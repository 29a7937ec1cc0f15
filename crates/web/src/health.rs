//! Whether the process runs, and whether it can answer.

use crate::app::App;
use crate::problem::Problem;
use axum::extract::State;

/// `GET /healthz`: the process runs.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database can be read.
pub(crate) async fn ready(State(node): State<App>) -> Result<&'static str, Problem> {
    node.read(|db, _| Ok(db.journal_index()?)).await?;
    Ok("ready\n")
}
