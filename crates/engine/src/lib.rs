//! The engine: one ordered journal, one writer.
//!
//! Commands wait in bounded queues, what is urgent before bulk; one thread takes them in order,
//! decides by the rules of `forewarn-exchange`, and commits what came of many of them with one
//! fsync. An answer is given only after the commit that holds it.
//!
//! A command is complete: [`journal`] gives any of them in full form again, and [`replay`] leads
//! the same commands in an empty store to the same rows. What the engine leaves to its caller:
//! time, randomness, signatures, and every check that needs a key.

#![warn(missing_docs)]

mod act;
mod agreement;
mod apply;
mod barred;
pub mod configuration;
mod core;
mod corrected;
mod delete;
mod delivered;
mod done;
mod erasure;
mod expired;
mod failure;
mod fed;
mod grants;
pub mod house;
mod intake;
pub mod journal;
mod lineage;
mod matched;
mod meter;
mod notice;
mod open_to;
mod opened_again;
pub mod order;
pub mod originals;
mod perform;
mod posts;
mod probe;
mod queue;
pub mod reached;
mod receive;
pub mod replay;
pub mod shared;
mod shelf;
mod signed_in;
mod threat;
mod understand;
mod watched;
mod wire;
mod work;

pub use crate::core::{Committed, Core};
pub use act::{PassedOn, exercise_is_over, objection, passed_on, subject_of};
pub use barred::Barred;
pub use configuration::{Configuration, Creator, Listed, Shelf, Us};
pub use corrected::CORRECTED;
pub use delivered::was_fetched;
pub use erasure::is_past;
pub use failure::Failure;
pub use intake::differs;
pub use lineage::ended;
pub use matched::{KNOWN, KNOWN_FROM, MATCHER, TRIAL, TRIAL_AT, TRIAL_FROM, TRIAL_UNTIL, TRIED};
pub use meter::{COMMIT_BOUNDS, Measured};
pub use notice::Notice;
pub use open_to::OpenTo;
pub use opened_again::{is_closed, opens_again};
pub use receive::{continues, opens_more};
pub use watched::seen_now;
pub use work::*;

use forewarn_exchange::command::{Ahead, Command};
use forewarn_journal::member::Fares;
use forewarn_store::{Place, StoreError};
use meter::Meter;
use order::{Acts, Applied, Line};
use posts::Posts;
use probe::Probe;
use queue::{Entrance, Exit, NotQueued, Out, Waits, queue};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};

/// So long somebody waits for a journal apart, and is then told to ask again: a primary that is lost
/// is replaced within 25 s.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is said where another node acts, or this one does not yet.
fn rests(fares: &Fares) -> Failure {
    match fares.writer_url() {
        Some(url) => Failure::Elsewhere(Some(url.to_owned())),
        None => Failure::Behind,
    }
}

/// What a command is answered.
pub type Answered = Result<Outcome, Failure>;

/// What waits for the writer.
enum Job {
    Command(Box<Submitted>),
    /// Whether it can write.
    Probe(oneshot::Sender<Result<(), Failure>>),
}

struct Submitted {
    command: Command<Work>,
    reply: oneshot::Sender<Answered>,
}

impl Waits for Job {
    fn is_urgent(&self) -> bool {
        match self {
            Job::Command(one) => one.command.work.is_urgent(),
            Job::Probe(_) => true,
        }
    }
    fn bytes(&self) -> usize {
        match self {
            Job::Command(one) => one.command.work.bytes(),
            Job::Probe(_) => 0,
        }
    }
}

/// A handle to the writer. Cheap to clone; the writer ends when the last one is gone.
#[derive(Clone)]
pub struct Engine {
    queue: Arc<Entrance<Job>>,
    reached: watch::Receiver<i64>,
    accounts: watch::Receiver<u64>,
    posts: Arc<Posts>,
    runs: Arc<AtomicBool>,
    probe: Arc<Probe>,
    place: Arc<Place>,
    meter: Arc<Meter>,
    fares: watch::Receiver<Option<Fares>>,
    acts: watch::Receiver<Acts>,
    us: watch::Receiver<Option<Arc<Us>>>,
    heard: Arc<Heard>,
    /// Whether it acted when it was started.
    began: bool,
}

impl Engine {
    /// Starts the writer on a thread of its own.
    pub fn start(line: Line) -> Result<Engine, StoreError> {
        let (entrance, waiting) = queue();
        let store = line.core().store();
        let (tell, reached) = watch::channel(store.db().journal_index()?);
        let (tell_accounts, accounts) = watch::channel(0);
        let place = store.place().clone();
        let (tell_fares, fares) = watch::channel(line.fares());
        let (tell_acts, acts) = watch::channel(line.acts());
        let (tell_us, us) = watch::channel(line.core().us().cloned().map(Arc::new));
        let began = *acts.borrow() != Acts::No;
        let posts = Arc::new(Posts::default());
        let runs = Arc::new(AtomicBool::new(true));
        let meter = Arc::new(Meter::default());
        let heard = Arc::new(Heard::now());
        let (replies, heard_too) = (VecDeque::new(), heard.clone());
        let (posts_too, meter_too) = (posts.clone(), meter.clone());
        let writer = Writer {
            line,
            replies,
            tell_accounts,
            tell,
            tell_fares,
            tell_acts,
            tell_us,
            heard: heard_too,
            began,
            posts: posts_too,
            meter: meter_too,
        };
        let running = runs.clone();
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                writer.run(&waiting);
                running.store(false, Ordering::Release);
            })
            .map_err(|e| StoreError::Damaged { what: "the writer".into(), why: e.to_string() })?;
        let queue = Arc::new(entrance);
        let probe = Arc::default();
        Ok(Engine {
            queue,
            reached,
            accounts,
            posts,
            runs,
            probe,
            place,
            meter,
            fares,
            acts,
            us,
            heard,
            began,
        })
    }

    /// Submits a command and waits until it is durable, or refused. Where servers elsewhere hold it,
    /// they may be silent for long: whoever waits is told what to do.
    pub async fn submit(&self, command: Command<Work>) -> Answered {
        let id = self.fares.borrow().is_some().then(|| command.id.clone());
        let settled = self.settle(command);
        match id {
            None => settled.await,
            Some(id) => match tokio::time::timeout(PATIENCE, settled).await {
                Ok(answer) => answer,
                Err(_) => Err(Failure::InDoubt(id)),
            },
        }
    }

    /// The same, and waits however long it takes: whoever would do it again otherwise, by another
    /// command, does it once.
    pub async fn settle(&self, command: Command<Work>) -> Answered {
        let (reply, answer) = oneshot::channel();
        match self.queue.put(Job::Command(Box::new(Submitted { command, reply }))) {
            Ok(()) => answer.await.unwrap_or(Err(Failure::Stopping)),
            Err(NotQueued::Full) => {
                self.meter.busy();
                Err(Failure::Busy)
            }
            Err(NotQueued::Closed) => Err(Failure::Stopping),
        }
    }

    /// What the writer has done since it was started, and what waits for it.
    pub fn measured(&self) -> Measured {
        self.meter.measured(self.queue.waiting())
    }

    /// Follows the journal: the index reached, as it moves.
    pub fn follow(&self) -> watch::Receiver<i64> {
        self.reached.clone()
    }

    /// Follows users and tokens: moves once a change of them is durable.
    pub fn follow_accounts(&self) -> watch::Receiver<u64> {
        self.accounts.clone()
    }

    /// What decisions depend on, as it was recorded last, whichever node of the journal did; `None` before
    /// the first.
    pub fn us(&self) -> Option<Arc<Us>> {
        self.us.borrow().clone()
    }

    /// Follows our log to a partner: moves with each commit that it grows by.
    pub fn follow_posts(&self, partner: &str) -> watch::Receiver<u64> {
        self.posts.follow(partner)
    }

    /// Has the writer write something and take it back, and waits until that is on the disk. Asked
    /// often, it answers what it found a moment ago.
    ///
    /// # Errors
    /// The writer does not answer in time, has ended, or cannot write.
    pub async fn can_write(&self) -> Result<(), Failure> {
        self.probe.ask(&self.queue).await
    }

    /// Whether the files that the writer has open are still the database's.
    ///
    /// # Errors
    /// One was deleted, moved or replaced.
    pub fn is_in_place(&self) -> Result<(), StoreError> {
        self.place.check()
    }

    /// Follows how a journal apart fares.
    pub fn follow_journal(&self) -> watch::Receiver<Option<Fares>> {
        self.fares.clone()
    }

    /// How a journal apart fares; `None` when the journal is the store's own.
    pub fn journal(&self) -> Option<Fares> {
        self.fares.borrow().clone()
    }

    /// Since when nothing was heard of the servers that hold the journal, counted from this process's start
    /// at the most; `None` when the journal is the store's own. What was done elsewhere meanwhile, such as
    /// that somebody was suspended, is not known here.
    pub fn silent_for(&self) -> Option<Duration> {
        self.fares.borrow().as_ref().map(|_| self.heard.ago())
    }

    /// Why nothing may be signed or taken in here now; `None` when it may.
    pub fn at_rest(&self) -> Option<Failure> {
        match *self.acts.borrow() {
            Acts::Always => return None,
            Acts::Until(until) if self.began && until > Instant::now() => return None,
            Acts::Until(_) | Acts::No => {}
        }
        let fares = self.journal()?;
        Some(match fares.trouble.clone() {
            Some(why) => Failure::Journal(why),
            None => rests(&fares),
        })
    }

    /// Whether no other node ever takes the place of this one.
    pub fn is_alone(&self) -> bool {
        *self.acts.borrow() == Acts::Always
    }

    /// Whether this node acts: follows what moves.
    pub fn acts(&self) -> watch::Receiver<Acts> {
        self.acts.clone()
    }

    /// Whether the writer still takes commands.
    pub fn is_running(&self) -> bool {
        self.runs.load(Ordering::Acquire)
    }
}

/// A node that reads and can never write again would look alive: it ends, before any word about
/// it, so that whatever watches it starts it again. What was committed stands.
struct EndsWithPanic;

impl Drop for EndsWithPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::abort();
        }
    }
}

/// When a journal apart answered last.
#[derive(Debug)]
struct Heard(Mutex<Instant>);

impl Heard {
    fn now() -> Heard {
        Heard(Mutex::new(Instant::now()))
    }
    fn again(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
    fn ago(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

struct Writer {
    line: Line,
    /// Those who wait for what is in the journal's hands, in its order.
    replies: VecDeque<(String, oneshot::Sender<Answered>)>,
    tell_accounts: watch::Sender<u64>,
    tell: watch::Sender<i64>,
    tell_fares: watch::Sender<Option<Fares>>,
    tell_acts: watch::Sender<Acts>,
    tell_us: watch::Sender<Option<Arc<Us>>>,
    heard: Arc<Heard>,
    /// One that comes to act later begins anew first: what it knows is of before.
    began: bool,
    posts: Arc<Posts>,
    meter: Arc<Meter>,
}

impl Writer {
    fn run(mut self, waiting: &Exit<Job>) {
        // Goes before anything of the writer does: what is dropped may wait, or panic in turn.
        let _ends = EndsWithPanic;
        loop {
            let jobs = if self.line.owes() {
                // What is in doubt is settled before more is taken.
                if waiting.is_closed(self.line.pause().unwrap_or_default()) {
                    return;
                }
                Vec::new()
            } else {
                match waiting.take(self.line.rest()) {
                    Out::Group(jobs) => jobs,
                    Out::Nothing => Vec::new(),
                    Out::End => return,
                }
            };
            let (mut submitted, mut probes) = (Vec::with_capacity(jobs.len()), Vec::new());
            for job in jobs {
                match job {
                    Job::Command(one) => submitted.push(*one),
                    Job::Probe(reply) => probes.push(reply),
                }
            }
            self.turn(submitted);
            for reply in probes {
                // Whoever asked may have gone.
                let _ = reply.send(self.probe());
            }
        }
    }

    fn probe(&mut self) -> Result<(), Failure> {
        if let Some(why) = self.line.fares().and_then(|fares| fares.trouble) {
            return Err(Failure::Journal(why));
        }
        Ok(self.line.core_mut().probe()?)
    }

    fn turn(&mut self, submitted: Vec<Submitted>) {
        let mut commands = Vec::with_capacity(submitted.len());
        if !submitted.is_empty() {
            let ahead: Vec<Ahead> = self.line.core().ahead();
            for Submitted { mut command, reply } in submitted {
                let resting = self.line.fares().filter(|_| !self.began);
                let refused = resting.map(|fares| rests(&fares));
                if let Some(failure) = refused.or_else(|| self.line.refuses(&command)) {
                    let _ = reply.send(Err(failure));
                    continue;
                }
                command.ahead.clone_from(&ahead);
                self.replies.push_back((command.id.clone(), reply));
                commands.push(command);
            }
        }
        self.line.order(commands);
        while let Some(applied) = self.line.apply() {
            self.applied(applied);
        }
        if self.line.fares().is_some_and(|fares| fares.stopped.is_some()) {
            // It may be there or not: whoever takes the journal over finds out.
            for (id, reply) in self.replies.drain(..) {
                let _ = reply.send(Err(Failure::InDoubt(id)));
            }
        } else if !self.line.owes() {
            // Another node has become the writer: what is left was not done, and never will be.
            for (_, reply) in self.replies.drain(..) {
                let _ = reply.send(Err(self.line.elsewhere()));
            }
        }
        // What is in doubt is settled before anybody looks at what is to be done next.
        if !self.line.owes() {
            self.tell_acts.send_if_modified(|known| {
                let now = self.line.acts();
                let is_other = *known != now;
                *known = now;
                is_other
            });
        }
        if self.line.fares().is_some_and(|fares| fares.answers()) {
            self.heard.again();
        }
        self.tell_fares.send_if_modified(|known| {
            let now = self.line.fares();
            let is_other = *known != now;
            *known = now;
            is_other
        });
    }

    fn applied(&mut self, applied: Applied) {
        let Applied { commands, is_ours, done, took } = applied;
        let answers = match done {
            Ok(Committed { answers, index, posted, notices }) => {
                let refused = answers.iter().filter(|answer| answer.is_err()).count();
                self.meter.committed(answers.len(), refused, took);
                notices.iter().for_each(Notice::log);
                if commands.iter().any(|command| command.work.is_of_accounts()) {
                    self.tell_accounts.send_modify(|count| *count += 1);
                }
                if commands.iter().any(|one| matches!(one.work, Work::Configure(_))) {
                    self.tell_us.send_replace(self.line.core().us().cloned().map(Arc::new));
                }
                self.tell.send_replace(index);
                self.posts.moved(&posted);
                // Acknowledged means durable: what went to a file without a name is not.
                let lost = self.line.core().store().place().check().map_err(Failure::from);
                answers.into_iter().map(|answer| lost.clone().and(answer)).collect()
            }
            Err(error) => {
                self.meter.failed();
                vec![Err(Failure::from(error)); commands.len()]
            }
        };
        if is_ours {
            for answer in answers {
                // The caller may have gone; what was done stands all the same.
                let _ = self.replies.pop_front().map(|(_, reply)| reply.send(answer));
            }
        }
    }
}
