//! `GET /api/v1/partners` and `GET /api/v1/card`.

use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

/// Our own card, with the words to be read aloud.
pub(crate) async fn card(State(node): State<App>) -> Json<Value> {
    let (card, note) = node.card();
    Json(json!({ "card": note, "name": card.name, "fingerprint": card.fingerprint() }))
}

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<Value>>, Problem> {
    let partners = node.read(|db, _| Ok(db.partners()?)).await?;
    let shown = partners.into_iter().map(|partner| {
        let fingerprint = partner.card.fingerprint();
        json!({
            "name": partner.card.name, "organisation": partner.card.organisation,
            "url": partner.card.url, "key": partner.card.key, "fingerprint": fingerprint,
            "ceiling": partner.ceiling, "standing": partner.standing,
            "without_node": partner.without_node,
        })
    });
    Ok(Json(shown.collect()))
}
