//! What was refused, or went wrong, as a page: first what did not happen, then what to do.

use super::entry::Seen;
use super::frame::{Frame, html};
use super::hint::{self, Step};
use super::show::line;
use super::texts::fill;
use crate::app::App;
use crate::problem::Problem;
use crate::request_id;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use forewarn_exchange::Code;

#[derive(Template)]
#[template(path = "desk/error.html")]
struct Page {
    f: Frame,
    heading: &'static str,
    detail: String,
    step: Option<Step>,
    nothing_left: bool,
    number: Option<String>,
}

/// The page; for somebody who is not signed in and asks for a page, the way to sign in.
pub(crate) fn page(node: &App, seen: &Seen, problem: &Problem) -> Response {
    let code = problem.code();
    let unknown = matches!(code, Code::NoToken | Code::SignInNeeded);
    if unknown && seen.is_get {
        return Redirect::to(&format!("/desk/sign-in?to={}", seen.path)).into_response();
    }
    let w = seen.w;
    let heading = match problem.status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => w.frame.error_unknown,
        StatusCode::FORBIDDEN => w.frame.error_forbidden,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => w.frame.error_busy,
        status if status.is_server_error() => w.frame.error_ours,
        _ if unknown => w.form.sign_in_again,
        _ => w.frame.error_refused,
    };
    let is_ours = problem.status.is_server_error();
    let number = request_id::current().filter(|_| is_ours);
    let page = Page {
        f: Frame::new(node, seen.reader.as_ref(), w, heading),
        heading,
        detail: line(&problem.refusal().message),
        step: problem.refusal().hint.as_ref().map(|one| hint::step(w, one)),
        nothing_left: !seen.is_get,
        number: number.map(|number| fill(w.frame.read_out, &[&number])),
    };
    let mut response = html(&page);
    *response.status_mut() = problem.status;
    problem.put_headers(response.headers_mut(), "Session");
    response
}
