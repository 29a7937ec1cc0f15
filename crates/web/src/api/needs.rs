//! `GET /api/v1/needs`: what waits for somebody, what is meant first, then by deadline.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::Code;
use forewarn_exchange::need::Need;
use forewarn_exchange::refusal::Hint;
use forewarn_node::{clock, needs};
use forewarn_view::need::{NeedLine, NeedList};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which needs are asked for.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NeedQuery {
    /// Only what the caller may do.
    #[serde(default)]
    mine: bool,
}

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<NeedQuery>,
) -> Result<Json<NeedList>, Problem> {
    let mine = match (&caller, asked.mine) {
        (_, false) => None,
        (Caller::User(user), true) => Some(user.clone()),
        (Caller::Owner | Caller::Partner(_), true) => {
            let detail = "say who you are: what is yours depends on what you may do";
            return Err(Problem::new(Code::NoUser, detail).hint(Hint::SayWho));
        }
    };
    let now = clock::now();
    let list = node
        .read(move |db, node| {
            let is_mine = |need: &Need| mine.as_ref().is_none_or(|user| need.whom.is(user));
            let found = needs::read((&db, &node.sources()), &caller.sight(node), &now, is_mine)?;
            let lines = found
                .waiting
                .into_iter()
                .map(|one| NeedLine::of(&one.need, one.title, one.note, &now).taken(one.taken));
            Ok(NeedList::of(lines.collect(), found.more, now.clone()))
        })
        .await?;
    Ok(Json(list))
}
