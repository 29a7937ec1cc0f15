//! Feeds: other people's TAXII servers, polled for what is new, or pushed what was released.
//!
//! One task a feed. How far it has come is kept in the transaction that keeps what it brought, so it
//! can be cut anywhere: nothing is lost, and what comes twice changes nothing.

mod ask;
mod fares;
mod poll;
mod push;

pub use fares::AllFares;

use crate::engine::{Failure, FedWork, Work};
use crate::node::Node;
use forewarn_exchange::Refusal;
use forewarn_exchange::feed::{Feed, Way};
use forewarn_store::feed::FeedState;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// The name under which feeds act in the journal.
const ACTOR: &str = "feeder";
/// Waits after a failure grow from the first to the last of these, doubling, with jitter.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LAST_WAIT: Duration = Duration::from_mins(10);
/// Between pages that bring nothing new.
const SAME_WAIT: Duration = Duration::from_millis(100);
/// The longest between two looks at what a server has not decided on.
const MAX_PENDING_WAIT: Duration = Duration::from_mins(1);
/// What only a person can mend is tried again this seldom.
const HOPELESS_WAIT: Duration = Duration::from_mins(15);
/// The longest that a server may tell us to stay away (`Retry-After`).
const MAX_STAY_AWAY: Duration = Duration::from_hours(6);

/// Why a request led to nothing, and when to try again.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) words: String,
    pub(crate) again: Again,
}

/// When to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// After a while that grows.
    Later,
    /// When the server said.
    After(Duration),
    /// Seldom: somebody has to mend something.
    Seldom,
}

/// What a step came to.
pub(crate) enum Came {
    /// There is more: at once again.
    More,
    /// There is more, and nothing of this was new: a server may lead us on for ever.
    MoreOfTheSame,
    /// All is here, or there.
    All,
    /// The server has not decided on all of a push yet.
    Pending,
}

/// How a feed fares: kept in memory only, for whoever looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fares {
    /// When its server last answered well.
    pub answered: Option<String>,
    /// What is wrong now.
    pub trouble: Option<String>,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble { words: failure.to_string(), again: Again::Later }
    }
}

/// Starts a task for each feed, as they come and change. Runs until the runtime ends.
pub async fn run(node: Arc<Node>) {
    let mut journal = node.engine.follow();
    let mut tasks: HashMap<String, (Feed, JoinHandle<()>)> = HashMap::new();
    loop {
        journal.mark_unchanged();
        let Ok(feeds) = node.read(|db, _| Ok(db.feeds()?)).await else {
            // Nothing is known of them: those that run go on.
            tokio::time::sleep(FIRST_WAIT).await;
            continue;
        };
        tasks.retain(|_, (known, task)| {
            let stays = feeds.contains(known);
            if !stays {
                task.abort();
                node.fares.forget(&known.name);
            }
            stays
        });
        for feed in feeds {
            if tasks.get(&feed.name).is_none_or(|(_, task)| task.is_finished()) {
                let task = tokio::spawn(follow(node.clone(), feed.clone()));
                tasks.insert(feed.name.clone(), (feed, task));
            }
        }
        if journal.changed().await.is_err() {
            return;
        }
    }
}

async fn follow(node: Arc<Node>, feed: Feed) {
    let every = Duration::from_secs(u64::from(feed.every));
    let (mut wait, mut pending, mut failures) = (FIRST_WAIT, FIRST_WAIT, 0);
    loop {
        let came = match &feed.way {
            Way::Poll { .. } => poll::step(&node, &feed, failures).await,
            Way::Push { .. } => push::step(&node, &feed).await,
        };
        let rest = match came {
            Ok(came) => {
                (wait, failures) = (FIRST_WAIT, 0);
                node.fares.good(&feed.name, crate::clock::now().to_string());
                pending = match came {
                    Came::Pending => (pending * 2).min(MAX_PENDING_WAIT),
                    _ => FIRST_WAIT,
                };
                match came {
                    Came::More => continue,
                    Came::MoreOfTheSame => SAME_WAIT,
                    Came::All => every,
                    Came::Pending => pending,
                }
            }
            Err(Trouble { words, again }) => {
                let rest = match again {
                    Again::Later => wait + crate::dispatcher::jitter(wait),
                    Again::After(stay) => stay.clamp(FIRST_WAIT, MAX_STAY_AWAY),
                    Again::Seldom => HOPELESS_WAIT,
                };
                wait = (wait * 2).min(LAST_WAIT);
                failures += 1;
                tracing::warn!(feed = feed.name, words, again_s = rest.as_secs(), "a feed rests");
                node.fares.bad(&feed.name, words);
                rest
            }
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            () = node.fares.nudged(&feed.name) => {}
        }
    }
}

/// Keeps how far a feed has come, when it brought nothing.
async fn keep_place(node: &Arc<Node>, feed: &Feed, state: FeedState) -> Result<(), Trouble> {
    keep(node, FedWork { feed: feed.clone(), state, intake: None, told: Vec::new() }).await?;
    Ok(())
}

/// Keeps how far a feed has come, and what it brought.
async fn keep(node: &Arc<Node>, work: FedWork) -> Result<serde_json::Value, Trouble> {
    let subject = work.feed.name.clone();
    node.work(ACTOR, Work::Fed(Box::new(work))).await.map_err(|failure| match failure {
        Failure::Refused(Refusal { message, .. }) => {
            Trouble { words: format!("{subject}: {message}"), again: Again::Seldom }
        }
        other => other.into(),
    })
}
