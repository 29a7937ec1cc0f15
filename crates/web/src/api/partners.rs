//! `GET /api/v1/partners`, `…/{name}/history` and `GET /api/v1/card`.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::Extension;
use axum::Json;
use axum::extract::{Path, State};
use forewarn_exchange::Refusal;
use forewarn_exchange::history::{Happened, Topic};
use forewarn_exchange::name::NodeName;
use forewarn_view::history::HappenedLine;
use forewarn_view::partner::{OwnCard, PartnerShown};

/// Our own card, with the words to be read aloud.
pub(crate) async fn own_card(State(node): State<App>) -> Json<OwnCard> {
    let (card, note) = node.card().clone();
    let fingerprint = card.fingerprint();
    Json(OwnCard { card: note, name: card.name, fingerprint })
}

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<PartnerShown>>, Problem> {
    let partners = node.state.read(|db| Ok(db.partners()?)).await?;
    Ok(Json(partners.into_iter().map(PartnerShown::of).collect()))
}

/// Most lines of a history that are shown.
const MAX_LINES: i64 = 1_000;

/// What happened between a partner and us beside cases and warnings, the newest first. What is about
/// an item that the caller may not see is left out.
pub(crate) async fn history(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<NodeName>,
) -> Result<Json<Vec<HappenedLine>>, Problem> {
    let sight = caller.sight(&node);
    let lines = node.state.read(move |db| {
        db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
        let mut lines = Vec::new();
        for one in db.newest_history(Topic::Partner(name), MAX_LINES)? {
            if let Happened::NotOpened { item, .. } = &one.happened
                && db.item_seen(item, &sight)?.is_none()
            {
                continue;
            }
            lines.push(HappenedLine::new(one.time, one.actor, one.happened));
        }
        Ok(lines)
    });
    Ok(Json(lines.await?))
}
