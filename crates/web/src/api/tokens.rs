//! `/api/v1/tokens`: what lets users in. A token or an invitation is shown once, when it is made.

use super::{MAX_REQUEST_BYTES, parse};
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::{Caller, Door};
use crate::problem::Problem;
use crate::query::Query;
use crate::tls::Certificate;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::Code;
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::grant::{GrantKind, Granted, MAX_TOKEN_DAYS, TOKEN_DAYS};
use forewarn_exchange::name::{GrantName, UserName};
use forewarn_exchange::user::Permission;
use forewarn_node::clock;
use forewarn_node::sign_in::{INVITATION, INVITATION_PREFIX, TOKEN_PREFIX};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use forewarn_view::user::{CertificateTaken, Invitation, LetIn, Token, TokenMade};
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::Deserialize;
use std::net::IpAddr;
use std::time::Duration;

/// What is to let somebody in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// Whose it is.
    pub(crate) user: UserName,
    /// The user's word for it.
    #[serde(default)]
    pub(crate) name: Option<GrantName>,
    /// How many days it counts.
    #[serde(default)]
    pub(crate) days: Option<u32>,
    /// From where it counts: addresses, or blocks of them.
    #[serde(default)]
    pub(crate) from: Vec<String>,
    /// Whether it takes the place of the one of this name.
    #[serde(default)]
    pub(crate) rotate: bool,
    /// A certificate in PEM form: in place of a token, its holder is let in.
    #[serde(default)]
    pub(crate) certificate: Option<String>,
}

pub(crate) async fn make(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(door): Extension<Door>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<LetIn>, Problem> {
    let asked: TokenRequest =
        parse(&body::read((&node, &asker), &headers, body, MAX_REQUEST_BYTES).await?)?;
    Ok(Json(made(&node, (&caller, door), None, asked).await?))
}

/// Makes it; `id` makes a request that is sent twice one act.
pub(crate) async fn made(
    node: &App,
    (caller, door): (&Caller, Door),
    id: Option<String>,
    asked: TokenRequest,
) -> Result<LetIn, Problem> {
    let TokenRequest { user, name, days, from, rotate, certificate } = asked;
    // A program that holds a token makes no other: it would be one that nobody knows of.
    door.must_be_a_person()?;
    let from = from.iter().map(|text| block(text)).collect::<Result<Vec<IpNet>, Problem>>()?;
    if let Some(pem) = certificate {
        let digest = Certificate::of_pem(&pem).ok_or_else(|| {
            let detail = "the certificate is not one in PEM form";
            Problem::new(Code::BadCertificate, detail)
        })?;
        // It ends by itself.
        let (kind, ends) = (GrantKind::Certificate, None);
        let act = AccountAct::TokenAdd { user: user.clone(), digest, name, kind, ends, from };
        node.act(caller.doer(door), id, act.into()).await?;
        return Ok(LetIn::ByCertificate(CertificateTaken { user, certificate: digest }));
    }
    let ends = ends_after(days.unwrap_or(TOKEN_DAYS))?;
    let token = format!("{TOKEN_PREFIX}{}", clock::seed());
    let digest = Hash::of(token.as_bytes());
    let act = match (rotate, name) {
        (true, Some(name)) => {
            AccountAct::TokenRotate { user: user.clone(), name, digest, ends: ends.clone() }
        }
        (true, None) => {
            return Err(Problem::new(Code::BadRequest, "name the token that is to be made anew"));
        }
        (false, name) => AccountAct::TokenAdd {
            user: user.clone(),
            digest,
            name,
            kind: GrantKind::Token,
            ends: Some(ends.clone()),
            from,
        },
    };
    node.act(caller.doer(door), id, act.into()).await?;
    let held = node.state.read(move |db| Ok(db.granted(digest)?)).await?;
    let name = held.map(|(_, grant)| grant.name);
    let name = name.ok_or_else(|| Problem::new(Code::NotFound, "the token has ended already"))?;
    Ok(LetIn::ByToken(TokenMade { user, name, token, ends }))
}

fn ends_after(days: u32) -> Result<Timestamp, Problem> {
    if !(1..=MAX_TOKEN_DAYS).contains(&days) {
        let detail = format!("`days`: 1 to {MAX_TOKEN_DAYS}");
        return Err(Problem::new(Code::BadRequest, detail));
    }
    Ok(clock::later(Duration::from_hours(24 * u64::from(days))))
}

/// A block of addresses, or one address.
fn block(text: &str) -> Result<IpNet, Problem> {
    let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(one).ok_or_else(|| {
        let detail = format!("`{text}` is neither an address nor a block such as 192.0.2.0/24");
        Problem::new(Code::BadRequest, detail)
    })
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvitationRequest {
    /// Who.
    user: UserName,
}

/// Sets a password, once: for a person who has none yet, or has lost it.
pub(crate) async fn invite(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(door): Extension<Door>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Invitation>, Problem> {
    let InvitationRequest { user } =
        parse(&body::read((&node, &asker), &headers, body, MAX_REQUEST_BYTES).await?)?;
    Ok(Json(invited(&node, (&caller, door), user).await?))
}

/// An invitation of somebody.
pub(crate) async fn invited(
    node: &App,
    (caller, door): (&Caller, Door),
    user: UserName,
) -> Result<Invitation, Problem> {
    // A program that holds a token makes no other: it would be one that nobody knows of.
    door.must_be_a_person()?;
    let invitation = format!("{INVITATION_PREFIX}{}", clock::seed());
    let digest = Hash::of(invitation.as_bytes());
    let ends = clock::later(INVITATION);
    let act = AccountAct::TokenAdd {
        user: user.clone(),
        digest,
        name: None,
        kind: GrantKind::Invitation,
        ends: Some(ends.clone()),
        from: Vec::new(),
    };
    node.act(caller.doer(door), None, act.into()).await?;
    Ok(Invitation { user, invitation, ends })
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Whose; one's own for whoever does not administer.
    user: Option<UserName>,
}

/// One's own; all of them, for whoever administers the node.
pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(Which { user }): Query<Which>,
) -> Result<Json<Vec<Token>>, Problem> {
    let whose = match &caller {
        Caller::Owner => user,
        Caller::User(one) if one.permits(Permission::Administer) => user,
        Caller::User(one) => match user {
            Some(user) if user != one.name => {
                let detail = "only an administrator sees what lets others in";
                return Err(Problem::new(Code::NotPermitted, detail));
            }
            Some(_) | None => Some(one.name.clone()),
        },
        Caller::Partner(_) => return Err(Problem::new(Code::NotPermitted, "not for partners")),
    };
    let held = node.state.read(move |db| Ok(db.grants(whose.as_deref())?)).await?;
    let shown = held.into_iter().map(|Granted { digest, user, grant }| {
        let last_use = node.last_use(digest);
        Token { user, grant, last_use }
    });
    Ok(Json(shown.collect()))
}
