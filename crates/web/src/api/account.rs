//! `/api/v1/account/`: how somebody signs in. Each is changed by the person itself; the owner of the
//! folder recovers what was lost, for the user that is named.

use super::session::not_signed_in;
use super::{MAX_REQUEST_BYTES, parse};
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::{Caller, Door};
use crate::person::Person;
use crate::problem::Problem;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use forewarn_exchange::Code;
use forewarn_exchange::name::UserName;
use forewarn_node::sign_in::password::Password;
use forewarn_view::user::{FactorBegun, RecoveryCodes};
use schemars::JsonSchema;
use serde::Deserialize;

/// Most bytes of a request: a password of the greatest length, escaped.
const MAX_BYTES: usize = MAX_REQUEST_BYTES >> 8;

/// Whose account it is.
fn whose(person: &Person, named: Option<UserName>) -> Result<UserName, Problem> {
    person.door.must_be_a_person()?;
    let other = || {
        let detail =
            "only the user, or the owner of the node's folder, changes how somebody signs in";
        Problem::new(Code::NotPermitted, detail)
    };
    match (&person.caller, named) {
        (Caller::User(user), None) => Ok(user.name.clone()),
        (Caller::User(user), Some(named)) if user.name == named => Ok(named),
        (Caller::Owner, Some(named)) => Ok(named),
        (Caller::Owner, None) => {
            Err(Problem::new(Code::NoUser, "name the user whose account is to be recovered"))
        }
        (Caller::User(_) | Caller::Partner(_), _) => Err(other()),
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordRequest {
    /// Whose; one's own when left out.
    #[serde(default)]
    user: Option<UserName>,
    /// The one so far, where there is one.
    #[serde(default)]
    password: Option<String>,
    /// The one from now on.
    new: String,
}

pub(crate) async fn password(
    State(node): State<App>,
    person: Person,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let PasswordRequest { user, password, new } =
        parse(&body::read((&node, &asker), &headers, body, MAX_BYTES).await?)?;
    let user = whose(&person, user)?;
    let keep = match person.door {
        Door::Session(session) => Some(session),
        Door::Folder | Door::Machine | Door::Limited(_) | Door::Key(_) | Door::Partner => None,
    };
    let both = (password.as_deref().map(Password::new), Password::new(&new));
    let by = (person.caller.actor(), person.from);
    node.sign_ins.set_password(by, user, both, keep).await.map_err(not_signed_in)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FactorRequest {
    /// Whose; one's own when left out.
    #[serde(default)]
    user: Option<UserName>,
    /// A code, to confirm what has begun.
    #[serde(default)]
    code: Option<String>,
    /// The password, to remove it, or to begin another one.
    #[serde(default)]
    password: Option<String>,
}

pub(crate) async fn begin_factor(
    State(node): State<App>,
    person: Person,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<FactorBegun>, Problem> {
    let FactorRequest { user, password, .. } =
        parse(&body::read((&node, &asker), &headers, body, MAX_BYTES).await?)?;
    let user = whose(&person, user)?;
    let (by, password) =
        ((person.caller.actor(), person.from), password.as_deref().map(Password::new));
    let begun = node.sign_ins.begin_factor(by, user, password).await.map_err(not_signed_in)?;
    Ok(Json(FactorBegun { key: begun.key, url: begun.url }))
}

pub(crate) async fn confirm_factor(
    State(node): State<App>,
    person: Person,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<RecoveryCodes>, Problem> {
    let FactorRequest { user, code, .. } =
        parse(&body::read((&node, &asker), &headers, body, MAX_BYTES).await?)?;
    let user = whose(&person, user)?;
    let code = code.unwrap_or_default();
    let codes = node.sign_ins.confirm_factor(person.caller.actor(), user, &code).await?;
    Ok(Json(RecoveryCodes { codes }))
}

pub(crate) async fn remove_factor(
    State(node): State<App>,
    person: Person,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let FactorRequest { user, password, .. } =
        parse(&body::read((&node, &asker), &headers, body, MAX_BYTES).await?)?;
    let user = whose(&person, user)?;
    let (by, password) =
        ((person.caller.actor(), person.from), password.as_deref().map(Password::new));
    node.sign_ins.remove_factor(by, user, password).await.map_err(not_signed_in)?;
    Ok(StatusCode::NO_CONTENT)
}
