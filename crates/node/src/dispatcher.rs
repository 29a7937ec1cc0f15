//! The dispatcher: brings our logs to the partners and their receipts back.
//!
//! One task for each confirmed partner, and one more for those that we fetch from. What is to be
//! sent follows from the log and the receipts, so nothing has to be remembered: after a crash it
//! goes on where the last receipt ends.

use crate::channel::Channels;
use crate::channel::course::{Course, Next, Sent};
use crate::channel::reconcile::{self, Verdict};
use crate::channel::{carry, fetch, refill, serve};
use crate::clock::jitter;
use crate::watch::Seen;
use forewarn_engine::Failure;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::{Partner, Standing};
use forewarn_exchange::{Code, Refusal};
use hyper::Method;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// How often a partner is asked, when there is nothing to send, whether it still holds all of it.
const ASK_AGAIN: Duration = Duration::from_mins(5);

/// What brings our logs to the partners.
#[derive(Clone)]
pub(crate) struct Dispatcher {
    pub(crate) channels: Channels,
    /// Partners that cannot reach us: their logs are fetched.
    pub(crate) fetched: Arc<[String]>,
}

impl Dispatcher {
    /// Starts a task for each confirmed partner, as partners come. Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let mut journal = self.channels.state.engine().follow();
        let mut tasks = Tasks::default();
        loop {
            let index = *journal.borrow_and_update();
            match self.channels.read(|db, _| Ok(db.partners()?)).await {
                Ok(partners) => {
                    for partner in &partners {
                        self.look_after(partner, &mut tasks);
                    }
                    seen.up_to(index);
                }
                Err(Failure::Stopping) => return,
                Err(error) => tracing::warn!(%error, "the dispatcher cannot read its partners"),
            }
            if journal.changed().await.is_err() {
                return;
            }
        }
    }

    fn look_after(&self, partner: &Partner, tasks: &mut Tasks) {
        let confirmed =
            matches!(partner.standing, Standing::Confirmed { .. }) && !partner.without_node;
        let name = partner.name();
        let running = tasks.0.get(name);
        let runs = running.is_some_and(|all| !all.iter().any(JoinHandle::is_finished));
        if confirmed && !runs {
            end(tasks.0.remove(name));
            let channels = self.channels.clone();
            let mut started = vec![tokio::spawn(deliver(channels.clone(), name.clone()))];
            if self.fetched.iter().any(|one| *one == **name) {
                started.push(tokio::spawn(fetch::run(channels, name.clone())));
            }
            tasks.0.insert(name.clone(), started);
        } else if !confirmed {
            end(tasks.0.remove(name));
        }
    }
}

/// The tasks of each partner. They end with the dispatcher: one that is started again starts its
/// own.
#[derive(Default)]
struct Tasks(HashMap<NodeName, Vec<JoinHandle<()>>>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.drain().for_each(|(_, tasks)| end(Some(tasks)));
    }
}

fn end(tasks: Option<Vec<JoinHandle<()>>>) {
    for task in tasks.into_iter().flatten() {
        task.abort();
    }
}

async fn deliver(channels: Channels, partner: NodeName) {
    let mut posts = channels.state.engine().follow_posts(&partner);
    let mut course = Course::default();
    let mut asked = None;
    loop {
        posts.mark_unchanged();
        let sent = match push(&channels, &partner, course.start()).await {
            Ok(sent) => sent,
            Err(Failure::Stopping) => return,
            Err(error) => {
                tracing::info!(%partner, %error, "not delivered yet");
                Sent::Failed
            }
        };
        match course.after(sent) {
            Next::Send => {}
            Next::Rest(wait) => tokio::time::sleep(wait + jitter(wait)).await,
            Next::Idle if asked.is_none_or(|at: Instant| at.elapsed() > ASK_AGAIN) => {
                asked = Some(Instant::now());
                course.go_back(lost(&channels, &partner).await);
            }
            Next::Idle => tokio::select! {
                moved = posts.changed() => if moved.is_err() { return },
                () = tokio::time::sleep(ASK_AGAIN) => {}
            },
        }
    }
}

/// Where to go on when the partner holds less than it has given receipts for: it was restored from
/// an old copy, and would otherwise not know of what is not there.
async fn lost(channels: &Channels, partner: &NodeName) -> Option<u64> {
    let compared = reconcile::reconcile(channels, partner).await.ok()?;
    let us = channels.us().name();
    let ours = compared.into_iter().find(|one| one.log.starts_with(&format!("{us}/")))?;
    match ours.verdict {
        Verdict::Behind { who, .. } if *who == **partner => Some(ours.entries_theirs),
        _ => None,
    }
}

async fn push(channels: &Channels, partner: &NodeName, from: Option<u64>) -> Result<Sent, Failure> {
    let name = partner.clone();
    let next = channels
        .read(move |db, channels| serve::next_batch(&db, channels.side(), &name, from))
        .await;
    let next = match next {
        // Nothing is sent of a log that is shorter than what was signed of it.
        Err(Failure::Refused(refusal)) if refusal.code == Code::Restored => {
            refill::refill(channels, partner).await?;
            let name = partner.clone();
            channels
                .read(move |db, channels| serve::next_batch(&db, channels.side(), &name, from))
                .await?
        }
        other => other?,
    };
    let Some((peer, batch)) = next else { return Ok(Sent::Nothing) };
    let log = batch.log.clone();
    let end = batch.start + batch.entries.len() as u64;
    let body = serde_json::to_vec(&batch).map_err(|e| Failure::Store(e.to_string()))?;
    let sent = channels.egress.ask(&peer, Method::POST, "/channel/v1/entries", body).await;
    let answer = sent.map_err(|e| Refusal::new(Code::Unreachable, e.to_string()))?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    match answer.status {
        200 => {
            let size = carry::take_receipt(channels, partner, &log, text).await?;
            if size != end {
                let message = format!("the receipt is for {size} entries, {end} were sent");
                return Err(Refusal::new(Code::Receipt, message).into());
            }
            Ok(Sent::Receipted(size))
        }
        409 => held_size(&text).map(Sent::Elsewhere),
        status => Err(Refusal::new(Code::NotTaken, format!("answered {status}: {text}")).into()),
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
