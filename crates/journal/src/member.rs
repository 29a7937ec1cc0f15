//! One node's place in the line, and what it does next.

use crate::answer::{Answer, Came, Keeping, Meaning};
use crate::batch::{Batch, Position, Row, Unfit, Version};
pub use crate::fares::{Did, Fares, Held, Stands, Stopped};
use crate::server::{Confirmed, Greeting, Placed, Server, Sign};
use crate::stand::{Claim, LEASE, QUIET, Stand};
use std::collections::VecDeque;
use std::time::Duration;

/// Servers that lack what this node has applied are old ones at first; after this, it is lost.
const LOST_AFTER: Duration = Duration::from_mins(1);
/// A gap between rows that are shown is filled in a moment, or never.
const GAP_AFTER: Duration = Duration::from_secs(10);
/// The rest after a session that failed: doubled at each, up to [`MAX_REST`].
const MIN_REST: Duration = Duration::from_millis(50);
/// A server that comes back is found again within this.
const MAX_REST: Duration = Duration::from_secs(1);

/// What a journal takes that takes nothing any more.
const CLOSED: Version = Version(0);

/// A session that has said hello.
#[derive(Debug, Default)]
struct Session {
    /// Visible behind what is held; not believed yet. One reading at the most.
    seen: Vec<(Row, Position)>,
    /// A place that an append of ours proved to be held, and all before it.
    proven: Option<Position>,
    /// Whether our first batch is there, unproven.
    ours_is_there: bool,
    /// Whether all was read that was there, at some time.
    is_level: bool,
    /// Since when a gap is seen.
    gap: Option<Duration>,
    /// The writer's last sign, and since when it has been the same for sure: from the step after the
    /// one that saw it first.
    watched: Option<(Sign, Option<Duration>)>,
}

/// One node's view of the journal.
#[derive(Debug)]
pub struct Member {
    keeping: Keeping,
    speaks: Version,
    stand: Stand,
    held: Position,
    applied: u64,
    head: u64,
    ready: VecDeque<Held>,
    ours: VecDeque<Batch>,
    session: Option<Session>,
    /// When something of no weight was last committed.
    confirmed: Option<Duration>,
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
    pub fn new(keeping: Keeping, speaks: Version, stand: Stand, applied: Position) -> Member {
        Member {
            keeping,
            speaks,
            stand,
            held: applied,
            applied: applied.size,
            head: applied.size,
            ready: VecDeque::new(),
            ours: VecDeque::new(),
            session: None,
            confirmed: None,
            rest: MIN_REST,
            lost: None,
            troubled: None,
            trouble: None,
            stopped: None,
        }
    }

    /// Whether the next step may claim the journal: the name has to be kept before.
    pub fn is_about_to_claim(&self) -> bool {
        self.session.is_some() && self.stand.claim().is_some()
    }

    /// Wants a batch appended. It is asked for with the same id until it is held, or another node
    /// has become the writer.
    pub fn offer(&mut self, batch: Batch) {
        self.ours.push_back(batch);
    }

    /// Whether something of ours is not held yet.
    pub fn owes(&self) -> bool {
        !self.ours.is_empty()
    }

    /// The next batch that is held: to be applied, in this order, once. Nothing more is asked before
    /// all was taken.
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
        let is_level = self.session.as_ref().is_some_and(Session::is_at_the_end);
        Fares {
            stands: self.stand.shown(is_level && self.ready.is_empty()),
            held: self.held,
            applied: self.applied,
            head: self.head,
            waiting: self.ours.len(),
            trusted: self.stand.trusted(),
            troubled: self.troubled,
            trouble: self.trouble.clone(),
            stopped: self.stopped.clone(),
        }
    }

    /// Asks the server one thing, at the most, and draws the conclusions. `now` is any clock that
    /// goes forward, read before the step.
    pub fn step(&mut self, server: &mut impl Server, now: Duration) -> Did {
        if self.stopped.is_some() {
            return Did::Stopped;
        }
        if !self.ready.is_empty() {
            return Did::Worked;
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
        let Greeting { sign, version, oldest, chain } = value(server.hello(self.held.size))?;
        if oldest > self.held.size {
            let reached = self.held.size;
            return Err(Ends::Stop(Stopped::TooFarBehind { oldest, reached }));
        }
        if sign.size < self.held.size || chain != Some(self.held.chain) {
            let since = *self.lost.get_or_insert(now);
            if now.saturating_sub(since) >= LOST_AFTER {
                return Err(Ends::Stop(Stopped::Lost(self.held.size)));
            }
            return Err(Ends::Leave(format!(
                "this server does not have the first {} commands as they were applied here",
                self.held.size
            )));
        }
        if version == CLOSED && sign.size == self.held.size {
            return Err(Ends::Stop(Stopped::Closed));
        }
        self.lost = None;
        self.head = self.head.max(sign.size);
        self.stand.greeted(&sign);
        // Only a commit shows whether it is a primary: the first is not put off.
        self.confirmed = None;
        Ok(Session::default())
    }

    fn ask(
        &mut self,
        server: &mut impl Server,
        session: &mut Session,
        now: Duration,
    ) -> Result<Did, Ends> {
        if let Some((_, since @ None)) = &mut session.watched {
            *since = Some(now);
        }
        if let Some(Claim { name, over }) = self.stand.claim() {
            return self.claim(server, session, (&name, over.as_ref(), now));
        }
        // What is seen is held first: so no more than one reading waits in memory.
        if session.proven.is_none() && !session.seen.is_empty() {
            return self.confirm(server, session, now);
        }
        let is_quiet = self.confirmed.is_none_or(|at| now.saturating_sub(at) >= QUIET);
        if is_quiet && session.is_at_the_end() {
            return self.confirm(server, session, now);
        }
        // Nothing of ours goes in before what is there was read: what is decided here is decided by
        // what was decided before it.
        if session.is_at_the_end()
            && !session.ours_is_there
            && self.stand.appends()
            && let Some(batch) = self.ours.front().cloned()
        {
            self.append(server, session, (&batch, now))?;
            return Ok(Did::Worked);
        }
        if self.read(server, session, now)? {
            return Ok(Did::Worked);
        }
        if session.ours_is_there {
            return Err(Ends::Leave("a batch of ours is there, and is not shown".into()));
        }
        if !self.stand.appends() && !self.ours.is_empty() && session.is_at_the_end() {
            return self.settle(server, session, now);
        }
        if session.is_at_the_end() {
            self.stand.is_level();
        }
        Ok(Did::Idle)
    }

    /// Becomes the writer: whoever was before appends nothing more from then on.
    fn claim(
        &mut self,
        server: &mut impl Server,
        session: &mut Session,
        (name, over, now): (&str, Option<&Sign>, Duration),
    ) -> Result<Did, Ends> {
        match server.claim(name, over).of_commit(self.keeping) {
            Meaning::Held(true) => {
                self.went_well();
                self.stand.claimed(now);
                // What the writer before has appended is read before anything is appended.
                session.is_level = false;
                Ok(Did::Worked)
            }
            Meaning::Held(false) => {
                self.stand.not_claimed();
                Err(Ends::Leave("another node has written meanwhile".into()))
            }
            Meaning::There => Err(Ends::Leave("a commit was refused".into())),
            Meaning::InDoubt(why) | Meaning::NotDone(why) | Meaning::SetUp(why) => {
                Err(Ends::Leave(why))
            }
        }
    }

    fn append(
        &mut self,
        server: &mut impl Server,
        session: &mut Session,
        (batch, now): (&Batch, Duration),
    ) -> Result<(), Ends> {
        match server.append(batch).of_commit(self.keeping) {
            Meaning::Held(Some(Placed { start, chain })) => {
                self.went_well();
                self.stand.renewed(now);
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
                self.hold_proven(session)
            }
            Meaning::Held(None) => {
                let Greeting { sign, version, .. } = value(server.hello(self.held.size))?;
                if version == CLOSED {
                    return Err(Ends::Stop(Stopped::Closed));
                }
                if version < batch.version {
                    return Err(Ends::Stop(Stopped::Older(version.0)));
                }
                if sign.writer.as_ref().is_some_and(|writer| writer.name != batch.node) {
                    self.stand.replaced(&sign);
                    session.is_level = false;
                    return Ok(());
                }
                Err(Ends::Leave("the journal was set otherwise a moment ago".into()))
            }
            Meaning::There => {
                session.ours_is_there = true;
                session.is_level = false;
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
        session.is_level |= rows.is_empty();
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
        let is_more = session.seen.len() > was;
        self.hold_proven(session)?;
        Ok(is_more)
    }

    /// A commit of our own, after we saw what we saw, answered clean: all of that is held.
    fn confirm(
        &mut self,
        server: &mut impl Server,
        session: &mut Session,
        now: Duration,
    ) -> Result<Did, Ends> {
        let got = session.end(&self.held).size;
        let writer = self.stand.name_of_writer();
        match server.confirm(got, self.applied, writer.as_deref()).of_commit(self.keeping) {
            Meaning::Held(confirmed) => {
                self.went_well();
                self.confirmed = Some(now);
                self.hold(session, usize::MAX)?;
                self.heard_of(session, &confirmed, now);
                Ok(Did::Worked)
            }
            Meaning::There => Err(Ends::Leave("a commit was refused".into())),
            Meaning::InDoubt(why) | Meaning::NotDone(why) | Meaning::SetUp(why) => {
                Err(Ends::Leave(why))
            }
        }
    }

    /// Who writes, and whether the writer gives signs.
    fn heard_of(&mut self, session: &mut Session, confirmed: &Confirmed, now: Duration) {
        let Confirmed { sign, is_renewed } = confirmed;
        self.head = self.head.max(sign.size);
        if *is_renewed {
            return self.stand.renewed(now);
        }
        self.stand.heard(sign);
        match &session.watched {
            Some((known, since)) if *known == *sign => {
                let silent = since.map_or(Duration::ZERO, |since| now.saturating_sub(since));
                if silent >= LEASE && session.is_at_the_end() {
                    self.stand.silent(sign);
                }
            }
            Some(_) | None => session.watched = Some((sign.clone(), None)),
        }
    }

    /// Another node is the writer, nothing of ours is there, and a commit shows that both are held:
    /// what we wanted to append was not, and never will be.
    fn settle(
        &mut self,
        server: &mut impl Server,
        session: &mut Session,
        now: Duration,
    ) -> Result<Did, Ends> {
        let did = self.confirm(server, session, now)?;
        if !self.stand.appends() {
            self.ours.clear();
        }
        Ok(did)
    }

    /// What was seen up to a place that an append of ours has proven is held.
    fn hold_proven(&mut self, session: &mut Session) -> Result<(), Ends> {
        let Some(proven) = session.proven else { return Ok(()) };
        let upto = session.seen.iter().position(|(_, end)| end.size >= proven.size);
        match upto {
            None => self.hold(session, usize::MAX),
            Some(at) if session.seen.get(at).is_some_and(|(_, end)| *end == proven) => {
                session.proven = None;
                self.hold(session, at.saturating_add(1))
            }
            Some(_) => Err(damaged(Unfit::Changed(proven.size))),
        }
    }

    /// So many of those that were seen are held.
    fn hold(&mut self, session: &mut Session, count: usize) -> Result<(), Ends> {
        let count = count.min(session.seen.len());
        for (row, end) in session.seen.drain(..count) {
            let is_ours = self.ours.front().is_some_and(|ours| ours.id == row.batch.id);
            if is_ours {
                if self.ours.pop_front().is_some_and(|ours| ours != row.batch) {
                    return Err(damaged(Unfit::Changed(row.start)));
                }
                session.ours_is_there = false;
            }
            self.held = end;
            self.head = self.head.max(end.size);
            self.ready.push_back(Held { batch: row.batch, end, is_ours });
        }
        Ok(())
    }

    fn went_well(&mut self) {
        self.rest = MIN_REST;
        (self.troubled, self.trouble) = (None, None);
    }
}

impl Session {
    /// Where what was seen ends.
    fn end(&self, held: &Position) -> Position {
        self.seen.last().map_or(*held, |(_, end)| *end)
    }

    /// All that was there was read, and is held.
    fn is_at_the_end(&self) -> bool {
        self.is_level && self.seen.is_empty() && self.proven.is_none()
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
