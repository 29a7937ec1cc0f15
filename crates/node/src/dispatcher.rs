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
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How long to wait before a delivery that has ended by itself is started again.
const PAUSE: Duration = Duration::from_secs(1);

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
            tokio::select! {
                changed = journal.changed() => if changed.is_err() { return },
                how = tasks.ended() => {
                    tracing::error!(how, "a delivery is started again");
                    seen.ended(&how);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn look_after(&self, partner: &Partner, tasks: &mut Tasks) {
        let confirmed =
            matches!(partner.standing, Standing::Confirmed { .. }) && !partner.without_node;
        let name = partner.name();
        let running = tasks.all.get(name);
        let runs = running.is_some_and(|all| !all.iter().any(JoinHandle::is_finished));
        if confirmed && !runs {
            end(tasks.all.remove(name));
            let channels = self.channels.clone();
            let work = deliver::run(channels.clone(), name.clone());
            let mut started = vec![tasks.start("delivery to", name, work)];
            if self.fetched.iter().any(|one| *one == **name) {
                started.push(tasks.start(
                    "fetching from",
                    name,
                    fetch::run(channels, name.clone()),
                ));
            }
            tasks.all.insert(name.clone(), started);
        } else if !confirmed {
            end(tasks.all.remove(name));
        }
    }
}

/// The tasks of each partner. They end with the dispatcher: one that is started again starts its
/// own.
struct Tasks {
    all: HashMap<NodeName, Vec<JoinHandle<()>>>,
    tell: mpsc::UnboundedSender<String>,
    told: mpsc::UnboundedReceiver<String>,
}

impl Default for Tasks {
    fn default() -> Tasks {
        let (tell, told) = mpsc::unbounded_channel();
        Tasks { all: HashMap::new(), tell, told }
    }
}

impl Tasks {
    /// Starts one, whose end is told however it comes about.
    fn start(
        &self,
        what: &'static str,
        partner: &NodeName,
        work: impl Future<Output = ()> + Send + 'static,
    ) -> JoinHandle<()> {
        let ending = Ending { tell: self.tell.clone(), words: format!("the {what} {partner}") };
        tokio::spawn(async move {
            let _ending = ending;
            work.await;
        })
    }

    /// Waits until one has ended that nobody has stopped; which, and how.
    async fn ended(&mut self) -> String {
        match self.told.recv().await {
            Some(how) => how,
            // Not as long as `tell` is here.
            None => std::future::pending().await,
        }
    }
}

/// Tells of the end of a task, a panic included; nothing of one that was stopped by us.
struct Ending {
    tell: mpsc::UnboundedSender<String>,
    words: String,
}

impl Drop for Ending {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Nobody listens when the dispatcher has ended: it is started again.
            let _ = self.tell.send(format!("{} has panicked", self.words));
        }
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        self.all.drain().for_each(|(_, tasks)| end(Some(tasks)));
    }
}

fn end(tasks: Option<Vec<JoinHandle<()>>>) {
    for task in tasks.into_iter().flatten() {
        task.abort();
    }
}
