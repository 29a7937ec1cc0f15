//! A partner's batch, from bytes to the receipt.

use super::serve::Line;
use super::{Channels, Side, contradiction};
use crate::clock;
use forewarn_engine::{self as engine, Failure, ReceiveWork};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_signer::NotSigned;
use forewarn_stix::json;
use forewarn_transcript::Channel;
use forewarn_transcript::batch::Batch;
use forewarn_transcript::checkpoint::Opened;
use forewarn_transcript::contradiction::Contradiction;
use std::time::{Duration, Instant};

/// How a warning says of itself what it is: a leaf is canonical JSON.
const WARNING: &str = "\"kind\":\"warning\"";
/// When a partner whose warnings nobody opens should come again.
const UNTIL_OPENED: Duration = Duration::from_mins(1);

/// Reads a batch strictly: what could be read in two ways is refused before any signature work.
pub fn parse(bytes: &[u8]) -> Result<Batch, Refusal> {
    let bad = |why: String| Refusal::new(Code::Batch, format!("the batch cannot be read: {why}"));
    let value = json::read(bytes).map_err(|e| bad(e.to_string()))?;
    serde_json::from_value(value).map_err(|e| bad(e.to_string()))
}

/// Counts a batch of these many bytes against the partner's quota, before anything is done with it.
/// When the quota is used up: in how long the batch may be brought again.
pub async fn over_quota(
    channels: &Channels,
    partner: &NodeName,
    (batch, bytes): (&Batch, usize),
) -> Result<Option<Duration>, Failure> {
    let quotas = &channels.quotas;
    let warns = batch.entries.iter().any(|carried| carried.leaf.contains(WARNING));
    if warns && quotas.open_warnings() < u64::MAX {
        let name = partner.clone();
        let open = channels.state.read(move |db| Ok(db.count_new_warnings(&name)?)).await?;
        if open >= quotas.open_warnings() {
            return Ok(Some(UNTIL_OPENED));
        }
    }
    Ok(quotas.take(partner, (batch.entries.len(), bytes), Instant::now()).err())
}

/// Checks, cosigns, stores; the receipt leaves only after all of it is durable. Whoever brought
/// the bytes does not matter: `partner` is whose log it must be.
///
/// At most `most` entries are taken: over the wire [`forewarn_transcript::batch::MAX_ENTRIES`].
pub async fn receive(
    channels: &Channels,
    partner: &NodeName,
    batch: Batch,
    most: usize,
) -> Result<Received, Failure> {
    if let Some(why) = channels.state.engine().at_rest() {
        return Err(why);
    }
    channels.first_compared().await;
    let one_at_a_time = channels.receiving(partner);
    let _alone = one_at_a_time.lock().await;
    if channels.state.engine().is_alone() {
        return one_step(channels, (partner, most, Signs::AtOnce), batch).await;
    }
    // Another node may take the place of this one before the batch is held: then it must not have been
    // signed. What was stored is signed in a step of its own.
    match one_step(channels, (partner, most, Signs::WhatIsHeld), batch.clone()).await? {
        Received::Held(_) => one_step(channels, (partner, most, Signs::WhatIsHeld), batch).await,
        done @ Received::Receipt(_) => Ok(done),
    }
}

async fn one_step(
    channels: &Channels,
    (partner, most, signs): (&NodeName, usize, Signs),
    batch: Batch,
) -> Result<Received, Failure> {
    let name = partner.clone();
    let time = clock::seconds(&clock::now());
    let prepared = channels
        .read(move |db, channels| prepare(&db, channels.side(), (&name, most, time, signs), batch))
        .await?;
    let work = match prepared {
        Prepared::Held(receipt) => return Ok(Received::Receipt(receipt)),
        Prepared::New(work) => *work,
        Prepared::Contradicts(failure, proof) => {
            if let Some(proof) = proof {
                contradiction::keep(channels, partner, *proof).await?;
            }
            return Err(failure);
        }
    };
    let forewarn_engine::Received { size, receipt } = channels.brought(partner, work).await?;
    Ok(receipt.map_or(Received::Held(size), Received::Receipt))
}

/// When a batch is cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// Before it is stored, so that one commit stores both: nobody but this node stores anything.
    AtOnce,
    /// Only when all of it is stored already.
    WhatIsHeld,
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
    New(Box<ReceiveWork>),
    /// It is not what is held; where it can be proven, the proof.
    Contradicts(Failure, Option<Box<Contradiction>>),
}

/// Checks a batch of `partner`'s, of at most `most` entries, and cosigns it at `time`, in seconds
/// since 1970, at once or when it is held.
pub fn prepare(
    db: &forewarn_store::Db<'_>,
    side: Side<'_>,
    (partner, most, time, signs): (&NodeName, usize, u64, Signs),
    batch: Batch,
) -> Result<Prepared, Failure> {
    let known = db.partner(partner)?.ok_or_else(|| Refusal::unknown("partner", partner))?;
    let Line { channel, by } = Line::open(db, &known, side.us)?;
    let checked = batch
        .check(&channel, partner, most)
        .map_err(|e| Refusal::new(Code::Batch, e.to_string()))?;
    let signed = &checked.opened.by.ed25519;
    if !known.valid_keys().iter().any(|keys| keys.ed25519 == *signed) {
        let message = "the checkpoint is signed by a retired key";
        return Err(Refusal::new(Code::Batch, message).into());
    }
    // Until our own log is back, nothing is taken that we might have to answer.
    if let Some(ours) = db.log_with(partner, true)? {
        side.check_not_behind(&ours)?;
    }
    let size = checked.checkpoint().size;
    let log = db.log_with(partner, false)?;
    let empty = forewarn_store::log::LogRow {
        number: 0,
        name: checked.checkpoint().origin.clone(),
        partner: partner.to_string(),
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
        Err(Failure::Refused(refusal)) if refusal.code == Code::Differs => {
            return contradicts(refusal.into());
        }
        other => other?,
    }
    let skip = usize::try_from(row.size.saturating_sub(checked.start)).unwrap_or(usize::MAX);
    let new = checked.hashes.get(skip.min(checked.hashes.len())..).unwrap_or_default();
    let grown = db.grown(row, row.size, new)?;
    if grown.root(size)? != checked.checkpoint().root {
        let message = "the entries do not lead to the checkpoint's root";
        return contradicts(Refusal::new(Code::Root, message).into());
    }
    let held = db.receipt(row, size)?;
    let opened = engine::opens_more(db, row, &checked)?;
    if let Some(receipt) = held.as_ref().filter(|_| opened.is_empty()) {
        return Ok(Prepared::Held(receipt.clone()));
    }
    let new = |receipt| {
        let work = ReceiveWork::new(partner.clone(), &checked, (row.size, opened), receipt);
        Ok(Prepared::New(Box::new(work)))
    };
    if held.is_some() {
        return new(held);
    }
    let is_new = size > row.size || log.is_none();
    if signs == Signs::WhatIsHeld && is_new {
        return new(None);
    }
    if side.barred.is_uncompared(&row.name) {
        // What we have cosigned before is not known: it is stored, and cosigned once it is.
        return new(None);
    }
    side.whole.check(db, row)?;
    let reach = size.max(row.size);
    let proof_of = |old, new| if new <= reach { grown.consistency(old, new).ok() } else { None };
    let signing = (&checked.opened.note, checked.checkpoint());
    match side.signer.cosign(signing, &by, time, &proof_of) {
        Ok(receipt) => new(Some(reopened(&channel, &checked.opened, &receipt)?)),
        Err(NotSigned::Back { .. }) => new(None),
        Err(why) => Err(Refusal::new(Code::Signer, why.to_string()).into()),
    }
}

/// What the signer answers is opened before it is kept: nobody could verify anything else.
fn reopened(
    channel: &Channel,
    asked: &Opened,
    receipt: &forewarn_transcript::Note,
) -> Result<String, Failure> {
    match channel.cosigned(asked, receipt) {
        Ok(receipt) => Ok(receipt.note.to_string()),
        Err(why) => {
            let message = format!("the signer's receipt cannot be verified: {why}");
            Err(Refusal::new(Code::Signer, message).into())
        }
    }
}
