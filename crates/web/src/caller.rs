//! Who calls: the owner of the node's folder, a user, or a partner's node.

use crate::places::Place;
use crate::problem::Problem;
use crate::tls::Certificate;
use axum::extract::ConnectInfo;
use axum::extract::connect_info::Connected;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::serve::IncomingStream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::Code;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::grant::GrantKind;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::user::User;
use forewarn_node::Node;
use forewarn_node::accounts::Admitted;
use forewarn_node::doer::Doer;
use forewarn_store::sight::{Reader, Sight};
use forewarn_transcript::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::net::UnixListener;

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

    /// Who does what the caller asks for.
    pub(crate) fn doer(&self, door: Door) -> Doer {
        let only = match (self, door) {
            (Caller::User(user), Door::Limited(_)) => Some(user.roles.clone()),
            (Caller::Owner | Caller::User(_) | Caller::Partner(_), _) => None,
        };
        Doer { actor: self.actor(), only, seen: None }
    }

    /// What the caller may see of what came in. The owner of the folder can read every file in it;
    /// what is for named persons the API shows to them alone.
    pub(crate) fn sight(&self, node: &Node) -> Sight {
        match self {
            Caller::User(user) => {
                let reader = Reader::Person(Box::new(user.clone()));
                node.sight(user).read_by(reader)
            }
            Caller::Owner | Caller::Partner(_) => Sight::all().read_by(Reader::Nobody),
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

/// How a caller came in. What is one's own, such as a password, is changed by a person and not by
/// a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// As the owner of the folder, or as a user who has no way to sign in yet.
    Folder,
    /// Over the socket in the folder, as the machine's user who stands for the account.
    Machine,
    /// By a session.
    Session(Hash),
    /// By a session in which not all of the user's roles count, since a provider has not vouched for
    /// them: the caller's roles are those that do.
    Limited(Hash),
    /// By a token or a certificate, which a program may hold.
    Key(Hash),
    /// By a partner's signature.
    Partner,
}

impl Door {
    /// Whether a person came in, who may change how he or she signs in.
    pub(crate) fn must_be_a_person(self) -> Result<(), Problem> {
        match self {
            Door::Folder | Door::Machine | Door::Session(_) => Ok(()),
            Door::Limited(_) => {
                let detail = "how you sign in is not changed in a session in which a provider \
                              vouches for your roles";
                Err(Problem::new(Code::SessionNeeded, detail)
                    .advice("sign in with the password first"))
            }
            Door::Key(_) | Door::Partner => {
                let detail = "how you sign in is changed by you, signed in, and not by a token";
                Err(Problem::new(Code::SessionNeeded, detail)
                    .advice("sign in with the password first"))
            }
        }
    }

    /// The word for it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Door::Folder => "folder",
            Door::Machine => "machine",
            Door::Session(_) | Door::Limited(_) => "session",
            Door::Key(_) => "token",
            Door::Partner => "partner",
        }
    }

    pub(crate) fn of(admitted: &Admitted) -> Door {
        match admitted.grant.kind {
            GrantKind::Session { .. } if admitted.grant.only.is_some() => {
                Door::Limited(admitted.digest)
            }
            GrantKind::Session { .. } => Door::Session(admitted.digest),
            GrantKind::Token | GrantKind::Certificate | GrantKind::Invitation => {
                Door::Key(admitted.digest)
            }
        }
    }
}

/// Who calls, and how he or she came in.
pub(crate) type Entered = (Caller, Door);

/// The user of the machine at the other end of the socket in the folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(Option<u32>);

impl Connected<IncomingStream<'_, UnixListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, UnixListener>) -> Peer {
        Peer(stream.io().peer_cred().ok().map(|peer| peer.uid()))
    }
}

/// Over the socket in the folder: the owner; a user by a session or token; or the user that is
/// named, when the machine's user stands for the account, or the account has no way to sign in yet.
pub(crate) async fn local(node: &Arc<Node>, request: &Parts) -> Result<Entered, Problem> {
    let named = request.headers.get(AS);
    if request.headers.contains_key(header::AUTHORIZATION) {
        let admitted = by_secret(node, request, None).await?;
        let admitted = admitted.ok_or_else(|| no_token(named))?;
        let is_other = |name: &HeaderValue| name.to_str().ok() != Some(&*admitted.user.name);
        if named.is_some_and(is_other) {
            return Err(no_token(named));
        }
        return Ok((Caller::User((*admitted.user).clone()), Door::of(&admitted)));
    }
    let Some(name) = named else { return Ok((Caller::Owner, Door::Folder)) };
    let nobody = || Problem::new(Code::NoUser, "there is no user of that name").hint(Hint::SayWho);
    let name = name.to_str().ok().and_then(|text| UserName::parse(text).ok());
    let name = name.ok_or_else(nobody)?;
    let found = node.state.read(move |db| Ok((db.user(&name)?, db.account(&name)?))).await?;
    let (Some(user), account) = found else { return Err(nobody()) };
    if !user.standing.is_active() {
        let detail = format!("`{}` is {}", user.name, user.standing.name());
        return Err(Problem::new(Code::UserStanding, detail));
    }
    let peer = request.extensions.get::<ConnectInfo<Peer>>().and_then(|info| info.0.0);
    if peer.is_some_and(|uid| account.uids.contains(&uid)) {
        return Ok((Caller::User(user), Door::Machine));
    }
    if account.signs_in() {
        let detail = format!("`{}` signs in; a name alone is not enough", user.name);
        let hint = Hint::SignIn { user: user.name };
        return Err(Problem::new(Code::SignInNeeded, detail).hint(hint));
    }
    Ok((Caller::User(user), Door::Folder))
}

fn no_token(named: Option<&HeaderValue>) -> Problem {
    let name = named.and_then(|name| UserName::parse(name.to_str().ok()?).ok());
    let problem = Problem::new(Code::NoToken, "a token of this node is needed");
    problem.hint(name.map_or(Hint::MakeToken, |user| Hint::SignIn { user }))
}

/// A user over the network, by a token or session; or by the certificate that the connection's
/// client has shown.
pub(crate) async fn far(node: &Arc<Node>, request: &Parts) -> Result<Entered, Problem> {
    if request.headers.contains_key(AS) {
        let detail = "a token says who acts here; a name beside it would not count";
        return Err(Problem::new(Code::BadRequest, detail)
            .advice("leave the header Forewarn-As out: it is for the socket of the folder"));
    }
    let from = request.extensions.get::<Arc<Place>>().map(|place| place.address());
    let admitted = by_secret(node, request, from).await?;
    let admitted = admitted.ok_or_else(|| no_token(None))?;
    Ok((Caller::User((*admitted.user).clone()), Door::of(&admitted)))
}

/// By a token or session, as `Bearer TOKEN` or as the password of `Basic`; or, where there is
/// neither, by a certificate.
async fn by_secret(
    node: &Arc<Node>,
    request: &Parts,
    from: Option<IpAddr>,
) -> Result<Option<Admitted>, Problem> {
    let Some(header) = request.headers.get(header::AUTHORIZATION) else {
        return match request.extensions.get::<Certificate>() {
            Some(certificate) => Ok(node.let_in_by(certificate.0, from).await?),
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
    let admitted = node.let_in(&token, from).await?;
    Ok(admitted.filter(|admitted| name.is_none_or(|name| *name == *admitted.user.name)))
}
