//! `GET /api/v1/events`, `GET /desk/events`: what changes, as it does, by server-sent events. Each tells what it is about
//! and which kind of thing happened, never what was said; whoever may see more asks for it.
//!
//! The id of an event is the number of its line in the history. A client that comes back with the
//! last one (`Last-Event-ID`, or `after`) misses nothing.

use super::may;
use crate::app::App;
use crate::caller::{Caller, Door};
use crate::problem::Problem;
use crate::query::Query;
use crate::stopping::Stopping;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use forewarn_exchange::Code;
use forewarn_exchange::history::Topic;
use forewarn_exchange::user::Permission;
use forewarn_node::Failure;
use forewarn_node::sees::seen_line;
use forewarn_store::Db;
use forewarn_store::changes::Change;
use forewarn_store::sight::Sight;
use http_body_util::channel::{Channel, Sender};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::Instant;

/// Most lines read at once.
const MOST: u32 = 200;
/// A connection that is silent for this long is told that it still lives.
const SILENCE: Duration = Duration::from_secs(10);
/// After this long the client comes back with the last id, and shows again what lets it in.
const LONGEST: Duration = Duration::from_mins(15);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    /// The id of the last event that was seen; `Last-Event-ID` counts before it.
    after: Option<i64>,
}

/// What is told of a change: what it is about, and what kind of thing happened.
#[derive(Serialize, JsonSchema)]
pub(super) struct ChangeTold {
    /// `case-N`, `warning-N`, a partner, an item, …
    about: String,
    /// The kind of thing that happened; what it was, is asked for.
    happened: String,
}

/// For a silence on a connection: a comment, which a program skips.
const COMMENT: &str = ": still here\n\n";
/// The same for a page, whose script is told of events alone.
const BEAT: &str = "event: here\ndata: {}\n\n";

pub(crate) async fn events(
    node: State<App>,
    caller: Extension<Caller>,
    door: Extension<Door>,
    stopping: Extension<Stopping>,
    headers: HeaderMap,
    after: Query<After>,
) -> Result<Response, Problem> {
    stream(node, (caller, door, stopping), headers, after, COMMENT).await
}

/// `GET /desk/events`: the same for pages of the desk.
pub(crate) async fn for_pages(
    node: State<App>,
    caller: Extension<Caller>,
    door: Extension<Door>,
    stopping: Extension<Stopping>,
    headers: HeaderMap,
    after: Query<After>,
) -> Result<Response, Problem> {
    stream(node, (caller, door, stopping), headers, after, BEAT).await
}

type Listener = (Extension<Caller>, Extension<Door>, Extension<Stopping>);

async fn stream(
    State(node): State<App>,
    (Extension(caller), Extension(door), Extension(stopping)): Listener,
    headers: HeaderMap,
    Query(After { after }): Query<After>,
    beat: &'static str,
) -> Result<Response, Problem> {
    let bad = || Problem::new(Code::BadParameter, "`Last-Event-ID` is the number of an event");
    let last = headers
        .get("last-event-id")
        .map(|id| id.to_str().ok().and_then(|id| id.parse::<i64>().ok()).ok_or_else(bad));
    let after = match last.transpose()?.or(after) {
        Some(after) => after,
        None => node.state.read(|db| Ok(db.last_change()?)).await?,
    };
    let listening = node.limits.begin(&caller.actor()).ok_or_else(|| {
        let detail = "this account listens to as many streams as it may have requests";
        Problem::new(Code::TooManyRequests, detail).retry_after(1)
    })?;
    let (sender, body) = Channel::<Bytes, Infallible>::new(1);
    tokio::spawn(async move {
        // Ends when the client has gone or the node stops; a read that fails ends it too, and the
        // client comes back with the last id.
        let _ = follow(&node, (&caller, door), (sender, stopping), (after, beat)).await;
        drop(listening);
    });
    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn follow(
    node: &App,
    (caller, door): (&Caller, Door),
    (mut to, mut stopping): (Sender<Bytes, Infallible>, Stopping),
    (mut after, beat): (i64, &'static str),
) -> Result<(), Failure> {
    let mut journal = node.state.engine().follow();
    let ends = Instant::now() + LONGEST;
    let gone = |_| Failure::Stopping;
    to.send_data(Bytes::from_static(b"retry: 1000\n\n")).await.map_err(gone)?;
    loop {
        journal.mark_unchanged();
        // What the caller may see is asked each time: it may have been taken away.
        let Some(caller) = still(node, caller, door).await? else { return Ok(()) };
        let (sight, administers) = (caller.sight(node), may(&caller, Permission::Administer));
        let administers = administers || matches!(caller, Caller::Owner);
        let read = node.state.read(move |db| {
            let changes = db.changes(after, MOST)?;
            let last = changes.last().map(|change| change.number);
            let mut text = String::new();
            for change in changes {
                if sees(&db, &change, &sight, administers)? {
                    text.push_str(&written(&change));
                }
            }
            Ok((last, text))
        });
        let (last, text) = read.await?;
        if !text.is_empty() {
            to.send_data(Bytes::from(text)).await.map_err(gone)?;
        }
        if let Some(last) = last {
            after = last;
            continue;
        }
        tokio::select! {
            moved = journal.changed() => moved.map_err(|_| Failure::Stopping)?,
            () = tokio::time::sleep(SILENCE) => {
                to.send_data(Bytes::from_static(beat.as_bytes())).await.map_err(gone)?;
            }
            () = tokio::time::sleep_until(ends) => return Ok(()),
            () = stopping.begun() => return Ok(()),
        }
    }
}

/// The caller as he or she is now; `None` for whoever may not read any more, or was let in by what
/// has ended.
async fn still(node: &App, caller: &Caller, door: Door) -> Result<Option<Caller>, Failure> {
    let Caller::User(user) = caller else { return Ok(Some(caller.clone())) };
    let user = match door {
        Door::Session(digest) | Door::Key(digest) => {
            node.let_in_by(digest, None).await?.map(|admitted| (*admitted.user).clone())
        }
        // The caller's roles are those that count in the session.
        Door::Limited(digest) => {
            let only = user.roles.clone();
            let admitted = node.let_in_by(digest, None).await?;
            admitted.map(|admitted| (*admitted.user).clone().limited(&only))
        }
        Door::Folder | Door::Machine | Door::Partner => {
            let name = user.name.clone();
            node.state.read(move |db| Ok(db.user(&name)?)).await?
        }
    };
    Ok(user.filter(|user| user.permits(Permission::Read)).map(Caller::User))
}

/// Whether the caller may know of it. Accounts, feeds and the configuration are the administrators'.
fn sees(db: &Db<'_>, change: &Change, sight: &Sight, administers: bool) -> Result<bool, Failure> {
    if change.topic == Topic::Node && !administers {
        return Ok(false);
    }
    Ok(seen_line(db, &change.topic, change.happened.clone(), sight)?.is_some())
}

fn written(change: &Change) -> String {
    let kind = serde_json::to_value(&change.happened).ok();
    let kind = kind.as_ref().and_then(|value| value.get("happened")).cloned();
    let happened = kind.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    let told = ChangeTold { about: change.topic.to_string(), happened: happened.to_owned() };
    let data = json!(told);
    format!("id: {}\nevent: changed\ndata: {data}\n\n", change.number)
}
