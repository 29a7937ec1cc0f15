//! Letting a reader in to a page: by the session in the cookie, and by nothing else.

use super::cookie;
use super::error;
use super::reader::{Reader, Token, words};
use super::texts::Words;
use crate::app::App;
use crate::caller::{Caller, Door, Entered};
use crate::places::Place;
use crate::problem::Problem;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use forewarn_exchange::Code;
use forewarn_exchange::user::Permission;
use std::sync::Arc;

/// What is known of a request before it is answered, for an answer that is an error.
pub(crate) struct Seen {
    pub(super) w: &'static Words,
    pub(super) reader: Option<Reader>,
    pub(super) path: String,
    pub(super) is_get: bool,
}

impl Seen {
    /// Of a request, after its caller was let in, or not.
    pub(crate) fn of(parts: &Parts) -> Seen {
        Seen {
            w: words(&parts.headers),
            reader: Reader::of(parts),
            path: parts.uri.path().to_owned(),
            is_get: parts.method == Method::GET || parts.method == Method::HEAD,
        }
    }
}

/// The reader of a page.
pub(crate) async fn admit(
    node: &App,
    parts: &mut Parts,
    permission: Permission,
) -> Result<Entered, Problem> {
    let nobody = || Problem::new(Code::NoToken, "sign in first");
    let us = node.state.name().clone();
    let session = cookie::session(&parts.headers, &us).ok_or_else(nobody)?;
    let from = parts.extensions.get::<Arc<Place>>().map(|place| place.address());
    let admitted = node.let_in(&session, from).await?.ok_or_else(nobody)?;
    // A token is for programs: only a session is a person's.
    let door = match Door::of(&admitted) {
        door @ (Door::Session(_) | Door::Limited(_)) => door,
        Door::Folder | Door::Machine | Door::Key(_) | Door::Partner => return Err(nobody()),
    };
    admitted.user.must(permission)?;
    parts.extensions.insert(Token::of(&admitted.user.name, &session));
    Ok((Caller::User((*admitted.user).clone()), door))
}

/// Whether a form was sent by somebody whose session has ended.
pub(crate) fn is_signed_out(parts: &Parts, problem: &Problem) -> bool {
    parts.method == Method::POST && problem.code() == Code::NoToken
}

/// An answer as a page: what a handler has refused, or could not read, is a page too.
pub(crate) fn dressed(node: &App, seen: &Seen, response: Response) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    if let Some(problem) = response.extensions().get::<Problem>() {
        return error::page(node, seen, problem);
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return response;
    }
    // An address that is none, such as a number that is no number.
    let code = if status == StatusCode::METHOD_NOT_ALLOWED { Code::Method } else { Code::NotFound };
    error::page(node, seen, &Problem::new(code, "there is no such page"))
}
