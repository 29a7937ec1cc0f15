//! `GET /api/v1/items`, `…/{id}` as received, `…/{id}/about` with its flaws, `…/{id}/original`,
//! `/api/v1/quarantine`,
//! `/api/v1/thanks`.

use super::page::{Page, PageQuery};
use super::{may, stored_time};
use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use forewarn_exchange::Refusal;
use forewarn_exchange::source_name::SourceNames;
use forewarn_exchange::user::Permission;
use forewarn_node::Failure;
use forewarn_node::sees::sees_thanked;
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use forewarn_store::intake::QuarantineRow;
use forewarn_store::item::{ItemRow, Original};
use forewarn_store::reason::Reason;
use forewarn_store::sight::Sight;
use forewarn_store::thanks::Thanks;
use forewarn_view::item::{BrokenRule, ItemLine, ItemShown, QuarantineLine, ThanksLine};

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<ItemLine>, Problem> {
    let items = node.read(move |db, node| listed(&db, asked, &caller.sight(node)));
    Ok(items.await?)
}

/// Items in a list, as far as they may be seen.
pub(crate) fn listed(
    db: &Db<'_>,
    asked: PageQuery,
    sight: &Sight,
) -> Result<Page<ItemLine>, Failure> {
    let fetch = |after, count| Ok(db.items(after, count, sight)?);
    asked.page(fetch, |row| row.seq, |row| item_line(row).map(Some))
}

fn item_line(row: ItemRow) -> Result<ItemLine, Failure> {
    let ItemRow { seq, id, version, flawed, size, source, grade, time, .. } = row;
    let ItemRow { marking, deleted, exercise, .. } = row;
    let time = stored_time("item", time)?;
    let (version, written) =
        (version.own().map_or(0, Timestamp::micros), version.own().map(ToString::to_string));
    let known = ItemLine {
        seq,
        id,
        version,
        written,
        flawed,
        size,
        source,
        grade,
        time,
        marking,
        deleted,
        exercise,
    };
    Ok(known)
}

/// `GET /api/v1/items/{id}/about`: the newest version of an item, with its flaws.
pub(crate) async fn about(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<ItemShown>, Problem> {
    let shown = node.read(move |db, node| shown(&db, &id, &caller.sight(node)));
    Ok(Json(shown.await?))
}

/// An item with its flaws, as far as it may be seen.
pub(crate) fn shown(db: &Db<'_>, id: &str, sight: &Sight) -> Result<ItemShown, Failure> {
    let item = db.item_seen(id, sight)?;
    let unknown = || Refusal::unknown("item", id);
    let item = item.ok_or_else(unknown)?;
    let row = db.item_row(item.seq)?.ok_or_else(unknown)?;
    let flaws = db.flaws_of(item.seq)?.into_iter().map(broken_rule).collect();
    let bytes = String::from_utf8_lossy(&item.bytes).into_owned();
    let original = db.original_kind(item.seq)?;
    Ok(ItemShown { item: item_line(row)?, flaws, original, bytes })
}

pub(crate) async fn bytes(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let item = node
        .read(move |db, node| {
            let item = db.item_seen(&id, &caller.sight(node))?;
            Ok(item.ok_or_else(|| Refusal::unknown("item", &id))?)
        })
        .await?;
    Ok(raw(item.bytes))
}

fn raw(bytes: Vec<u8>) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    (StatusCode::OK, kind, bytes).into_response()
}

/// `GET /api/v1/items/{id}/original`: the document that a text was read from, as it came.
pub(crate) async fn original(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let original = node.read(move |db, node| original_of(&db, &id, &caller.sight(node))).await?;
    Ok(raw(original.bytes))
}

/// The document that an item was read from, as far as it may be seen.
pub(crate) fn original_of(db: &Db<'_>, id: &str, sight: &Sight) -> Result<Original, Failure> {
    let item = db.item_seen(id, sight)?.ok_or_else(|| Refusal::unknown("item", id))?;
    let original = db.original_of(item.seq)?;
    Ok(original.ok_or_else(|| Refusal::unknown("document of the item", id))?)
}

pub(crate) async fn quarantine(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<QuarantineLine>, Problem> {
    let refused = node.read(move |db, node| self::refused(&db, asked, &caller.sight(node)));
    Ok(refused.await?)
}

/// What was refused on its way in, as far as it may be seen.
pub(crate) fn refused(
    db: &Db<'_>,
    asked: PageQuery,
    sight: &Sight,
) -> Result<Page<QuarantineLine>, Failure> {
    let fetch = |after, count| Ok(db.quarantined(after, count, sight)?);
    asked.page(fetch, |row| row.number, |row| quarantine_line(row).map(Some))
}

fn quarantine_line(row: QuarantineRow) -> Result<QuarantineLine, Failure> {
    let QuarantineRow { number, position, id, reasons, name, time, bytes } = row;
    let time = stored_time("quarantine", time)?;
    let reasons = reasons.into_iter().map(broken_rule).collect();
    Ok(QuarantineLine { number, position, id, reasons, name, time, bytes })
}

pub(super) fn broken_rule(Reason { path, rule, message }: Reason) -> BrokenRule {
    BrokenRule { path, rule, message }
}

pub(crate) async fn thanks(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<ThanksLine>, Problem> {
    let lines = node.read(move |db, node| {
        let sight = caller.sight(node);
        let names =
            if may(&caller, Permission::SeeSources) { Some(db.source_names()?) } else { None };
        asked.page(
            |after, count| Ok(db.thanks(after, count)?),
            |(number, _)| *number,
            |(_, thanks)| {
                let seen = db.sees_case(thanks.case, &sight)?
                    && sees_thanked(&db, &thanks.source, &sight)?;
                seen.then(|| thanks_line(thanks, names.as_ref())).transpose()
            },
        )
    });
    Ok(lines.await?)
}

/// With what may be said to the source, for whoever may know who that is.
fn thanks_line(row: Thanks, names: Option<&SourceNames>) -> Result<ThanksLine, Failure> {
    let Thanks { source, partner, case, time, text } = row;
    let cover = names.and_then(|names| Some(names.of(&source)?.known.cover.clone()));
    let cover = cover.filter(|words| !words.is_empty());
    Ok(ThanksLine { source, partner, case, time: stored_time("thanks", time)?, text, cover })
}
