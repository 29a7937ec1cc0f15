//! Tells who waits for it that our log to a partner has grown, and nobody else.

use forewarn_exchange::name::NodeName;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// For each partner a count that moves with each commit that our log to it grows by.
#[derive(Default)]
pub(crate) struct Posts(Mutex<HashMap<String, watch::Sender<u64>>>);

impl Posts {
    fn all(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn follow(&self, partner: &str) -> watch::Receiver<u64> {
        self.all().entry(partner.to_owned()).or_default().subscribe()
    }

    pub(crate) fn moved(&self, partners: &[NodeName]) {
        let all = self.all();
        for count in partners.iter().filter_map(|partner| all.get(&**partner)) {
            count.send_modify(|count| *count += 1);
        }
    }
}
