//! What a partner may read of the channel: our log to it, its log as we hold it, nothing else.

use super::Side;
use crate::egress::Peer;
use forewarn_engine::Failure;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::Partner;
use forewarn_exchange::{Code, Refusal};
use forewarn_signer::By;
use forewarn_store::Db;
use forewarn_store::log::LogRow;
use forewarn_transcript::batch::{Batch, MAX_BATCH_BYTES, MAX_ENTRIES};
use forewarn_transcript::{Channel, Checkpoint, Hash, Note, Party};

/// A log's size and root, as the other side is told.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Root {
    /// The log's name.
    pub log: String,
    /// How many entries the root is of.
    pub size: u64,
    /// The root of the Merkle tree over these entries (RFC 6962 §2.1).
    pub root: Hash,
}

/// The log of that name, when it is one of this partner's channel.
pub fn log_of(db: &Db<'_>, partner: &NodeName, name: &str) -> Result<LogRow, Failure> {
    let log = db.log(name)?.filter(|log| *log.partner == **partner);
    Ok(log.ok_or_else(|| Refusal::unknown("log of this channel", name))?)
}

/// The root at `size`, or at the size held when none is given.
pub fn root(db: &Db<'_>, log: &LogRow, size: Option<u64>) -> Result<Root, Failure> {
    let size = size.unwrap_or(log.size);
    if size > log.size {
        return Err(Refusal::new(Code::Gap, format!("held to {}", log.size)).into());
    }
    Ok(Root { log: log.name.clone(), size, root: db.root(log, size)? })
}

/// A channel as we speak on it.
pub struct Line {
    /// The channel, with every key that has signed on it.
    pub channel: Channel,
    /// How we sign there.
    pub by: By,
}

impl Line {
    /// The channel with a partner that may be spoken to.
    pub fn open(db: &Db<'_>, partner: &Partner, us: &Party) -> Result<Line, Failure> {
        Line::of(db, partner, partner.channel(us)?, us)
    }

    /// The channel with any partner, for reading and carrying what was said.
    pub(crate) fn even_if_closed(
        db: &Db<'_>,
        partner: &Partner,
        us: &Party,
    ) -> Result<Line, Failure> {
        Line::of(db, partner, partner.channel_even_if_closed(us)?, us)
    }

    /// We sign by the newest of our keys that the partner has confirmed, once it has given a
    /// receipt for the entry that announced them. Until then nobody else could follow.
    fn of(db: &Db<'_>, partner: &Partner, channel: Channel, us: &Party) -> Result<Line, Failure> {
        let ours = db.log_with(partner.name(), true)?;
        let receipt = ours.map(|log| db.newest_receipt(&log)).transpose()?.flatten();
        let receipted = receipt.map_or(0, |(size, _)| size);
        let later = partner.succession.ours.iter().rev();
        let newest = later.map(|one| (&one.keys, one.announced.index));
        let newest = newest.into_iter().find(|(_, at)| *at < receipted).map(|(keys, _)| keys);
        let keys = newest.or_else(|| channel.keys_of(&us.name).next());
        let keys =
            keys.ok_or_else(|| Refusal::new(Code::Channel, "we are no party of this channel"))?;
        let by = By { key: keys.ed25519, both: channel.signs_twice() };
        Ok(Line { channel, by })
    }
}

/// A partner's node, when it may be spoken to.
pub fn peer(db: &Db<'_>, partner: &Partner, us: &Party) -> Result<(Peer, Line), Failure> {
    let line = Line::open(db, partner, us)?;
    let (name, url) = (partner.card.name.clone(), partner.card.url.clone());
    Ok((Peer { name, url, key: line.by.key }, line))
}

/// Our checkpoint at `size`, signed. The root is computed from what is on disk before; what is on
/// disk was read whole since the node started.
pub fn our_checkpoint(
    db: &Db<'_>,
    side: Side<'_>,
    (line, log): (&Line, &LogRow),
    size: u64,
) -> Result<Note, Failure> {
    side.check_compared(log)?;
    side.whole.check(db, log)?;
    let checkpoint = Checkpoint { origin: log.name.clone(), size, root: db.root(log, size)? };
    let proof_of =
        |old, new| if new <= log.size { db.consistency(log, old, new).ok() } else { None };
    let signed = side.signer.sign_checkpoint(&checkpoint, &line.by, &proof_of);
    let signed = signed.map_err(|e| Refusal::new(Code::Signer, e.to_string()))?;
    match line.channel.open(&log.name, &signed) {
        Ok(opened) if opened.checkpoint == checkpoint => Ok(opened.note),
        Ok(_) => Err(Refusal::new(Code::Signer, "the signer has signed something else").into()),
        Err(why) => {
            let message = format!("the signer's checkpoint cannot be verified: {why}");
            Err(Refusal::new(Code::Signer, message).into())
        }
    }
}

/// The partner's own log as we hold it, from `start`: for one that was restored from an old copy.
/// The checkpoint is the newest that we have cosigned; the entries end with it, or before.
pub fn mirror(db: &Db<'_>, log: &LogRow, start: u64) -> Result<Batch, Failure> {
    let nothing = || Refusal::new(Code::Gap, format!("held to {}", log.size));
    let (size, checkpoint) = db.newest_receipt(log)?.ok_or_else(nothing)?;
    if start >= size {
        return Err(Refusal::new(Code::Gap, format!("held to {size}")).into());
    }
    let room = usize::try_from(size - start).unwrap_or(usize::MAX).min(MAX_ENTRIES);
    let held = db.entries(log, start, room, MAX_BATCH_BYTES / 2)?;
    let entries = held.into_iter().map(|held| held.carried).collect();
    Ok(Batch { log: log.name.clone(), start, entries, checkpoint })
}

/// What is to be sent next to a partner: a batch of our log after the last receipt, or from where
/// the partner said that it stands; `None` when it holds everything.
pub fn next_batch(
    db: &Db<'_>,
    side: Side<'_>,
    partner: &NodeName,
    from: Option<u64>,
) -> Result<Option<Outgoing>, Failure> {
    let known = db.partner(partner)?.ok_or_else(|| Refusal::unknown("partner", partner))?;
    let Some(log) = db.log_with(partner, true)? else { return Ok(None) };
    side.check_not_behind(&log)?;
    let receipted = db.newest_receipt(&log)?.map_or(0, |(size, _)| size);
    let start = from.unwrap_or(receipted);
    if start == log.size && receipted == log.size {
        return Ok(None);
    }
    let (peer, line) = peer(db, &known, side.us)?;
    if start > log.size {
        let message = format!("the partner holds {start} entries of our log, we {}", log.size);
        return Err(Refusal::new(Code::Behind, message)
            .advice("our database is older than what was sent: it is fetched from the partner")
            .into());
    }
    let batch = batch(db, side, (&line, &log), start)?;
    let more = batch.start + (batch.entries.len() as u64) < log.size;
    Ok(Some(Outgoing { peer, batch, more }))
}

/// The batch after one that leads to size `end` and has no receipt yet; `None` when the log has not
/// grown since.
pub fn batch_after(
    db: &Db<'_>,
    side: Side<'_>,
    partner: &NodeName,
    end: u64,
) -> Result<Option<Outgoing>, Failure> {
    let log = db.log_with(partner, true)?;
    if log.is_none_or(|log| log.size <= end) {
        return Ok(None);
    }
    next_batch(db, side, partner, Some(end))
}

/// A batch that is to be sent.
pub struct Outgoing {
    /// To whom.
    pub peer: Peer,
    /// What is sent.
    pub batch: Batch,
    /// Whether the log has more entries after those of the batch.
    pub more: bool,
}

/// A batch of our log from `start`, with the checkpoint that ends it.
pub fn batch(
    db: &Db<'_>,
    side: Side<'_>,
    (line, log): (&Line, &LogRow),
    start: u64,
) -> Result<Batch, Failure> {
    // Half of what a batch may have: JSON in JSON is longer than what it holds.
    let held = db.entries(log, start, MAX_ENTRIES, MAX_BATCH_BYTES / 2)?;
    let size = start + held.len() as u64;
    // A size that has a receipt was signed before: that note is used, unless our key has changed
    // since, and nothing is signed again.
    let known = db.receipt(log, size)?.and_then(|text| {
        let opened = line.channel.open(&log.name, &Note::parse(&text).ok()?).ok()?;
        (opened.by.ed25519 == line.by.key).then(|| opened.note.to_string())
    });
    let note = match known {
        Some(note) => note,
        None => our_checkpoint(db, side, (line, log), size)?.to_string(),
    };
    Ok(Batch {
        log: log.name.clone(),
        start,
        entries: held.into_iter().map(|held| held.carried).collect(),
        checkpoint: note,
    })
}
