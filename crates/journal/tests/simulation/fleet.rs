//! Servers that fail as PostgreSQL's do: three of them, one line of log each, of which replicas hold a
//! beginning. What a commit waits for, what ends the wait, and what is lost by a failover is here.

use crate::random::Random;
use forewarn_journal::answer::{Answer, Came, Guard, SqlState};
use forewarn_journal::batch::{Batch, Position, Row, Version};
use forewarn_journal::server::{Confirmed, Greeting, Placed, Sign, Writer};
use forewarn_transcript::Hash;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

/// How the servers are set up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quorum {
    /// Every replica that is named acknowledges.
    All,
    /// One of them is enough: the mistake that lost commands.
    Any1,
}

/// A record of a server's log.
#[derive(Clone, PartialEq)]
enum Record {
    Batch(Row),
    /// Something of no weight, by a node that follows.
    Nothing,
    /// The writer's sign.
    Beat,
    Claim(String),
}

/// A record, with what it comes to.
#[derive(Clone)]
struct Entry {
    /// Another for each that was ever written.
    serial: u64,
    record: Record,
    /// Where the line ends behind it.
    end: Position,
    writer: Option<Rc<str>>,
    beat: u64,
}

/// What waits for the head's lock though its asker has gone.
#[derive(Clone)]
enum Later {
    Append(Batch),
    Claim(String, Option<Sign>),
    Beat(String),
}

#[derive(Default, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each changes by itself")]
struct One {
    log: Vec<Entry>,
    /// So many records of it are shown; behind them are commits that wait.
    shown: usize,
    is_up: bool,
    /// It takes itself for the primary.
    leads: bool,
    /// Whose log it receives.
    follows: Option<usize>,
    /// Who must acknowledge, when it leads.
    named: BTreeSet<usize>,
    /// For a while it waits for nobody, and says so.
    guard_is_open: bool,
    /// Nothing of its log reaches others now.
    is_cut: bool,
    /// Sessions of before are gone.
    epoch: u64,
    /// What was asked by those who have gone, behind a commit that waits.
    abandoned: VecDeque<Later>,
}

/// What came of the faults, to see that there were any.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tally {
    pub(crate) lost_replies: u64,
    pub(crate) warned: u64,
    pub(crate) unguarded: u64,
    pub(crate) stalled: u64,
    pub(crate) gaps: u64,
    pub(crate) failovers: u64,
    pub(crate) vanished: u64,
    pub(crate) done_later: u64,
    pub(crate) there: u64,
    /// Claims of nodes that saw the writer silent.
    pub(crate) taken: u64,
    /// Batches that were refused, since another node writes.
    pub(crate) fenced: u64,
}

pub(crate) struct Fleet {
    all: Vec<One>,
    primary: usize,
    quorum: Quorum,
    start: Position,
    written: u64,
    /// Off at the end, when all is healed.
    pub(crate) fails: bool,
    /// The id of a batch is unique.
    pub(crate) ids_are_unique: bool,
    /// An append asks who the writer is.
    pub(crate) is_fenced: bool,
    pub(crate) random: Random,
    pub(crate) tally: Tally,
}

/// A node's session.
#[derive(Default)]
pub(crate) struct Session {
    host: usize,
    epoch: Option<u64>,
}

fn nothing<T>(why: &str) -> Answer<T> {
    Answer::plain(Came::Nothing(why.into()))
}

fn error<T>(code: &str) -> Answer<T> {
    Answer::plain(Came::Error(SqlState::new(code), String::new()))
}

impl Fleet {
    pub(crate) fn new(seed: u64, quorum: Quorum) -> Fleet {
        let mut random = Random::new(seed);
        let chain = Hash::of(&random.next().to_be_bytes());
        let mut all = vec![One { is_up: true, ..One::default() }; 3];
        for (at, one) in all.iter_mut().enumerate() {
            one.leads = at == 0;
            one.follows = (at != 0).then_some(0);
        }
        all[0].named = BTreeSet::from([1, 2]);
        let start = Position { size: 0, chain };
        let tally = Tally::default();
        Fleet {
            all,
            primary: 0,
            quorum,
            start,
            written: 0,
            fails: true,
            ids_are_unique: true,
            is_fenced: true,
            random,
            tally,
        }
    }

    pub(crate) fn start(&self) -> Position {
        self.start
    }

    fn faulty(&mut self, in_1_000: u64) -> bool {
        self.fails && self.random.chance(in_1_000)
    }

    /// All rows of the log that counts.
    pub(crate) fn line(&self) -> Vec<Row> {
        rows(&self.all[self.primary].log).cloned().collect()
    }

    fn end(&self, at: usize, upto: usize) -> Position {
        self.all[at].log[..upto].last().map_or(self.start, |entry| entry.end)
    }

    fn write(&mut self, at: usize, record: Record) {
        let log = &self.all[at].log;
        let last = log.last();
        let mut beat = last.map_or(0, |entry| entry.beat);
        let mut writer = last.and_then(|entry| entry.writer.clone());
        let mut end = self.end(at, log.len());
        match &record {
            Record::Batch(row) => {
                end = Position { size: row.start + row.batch.count, chain: row.chain };
            }
            Record::Nothing => {}
            Record::Beat => beat += 1,
            Record::Claim(name) => {
                beat += 1;
                writer = Some(Rc::from(name.as_str()));
            }
        }
        self.written += 1;
        let entry = Entry { serial: self.written, record, end, writer, beat };
        self.all[at].log.push(entry);
    }

    /// A batch in the line that another than the writer of its time has appended.
    pub(crate) fn foreign(&self) -> Option<String> {
        self.all[self.primary].log.iter().find_map(|entry| match (&entry.record, &entry.writer) {
            (Record::Batch(row), Some(writer)) if **writer != *row.batch.node => Some(format!(
                "{} of {} stands there, and {writer} writes",
                row.batch.id, row.batch.node
            )),
            _ => None,
        })
    }

    // What happens to servers.

    /// Something happens, or nothing.
    pub(crate) fn weather(&mut self) {
        let at = self.random.below(3);
        match self.random.below(400) {
            0 => self.fail_over(false),
            1 => self.fail_over(true),
            3 => self.restart(),
            4..8 => self.all[self.primary].is_cut = true,
            8..16 => self.reach(self.primary),
            16 => self.all[self.primary].guard_is_open = true,
            17..20 => self.all[self.primary].guard_is_open = false,
            20..22 => self.name_anew(),
            22..27 => self.rejoin(at),
            _ => {}
        }
    }

    /// Everything is well again.
    pub(crate) fn heal(&mut self) {
        self.fails = false;
        self.all[self.primary].guard_is_open = false;
        for at in 0..3 {
            self.rejoin(at);
        }
        self.reach(self.primary);
    }

    /// All servers hold a copy of before.
    pub(crate) fn set_back(&mut self) {
        for one in &mut self.all {
            one.log.truncate(one.log.len() / 2);
            one.shown = one.log.len();
            one.epoch += 1;
        }
    }

    /// The primary is lost, or thought to be: a replica that it has named takes over.
    fn fail_over(&mut self, old_is_forgotten: bool) {
        let old = self.primary;
        let followers: Vec<usize> = self.all[old].named.iter().copied().collect();
        let followers: Vec<usize> =
            followers.into_iter().filter(|at| self.all[*at].follows == Some(old)).collect();
        if followers.is_empty() {
            return;
        }
        let new = followers[self.random.below(followers.len())];
        self.tally.failovers += 1;
        let kept = self.all[new].log.len();
        self.tally.vanished += (self.all[old].shown.saturating_sub(kept)) as u64;
        self.all[old].is_up = old_is_forgotten;
        if !old_is_forgotten {
            self.all[old].leads = false;
        }
        let one = &mut self.all[new];
        one.leads = true;
        one.follows = None;
        one.shown = kept;
        one.epoch += 1;
        one.named.clear();
        one.is_cut = false;
        one.guard_is_open = false;
        self.primary = new;
        // The other replica follows at once, or goes on with the old one for a while.
        for at in 0..3 {
            if at != new && at != old && self.random.chance(600) {
                self.rejoin(at);
            }
        }
    }

    /// A server that is not the primary becomes a replica of it, its own log thrown away.
    fn rejoin(&mut self, at: usize) {
        let primary = self.primary;
        if at == primary {
            return;
        }
        self.send(primary, at);
        let one = &mut self.all[at];
        one.is_up = true;
        one.leads = false;
        one.follows = Some(primary);
        one.epoch += 1;
        one.abandoned.clear();
        one.guard_is_open = false;
        one.is_cut = false;
        self.all[primary].named.insert(at);
    }

    /// Whoever governs the cluster takes a replica out that does not answer: not the last one.
    fn name_anew(&mut self) {
        let primary = self.primary;
        let at = self.random.below(3);
        if self.all[primary].named.len() > 1 && self.all[primary].named.remove(&at) {
            self.all[at].follows = None;
        }
    }

    /// The primary is restarted: sessions are gone, and what waited is shown.
    fn restart(&mut self) {
        let one = &mut self.all[self.primary];
        one.epoch += 1;
        one.shown = one.log.len();
        one.abandoned.clear();
    }

    /// The way to the replicas is open again: what waited is held, and what waited behind it is done.
    fn reach(&mut self, at: usize) {
        self.all[at].is_cut = false;
        while self.replicate(at) {
            let Some(later) = self.all[at].abandoned.pop_front() else { return };
            self.tally.done_later += 1;
            match later {
                Later::Append(batch) => {
                    let is_there = self.ids_are_unique && self.has(at, &batch.id);
                    if !is_there && self.takes(at, &batch) {
                        self.push(at, &batch);
                    }
                }
                Later::Claim(name, over) => _ = self.take(at, &name, over.as_ref()),
                Later::Beat(name) => _ = self.beat(at, &name),
            }
        }
    }

    // What a commit does.

    /// Sends the log to whoever follows; whether enough acknowledge it.
    fn replicate(&mut self, at: usize) -> bool {
        if self.all[at].is_cut {
            // Some of it may arrive all the same, and no word of it comes back.
            for other in 0..3 {
                if self.all[other].follows == Some(at) && self.random.chance(300) {
                    self.send(at, other);
                }
            }
            return false;
        }
        let mut acknowledged = 0;
        let named = self.all[at].named.clone();
        for other in 0..3 {
            if self.all[other].follows == Some(at) && self.all[other].is_up {
                self.send(at, other);
                acknowledged += usize::from(named.contains(&other));
            }
        }
        let enough = match self.quorum {
            Quorum::All => !named.is_empty() && acknowledged == named.len(),
            Quorum::Any1 => acknowledged >= 1,
        };
        if enough {
            self.all[at].shown = self.all[at].log.len();
        }
        enough
    }

    fn send(&mut self, at: usize, other: usize) {
        let [from, to] = self.all.get_disjoint_mut([at, other]).unwrap();
        let known = to.log.len();
        let serial = to.log.last().map(|entry| entry.serial);
        let same = known.checked_sub(1).and_then(|last| from.log.get(last));
        if known > 0 && same.map(|entry| entry.serial) != serial {
            to.log.clear();
        }
        to.log.extend_from_slice(&from.log[to.log.len()..]);
        to.shown = to.log.len();
    }

    /// The head, as it is in a server's log up to a record.
    fn sign(&self, at: usize, upto: usize) -> Sign {
        let last = self.all[at].log[..upto].last();
        let writer = last.and_then(|entry| entry.writer.as_deref());
        let writer = writer.map(|name| Writer { name: name.to_owned(), url: String::new() });
        let beat = last.map_or(0, |entry| entry.beat);
        Sign { writer, size: self.end(at, upto).size, beat }
    }

    fn takes(&self, at: usize, batch: &Batch) -> bool {
        let writer = self.sign(at, self.all[at].log.len()).writer;
        !self.is_fenced || writer.is_none_or(|writer| writer.name == batch.node)
    }

    /// Whether it is the writer then.
    fn take(&mut self, at: usize, name: &str, over: Option<&Sign>) -> bool {
        let sign = self.sign(at, self.all[at].log.len());
        let is_so = over.is_none_or(|over| *over == sign)
            || sign.writer.is_some_and(|writer| writer.name == name);
        if is_so {
            self.write(at, Record::Claim(name.to_owned()));
        }
        is_so
    }

    fn beat(&mut self, at: usize, name: &str) -> bool {
        let writer = self.sign(at, self.all[at].log.len()).writer;
        let is_writer = writer.is_some_and(|writer| writer.name == name);
        self.write(at, if is_writer { Record::Beat } else { Record::Nothing });
        is_writer
    }

    /// A commit that waits holds the head: whoever comes after it waits too.
    fn is_locked(&mut self, at: usize) -> bool {
        let waiting = &self.all[at].log[self.all[at].shown..];
        waiting.iter().any(|entry| entry.record != Record::Nothing) && !self.replicate(at)
    }

    fn has(&self, at: usize, id: &str) -> bool {
        rows(&self.all[at].log).any(|row| row.batch.id == id)
    }

    fn push(&mut self, at: usize, batch: &Batch) -> Placed {
        let end = self.end(at, self.all[at].log.len());
        let chain = end.after(batch).chain;
        let (start, digest) = (end.size, batch.digest());
        self.write(at, Record::Batch(Row { start, batch: batch.clone(), digest, chain }));
        Placed { start, chain }
    }

    /// Ends a commit whose record is in the log already.
    fn commit<T>(&mut self, at: usize, value: T) -> Answer<T> {
        if self.all[at].guard_is_open {
            self.all[at].shown = self.all[at].log.len();
            self.tally.unguarded += 1;
            let open = Guard::read(if self.random.chance(500) { "ANY None (*)" } else { "" });
            // It was opened, or closed again, while the commit went on.
            let named = self.guard(at);
            let guard = Some(match self.random.below(3) {
                0 => [named, open],
                1 => [open, named],
                _ => [open, open],
            });
            return Answer { came: Came::Value(value), is_warned: false, guard };
        }
        if self.faulty(8) {
            // The wait is cancelled: it is shown here only.
            self.all[at].shown = self.all[at].log.len();
            self.tally.warned += 1;
            let guard = Some([self.guard(at); 2]);
            return Answer { came: Came::Value(value), is_warned: true, guard };
        }
        if !self.replicate(at) {
            self.tally.stalled += 1;
            return nothing("no answer within 4 s");
        }
        if self.faulty(10) {
            self.tally.lost_replies += 1;
            return nothing("the connection ended");
        }
        let guard = Some([self.guard(at); 2]);
        Answer { came: Came::Value(value), is_warned: false, guard }
    }

    /// For whom it waits, in the server's own words.
    fn guard(&self, at: usize) -> Guard {
        let named = &self.all[at].named;
        let names: Vec<String> = named.iter().map(|other| format!("replica_{other}")).collect();
        let waits = match self.quorum {
            Quorum::All => names.len(),
            Quorum::Any1 => 1,
        };
        Guard::read(&format!("ANY {waits} ({})", names.join(", ")))
    }

    /// The server of a session, while it lasts.
    fn of(&self, session: &Session) -> Option<usize> {
        let one = &self.all[session.host];
        (one.is_up && session.epoch == Some(one.epoch)).then_some(session.host)
    }

    // What is asked.

    pub(crate) fn hello(&mut self, session: &mut Session, at: u64) -> Answer<Greeting> {
        let one = &self.all[session.host];
        if !one.is_up || !one.leads || self.faulty(5) {
            return nothing("cannot connect to a primary");
        }
        let host = session.host;
        session.epoch = Some(self.all[host].epoch);
        let shown = self.all[host].shown;
        let chain = if at == 0 {
            Some(self.start.chain)
        } else {
            let mut shown = rows(&self.all[host].log[..shown]);
            shown.find(|row| row.start + row.batch.count == at).map(|row| row.chain)
        };
        let sign = self.sign(host, shown);
        Answer::plain(Came::Value(Greeting { sign, version: Version(1), oldest: 0, chain }))
    }

    pub(crate) fn claim(
        &mut self,
        session: &Session,
        (name, over): (&str, Option<&Sign>),
    ) -> Answer<bool> {
        let Some(at) = self.of(session) else { return nothing("the session has ended") };
        if self.is_locked(at) {
            let later = Later::Claim(name.to_owned(), over.cloned());
            self.all[at].abandoned.push_back(later);
            return nothing("no answer within 4 s");
        }
        let is_so = self.take(at, name, over);
        self.tally.taken += u64::from(is_so && over.is_some_and(|sign| sign.writer.is_some()));
        self.commit(at, is_so)
    }

    pub(crate) fn append(&mut self, session: &Session, batch: &Batch) -> Answer<Option<Placed>> {
        let Some(at) = self.of(session) else { return nothing("the session has ended") };
        if self.faulty(6) {
            return error(if self.random.chance(500) { "53300" } else { "40001" });
        }
        if self.faulty(6) {
            return nothing("the connection ended before it was sent");
        }
        if self.is_locked(at) {
            self.all[at].abandoned.push_back(Later::Append(batch.clone()));
            return nothing("no answer within 4 s");
        }
        if !self.takes(at, batch) {
            self.tally.fenced += 1;
            return self.commit(at, None);
        }
        if self.ids_are_unique && self.has(at, &batch.id) {
            self.tally.there += 1;
            return error("23505");
        }
        let placed = self.push(at, batch);
        self.commit(at, Some(placed))
    }

    pub(crate) fn read(&mut self, session: &Session, from: u64) -> Answer<Vec<Row>> {
        let Some(at) = self.of(session) else { return nothing("the session has ended") };
        let one = &self.all[at];
        let shown = &one.log[..one.shown];
        let first = shown.partition_point(|entry| entry.end.size <= from);
        let shown = rows(&shown[first..]);
        let mut shown: Vec<Row> = shown.take(20).cloned().collect();
        if shown.len() > 1 && self.faulty(20) {
            // What was committed later is shown first.
            let gap = self.random.below(shown.len() - 1);
            shown.remove(gap);
            self.tally.gaps += 1;
        }
        Answer::plain(Came::Value(shown))
    }

    pub(crate) fn confirm(&mut self, session: &Session, name: Option<&str>) -> Answer<Confirmed> {
        let Some(at) = self.of(session) else { return nothing("the session has ended") };
        let sign = self.sign(at, self.all[at].shown);
        let is_renewed = match name {
            Some(name) if self.is_locked(at) => {
                self.all[at].abandoned.push_back(Later::Beat(name.to_owned()));
                return nothing("no answer within 4 s");
            }
            Some(name) => self.beat(at, name),
            None => {
                self.write(at, Record::Nothing);
                false
            }
        };
        self.commit(at, Confirmed { sign, is_renewed })
    }

    pub(crate) fn leave(session: &mut Session) {
        session.epoch = None;
        session.host = (session.host + 1) % 3;
    }
}

fn rows(log: &[Entry]) -> impl Iterator<Item = &Row> {
    log.iter().filter_map(|entry| match &entry.record {
        Record::Batch(row) => Some(row),
        Record::Nothing | Record::Beat | Record::Claim(_) => None,
    })
}
