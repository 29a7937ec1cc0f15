//! Who reads a page, in which language, and what he or she does.

use super::texts::Words;
use crate::api::acts;
use crate::app::App;
use crate::caller::{Caller, Door};
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use forewarn_exchange::answer::Answer;
use forewarn_exchange::name::UserName;
use forewarn_exchange::user::{Permission, User};
use forewarn_exchange::watched::Seen;
use forewarn_exchange::{Act, Code, Refusal};
use forewarn_node::{Failure, Node};
use forewarn_store::sight::Sight;
use forewarn_transcript::Hash;

/// What a session's forms carry, so that no other site can make one: known to whoever holds the
/// session, and worth nothing else. It begins with the user's name, so that what is typed in a session
/// that has ended comes to nobody else.
#[derive(Debug, Clone)]
pub(crate) struct Token(String);

impl Token {
    /// The token of a user's session.
    pub(crate) fn of(user: &UserName, session: &str) -> Token {
        let digest = Hash::of(format!("forewarn desk form\n{user}\n{session}").as_bytes());
        Token(format!("{user}:{digest}"))
    }

    /// Whether this is it. It takes as long whatever the text.
    pub(crate) fn is(&self, text: &str) -> bool {
        Hash::of(text.as_bytes()) == Hash::of(self.0.as_bytes())
    }

    /// Whose form this says it is; nothing is proven by that.
    pub(crate) fn writer(text: &str) -> Option<UserName> {
        UserName::parse(text.split_once(':')?.0).ok()
    }

    /// As a form has it.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// Somebody who is signed in at the desk.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    pub(crate) user: User,
    pub(crate) door: Door,
    pub(crate) token: Token,
    pub(crate) w: &'static Words,
}

/// The language of a request.
pub(crate) fn words(headers: &HeaderMap) -> &'static Words {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Words::of(accepted.unwrap_or_default())
}

impl FromRequestParts<App> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Reader, Problem> {
        Reader::of(parts).ok_or_else(|| Problem::new(Code::NoUser, "nobody was let in"))
    }
}

impl Reader {
    /// Whoever was let in.
    pub(crate) fn of(parts: &Parts) -> Option<Reader> {
        let Caller::User(user) = parts.extensions.get::<Caller>()? else { return None };
        let door = *parts.extensions.get::<Door>()?;
        let token = parts.extensions.get::<Token>()?.clone();
        Some(Reader { user: user.clone(), door, token, w: words(&parts.headers) })
    }

    /// As the API knows him or her.
    pub(crate) fn caller(&self) -> Caller {
        Caller::User(self.user.clone())
    }

    pub(crate) fn name(&self) -> &UserName {
        &self.user.name
    }

    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.user.permits(permission)
    }

    /// What he or she may see.
    pub(crate) fn sight(&self, node: &Node) -> Sight {
        self.caller().sight(node)
    }

    /// Does an act, as the API would. `once` makes a form that is sent twice one act.
    pub(crate) async fn act(
        &self,
        node: &App,
        once: &str,
        act: impl Into<Act>,
    ) -> Result<Answer, Problem> {
        self.act_on(node, (once, None), act).await
    }

    /// The same on a version of something that was looked at.
    pub(crate) async fn act_on(
        &self,
        node: &App,
        (once, seen): (&str, Option<Seen>),
        act: impl Into<Act>,
    ) -> Result<Answer, Problem> {
        let (caller, act) = (self.caller(), act.into());
        acts::check(node, &caller, &act).await?;
        let id = format!("{}/desk/{once}", caller.actor());
        let done = node.act(caller.doer(self.door).having_seen(seen), Some(id), act).await;
        Ok(done.map_err(|failure| match failure {
            Failure::Refused(refusal) if refusal.code == Code::IdReused => sent_before(),
            failure => failure,
        })?)
    }
}

/// A page that was shown once is one act: the second time it said something else.
fn sent_before() -> Failure {
    let message = "this form was sent already, and said something else then";
    Refusal::new(Code::IdReused, message)
        .advice("look at what was done, and open the form anew")
        .into()
}
