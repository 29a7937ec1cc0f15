//! Sends our log to one partner, batch after batch, and keeps the receipts.
//!
//! What waits goes together. While the receipt of a batch is on its way back over a slow link, the
//! next batches are sent already: receipts are taken in the order of their batches, and after
//! anything but a receipt what was sent ahead is given up and sent again.

use crate::channel::course::{Course, Next, Sent};
use crate::channel::reconcile::{self, Verdict};
use crate::channel::serve::{self, Outgoing};
use crate::channel::tries::Told;
use crate::channel::{Channels, carry, compare, refill};
use crate::clock::{self, jitter};
use crate::egress::{Answer, NoAnswer};
use forewarn_engine::Failure;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use hyper::Method;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How often a partner is asked, when there is nothing to send, whether it still holds all of it.
const ASK_AGAIN: Duration = Duration::from_mins(5);
/// A batch without a receipt for this long is followed by the next one. On a quicker link it is
/// better to wait, since what waits shares one signature.
const SLOW_LINK: Duration = Duration::from_millis(25);
/// Longest wait between two tries to compare our log: people's releases are refused meanwhile.
const COMPARE_AGAIN: Duration = Duration::from_secs(5);
/// Most batches that are sent before the receipt of the first has come.
const MAX_IN_FLIGHT: usize = 4;

/// Delivers until the node stops.
pub(crate) async fn run(channels: Channels, partner: NodeName) {
    let posts = channels.state.engine().follow_posts(&partner);
    let mut delivery = Delivery { channels, partner, posts, ahead: VecDeque::new() };
    let mut course = Course::default();
    let mut asked = None;
    compared(&delivery, &mut course).await;
    loop {
        let sent = match delivery.next(course.start()).await {
            Ok(sent) => sent,
            Err(Failure::Stopping) => return,
            Err(error) => {
                if let Some(Told { tries, since }) = delivery.failed(&error) {
                    let partner = &delivery.partner;
                    let since_s = since.as_secs();
                    tracing::warn!(%partner, %error, tries, since_s, "not delivered yet");
                }
                Sent::Failed
            }
        };
        match course.after(sent) {
            Next::Send => {}
            Next::Rest(wait) => tokio::time::sleep(wait + jitter(wait)).await,
            Next::Idle if asked.is_none_or(|at: Instant| at.elapsed() > ASK_AGAIN) => {
                asked = Some(Instant::now());
                course.go_back(delivery.lost().await);
            }
            Next::Idle => tokio::select! {
                moved = delivery.posts.changed() => if moved.is_err() { return },
                () = tokio::time::sleep(ASK_AGAIN) => {}
            },
        }
    }
}

/// Waits until the partner has told what it holds of what we have signed, or a person has decided
/// that it may be written all the same.
async fn compared(delivery: &Delivery, course: &mut Course) {
    // A channel that was opened since the start cannot be an old copy.
    while delivery.is_barred().await {
        let Err(error) = compare::with(&delivery.channels, &delivery.partner).await else {
            delivery.succeeded();
            if let Err(error) = compare::restore(&delivery.channels, &delivery.partner).await {
                tracing::warn!(partner = %delivery.partner, %error, "not all came back");
            }
            return;
        };
        if matches!(error, Failure::Stopping) {
            return;
        }
        if let Some(Told { tries, since }) = delivery.failed(&error) {
            tracing::warn!(
                partner = %delivery.partner, %error, tries, since_s = since.as_secs(),
                "our log could not be compared since the start: nothing is written to this partner"
            );
        }
        if let Next::Rest(wait) = course.after(Sent::Failed) {
            let wait = wait.min(COMPARE_AGAIN);
            tokio::time::sleep(wait + jitter(wait)).await;
        }
    }
}

/// Which batch is sent.
#[derive(Clone, Copy)]
enum Which {
    /// The one from this size on; from the newest receipt on, when there is none.
    From(Option<u64>),
    /// The one after a batch that leads to this size and has no receipt yet.
    After(u64),
}

struct Delivery {
    channels: Channels,
    partner: NodeName,
    posts: watch::Receiver<u64>,
    /// Batches that were sent before the receipt of the one before them, in order.
    ahead: VecDeque<Flight>,
}

impl Delivery {
    /// Sends the next batch, or takes one that was sent ahead, and waits for what becomes of it.
    async fn next(&mut self, from: Option<u64>) -> Result<Sent, Failure> {
        let first = match self.ahead.pop_front() {
            Some(flight) => flight,
            None => match self.first(from).await? {
                Some(flight) => flight,
                None => return Ok(Sent::Nothing),
            },
        };
        let landed = self.landed(first).await;
        if !matches!(landed, Ok(Sent::Receipted(_))) {
            self.ahead.clear();
        }
        landed
    }

    /// Sends the batch that begins at `from`, or after the newest receipt.
    async fn first(&mut self, from: Option<u64>) -> Result<Option<Flight>, Failure> {
        self.posts.mark_unchanged();
        if self.has_news(from).await? {
            compare::again(&self.channels, &self.partner).await?;
        }
        match self.launched(Which::From(from)).await {
            // Nothing is sent of a log that is shorter than what was signed of it.
            Err(Failure::Refused(refusal))
                if matches!(refusal.code, Code::Restored | Code::Behind) =>
            {
                // What the partner holds more than we do is learnt first: it must be ours.
                compare::with(&self.channels, &self.partner).await?;
                refill::refill(&self.channels, &self.partner).await?;
                self.launched(Which::From(from)).await
            }
            other => other,
        }
    }

    /// Whether there is something to sign for the partner: it need not be asked before.
    async fn has_news(&self, from: Option<u64>) -> Result<bool, Failure> {
        let name = self.partner.clone();
        let news = self.channels.read(move |db, _| {
            let Some(log) = db.log_with(&name, true)? else { return Ok(false) };
            let receipted = db.newest_receipt(&log)?.map_or(0, |(size, _)| size);
            Ok(receipted < log.size || from.is_some_and(|from| from != log.size))
        });
        news.await
    }

    /// Whether nothing is written to the partner, since our log was not compared.
    async fn is_barred(&self) -> bool {
        let name = self.partner.clone();
        let read = self.channels.read(move |db, channels| {
            let logs = db.logs()?.into_iter().filter(|log| *log.partner == *name);
            Ok(logs.into_iter().any(|log| channels.barred().is_uncompared(&log.name)))
        });
        read.await.unwrap_or(true)
    }

    async fn launched(&self, which: Which) -> Result<Option<Flight>, Failure> {
        let name = self.partner.clone();
        let next = self
            .channels
            .read(move |db, channels| match which {
                Which::From(size) => serve::next_batch(&db, channels.side(), &name, size),
                Which::After(size) => serve::batch_after(&db, channels.side(), &name, size),
            })
            .await?;
        next.map(|outgoing| Flight::start(&self.channels, outgoing)).transpose()
    }

    /// Waits for the answer to the first batch, and sends others after it meanwhile.
    async fn landed(&mut self, mut first: Flight) -> Result<Sent, Failure> {
        let mut fails = false;
        loop {
            let last = self.ahead.back().unwrap_or(&first);
            let (end, more, due) = (last.end, last.more, last.sent + SLOW_LINK);
            let room = !fails && self.ahead.len() + 1 < MAX_IN_FLIGHT;
            let posts = &mut self.posts;
            let next_is_due = async {
                tokio::time::sleep_until(due).await;
                if !more && posts.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                answer = &mut first.answer => {
                    let answer = answer.unwrap_or_else(|e| Err(NoAnswer::Answer(e.to_string())));
                    return self.taken(&first, answer).await;
                }
                () = next_is_due, if room => {
                    self.posts.mark_unchanged();
                    match self.launched(Which::After(end)).await {
                        Ok(flight) => self.ahead.extend(flight),
                        // So will the try without anything ahead, which says why.
                        Err(_) => fails = true,
                    }
                }
            }
        }
    }

    /// Takes the receipt out of an answer, and says what the answer means.
    async fn taken(
        &self,
        flight: &Flight,
        answer: Result<Answer, NoAnswer>,
    ) -> Result<Sent, Failure> {
        let answer = answer.map_err(|e| Refusal::new(Code::Unreachable, e.to_string()))?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        match answer.status {
            200 => {
                let size =
                    carry::take_receipt(&self.channels, &self.partner, &flight.log, text).await?;
                if size != flight.end {
                    let message =
                        format!("the receipt is for {size} entries, {} were sent", flight.end);
                    return Err(Refusal::new(Code::Receipt, message).into());
                }
                self.channels.comparisons.agreed(&self.partner);
                self.succeeded();
                Ok(Sent::Receipted(size))
            }
            409 => held_size(&text).map(Sent::Elsewhere),
            429 | 503 if answer.retry_after().is_some() => {
                let wait = answer.retry_after().unwrap_or_default();
                let (partner, wait_s) = (&self.partner, wait.as_secs());
                let why = format!("it asks us to wait {wait_s} s");
                if let Some(Told { tries, since }) = self.failed_by(None, &why) {
                    let since_s = since.as_secs();
                    tracing::info!(%partner, wait_s, tries, since_s, "told to wait");
                }
                Ok(Sent::Later(wait))
            }
            status => {
                Err(Refusal::new(Code::NotTaken, format!("answered {status}: {text}")).into())
            }
        }
    }

    /// Keeps why a try has failed; what is to be told of it, if anything.
    fn failed(&self, error: &Failure) -> Option<Told> {
        let code = match error {
            Failure::Refused(refusal) => Some(refusal.code),
            Failure::Busy
            | Failure::Stopping
            | Failure::Silent(_)
            | Failure::InDoubt(_)
            | Failure::Behind
            | Failure::Elsewhere(_)
            | Failure::Journal(_)
            | Failure::Full(_)
            | Failure::Store(_) => None,
        };
        self.failed_by(code, &error.to_string())
    }

    fn failed_by(&self, code: Option<Code>, why: &str) -> Option<Told> {
        let now = (clock::now(), std::time::Instant::now());
        self.channels.tries.failed(&self.partner, (code, why), now)
    }

    fn succeeded(&self) {
        let told = self.channels.tries.succeeded(&self.partner, std::time::Instant::now());
        if let Some(Told { tries, since }) = told {
            let (partner, after_s) = (&self.partner, since.as_secs());
            tracing::info!(%partner, tries, after_s, "the partner is reached again");
        }
    }

    /// Where to go on when the partner holds less than it has given receipts for: it was restored
    /// from an old copy, and would otherwise not know what it lacks.
    async fn lost(&self) -> Option<u64> {
        let compared = reconcile::reconcile(&self.channels, &self.partner).await.ok()?;
        let us = self.channels.us();
        let ours = compared.into_iter().find(|one| one.log.starts_with(&format!("{us}/")))?;
        match ours.verdict {
            Verdict::Behind { who, .. } if *who == *self.partner => Some(ours.entries_theirs),
            _ => None,
        }
    }
}

/// A batch on its way. Dropped, it is given up.
struct Flight {
    log: String,
    /// The size of the log that the batch leads to.
    end: u64,
    /// Whether the log was longer than that already.
    more: bool,
    sent: Instant,
    answer: JoinHandle<Result<Answer, NoAnswer>>,
}

impl Flight {
    fn start(channels: &Channels, outgoing: Outgoing) -> Result<Flight, Failure> {
        let Outgoing { peer, batch, more } = outgoing;
        let end = batch.start + batch.entries.len() as u64;
        let body = serde_json::to_vec(&batch).map_err(|e| Failure::Store(e.to_string()))?;
        let egress = channels.egress.clone();
        let answer = tokio::spawn(async move {
            egress.ask(&peer, Method::POST, "/channel/v1/entries", body).await
        });
        Ok(Flight { log: batch.log, end, more, sent: Instant::now(), answer })
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.answer.abort();
    }
}

/// What a node that holds less than we sent answers (`docs/protocol.md`).
#[derive(serde::Deserialize)]
struct HeldTo {
    size: u64,
}

fn held_size(text: &str) -> Result<u64, Failure> {
    let held: Result<HeldTo, _> = serde_json::from_str(text);
    let bad = |_| Refusal::new(Code::NotTaken, format!("answered 409 without a size: {text}"));
    Ok(held.map_err(bad)?.size)
}
