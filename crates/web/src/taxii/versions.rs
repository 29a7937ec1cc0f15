//! `GET …/objects/{object}/versions/` (TAXII 2.1 §5.8).

use super::access;
use super::error::Error;
use super::objects;
use super::reply::{self, Path, Sent};
use crate::app::App;
use crate::asker::Asker;
use crate::caller::Caller;
use crate::compress::Coding;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use forewarn_taxii::filter;
use forewarn_taxii::resource::Versions;

pub(crate) async fn versions(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    asker: Asker,
    Path((id, object)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Sent, Error> {
    reply::accepted(&headers)?;
    let number = access::readable(&node, &caller, &id).await?.number;
    let (mut filter, coding) = (objects::filter(query.as_deref())?, Coding::of(&headers));
    filter.ids = vec![object.clone()];
    filter.versions = filter::VersionFilter::all();
    let sent = node
        .page(asker.pair(), move |db, share| {
            let (listed, place) = db.manifest(number, &filter)?;
            let known = !listed.is_empty() || db.has_object(number, &object)?;
            let versions = Versions {
                more: place.next.is_some(),
                next: place.next.map(|next| next.to_string()),
                versions: listed.into_iter().map(|one| one.version).collect(),
            };
            Ok(known.then(|| Sent::json(&versions, coding, (place, share))))
        })
        .await?;
    sent.ok_or_else(objects::no_object)
}
