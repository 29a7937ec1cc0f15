//! Every route, and who may use it. A route cannot be added without saying.

use crate::app::{App, Needs, Route, get, post, route};
use crate::caller::{self, Caller, Door, Entered, Local};
use crate::channel::signed;
use crate::desk::entry::{self, Seen};
use crate::places::Place;
use crate::problem::Problem;
use crate::{api, channel, desk, health, own_writes, request_id, taxii};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use forewarn_exchange::Code;
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::user::Permission;
use std::sync::Arc;
use std::time::Duration;

/// Characters of a path or method that an answer repeats.
const MAX_SHOWN: usize = 200;

/// Where acts are done.
const ACTS: &str = "/api/v1/acts";

/// All of them.
pub fn routes() -> Vec<Route> {
    let mut all = vec![
        route("/healthz", Needs::Nothing, get(health::alive)),
        route("/readyz", Needs::Nothing, get(health::ready)),
        route(
            "/channel/v1/entries",
            Needs::Partner,
            post(channel::push::push).get(channel::entries::entries),
        ),
        route("/channel/v1/entry", Needs::Partner, get(channel::entry::entry)),
        route("/channel/v1/receipt", Needs::Partner, post(channel::receipt::receipt)),
        route(
            "/channel/v1/logs/{writer}/checkpoint",
            Needs::Partner,
            get(channel::tiles::checkpoint),
        ),
        route("/channel/v1/logs/{writer}/tile/{*path}", Needs::Partner, get(channel::tiles::tile)),
        route("/channel/v1/root", Needs::Partner, get(channel::root::root)),
        route("/taxii2/", Needs::Taxii, get(taxii::discovery::discovery)),
        route("/taxii2/api/", Needs::Taxii, get(taxii::api_root::api_root)),
        route("/taxii2/api/status/{id}/", Needs::Taxii, get(taxii::status::status)),
        route("/taxii2/api/collections/", Needs::Taxii, get(taxii::collections::list)),
        route("/taxii2/api/collections/{id}/", Needs::Taxii, get(taxii::collections::one)),
        route(
            "/taxii2/api/collections/{id}/manifest/",
            Needs::Taxii,
            get(taxii::manifest::manifest),
        ),
        route(
            "/taxii2/api/collections/{id}/objects/",
            Needs::Taxii,
            get(taxii::objects::get).post(taxii::add::add),
        ),
        route(
            "/taxii2/api/collections/{id}/objects/{object}/",
            Needs::Taxii,
            get(taxii::objects::one).delete(taxii::delete::delete),
        ),
        route(
            "/taxii2/api/collections/{id}/objects/{object}/versions/",
            Needs::Taxii,
            get(taxii::versions::versions),
        ),
    ];
    all.extend(api::routes());
    all.extend(desk::routes());
    all
}

/// The router for a node; `local` for the socket in its folder.
pub fn router(node: App, is_local: bool) -> Router {
    let mut router = Router::new();
    for Route { path, needs, methods: _, handler } in routes() {
        let layer = middleware::from_fn_with_state((node.clone(), needs), let_in);
        let handler = handler.layer(layer);
        // §3.1 wants a slash at the end of a TAXII path. Clients forget it, and with a redirect
        // they would forget their POST too.
        if let (Needs::Taxii, Some(without)) = (needs, path.strip_suffix('/')) {
            router = router.route(without, handler.clone());
        }
        router = router.route(path, handler);
    }
    let router = router.fallback(not_found).method_not_allowed_fallback(not_allowed);
    let router = router.with_state(node).layer(middleware::from_fn(desk::headers::put));
    let router = router.layer(middleware::from_fn(request_id::name));
    if is_local { router.layer(axum::Extension(Local)) } else { router }
}

fn is_taxii(path: &str) -> bool {
    path == "/taxii2" || path.starts_with("/taxii2/")
}

/// The beginning of what somebody has sent: answers to strangers are short.
fn shown(text: &str) -> String {
    text.chars().take(MAX_SHOWN).collect()
}

async fn not_found(State(node): State<App>, request: Request) -> Response {
    let detail = format!("nothing is at {}", shown(request.uri().path()));
    let problem = Problem::new(Code::NotFound, detail);
    elsewhere(&node, request, &problem)
}

/// An answer to what no route takes, in the form of whoever asks.
fn elsewhere(node: &App, request: Request, problem: &Problem) -> Response {
    if is_taxii(request.uri().path()) {
        return taxii::error::error(problem);
    }
    if desk::headers::is_desk(request.uri().path()) {
        return desk::error::page(node, &Seen::of(&request.into_parts().0), problem);
    }
    problem.clone().into_response()
}

async fn not_allowed(State(node): State<App>, request: Request) -> Response {
    let (path, method) = (shown(request.uri().path()), shown(request.method().as_str()));
    let detail = format!("{path} has no {method}");
    let problem = Problem::new(Code::Method, detail);
    elsewhere(&node, request, &problem)
}

/// A condition that nobody looks at would be taken for one that held (RFC 9110 §13.1.1): acts look at it.
fn judged(parts: &Parts) -> Result<(), Problem> {
    let is_asked = parts.headers.contains_key(header::IF_MATCH) && !parts.method.is_safe();
    if !is_asked || parts.uri.path() == ACTS {
        return Ok(());
    }
    let detail = "`If-Match` is judged at /api/v1/acts alone, and nothing was done";
    Err(Problem::new(Code::BadRequest, detail).advice("leave the header out, or do it as an act"))
}

/// Lets the caller in, or answers; the body has not been read yet.
async fn let_in(
    State((node, needs)): State<(App, Needs)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    if !matches!(needs, Needs::Nothing)
        && parts.extensions.get::<Local>().is_none()
        && let Some(silent) = node.cut_off()
    {
        return refused(&node, &parts, needs, cut_off(silent));
    }
    let admitted = match needs {
        Needs::Nothing => return next.run(Request::from_parts(parts, body)).await,
        Needs::Partner => signed::admit(&node, &parts).await.map(|caller| (caller, Door::Partner)),
        Needs::User(permission) => user(&node, &parts, Some(permission)).await,
        Needs::Keeper(permission) => keeper(&node, &parts, permission).await,
        Needs::Page(permission) => entry::admit(&node, &mut parts, permission).await,
        Needs::Act | Needs::Shelf | Needs::Taxii => user(&node, &parts, None).await,
    };
    match admitted {
        Ok((caller, door)) => {
            if let Some(place) = parts.extensions.get::<Arc<Place>>()
                && !has_place(place, &caller)
            {
                return refused(&node, &parts, needs, no_place());
            }
            if let Err(wait) = node.limits.admit(&caller.actor(), std::time::Instant::now()) {
                return refused(&node, &parts, needs, over_limit(wait));
            }
            let Some(_in_flight) = node.limits.begin(&caller.actor()) else {
                return refused(&node, &parts, needs, over_limit(Duration::ZERO));
            };
            let is_partner = matches!(needs, Needs::Partner);
            if !is_partner && let Err(problem) = own_writes::applied(&node, &parts.headers).await {
                return refused(&node, &parts, needs, problem);
            }
            if let Err(problem) = judged(&parts) {
                return refused(&node, &parts, needs, problem);
            }
            parts.extensions.insert(door);
            parts.extensions.insert(caller);
            let Needs::Page(_) = needs else {
                let method = parts.method.clone();
                let mut response = next.run(Request::from_parts(parts, body)).await;
                if !is_partner {
                    own_writes::told(&node, &method, &mut response);
                }
                return response;
            };
            let seen = Seen::of(&parts);
            let response = next.run(Request::from_parts(parts, body)).await;
            entry::dressed(&node, &seen, response)
        }
        Err(problem) => match needs {
            Needs::Page(_) if entry::is_signed_out(&parts, &problem) => {
                desk::sign_in::again(&node, &parts, body, &problem).await
            }
            Needs::Page(_)
            | Needs::Nothing
            | Needs::Partner
            | Needs::User(_)
            | Needs::Keeper(_)
            | Needs::Act
            | Needs::Shelf
            | Needs::Taxii => refused(&node, &parts, needs, problem),
        },
    }
}

/// A refusal in the form of whoever asks.
fn refused(node: &App, parts: &Parts, needs: Needs, problem: Problem) -> Response {
    let busy = problem.code() == Code::Busy;
    let mut answer = match needs {
        Needs::Taxii => taxii::error::error(&problem),
        Needs::Page(_) => desk::error::page(node, &Seen::of(parts), &problem),
        Needs::Nothing
        | Needs::Partner
        | Needs::User(_)
        | Needs::Keeper(_)
        | Needs::Act
        | Needs::Shelf => problem.into_response(),
    };
    if busy {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

/// Whether the connection may be the caller's: accounts leave some for partners.
fn has_place(place: &Place, caller: &Caller) -> bool {
    match caller {
        Caller::Partner(name) => {
            place.is_partners(name);
            true
        }
        Caller::User(_) | Caller::Owner => place.is_accounts(),
    }
}

/// Whoever comes over the network may have been shut out at a node that this one hears nothing of.
fn cut_off(silent: Duration) -> Problem {
    let seconds = silent.as_secs();
    let detail = format!(
        "this node has heard nothing of its journal's servers for {seconds} s, and does not know who was \
         shut out meanwhile: over the network it answers nobody until it hears of them"
    );
    Problem::new(Code::NotReady, detail)
        .retry_after(5)
        .advice("ask another node of this organisation; the owner of the folder is answered here")
}

fn no_place() -> Problem {
    let detail = "all connections that accounts may have are at work; come again in a moment";
    Problem::new(Code::Busy, detail).retry_after(1)
}

fn over_limit(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + 1;
    let detail = format!("this account has asked for too much; come again in {seconds} s");
    Problem::new(Code::TooManyRequests, detail).retry_after(seconds)
}

/// Whoever keeps the node: by permission, or by owning its folder.
async fn keeper(node: &App, request: &Parts, permission: Permission) -> Result<Entered, Problem> {
    let (caller, door) = user(node, request, None).await?;
    if let Caller::User(user) = &caller {
        user.must(permission)?;
    }
    Ok((caller, door))
}

async fn user(
    node: &App,
    request: &Parts,
    permission: Option<Permission>,
) -> Result<Entered, Problem> {
    let (caller, door) = if request.extensions.get::<Local>().is_some() {
        caller::local(node, request).await?
    } else {
        caller::far(node, request).await?
    };
    match (&caller, permission) {
        (Caller::User(user), Some(permission)) => user.must(permission)?,
        // The owner of the folder can read every file in it; he reads through the API too.
        (Caller::Owner, Some(permission)) if permission != Permission::Read => {
            let detail = "say who you are: this is recorded under a person's name";
            return Err(Problem::new(Code::NoUser, detail).hint(Hint::SayWho));
        }
        _ => {}
    }
    Ok((caller, door))
}
