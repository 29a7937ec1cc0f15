//! `GET /api/v1/feeds`, and `POST …/{name}/now`: the feed does not wait for its time.

use super::page::{NamedQuery, Page, limit};
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::Json;
use axum::extract::State;
use forewarn_exchange::Refusal;
use forewarn_exchange::feed::Feed;
use forewarn_node::{Failure, Node};
use forewarn_store::Db;
use forewarn_store::feed::{FeedState, Waiting};
use forewarn_view::answer::FeedSet;
use forewarn_view::feed::{FeedProgress, FeedShown, PushWaiting};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which feeds are asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The name that the page before ended with: only rows behind it.
    after: Option<String>,
    /// Most rows of a page, from 1; all, when not given.
    #[serde(default, deserialize_with = "limit")]
    limit: Option<usize>,
    /// `true`: only those with which something is wrong; `false`: only the others.
    trouble: Option<bool>,
}

pub(crate) async fn list(
    State(node): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Page<FeedShown>, Problem> {
    let Asked { after, limit, trouble } = asked;
    let mut feeds = node.read(|db, node| listed(&db, node)).await?;
    feeds.retain(|one| trouble.is_none_or(|trouble| trouble == one.trouble.is_some()));
    let page = NamedQuery { after, limit }.page(feeds, |one: &FeedShown| &one.name);
    Ok(page.narrowed([("trouble", trouble.map(|trouble| trouble.to_string()))]))
}

/// Every feed, and how it fares.
pub(crate) fn listed(db: &Db<'_>, node: &Node) -> Result<Vec<FeedShown>, Failure> {
    let feeds = db.feeds()?.into_iter().map(|feed| {
        let state = db.feed_state(&feed.name)?.unwrap_or_default();
        let fares = node.fares.of(&feed.name);
        let Feed { name, kind, url, way, account, every } = feed;
        let user = account.and_then(|account| account.user);
        let (answered, trouble) = (fares.answered, fares.trouble);
        let (next, waits) = fares.rests.unzip();
        let state = progress(state);
        Ok(FeedShown { name, kind, url, way, every, user, state, answered, trouble, next, waits })
    });
    feeds.collect()
}

pub(crate) async fn now(
    State(node): State<App>,
    Path(name): Path<String>,
) -> Result<Json<FeedSet>, Problem> {
    Ok(Json(nudged(&node, name).await?))
}

/// A feed does not wait for its time.
pub(crate) async fn nudged(node: &App, name: String) -> Result<FeedSet, Problem> {
    let wanted = name.clone();
    let feed = node.read(move |db, _| Ok(db.feed(&wanted)?)).await?;
    let feed = feed.ok_or_else(|| Refusal::unknown("feed", &name))?;
    node.fares.nudge(&feed.name);
    Ok(FeedSet { feed: feed.name })
}

fn progress(state: FeedState) -> FeedProgress {
    let FeedState {
        after,
        walk,
        page,
        misp,
        unread,
        collection,
        size,
        pushed,
        waiting,
        good,
        refused,
        objection,
        moved,
    } = state;
    let waiting = waiting.map(|Waiting { status, to }| PushWaiting { status, to });
    FeedProgress {
        after,
        walk,
        page,
        misp,
        unread,
        collection,
        size,
        pushed,
        waiting,
        good,
        refused,
        objection,
        moved,
    }
}
