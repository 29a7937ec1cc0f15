//! `/api/v1/session`: signs in (`POST`, or by a provider below `device`), says who asks (`GET`), signs out (`DELETE`).

use super::parse;
use crate::app::App;
use crate::body::{self, STRANGERS};
use crate::caller::{Caller, Door};
use crate::places::Place;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use forewarn_exchange::Code;
use forewarn_exchange::account::Account;
use forewarn_node::sign_in::password::Password;
use forewarn_node::sign_in::provider::{self, Polled};
use forewarn_node::sign_in::{Attempt, NotSignedIn, SignedIn};
use forewarn_view::user::{DeviceBegun, DevicePolled, SessionBegun, Whoami};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInRequest {
    /// Who.
    user: String,
    /// The password.
    password: String,
    /// A code of the second factor, or a recovery code.
    #[serde(default)]
    code: Option<String>,
    /// An invitation: the password is set by it, and not compared.
    #[serde(default)]
    invitation: Option<String>,
}

/// Anybody may ask: the password says who it is.
pub(crate) async fn begin(
    State(node): State<App>,
    place: Option<Extension<Arc<Place>>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<SessionBegun>, Problem> {
    let SignInRequest { user, password, code, invitation } =
        parse(&body::of_a_stranger(&headers, body, STRANGERS).await?)?;
    let from = place.map(|place| place.address());
    let attempt = Attempt { user, password: Password::new(&password), code, from };
    let begun = match invitation {
        Some(invitation) => node.sign_ins.accept(attempt, &invitation).await,
        None => node.sign_ins.sign_in(attempt).await,
    };
    let SignedIn { user, session, ends } = begun.map_err(not_signed_in)?;
    Ok(Json(SessionBegun { user: user.name, session, ends }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceRequest {
    /// Which provider; the only one, when it is left out.
    #[serde(default)]
    provider: Option<String>,
}

/// Anybody may ask: the provider says who it is.
pub(crate) async fn begin_device(
    State(node): State<App>,
    place: Option<Extension<Arc<Place>>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<DeviceBegun>, Problem> {
    let DeviceRequest { provider } = parse(&body::of_a_stranger(&headers, body, STRANGERS).await?)?;
    let from = place.map(|place| place.address());
    let begun =
        node.sign_ins.begin_at_provider(provider.as_deref(), from).await.map_err(not_signed_in)?;
    let provider::DeviceBegun { device, user_code, pause, ends, .. } = begun;
    Ok(Json(DeviceBegun {
        device,
        user_code,
        verification_uri: begun.verification_uri,
        verification_uri_complete: begun.verification_uri_complete,
        wait: seconds(pause),
        ends,
    }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PollRequest {
    /// What was given at the beginning.
    device: String,
}

/// Whether the person has signed in at the provider.
pub(crate) async fn poll_device(
    State(node): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<DevicePolled>, Problem> {
    let PollRequest { device } = parse(&body::of_a_stranger(&headers, body, STRANGERS).await?)?;
    Ok(Json(match node.sign_ins.ask_provider(&device).await.map_err(not_signed_in)? {
        Polled::Done(SignedIn { user, session, ends }) => {
            DevicePolled::Begun(SessionBegun { user: user.name, session, ends })
        }
        Polled::Wait(wait) => DevicePolled::Waits { wait: seconds(wait) },
    }))
}

/// Whole seconds, and never none.
fn seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX)
}

pub(crate) fn not_signed_in(why: NotSignedIn) -> Problem {
    match why {
        NotSignedIn::Wait(wait) => {
            let seconds = wait.as_secs() + 1;
            let detail = format!("too many wrong tries from there; come again in {seconds} s");
            Problem::new(Code::TooManyRequests, detail).retry_after(seconds)
        }
        NotSignedIn::Failed(failure) => failure.into(),
    }
}

pub(crate) async fn show(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(door): Extension<Door>,
) -> Result<Json<Whoami>, Problem> {
    let user = match &caller {
        Caller::User(user) => Some(user.clone()),
        Caller::Owner | Caller::Partner(_) => None,
    };
    let account = match &user {
        Some(user) => node.sign_ins.account(&user.name).await?,
        None => Account::default(),
    };
    let (roles, display) = user.map(|user| (user.roles, user.display)).unwrap_or_default();
    let recovery_codes = account.factor.as_ref().map_or(0, |factor| factor.recovery.len());
    Ok(Json(Whoami {
        actor: caller.actor(),
        node: node.state.name().clone(),
        display,
        roles,
        by: door.word().to_owned(),
        password: account.password.is_some(),
        second_factor: account.factor.is_some(),
        recovery_codes,
        providers: account.links.into_iter().map(|link| link.issuer).collect(),
    }))
}

pub(crate) async fn end(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(door): Extension<Door>,
) -> Result<StatusCode, Problem> {
    match (caller, door) {
        (Caller::User(user), Door::Session(session) | Door::Limited(session)) => {
            node.sign_ins.sign_out(user.name, session).await?;
        }
        (Caller::User(_) | Caller::Owner | Caller::Partner(_), _) => {
            let detail = "there is no session to end: this request came in by something else";
            return Err(Problem::new(Code::SessionNeeded, detail));
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
