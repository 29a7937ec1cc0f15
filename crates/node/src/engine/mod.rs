//! The engine: one ordered journal, one writer.
//!
//! Commands wait in bounded queues, what is urgent before bulk; one thread takes them in order, decides by the rules of
//! `forewarn-exchange`, and commits what came of many of them with one fsync. An answer is given
//! only after the commit that holds it.

mod act;
mod apply;
mod delete;
mod fed;
mod intake;
mod interests;
mod keys;
mod matched;
mod perform;
mod posts;
mod queue;
mod receive;
mod work;

pub use act::OWNER;
pub use intake::{DIFFERS, Taken};
pub use matched::{KNOWN, KNOWN_FROM, MATCHER, TRIAL, TRIAL_AT, TRIAL_FROM, TRIAL_UNTIL, TRIED};
pub use work::{
    BEHIND, DeleteWork, FedWork, IntakeWork, ItemMatches, Matched, TrialBegun, Us, Work,
};

use crate::accounts::Accounts;
use forewarn_exchange::{Command, Refusal};
use forewarn_store::journal::Record;
use forewarn_store::{Db, Store, StoreError};
use posts::Posts;
use queue::{Entrance, Exit, NotQueued, Waits, queue};
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::{oneshot, watch};

/// Whether a batch goes on from what is held: asked before anything is signed for it.
pub(crate) fn continues(
    db: &Db<'_>,
    log: &forewarn_store::log::LogRow,
    batch: &forewarn_transcript::batch::Checked,
) -> Result<(), Failure> {
    receive::continues(db, log, batch).map_err(|undone| match undone {
        work::Undone::Refused(refusal) => Failure::Refused(refusal),
        work::Undone::Store(error) => error.into(),
    })
}

/// Whether a batch opens fields of entries that are held closed.
pub(crate) fn opens_more(
    db: &Db<'_>,
    log: &forewarn_store::log::LogRow,
    batch: &forewarn_transcript::batch::Checked,
) -> bool {
    receive::more_opened(db, log, batch).is_ok_and(|more| !more.is_empty())
}

/// Why a command has no effect.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// Decided against, and recorded.
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("the node is busy: too many commands wait; try again in a moment")]
    Busy,
    #[error("the node is stopping")]
    Stopping,
    /// The disk or the file: nothing was changed.
    #[error("the store failed: {0}")]
    Store(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::Store(error.to_string())
    }
}

/// What a command is answered.
pub type Answered = Result<Value, Failure>;

struct Job {
    command: Command<Work>,
    reply: oneshot::Sender<Answered>,
}

impl Waits for Job {
    fn is_urgent(&self) -> bool {
        self.command.act.is_urgent()
    }
    fn bytes(&self) -> usize {
        self.command.act.bytes()
    }
}

/// A handle to the writer. Cheap to clone; the writer ends when the last one is gone.
#[derive(Clone)]
pub struct Engine {
    queue: Arc<Entrance<Job>>,
    reached: watch::Receiver<i64>,
    posts: Arc<Posts>,
}

impl Engine {
    /// Starts the writer on a thread of its own.
    pub(crate) fn start(
        store: Store,
        us: Us,
        accounts: Arc<Accounts>,
    ) -> Result<Engine, StoreError> {
        let (entrance, waiting) = queue();
        let (tell, reached) = watch::channel(store.db().journal_index()?);
        let core = Core { store, us };
        let posts = Arc::new(Posts::default());
        let writer = Writer { core, accounts, tell, posts: posts.clone() };
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                // A node that reads and can never write again would look alive: end it, so that
                // whatever watches it starts it anew. What was committed stands.
                let run = std::panic::AssertUnwindSafe(|| writer.run(&waiting));
                if std::panic::catch_unwind(run).is_err() {
                    tracing::error!("the writer ended in a panic; the process ends");
                    std::process::abort();
                }
            })
            .map_err(|e| StoreError::Damaged { what: "the writer".into(), why: e.to_string() })?;
        Ok(Engine { queue: Arc::new(entrance), reached, posts })
    }

    /// Submits a command and waits until it is durable, or refused.
    pub async fn submit(&self, command: Command<Work>) -> Answered {
        let (reply, answer) = oneshot::channel();
        match self.queue.put(Job { command, reply }) {
            Ok(()) => answer.await.unwrap_or(Err(Failure::Stopping)),
            Err(NotQueued::Full) => Err(Failure::Busy),
            Err(NotQueued::Closed) => Err(Failure::Stopping),
        }
    }

    /// Follows the journal: the index reached, as it moves.
    pub fn follow(&self) -> watch::Receiver<i64> {
        self.reached.clone()
    }

    /// Follows our log to a partner: moves with each commit that it grows by.
    pub fn follow_posts(&self, partner: &str) -> watch::Receiver<u64> {
        self.posts.follow(partner)
    }
}

struct Writer {
    core: Core,
    /// Told of each change of users and tokens, once it is durable.
    accounts: Arc<Accounts>,
    tell: watch::Sender<i64>,
    posts: Arc<Posts>,
}

impl Writer {
    fn run(mut self, waiting: &Exit<Job>) {
        while let Some(jobs) = waiting.take() {
            self.answer(jobs);
        }
    }

    fn answer(&mut self, jobs: Vec<Job>) {
        let commands: Vec<&Command<Work>> = jobs.iter().map(|job| &job.command).collect();
        match self.core.commit(&commands) {
            Ok(Committed { answers, index, posted }) => {
                if jobs.iter().any(|job| job.command.act.is_of_accounts()) {
                    self.accounts.changed();
                }
                self.tell.send_replace(index);
                self.posts.moved(&posted);
                for (job, answer) in jobs.into_iter().zip(answers) {
                    // The caller may have gone; what was done stands all the same.
                    let _ = job.reply.send(answer);
                }
            }
            Err(error) if jobs.len() == 1 => {
                tracing::error!(%error, "a transaction failed; nothing of it was applied");
                for job in jobs {
                    let _ = job.reply.send(Err(Failure::Store(error.to_string())));
                }
            }
            // One command that cannot be stored must not take the others with it.
            Err(_) => jobs.into_iter().for_each(|job| self.answer(vec![job])),
        }
    }
}

/// What a transaction has done.
#[derive(Debug)]
pub struct Committed {
    /// To each command, in their order.
    pub answers: Vec<Answered>,
    /// The journal's index reached.
    pub index: i64,
    /// Partners to whom our log has grown.
    pub posted: Vec<String>,
}

/// What decides and applies: the writer's, without its thread.
pub struct Core {
    pub store: Store,
    pub us: Us,
}

impl Core {
    /// Decides and applies commands in one transaction. When the store fails, none has an effect.
    pub fn commit(&mut self, commands: &[&Command<Work>]) -> Result<Committed, StoreError> {
        commit(&mut self.store, &self.us, commands)
    }
}

fn commit(
    store: &mut Store,
    us: &Us,
    commands: &[&Command<Work>],
) -> Result<Committed, StoreError> {
    let mut batch = store.begin()?;
    let mut answers = Vec::with_capacity(commands.len());
    let mut posted = Vec::new();
    for command in commands {
        if let Some((refused, json)) = batch.db().answered(&command.id)? {
            let same = batch.db().recorded_act(&command.id)? == command.act.summary();
            answers.push(if same { recorded(refused, &json)? } else { Err(reused()) });
            continue;
        }
        // A savepoint keeps a copy of each page that is written: bulk goes without.
        let done = if command.act.writes_when_decided() {
            perform::perform(&batch.db(), us, command)
        } else {
            let saved = batch.savepoint()?;
            let done = perform::perform(&saved.db(), us, command);
            if done.is_ok() {
                saved.commit()?;
            }
            done
        };
        let (answer, told) = match done {
            Ok(done) => {
                posted.extend(done.posted);
                (Ok(done.answer), done.told)
            }
            Err(work::Undone::Refused(refusal)) => (Err(refusal), Vec::new()),
            Err(work::Undone::Store(error)) => return Err(error),
        };
        record(&batch.db(), command, &answer, &told)?;
        answers.push(answer.map_err(Failure::Refused));
    }
    let index = batch.db().journal_index()?;
    batch.commit()?;
    Ok(Committed { answers, index, posted })
}

/// An id stands for one act: another under the same id is a mistake of the caller's.
fn reused() -> Failure {
    let message = "another act was done under this id";
    Failure::Refused(Refusal::new("id-reused", message).hint("give each act an id of its own"))
}

fn recorded(refused: bool, json: &str) -> Result<Answered, StoreError> {
    let damaged = |e: serde_json::Error| StoreError::Damaged {
        what: "journal".to_owned(),
        why: e.to_string(),
    };
    if refused {
        let refusal: Refusal = serde_json::from_str(json).map_err(damaged)?;
        return Ok(Err(Failure::Refused(refusal)));
    }
    Ok(Ok(serde_json::from_str(json).map_err(damaged)?))
}

fn record(
    db: &Db<'_>,
    command: &Command<Work>,
    answer: &Result<Value, Refusal>,
    told: &[(Option<String>, String)],
) -> Result<(), StoreError> {
    let json = match answer {
        Ok(value) => value.to_string(),
        Err(refusal) => serde_json::to_string(refusal).unwrap_or_default(),
    };
    let index = db.record(&Record {
        command: &command.id,
        time: command.time.as_str(),
        actor: &command.actor,
        act: &command.act.summary(),
        refused: answer.is_err(),
        answer: &json,
    })?;
    for (subject, what) in told {
        db.tell(index, subject.as_deref(), what)?;
    }
    Ok(())
}
