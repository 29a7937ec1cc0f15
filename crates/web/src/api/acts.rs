//! `POST /api/v1/acts`: an act of a person, `{"id"?, "act"}`. The id makes a retry one act; `If-Match`
//! has it done only on what was looked at.

use super::{MAX_REQUEST_BYTES, corrections, hidden, parse, tag};
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::{Caller, Door};
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::Act;
use forewarn_exchange::Code;
use forewarn_exchange::act::AccountAct;
use forewarn_view::answer::Answered;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActRequest {
    /// The same id is one act, however often it is sent; `Idempotency-Key` says the same.
    id: Option<String>,
    /// What is done.
    act: Act,
}

pub(crate) async fn act(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(door): Extension<Door>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Answered>, Problem> {
    let asked: ActRequest =
        parse(&body::read((&node, &asker), &headers, body, MAX_REQUEST_BYTES).await?)?;
    let key = idempotency_key(&headers)?;
    let id = match (asked.id, key) {
        (Some(id), Some(key)) if id != key => {
            let detail =
                "the act has an id and the request an Idempotency-Key: give one of the two";
            return Err(Problem::new(Code::BadRequest, detail));
        }
        (id, key) => id.or(key),
    };
    if id.as_ref().is_some_and(|id| id.is_empty() || id.len() > 100) {
        let detail = "an act's id has 1 to 100 characters";
        return Err(Problem::new(Code::BadRequest, detail));
    }
    if let Act::Account(act) = &asked.act {
        if matches!(act, AccountAct::TokenAdd { .. } | AccountAct::TokenRotate { .. }) {
            let detail = "tokens are made at /api/v1/tokens";
            return Err(Problem::new(Code::BadRequest, detail));
        }
        if act.is_ones_own() && caller.actor().user() == Some(act.user()) {
            door.must_be_a_person()?;
        }
    }
    let seen = tag::wanted(&headers)?;
    check(&node, &caller, &asked.act).await?;
    // One caller's id is not another's: nobody is given the answer to what he did not ask.
    let id = id.map(|id| format!("{}/{id}", caller.actor()));
    Ok(Json(node.act(caller.doer(door).having_seen(seen), id, asked.act).await?.into()))
}

/// What is looked at before an act is put to the rules, whichever door it comes by.
pub(crate) async fn check(node: &App, caller: &Caller, act: &Act) -> Result<(), Problem> {
    hidden::check(node, caller, act).await?;
    corrections::check(node, caller, act).await
}

/// The id of an act, as a header of the request.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let bad = |_| Problem::new(Code::BadRequest, "`Idempotency-Key` is plain text");
    Ok(Some(key.to_str().map_err(bad)?.trim_matches('"').to_owned()))
}
