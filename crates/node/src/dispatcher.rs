//! The dispatcher: brings our logs to the partners and their receipts back.
//!
//! One task for each confirmed partner, and one more for those that we fetch from. What is to be sent
//! follows from the log and the receipts, so nothing has to be remembered: after a crash it goes on
//! where the last receipt ends.

use crate::channel::course::{Course, Next, Sent};
use crate::channel::reconcile::{self, Verdict};
use crate::channel::{carry, fetch, refill, serve};
use crate::engine::{BEHIND, Failure};
use crate::node::Node;
use forewarn_exchange::Refusal;
use forewarn_exchange::partner::Standing;
use hyper::Method;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// How often a partner is asked, when there is nothing to send, whether it still holds all of it.
const ASK_AGAIN: Duration = Duration::from_mins(5);

/// Starts a task for each confirmed partner, as partners come. Runs until the runtime ends.
pub async fn run(node: Arc<Node>) {
    let mut journal = node.engine.follow();
    let mut tasks: HashMap<String, Vec<JoinHandle<()>>> = HashMap::new();
    loop {
        journal.mark_unchanged();
        let partners = node.read(|db, _| Ok(db.partners()?)).await.unwrap_or_default();
        for partner in partners {
            let confirmed =
                matches!(partner.standing, Standing::Confirmed { .. }) && !partner.without_node;
            let name = partner.name().to_owned();
            let running = tasks.get(&name);
            let runs = running.is_some_and(|all| !all.iter().any(JoinHandle::is_finished));
            if confirmed && !runs {
                end(tasks.remove(&name));
                let mut started = vec![tokio::spawn(deliver(node.clone(), name.clone()))];
                if node.config.channel.fetch.contains(&name) {
                    started.push(tokio::spawn(fetch::run(node.clone(), name.clone())));
                }
                tasks.insert(name, started);
            } else if !confirmed {
                end(tasks.remove(&name));
            }
        }
        if journal.changed().await.is_err() {
            return;
        }
    }
}

fn end(tasks: Option<Vec<JoinHandle<()>>>) {
    for task in tasks.into_iter().flatten() {
        task.abort();
    }
}

async fn deliver(node: Arc<Node>, partner: String) {
    let mut posts = node.engine.follow_posts(&partner);
    let mut course = Course::default();
    let mut asked = None;
    loop {
        posts.mark_unchanged();
        let sent = match push(&node, &partner, course.start()).await {
            Ok(sent) => sent,
            Err(Failure::Stopping) => return,
            Err(error) => {
                tracing::info!(partner, %error, "not delivered yet");
                Sent::Failed
            }
        };
        match course.after(sent) {
            Next::Send => {}
            Next::Rest(wait) => tokio::time::sleep(wait + jitter(wait)).await,
            Next::Idle if asked.is_none_or(|at: Instant| at.elapsed() > ASK_AGAIN) => {
                asked = Some(Instant::now());
                course.go_back(lost(&node, &partner).await);
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
async fn lost(node: &Arc<Node>, partner: &str) -> Option<u64> {
    let compared = reconcile::reconcile(node, partner).await.ok()?;
    let us = &node.us.party.name;
    let ours = compared.into_iter().find(|one| one.log.starts_with(&format!("{us}/")))?;
    match ours.verdict {
        Verdict::Behind { who, .. } if who == partner => Some(ours.entries_theirs),
        _ => None,
    }
}

async fn push(node: &Arc<Node>, partner: &str, from: Option<u64>) -> Result<Sent, Failure> {
    let name = partner.to_owned();
    let next = node.read(move |db, node| serve::next_batch(&db, node.side(), &name, from)).await;
    let next = match next {
        // Nothing is sent of a log that is shorter than what was signed of it.
        Err(Failure::Refused(refusal)) if refusal.code == BEHIND => {
            refill::refill(node, partner).await?;
            let name = partner.to_owned();
            node.read(move |db, node| serve::next_batch(&db, node.side(), &name, from)).await?
        }
        other => other?,
    };
    let Some((peer, batch)) = next else { return Ok(Sent::Nothing) };
    let log = batch.log.clone();
    let end = batch.start + batch.entries.len() as u64;
    let body = serde_json::to_vec(&batch).map_err(|e| Failure::Store(e.to_string()))?;
    let sent = node.egress.ask(&peer, Method::POST, "/channel/v1/entries", body).await;
    let answer = sent.map_err(|e| Refusal::new("unreachable", e.to_string()))?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    match answer.status {
        200 => {
            let size = carry::take_receipt(node, partner, &log, text).await?;
            if size != end {
                let message = format!("the receipt is for {size} entries, {end} were sent");
                return Err(Refusal::new("receipt", message).into());
            }
            Ok(Sent::Receipted(size))
        }
        409 => held_size(&text).map(Sent::Elsewhere),
        status => Err(Refusal::new("not-taken", format!("answered {status}: {text}")).into()),
    }
}

fn held_size(text: &str) -> Result<u64, Failure> {
    let problem: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let size = problem.get("size").and_then(serde_json::Value::as_u64);
    Ok(size
        .ok_or_else(|| Refusal::new("not-taken", format!("answered 409 without a size: {text}")))?)
}

/// Up to half as long again, so that nodes that failed together do not come back together.
pub(crate) fn jitter(wait: Duration) -> Duration {
    let [byte, ..] = crate::clock::seed().0;
    wait * u32::from(byte) / 512
}
