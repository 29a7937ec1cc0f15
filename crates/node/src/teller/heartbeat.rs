//! A call that says that the node is well. When it stays away, whoever waits for it knows that the
//! node has died, or that nobody is told of anything any more.

use crate::egress::Egress;
use crate::notifier::HeartbeatSection;
use crate::state::State;
use crate::watch::{Seen, Watch};
use std::sync::Arc;
use std::time::Duration;

/// What calls.
#[derive(Clone)]
pub(crate) struct Heartbeat {
    pub(crate) section: HeartbeatSection,
    pub(crate) state: State,
    pub(crate) watch: Arc<Watch>,
    pub(crate) egress: Egress,
}

impl Heartbeat {
    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        // It follows nothing: it is as far as the journal, always.
        seen.up_to(i64::MAX);
        let HeartbeatSection { url, every } = self.section.clone();
        loop {
            if self.is_well().await {
                match self.egress.call(&url, &[], Vec::new()).await {
                    Ok(answer) if (200..300).contains(&answer.status) => {}
                    Ok(answer) => {
                        tracing::warn!(status = answer.status, "the heartbeat was not taken");
                    }
                    Err(error) => tracing::warn!(%error, "the heartbeat did not arrive"),
                }
            } else {
                tracing::error!("the node is not well: its heartbeat stays away");
            }
            tokio::time::sleep(Duration::from_secs(u64::from(every))).await;
        }
    }

    async fn is_well(&self) -> bool {
        let writes = self.state.engine().can_write().await.is_ok();
        writes && self.watch.followers().iter().all(|one| one.running)
    }
}
