//! `GET /api/v1/templates`: texts to begin drafts with; `?case=N`, those that are offered for a case.

use super::cases::case_seen;
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::id::CaseNumber;
use forewarn_node::Failure;
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::template::TemplateLine;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which templates are asked for.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Those that are offered for this case.
    case: Option<CaseNumber>,
}

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(Asked { case }): Query<Asked>,
) -> Result<Json<Vec<TemplateLine>>, Problem> {
    let lines = node.read(move |db, node| match case {
        Some(case) => offered(&db, case, &caller.sight(node)),
        None => Ok(db.templates()?.all().map(TemplateLine::of).collect()),
    });
    Ok(Json(lines.await?))
}

/// Those for the kind of threat that a case's finding names, and for its partner.
pub(crate) fn offered(
    db: &Db<'_>,
    number: CaseNumber,
    sight: &Sight,
) -> Result<Vec<TemplateLine>, Failure> {
    let case = case_seen(db, number, sight)?;
    let threat = case.assessment.finding().map(|found| found.finding.threat);
    let templates = db.templates()?;
    let fits = templates.all().filter(|one| one.template.is_for(threat, &case.partner));
    Ok(fits.map(TemplateLine::of).collect())
}
