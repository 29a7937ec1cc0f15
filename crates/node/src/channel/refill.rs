//! Our own log, as far as a restored database lacks it, from the partner's mirror.
//!
//! Nothing of it is taken on trust: the signer remembers the size and root that it has signed last,
//! and what is fetched must lead to that root.

use crate::channel::Channels;
use crate::channel::serve;
use forewarn_engine::{Failure, RefillWork};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::log::LogRow;
use forewarn_transcript::batch::{Batch, Carried};
use forewarn_transcript::{Channel, Hash};
use hyper::Method;

/// Most bytes fetched at a time before they are stored.
const MAX_BYTES: usize = 256 << 20;

/// Fetches what is missing, when something is.
pub async fn refill(channels: &Channels, partner: &NodeName) -> Result<(), Failure> {
    let name = partner.clone();
    let missing = channels
        .read(move |db, channels| {
            let Some(log) = db.log_with(&name, true)? else { return Ok(None) };
            let Some((signed, root)) = channels.signer().last(&log.name) else { return Ok(None) };
            if signed <= log.size {
                return Ok(None);
            }
            let known = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
            Ok(Some((serve::peer(&db, &known, &channels.state.party())?, log, signed, root)))
        })
        .await?;
    let Some(((peer, line), log, signed, root)) = missing else { return Ok(()) };
    let mut fetched: Vec<Carried> = Vec::new();
    let mut bytes = 0;
    while log.size + (fetched.len() as u64) < signed {
        let start = log.size + fetched.len() as u64;
        let path = format!("/channel/v1/entries?log={}&start={start}", log.name);
        let answer = channels.egress.ask(&peer, Method::GET, &path, Vec::new()).await;
        let answer = answer.map_err(|e| Refusal::new(Code::Unreachable, e.to_string()))?;
        let batch: Option<Batch> = serde_json::from_slice(&answer.body).ok();
        let batch = batch.filter(|batch| batch.start == start && !batch.entries.is_empty());
        let Some(batch) = batch else { return Err(lost(&log, signed, start)) };
        bytes += answer.body.len();
        if bytes > MAX_BYTES {
            return Err(
                Refusal::new(Code::TooLong, "more is missing than is fetched at once").into()
            );
        }
        let room = usize::try_from(signed - start).unwrap_or(usize::MAX);
        fetched.extend(batch.entries.into_iter().take(room));
    }
    let (fetched, log) = channels
        .read(move |db, _| {
            check(&db, (&line.channel, &log), &fetched, (signed, root))?;
            Ok((fetched, log))
        })
        .await?;
    let count = fetched.len();
    let work = RefillWork { partner: partner.clone(), start: log.size, entries: fetched };
    channels.brought(partner, work).await?;
    tracing::warn!(%partner, count, "our own log was filled up again from the partner's copy");
    Ok(())
}

/// What is fetched must be ours: it leads to the root that was signed.
fn check(
    db: &forewarn_store::Db<'_>,
    (channel, log): (&Channel, &LogRow),
    fetched: &[Carried],
    (signed, root): (u64, Hash),
) -> Result<(), Failure> {
    for (index, carried) in (log.size..).zip(fetched) {
        forewarn_transcript::batch::check_entry(channel, index, carried)
            .map_err(|e| Refusal::new(Code::Batch, e.to_string()))?;
    }
    let leaves: Vec<Hash> = fetched.iter().map(|c| Hash::leaf(c.leaf.as_bytes())).collect();
    if db.grown(log, log.size, &leaves)?.root(signed)? != root {
        let message = "what the partner holds of our log is not what was signed";
        return Err(Refusal::new(Code::Root, message).into());
    }
    Ok(())
}

fn lost(log: &LogRow, signed: u64, held: u64) -> Failure {
    let message = format!(
        "{signed} entries of {} were signed; the partner holds no more than {held}",
        log.name
    );
    Refusal::new(Code::Restored, message).advice("restore a newer copy of the database").into()
}
