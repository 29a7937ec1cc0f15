//! `GET /api/v1/partners/{name}/agreements` and `…/{version}`: what both sides have signed.

use super::page::{Page, PageQuery};
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::Json;
use axum::extract::State;
use forewarn_exchange::Refusal;
use forewarn_exchange::agreement::Version;
use forewarn_exchange::name::NodeName;
use forewarn_node::Failure;
use forewarn_store::Db;
use forewarn_view::agreement::AgreementShown;

/// Every version, oldest first.
pub(crate) async fn list(
    State(node): State<App>,
    Path(name): Path<NodeName>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<AgreementShown>, Problem> {
    let shown = node.state.read(move |db| {
        let in_force = in_force(&db, &name)?;
        asked.page(
            |after, count| Ok(db.agreements_after(&name, after, count)?),
            |(place, _)| *place,
            |(_, version)| Ok(Some(AgreementShown::of(version, in_force))),
        )
    });
    Ok(shown.await?)
}

/// One version; of two that crossed, the one that did not fall.
pub(crate) async fn one(
    State(node): State<App>,
    Path((name, version)): Path<(NodeName, Version)>,
) -> Result<Json<AgreementShown>, Problem> {
    let shown = node.state.read(move |db| {
        let in_force = in_force(&db, &name)?;
        let found = db.agreement(&name, version)?;
        let what = "version of the agreement";
        let found = found.ok_or_else(|| Refusal::unknown(what, version))?;
        Ok(AgreementShown::of(found, in_force))
    });
    Ok(Json(shown.await?))
}

/// The newest versions, the newest first.
pub(crate) fn newest(
    db: &Db<'_>,
    name: &NodeName,
    most: usize,
) -> Result<Vec<AgreementShown>, Failure> {
    let in_force = in_force(db, name)?;
    let versions = db.newest_agreements(name, most)?;
    Ok(versions.into_iter().map(|one| AgreementShown::of(one, in_force)).collect())
}

/// The version that is in force with a partner.
fn in_force(db: &Db<'_>, name: &NodeName) -> Result<Option<Version>, Failure> {
    let partner = db.partner(name)?.ok_or_else(|| Refusal::unknown("partner", name))?;
    Ok(partner.agreement.map(|held| held.version))
}
