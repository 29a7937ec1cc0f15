//! The node's committed state: read from a snapshot, changed by commands, and by nothing else.

use crate::clock;
use crate::doer::Doer;
use forewarn_engine::order::Line;
use forewarn_engine::{Configuration, Engine, Failure, LimitedAct, Outcome, Task, Us, Work};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::command::Command;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::Standing;
use forewarn_exchange::proposal::Proposal;
use forewarn_exchange::{Act, Code, Refusal};
use forewarn_store::{Db, Readers};
use forewarn_transcript::Party;
use std::sync::Arc;

/// A handle to the state. Cheap to clone.
#[derive(Clone)]
pub struct State {
    engine: Engine,
    readers: Arc<Readers>,
    /// Our name and first keys: nothing changes them while the node runs.
    known: Arc<(NodeName, Party)>,
    /// As it was at the start.
    us: Arc<Us>,
}

impl State {
    /// Starts the writer.
    pub(crate) fn start(line: Line) -> Result<State, Failure> {
        let core = line.core();
        let readers = Arc::new(core.store().readers());
        let us = core.us().cloned();
        let us =
            us.ok_or_else(|| Refusal::new(Code::NotReady, "the node is not configured yet"))?;
        let known = Arc::new((us.name().clone(), us.party()));
        let us = Arc::new(us);
        Ok(State { engine: Engine::start(line)?, readers, known, us })
    }

    /// What decisions depend on, as it was recorded last.
    pub fn us(&self) -> Arc<Us> {
        self.engine.us().unwrap_or_else(|| self.us.clone())
    }

    /// Our name.
    pub fn name(&self) -> &NodeName {
        &self.known.0
    }

    /// Our name and first keys.
    pub fn party(&self) -> &Party {
        &self.known.1
    }

    /// Puts another configuration on record, unless it is the one that is there.
    ///
    /// # Errors
    /// It was refused, or is not on record.
    pub(crate) async fn configure(
        &self,
        actor: Actor,
        configuration: Configuration,
    ) -> Result<(), Failure> {
        let known = self.read(|db| Ok(Us::read(&db)?)).await?;
        if known.is_none_or(|us| us.configuration != configuration) {
            self.work(actor, configuration).await?;
        }
        Ok(())
    }

    /// The writer, to be followed.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Submits an act of a person; `id` is the caller's, so that a retry is applied once.
    pub async fn act(&self, doer: Doer, id: Option<String>, act: Act) -> Result<Answer, Failure> {
        let Doer { actor, only, seen } = doer;
        if only.is_none() && seen.is_none() {
            return self.submit(actor, id, act).await;
        }
        self.submit(actor, id, LimitedAct { only, seen, act }).await
    }

    /// Submits what the node itself brings.
    pub async fn work<T: Task>(&self, actor: Actor, task: T) -> Result<T::Answer, Failure> {
        self.submit(actor, None, task).await
    }

    async fn submit<T: Task>(
        &self,
        actor: Actor,
        id: Option<String>,
        task: T,
    ) -> Result<T::Answer, Failure> {
        let is_ours = matches!(actor, Actor::Node(_));
        let command = command(actor, id, task.into());
        // What the node itself does is not decided again while it is in doubt: it would be done twice.
        let outcome: Outcome = if is_ours {
            self.engine.settle(command).await?
        } else {
            self.engine.submit(command).await?
        };
        let bug = || Failure::Store("a command was answered with another's answer".to_owned());
        T::answer(outcome).ok_or_else(bug)
    }

    /// Reads from a snapshot, on a thread that may wait for the disk.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(Db<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let readers = self.readers.clone();
        on_a_thread(move || readers.read(work)).await?
    }

    /// Why a proposal could not be done as things stand; `None` when it could.
    pub fn objection(&self, db: &Db<'_>, proposal: &Proposal) -> Result<Option<Refusal>, Failure> {
        let actor = Actor::User(proposal.by.clone());
        let command = command(actor, None, proposal.act.clone().into());
        Ok(forewarn_engine::objection(db, &self.us(), proposal, &command)?)
    }

    /// Whether a partner may be spoken to: what is released to it goes out.
    pub async fn is_confirmed(&self, partner: &str) -> Result<bool, Failure> {
        let name = partner.to_owned();
        let known = self.read(move |db| Ok(db.partner(&name)?)).await?;
        Ok(known.is_some_and(|known| matches!(known.standing, Standing::Confirmed { .. })))
    }
}

/// A command that is taken in now.
pub(crate) fn command(actor: Actor, id: Option<String>, work: Work) -> Command<Work> {
    let id = id.unwrap_or_else(|| Ids::new(clock::seed()).id("command"));
    let (time, seed) = (clock::now(), clock::seed());
    Command { id, actor, time, seed, ahead: Vec::new(), work }
}

/// Work that takes its time, on a thread that may wait for it.
///
/// # Errors
/// It has ended in a panic, or the node stops.
pub async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|e| {
        if e.is_panic() {
            // A bug of ours, in one piece of work: reported and logged, and nothing else ends by it.
            Failure::Store(format!("a piece of work ended in a panic: {e}"))
        } else {
            Failure::Stopping
        }
    })
}
