//! `GET /api/v1/items/{id}/findings`: what is found in an item's text, with what people said of it;
//! `…/{id}/labelled`: the text with what is right of it, to learn from; `GET /api/v1/corrections`.

use super::page::{Page, PageQuery};
use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::act::ItemAct;
use forewarn_exchange::correction::{Correction, CorrectionRequest};
use forewarn_exchange::{Act, Code, Refusal};
use forewarn_extract::extract;
use forewarn_extract::labelled::Labelled;
use forewarn_node::Failure;
use forewarn_node::state::on_a_thread;
use forewarn_store::Db;
use forewarn_store::item::Media;
use forewarn_store::sight::Sight;
use forewarn_view::finding::{ItemFindings, changes, was_found};

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
    let sight = caller.sight(&node);
    let said = node.read(move |db, _| said(&db, &id, &sight)).await?;
    Ok(Json(on_a_thread(move || said.found()).await?))
}

pub(crate) async fn labelled(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<Labelled>, Problem> {
    let sight = caller.sight(&node);
    let said = node.read(move |db, _| said(&db, &id, &sight)).await?;
    let line = on_a_thread(move || {
        let Said { item, text, corrections } = &said;
        Labelled::of(item, text, &extract(text), &changes(corrections))
    });
    Ok(Json(line.await?))
}

/// Checks that what a correction calls wrong was found: else it would say nothing of the text, and the
/// place of one that does is taken. Not in the journal's rules, since what is found becomes better.
pub(crate) async fn check(node: &App, caller: &Caller, act: &Act) -> Result<(), Problem> {
    let Act::Item(ItemAct::Correct { correction }) = act else { return Ok(()) };
    // What else stands against it is told where the act is decided.
    let Ok(CorrectionRequest { item: id, wrong: Some(wrong), .. }) = correction.clone().checked()
    else {
        return Ok(());
    };
    let sight = caller.sight(node);
    let Ok(said) = node.read(move |db, _| said(&db, &id, &sight)).await else { return Ok(()) };
    let words = wrong.to_string();
    if on_a_thread(move || was_found(&wrong, &said.text, &said.corrections)).await? {
        return Ok(());
    }
    let why = format!("{words} was not found in the text, so it cannot be wrong");
    Err(Problem::new(Code::BadRequest, why)
        .advice("`forewarn item findings` tells what was found, as a correction writes it"))
}

/// The text of an item, and what people have said of it.
pub(crate) struct Said {
    item: String,
    text: String,
    corrections: Vec<Correction>,
}

impl Said {
    /// Reads the text, which may take its time: not while a snapshot of the database is held.
    pub(crate) fn found(self) -> ItemFindings {
        ItemFindings::of(&self.item, &self.text, self.corrections)
    }
}

/// Of an item, as far as it may be seen.
pub(crate) fn said(db: &Db<'_>, id: &str, sight: &Sight) -> Result<Said, Failure> {
    let text = text(db, id, sight)?;
    Ok(Said { item: id.to_owned(), text, corrections: db.corrections_of(id)? })
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
