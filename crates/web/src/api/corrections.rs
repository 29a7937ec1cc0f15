//! `GET /api/v1/items/{id}/findings`: what is found in an item's text, with what people said of it;
//! `…/{id}/labelled`: the text with what is right of it, to learn from; `GET /api/v1/corrections`.

use super::page::{Page, PageQuery};
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use forewarn_exchange::correction::Correction;
use forewarn_exchange::{Code, Refusal};
use forewarn_extract::extract;
use forewarn_extract::labelled::Labelled;
use forewarn_node::Failure;
use forewarn_store::Db;
use forewarn_store::item::Media;
use forewarn_store::sight::Sight;
use forewarn_view::finding::{ItemFindings, changes};

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<Correction>, Problem> {
    let lines = node.read(move |db, node| {
        let sight = caller.sight(node);
        asked.page(
            |after, count| Ok(db.corrections_after(after, count)?),
            |one| one.number.get(),
            |one| {
                let seen = !db.hides_item(&one.item, &sight)?;
                Ok(seen.then_some(one))
            },
        )
    });
    Ok(lines.await?)
}

pub(crate) async fn findings(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<ItemFindings>, Problem> {
    let found = node.read(move |db, node| found(&db, &id, &caller.sight(node)));
    Ok(Json(found.await?))
}

/// What is found in an item's text, as far as it may be seen.
pub(crate) fn found(db: &Db<'_>, id: &str, sight: &Sight) -> Result<ItemFindings, Failure> {
    let text = text(db, id, sight)?;
    Ok(ItemFindings::of(id, &text, db.corrections_of(id)?))
}

pub(crate) async fn labelled(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<Labelled>, Problem> {
    let line = node.read(move |db, node| {
        let text = text(&db, &id, &caller.sight(node))?;
        let corrections = db.corrections_of(&id)?;
        Ok::<_, Failure>(Labelled::of(&id, &text, &extract(&text), &changes(&corrections)))
    });
    Ok(Json(line.await?))
}

/// The text of an item, as far as it may be seen.
fn text(db: &Db<'_>, id: &str, sight: &Sight) -> Result<String, Failure> {
    let item = db.item_seen(id, sight)?.ok_or_else(|| Refusal::unknown("item", id))?;
    if item.media != Media::Text {
        let message = format!("{id} is an object of STIX, and says what it is about by itself");
        return Err(Refusal::new(Code::BadRequest, message).into());
    }
    Ok(String::from_utf8_lossy(&item.bytes).into_owned())
}
