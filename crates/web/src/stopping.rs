//! Whether the node is stopping: an answer that never ends has to end then.

use tokio::sync::watch;

/// Becomes true when the node begins to stop.
#[derive(Debug, Clone)]
pub(crate) struct Stopping(watch::Receiver<bool>);

impl Stopping {
    pub(crate) fn new(stopped: watch::Receiver<bool>) -> Stopping {
        Stopping(stopped)
    }

    /// Done when it begins to stop.
    pub(crate) async fn begun(&mut self) {
        // Nobody who could say so is left: it has stopped.
        drop(self.0.wait_for(|stop| *stop).await);
    }
}
