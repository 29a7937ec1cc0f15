//! People at work: on three nodes everybody tries everything that there is to do with a duty to
//! warn, in any order, on time or late. What they were answered yes to, and what has left, is held
//! against [`Sworn`].

mod tries;

use crate::random::Random;
use crate::side::{Answer, Side};
use crate::sworn::{Done, Sworn, Waiting, waiting};
use forewarn_engine::{ClockRanOut, ExpiredWork, Failure, IntakeWork, Outcome, Work};
use forewarn_exchange::Act;
use forewarn_exchange::act::{AccountAct, ProposalAct};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::answer::Answer as Given;
use forewarn_exchange::case::{Case, Outward, Stage};
use forewarn_exchange::clocks::Clocks;
use forewarn_exchange::id::{CaseNumber, CollectionNumber};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::need::{self, Kind, Need, WarningKnown};
use forewarn_exchange::scale::Urgency;
use forewarn_exchange::user::Role;
use forewarn_stix::Timestamp;
use forewarn_store::intake::NewIntake;
use forewarn_store::item::{Media, NewItem};
use forewarn_store::sight::Sight;
use forewarn_store::stamp::Stamp;
use std::collections::BTreeMap;

/// Nobody looks at more at once.
const MANY: usize = 10_000;
/// Items of each node, which are of anybody's cases.
const ITEMS: u64 = 8;
/// So many cases are worked on at each node; the numbers are drawn from among the newest.
const CASES: i64 = 12;
/// No further case is opened while so many are at an early stage.
const BUSY: usize = 5;
/// After so many acts everything is carried, and what must be listed is looked for.
const LOOK: u64 = 40;
/// What nobody may be told.
const WITHHELD: &str = "Ivan Petrov";

/// Who works at each node. Some may do all of it, and so try to release what they wrote.
const PEOPLE: &[(&str, &[Role])] = &[
    ("ana", &[Role::Analyst]),
    ("otto", &[Role::Approver]),
    ("olga", &[Role::Analyst, Role::Approver]),
    ("omar", &[Role::Analyst, Role::Approver]),
    ("dora", &[Role::DutyOfficer]),
    ("mia", &[Role::Reader]),
];

/// What came of it all.
#[derive(Debug, Default, Clone, serde::Serialize)]
pub(crate) struct Tally {
    /// Acts that were done.
    pub(crate) done: u64,
    /// Acts that were refused.
    pub(crate) refused: u64,
    /// Entries that left, by their kind.
    pub(crate) left: BTreeMap<String, u64>,
    /// Needs that were looked at and found listed.
    pub(crate) listed: u64,
}

pub(crate) struct Life {
    sides: Vec<Side>,
    sworn: Vec<Sworn>,
    random: Random,
    /// Milliseconds.
    now: u64,
    tally: Tally,
}

fn user(name: &str) -> UserName {
    UserName::parse(name).unwrap()
}

fn item_id(n: u64) -> String {
    format!("identity--8e2e2d2b-17d4-4cbf-938f-{n:012x}")
}

fn item(n: u64) -> NewItem {
    let id = item_id(n);
    let bytes = format!(
        "{{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"{id}\",\
         \"created\":\"2017-12-15T09:30:00.000Z\",\"modified\":\"2017-12-15T09:30:00.000Z\",\
         \"name\":\"item {n}\"}}"
    );
    let judged = forewarn_stix::object::judge(bytes.as_bytes()).object.unwrap();
    let version = Stamp::of(judged.version());
    let position = i64::try_from(n).unwrap();
    NewItem::new((CollectionNumber::new(1), Media::Stix), id, version, position, bytes.into_bytes())
}

impl Life {
    pub(crate) fn new(seed: u64) -> Life {
        let mut sides: Vec<Side> = (0..3).map(Side::new).collect();
        let cards: Vec<_> = sides.iter().map(|side| (side.name.clone(), side.card())).collect();
        for side in &mut sides {
            side.meet(&cards);
            for (name, roles) in PEOPLE {
                let roles = roles.to_vec();
                let add = AccountAct::UserAdd { name: user(name), roles, display: None };
                side.bring(Actor::Owner, 0, Work::Act(add.into())).unwrap();
            }
            let intake = NewIntake {
                id: "5a1d1c32-5f0e-4b0a-8f0e-7c0d7a4f8a02".into(),
                time: crate::side::time(0),
                actor: Actor::User(user("ana")),
                collection: CollectionNumber::new(1),
                source: Some("HERON".into()),
                grade: Some("B2".into()),
                marking: None,
                name: None,
            };
            let items = (0..ITEMS).map(item).collect();
            let work = IntakeWork { intake, items, refused: Vec::new() };
            side.bring(Actor::User(user("ana")), 0, work.into()).unwrap();
        }
        let sworn = sides.iter().map(|_| Sworn::default()).collect();
        let (random, tally) = (Random::new(seed), Tally::default());
        let mut life = Life { sides, sworn, random, now: 60_000, tally };
        life.carry();
        life
    }

    /// So many acts are tried; what must be so is looked at all along.
    pub(crate) fn run(mut self, acts: u64) -> Tally {
        for at in 1..=acts {
            self.act();
            if self.random.below(4) == 0 {
                self.carry();
            }
            if at % LOOK == 0 || at == acts {
                self.clocks();
                self.carry();
                self.check();
            }
        }
        for sworn in &self.sworn {
            for (kind, count) in &sworn.left {
                *self.tally.left.entry(kind.clone()).or_default() += count;
            }
        }
        self.tally
    }

    fn time(&self) -> Timestamp {
        crate::side::time(self.now)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.random.below(all.len() as u64)).unwrap()]
    }

    /// Some minutes go by; now and then hours, and now and then a clock is set back.
    fn pass(&mut self) {
        self.now = match self.random.below(1_000) {
            0 => self.now + 12 * 3_600_000,
            1..=5 => self.now.saturating_sub(90_000).max(60_000),
            _ => self.now + self.random.below(120_000),
        };
    }

    /// Somebody of some node tries something.
    fn act(&mut self) {
        self.pass();
        let at = usize::try_from(self.random.below(3)).unwrap();
        let act = match self.random.below(10) {
            0..=5 => self.duty(at).map(Act::Duty),
            6 => self.proposal(at).map(Act::Proposal),
            _ => self.received(at).map(Act::Received),
        };
        let Some(act) = act else { return };
        // Mostly somebody who may; now and then anybody.
        let mut who = user(self.one_of(PEOPLE).0);
        for _ in 0..self.random.below(8) {
            let known = self.sides[at].db().user(&who).unwrap();
            if !known.is_some_and(|known| act.may_be_tried(&known)) {
                who = user(self.one_of(PEOPLE).0);
            }
        }
        self.try_it(at, &who, &act);
    }

    fn others(&self, at: usize) -> Vec<NodeName> {
        let others = self.sides.iter().enumerate().filter(|(other, _)| *other != at);
        others.map(|(_, side)| side.name.clone()).collect()
    }

    fn try_it(&mut self, at: usize, who: &UserName, act: &Act) {
        let before = self.drafts(at, act);
        let work = Work::Act(act.clone());
        let answer = self.sides[at].bring(Actor::User(who.clone()), self.now, work);
        let others = self.others(at);
        let (side, sworn) = (&self.sides[at], &mut self.sworn[at]);
        match answer {
            Ok(Outcome::Act(answer)) => {
                self.tally.done += 1;
                sworn.proposals(&side.db());
                if matches!(answer, Given::Proposed { .. }) {
                    return sworn.look(&side.db(), &others, None);
                }
                let act = &sworn.meant(act, who);
                sworn.done(&side.db(), &Done { who, act, before: &before });
                sworn.look(&side.db(), &others, Some((who, act)));
            }
            Ok(other) => panic!("{act:?} is answered by {other:?}"),
            Err(Failure::Refused(_)) => {
                self.tally.refused += 1;
                sworn.look(&side.db(), &others, None);
            }
            Err(failure) => panic!("{who} at {}: {act:?}: {failure}", side.name),
        }
    }

    /// The bytes that wait in the cases that an act names.
    fn drafts(&self, at: usize, act: &Act) -> Waiting {
        let db = self.sides[at].db();
        let cases = match act {
            Act::Duty(act) => act.cases(),
            Act::Proposal(ProposalAct::Approve { proposal, .. }) => {
                match db.proposal(*proposal).unwrap().unwrap().act {
                    Act::Duty(act) => act.cases(),
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        };
        waiting(&db, cases.into_iter())
    }

    /// One of the newest cases.
    fn case(&mut self, at: usize) -> CaseNumber {
        let newest = (self.sides[at].db().next_case().unwrap().get() - 1).max(1);
        let back = self.random.below(u64::try_from(newest.min(CASES)).unwrap());
        CaseNumber::new(newest - i64::try_from(back).unwrap())
    }

    /// Whether as many cases are undecided or unwritten as people can work on.
    fn has_enough(&self, at: usize) -> bool {
        let all = self.sides[at].db().cases().unwrap();
        let early = [Stage::Open, Stage::Found, Stage::ToWarn, Stage::Drafted];
        all.iter().filter(|case| early.contains(&case.stage())).count() >= BUSY
    }

    /// A word that stands in everything that concerns one partner, and may reach no other.
    fn mark(&self, at: usize, case: CaseNumber) -> String {
        let case = self.sides[at].db().case(case).unwrap();
        let partner = case.map_or_else(|| "nobody".to_owned(), |case| case.partner.to_string());
        marked(&partner)
    }

    fn urgency(&mut self) -> Urgency {
        self.one_of(&[Urgency::Immediate, Urgency::Expected, Urgency::Future])
    }

    /// What the follower of that name does: what has run out is put on record.
    fn clocks(&mut self) {
        let now = self.time();
        for at in 0..self.sides.len() {
            let (due, ended) = {
                let db = self.sides[at].db();
                let due = db.cases_due(now.micros(), 1_000).unwrap();
                (due, db.ending(now.micros(), 1_000).unwrap())
            };
            let due = due.into_iter().map(|case| ClockRanOut { case }.into());
            let ended = ended.into_iter().map(|subject| ExpiredWork { subject }.into());
            for work in due.chain(ended).collect::<Vec<Work>>() {
                let actor = Actor::Node(Part::Clocks);
                self.sides[at].bring(actor, self.now, work).unwrap();
            }
            let others = self.others(at);
            self.sworn[at].look(&self.sides[at].db(), &others, None);
        }
    }

    /// Everything that waits to be sent arrives, and its receipt comes back.
    fn carry(&mut self) {
        let names: Vec<NodeName> = self.sides.iter().map(|side| side.name.clone()).collect();
        let mut moved = true;
        while std::mem::take(&mut moved) {
            for from in 0..self.sides.len() {
                for to in (0..self.sides.len()).filter(|to| *to != from) {
                    moved |= self.carried(&names, from, to);
                }
            }
        }
    }

    fn carried(&mut self, names: &[NodeName], from: usize, to: usize) -> bool {
        let Some(bytes) = self.sides[from].next_batch(&names[to]) else { return false };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.tells_nobody_of_another(&text, from, to);
        let mut never = |_| false;
        let received = self.sides[to].receive(&names[from], &bytes, self.now, &mut never);
        let Ok((answer, _)) = received else { panic!("nothing crashes here") };
        match answer {
            Answer::Receipt(receipt) => {
                let taken = self.sides[from].receipted(&names[to], &receipt, self.now, &mut never);
                assert!(taken.is_ok());
            }
            Answer::Held(size) => panic!("{} holds {size} already", names[to]),
        }
        let others = self.others(to);
        self.sworn[to].look(&self.sides[to].db(), &others, None);
        true
    }

    /// No batch to one partner says anything of another, or what nobody may be told.
    fn tells_nobody_of_another(&self, batch: &str, from: usize, to: usize) {
        let opened = opened(batch);
        assert!(!opened.contains(WITHHELD), "{WITHHELD} left: {opened}");
        for (other, side) in self.sides.iter().enumerate() {
            if other != from && other != to {
                let (name, marked) = (side.name.to_string(), marked(&side.name));
                assert!(!opened.contains(&marked), "{marked} left to another: {opened}");
                assert!(!opened.contains(&name), "{name} left to another: {opened}");
            }
        }
    }

    fn check(&mut self) {
        for at in 0..self.sides.len() {
            self.check_clocks(at);
        }
        for at in 0..self.sides.len() {
            for case in self.sworn[at].recalled().collect::<Vec<_>>() {
                self.check_recall(at, case);
            }
        }
    }

    fn needs(&self, at: usize) -> BTreeMap<CaseNumber, Vec<Need>> {
        let (db, now, clocks) = (self.sides[at].db(), self.time(), Clocks::default());
        let known = db.cases_in_need(&Sight::all(), &now, MANY).unwrap();
        let needs = known
            .iter()
            .map(|(case, known)| (case.number, need::of_case(case, known, &clocks, &now)));
        needs.collect()
    }

    /// Each case that is not done is shown to somebody, with a deadline or with who has paused it.
    fn check_clocks(&mut self, at: usize) {
        let (needs, now) = (self.needs(at), self.time());
        for case in self.sides[at].db().cases().unwrap() {
            let Case { number, .. } = case;
            let named = self.sides[at].name.clone();
            let listed = needs.get(&number).map_or(&[][..], Vec::as_slice);
            let timed = listed.iter().any(|need| need.due.is_some());
            let waits = match case.stage() {
                Stage::Open | Stage::Found | Stage::ToWarn | Stage::Drafted => true,
                // What was waived or referred waits in the calendar until its hour.
                Stage::Closed => case.clock.deadline().is_some_and(|due| *due <= now),
                Stage::Released | Stage::Expired | Stage::Recalled => false,
            };
            if waits {
                let held = timed || (!listed.is_empty() && case.clock.pause().is_some());
                assert!(held, "nobody at {named} is shown {case:?}: {listed:?}");
                self.tally.listed += 1;
            }
            if case.is_waived() {
                let kept = case.clock.deadline().is_some() || case.clock.pause().is_some();
                assert!(kept, "{case:?} is never looked at again");
            }
        }
    }

    /// A recall that is not answered stands before both; one that is, before nobody.
    fn check_recall(&mut self, at: usize, number: CaseNumber) {
        let db = self.sides[at].db();
        let case = db.case(number).unwrap().unwrap();
        assert_eq!(case.outward, Outward::Recalled);
        let first = db.outgoing(number).unwrap().releases()[0].entry.clone();
        let to = self.sides.iter().position(|side| side.name == case.partner).unwrap();
        let there = self.sides[to].db();
        let all = there.warnings().unwrap();
        let warning = all.into_iter().find(|one| one.entry == first).unwrap();
        let asked = self.needs(at).get(&number).is_some_and(|needs| {
            needs.iter().any(|need| need.kind == Kind::RecallUnanswered && need.due.is_some())
        });
        let now = self.time();
        let listed = there.warnings_in_need(&now, MANY).unwrap();
        let shown = listed.iter().any(|one| {
            let needs =
                need::of_warning(one, WarningKnown { outcome: false }, &Clocks::default(), &now);
            one.number == warning.number && needs.iter().any(|need| need.kind == Kind::AnswerRecall)
        });
        let answered = self.sworn[to].has_answered(warning.number);
        assert_eq!((asked, shown), (!answered, !answered), "{case:?}, there {warning:?}");
        self.tally.listed += 1;
    }
}

/// What stands in everything that concerns a partner.
fn marked(partner: &str) -> String {
    format!("told-to-{}", partner.trim_end_matches(".example"))
}

/// A batch, with its disclosures opened.
fn opened(batch: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(batch).unwrap();
    let mut all = String::new();
    let mut left = vec![&value];
    while let Some(one) = left.pop() {
        match one {
            serde_json::Value::String(text) => {
                let decoded = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes());
                all.push_str(&decoded.map_or_else(
                    |_| text.clone(),
                    |bytes| String::from_utf8_lossy(&bytes).into_owned(),
                ));
                all.push('\n');
            }
            serde_json::Value::Array(list) => left.extend(list),
            serde_json::Value::Object(map) => left.extend(map.values()),
            _ => {}
        }
    }
    all
}
