//! Nodes at work over the servers, and what must be so all along.

use crate::fleet::{Fleet, Quorum, Session, Tally};
use forewarn_journal::answer::{Answer, Came, Guard, Keeping, Meaning};
use forewarn_journal::batch::{Batch, Position, Row, Version};
use forewarn_journal::member::{Did, Member, Stands, Stopped};
use forewarn_journal::server::{Confirmed, Greeting, Placed, Server, Sign};
use forewarn_journal::stand::{Comes, Stand};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Who appends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writers {
    /// Every node, to a journal that nobody claims.
    All,
    /// One at a time: the others follow, and claim the journal when it is silent. Processes are paused.
    One,
    /// The same, and clocks jump forward.
    OneAndJumps,
}

/// A rule that is broken on purpose: each must be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Nothing.
    Nothing,
    /// A warned commit counts as held.
    Warning,
    /// It does not matter whom a commit waited for.
    Guard,
    /// It is asked after the commit only.
    GuardAfter,
    /// What is visible is held: nothing is confirmed.
    Visible,
    /// Any server is the right one: its beginning is not compared.
    Hello,
    /// The driver connects again by itself, and confirms on one server what another showed.
    Session,
    /// What is in doubt is appended anew, with another id.
    NewId,
    /// The table takes one id twice.
    Unique,
    /// One replica of two is enough: how many are waited for is not counted.
    Any1,
    /// An append does not ask who the writer is.
    Fence,
    /// Whoever claims the journal does not look whether the writer has given a sign meanwhile.
    Over,
    /// The writer gives no signs while it has nothing to append.
    Silent,
    /// The writer trusts itself from when its sign was answered, not from before it was sent.
    Answered,
}

/// What a node is, across its restarts.
struct Node {
    member: Member,
    session: Session,
    /// What its store holds: the places that it has applied, in order.
    store: Vec<(String, u64)>,
    reached: Position,
    restarts: u32,
    rest: Duration,
    /// How fast its clock goes, in hundredths, and how far it has jumped.
    pace: u32,
    jumped: Duration,
    /// It does nothing before this, by the world's clock.
    paused: Duration,
    /// What its clock showed before it was paused, about to ask.
    sent: Option<Duration>,
    /// What it wants appended: ids.
    wants: BTreeSet<String>,
}

impl Node {
    fn clock(&self, now: Duration) -> Duration {
        now * self.pace / 100 + self.jumped
    }

    /// Whether it would act as the writer now.
    fn trusts_itself(&self, now: Duration) -> bool {
        self.member.fares().trusted.is_some_and(|until| self.clock(now) < until)
    }
}

/// A node's server, with the rule that is broken.
struct Asked<'a> {
    fleet: &'a mut Fleet,
    session: &'a mut Session,
    broken: Broken,
    held: Position,
}

impl Server for Asked<'_> {
    fn hello(&mut self, at: u64) -> Answer<Greeting> {
        let mut answer = self.fleet.hello(self.session, at);
        if let (Broken::Hello, Came::Value(greeting)) = (self.broken, &mut answer.came) {
            greeting.chain = Some(self.held.chain);
            greeting.sign.size = greeting.sign.size.max(self.held.size);
        }
        answer
    }

    fn claim(&mut self, name: &str, over: Option<&Sign>) -> Answer<bool> {
        let over = over.filter(|_| self.broken != Broken::Over);
        let answer = self.fleet.claim(self.session, (name, over));
        self.bent(answer)
    }

    fn append(&mut self, batch: &Batch) -> Answer<Option<Placed>> {
        let answer = self.fleet.append(self.session, batch);
        self.bent(answer)
    }

    fn read(&mut self, from: u64) -> Answer<Vec<Row>> {
        self.fleet.read(self.session, from)
    }

    fn confirm(&mut self, _got: u64, _applied: u64, name: Option<&str>) -> Answer<Confirmed> {
        if self.broken == Broken::Visible {
            let guard = Some([NAMED; 2]);
            let sign = Sign { writer: None, size: 0, beat: 0 };
            let came = Came::Value(Confirmed { sign, is_renewed: false });
            return Answer { came, is_warned: false, guard };
        }
        if self.broken == Broken::Silent && name.is_some() {
            let mut answer = self.fleet.confirm(self.session, None);
            if let Came::Value(confirmed) = &mut answer.came {
                confirmed.is_renewed = true;
            }
            return self.bent(answer);
        }
        let mut answer = self.fleet.confirm(self.session, name);
        for _ in 0..6 {
            let meaning = answer.clone().of_commit(KEPT);
            if self.broken != Broken::Session || matches!(meaning, Meaning::Held(_)) {
                break;
            }
            Fleet::leave(self.session);
            self.fleet.hello(self.session, 0);
            answer = self.fleet.confirm(self.session, name);
        }
        self.bent(answer)
    }

    fn leave(&mut self) {
        Fleet::leave(self.session);
    }

    /// The world's own clock goes on.
    fn rest(&mut self, _rest: Duration) {}
}

/// Taken as if every replica that is named were waited for.
fn uncounted(guard: Guard) -> Guard {
    match guard {
        Guard::Named { names, .. } => Guard::Named { waits: names, names },
        other => other,
    }
}

impl Asked<'_> {
    fn bent<T>(&self, mut answer: Answer<T>) -> Answer<T> {
        match self.broken {
            Broken::Warning => answer.is_warned = false,
            Broken::Guard => answer.guard = answer.guard.map(|_| [NAMED; 2]),
            Broken::GuardAfter => answer.guard = answer.guard.map(|[_, after]| [after; 2]),
            Broken::Any1 => answer.guard = answer.guard.map(|both| both.map(uncounted)),
            _ => {}
        }
        answer
    }
}

/// What is wrong, in words; a failure names its seed.
pub(crate) type Wrong = String;

pub(crate) struct World {
    fleet: Fleet,
    nodes: Vec<Node>,
    writers: Writers,
    broken: Broken,
    now: Duration,
    offered: u64,
    /// The one line, as the nodes have applied it.
    line: Vec<(String, u64)>,
    /// What was acknowledged, and where it stood.
    acknowledged: BTreeMap<String, u64>,
    /// What nodes were told that it is not done, and never will be.
    refused: BTreeSet<String>,
}

const SPEAKS: Version = Version(1);
const KEPT: Keeping = Keeping::Replicas { least: 1 };
const NAMED: Guard = Guard::Named { waits: 1, names: 1 };

fn stand(writers: Writers, at: usize, restarts: u32) -> Stand {
    if writers == Writers::All {
        return Stand::free();
    }
    let name = |start| format!("n{at}/{start}");
    let known = (0..restarts).map(name).collect();
    Stand::new(Comes { name: name(restarts), known, takes_over: false, stands_by: true })
}

impl World {
    pub(crate) fn new(seed: u64, (nodes, writers): (usize, Writers), broken: Broken) -> World {
        let quorum = if broken == Broken::Any1 { Quorum::Any1 } else { Quorum::All };
        let mut fleet = Fleet::new(seed, quorum);
        fleet.ids_are_unique = broken != Broken::Unique;
        fleet.is_fenced = broken != Broken::Fence;
        let reached = fleet.start();
        let mut node = |at| Node {
            member: Member::new(KEPT, SPEAKS, stand(writers, at, 0), reached),
            session: Session::default(),
            store: Vec::new(),
            reached,
            restarts: 0,
            rest: Duration::ZERO,
            pace: 95 + u32::try_from(fleet.random.below(11)).unwrap(),
            jumped: Duration::from_secs(fleet.random.next() % 1000),
            paused: Duration::ZERO,
            sent: None,
            wants: BTreeSet::new(),
        };
        let nodes = (0..nodes).map(&mut node).collect();
        let (now, line, acknowledged) = (Duration::ZERO, Vec::new(), BTreeMap::new());
        let refused = BTreeSet::new();
        World { fleet, nodes, writers, broken, now, offered: 0, line, acknowledged, refused }
    }

    /// Has so many commands appended under faults, then heals all, and looks at everything.
    pub(crate) fn run(mut self, commands: u64) -> Result<(u64, Tally), Wrong> {
        let mut given = 0;
        while given < commands {
            // Where time passes quickly, weather does not.
            if self.writers == Writers::All || self.fleet.random.chance(80) {
                self.fleet.weather();
            }
            let at = self.fleet.random.below(self.nodes.len());
            // Engines take commands only while they write.
            let takes = self.nodes[at].member.fares().stands == Stands::Writes;
            let is_free = !self.nodes[at].member.owes() || self.fleet.random.chance(20);
            let is_busy = self.writers == Writers::All || self.fleet.random.chance(700);
            if takes && is_free && is_busy {
                given += self.offer(at);
            }
            if self.fleet.random.chance(1) {
                self.restart(at);
            }
            if self.writers != Writers::All {
                // One that is about to append is paused more often.
                let owes = self.nodes[at].member.owes();
                self.pause(at, if owes { 40 } else { 4 });
            }
            self.step(at)?;
        }
        self.fleet.heal();
        for node in &mut self.nodes {
            node.paused = Duration::ZERO;
        }
        let mut quiet = 0;
        for turn in 0..400_000 {
            let at = turn % self.nodes.len();
            self.fleet.heal();
            let is_quiet = self.step(at)? == Did::Idle && !self.nodes[at].member.owes();
            quiet = if is_quiet { quiet + 1 } else { 0 };
            if quiet > self.nodes.len() * 3 {
                break;
            }
        }
        self.compare()?;
        Ok((given, self.fleet.tally))
    }

    /// The servers are set back to a copy of before, by an operator's hand: why each node stops.
    pub(crate) fn set_back(mut self, commands: u64) -> Vec<Option<Stopped>> {
        self.fleet.fails = false;
        let mut given = 0;
        while given < commands || self.nodes.iter().any(|node| node.reached.size < given) {
            if given < commands {
                given += self.offer(0);
            }
            for at in 0..self.nodes.len() {
                self.step(at).unwrap();
            }
        }
        self.fleet.set_back();
        for _ in 0..2_000 {
            for at in 0..self.nodes.len() {
                // That it stops is what is asked for.
                let _ = self.step(at);
                self.now += Duration::from_millis(100);
            }
        }
        self.nodes.iter().map(|node| node.member.fares().stopped).collect()
    }

    fn offer(&mut self, at: usize) -> u64 {
        let count = 1 + self.fleet.random.below(20) as u64;
        self.offered += 1;
        let id = format!("batch-{}", self.offered);
        let node = format!("n{at}/{}", self.nodes[at].restarts);
        let body = format!("{id} with {count}").into_bytes();
        self.nodes[at].wants.insert(id.clone());
        self.nodes[at].member.offer(Batch { id, node, version: SPEAKS, count, body });
        count
    }

    /// The process is paused, before it asks, or after it was answered; or its clock jumps.
    fn pause(&mut self, at: usize, in_1_000: u64) {
        let (random, now) = (&mut self.fleet.random, self.now);
        let node = &mut self.nodes[at];
        if node.paused > now || !self.fleet.fails {
            return;
        }
        if random.chance(in_1_000) {
            node.paused = now + Duration::from_millis(random.next() % 30_000);
            node.sent = random.chance(700).then(|| node.clock(now));
        }
        if self.writers == Writers::OneAndJumps && random.chance(4) {
            node.jumped += Duration::from_millis(random.next() % 60_000);
        }
    }

    /// The process ends and begins again; what waited in it is forgotten.
    fn restart(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        node.restarts += 1;
        (node.sent, node.wants) = (None, BTreeSet::new());
        let stand = stand(self.writers, at, node.restarts);
        node.member = Member::new(KEPT, SPEAKS, stand, node.reached);
        Fleet::leave(&mut node.session);
    }

    fn step(&mut self, at: usize) -> Result<Did, Wrong> {
        let World { fleet, nodes, broken, now, writers, .. } = self;
        let most = if *writers == Writers::All { 1 } else { 40 };
        *now += Duration::from_millis(1 + fleet.random.next() % most) + nodes[at].rest;
        let node = &mut nodes[at];
        node.rest = Duration::ZERO;
        if node.paused > *now {
            return Ok(Did::Worked);
        }
        let held = node.member.fares().held;
        let mut sent = node.sent.take().unwrap_or_else(|| node.clock(*now));
        if *broken == Broken::Answered && fleet.random.chance(20) {
            // The answer comes when the process goes on.
            node.paused = *now + Duration::from_millis(fleet.random.next() % 30_000);
            sent = node.clock(node.paused);
        }
        let mut asked = Asked { fleet, session: &mut node.session, broken: *broken, held };
        let did = node.member.step(&mut asked, sent);
        match &did {
            Did::Failed(rest) => {
                // Else another fault would come before anybody asks again.
                node.rest = *rest / 50;
                if self.broken == Broken::NewId {
                    self.offer_again(at);
                }
            }
            Did::Stopped => {
                let why = self.nodes[at].member.fares().trouble.unwrap_or_default();
                return Err(format!("node {at} stopped: {why}"));
            }
            Did::Worked | Did::Idle => {}
        }
        self.apply(at)?;
        let node = &mut self.nodes[at];
        if !node.member.owes() && self.broken != Broken::NewId {
            self.refused.extend(std::mem::take(&mut node.wants));
        }
        let trusting = self.nodes.iter().filter(|node| node.trusts_itself(self.now)).count();
        if trusting > 1 && self.writers == Writers::One {
            return Err(format!("{trusting} nodes take themselves for the writer"));
        }
        Ok(did)
    }

    fn offer_again(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        if node.member.owes() {
            let waiting = node.member.fares().waiting;
            node.member = Member::new(KEPT, SPEAKS, Stand::free(), node.reached);
            for _ in 0..waiting {
                // The same commands: an id of before with a mark behind it.
                let again = format!("batch-{}'", self.offered);
                let body = again.clone().into_bytes();
                let node = format!("n{at}");
                let batch = Batch { id: again, node, version: SPEAKS, count: 1, body };
                self.nodes[at].member.offer(batch);
            }
        }
    }

    fn apply(&mut self, at: usize) -> Result<(), Wrong> {
        let node = &mut self.nodes[at];
        while let Some(held) = node.member.take() {
            let one = (held.batch.id.trim_end_matches('\'').to_owned(), held.end.size);
            let place = node.store.len();
            match self.line.get(place) {
                None => self.line.push(one.clone()),
                Some(known) if *known == one => {}
                Some(known) => return Err(format!("{at} applied {one:?}, others {known:?}")),
            }
            if held.is_ours && self.acknowledged.insert(one.0.clone(), one.1).is_some() {
                return Err(format!("{} was acknowledged twice", one.0));
            }
            node.wants.remove(&one.0);
            node.store.push(one);
            node.reached = held.end;
            node.member.applied(held.end.size);
        }
        Ok(())
    }

    fn compare(&self) -> Result<(), Wrong> {
        let line = self.fleet.line();
        if let Some(foreign) = self.fleet.foreign() {
            return Err(foreign);
        }
        let held: Vec<(String, u64)> = line
            .iter()
            .map(|row| {
                let id = row.batch.id.trim_end_matches('\'').to_owned();
                (id, row.start + row.batch.count)
            })
            .collect();
        let mut ids: Vec<&str> = held.iter().map(|(id, _)| id.as_str()).collect();
        ids.sort_unstable();
        let mut pairs = ids.iter().zip(ids.iter().skip(1));
        if let Some((twice, _)) = pairs.find(|(one, next)| one == next) {
            return Err(format!("{twice} stands there twice"));
        }
        for (at, node) in self.nodes.iter().enumerate() {
            if node.member.owes() {
                return Err(format!("node {at} still waits: {:?}", node.member.fares()));
            }
            if node.store != held {
                return Err(format!("node {at} applied {}, held {}", node.store.len(), held.len()));
            }
        }
        if let Some(id) = self.refused.iter().find(|id| ids.binary_search(&id.as_str()).is_ok()) {
            return Err(format!("{id} was said not to be done, and stands there"));
        }
        for (id, end) in &self.acknowledged {
            if !held.contains(&(id.clone(), *end)) {
                return Err(format!("{id} was acknowledged at {end}, and is lost"));
            }
        }
        Ok(())
    }
}
