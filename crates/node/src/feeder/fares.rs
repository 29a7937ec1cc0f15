//! How each feed fares, for whoever looks; and a nudge to look again at once.

use super::Fares;
use crate::clock;
use forewarn_exchange::feed::Pause;
use forewarn_stix::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// How all feeds fare. It is not kept on disk: a node that starts asks again.
#[derive(Debug, Default)]
pub struct AllFares(Mutex<HashMap<String, (Fares, Arc<Notify>)>>);

impl AllFares {
    fn all(&self) -> MutexGuard<'_, HashMap<String, (Fares, Arc<Notify>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How a feed fares; the default when it has not been tried since the node was started.
    pub fn of(&self, feed: &str) -> Fares {
        self.all().get(feed).map(|(fares, _)| fares.clone()).unwrap_or_default()
    }

    /// The feed does not wait for its time.
    pub fn nudge(&self, feed: &str) {
        self.all().entry(feed.to_owned()).or_default().1.notify_one();
    }

    pub(super) async fn nudged(&self, feed: &str) {
        let notify = self.all().entry(feed.to_owned()).or_default().1.clone();
        notify.notified().await;
    }

    pub(super) fn good(&self, feed: &str, time: String) {
        let mut all = self.all();
        let (fares, _) = all.entry(feed.to_owned()).or_default();
        *fares = Fares { answered: Some(time), ..Fares::default() };
    }

    /// The feed asks again at this time, and waits until then for this reason.
    pub(super) fn rests(&self, feed: &str, until: (Timestamp, Pause)) {
        self.all().entry(feed.to_owned()).or_default().0.rests = Some(until);
    }

    /// The feed asks now.
    pub(super) fn asks(&self, feed: &str) {
        self.all().entry(feed.to_owned()).or_default().0.rests = None;
    }

    pub(super) fn bad(&self, feed: &str, words: String) {
        let mut all = self.all();
        let (fares, _) = all.entry(feed.to_owned()).or_default();
        fares.trouble = Some(words);
        fares.since.get_or_insert_with(clock::now);
    }

    pub(super) fn forget(&self, feed: &str) {
        self.all().remove(feed);
    }
}
