//! Who calls: the owner of the node's folder, a user, or a partner's node.

use crate::problem::Problem;
use crate::tls::Certificate;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::Code;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::user::User;
use forewarn_node::Node;
use forewarn_store::sight::Sight;
use std::sync::Arc;

/// The header in which the owner of the folder says as whom he acts.
pub const AS: &str = "forewarn-as";

/// Set on connections of the socket in the node's folder, which only its owner can open.
#[derive(Debug, Clone, Copy)]
pub struct Local;

/// A caller that was let in; handlers take it from the request's extensions.
#[derive(Debug, Clone)]
pub enum Caller {
    /// The owner of the folder, as nobody else.
    Owner,
    /// A user of this node, by token or by being named over the socket.
    User(User),
    /// A partner's node, by its signature.
    Partner(NodeName),
}

impl Caller {
    /// Who it is in the journal.
    pub fn actor(&self) -> Actor {
        match self {
            Caller::Owner => Actor::Owner,
            Caller::User(user) => Actor::User(user.name.clone()),
            Caller::Partner(name) => Actor::Partner(name.clone()),
        }
    }

    /// What the caller may see of what came in. The owner of the folder can read every file in it.
    pub(crate) fn sight(&self, node: &Node) -> Sight {
        match self {
            Caller::User(user) => node.collections.sight(user),
            Caller::Owner | Caller::Partner(_) => Sight::all(),
        }
    }

    /// The partner whose node calls: routes of the channel let nobody else in.
    pub(crate) fn partner(&self) -> Result<NodeName, Problem> {
        match self {
            Caller::Partner(name) => Ok(name.clone()),
            Caller::Owner | Caller::User(_) => {
                Err(Problem::new(Code::NotAPartner, "only a partner's node asks this"))
            }
        }
    }
}

/// The owner of the folder, or the user that the owner says to be.
pub async fn local(node: &Arc<Node>, headers: &HeaderMap) -> Result<Caller, Problem> {
    let Some(name) = headers.get(AS) else { return Ok(Caller::Owner) };
    let nobody = || Problem::new(Code::NoUser, "there is no user of that name").hint(Hint::SayWho);
    let name = name.to_str().ok().and_then(|text| UserName::parse(text).ok());
    let name = name.ok_or_else(nobody)?;
    let found = node.state.read(move |db| Ok(db.user(&name)?)).await?;
    found.map(Caller::User).ok_or_else(nobody)
}

/// A user by a token, as `Bearer TOKEN` or as the password of `Basic`; or, where there is neither,
/// by the certificate that the connection's client has shown.
pub(crate) async fn by_token(node: &Arc<Node>, request: &Parts) -> Result<Option<User>, Problem> {
    let Some(header) = request.headers.get(header::AUTHORIZATION) else {
        return match request.extensions.get::<Certificate>() {
            Some(certificate) => Ok(node.user_by(certificate.0).await?),
            None => Ok(None),
        };
    };
    let header = header.to_str().unwrap_or_default();
    let Some((scheme, rest)) = header.split_once(' ') else { return Ok(None) };
    let (name, token) = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => (None, rest.trim().to_owned()),
        "basic" => {
            let decoded = STANDARD.decode(rest.trim()).unwrap_or_default();
            let text = String::from_utf8(decoded).unwrap_or_default();
            let Some((name, token)) = text.split_once(':') else { return Ok(None) };
            (Some(name.to_owned()), token.to_owned())
        }
        _ => return Ok(None),
    };
    let user = node.token_user(&token).await?;
    Ok(user.filter(|user| name.is_none_or(|name| *name == *user.name)))
}
