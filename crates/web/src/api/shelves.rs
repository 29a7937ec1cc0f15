//! `GET /api/v1/shelves/{name}/list?form=…&types=…`: what stands on a shelf, as a list for a firewall, a
//! resolver or a detector; and `…/misp/{file}`, as a feed that a MISP server fetches.

use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use crate::taxii::access;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use forewarn_exchange::Code;
use forewarn_lists::out::{Exactly, Output};
use forewarn_node::clock;
use forewarn_node::collection::{Collection, CollectionKind};
use forewarn_node::listed::{BeingRead, Wanted};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// How many values and indicators the form cannot say.
const LEFT_OUT: HeaderName = HeaderName::from_static("forewarn-left-out");

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// `plain`, `csv`, `hosts`, `rpz` or `suricata`; plain when left out.
    form: Option<String>,
    /// Kinds of value, such as `ip,domain-name`; all when left out.
    types: Option<String>,
}

/// A shelf is there for the tools that read it, and for the owner of the folder.
pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    Query(asked): Query<ListQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wanted = wanted(&asked)?;
    let output = wanted.output;
    let shelf = shelf(&node, &caller, &name)?;
    let (number, title) = (shelf.number, shelf.title.clone());
    let answer = node
        .read(move |db, node| {
            Ok(node.listed.answer(&db, (number, &title), wanted, &clock::now())?)
        })
        .await?
        .map_err(being_read)?;
    let kind =
        if output == Output::Csv { "text/csv; charset=utf-8" } else { "text/plain; charset=utf-8" };
    let mut response = sent(&headers, (&answer.tag, &answer.bytes), kind);
    response.headers_mut().insert(LEFT_OUT, HeaderValue::from(answer.left_out));
    Ok(response)
}

/// A file of the shelf as a feed of MISP: `manifest.json`, `hashes.csv`, and one for each event.
pub(crate) async fn misp(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path((name, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shelf = shelf(&node, &caller, &name)?;
    let (number, id) = (shelf.number, shelf.id.clone());
    let wanted = file.clone();
    let found = node
        .read(move |db, node| {
            let us = node.state.us();
            Ok(node.listed.file(&db, (number, &id, us.organisation()), &wanted, &clock::now())?)
        })
        .await?
        .map_err(being_read)?;
    let none = || Problem::new(Code::NotFound, format!("there is no file `{file}` in the feed"));
    let found = found.ok_or_else(none)?;
    let kind = if file == "hashes.csv" { "text/csv; charset=utf-8" } else { "application/json" };
    Ok(sent(&headers, (&found.tag, &found.bytes), kind))
}

fn shelf(node: &App, caller: &Caller, name: &str) -> Result<Collection, Problem> {
    let shelf =
        node.collections().named(name).cloned().filter(|one| {
            matches!(one.kind, CollectionKind::Shelf) && access::may_read(one, caller)
        });
    shelf.ok_or_else(|| Problem::new(Code::NotFound, format!("there is no shelf `{name}`")))
}

fn being_read(BeingRead: BeingRead) -> Problem {
    Problem::new(Code::Busy, "the shelf is being read for another request").retry_after(1)
}

/// The bytes, unless the tool has them already.
fn sent(headers: &HeaderMap, (tag, bytes): (&str, &Arc<[u8]>), kind: &'static str) -> Response {
    let mut response = Response::new(Body::empty());
    let out = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(tag) {
        out.insert(header::ETAG, tag);
    }
    // It may be kept, and must be asked for again each time: a recall counts at once.
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if is_known(headers, tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    *response.body_mut() = Body::from(axum::body::Bytes::from_owner(bytes.clone()));
    response
}

fn wanted(asked: &ListQuery) -> Result<Wanted, Problem> {
    let bad = |detail: String| Problem::new(Code::BadParameter, detail);
    let word = asked.form.as_deref().unwrap_or("plain");
    let output = Output::named(word)
        .ok_or_else(|| bad("`form` is plain, csv, hosts, rpz or suricata".to_owned()))?;
    let mut kinds = Vec::new();
    for word in asked.types.iter().flat_map(|types| types.split(',')) {
        let named = Exactly::named(word.trim());
        let why = "`types` is a list of ip, domain-name, url, hash and the like";
        kinds.extend(named.ok_or_else(|| bad(why.to_owned()))?);
    }
    kinds.sort_unstable();
    kinds.dedup();
    Ok(Wanted { output, kinds })
}

/// Whether the tool has this list already (RFC 9110 §13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|one| one.to_str().ok());
    let mut tags = known.flat_map(|one| one.split(',')).map(str::trim);
    tags.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}
