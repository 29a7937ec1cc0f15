//! `GET …/manifest/` (TAXII 2.1 §5.3).

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
use forewarn_stix::Timestamp;
use forewarn_taxii::resource::{Manifest, ManifestRecord, STIX_MEDIA};

pub(crate) async fn manifest(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    asker: Asker,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Sent, Error> {
    reply::accepted(&headers)?;
    let number = access::readable(&node, &caller, &id).await?.number;
    let (filter, coding) = (objects::filter(query.as_deref())?, Coding::of(&headers));
    let sent = node
        .page(asker.pair(), move |db, share| {
            let (listed, place) = db.manifest(number, &filter)?;
            let records = listed.into_iter().map(|one| ManifestRecord {
                id: one.id,
                date_added: time(one.added),
                version: one.version,
                media_type: Some(STIX_MEDIA.to_owned()),
            });
            let manifest = Manifest {
                more: place.next.is_some(),
                next: place.next.map(|next| next.to_string()),
                objects: records.collect(),
            };
            Ok(Sent::json(&manifest, coding, (place, share)))
        })
        .await?;
    Ok(sent)
}

/// A microsecond as TAXII writes it (§2).
fn time(micros: i64) -> String {
    Timestamp::from_micros(micros).map(String::from).unwrap_or_default()
}
