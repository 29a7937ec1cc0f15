//! `GET /api/v1/partners` and `GET /api/v1/card`.

use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
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
