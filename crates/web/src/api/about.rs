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
use forewarn_exchange::Code;
use forewarn_exchange::act::RecordAct;
use forewarn_exchange::user::Permission;
use forewarn_node::about::{self, From};
use forewarn_view::about::AboutPage;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AboutRequest {
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
    let from = if let Some(from) = from {
        must_be_allowed(&caller)?;
        from.parse::<From>().map_err(|why| Problem::new(Code::BadRequest, why))?
    } else {
        node.act(caller.doer(door), None, RecordAct::Look { reason }.into()).await?;
        From::Cases(0)
    };
    let sight = caller.sight(&node);
    let page = node.read(move |db, _| about::look(&db, &name, from, &sight)).await?;
    Ok(Json(page))
}

/// Who may begin may go on.
fn must_be_allowed(caller: &Caller) -> Result<(), Problem> {
    let may = match caller {
        Caller::User(user) => {
            user.permits(Permission::Release) || user.permits(Permission::Administer)
        }
        Caller::Owner => true,
        Caller::Partner(_) => false,
    };
    if may {
        return Ok(());
    }
    Err(Problem::new(Code::NotPermitted, "whoever decides, or administers, looks for what is held"))
}
