//! One node with two partners, and anything that may be asked of it, drawn at random.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

mod agreement;
mod authority;
mod corrected;
mod duty;
mod exercise;
mod items;
mod partner;
mod people;
mod readout;
mod source;

use forewarn_engine::{Configuration, Core, Listed, TellWork, Work};
use forewarn_exchange::act::{AccountAct, PartnerAct, TellingAct};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::card::Card;
use forewarn_exchange::command::Command;
use forewarn_exchange::erasure::Retention;
use forewarn_exchange::id::{CaseNumber, CollectionNumber};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::proposal::Persons;
use forewarn_exchange::scale::{Clocks, Status, Urgency};
use forewarn_exchange::telling::{Delivery, Fate, Means, Shift, Step, Tried as Came, Whose};
use forewarn_exchange::user::Role;
use forewarn_exchange::waiver::WaiverRules;
use forewarn_policy::PolicyFile;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_store::Store;
use forewarn_transcript::batch::Carried;
use forewarn_transcript::tree::MemoryTree;
use forewarn_transcript::{Channel, Hash, Keys, Note, Party, SecretKey};
use std::collections::BTreeMap;
use std::path::Path;

const US: &str = "west.example";
pub(crate) const NODE: &str = "east.example";
const OUTLET: &str = "cert.example";
const INBOX: CollectionNumber = CollectionNumber::new(1);

/// How many commands did something, and how many were refused.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) applied: u32,
    pub(crate) refused: u32,
}

/// A small generator: the same numbers for the same seed, on any machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        // Numbers of splitmix64 (Steele, Lea and Flood, 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

pub(crate) struct World {
    pub(crate) core: Core,
    random: Random,
    /// For exercises: what is meant goes on as without them.
    aside: Random,
    seen: Seen,
    minutes: i64,
    commands: u64,
    channel: Option<Channel>,
    /// The partner's log, as the partner writes it.
    theirs: Vec<Carried>,
    tree: MemoryTree,
}

fn user(name: &str) -> Actor {
    Actor::User(UserName::parse(name).unwrap())
}

fn node(name: &str) -> NodeName {
    NodeName::parse(name).unwrap()
}

fn keys(seed: u8) -> Keys {
    Keys { mldsa44: None, ..SecretKey::from_seed(&[seed; 32]).keys() }
}

fn uuid(n: u64) -> String {
    format!("8e2e2d2b-17d4-4cbf-938f-{n:012x}")
}

/// An identity of some version, a nanosecond apart; each third one is flawed.
fn object(n: u64, version: u64, words: &str) -> Vec<u8> {
    let id = format!("identity--{}", uuid(n));
    let flaw = if n.is_multiple_of(3) { ",\"labels\":[]" } else { "" };
    format!(
        "{{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"{id}\",\
         \"created\":\"2017-12-15T09:30:00.000Z\",\"modified\":\"2017-12-15T09:30:00.00000000{version}Z\",\
         \"name\":\"{words}\"{flaw}}}"
    )
    .into_bytes()
}

impl World {
    pub(crate) fn new(path: &Path, seed: u64) -> World {
        let core = Core::open(Store::open(path).unwrap(), Vec::new()).unwrap();
        let mut world = World {
            core,
            random: Random(seed),
            aside: Random(!seed),
            seen: Seen::default(),
            minutes: 0,
            commands: 0,
            channel: None,
            theirs: Vec::new(),
            tree: MemoryTree::default(),
        };
        world.begin();
        world
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen
    }

    fn begin(&mut self) {
        self.run(Actor::Node(Part::Start), configuration("Service of the West").into());
        for (name, role) in [
            ("ana", Role::Analyst),
            ("otto", Role::Approver),
            ("aud", Role::Auditor),
            ("sven", Role::SourceOfficer),
            ("dora", Role::DutyOfficer),
            ("paul", Role::PartnerAdmin),
            ("nina", Role::NodeAdmin),
            ("mia", Role::Reader),
            ("paula", Role::DutyOfficer),
        ] {
            let name = UserName::parse(name).unwrap();
            let act = AccountAct::UserAdd { name, roles: vec![role], display: None };
            self.act(Actor::Owner, act);
        }
        let key = SecretKey::from_seed(&[2; 32]);
        let (organisation, url) = ("Service of the East".into(), "http://127.0.0.1:9".into());
        let card = Card { name: node(NODE), organisation, url, keys: keys(2) };
        let line = key.sign_note(NODE, &card.text());
        let note = Note::new(card.text(), vec![line]).to_string();
        self.act(user("paul"), PartnerAct::Add { card: note, ceiling: Tlp::Amber });
        let fingerprint = card.fingerprint();
        self.act(user("paul"), PartnerAct::Confirm { name: node(NODE), fingerprint });
        let (name, organisation) = (node(OUTLET), "A team".to_owned());
        let act = PartnerAct::AddWithoutNode { name, organisation, ceiling: Tlp::Green };
        self.act(user("paul"), act);
        let party = |name: &str, seed| Party { name: name.into(), keys: keys(seed) };
        let channel = Channel::between(party(US, 1), party(NODE, 2)).unwrap();
        let genesis = String::from_utf8(channel.genesis()).unwrap();
        self.channel = Some(channel);
        self.wrote(Carried { leaf: genesis, disclosures: Vec::new() });
        self.seen = Seen::default();
    }

    fn act(&mut self, actor: Actor, act: impl Into<forewarn_exchange::Act>) -> Taken {
        self.run(actor, Work::Act(act.into()))
    }

    fn time(&self) -> Timestamp {
        let start = Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap();
        start.plus_minutes(self.minutes)
    }

    fn run(&mut self, actor: Actor, work: Work) -> Taken {
        self.commands += 1;
        self.minutes += i64::try_from(self.random.below(3)).unwrap();
        let id = format!("command-{}", self.commands);
        let (time, seed) = (self.time(), Hash::of(id.as_bytes()));
        let command = Command { id, actor, time, seed, ahead: Vec::new(), work };
        let refused = self.core.commit(&[&command]).unwrap().answers.pop().unwrap().is_err();
        if refused {
            self.seen.refused += 1;
        } else {
            self.seen.applied += 1;
        }
        (command, refused)
    }

    /// Anything that may be asked; the commands that it took.
    pub(crate) fn step(&mut self) -> Vec<Taken> {
        let taken = match self.random.below(28) {
            20 | 21 => self.readout(),
            0 | 1 => self.intake(),
            2 => self.delete(),
            3 | 26 | 27 => self.matched(),
            4 => self.duty(),
            5 => self.triage(),
            6 | 7 => self.draft_or_release(),
            8..=10 => return self.receive(),
            11 => self.received(),
            12 => self.admin(),
            13 | 14 => self.second(),
            15 => self.telling(),
            16..=18 => self.people(),
            22 | 25 => self.authority(),
            23 | 24 => self.agreement(),
            _ => self.feed(),
        };
        let mut all = vec![taken];
        if self.commands.is_multiple_of(12) {
            std::mem::swap(&mut self.random, &mut self.aside);
            all.push(self.exercise());
            all.push(self.source());
            std::mem::swap(&mut self.random, &mut self.aside);
        } else if self.commands.is_multiple_of(4) {
            std::mem::swap(&mut self.random, &mut self.aside);
            all.push(self.correction());
            std::mem::swap(&mut self.random, &mut self.aside);
        }
        all
    }

    /// Who is told is set, somebody is told, or takes something in hand.
    fn telling(&mut self) -> Taken {
        let (dora, at) = (UserName::parse("dora").unwrap(), self.time());
        let means = Means { notifier: "mail".into(), address: Some("d@west.example".into()) };
        let id = format!("delivery--{}", self.random.below(4));
        match self.random.below(6) {
            0 => self.act(user("nina"), TellingAct::Means { name: dora, means: vec![means] }),
            1 => {
                let shift = Shift { who: dora, from: at.clone(), to: at.plus_minutes(9) };
                self.act(user("nina"), TellingAct::Rota { shifts: vec![shift] })
            }
            2 => {
                let need = format!("finding case-{}", self.case());
                self.act(user("dora"), TellingAct::Take { need })
            }
            3 => {
                let steps = vec![Step { who: Whose::OnDuty, after: 0 }];
                let act = TellingAct::Escalation { from: Urgency::Immediate, steps };
                self.act(user("nina"), act)
            }
            4 => {
                let fate = Fate::Waiting { tries: 0, next: at.clone(), why: None };
                let (by, needs) = ("step 1".to_owned(), Vec::new());
                let one = Delivery { id, person: dora, means, by, at, needs, fate };
                self.run(Actor::Node(Part::Teller), TellWork::Decided(vec![one]).into())
            }
            _ => {
                let came = match self.random.below(2) {
                    0 => Came::Sent {},
                    _ => Came::Failed { why: "no answer".into() },
                };
                self.run(Actor::Node(Part::Teller), TellWork::Tried { id, came }.into())
            }
        }
    }

    fn case(&mut self) -> CaseNumber {
        CaseNumber::new(1 + i64::try_from(self.random.below(6)).unwrap())
    }
}

/// A command, and whether it was refused.
pub(crate) type Taken = (Command<Work>, bool);

/// What never leaves here: the histories try what is forbidden, what passes and what cannot be asked.
fn policies() -> Vec<PolicyFile> {
    let text = r#"
@id("no-standing-to-green")
forbid(principal, action == Action::"release", resource)
when { resource.standing && resource.tlpLevel <= 1 };
@id("no-red-told") @words("What is red is not told by telephone.")
forbid(principal, action == Action::"tell", resource) when { resource.tlp == "red" };
@id("no-answers") forbid(principal, action == Action::"sentence", resource)
when { resource.says == "answer" && resource.urgency == "future" };
"#;
    vec![PolicyFile { name: "house.cedar".into(), text: text.into() }]
}

fn configuration(organisation: &str) -> Configuration {
    Configuration {
        name: node(US),
        organisation: organisation.into(),
        keys: keys(1),
        newest: keys(1),
        status: Status::Exercise,
        clocks: Clocks::default(),
        waivers: WaiverRules::default(),
        collections: vec![
            Listed { id: uuid(1), outlet_of: None, shelf: None, open: None },
            Listed { id: uuid(2), outlet_of: Some(node(OUTLET)), shelf: None, open: None },
        ],
        administrators: Persons::Two,
        two_approvers: None,
        policies: policies(),
        retention: Retention::default(),
        creators: BTreeMap::new(),
    }
}
