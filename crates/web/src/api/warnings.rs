//! `GET /api/v1/warnings` and `…/{number}`.

use super::cases::history;
use super::page::{Page, PageQuery};
use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, Query, State};
use forewarn_exchange::Refusal;
use forewarn_exchange::id::{Subject, WarningNumber};
use forewarn_exchange::warning::Warning;
use forewarn_view::warning::{WarningLine, WarningShown};

pub(crate) async fn list(
    State(node): State<App>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<WarningLine>, Problem> {
    let lines = node.state.read(move |db| {
        let questions = db.open_questions()?;
        let open = |one: &Warning| questions.get(&Subject::Warning(one.number)).copied();
        let line = |one: &Warning| WarningLine::of(one, open(one).unwrap_or(0));
        asked.page(
            |after, count| Ok(db.warnings_after(after, count)?),
            |warning| warning.number.get(),
            |warning| Ok(Some(line(&warning))),
        )
    });
    Ok(lines.await?)
}

pub(crate) async fn one(
    State(node): State<App>,
    Path(number): Path<WarningNumber>,
) -> Result<Json<WarningShown>, Problem> {
    let shown = node
        .state
        .read(move |db| {
            let unknown = || Refusal::unknown("warning", number);
            let warning = db.warning(number)?.ok_or_else(unknown)?;
            let content = db.content(number)?.ok_or_else(unknown)?;
            let talk = db.talk(number.into())?;
            let before = match warning.version.checked_sub(1) {
                Some(version) => db.content_at(number, version)?,
                None => None,
            };
            let history = history(&db, number.into())?;
            Ok(WarningShown::of(warning, (content, before), &talk, history))
        })
        .await?;
    Ok(Json(shown))
}
