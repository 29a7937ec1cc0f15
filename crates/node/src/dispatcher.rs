//! The dispatcher: brings our logs to the partners and their receipts back.
//!
//! One task for each confirmed partner, and one more for those that we fetch from. What is to be
//! sent follows from the log and the receipts, so nothing has to be remembered: after a crash it
//! goes on where the last receipt ends.

use crate::channel::{Channels, deliver, fetch};
use crate::watch::Seen;
use forewarn_engine::Failure;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::{Partner, Standing};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// What brings our logs to the partners.
#[derive(Clone)]
pub(crate) struct Dispatcher {
    pub(crate) channels: Channels,
    /// Partners that cannot reach us: their logs are fetched.
    pub(crate) fetched: Arc<[String]>,
}

impl Dispatcher {
    /// Starts a task for each confirmed partner, as partners come. Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let mut journal = self.channels.state.engine().follow();
        let mut tasks = Tasks::default();
        loop {
            let index = *journal.borrow_and_update();
            match self.channels.state.read(|db| Ok(db.partners()?)).await {
                Ok(partners) => {
                    for partner in &partners {
                        self.look_after(partner, &mut tasks);
                    }
                    seen.up_to(index);
                }
                Err(Failure::Stopping) => return,
                Err(error) => tracing::warn!(%error, "the dispatcher cannot read its partners"),
            }
            if journal.changed().await.is_err() {
                return;
            }
        }
    }

    fn look_after(&self, partner: &Partner, tasks: &mut Tasks) {
        let confirmed =
            matches!(partner.standing, Standing::Confirmed { .. }) && !partner.without_node;
        let name = partner.name();
        let running = tasks.0.get(name);
        let runs = running.is_some_and(|all| !all.iter().any(JoinHandle::is_finished));
        if confirmed && !runs {
            end(tasks.0.remove(name));
            let channels = self.channels.clone();
            let mut started = vec![tokio::spawn(deliver::run(channels.clone(), name.clone()))];
            if self.fetched.iter().any(|one| *one == **name) {
                started.push(tokio::spawn(fetch::run(channels, name.clone())));
            }
            tasks.0.insert(name.clone(), started);
        } else if !confirmed {
            end(tasks.0.remove(name));
        }
    }
}

/// The tasks of each partner. They end with the dispatcher: one that is started again starts its
/// own.
#[derive(Default)]
struct Tasks(HashMap<NodeName, Vec<JoinHandle<()>>>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.drain().for_each(|(_, tasks)| end(Some(tasks)));
    }
}

fn end(tasks: Option<Vec<JoinHandle<()>>>) {
    for task in tasks.into_iter().flatten() {
        task.abort();
    }
}
