//! Why what waits for a partner has not arrived: how the last try to deliver it failed. Kept in
//! memory; after a start it is tried again at once.

use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Longest reason that is kept, in bytes: a partner may have written it.
const MAX_WHY: usize = 300;

/// A try that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedTry {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: String,
    /// When the first try failed of those that have failed in a row.
    pub since: Timestamp,
}

/// The last try of each partner to which something could not be delivered.
#[derive(Debug, Default)]
pub struct Tries {
    failed: Mutex<HashMap<NodeName, FailedTry>>,
}

impl Tries {
    /// How the last try failed; `None` when it did not, or there was none since the start.
    pub fn last_failure(&self, partner: &NodeName) -> Option<FailedTry> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).get(partner).cloned()
    }

    pub(crate) fn failed(&self, partner: &NodeName, at: Timestamp, why: &str) {
        let why = why.get(..why.floor_char_boundary(MAX_WHY)).unwrap_or_default().to_owned();
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let since = failed.get(partner).map_or_else(|| at.clone(), |before| before.since.clone());
        failed.insert(partner.clone(), FailedTry { at, why, since });
    }

    /// Every partner to which the last try has failed, by name.
    pub fn all(&self) -> Vec<(NodeName, FailedTry)> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> =
            failed.iter().map(|(name, one)| (name.clone(), one.clone())).collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all
    }

    pub(crate) fn succeeded(&self, partner: &NodeName) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).remove(partner);
    }
}
