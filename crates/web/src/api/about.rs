//! `POST /api/v1/records/about`: all that is held about somebody, part by part. That it was asked is on
//! record before anything is answered; the name is not.

use super::{MAX_REQUEST_BYTES, parse};
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::{Caller, Door};
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_engine::Outcome;
use forewarn_exchange::Code;
use forewarn_exchange::act::RecordAct;
use forewarn_exchange::answer::Answer;
use forewarn_node::about::{self, Onward};
use forewarn_node::clock;
use forewarn_view::about::AboutPage;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AboutRequest {
    /// The person's name, in any alphabet.
    name: String,
    /// By what request it is asked.
    reason: String,
    /// Where to go on, as the part before said.
    from: Option<String>,
}

pub(crate) async fn look(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(door): Extension<Door>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<AboutPage>, Problem> {
    let asked: AboutRequest =
        parse(&body::read((&node, &asker), &headers, body, MAX_REQUEST_BYTES).await?)?;
    let AboutRequest { name, reason, from } = asked;
    // Each part goes on from the command that put the request on record.
    let (from, request) = if let Some(from) = from {
        let (from, request) = from.split_once(BY).ok_or_else(unknown_place)?;
        must_be_on_record(&node, &caller, request).await?;
        (from.parse::<Onward>().map_err(|_| unknown_place())?, request.to_owned())
    } else {
        let request = clock::seed().to_string();
        let id = Some(format!("{}/{request}", caller.actor()));
        node.act(caller.doer(door), id, RecordAct::Look { reason }.into()).await?;
        (Onward::Cases(0), request)
    };
    let sight = caller.sight(&node);
    let mut page = node.read(move |db, _| about::look(&db, &name, from, &sight)).await?;
    page.next = page.next.map(|next| format!("{next}{BY}{request}"));
    Ok(Json(page))
}

/// What separates a place from the request that it belongs to.
const BY: &str = " of ";

fn unknown_place() -> Problem {
    Problem::new(Code::BadRequest, "`from` is what the part before said in `next`")
}

/// This caller has put such a request on record.
async fn must_be_on_record(node: &App, caller: &Caller, request: &str) -> Result<(), Problem> {
    let id = format!("{}/{request}", caller.actor());
    let known = node.read(move |db, _| Ok(db.recorded(&id)?)).await?;
    let answer = known.filter(|record| !record.refused).map(|record| record.answer);
    match answer.as_deref().map(serde_json::from_str::<Outcome>) {
        Some(Ok(Outcome::Act(Answer::LookedFor {}))) => Ok(()),
        _ => Err(unknown_place()),
    }
}
