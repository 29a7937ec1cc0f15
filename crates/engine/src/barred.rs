//! Logs that must not be signed now: more of them was signed than is here, or may have been.

use forewarn_exchange::command::Ahead;
use forewarn_store::Db;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug, Clone, Copy)]
struct Bar {
    /// The size that is known to have been signed.
    signed: u64,
    uncompared: bool,
}

/// Which logs, and why. Those that were there when the node started begin as not compared; a log
/// that is opened later cannot be an old copy.
#[derive(Debug, Default)]
pub struct Barred(Mutex<BTreeMap<String, Bar>>);

impl Barred {
    pub(crate) fn new(ahead: Vec<Ahead>) -> Barred {
        let bar = |one: Ahead| (one.log, Bar { signed: one.signed, uncompared: one.uncompared });
        Barred(Mutex::new(ahead.into_iter().map(bar).collect()))
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Bar>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing is signed of this log until somebody has compared it.
    pub fn bar(&self, log: &str) {
        let mut all = self.all();
        all.entry(log.to_owned()).or_insert(Bar { signed: 0, uncompared: true }).uncompared = true;
    }

    /// Nothing is signed of a log that came from elsewhere, until somebody has compared it.
    pub fn bar_known(&self, known: Ahead) {
        let bar = Bar { signed: known.signed, uncompared: true };
        self.all().entry(known.log).or_insert(bar).uncompared = true;
    }

    /// The log was compared: this much of it was signed, as far as the partner and the signer know.
    pub fn compared(&self, log: &str, signed: u64) {
        let mut all = self.all();
        let bar = all.entry(log.to_owned()).or_insert(Bar { signed, uncompared: false });
        *bar = Bar { signed: signed.max(bar.signed), uncompared: false };
    }

    /// Whether the log still has to be compared.
    pub fn is_uncompared(&self, log: &str) -> bool {
        self.all().get(log).is_some_and(|bar| bar.uncompared)
    }

    /// How much of the log is known to have been signed.
    pub fn signed(&self, log: &str) -> u64 {
        self.all().get(log).map_or(0, |bar| bar.signed)
    }

    /// Those of our own logs that must not grow now, as a command is told.
    pub(crate) fn now(&self, db: &Db<'_>) -> Vec<Ahead> {
        let mut all = self.all();
        // A log that cannot be read counts as too short: the command that needs it says so.
        let held = |log: &str| db.log(log).ok().flatten().map_or(0, |log| log.size);
        all.retain(|log, bar| bar.uncompared || held(log) < bar.signed);
        let ahead = |(log, bar): (&String, &Bar)| {
            let Bar { signed, uncompared } = *bar;
            let ours = db.log(log).ok().flatten().is_none_or(|log| log.ours);
            ours.then(|| Ahead { log: log.clone(), signed, uncompared })
        };
        all.iter().filter_map(ahead).collect()
    }
}
