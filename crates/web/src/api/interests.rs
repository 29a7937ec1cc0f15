//! `GET /api/v1/interests`, `…/trial`: how far new ones have been tried; and `POST …/test`: which
//! would match a file, and why; changes nothing.

use super::items::broken_rule;
use super::page::{Page, PageQuery, limit};
use super::stored_time;
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::Code;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::scale::Grade;
use forewarn_matching::Index;
use forewarn_matching::interest::Interest;
use forewarn_node::dry_run::{As, Finding, Told, Tried};
use forewarn_node::intake::{Format, NotTaken, START_BYTES, recognise};
use forewarn_node::trial::{Progress, progress};
use forewarn_node::{Failure, clock};
use forewarn_store::Db;
use forewarn_store::interest::{Order, Registered};
use forewarn_store::sight::Sight;
use forewarn_view::interest::{InterestLine, InterestTried, Meeting, TrialProgress};
use schemars::JsonSchema;
use serde::Deserialize;

/// Most bytes of a file that is tried.
const MAX_TEST_BYTES: usize = 32 << 20;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// With or of whom.
    partner: Option<String>,
    /// The cursor of the page before: only rows behind it.
    #[serde(default)]
    after: i64,
    /// Most rows of a page, from 1; 1,000 when not given, or more.
    #[serde(default, deserialize_with = "limit")]
    limit: Option<usize>,
    /// In which order.
    #[serde(default)]
    order: Order,
}

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<ListQuery>,
) -> Result<Page<InterestLine>, Problem> {
    let (order, query) = (asked.order, asked.partner.clone());
    let list = node.read(move |db, node| listed(&db, asked, &caller.sight(node)));
    let order = Some(order.name().to_owned());
    Ok(list.await?.narrowed([("order", order), ("partner", query)]))
}

/// Interests in a list, as far as they may be seen.
pub(crate) fn listed(
    db: &Db<'_>,
    asked: ListQuery,
    sight: &Sight,
) -> Result<Page<InterestLine>, Failure> {
    let ListQuery { partner, after, limit, order } = asked;
    // Of a rank, the place in it is what a page goes on from; else the number.
    let place = |(rank, row): &(i64, Registered)| match order {
        Order::Most => *rank,
        Order::Registered | Order::Never => row.seq,
    };
    let fetch = |after: i64, count| {
        let rows = db.interests(partner.as_deref(), order, after, count, sight)?;
        Ok((after + 1..).zip(rows).collect())
    };
    PageQuery { after, limit }.page(fetch, place, |(_, row)| line(row).map(Some))
}

impl ListQuery {
    /// Everybody's, in an order of this name; as they were registered when there is none.
    pub(crate) fn of(order: &str, after: i64, limit: usize) -> ListQuery {
        let all = [Order::Registered, Order::Most, Order::Never];
        let order = all.into_iter().find(|one| one.name() == order).unwrap_or_default();
        ListQuery { partner: None, after, limit: Some(limit), order }
    }
}

fn line(row: Registered) -> Result<InterestLine, Failure> {
    let Registered { seq, partner, ours, interest, ownership, change, matches, last_match } = row;
    let last_match = last_match.map(|time| stored_time("interest", time)).transpose()?;
    Ok(InterestLine { seq, partner, ours, interest, ownership, change, matches, last_match })
}

pub(crate) async fn trial(State(node): State<App>) -> Result<Json<Option<TrialProgress>>, Problem> {
    let progress = node.read(|db, _| Ok(progress(&db)?)).await?;
    let shown = |Progress { waiting, from, at, until }| TrialProgress { waiting, from, at, until };
    Ok(Json(progress.map(shown)))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrialQuery {
    /// The grade that it would be taken in with.
    grade: Option<Grade>,
    /// Interests that it comes near to are told too.
    #[serde(default)]
    near: bool,
}

pub(crate) async fn test(
    State(node): State<App>,
    Query(asked): Query<TrialQuery>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Vec<InterestTried>>, Problem> {
    let read = body::read((&node, &asker), &headers, body, MAX_TEST_BYTES).await?;
    let (bytes, _share) = read.into_parts();
    let as_if = As { added: clock::now().micros(), grade: asked.grade, with_near: asked.near };
    Ok(Json(told(&node, (asker.pair().0, bytes), as_if).await?))
}

/// What these bytes would meet; changes nothing.
async fn told(
    node: &App,
    from: (&Actor, Vec<u8>),
    as_if: As,
) -> Result<Vec<InterestTried>, Problem> {
    let tried = apart(node, from).await?;
    let told =
        node.read(move |db, node| node.interests.with(&db, |index, _| tried.against(index, as_if)));
    Ok(told.await?.into_iter().map(shown).collect())
}

/// The same against one interest that nobody has registered yet, of a partner with this name.
pub(crate) async fn tried_alone(
    node: &App,
    (account, text): (&Actor, Vec<u8>),
    (partner, interest): (String, Interest),
) -> Result<Vec<InterestTried>, Problem> {
    let as_if = As { added: clock::now().micros(), grade: None, with_near: true };
    let tried = apart(node, (account, text)).await?;
    let judged = tokio::task::spawn_blocking(move || {
        tried.against(&Index::new([(partner, interest)]), as_if)
    });
    let stopped = |_| Problem::new(Code::Busy, "the node is stopping").retry_after(1);
    Ok(judged.await.map_err(stopped)?.into_iter().map(shown).collect())
}

/// Takes a file apart into items.
async fn apart(node: &App, (account, bytes): (&Actor, Vec<u8>)) -> Result<Tried, Problem> {
    let bad =
        |e: NotTaken| Problem::new(Code::BadFile, format!("it would be refused, because {e}"));
    let stopped = |_| Problem::new(Code::Busy, "the node is stopping").retry_after(1);
    // A document is read by another process, and waited for: an account has one of them at a time.
    let start = bytes.get(..START_BYTES).unwrap_or(&bytes);
    let _place = match recognise(start) {
        Ok(Format::Document) => Some(node.readers.wait(account, 1, None).await?),
        Ok(Format::Stix | Format::Text | Format::Misp) | Err(_) => None,
    };
    let read = tokio::task::spawn_blocking(move || Tried::read(bytes));
    read.await.map_err(stopped)?.map_err(bad)
}

/// What a text would meet, or come near to.
pub(crate) async fn tried(
    node: &App,
    account: &Actor,
    text: Vec<u8>,
) -> Result<Vec<InterestTried>, Problem> {
    let as_if = As { added: clock::now().micros(), grade: None, with_near: true };
    told(node, (account, text), as_if).await
}

fn shown(told: Told) -> InterestTried {
    let found = match told.what {
        Finding::Match(found) => Meeting::Match(found),
        Finding::Near(near) => Meeting::Near(near),
        Finding::Refused(reasons) => {
            Meeting::Refused(reasons.into_iter().map(broken_rule).collect())
        }
    };
    InterestTried { item: told.item, found }
}
