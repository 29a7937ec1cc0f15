//! Where commands get their place in the one order, and who applies them then.
//!
//! No table, route or follower knows which journal the node stands on: only what is here does.

use crate::core::{Committed, Core};
use crate::failure::Failure;
use crate::work::Work;
use forewarn_exchange::command::Command;
use forewarn_journal::batch::Position;
use forewarn_journal::member::{Fares, Stands};
use forewarn_store::StoreError;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// After a command that is held could not be applied, since the disk is full or slow, it is tried again.
const APPLY_AGAIN: Duration = Duration::from_secs(1);

/// Commands that stand together in the order: to be applied now, in one transaction.
#[derive(Debug)]
pub struct Run {
    /// The commands.
    pub commands: Vec<Command<Work>>,
    /// Whether they were put there by this process: somebody waits for their answers.
    pub is_ours: bool,
    /// The place behind them, in a journal apart, where they stand whether or not they can be applied
    /// now. `None`: they stand in this store, by the commit that applies them.
    pub end: Option<Position>,
}

/// Whether this node does what has effects outside: it writes to partners, tells people, follows feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acts {
    /// It is the only one that ever does.
    Always,
    /// It does, and nobody else does, until then; a moment that is put off again and again.
    Until(Instant),
    /// Another node does, or it is not known here yet all that was done.
    No,
}

/// One order of commands. Whoever applies it from the same beginning comes to the same state.
pub trait Journal: Send {
    /// Puts these at the end of the order, and gives what is to be applied next: what others have put
    /// before them, then these, each once, as far as it can no longer be lost. What is not given back
    /// yet is given back later, in its turn.
    fn order(&mut self, ours: Vec<Command<Work>>) -> Vec<Run>;

    /// Whether something that was put in has not been given back. Nothing more is put in meanwhile.
    fn owes(&self) -> bool;

    /// Why it does not take a command now; `None` when it does.
    fn refuses(&self, command: &Command<Work>) -> Option<Failure>;

    /// Whether this node acts.
    fn acts(&self) -> Acts;

    /// How long to wait for commands of our own before others' are asked for; `None` when there are
    /// no others.
    fn rest(&self) -> Option<Duration>;

    /// All up to this place is applied, and kept.
    fn applied(&mut self, end: &Position);

    /// How a journal apart fares; `None` when the order is the store's own.
    fn fares(&self) -> Option<Fares>;
}

/// The order in which commands come, kept by the store that applies them, in the same commit.
#[derive(Debug, Default)]
pub struct Embedded;

impl Journal for Embedded {
    fn order(&mut self, ours: Vec<Command<Work>>) -> Vec<Run> {
        if ours.is_empty() {
            return Vec::new();
        }
        vec![Run { commands: ours, is_ours: true, end: None }]
    }

    fn owes(&self) -> bool {
        false
    }

    fn refuses(&self, _command: &Command<Work>) -> Option<Failure> {
        None
    }

    fn acts(&self) -> Acts {
        Acts::Always
    }

    fn rest(&self) -> Option<Duration> {
        None
    }

    fn applied(&mut self, _end: &Position) {}

    fn fares(&self) -> Option<Fares> {
        None
    }
}

/// What was applied, or was not.
#[derive(Debug)]
pub(crate) struct Applied {
    pub(crate) commands: Vec<Command<Work>>,
    pub(crate) is_ours: bool,
    /// What came of it. Nothing of an error was applied, and nothing of it will be.
    pub(crate) done: Result<Committed, StoreError>,
    pub(crate) took: Duration,
}

/// A journal, and the store that it is applied to.
pub struct Line {
    core: Core,
    journal: Box<dyn Journal>,
    /// Held, and not applied yet.
    runs: VecDeque<Run>,
    /// So many of the first are of a group that failed, each tried by itself.
    singly: usize,
    /// Why what is held could not be applied, the last time.
    stuck: Option<String>,
}

impl Line {
    /// Puts both together.
    pub fn new(core: Core, journal: Box<dyn Journal>) -> Line {
        Line { core, journal, runs: VecDeque::new(), singly: 0, stuck: None }
    }

    /// The store's side.
    pub fn core(&self) -> &Core {
        &self.core
    }

    pub(crate) fn core_mut(&mut self) -> &mut Core {
        &mut self.core
    }

    pub(crate) fn owes(&self) -> bool {
        self.journal.owes() || !self.runs.is_empty()
    }

    /// How long to wait before the next turn, when what is held could not be applied.
    pub(crate) fn pause(&self) -> Option<Duration> {
        (!self.runs.is_empty()).then_some(APPLY_AGAIN)
    }

    pub(crate) fn rest(&self) -> Option<Duration> {
        self.journal.rest()
    }

    /// Whether this node acts, as far as all that was put in is settled.
    pub fn acts(&self) -> Acts {
        self.journal.acts()
    }

    pub(crate) fn refuses(&self, command: &Command<Work>) -> Option<Failure> {
        self.journal.refuses(command)
    }

    /// What is said to those whose commands another node has to do.
    pub(crate) fn elsewhere(&self) -> Failure {
        match self.journal.fares().map(|fares| fares.stands) {
            Some(Stands::Follows { writer, .. }) => Failure::Elsewhere(writer.map(|one| one.url)),
            Some(Stands::Undecided | Stands::CatchesUp | Stands::Writes) | None => {
                Failure::Elsewhere(None)
            }
        }
    }

    /// How the journal fares, when it is apart.
    pub fn fares(&self) -> Option<Fares> {
        let mut fares = self.journal.fares()?;
        if let Some(why) = &self.stuck {
            let words = "what the journal holds cannot be applied here, and is tried again";
            fares.trouble = Some(format!("{words}: {why}"));
        }
        Some(fares)
    }

    /// Has commands ordered: [`Line::apply`] applies them in their turn.
    pub(crate) fn order(&mut self, ours: Vec<Command<Work>>) {
        self.runs.extend(self.journal.order(ours));
    }

    /// Applies what is next; `None` when nothing is, or when it cannot be applied now.
    pub(crate) fn apply(&mut self) -> Option<Applied> {
        while let Some(mut run) = self.runs.pop_front() {
            if self.singly > 0 {
                // Whoever was answered meanwhile may have changed what must not be signed.
                self.singly -= 1;
                let ahead = self.core.ahead();
                run.commands.iter_mut().for_each(|command| command.ahead.clone_from(&ahead));
            }
            let begun = Instant::now();
            let commands: Vec<&Command<Work>> = run.commands.iter().collect();
            let done = self.core.apply(&commands, run.end.as_ref());
            let (took, Run { commands, is_ours, end }) = (begun.elapsed(), run);
            match (done, end) {
                (Ok(done), end) => {
                    self.stuck = None;
                    if let Some(end) = end {
                        self.journal.applied(&end);
                    }
                    return Some(Applied { commands, is_ours, done: Ok(done), took });
                }
                (Err(error), Some(end)) => {
                    tracing::error!(%error, "what the journal holds could not be applied; it is tried again");
                    self.stuck = Some(error.to_string());
                    self.runs.push_front(Run { commands, is_ours, end: Some(end) });
                    return None;
                }
                // One command that cannot be stored must not take the others with it.
                (Err(_), None) if commands.len() > 1 => {
                    self.singly = commands.len();
                    let one = |one| Run { commands: vec![one], is_ours, end: None };
                    commands.into_iter().rev().for_each(|c| self.runs.push_front(one(c)));
                }
                (Err(error), None) => {
                    tracing::error!(%error, "a transaction failed; nothing of it was applied");
                    return Some(Applied { commands, is_ours, done: Err(error), took });
                }
            }
        }
        None
    }

    /// Applies what was done, until there is no more, or for so long; whether it has come to the end.
    pub fn catch_up(&mut self, within: Duration) -> bool {
        let begun = Instant::now();
        while self.journal.rest().is_some() {
            self.order(Vec::new());
            let mut is_behind = false;
            while self.apply().is_some() {
                is_behind = true;
            }
            if !is_behind && !self.owes() && self.fares().is_some_and(|fares| is_level(&fares)) {
                return true;
            }
            if begun.elapsed() > within || self.pause().is_some() {
                return false;
            }
        }
        true
    }

    /// Does one command before the writer runs.
    ///
    /// # Errors
    /// It was refused, could not be stored, or is not known to be held within this time.
    pub fn first(&mut self, command: Command<Work>, within: Duration) -> Result<(), Failure> {
        if let Some(failure) = self.refuses(&command) {
            return Err(failure);
        }
        let (begun, id) = (Instant::now(), command.id.clone());
        let mut ours = vec![command];
        loop {
            self.order(std::mem::take(&mut ours));
            while let Some(applied) = self.apply() {
                if applied.is_ours {
                    let answers = applied.done?.answers;
                    return answers.into_iter().try_for_each(|answer| answer.map(|_| ()));
                }
            }
            if !self.owes() {
                // Another node has become the writer meanwhile.
                return Err(self.elsewhere());
            }
            if begun.elapsed() > within || self.pause().is_some() {
                return Err(Failure::InDoubt(id));
            }
        }
    }
}

/// Whether all is held here that was there when it was last asked.
fn is_level(fares: &Fares) -> bool {
    let is_well = fares.troubled.is_none() && fares.stopped.is_none();
    is_well && matches!(fares.stands, Stands::Writes | Stands::Follows { is_level: true, .. })
}
