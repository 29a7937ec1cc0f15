//! The transcript on a disk: the same bytes that go over the wire.

use crate::channel::Channels;
use crate::channel::Side;
use crate::channel::serve::{Line, our_checkpoint};
use crate::shown::{self, Red, Shown};
use forewarn_engine::{Failure, ReceiptWork};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::Db;
use forewarn_store::log::{Held, LogRow};
use forewarn_store::sight::Sight;
use forewarn_transcript::batch::Batch;
use forewarn_transcript::export::{FORMAT, LogCopy, MAX_CARRIED, Transcript};
use forewarn_transcript::{Hash, Note};

/// Most bytes of one file.
const MAX_CARRIED_BYTES: usize = 256 << 20;

/// Both logs of the channel with a partner, whole. The partner's is as far as its checkpoint goes.
/// An entry that was not understood goes without its fields where nobody may be shown them.
///
/// # Errors
/// Some of it is for others by name.
pub fn export(
    db: &Db<'_>,
    channels: &Channels,
    partner: &NodeName,
    sight: &Sight,
) -> Result<Shown<Transcript>, Failure> {
    let known = db.partner(partner)?.ok_or_else(|| Refusal::unknown("partner", partner))?;
    let line = Line::even_if_closed(db, &known, channels.party())?;
    let genesis = String::from_utf8(line.channel.genesis()).unwrap_or_default();
    let (mut logs, mut red) = (Vec::new(), Red::new());
    for log in db.logs()?.into_iter().filter(|log| log.partner == **partner && log.size > 0) {
        let held = entries(db, &log, sight, &mut red)?;
        let mut copy = copy(db, channels.side(), (&line, &log), held)?;
        for place in known.succession.entries().filter(|place| place.log == log.name) {
            copy.earlier.extend(db.first_receipt(&log, place.index)?.map(|(_, note)| note));
        }
        logs.push(copy);
    }
    Ok(Shown::new(Transcript { format: FORMAT.to_owned(), genesis, logs }, red))
}

/// All entries of a log, as far as they may be shown.
fn entries(db: &Db<'_>, log: &LogRow, sight: &Sight, red: &mut Red) -> Result<Vec<Held>, Failure> {
    let mut all = db.entries(log, 0, MAX_CARRIED, MAX_CARRIED_BYTES)?;
    if all.len() as u64 != log.size {
        let message = format!("{} has more than {MAX_CARRIED} entries", log.name);
        return Err(Refusal::new(Code::TooLong, message).into());
    }
    for held in &mut all {
        if db.opens_entry(log, held, sight)? {
            red.extend(shown::red_of(db, log, held)?);
        } else if held.subject.is_none() && !log.ours {
            held.carried.disclosures = Vec::new();
        } else {
            let message = "a transcript holds warnings at TLP:RED that are for others by name";
            return Err(Refusal::new(Code::NotPermitted, message)
                .advice("whoever they name may export it, with --as")
                .into());
        }
    }
    Ok(all)
}

fn copy(
    db: &Db<'_>,
    side: Side<'_>,
    (line, log): (&Line, &LogRow),
    held: Vec<Held>,
) -> Result<LogCopy, Failure> {
    let receipt = db.newest_receipt(log)?;
    let checkpoint = match &receipt {
        Some((size, note)) if *size == log.size => note.clone(),
        _ if log.ours => our_checkpoint(db, side, (line, log), log.size)?.to_string(),
        _ => {
            let advice = format!(
                "it was taken in before our log was compared: forewarn channel write-uncompared {} \
                 --reason TEXT, then import its file once more",
                log.partner,
            );
            return Err(Refusal::new(Code::NoReceipt, "a log of the partner's has no receipt")
                .advice(advice)
                .into());
        }
    };
    let hashes = held.iter().map(|h| Hash::leaf(h.carried.leaf.as_bytes())).collect();
    let entries = held.into_iter().map(|held| held.carried).collect();
    let receipt = receipt.map(|(_, note)| note);
    let log = log.name.clone();
    Ok(LogCopy { log, entries, hashes, checkpoint, receipt, earlier: Vec::new() })
}

/// What a file has brought.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Imported {
    /// Whose log.
    pub partner: NodeName,
    /// How many entries of the partner's the file has.
    pub entries: usize,
    /// To which size our log is receipted by it; 0 when it has no receipt.
    pub receipted: u64,
}

/// Takes in a file: the partner's log as if it had been pushed, and its receipts for ours.
pub async fn import(
    channels: &Channels,
    partner: &NodeName,
    transcript: Transcript,
) -> Result<Imported, Failure> {
    let bad = |e: forewarn_transcript::evidence::NotProven| {
        Refusal::new(Code::NotProven, format!("the file is refused: {e}"))
    };
    transcript.verify().map_err(bad)?;
    let name = partner.clone();
    let genesis = transcript.genesis.clone();
    let (theirs, ours) = channels
        .read(move |db, channels| {
            let known = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
            let channel = known.channel(channels.party())?;
            if channel.genesis() != genesis.as_bytes() {
                return Err(Refusal::new(Code::Channel, "the file is of another channel").into());
            }
            Ok((channel.log_of(&name), channel.log_of(channels.us())))
        })
        .await?;
    let (mut entries, mut receipted) = (0, 0);
    for log in transcript.logs {
        if log.log == theirs {
            entries = log.entries.len();
            let (checkpoint, log_name) = (log.checkpoint, log.log);
            let batch = Batch { log: log_name, start: 0, entries: log.entries, checkpoint };
            super::receive::receive(channels, partner, batch, MAX_CARRIED).await?;
        } else if log.log == ours
            && let Some(note) = log.receipt
        {
            receipted = take_receipt(channels, partner, &ours, note).await?;
        }
    }
    Ok(Imported { partner: partner.clone(), entries, receipted })
}

/// Checks a receipt for our log against what we hold: its size, and the note with the lines that
/// count.
pub fn check_receipt(
    db: &Db<'_>,
    side: Side<'_>,
    (partner, log): (&NodeName, &str),
    text: &str,
) -> Result<(u64, String), Failure> {
    let refused = |why: String| Refusal::new(Code::Receipt, why);
    let known = db.partner(partner)?.ok_or_else(|| Refusal::unknown("partner", partner))?;
    let note = Note::parse(text).map_err(|e| refused(e.to_string()))?;
    let channel = known.channel_even_if_closed(side.us)?;
    let receipt = channel.receipt(log, &note).map_err(|e| refused(e.to_string()))?;
    let row = db.log(log)?.ok_or_else(|| Refusal::unknown("log", log))?;
    let [_, reader] = &receipt.by;
    if known.is_stolen(reader) && db.receipt(&row, receipt.checkpoint.size)?.is_none() {
        return Err(refused("it is signed by a key that was said to be compromised".into()).into());
    }
    let checkpoint = receipt.checkpoint;
    let ours = row.ours && checkpoint.size <= row.size;
    if !ours || db.root(&row, checkpoint.size)? != checkpoint.root {
        return Err(refused("it is not of what we wrote".to_owned()).into());
    }
    Ok((checkpoint.size, receipt.note.to_string()))
}

/// Checks a receipt, and keeps it.
pub async fn take_receipt(
    channels: &Channels,
    partner: &NodeName,
    log: &str,
    note: String,
) -> Result<u64, Failure> {
    let (name, log_name) = (partner.clone(), log.to_owned());
    let checked = channels
        .read(move |db, channels| check_receipt(&db, channels.side(), (&name, &log_name), &note));
    let (size, note) = checked.await?;
    if channels.has_receipt(log, size).await? {
        return Ok(size);
    }
    let work = ReceiptWork { log: log.to_owned(), size, note };
    channels.brought(partner, work).await
}
