//! `/desk/sign-in` and `/desk/sign-out`: a session begins, and ends.

use super::cookie::{self, Reached};
use super::entry::Seen;
use super::form::on_to;
use super::frame::{Frame, html, html_with};
use super::posted::{Button, Fields, Posted, TOKEN, check_site};
use super::reader::{Token, words};
use super::texts::{Words, fill};
use super::unsent::{self, Left};
use super::{ROOT, error};
use crate::api::session;
use crate::app::App;
use crate::body::{self, STRANGERS, STRANGERS_FORM};
use crate::caller::Door;
use crate::places::Place;
use crate::problem::Problem;
use crate::query::Query;
use askama::Template;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use forewarn_exchange::Code;
use forewarn_exchange::name::UserName;
use forewarn_node::sign_in::password::Password;
use forewarn_node::sign_in::{Attempt, SignedIn};
use forewarn_store::begun::Address;
use serde::Deserialize;
use std::net::IpAddr;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "desk/sign_in.html")]
struct Page {
    f: Frame,
    heading: String,
    of: String,
    recorded: String,
    /// Where to go then.
    to: String,
    user: String,
    invited: bool,
    stop: Option<String>,
    note: Option<&'static str>,
    /// A form that was sent after its session had ended.
    unsent: Option<Left>,
}

/// Where somebody was going, or that he or she has signed out.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Going {
    #[serde(default)]
    to: String,
    #[serde(default)]
    out: bool,
}

/// A page of this desk, and nothing that a browser could take for another place.
fn within(to: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '.' | '_' | '~');
    let is_page = to.starts_with(ROOT) && !to.contains("//") && to.chars().all(plain);
    if is_page && !to.starts_with("/desk/sign-") { to } else { ROOT }
}

fn page(node: &App, w: &'static Words, to: &str) -> Page {
    let us = node.state.us();
    Page {
        f: Frame::new(node, None, w, w.frame.sign_in),
        heading: fill(w.frame.sign_in_to, &[us.name()]),
        of: fill(w.frame.desk_of, &[&us.organisation()]),
        recorded: fill(w.frame.recorded, &[&us.organisation()]),
        to: within(to).to_owned(),
        user: String::new(),
        invited: false,
        stop: None,
        note: None,
        unsent: None,
    }
}

/// What somebody sends whose session has ended is not lost: it stands in the form for signing in, and
/// is shown again after that.
pub(crate) async fn again(node: &App, parts: &Parts, body: Body, problem: &Problem) -> Response {
    let of_error = || error::page(node, &Seen::of(parts), problem);
    let Some(address) = Address::parse(parts.uri.path()) else { return of_error() };
    if check_site(&parts.headers).is_err() {
        return of_error();
    }
    let Ok(bytes) = body::of_a_stranger(&parts.headers, body, STRANGERS).await else {
        return of_error();
    };
    let Ok(typed) = Fields::read(&bytes) else { return of_error() };
    let w = words(&parts.headers);
    let to = unsent::page(&address);
    let fields = typed.encoded(unsent::SECRET);
    let left = Token::writer(typed.line(TOKEN)).map(|writer| Left { writer, address, fields });
    let page = Page {
        note: left.is_some().then_some(w.form.signed_out_typing),
        user: left.as_ref().map(|left| left.writer.to_string()).unwrap_or_default(),
        unsent: left,
        ..page(node, w, &to)
    };
    let mut response = html_with(problem.status, &page);
    problem.put_headers(response.headers_mut(), "Session");
    response
}

pub(crate) async fn show(
    State(node): State<App>,
    headers: HeaderMap,
    Query(Going { to, out }): Query<Going>,
) -> Response {
    let w = words(&headers);
    let page = page(&node, w, &to);
    let first = (!to.is_empty()).then_some(w.frame.sign_in_first);
    let note = if out { Some(w.frame.signed_out) } else { first };
    std::future::ready(html(&Page { note, ..page })).await
}

pub(crate) async fn begin(
    State(node): State<App>,
    place: Option<Extension<Arc<Place>>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let from = place.map(|place| place.address());
    match begun(&node, &parts.headers, body, from).await {
        Ok(response) => response,
        Err(problem) => error::page(&node, &Seen::of(&parts), &problem),
    }
}

async fn begun(
    node: &App,
    headers: &HeaderMap,
    body: Body,
    from: Option<IpAddr>,
) -> Result<Response, Problem> {
    check_site(headers)?;
    let w = words(headers);
    let typed = Fields::read(&body::of_a_stranger(headers, body, STRANGERS_FORM).await?)?;
    let unsent = left(&typed);
    let invitation = typed.line("invitation").to_owned();
    let again = |status, why: String| {
        let page = Page {
            user: typed.line("user").to_owned(),
            invited: !invitation.is_empty(),
            stop: Some(why),
            unsent: unsent.clone(),
            ..page(node, w, typed.line("to"))
        };
        Ok(html_with(status, &page))
    };
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let Some(way) = Reached::of_origin(origin.unwrap_or_default()) else {
        return again(StatusCode::FORBIDDEN, w.frame.tls_needed.to_owned());
    };
    let attempt = Attempt {
        user: typed.line("user").to_owned(),
        password: Password::new(typed.all("password").next().unwrap_or_default()),
        code: Some(typed.line("code").to_owned()).filter(|code| !code.is_empty()),
        from,
    };
    let tried = if invitation.is_empty() {
        node.sign_ins.sign_in(attempt).await
    } else {
        node.sign_ins.accept(attempt, &invitation).await
    };
    let SignedIn { session, user, .. } = match tried.map_err(session::not_signed_in) {
        Ok(signed_in) => signed_in,
        Err(problem) if problem.status.is_client_error() => {
            let why = super::show::line(&problem.refusal().message);
            return again(problem.status, why);
        }
        Err(problem) => return Err(problem),
    };
    if let Some(left) = unsent {
        unsent::take(node, &user, left).await?;
    }
    let us = node.state.name().clone();
    let mut response = on_to(within(typed.line("to")));
    if let Some(cookie) = cookie::begun(way, &us, &session) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// What stood in the page for signing in.
fn left(typed: &Fields) -> Option<Left> {
    Some(Left {
        writer: UserName::parse(typed.line("writer")).ok()?,
        address: Address::parse(typed.line(unsent::FORM))?,
        fields: typed.line("unsent").to_owned(),
    })
}

pub(crate) async fn end(
    State(node): State<App>,
    Posted { reader, .. }: Posted<Button>,
) -> Result<Response, Problem> {
    match reader.door {
        Door::Session(session) | Door::Limited(session) => {
            node.sign_ins.sign_out(reader.name().clone(), session).await?;
        }
        Door::Folder | Door::Machine | Door::Key(_) | Door::Partner => {
            return Err(Problem::new(Code::SessionNeeded, "there is no session to end"));
        }
    }
    let mut response = on_to("/desk/sign-in?out=true");
    for gone in cookie::ended(node.state.name()) {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_comes_to_a_page_of_this_desk_only() {
        assert_eq!(within("/desk/cases/12"), "/desk/cases/12");
        for other in [
            "",
            "https://evil.example/",
            "//evil.example/",
            "/desk//evil.example",
            "/desk/\\evil.example",
            "/desk/../api/v1/cases?x",
            "/api/v1/cases",
            "/desk/sign-in",
            "/desk/a\nb",
        ] {
            assert_eq!(within(other), ROOT, "{other}");
        }
    }
}
