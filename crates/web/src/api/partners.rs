//! `GET /api/v1/partners` and `GET /api/v1/card`.

use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use forewarn_exchange::card;
use serde_json::{Value, json};

/// Our own card, with the words to be read aloud.
pub(crate) async fn own_card(State(node): State<App>) -> Result<Json<Value>, Problem> {
    let (card, note) = node.card()?;
    Ok(Json(json!({ "card": note, "name": card.name, "fingerprint": card.fingerprint() })))
}

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<Value>>, Problem> {
    let partners = node.read(|db, _| Ok(db.partners()?)).await?;
    let shown = partners.into_iter().map(|partner| {
        let fingerprint = partner.card.fingerprint();
        let waiting = partner.succession.waiting.as_ref();
        let waiting = waiting.map(|one| card::fingerprint(partner.name(), &one.keys));
        json!({
            "name": partner.card.name, "organisation": partner.card.organisation,
            "url": partner.card.url, "key": partner.card.keys.ed25519, "fingerprint": fingerprint,
            "new_key": waiting, "ceiling": partner.ceiling, "standing": partner.standing,
            "without_node": partner.without_node,
        })
    });
    Ok(Json(shown.collect()))
}
