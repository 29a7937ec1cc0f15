//! One node's place in the line, and what it does next.

use crate::answer::{Answer, Came, Keeping, Meaning};
use crate::batch::{Batch, Position, Row, Unfit, Version};
use crate::server::{Greeting, Placed, Server};
use std::collections::VecDeque;
use std::time::Duration;

/// An old primary is silent for ever, and only a commit that fails shows it: after so long without
/// news something of no weight is committed.
const QUIET: Duration = Duration::from_secs(3);
/// Servers that lack what this node has applied are old ones at first; after this, it is lost.
const LOST_AFTER: Duration = Duration::from_mins(1);
/// A gap between rows that are shown is filled in a moment, or never.
const GAP_AFTER: Duration = Duration::from_secs(10);
/// The rest after a session that failed: doubled at each, up to [`MAX_REST`].
const MIN_REST: Duration = Duration::from_millis(50);
/// A server that comes back is found again within this.
const MAX_REST: Duration = Duration::from_secs(1);

/// Why a member neither appends nor applies any more. A person has to act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// The journal was changed by somebody, or by a bad disk.
    #[error("the journal is damaged: {0}. Nothing of it was applied from there on")]
    Damaged(Unfit),
    /// What is needed next was thrown away.
    #[error("the journal begins at {oldest}, and this node has come to {reached}: load a snapshot")]
    TooFarBehind {
        /// The first index that is still there.
        oldest: u64,
        /// How far the node has come.
        reached: u64,
    },
    /// No server has what was applied here.
    #[error(
        "no server has the first {0} commands as they were applied here: it is another journal, or it \
         has lost some. Nothing is appended until that is settled"
    )]
    Lost(u64),
    /// A later release has written.
    #[error(
        "at {at} the journal has a batch of version {version}, which this program cannot read: upgrade it"
    )]
    Newer {
        /// Where.
        at: u64,
        /// In which version.
        version: u32,
    },
    /// Another node has taken over.
    #[error(
        "`{0}` has taken the journal over: this node appends nothing more. Stop it, or start it again to \
         take it back"
    )]
    Replaced(String),
    /// What is held cannot be read.
    #[error(
        "what the journal holds at {at} cannot be read: {why}. Nothing was applied from there on"
    )]
    Unreadable {
        /// Behind which size.
        at: u64,
        /// Why.
        why: String,
    },
    /// The journal takes no batch that this program can write.
    #[error(
        "the journal takes batches up to version {0}, which this program does not write any more"
    )]
    Older(u32),
}

/// A batch that is held, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The batch.
    pub batch: Batch,
    /// The place behind it.
    pub end: Position,
    /// Whether this member has appended it since it was started.
    pub is_ours: bool,
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Did {
    /// Something; the next step may follow at once.
    Worked,
    /// Nothing, since there is nothing to do.
    Idle,
    /// The session failed: nothing is asked before this has passed.
    Failed(Duration),
    /// Nothing, and never again.
    Stopped,
}

/// A session that has said hello.
#[derive(Debug, Default)]
struct Session {
    /// Visible behind what is held; not believed yet.
    seen: Vec<(Row, Position)>,
    /// A place that an append of ours proved to be held.
    proven: Option<Position>,
    /// Whether our first batch is there, unproven.
    ours_is_there: bool,
    /// Since when a gap is seen.
    gap: Option<Duration>,
}

/// How a member fares, for people to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fares {
    /// Up to here all is held, as far as is known here.
    pub held: Position,
    /// Up to here it was applied.
    pub applied: u64,
    /// Batches of ours that are not held yet.
    pub waiting: usize,
    /// Since when there has been no clean answer, by the clock that steps are given; `None` while all
    /// is well.
    pub troubled: Option<Duration>,
    /// What was wrong last.
    pub trouble: Option<String>,
    /// Why nothing goes on.
    pub stopped: Option<Stopped>,
}

/// One node's view of the journal.
#[derive(Debug)]
pub struct Member {
    keeping: Keeping,
    speaks: Version,
    held: Position,
    applied: u64,
    ready: VecDeque<Held>,
    ours: VecDeque<Batch>,
    session: Option<Session>,
    /// As whom to take the journal over, until that is done.
    claim: Option<String>,
    /// When a commit was last answered clean.
    heard: Duration,
    rest: Duration,
    lost: Option<Duration>,
    troubled: Option<Duration>,
    trouble: Option<String>,
    stopped: Option<Stopped>,
}

/// Why a session ends.
enum Ends {
    Leave(String),
    Stop(Stopped),
}

impl Member {
    /// A member that has applied all up to a place, which its own store has kept.
    pub fn new(keeping: Keeping, speaks: Version, applied: Position) -> Member {
        Member {
            keeping,
            speaks,
            held: applied,
            applied: applied.size,
            ready: VecDeque::new(),
            ours: VecDeque::new(),
            session: None,
            claim: None,
            heard: Duration::ZERO,
            rest: MIN_REST,
            lost: None,
            troubled: None,
            trouble: None,
            stopped: None,
        }
    }

    /// Takes the journal over, before all else: batches of this node are appended, and nobody else's.
    pub fn claim(&mut self, node: String) {
        self.claim = Some(node);
    }

    /// Wants a batch appended. It is asked for with the same id until it is held.
    pub fn offer(&mut self, batch: Batch) {
        self.ours.push_back(batch);
    }

    /// Whether something of ours is not held yet.
    pub fn owes(&self) -> bool {
        !self.ours.is_empty()
    }

    /// The next batch that is held: to be applied, in this order, once.
    pub fn take(&mut self) -> Option<Held> {
        self.ready.pop_front()
    }

    /// All up to this size is applied and kept.
    pub fn applied(&mut self, size: u64) {
        self.applied = self.applied.max(size);
    }

    /// What was taken cannot be applied, now or later: nothing goes on.
    pub fn stop(&mut self, why: Stopped) {
        self.trouble = Some(why.to_string());
        self.ready.clear();
        self.stopped = Some(why);
    }

    /// How it fares.
    pub fn fares(&self) -> Fares {
        Fares {
            held: self.held,
            applied: self.applied,
            waiting: self.ours.len(),
            troubled: self.troubled,
            trouble: self.trouble.clone(),
            stopped: self.stopped.clone(),
        }
    }

    /// Asks the server one thing, at the most, and draws the conclusions. `now` is any clock that
    /// goes forward.
    pub fn step(&mut self, server: &mut impl Server, now: Duration) -> Did {
        if self.stopped.is_some() {
            return Did::Stopped;
        }
        let done = match self.session.take() {
            None => self.hello(server, now).map(|session| (session, Did::Worked)),
            Some(mut session) => self.ask(server, &mut session, now).map(|did| (session, did)),
        };
        match done {
            Ok((session, did)) => {
                self.session = Some(session);
                did
            }
            Err(Ends::Leave(why)) => {
                server.leave();
                self.troubled.get_or_insert(now);
                self.trouble = Some(why);
                let rest = self.rest;
                self.rest = (rest * 2).min(MAX_REST);
                Did::Failed(rest)
            }
            Err(Ends::Stop(why)) => {
                server.leave();
                self.troubled.get_or_insert(now);
                self.stop(why);
                Did::Stopped
            }
        }
    }

    /// A server that lacks what we hold is an old one, or has lost it.
    fn hello(&mut self, server: &mut impl Server, now: Duration) -> Result<Session, Ends> {
        let Greeting { head, version: _, oldest, writer: _, chain } =
            value(server.hello(self.held.size))?;
        if oldest > self.held.size {
            let reached = self.held.size;
            return Err(Ends::Stop(Stopped::TooFarBehind { oldest, reached }));
        }
        if head.size < self.held.size || chain != Some(self.held.chain) {
            let since = *self.lost.get_or_insert(now);
            if now.saturating_sub(since) >= LOST_AFTER {
                return Err(Ends::Stop(Stopped::Lost(self.held.size)));
            }
            return Err(Ends::Leave(format!(
                "this server does not have the first {} commands as they were applied here",
                self.held.size
            )));
        }
        self.lost = None;
        // Only a commit shows whether it is a primary: the first is not put off.
        self.heard = now.saturating_sub(QUIET);
        Ok(Session::default())
    }

    fn ask(
        &mut self,
        server: &mut impl Server,
        session: &mut Session,
        now: Duration,
    ) -> Result<Did, Ends> {
        if let Some(node) = &self.claim {
            match server.claim(node).of_commit(self.keeping) {
                Meaning::Held(()) => {
                    self.went_well(now);
                    self.claim = None;
                    return Ok(Did::Worked);
                }
                Meaning::There => return Err(Ends::Leave("a commit was refused".into())),
                Meaning::InDoubt(why) | Meaning::NotDone(why) | Meaning::SetUp(why) => {
                    return Err(Ends::Leave(why));
                }
            }
        }
        if session.proven.is_none()
            && !session.ours_is_there
            && let Some(batch) = self.ours.front().cloned()
        {
            self.append(server, session, (&batch, now))?;
            return Ok(Did::Worked);
        }
        if let Some(proven) = session.proven
            && session.end(&self.held).size >= proven.size
        {
            session.proven = None;
            self.hold(session, Some(proven))?;
            return Ok(Did::Worked);
        }
        // What is seen is confirmed before more is read: so what others append is applied soon.
        if session.proven.is_none() && !session.seen.is_empty() {
            return self.confirm(server, session, now);
        }
        if self.read(server, session, now)? {
            return Ok(Did::Worked);
        }
        if session.ours_is_there {
            return Err(Ends::Leave("a batch of ours is there, and is not shown".into()));
        }
        if now.saturating_sub(self.heard) >= QUIET {
            return self.confirm(server, session, now);
        }
        Ok(Did::Idle)
    }

    fn append(
        &mut self,
        server: &mut impl Server,
        session: &mut Session,
        (batch, now): (&Batch, Duration),
    ) -> Result<(), Ends> {
        match server.append(batch).of_commit(self.keeping) {
            Meaning::Held(Some(Placed { start, chain })) => {
                self.went_well(now);
                let end = session.end(&self.held);
                let placed = Position { size: start.saturating_add(batch.count), chain };
                // Nobody has appended anything since we last looked: our own need not be read.
                if start == end.size {
                    let digest = batch.digest();
                    let row = Row { start, batch: batch.clone(), digest, chain };
                    let after = row.follows(&end).map_err(damaged)?;
                    session.seen.push((row, after));
                } else if start < end.size {
                    return Err(damaged(Unfit::Changed(start)));
                }
                session.proven = Some(placed);
                Ok(())
            }
            Meaning::Held(None) => {
                let Greeting { version, writer, .. } = value(server.hello(self.held.size))?;
                if version < batch.version {
                    return Err(Ends::Stop(Stopped::Older(version.0)));
                }
                if let Some(other) = writer.filter(|writer| *writer != batch.node) {
                    return Err(Ends::Stop(Stopped::Replaced(other)));
                }
                Err(Ends::Leave("the journal was set otherwise a moment ago".into()))
            }
            Meaning::There => {
                session.ours_is_there = true;
                Ok(())
            }
            Meaning::InDoubt(why) | Meaning::NotDone(why) | Meaning::SetUp(why) => {
                Err(Ends::Leave(why))
            }
        }
    }

    /// Reads on behind what was seen; whether anything was there.
    fn read(
        &mut self,
        server: &mut impl Server,
        session: &mut Session,
        now: Duration,
    ) -> Result<bool, Ends> {
        let mut end = session.end(&self.held);
        let rows = value(server.read(end.size))?;
        let was = session.seen.len();
        for row in rows {
            if row.batch.version > self.speaks {
                let (at, version) = (row.start, row.batch.version.0);
                if session.seen.is_empty() {
                    return Err(Ends::Stop(Stopped::Newer { at, version }));
                }
                // What stands before it is applied first.
                break;
            }
            match row.follows(&end) {
                Ok(after) => {
                    session.gap = None;
                    end = after;
                    session.seen.push((row, after));
                }
                Err(gap @ Unfit::Gap(..)) => {
                    let since = *session.gap.get_or_insert(now);
                    if now.saturating_sub(since) >= GAP_AFTER {
                        return Err(damaged(gap));
                    }
                    break;
                }
                Err(changed @ Unfit::Changed(_)) => return Err(damaged(changed)),
            }
        }
        Ok(session.seen.len() > was)
    }

    /// A commit of our own, after we saw what we saw, answered clean: all of that is held.
    fn confirm(
        &mut self,
        server: &mut impl Server,
        session: &mut Session,
        now: Duration,
    ) -> Result<Did, Ends> {
        let end = session.end(&self.held);
        match server.confirm(end.size, self.applied).of_commit(self.keeping) {
            Meaning::Held(()) => {
                self.went_well(now);
                self.hold(session, None)?;
                Ok(Did::Worked)
            }
            Meaning::There => Err(Ends::Leave("a commit was refused".into())),
            Meaning::InDoubt(why) | Meaning::NotDone(why) | Meaning::SetUp(why) => {
                Err(Ends::Leave(why))
            }
        }
    }

    /// What was seen is held: all of it, or up to a place that must be an end of a batch.
    fn hold(&mut self, session: &mut Session, upto: Option<Position>) -> Result<(), Ends> {
        if let Some(upto) = upto
            && !session.seen.iter().any(|(_, end)| *end == upto)
        {
            return Err(damaged(Unfit::Changed(upto.size)));
        }
        let is_in = |end: &Position| upto.is_none_or(|upto| end.size <= upto.size);
        let count = session.seen.iter().take_while(|(_, end)| is_in(end)).count();
        for (row, end) in session.seen.drain(..count) {
            let is_ours = self.ours.front().is_some_and(|ours| ours.id == row.batch.id);
            if is_ours {
                if self.ours.pop_front().is_some_and(|ours| ours != row.batch) {
                    return Err(damaged(Unfit::Changed(row.start)));
                }
                session.ours_is_there = false;
            }
            self.held = end;
            self.ready.push_back(Held { batch: row.batch, end, is_ours });
        }
        Ok(())
    }

    fn went_well(&mut self, now: Duration) {
        self.heard = now;
        self.rest = MIN_REST;
        (self.troubled, self.trouble) = (None, None);
    }
}

impl Session {
    /// Where what was seen ends.
    fn end(&self, held: &Position) -> Position {
        self.seen.last().map_or(*held, |(_, end)| *end)
    }
}

fn damaged(unfit: Unfit) -> Ends {
    Ends::Stop(Stopped::Damaged(unfit))
}

/// What was read. Whether it is held is another question.
fn value<T>(answer: Answer<T>) -> Result<T, Ends> {
    match answer.came {
        Came::Value(value) => Ok(value),
        Came::Error(state, why) => Err(Ends::Leave(format!("{state}: {why}"))),
        Came::Nothing(why) => Err(Ends::Leave(why)),
    }
}
