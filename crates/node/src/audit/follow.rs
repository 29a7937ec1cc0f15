//! Writes the stream while the node runs. What was committed stands in it a moment later; it can be killed
//! at any moment, and goes on after the last whole line. It stops nothing else when it fails.

use super::line::lines;
use super::stream::{AuditError, Stream};
use super::syslog::Syslog;
use crate::config::AuditSection;
use crate::node::Node;
use crate::state::State;
use crate::watch::Seen;
use forewarn_engine::Failure;
use forewarn_exchange::name::NodeName;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Most commands whose lines are written with one sync: of 64 KiB at the most, 32 MiB.
pub(super) const AT_ONCE: usize = 500;
/// Lines of so long wait for one sync, so that the disk is left to the writer.
const GATHER: Duration = Duration::from_millis(200);
/// After a try in vain.
const AGAIN: Duration = Duration::from_secs(10);

/// What writes the stream.
#[derive(Clone)]
pub(crate) struct Auditor {
    state: State,
    folder: PathBuf,
    syslog: Option<Syslog>,
    stream: Arc<Mutex<Option<Stream>>>,
}

/// Why a turn came to nothing.
enum Failed {
    Stopping,
    Why(String),
}

impl Auditor {
    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        // What is open was left by a run that has ended somewhere.
        self.close();
        // Ends with this.
        let mut beside = JoinSet::new();
        if let Some(syslog) = &self.syslog {
            beside.spawn(syslog.clone().run(self.folder.clone(), seen.clone()));
        }
        let mut journal = self.state.engine().follow();
        loop {
            let index = *journal.borrow_and_update();
            let begun = Instant::now();
            match self.turn().await {
                Ok(Some(done)) => {
                    seen.up_to(done);
                    if let Some(syslog) = &self.syslog {
                        syslog.tell();
                    }
                    if done < index {
                        // It catches up, and the rest of the machine is for others.
                        tokio::time::sleep(begun.elapsed()).await;
                        continue;
                    }
                    if journal.changed().await.is_err() {
                        return;
                    }
                    tokio::time::sleep(GATHER).await;
                }
                Ok(None) | Err(Failed::Stopping) => return,
                Err(Failed::Why(why)) => {
                    self.close();
                    seen.ended(&why);
                    tracing::error!(why, "the audit stream does not go on; it is tried again");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }

    fn close(&self) {
        *self.stream.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Writes the lines of some commands; the index reached, `None` when the node stops.
    async fn turn(&self) -> Result<Option<i64>, Failed> {
        let (folder, stream) = (self.folder.clone(), self.stream.clone());
        let node = self.state.name().clone();
        let done = self.state.read(move |db| {
            Ok::<_, Failure>((|| -> Result<i64, AuditError> {
                let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
                let stream = match &mut *stream {
                    Some(stream) => stream,
                    none => none.insert(open(&folder, &node, &db)?),
                };
                let lines = lines(&db, stream.next(), AT_ONCE)?;
                if !lines.is_empty() {
                    stream.add(lines)?;
                }
                Ok(stream.next() - 1)
            })())
        });
        match done.await {
            Ok(Ok(index)) => Ok(Some(index)),
            Ok(Err(error)) => Err(Failed::Why(error.to_string())),
            Err(Failure::Stopping) => Err(Failed::Stopping),
            Err(error) => Err(Failed::Why(error.to_string())),
        }
    }
}

/// The stream of a node in a folder, open at its end.
fn open(folder: &Path, node: &NodeName, db: &forewarn_store::Db<'_>) -> Result<Stream, AuditError> {
    Stream::open(folder, node, |index| Ok(lines(db, index, 1)?.pop()))
}

impl Node {
    /// What writes the audit stream, where it is configured.
    pub(crate) fn auditor(&self) -> Option<Auditor> {
        let AuditSection { folder, syslog } = &self.config().audit;
        Some(Auditor {
            state: self.state.clone(),
            folder: folder.as_ref()?.into(),
            syslog: syslog.as_ref().map(|socket| Syslog::new(socket, self.state.name())),
            stream: Arc::default(),
        })
    }
}
