//! `GET /api/v1/warnings` and `…/{number}`.

use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use forewarn_exchange::Refusal;
use forewarn_exchange::warning::Warning;
use serde_json::{Value, json};

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<Value>>, Problem> {
    let warnings = node.read(|db, _| Ok(db.warnings()?)).await?;
    let line = |warning: &Warning| {
        json!({
            "number": warning.number, "partner": warning.partner, "status": warning.status,
            "title": warning.content.title, "urgency": warning.content.urgency,
            "tlp": warning.content.tlp, "valid_until": warning.content.valid_until,
            "received": warning.received, "standing": warning.standing,
            "recalled": warning.recall.is_some(), "id": warning.id,
            "open_questions": warning.talk.open_questions().len(),
        })
    };
    Ok(Json(warnings.iter().map(line).collect()))
}

pub(crate) async fn one(
    State(node): State<App>,
    Path(number): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let shown = node
        .read(move |db, _| {
            let warning = db.warning(number)?.ok_or_else(|| Refusal::unknown("warning", number))?;
            let history = db.history(&format!("warning-{number}"))?;
            Ok(json!({ "text": warning.text(), "history": history, "warning": warning }))
        })
        .await?;
    Ok(Json(shown))
}
