//! A journal apart, which several nodes share: the rules are those of `forewarn-journal`; here
//! commands become batches, and batches commands.

use crate::failure::Failure;
use crate::order::{Acts, Journal, Run};
pub use crate::wire::SPEAKS;
use crate::wire::{self, MAX_ONE};
use crate::work::Work;
use forewarn_exchange::command::Command;
use forewarn_exchange::drawn::Ids;
use forewarn_journal::answer::Keeping;
use forewarn_journal::batch::{Batch, Position};
use forewarn_journal::member::{Did, Fares, Held, Member, Stands, Stopped};
use forewarn_journal::server::Server;
use forewarn_journal::stand::Stand;
pub use forewarn_journal::stand::{Comes, LEASE};
use std::time::{Duration, Instant};

/// Others' commands are looked for so often while there are some.
const REST_BUSY: Duration = Duration::from_millis(3);
/// And so often while there are none.
const REST_IDLE: Duration = Duration::from_millis(20);
/// After so many looks without anything, it is idle.
const LOOKS: u32 = 200;

/// Whoever writes to the journal's tables commands every node: bodies are sealed under a key that
/// the nodes have and the servers have not.
pub trait Seal: Send {
    /// Seals a body. What it says beside it is `beside`; both are authenticated.
    fn seal(&self, id: &str, beside: &[u8], body: Vec<u8>) -> Option<Vec<u8>>;
    /// Opens it again; `None` when it is not what was sealed.
    fn open(&self, id: &str, beside: &[u8], sealed: Vec<u8>) -> Option<Vec<u8>>;
}

/// Where the name is kept under which the journal was claimed last: so that a start of the same folder
/// goes on, and one of a copy does not.
pub trait Keeps: Send {
    /// Keeps it, beside those that it has, before it is claimed under.
    ///
    /// # Errors
    /// It could not be kept.
    fn keep(&mut self, name: &str) -> Result<(), String>;
}

/// A journal on servers elsewhere.
pub struct Shared<S> {
    member: Member,
    server: S,
    seal: Box<dyn Seal>,
    /// Where the name is kept, until it is.
    keeps: Option<Box<dyn Keeps>>,
    node: String,
    ids: Ids,
    begun: Instant,
    /// Looks without anything since there was something.
    looks: u32,
}

impl<S: Server> Shared<S> {
    /// A node's side of it. The name that it comes under is another at each start, as are `ids`;
    /// `applied` is what the store has kept.
    pub fn new(
        (server, seal): (S, Box<dyn Seal>),
        keeping: Keeping,
        (comes, keeps, ids): (Comes, Box<dyn Keeps>, Ids),
        applied: Position,
    ) -> Shared<S> {
        let node = comes.name.clone();
        let member = Member::new(keeping, SPEAKS, Stand::new(comes), applied);
        let keeps = Some(keeps);
        Shared { member, server, seal, keeps, node, ids, begun: Instant::now(), looks: 0 }
    }

    /// Keeps the name before it is claimed under.
    fn keep(&mut self) {
        if !self.member.is_about_to_claim() {
            return;
        }
        if let Some(keeps) = &mut self.keeps {
            match keeps.keep(&self.node) {
                Ok(()) => self.keeps = None,
                Err(why) => self.member.stop(Stopped::NotKept(why)),
            }
        }
    }

    /// Puts commands into batches, to be appended.
    fn offer(&mut self, ours: &[Command<Work>]) -> Result<(), String> {
        for lines in wire::pack(ours).map_err(|e| e.to_string())? {
            let id = self.ids.id("batch");
            let body = lines.compressed().map_err(|e| e.to_string())?;
            let (node, version, count) = (self.node.clone(), SPEAKS, lines.count);
            let mut batch = Batch { id, node, version, count, body: Vec::new() };
            let sealed = self.seal.seal(&batch.id, &beside(&batch), body);
            batch.body = sealed.ok_or("it could not be sealed")?;
            self.member.offer(batch);
        }
        Ok(())
    }

    fn run(&self, held: Held) -> Result<Run, String> {
        let Held { batch, end, is_ours } = held;
        let beside = beside(&batch);
        let Batch { id, count, body, .. } = batch;
        let body = self.seal.open(&id, &beside, body);
        let body = body.ok_or("it was not sealed by this organisation's nodes (`journal.key`)")?;
        let commands = wire::read(&body, count).map_err(|e| e.to_string())?;
        Ok(Run { commands, is_ours, end: Some(end) })
    }
}

/// What a batch says beside its body and its id.
fn beside(batch: &Batch) -> Vec<u8> {
    format!("{}\n{}\n{}", batch.version.0, batch.count, batch.node).into_bytes()
}

impl<S: Server + Send> Journal for Shared<S> {
    fn order(&mut self, ours: Vec<Command<Work>>) -> Vec<Run> {
        if let Err(why) = self.offer(&ours) {
            // The node's own command cannot be written: a fault of the program.
            let at = self.member.fares().held.size;
            self.member.stop(Stopped::Unreadable { at, why });
        }
        let mut runs = Vec::new();
        loop {
            self.keep();
            let did = self.member.step(&mut self.server, self.begun.elapsed());
            while let Some(held) = self.member.take() {
                let at = held.end.size;
                match self.run(held) {
                    Ok(run) => runs.push(run),
                    Err(why) => self.member.stop(Stopped::Unreadable { at, why }),
                }
            }
            if !runs.is_empty() {
                self.looks = 0;
                return runs;
            }
            match did {
                Did::Worked => {}
                Did::Idle => {
                    self.looks = self.looks.saturating_add(1);
                    return runs;
                }
                Did::Failed(rest) => {
                    self.server.rest(rest);
                    return runs;
                }
                Did::Stopped => return runs,
            }
        }
    }

    fn owes(&self) -> bool {
        self.member.owes() && self.member.fares().stopped.is_none()
    }

    fn refuses(&self, command: &Command<Work>) -> Option<Failure> {
        if let Some(why) = self.member.fares().stopped {
            return Some(Failure::Journal(why.to_string()));
        }
        match self.member.fares().stands {
            Stands::Writes => {}
            Stands::Undecided | Stands::CatchesUp => return Some(Failure::Behind),
            Stands::Follows { writer, .. } => {
                return Some(Failure::Elsewhere(writer.map(|one| one.url)));
            }
        }
        // As base64 it grows by a third.
        let is_large = command.work.bytes() > MAX_ONE / 2;
        is_large.then(|| Failure::Journal("this is more than one batch of it takes".to_owned()))
    }

    fn acts(&self) -> Acts {
        let Fares { stands, trusted, stopped, .. } = self.member.fares();
        match (stands, trusted, stopped) {
            (Stands::Writes, Some(until), None) => Acts::Until(self.begun + until),
            _ => Acts::No,
        }
    }

    fn rest(&self) -> Option<Duration> {
        Some(if self.looks < LOOKS { REST_BUSY } else { REST_IDLE })
    }

    fn applied(&mut self, end: &Position) {
        self.member.applied(end.size);
    }

    fn fares(&self) -> Option<Fares> {
        Some(self.member.fares())
    }
}
