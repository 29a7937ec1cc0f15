//! The network, the clock and the people of the simulation.

use crate::random::Random;
use crate::side::{Answer, Crashed, Side, Step};
use forewarn_exchange::Act;
use forewarn_exchange::act::InterestAct;
use forewarn_exchange::answer::Answer as ActAnswer;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::Urgency;
use forewarn_matching::interest::{Clause, Interest};
use forewarn_node::channel::course::{Next, Sent};
use std::collections::{BTreeMap, HashMap};

/// How bad it is, in chances of a hundred thousand.
pub(crate) struct Faults {
    drop: u64,
    repeat: u64,
    /// Late by up to [`LATE`]: what came behind overtakes it.
    delay: u64,
    /// From a message on, nothing passes between two nodes for up to [`CUT`]: a tenth of that
    /// chance, since it takes some ten messages with it.
    cut: u64,
    /// At each step before and after something is durable.
    crash: u64,
}

impl Default for Faults {
    fn default() -> Faults {
        Faults { drop: 10_000, repeat: 10_000, delay: 10_000, cut: 10_000, crash: 2_000 }
    }
}

/// Milliseconds.
const LATE: u64 = 2_000;
const CUT: u64 = 4_000;
const DOWN: u64 = 3_000;
/// How long a push waits for its answer.
const PATIENCE: u64 = 3_000;
/// So many interests are open at most with each partner; then the oldest is withdrawn.
const OPEN: usize = 40;

enum Event {
    /// People want something of a node.
    People(usize),
    /// A node looks whether there is something to send.
    Look {
        from: usize,
        to: usize,
    },
    Request {
        from: usize,
        to: usize,
        push: u64,
        bytes: Vec<u8>,
    },
    Response {
        from: usize,
        to: usize,
        push: u64,
        answer: Answer,
    },
    /// The push has had no answer.
    Patience {
        from: usize,
        to: usize,
        push: u64,
    },
    Start(usize),
}

/// Something that somebody wants to have done, until it is acknowledged.
#[derive(Clone)]
struct Wish {
    id: String,
    to: usize,
    act: Act,
}

#[derive(Default)]
struct Person {
    wishes: Vec<Wish>,
    made: u64,
    /// Labels that were acknowledged, with the partner and whether they are still open.
    acknowledged: Vec<(usize, String)>,
    open: HashMap<usize, Vec<String>>,
}

/// What has happened.
#[derive(Debug, Default, Clone, serde::Serialize)]
pub(crate) struct Told {
    entries: u64,
    messages: u64,
    dropped: u64,
    repeated: u64,
    late: u64,
    cuts: u64,
    crashes: u64,
    hours: u64,
}

pub(crate) struct World {
    sides: Vec<Side>,
    people: Vec<Person>,
    random: Random,
    faults: Faults,
    now: u64,
    events: BTreeMap<(u64, u64), Event>,
    count: u64,
    cut_until: HashMap<(usize, usize), u64>,
    told: Told,
}

impl World {
    pub(crate) fn new(seed: u64, nodes: usize, faults: Faults) -> World {
        let mut sides: Vec<Side> = (0..nodes).map(Side::new).collect();
        let cards: Vec<(NodeName, String)> =
            sides.iter().map(|side| (side.name.clone(), side.card())).collect();
        for side in &mut sides {
            side.meet(&cards);
        }
        let people = (0..nodes).map(|_| Person::default()).collect();
        let (events, cut_until) = (BTreeMap::new(), HashMap::new());
        let (random, told) = (Random::new(seed), Told::default());
        World { sides, people, random, faults, now: 0, events, count: 0, cut_until, told }
    }

    /// So many entries are wanted by people; then the network is mended, and all of it must come to
    /// an end in which both sides hold the same.
    pub(crate) fn run(mut self, entries: u64) -> Told {
        for at in 0..self.sides.len() {
            self.after(at as u64, Event::People(at));
            self.look_all(at);
        }
        while self.told.entries < entries {
            self.step();
        }
        self.faults = Faults { drop: 0, repeat: 0, delay: 0, cut: 0, crash: 0 };
        self.cut_until.clear();
        for person in &mut self.people {
            person.made = u64::MAX;
        }
        while !self.events.is_empty() {
            self.step();
        }
        self.check();
        self.told.hours = self.now / 3_600_000;
        self.told
    }

    fn after(&mut self, wait: u64, event: Event) {
        self.count += 1;
        self.events.insert((self.now + wait, self.count), event);
    }

    fn step(&mut self) {
        let ((at, _), event) = self.events.pop_first().unwrap();
        self.now = at;
        match event {
            Event::People(at) => self.people(at),
            Event::Look { from, to } => self.look(from, to),
            Event::Request { from, to, push, bytes } => self.request(from, to, push, &bytes),
            Event::Response { from, to, push, answer } => self.response(from, to, push, &answer),
            Event::Patience { from, to, push } => {
                if self.is_waiting(from, to, push) {
                    self.sent(from, to, Sent::Failed);
                }
            }
            Event::Start(at) => {
                self.sides[at].start();
                self.look_all(at);
            }
        }
    }

    fn look_all(&mut self, from: usize) {
        for to in (0..self.sides.len()).filter(|to| *to != from) {
            self.after(0, Event::Look { from, to });
        }
    }

    fn crash(&mut self, at: usize) {
        self.told.crashes += 1;
        self.sides[at].crash();
        let down = self.random.below(DOWN);
        self.after(down, Event::Start(at));
    }

    /// Over the network, or not.
    fn carry(&mut self, from: usize, to: usize, make: impl Fn() -> Event) {
        self.told.messages += 1;
        let pair = (from.min(to), from.max(to));
        if self.random.chance(self.faults.cut / 10) {
            self.told.cuts += 1;
            let until = self.now + self.random.below(CUT);
            self.cut_until.insert(pair, until);
        }
        let is_cut = self.cut_until.get(&pair).is_some_and(|until| self.now < *until);
        if is_cut || self.random.chance(self.faults.drop) {
            self.told.dropped += 1;
            return;
        }
        let copies = if self.random.chance(self.faults.repeat) { 2 } else { 1 };
        self.told.repeated += copies - 1;
        for _ in 0..copies {
            let mut wait = 1 + self.random.below(20);
            if self.random.chance(self.faults.delay) {
                self.told.late += 1;
                wait += self.random.below(LATE);
            }
            self.after(wait, make());
        }
    }

    fn is_waiting(&self, from: usize, to: usize, push: u64) -> bool {
        let course = self.sides[from].courses.get(&self.sides[to].name);
        course.is_some_and(|(_, waiting)| *waiting == Some(push))
    }

    fn look(&mut self, from: usize, to: usize) {
        let partner = self.sides[to].name.clone();
        let side = &mut self.sides[from];
        let busy = side.courses.get(&partner).is_some_and(|(_, waiting)| waiting.is_some());
        if !side.is_up() || busy {
            return;
        }
        let Some(bytes) = side.next_batch(&partner) else {
            return self.sent(from, to, Sent::Nothing);
        };
        self.count += 1;
        let push = self.count;
        self.sides[from].courses.entry(partner).or_default().1 = Some(push);
        self.after(PATIENCE, Event::Patience { from, to, push });
        self.carry(from, to, || Event::Request { from, to, push, bytes: bytes.clone() });
    }

    fn sent(&mut self, from: usize, to: usize, sent: Sent) {
        let partner = self.sides[to].name.clone();
        let (course, waiting) = self.sides[from].courses.entry(partner).or_default();
        *waiting = None;
        match course.after(sent) {
            Next::Send => self.after(0, Event::Look { from, to }),
            Next::Rest(wait) => {
                let millis = u64::try_from(wait.as_millis()).unwrap();
                let jitter = self.random.below(millis / 2);
                self.after(millis + jitter, Event::Look { from, to });
            }
            Next::Idle => {}
        }
    }

    fn request(&mut self, from: usize, to: usize, push: u64, bytes: &[u8]) {
        if !self.sides[to].is_up() {
            return;
        }
        let (name, now) = (self.sides[from].name.clone(), self.now);
        let received = self.with_crashes(to, |side, crash| side.receive(&name, bytes, now, crash));
        let Ok((answer, posted)) = received else { return self.crash(to) };
        self.posted(to, &posted);
        self.carry(to, from, || Event::Response { from, to, push, answer: answer.clone() });
    }

    fn response(&mut self, from: usize, to: usize, push: u64, answer: &Answer) {
        if !self.sides[from].is_up() {
            return;
        }
        let (name, now) = (self.sides[to].name.clone(), self.now);
        let is_awaited = self.is_waiting(from, to, push);
        let sent = match answer {
            Answer::Held(size) => Sent::Elsewhere(*size),
            // One that comes late, or twice, is taken like one that was carried by hand.
            Answer::Receipt(text) => {
                let taken =
                    self.with_crashes(from, |side, crash| side.receipted(&name, text, now, crash));
                let Ok(size) = taken else { return self.crash(from) };
                Sent::Receipted(size)
            }
        };
        if is_awaited {
            self.sent(from, to, sent);
        }
    }

    fn with_crashes<T>(
        &mut self,
        at: usize,
        work: impl FnOnce(&mut Side, &mut dyn FnMut(Step) -> bool) -> Result<T, Crashed>,
    ) -> Result<T, Crashed> {
        let chance = self.faults.crash;
        let random = &mut self.random;
        work(&mut self.sides[at], &mut |_step| random.chance(chance))
    }

    fn posted(&mut self, from: usize, partners: &[NodeName]) {
        for to in 0..self.sides.len() {
            if partners.contains(&self.sides[to].name) {
                self.after(0, Event::Look { from, to });
            }
        }
    }

    /// People register interests and withdraw them, and try again what was not acknowledged.
    fn people(&mut self, at: usize) {
        let enough = self.people[at].made == u64::MAX;
        if !enough && self.people[at].wishes.len() < 4 {
            let wish = self.wish(at);
            self.people[at].wishes.push(wish);
        }
        let wishes = self.people[at].wishes.clone();
        for wish in wishes {
            if !self.sides[at].is_up() {
                break;
            }
            self.grant(at, &wish);
        }
        if !enough || !self.people[at].wishes.is_empty() {
            let rest = self.random.below(300);
            self.after(rest, Event::People(at));
        }
    }

    fn wish(&mut self, at: usize) -> Wish {
        let others = self.sides.len() as u64 - 1;
        let to = (at + 1 + usize::try_from(self.random.below(others)).unwrap()) % self.sides.len();
        let partner = self.sides[to].name.clone();
        let person = &mut self.people[at];
        person.made += 1;
        let id = format!("wish-{at}-{}", person.made);
        let open = person.open.entry(to).or_default();
        let act = if open.len() > OPEN {
            InterestAct::Remove { partner, id: open.remove(0) }.into()
        } else {
            let any = vec![Clause::Country("RU".into()).into()];
            let interest = Interest::of(id.clone(), Urgency::Future, any);
            InterestAct::Add { partner, interest }.into()
        };
        Wish { id, to, act }
    }

    fn grant(&mut self, at: usize, wish: &Wish) {
        let now = self.now;
        let asked =
            self.with_crashes(at, |side, crash| side.ask(&wish.id, now, wish.act.clone(), crash));
        let Ok((answer, posted)) = asked else { return self.crash(at) };
        self.posted(at, &posted);
        self.told.entries += 1;
        let person = &mut self.people[at];
        person.wishes.retain(|one| one.id != wish.id);
        let ActAnswer::Interest { interest, .. } = answer else { panic!("{answer:?}") };
        if matches!(wish.act, Act::Interest(InterestAct::Add { .. })) {
            person.acknowledged.push((wish.to, format!("interest “{}” registered", wish.id)));
            person.open.entry(wish.to).or_default().push(interest);
        } else {
            person.acknowledged.push((wish.to, format!("interest {interest} removed")));
        }
    }

    /// The end: everyone holds the same, and has done everything once.
    fn check(&self) {
        for (at, side) in self.sides.iter().enumerate() {
            for (to, other) in self.sides.iter().enumerate().filter(|(to, _)| *to != at) {
                assert_eq!(side.checked(&other.name, true), other.checked(&side.name, false));
                let done = other.done(&side.name);
                let twice =
                    done.iter().find(|(what, count)| **count > 1 && what.starts_with("interest"));
                assert_eq!(twice, None, "{} did it twice", other.name);
                let wanted = self.people[at].acknowledged.iter().filter(|(whom, _)| *whom == to);
                for (_, what) in wanted {
                    assert_eq!(done.get(what), Some(&1), "{what} at {}", other.name);
                }
            }
        }
    }
}
