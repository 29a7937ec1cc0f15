//! Nodes at work over the servers, and what must be so all along.

use crate::fleet::{Fleet, Quorum, Session, Tally};
use forewarn_journal::answer::{Answer, Came, Guard, Keeping, Meaning};
use forewarn_journal::batch::{Batch, Position, Row, Version};
use forewarn_journal::member::{Did, Member, Stopped};
use forewarn_journal::server::{Greeting, Placed, Server};
use std::collections::BTreeMap;
use std::time::Duration;

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
            greeting.head.size = greeting.head.size.max(self.held.size);
        }
        answer
    }

    /// Here all nodes append.
    fn claim(&mut self, _node: &str) -> Answer<()> {
        Answer::plain(Came::Nothing("not asked".to_owned()))
    }

    fn append(&mut self, batch: &Batch) -> Answer<Option<Placed>> {
        let answer = self.fleet.append(self.session, batch);
        self.bent(answer)
    }

    fn read(&mut self, from: u64) -> Answer<Vec<Row>> {
        self.fleet.read(self.session, from)
    }

    fn confirm(&mut self, _got: u64, _applied: u64) -> Answer<()> {
        if self.broken == Broken::Visible {
            let guard = Some([NAMED; 2]);
            return Answer { came: Came::Value(()), is_warned: false, guard };
        }
        let mut answer = self.fleet.confirm(self.session);
        for _ in 0..6 {
            let meaning = answer.clone().of_commit(KEPT);
            if self.broken != Broken::Session || meaning == Meaning::Held(()) {
                break;
            }
            Fleet::leave(self.session);
            self.fleet.hello(self.session, 0);
            answer = self.fleet.confirm(self.session);
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
    broken: Broken,
    now: Duration,
    offered: u64,
    /// The one line, as the nodes have applied it.
    line: Vec<(String, u64)>,
    /// What was acknowledged, and where it stood.
    acknowledged: BTreeMap<String, u64>,
}

const SPEAKS: Version = Version(1);
const KEPT: Keeping = Keeping::Replicas { least: 1 };
const NAMED: Guard = Guard::Named { waits: 1, names: 1 };

impl World {
    pub(crate) fn new(seed: u64, nodes: usize, broken: Broken) -> World {
        let quorum = if broken == Broken::Any1 { Quorum::Any1 } else { Quorum::All };
        let mut fleet = Fleet::new(seed, quorum);
        fleet.ids_are_unique = broken != Broken::Unique;
        let reached = fleet.start();
        let node = |_| Node {
            member: Member::new(KEPT, SPEAKS, reached),
            session: Session::default(),
            store: Vec::new(),
            reached,
            restarts: 0,
            rest: Duration::ZERO,
        };
        let nodes = (0..nodes).map(node).collect();
        let (now, line, acknowledged) = (Duration::ZERO, Vec::new(), BTreeMap::new());
        World { fleet, nodes, broken, now, offered: 0, line, acknowledged }
    }

    /// Has so many commands appended under faults, then heals all, and looks at everything.
    pub(crate) fn run(mut self, commands: u64) -> Result<(u64, Tally), Wrong> {
        let mut given = 0;
        while given < commands {
            self.fleet.weather();
            let at = self.fleet.random.below(self.nodes.len());
            if !self.nodes[at].member.owes() || self.fleet.random.chance(20) {
                given += self.offer(at);
            }
            if self.fleet.random.chance(1) {
                self.restart(at);
            }
            self.step(at)?;
        }
        self.fleet.heal();
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
        while given < commands || self.nodes.iter().any(|node| node.member.owes()) {
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
        self.nodes[at].member.offer(Batch { id, node, version: SPEAKS, count, body });
        count
    }

    /// The process ends and begins again; what waited in it is forgotten.
    fn restart(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        node.restarts += 1;
        node.member = Member::new(KEPT, SPEAKS, node.reached);
        Fleet::leave(&mut node.session);
    }

    fn step(&mut self, at: usize) -> Result<Did, Wrong> {
        let World { fleet, nodes, broken, now, .. } = self;
        let node = &mut nodes[at];
        *now += Duration::from_millis(1) + node.rest;
        node.rest = Duration::ZERO;
        let held = node.member.fares().held;
        let mut asked = Asked { fleet, session: &mut node.session, broken: *broken, held };
        let did = node.member.step(&mut asked, *now);
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
        Ok(did)
    }

    fn offer_again(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        if node.member.owes() {
            let waiting = node.member.fares().waiting;
            node.member = Member::new(KEPT, SPEAKS, node.reached);
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
            node.store.push(one);
            node.reached = held.end;
            node.member.applied(held.end.size);
        }
        Ok(())
    }

    fn compare(&self) -> Result<(), Wrong> {
        let line = self.fleet.line();
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
        for (id, end) in &self.acknowledged {
            if !held.contains(&(id.clone(), *end)) {
                return Err(format!("{id} was acknowledged at {end}, and is lost"));
            }
        }
        Ok(())
    }
}
