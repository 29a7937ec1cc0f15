//! How those that follow the journal fare: whether each runs, and how far it has come.

use crate::clock;
use forewarn_engine::Engine;
use forewarn_stix::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// How one follower fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follower {
    /// Which one.
    pub name: String,
    /// Whether it runs now; else it is about to be started again.
    pub running: bool,
    /// How many times it was started again.
    pub restarts: u64,
    /// How it last ended.
    pub ended: Option<String>,
    /// When it last ended.
    pub ended_at: Option<Timestamp>,
    /// Commands of the journal that it has not seen yet.
    pub behind: i64,
}

#[derive(Debug, Clone, Default)]
struct Fares {
    running: bool,
    restarts: u64,
    ended: Option<String>,
    ended_at: Option<Timestamp>,
    seen: i64,
}

/// How all followers fare.
#[derive(Debug)]
pub struct Watch {
    reached: watch::Receiver<i64>,
    all: Mutex<BTreeMap<&'static str, Fares>>,
}

/// A follower's own handle: it says how far it has come.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    watch: Arc<Watch>,
    name: &'static str,
}

impl Watch {
    pub(crate) fn new(engine: &Engine) -> Arc<Watch> {
        Arc::new(Watch { reached: engine.follow(), all: Mutex::default() })
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<&'static str, Fares>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How each fares now.
    pub fn followers(&self) -> Vec<Follower> {
        let reached = *self.reached.borrow();
        let each = self.all().clone().into_iter();
        each.map(|(name, fares)| Follower {
            name: name.to_owned(),
            running: fares.running,
            restarts: fares.restarts,
            ended: fares.ended,
            ended_at: fares.ended_at,
            behind: (reached - fares.seen).max(0),
        })
        .collect()
    }

    pub(crate) fn begin(&self, name: &'static str) {
        self.all().entry(name).or_default().running = true;
    }

    /// There is nothing for it to do.
    pub(crate) fn rest(&self, name: &'static str) {
        self.all().remove(name);
    }

    /// It waits for its turn, and nothing is wrong with it.
    pub(crate) fn pause(&self, name: &'static str) {
        self.all().entry(name).or_default().running = false;
    }

    pub(crate) fn end(&self, name: &'static str, how: &str) {
        let mut all = self.all();
        let fares = all.entry(name).or_default();
        fares.running = false;
        fares.restarts += 1;
        fares.ended_at = Some(clock::now());
        fares.ended = Some(how.to_owned());
    }
}

impl Seen {
    pub(crate) fn new(watch: &Arc<Watch>, name: &'static str) -> Seen {
        Seen { watch: watch.clone(), name }
    }

    /// A part of it has ended, and is started again.
    pub(crate) fn ended(&self, how: &str) {
        let mut all = self.watch.all();
        let fares = all.entry(self.name).or_default();
        fares.restarts += 1;
        fares.ended = Some(how.to_owned());
    }

    /// All of the journal up to this index has been looked at.
    pub(crate) fn up_to(&self, index: i64) {
        let mut all = self.watch.all();
        let fares = all.entry(self.name).or_default();
        fares.seen = fares.seen.max(index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_follower_ended_is_seen_and_it_is_never_further_behind_than_the_journal() {
        let (_tell, reached) = watch::channel(7);
        let watch = Arc::new(Watch { reached, all: Mutex::default() });
        watch.begin("matcher");
        let seen = Seen::new(&watch, "matcher");
        seen.up_to(5);
        seen.up_to(3);
        assert_eq!(watch.followers()[0].behind, 2);
        watch.end("matcher", "it has panicked");
        let Follower { running, restarts, ended, .. } = watch.followers().remove(0);
        assert_eq!((running, restarts), (false, 1));
        assert_eq!(ended.as_deref(), Some("it has panicked"));
    }
}
