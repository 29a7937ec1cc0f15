//! `GET /api/v1/feeds`, and `POST …/{name}/now`: the feed does not wait for its time.

use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use forewarn_exchange::Refusal;
use serde_json::{Value, json};

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<Value>>, Problem> {
    let shown = node
        .read(|db, node| {
            let feeds = db.feeds()?.into_iter().map(|feed| {
                let state = db.feed_state(&feed.name)?.unwrap_or_default();
                let fares = node.fares.of(&feed.name);
                Ok(json!({
                    "name": feed.name, "url": feed.url, "way": feed.way, "every": feed.every,
                    "user": feed.account.as_ref().and_then(|account| account.user.clone()),
                    "state": state, "answered": fares.answered, "trouble": fares.trouble,
                }))
            });
            feeds.collect()
        })
        .await?;
    Ok(Json(shown))
}

pub(crate) async fn now(
    State(node): State<App>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Problem> {
    let wanted = name.clone();
    let feed = node.read(move |db, _| Ok(db.feed(&wanted)?)).await?;
    let feed = feed.ok_or_else(|| Refusal::unknown("feed", &name))?;
    node.fares.nudge(&feed.name);
    Ok(Json(json!({ "feed": feed.name })))
}
