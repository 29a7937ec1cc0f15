//! A partner's batch, from bytes to the receipt.

use super::serve::Line;
use super::{Side, contradiction};
use crate::clock;
use crate::engine::{self, Failure, Work};
use crate::node::Node;
use forewarn_exchange::Refusal;
use forewarn_signer::NotSigned;
use forewarn_stix::json;
use forewarn_transcript::batch::{Batch, Checked};
use forewarn_transcript::contradiction::Contradiction;
use std::sync::Arc;

/// Reads a batch strictly: what could be read in two ways is refused before any signature work.
pub fn parse(bytes: &[u8]) -> Result<Batch, Refusal> {
    let bad = |why: String| Refusal::new("batch", format!("the batch cannot be read: {why}"));
    let value = json::read(bytes).map_err(|e| bad(e.to_string()))?;
    serde_json::from_value(value).map_err(|e| bad(e.to_string()))
}

/// Checks, cosigns, stores; the receipt leaves only after all of it is durable. Whoever brought
/// the bytes does not matter: `partner` is whose log it must be.
///
/// At most `most` entries are taken: over the wire [`forewarn_transcript::batch::MAX_ENTRIES`].
pub async fn receive(
    node: &Arc<Node>,
    partner: &str,
    batch: Batch,
    most: usize,
) -> Result<Received, Failure> {
    let one_at_a_time = node.receiving(partner);
    let _alone = one_at_a_time.lock().await;
    let name = partner.to_owned();
    let time = clock::seconds(&clock::now());
    let prepared =
        node.read(move |db, node| prepare(&db, node.side(), (&name, most, time), batch)).await?;
    let (checked, receipt) = match prepared {
        Prepared::Held(receipt) => return Ok(Received::Receipt(receipt)),
        Prepared::New(checked, receipt) => (checked, receipt),
        Prepared::Contradicts(failure, proof) => {
            if let Some(proof) = proof {
                contradiction::keep(node, partner, *proof).await?;
            }
            return Err(failure);
        }
    };
    let work = Work::Receive { partner: partner.to_owned(), batch: checked, receipt };
    let answer = node.work(partner, work).await?;
    let receipt = answer.get("receipt").and_then(serde_json::Value::as_str);
    let size = answer.get("size").and_then(serde_json::Value::as_u64);
    Ok(match receipt {
        Some(receipt) => Received::Receipt(receipt.to_owned()),
        None => Received::Held(size.unwrap_or_default()),
    })
}

/// What became of a batch.
pub enum Received {
    /// The cosigned checkpoint.
    Receipt(String),
    /// Stored to this size, without a receipt: an older database is catching up, and the signer
    /// has cosigned more of this log than is held. It cosigns once it can compare.
    Held(u64),
}

/// What is to be done with a batch.
pub enum Prepared {
    /// The very batch was received before: its receipt, byte for byte.
    Held(String),
    /// To be stored, with the receipt, when there is one.
    New(Box<Checked>, Option<String>),
    /// It is not what is held; where it can be proven, the proof.
    Contradicts(Failure, Option<Box<Contradiction>>),
}

/// Checks a batch of `partner`'s, of at most `most` entries, and cosigns it at `time`, in seconds
/// since 1970.
pub fn prepare(
    db: &forewarn_store::Db<'_>,
    side: Side<'_>,
    (partner, most, time): (&str, usize, u64),
    batch: Batch,
) -> Result<Prepared, Failure> {
    let known = db.partner(partner)?.ok_or_else(|| Refusal::unknown("partner", partner))?;
    let Line { channel, by } = Line::open(db, &known, &side.us.party)?;
    let checked =
        batch.check(&channel, partner, most).map_err(|e| Refusal::new("batch", e.to_string()))?;
    let signed = &checked.opened.by.ed25519;
    if !known.valid_keys().iter().any(|keys| keys.ed25519 == *signed) {
        let message = "the checkpoint is signed by a key that is over";
        return Err(Refusal::new("batch", message).into());
    }
    // Until our own log is back, nothing is taken that we might have to answer.
    if let Some(ours) = db.log_with(partner, true)? {
        side.us.check_not_behind(&ours)?;
    }
    let size = checked.checkpoint().size;
    let log = db.log_with(partner, false)?;
    let empty = forewarn_store::log::LogRow {
        number: 0,
        name: checked.checkpoint().origin.clone(),
        partner: partner.to_owned(),
        ours: false,
        size: 0,
        receipts: 0,
    };
    let row = log.as_ref().unwrap_or(&empty);
    let contradicts = |failure: Failure| {
        let proof = contradiction::of_batch(db, (&channel, row), &checked)?;
        Ok(Prepared::Contradicts(failure, proof.map(Box::new)))
    };
    match engine::continues(db, row, &checked) {
        Err(Failure::Refused(refusal)) if refusal.code == "differs" => {
            return contradicts(refusal.into());
        }
        other => other?,
    }
    let skip = usize::try_from(row.size.saturating_sub(checked.start)).unwrap_or(usize::MAX);
    let new = checked.hashes.get(skip.min(checked.hashes.len())..).unwrap_or_default();
    let grown = db.grown(row, row.size, new)?;
    if grown.root(size)? != checked.checkpoint().root {
        let message = "the entries do not lead to the checkpoint's root";
        return contradicts(Refusal::new("root", message).into());
    }
    let held = db.receipt(row, size)?;
    if let Some(receipt) = held.as_ref().filter(|_| !engine::opens_more(db, row, &checked)) {
        return Ok(Prepared::Held(receipt.clone()));
    }
    if let Some(receipt) = held {
        return Ok(Prepared::New(Box::new(checked), Some(receipt)));
    }
    side.whole.check(db, row)?;
    let reach = size.max(row.size);
    let proof_of = |old, new| if new <= reach { grown.consistency(old, new).ok() } else { None };
    let signing = (&checked.opened.note, checked.checkpoint());
    match side.signer.cosign(signing, &by, time, &proof_of) {
        Ok(receipt) => Ok(Prepared::New(Box::new(checked), Some(receipt.to_string()))),
        Err(NotSigned::Back { .. }) => Ok(Prepared::New(Box::new(checked), None)),
        Err(why) => Err(Refusal::new("signer", why.to_string()).into()),
    }
}
