//! Our own entries, opened again: a restored database has back what the partner was shown of them, and
//! nothing of what was withheld, nor what the partner's node kept to itself.
//!
//! What opens them may come from the partner's node, or from a file: a transcript, or evidence that was
//! made before. Neither is trusted: an entry commits to each of its fields by a salted digest.

use crate::channel::Channels;
use crate::channel::serve;
use crate::egress::Peer;
use forewarn_engine::{Failure, OpenedAgainWork, is_closed, opens_again};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::Db;
use forewarn_store::log::LogRow;
use forewarn_transcript::batch::{Batch, Carried};
use forewarn_transcript::evidence::Evidence;
use forewarn_transcript::export::Transcript;
use forewarn_transcript::{Checkpoint, Disclosure, Note};
use hyper::Method;

/// Most entries that are looked at and opened at a time; the answer says where to go on.
const MAX_OPENED: usize = 1_000;
/// Most bytes that a partner is asked for at a time.
const MAX_BYTES: usize = 64 << 20;
/// How many entries are read at a time, and most bytes of them.
const READ: (usize, usize) = (1_000, 8 << 20);

/// What was opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenedAgain {
    /// How many entries.
    pub entries: u64,
    /// How many fields of them.
    pub fields: u64,
    /// How many entries of our log have fields still that nothing here opens.
    pub closed: u64,
    /// From which index of our log on the partner is asked next; nothing when it was asked for all.
    pub next: Option<u64>,
}

/// A file that may open some of our entries.
#[derive(Debug)]
pub enum Copy {
    /// Both logs, as they were exported by either side.
    Transcript(Transcript),
    /// Chosen entries, as they were made for others.
    Evidence(Evidence),
}

impl Copy {
    /// Reads a file; nothing of it is verified, and nothing needs to be.
    ///
    /// # Errors
    /// It is neither: why it is not the one that it says it is.
    pub fn parse(bytes: &[u8]) -> Result<Copy, Refusal> {
        let bad = |why: String| {
            let advice = "a transcript (`forewarn channel export`) or evidence is read";
            Refusal::new(Code::BadFile, format!("the file is refused: {why}")).advice(advice)
        };
        match Evidence::parse(bytes) {
            Ok(evidence) => Ok(Copy::Evidence(evidence)),
            Err(none) => match Transcript::parse(bytes) {
                Ok(transcript) => Ok(Copy::Transcript(transcript)),
                Err(neither) => Err(bad(format!("{none}; {neither}"))),
            },
        }
    }

    /// Its entries of the log of this name, each with its index.
    fn into_entries(self, log: &str) -> Vec<(u64, Carried)> {
        match self {
            Copy::Transcript(transcript) => {
                let copy = transcript.logs.into_iter().find(|copy| copy.log == log);
                (0..).zip(copy.map_or_else(Vec::new, |copy| copy.entries)).collect()
            }
            Copy::Evidence(evidence) => {
                let of = |note: &String| {
                    let note = Note::parse(note).ok()?;
                    Some(Checkpoint::parse(note.text()).ok()?.origin == log)
                };
                let ours: Vec<bool> =
                    evidence.checkpoints.iter().map(|note| of(note).unwrap_or(false)).collect();
                let all = evidence.entries.into_iter();
                all.filter(|one| ours.get(one.checkpoint).copied().unwrap_or(false))
                    .map(|one| (one.index, one.carried))
                    .collect()
            }
        }
    }
}

/// Opens what a file opens. The partner is not taken to have been shown any of it.
pub async fn from_file(
    channels: &Channels,
    (partner, by): (&NodeName, &Actor),
    copy: Copy,
) -> Result<OpenedAgain, Failure> {
    let name = partner.clone();
    let found = channels.read(move |db, _| {
        let log = our_log(&db, &name)?;
        let entries = copy.into_entries(&log.name);
        opening(&db, &log, &entries)
    });
    open(channels, (partner, by), found.await?, false).await
}

/// Asks the partner for entries of ours that are closed, from an index on, and opens what it shows. Some stay closed
/// whatever it shows: what it never had.
///
/// # Errors
/// It gives nothing of what it is asked for first. What came before another failure is opened.
pub async fn from_partner(
    channels: &Channels,
    (partner, by): (&NodeName, &Actor),
    from: u64,
) -> Result<OpenedAgain, Failure> {
    let name = partner.clone();
    let (peer, log, closed) = channels
        .read(move |db, channels| {
            let log = our_log(&db, &name)?;
            let known = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
            let (peer, _) = serve::peer(&db, &known, channels.state.party())?;
            let closed = closed(&db, &log)?;
            Ok((peer, log, closed))
        })
        .await?;
    let (mut came, mut bytes, mut looked) = (Vec::new(), 0, 0);
    let (mut reached, mut next) = (from, None);
    for index in closed.into_iter().filter(|index| *index >= from) {
        if index < reached {
            continue;
        }
        if looked == MAX_OPENED || came.len() >= MAX_OPENED || bytes > MAX_BYTES {
            next = Some(index);
            break;
        }
        looked += 1;
        match shown(channels, (&peer, partner), (&log.name, index)).await {
            Ok((batch, length)) => {
                bytes += length;
                reached = index + batch.entries.len() as u64;
                came.extend((index..).zip(batch.entries));
            }
            Err(why) if came.is_empty() => return Err(why.into()),
            // What came so far is opened; whoever goes on from here is told.
            Err(_) => {
                next = Some(index);
                break;
            }
        }
    }
    let found = channels.read(move |db, _| opening(&db, &log, &came)).await?;
    let done = open(channels, (partner, by), found, true).await?;
    Ok(OpenedAgain { next, ..done })
}

/// What the partner shows of our log from an index on, and how many bytes that was.
async fn shown(
    channels: &Channels,
    (peer, partner): (&Peer, &NodeName),
    (log, index): (&str, u64),
) -> Result<(Batch, usize), Refusal> {
    let path = format!("/channel/v1/entries?log={log}&start={index}");
    let answer = channels.egress.ask(peer, Method::GET, &path, Vec::new()).await;
    let answer = answer.map_err(|e| Refusal::new(Code::Unreachable, e.to_string()))?;
    let batch: Option<Batch> = serde_json::from_slice(&answer.body).ok();
    let batch = batch.filter(|batch| batch.start == index && !batch.entries.is_empty());
    let batch = batch.ok_or_else(|| {
        let status = answer.status;
        let message = format!("{partner} answered {status}, and no entries from {index} on");
        Refusal::new(Code::NotGiven, message)
    })?;
    Ok((batch, answer.body.len()))
}

fn our_log(db: &Db<'_>, partner: &NodeName) -> Result<LogRow, Failure> {
    let log = db.log_with(partner, true)?;
    Ok(log.ok_or_else(|| Refusal::unknown("channel with", partner))?)
}

/// Which of our entries have fields that nothing here opens.
fn closed(db: &Db<'_>, log: &LogRow) -> Result<Vec<u64>, Failure> {
    let (mut out, mut from) = (Vec::new(), 0);
    while from < log.size {
        let all = db.entries(log, from, READ.0, READ.1)?;
        for held in &all {
            if is_closed(db, held)? {
                out.push(held.index);
            }
        }
        from += all.len().max(1) as u64;
    }
    Ok(out)
}

/// What of a copy opens entries of ours: each with its index.
fn opening(
    db: &Db<'_>,
    log: &LogRow,
    copy: &[(u64, Carried)],
) -> Result<Vec<(u64, Vec<Disclosure>)>, Failure> {
    let mut out = Vec::new();
    for (index, carried) in copy {
        let Some(held) = db.entry(log, *index)? else { continue };
        let opens = opens_again(db, &held, (&carried.leaf, &carried.disclosures))?;
        if !opens.is_empty() && out.len() < MAX_OPENED {
            out.push((*index, opens));
        }
    }
    Ok(out)
}

/// Puts on record what was found.
async fn open(
    channels: &Channels,
    (partner, by): (&NodeName, &Actor),
    found: Vec<(u64, Vec<Disclosure>)>,
    shown: bool,
) -> Result<OpenedAgain, Failure> {
    let mut opened_again = OpenedAgain::default();
    for (index, opens) in found {
        let work = OpenedAgainWork { partner: partner.clone(), index, opens, shown };
        let fields = channels.state.work(by.clone(), work).await?;
        opened_again.fields += fields;
        opened_again.entries += u64::from(fields > 0);
    }
    let name = partner.clone();
    let left = channels.read(move |db, _| Ok(closed(&db, &our_log(&db, &name)?)?.len() as u64));
    opened_again.closed = left.await?;
    Ok(opened_again)
}
