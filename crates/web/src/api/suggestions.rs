//! `GET /api/v1/cases/{number}/suggestions`.

use super::cases::case_seen;
use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::draft::{Supposed, suggest};
use forewarn_exchange::id::CaseNumber;
use forewarn_node::Failure;
use forewarn_store::Db;
use forewarn_store::item::Media;
use forewarn_store::sight::Sight;
use forewarn_view::suggestion::SuggestionLine;

/// What the items of a case suggest to put into a warning, with where it stands.
pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<CaseNumber>,
) -> Result<Json<Vec<SuggestionLine>>, Problem> {
    let lines = node.read(move |db, node| of_case(&db, number, &caller.sight(node)));
    Ok(Json(lines.await?))
}

/// What the items of a case suggest, as far as they may be seen.
pub(crate) fn of_case(
    db: &Db<'_>,
    number: CaseNumber,
    sight: &Sight,
) -> Result<Vec<SuggestionLine>, Failure> {
    case_seen(db, number, sight)?;
    let mut items = Vec::new();
    for item in db.case_items(number)? {
        // What was deleted since suggests nothing.
        if let Some(stored) = db.item_seen(&item.id, sight)? {
            let is_object = match stored.media {
                Media::Stix => true,
                Media::Text => false,
            };
            items.push(Supposed { item: item.id, bytes: stored.bytes, is_object });
        }
    }
    Ok(SuggestionLine::all(suggest(&items)))
}
