//! Whether our database is the newest: asked of each partner, before anything is signed for it.
//!
//! A folder that was copied, used and restored knows nothing of what was signed meanwhile; its
//! signer's memory neither. The partner does: it holds our log under our own signature, and the
//! receipts that we gave for its log. After each start both are fetched, and learnt; and once more
//! before a signature when nothing was heard of the partner for a while, since a copy of this
//! folder may run elsewhere.

use super::{Channels, serve};
use crate::egress::{Answer, Peer};
use forewarn_engine::Failure;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::{Partner, Standing};
use forewarn_exchange::{Code, Refusal};
use forewarn_signer::NotSigned;
use forewarn_store::log::LogRow;
use forewarn_transcript::Note;
use hyper::Method;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What the partner has said of our log holds for this long. Two running copies of one folder could
/// both sign within it; a shorter time costs a question more for each warning.
const FRESH: Duration = Duration::from_secs(2);
/// How long a person's act waits for a partner to say what it holds.
const ACT: Duration = Duration::from_secs(2);
/// How long people's acts wait, after the start, for the first comparisons: a partner that cannot
/// be reached is known by then.
const FIRST: Duration = Duration::from_secs(5);

/// How far the comparisons have come.
pub(crate) struct Comparisons {
    /// Partners with which no comparison was tried since the node started.
    untried: watch::Sender<BTreeSet<NodeName>>,
    /// When each partner last agreed with what we hold.
    agreed: Mutex<HashMap<NodeName, Instant>>,
    /// Our logs of which all that was signed has been here since the start: where more is signed than
    /// we hold after that, somebody else has signed it.
    whole: Mutex<BTreeSet<String>>,
    /// Partners to which another copy of this node has written, and how that was seen.
    copies: Mutex<BTreeMap<NodeName, Refusal>>,
}

impl Comparisons {
    /// Begins with all partners that can be asked.
    pub(crate) fn new(partners: &[Partner]) -> Comparisons {
        let confirmed = |one: &&Partner| {
            matches!(one.standing, Standing::Confirmed { .. }) && !one.without_node
        };
        let names = partners.iter().filter(confirmed).map(|one| one.name().clone());
        let untried = watch::Sender::new(names.collect());
        let (agreed, whole, copies) = (Mutex::default(), Mutex::default(), Mutex::default());
        Comparisons { untried, agreed, whole, copies }
    }

    /// Partners to which another copy of this node has written, and how that was seen.
    pub(crate) fn copies(&self) -> BTreeMap<NodeName, Refusal> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what a comparison came to, and says it aloud when it is new.
    fn keep(&self, partner: &NodeName, compared: &Result<(), Failure>) {
        let mut copies = self.copies.lock().unwrap_or_else(PoisonError::into_inner);
        match compared {
            Ok(()) => drop(copies.remove(partner)),
            Err(Failure::Refused(refusal)) if refusal.code == Code::Differs => {
                if copies.insert(partner.clone(), refusal.clone()).is_none() {
                    tracing::error!(%partner, "{}", refusal.message);
                }
            }
            // Whoever cannot be asked says nothing for or against it.
            Err(_) => {}
        }
    }

    fn is_whole(&self, log: &str) -> bool {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner).contains(log)
    }

    fn whole(&self, log: &str) {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner).insert(log.to_owned());
    }

    pub(crate) fn agreed(&self, partner: &NodeName) {
        let mut agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner);
        agreed.insert(partner.clone(), Instant::now());
    }

    fn is_fresh(&self, partner: &NodeName) -> bool {
        let agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner);
        agreed.get(partner).is_some_and(|at| at.elapsed() < FRESH)
    }

    /// One was tried, with whatever result.
    pub(crate) fn tried(&self, partner: &NodeName) {
        self.untried.send_if_modified(|untried| untried.remove(partner));
    }

    /// Waits until each was tried once, for a while at the most.
    pub(crate) async fn first(&self) {
        let mut untried = self.untried.subscribe();
        let all = tokio::time::timeout(FIRST, untried.wait_for(BTreeSet::is_empty)).await;
        if all.is_err() {
            self.untried.send_modify(BTreeSet::clear);
        }
    }
}

/// Learns what the partner knows that we have signed, and lets the logs with it be signed then.
///
/// # Errors
/// The partner cannot be asked, or what was signed is not what is here.
pub(crate) async fn with(channels: &Channels, partner: &NodeName) -> Result<(), Failure> {
    let compared = both(channels, partner).await;
    channels.comparisons.tried(partner);
    channels.comparisons.keep(partner, &compared);
    if compared.is_ok() {
        channels.comparisons.agreed(partner);
    }
    compared
}

async fn both(channels: &Channels, partner: &NodeName) -> Result<(), Failure> {
    let (peer, logs) = channels.logs_with(partner).await?;
    for log in logs {
        // Of its own log we ask for the receipt that we gave; of ours it has nothing else.
        let writer = if log.ours { channels.us() } else { partner };
        let path = format!("/channel/v1/logs/{writer}/checkpoint?receipt=true");
        let answer = channels.egress.ask(&peer, Method::GET, &path, Vec::new()).await;
        let answer = answer.map_err(|e| Refusal::new(Code::Unreachable, e.to_string()))?;
        let note = note_of(&peer, &answer)?;
        let (name, ours) = (log.name.clone(), log.ours);
        let signed =
            channels.read(move |db, channels| learn(&db, channels, &log, note.as_ref())).await?;
        if ours {
            here(channels, partner, (name, signed)).await?;
        }
    }
    Ok(())
}

/// Whether all that was signed of our log is here. It is read after that was learnt: what is signed
/// was committed before. Once it was all here, only another copy of this node signs more.
async fn here(
    channels: &Channels,
    partner: &NodeName,
    (log, signed): (String, u64),
) -> Result<(), Failure> {
    let name = log.clone();
    let held = channels.read(move |db, _| Ok(db.log(&name)?.map_or(0, |log| log.size))).await?;
    if signed <= held {
        channels.comparisons.whole(&log);
        return Ok(());
    }
    if channels.comparisons.is_whole(&log) {
        channels.barred().bar(&log);
        let more = signed - held;
        let message = format!(
            "another copy of this node has written {more} entries to {partner} that are not here"
        );
        let advice = "stop every copy but the newest, and start that again: nothing is written to this \
                      partner until then";
        return Err(Refusal::new(Code::Differs, message).advice(advice).into());
    }
    tracing::error!(
        %partner,
        signed,
        held,
        "the database is older than what was signed: what is missing is fetched from the partner"
    );
    Ok(())
}

/// The note that was answered; `None` when the partner says that it has none.
fn note_of(peer: &Peer, answer: &Answer) -> Result<Option<Note>, Failure> {
    let text = String::from_utf8_lossy(&answer.body);
    let is_code = |code: &str| {
        let problem: Option<serde_json::Value> = serde_json::from_slice(&answer.body).ok();
        problem.is_some_and(|problem| problem.get("code").is_some_and(|found| found == code))
    };
    match answer.status {
        200 => match Note::parse(&text) {
            Ok(note) => Ok(Some(note)),
            Err(why) => {
                let message = format!("{} answered what is not a checkpoint: {why}", peer.name);
                Err(Refusal::new(Code::NotGiven, message).into())
            }
        },
        // A proxy between us may answer 404 too.
        404 if is_code("not-found") => Ok(None),
        status => {
            let message = format!("{} answered {status}: {text}", peer.name);
            Err(Refusal::new(Code::NotGiven, message).into())
        }
    }
}

/// Has the signer remember what the partner shows, and what our own database says that we signed:
/// how much of the log it knows to be signed then.
fn learn(
    db: &forewarn_store::Db<'_>,
    channels: &Channels,
    log: &LogRow,
    shown: Option<&Note>,
) -> Result<u64, Failure> {
    let signer = channels.signer();
    let held = db.newest_receipt(log)?.and_then(|(_, note)| Note::parse(&note).ok());
    for note in shown.into_iter().chain(&held) {
        match signer.learn(note) {
            Ok(_) => {}
            // An earlier version of the program shows its own checkpoint, without our receipt.
            Err(NotSigned::Refused(forewarn_signer::Refused::NotOurs)) if !log.ours => {}
            Err(NotSigned::OtherRoot { size, .. }) => return Err(other(log, size)),
            Err(why) => return Err(Refusal::new(Code::Signer, why.to_string()).into()),
        }
    }
    let (signed, root) = signer.last(&log.name).unwrap_or((0, forewarn_transcript::Hash([0; 32])));
    if signed > 0 && signed <= log.size && db.root(log, signed)? != root {
        return Err(other(log, signed));
    }
    channels.barred().compared(&log.name, signed);
    Ok(signed)
}

fn other(log: &LogRow, size: u64) -> Failure {
    let message = format!(
        "the first {size} entries of {} are not those that were signed: another copy of this node has \
         written to {}, or the database was changed",
        log.name, log.partner,
    );
    let advice = "stop every copy but the newest, and restore that: nothing is signed until then";
    Refusal::new(Code::Differs, message).advice(advice).into()
}

/// Brings back what a restored database lacks: our log, the partner's as far as we have cosigned it,
/// and the partner's newest receipt, which says by which of our keys it was signed.
pub(crate) async fn restore(channels: &Channels, partner: &NodeName) -> Result<(), Failure> {
    super::refill::refill(channels, partner).await?;
    super::fetch::catch_up(channels, partner).await?;
    let name = partner.clone();
    let (peer, log, receipted) = channels
        .read(move |db, channels| {
            let known = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
            let (peer, _) = serve::peer(&db, &known, channels.party())?;
            let log = db.log_with(&name, true)?.ok_or_else(|| Refusal::unknown("log", &name))?;
            let receipted = db.newest_receipt(&log)?.map_or(0, |(size, _)| size);
            Ok((peer, log, receipted))
        })
        .await?;
    let us = channels.us();
    let path = format!("/channel/v1/logs/{us}/checkpoint?receipt=true");
    let answer = channels.egress.ask(&peer, Method::GET, &path, Vec::new()).await;
    let answer = answer.map_err(|e| Refusal::new(Code::Unreachable, e.to_string()))?;
    let Some(note) = note_of(&peer, &answer)? else { return Ok(()) };
    let size = forewarn_transcript::Checkpoint::parse(note.text()).map_or(0, |found| found.size);
    if size > receipted {
        super::carry::take_receipt(channels, partner, &log.name, note.to_string()).await?;
    }
    Ok(())
}

/// Asks, before a person's act is written for a partner, whether another copy of this node has
/// written to it. One that does not answer in time holds nobody up.
///
/// # Errors
/// [`Code::Differs`] when it has.
pub(crate) async fn before_writing(channels: &Channels, partner: &NodeName) -> Result<(), Failure> {
    if channels.tries.last_failure(partner).is_some() {
        // It is tried all the time, and not reached.
        return match channels.comparisons.copies().remove(partner) {
            Some(seen) => Err(seen.into()),
            None => Ok(()),
        };
    }
    match tokio::time::timeout(ACT, again(channels, partner)).await {
        Ok(Err(Failure::Refused(refusal))) if refusal.code == Code::Differs => Err(refusal.into()),
        // Whatever else is wrong is seen, and said, where it is delivered.
        Ok(Ok(()) | Err(_)) | Err(_) => Ok(()),
    }
}

/// Asks, before our log is signed, whether the partner holds what we hold: when nothing was heard of
/// it for a while.
pub(crate) async fn again(channels: &Channels, partner: &NodeName) -> Result<(), Failure> {
    let compared = asked_again(channels, partner).await;
    channels.comparisons.keep(partner, &compared);
    compared
}

async fn asked_again(channels: &Channels, partner: &NodeName) -> Result<(), Failure> {
    let name = partner.clone();
    let log = channels.read(move |db, _| Ok(db.log_with(&name, true)?)).await?;
    let Some(log) = log else { return Ok(()) };
    if channels.barred().is_uncompared(&log.name) {
        return with(channels, partner).await;
    }
    if channels.comparisons.is_fresh(partner) {
        return Ok(());
    }
    let name = partner.clone();
    let peer = channels
        .read(move |db, channels| {
            let known = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
            Ok(serve::peer(&db, &known, channels.party())?.0)
        })
        .await?;
    let theirs = super::reconcile::ask(channels, &peer, &log.name, None).await?;
    if theirs.size > log.size {
        // What it holds must be ours by our own signature, before it is fetched.
        return with(channels, partner).await;
    }
    let row = log.clone();
    let root = channels.read(move |db, _| Ok(db.root(&row, theirs.size)?)).await?;
    if root != theirs.root {
        channels.barred().bar(&log.name);
        return Err(other(&log, theirs.size));
    }
    channels.comparisons.whole(&log.name);
    channels.comparisons.agreed(partner);
    Ok(())
}

/// A partner that we cannot ask has asked us for our log from `start` on: so much of it does it
/// hold. When that is within what is here, nothing is missing.
pub fn asked_from(channels: &Channels, log: &LogRow, start: u64) {
    if log.ours && start <= log.size && channels.barred().is_uncompared(&log.name) {
        channels.barred().compared(&log.name, start);
    }
}
