//! `GET /channel/v1/logs/{writer}/checkpoint` and `…/tile/…`: a log of the channel as C2SP's
//! `tlog-tiles` serves logs, to the partner.

use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::Extension;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_node::Failure;
use forewarn_node::channel::Channels;
use forewarn_node::channel::serve::{self, Line};
use forewarn_store::Db;
use forewarn_store::log::LogRow;
use forewarn_transcript::tile::{Tile, TileKind, bundle};
use serde::Deserialize;

/// Tiles never change; only the partner may keep them.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckpointQuery {
    /// Only what the other party has signed too.
    #[serde(default)]
    receipt: bool,
}

pub(crate) async fn checkpoint(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(writer): Path<String>,
    Query(CheckpointQuery { receipt }): Query<CheckpointQuery>,
) -> Result<Response, Problem> {
    let partner = caller.partner()?;
    let note =
        node.channels
            .read(move |db, channels| {
                let (line, log) = log_of(&db, channels, &partner, &writer)?;
                if log.ours && !receipt {
                    let size = log.size;
                    return Ok(serve::our_checkpoint(&db, channels.side(), (&line, &log), size)?
                        .to_string());
                }
                let receipt = db.newest_receipt(&log)?.map(|(_, note)| note);
                Ok(receipt.ok_or_else(|| Refusal::unknown("checkpoint of", &writer))?)
            })
            .await?;
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, note).into_response())
}

pub(crate) async fn tile(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path((writer, path)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let absent = || Problem::new(Code::NotFound, "there is no such tile");
    let tile = Tile::parse(&path).ok_or_else(absent)?;
    let partner = caller.partner()?;
    let bytes = node
        .channels
        .read(move |db, channels| {
            let (_, log) = log_of(&db, channels, &partner, &writer)?;
            let Some((first, _)) = tile.span().filter(|(_, end)| *end <= log.size) else {
                return Ok(None);
            };
            if tile.kind != TileKind::Entries {
                let hashes = db.tile(&log, &tile)?;
                return Ok(Some(hashes.iter().flat_map(|hash| hash.0).collect()));
            }
            let leaves = db.leaves(&log, first, tile.width)?;
            Ok(bundle(leaves.iter().map(String::as_str)))
        })
        .await?;
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, FOR_EVER)];
    Ok((headers, bytes.ok_or_else(absent)?).into_response())
}

/// The log that `writer` writes on this channel.
fn log_of(
    db: &Db<'_>,
    channels: &Channels,
    partner: &NodeName,
    writer: &str,
) -> Result<(Line, LogRow), Failure> {
    let known = db.partner(partner)?.ok_or_else(|| Refusal::unknown("partner", partner))?;
    let line = Line::open(db, &known, channels.party())?;
    let log = serve::log_of(db, partner, &line.channel.log_of(writer))?;
    Ok((line, log))
}
