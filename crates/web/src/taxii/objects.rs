//! `GET …/objects/` and `…/objects/{object}/` (TAXII 2.1 §5.4, §5.6): stored bytes, as they came.

use super::access;
use super::error::Error;
use super::reply::{self, Path, Sent};
use crate::app::App;
use crate::asker::Asker;
use crate::caller::Caller;
use crate::compress::Coding;
use crate::problem::Problem;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method};
use forewarn_engine::FetchedWork;
use forewarn_exchange::Code;
use forewarn_exchange::Refusal;
use forewarn_exchange::name::NodeName;
use forewarn_node::collection::CollectionKind;
use forewarn_node::shares::Share;
use forewarn_store::page::Page;
use forewarn_taxii::{Filter, envelope};

pub(crate) async fn get(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    asker: Asker,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    (method, headers): (Method, HeaderMap),
) -> Result<Sent, Error> {
    reply::accepted(&headers)?;
    let collection = access::readable(&node, &caller, &id).await?;
    let number = collection.number;
    let (filter, coding) = (filter(query.as_deref())?, Coding::of(&headers));
    let after = filter.after.0;
    // What counts is a partner's account that reads all of it, page by page.
    let is_outlet =
        matches!((&collection.kind, &caller), (CollectionKind::Outlet { .. }, Caller::User(_)));
    let counts = is_outlet && method == Method::GET && filter.is_of_all();
    let (page, news) = node
        .page(asker.pair(), move |db, share| {
            let page = db.page(number, &filter)?;
            let mark = if counts { db.fetched(number)? } else { 0 };
            let newest = page.place.added.map(|(_, last)| last);
            let news = newest.filter(|newest| counts && after <= mark && *newest > mark);
            Ok((sent(page, coding, share), news))
        })
        .await?;
    if let (Some(to), CollectionKind::Outlet { partner }) = (news, &collection.kind) {
        // That it went out is on record before it goes.
        let partner = NodeName::parse(partner).map_err(Refusal::from)?;
        let work = FetchedWork { partner, outlet: number, to };
        node.state.work(caller.actor(), work).await?;
    }
    Ok(page)
}

pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    asker: Asker,
    Path((id, object)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Sent, Error> {
    reply::accepted(&headers)?;
    let number = access::readable(&node, &caller, &id).await?.number;
    let (mut filter, coding) = (filter(query.as_deref())?, Coding::of(&headers));
    filter.ids = vec![object.clone()];
    let page = node
        .page(asker.pair(), move |db, share| {
            let page = db.page(number, &filter)?;
            // §5.7: a version that was deleted is not there, like one that never was.
            let by_time = filter.versions.is_by_time() && filter.after.0 == 0;
            let known = page.count > 0 || (!by_time && db.has_object(number, &object)?);
            Ok(known.then(|| sent(page, coding, share)))
        })
        .await?;
    page.ok_or_else(no_object)
}

pub(crate) fn no_object() -> Error {
    Error::new(Code::NotFound, "the collection has no such object")
}

/// The query's filters, decoded.
pub(crate) fn filter(query: Option<&str>) -> Result<Filter, Error> {
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let bad = |e| Problem::new(Code::BadParameter, format!("{e}"));
    Ok(Filter::parse(pairs).map_err(bad)?)
}

fn sent(page: Page, coding: Coding, share: Share) -> Sent {
    let next = page.place.next.map(|next| next.to_string());
    let (head, tail) = envelope::around(page.count > 0, next.as_deref());
    let parts = [head.into_bytes(), page.objects, tail.as_bytes().to_vec()];
    Sent::new(parts, coding, (page.place, share))
}
