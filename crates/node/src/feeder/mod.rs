//! Feeds: other people's servers of TAXII and MISP, polled for what is new, or pushed what was
//! released.
//!
//! One task a feed. How far it has come is kept in the transaction that keeps what it brought, so
//! it can be cut anywhere: nothing is lost, and what comes twice changes nothing.

mod ask;
mod body;
mod fares;
mod find;
mod misp;
mod poll;
mod push;
mod size;

pub use fares::AllFares;

use crate::clock;
use crate::collection::Collections;
use crate::egress::Egress;
use crate::limits::Quotas;
use crate::state::State;
use crate::watch::Seen;
use forewarn_engine::{Failure, FedWork, Taken};
use forewarn_exchange::Refusal;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::feed::{Feed, Kind, Pause, Way};
use forewarn_stix::Timestamp;
use forewarn_store::feed::FeedState;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Who acts in the journal.
const ACTOR: Actor = Actor::Node(Part::Feeder);
/// Waits after a failure grow from the first to the last of these, doubling, with jitter.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LAST_WAIT: Duration = Duration::from_mins(10);
/// Between pages that bring nothing new.
const SAME_WAIT: Duration = Duration::from_millis(100);
/// The longest between two looks at what a server has not decided on.
const MAX_PENDING_WAIT: Duration = Duration::from_mins(1);
/// The pause after a failure that only a person can end.
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
    /// Seldom: somebody has to change something.
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
    /// Since when something is wrong.
    pub since: Option<Timestamp>,
    /// When it asks again, and why it waits; `None` while it asks.
    pub rests: Option<(Timestamp, Pause)>,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble { words: failure.to_string(), again: Again::Later }
    }
}

/// What polls and pushes.
#[derive(Clone)]
pub(crate) struct Feeder {
    pub(crate) state: State,
    pub(crate) egress: Egress,
    pub(crate) collections: Arc<Collections>,
    pub(crate) fares: Arc<AllFares>,
    /// What each feed may bring.
    pub(crate) quotas: Arc<Quotas>,
    /// The folder of the secrets that feeds are read with.
    pub(crate) secrets: PathBuf,
}

/// The task of each feed. They end with the feeder: one that is started again starts its own.
#[derive(Default)]
struct Tasks(HashMap<String, (Feed, JoinHandle<()>)>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.values().for_each(|(_, task)| task.abort());
    }
}

impl Feeder {
    /// Starts a task for each feed, as they come and change. Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let mut journal = self.state.engine().follow();
        let mut tasks = Tasks::default();
        loop {
            let index = *journal.borrow_and_update();
            let Ok(feeds) = self.state.read(|db| Ok(db.feeds()?)).await else {
                // Nothing is known of them: those that run go on.
                tokio::time::sleep(FIRST_WAIT).await;
                continue;
            };
            tasks.0.retain(|_, (known, task)| {
                let stays = feeds.contains(known);
                if !stays {
                    task.abort();
                    self.fares.forget(&known.name);
                }
                stays
            });
            for feed in feeds {
                if tasks.0.get(&feed.name).is_none_or(|(_, task)| task.is_finished()) {
                    let task = tokio::spawn(follow(self.clone(), feed.clone()));
                    tasks.0.insert(feed.name.clone(), (feed, task));
                }
            }
            seen.up_to(index);
            if journal.changed().await.is_err() {
                return;
            }
        }
    }
}

async fn follow(feeder: Feeder, feed: Feed) {
    let every = Duration::from_secs(u64::from(feed.every));
    let (mut wait, mut pending, mut failures) = (FIRST_WAIT, FIRST_WAIT, 0);
    loop {
        feeder.fares.asks(&feed.name);
        let came = match (&feed.way, feed.kind) {
            (Way::Poll { .. }, Kind::Taxii) => poll::step(&feeder, &feed, failures).await,
            (Way::Poll { .. }, Kind::Misp) => misp::server(&feeder, &feed, failures).await,
            (Way::Poll { .. }, Kind::MispFeed) => misp::folder(&feeder, &feed).await,
            (Way::Push { .. }, Kind::Taxii) => push::step(&feeder, &feed).await,
            (Way::Push { .. }, Kind::Misp | Kind::MispFeed) => misp::push(&feeder, &feed).await,
        };
        let (rest, pause) = match came {
            Ok(came) => {
                (wait, failures) = (FIRST_WAIT, 0);
                feeder.fares.good(&feed.name, clock::now().to_string());
                pending = match came {
                    Came::Pending => (pending * 2).min(MAX_PENDING_WAIT),
                    _ => FIRST_WAIT,
                };
                match came {
                    Came::More => continue,
                    Came::MoreOfTheSame => (SAME_WAIT, Pause::NothingNew),
                    Came::All => (every, Pause::Regular),
                    Came::Pending => (pending, Pause::Undecided),
                }
            }
            Err(Trouble { words, again }) => {
                let (rest, pause) = match again {
                    Again::Later => (wait + clock::jitter(wait), Pause::Failed),
                    Again::After(stay) => (stay.clamp(FIRST_WAIT, MAX_STAY_AWAY), Pause::ToldTo),
                    Again::Seldom => (HOPELESS_WAIT, Pause::NeedsSomebody),
                };
                wait = (wait * 2).min(LAST_WAIT);
                failures += 1;
                tracing::warn!(feed = feed.name, words, again_s = rest.as_secs(), "a feed rests");
                feeder.fares.bad(&feed.name, words);
                (rest, pause)
            }
        };
        feeder.fares.rests(&feed.name, (clock::later(rest), pause));
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            () = feeder.fares.nudged(&feed.name) => {}
        }
    }
}

/// Keeps how far a feed has come, when it brought nothing.
async fn keep_place(feeder: &Feeder, feed: &Feed, state: FeedState) -> Result<(), Trouble> {
    let work = FedWork { feed: feed.clone(), state, intake: None, pushed: None };
    keep(feeder, work).await?;
    Ok(())
}

/// Keeps how far a feed has come, and what it brought.
async fn keep(feeder: &Feeder, work: FedWork) -> Result<Option<Taken>, Trouble> {
    let subject = work.feed.name.clone();
    feeder.state.work(ACTOR, work).await.map_err(|failure| match failure {
        Failure::Refused(Refusal { message, .. }) => {
            Trouble { words: format!("{subject}: {message}"), again: Again::Seldom }
        }
        other @ (Failure::Busy
        | Failure::Stopping
        | Failure::Silent(_)
        | Failure::InDoubt(_)
        | Failure::Behind
        | Failure::Elsewhere(_)
        | Failure::Journal(_)
        | Failure::Full(_)
        | Failure::Store(_)) => other.into(),
    })
}
