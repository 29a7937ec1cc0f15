//! One node with two partners, and anything that may be asked of it, drawn at random.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

mod agreement;
mod authority;
mod people;
mod readout;

use forewarn_engine::{
    ClockRanOut, Configuration, Core, DeleteWork, ExpiredWork, FedWork, IntakeWork, ItemMatches,
    Listed, Matched, ReceiptWork, ReceiveWork, ShownWork, TellWork, TrialBegun, Tried, Work,
};
use forewarn_exchange::act::{
    AccountAct, DutyAct, EvidenceAct, FeedAct, InboxAct, PartnerAct, ProposalAct, ReceivedAct,
    Showing, TellingAct, TriageAct,
};
use forewarn_exchange::action::ActionClass;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::card::Card;
use forewarn_exchange::case::{Decision, Finding};
use forewarn_exchange::command::Command;
use forewarn_exchange::draft::{DraftChanges, DraftRequest};
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::feed::{Feed, Way};
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::{CaseNumber, CollectionNumber, MuteNumber, Subject, WarningNumber};
use forewarn_exchange::message::{Content, Message};
use forewarn_exchange::mute::MuteRequest;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::permission::{self, Request, Verdict};
use forewarn_exchange::post::Post;
use forewarn_exchange::proposal::{Persons, Proposal};
use forewarn_exchange::scale::{Clocks, Status, Urgency, Waiver};
use forewarn_exchange::talk::Statement;
use forewarn_exchange::telling::{Delivery, Fate, Means, Shift, Step, Tried as Came, Whose};
use forewarn_exchange::user::Role;
use forewarn_exchange::waiver::{WaiverFacts, WaiverRules};
use forewarn_extract::threat::Threat;
use forewarn_matching::Match;
use forewarn_matching::interest::{Clause, Interest};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_store::Store;
use forewarn_store::feed::FeedState;
use forewarn_store::intake::{NewIntake, Refused};
use forewarn_store::interest::Order;
use forewarn_store::item::{Media, NewItem};
use forewarn_store::reason::Reason;
use forewarn_store::sight::Sight;
use forewarn_store::stamp::Stamp;
use forewarn_taxii::filter::VersionFilter;
use forewarn_transcript::batch::Carried;
use forewarn_transcript::tree::MemoryTree;
use forewarn_transcript::{Channel, Hash, Keys, Note, Party, Reference, SecretKey};
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

fn item(position: i64, bytes: Vec<u8>) -> NewItem {
    let judged = forewarn_stix::object::judge(&bytes);
    let flaws = judged.errors().map(|flaw| Reason {
        path: flaw.path.clone(),
        rule: flaw.rule.into(),
        message: flaw.message.clone(),
    });
    let flaws = flaws.collect();
    let object = judged.object.unwrap();
    let version = Stamp::of(object.version());
    let id = object.id().to_string();
    NewItem::new((INBOX, Media::Stix), id, version, position, bytes).with(flaws)
}

fn permission_request() -> Request {
    let recipients = vec![node("north.example")];
    Request { parts: vec![permission::Part::Whole], recipients, reason: "it concerns them".into() }
}

impl World {
    pub(crate) fn new(path: &Path, seed: u64) -> World {
        let core = Core::open(Store::open(path).unwrap(), Vec::new()).unwrap();
        let mut world = World {
            core,
            random: Random(seed),
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
        vec![taken]
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

    fn some_intake(&mut self) -> IntakeWork {
        let intake = NewIntake {
            id: uuid(1_000 + self.commands),
            time: self.time(),
            actor: user("ana"),
            collection: INBOX,
            source: Some("HERON".into()),
            grade: Some("B2".into()),
            marking: None,
            name: Some("a file".into()),
        };
        let (mut items, mut refused) = (Vec::new(), Vec::new());
        let start = i64::try_from(self.random.below(3)).unwrap();
        for position in start..start + 1 + i64::try_from(self.random.below(4)).unwrap() {
            if self.random.below(5) == 0 {
                let reason = Reason { path: "$".into(), rule: "json".into(), message: "x".into() };
                let bytes = format!("broken {}", self.commands).into_bytes();
                refused.push(Refused {
                    position,
                    id: None,
                    version: None,
                    reasons: vec![reason],
                    bytes,
                });
            } else {
                let words = ["one", "two"][usize::try_from(self.random.below(2)).unwrap()];
                let (n, version) = (self.random.below(12), self.random.below(3));
                let mut object = object(n, version, words);
                // Now and then another creator's, or a revocation.
                let more = match self.random.below(8) {
                    0 => format!(",\"created_by_ref\":\"identity--{}\"}}", uuid(99)),
                    1 => ",\"revoked\":true}".to_owned(),
                    _ => "}".to_owned(),
                };
                object.pop();
                object.extend(more.into_bytes());
                items.push(item(position, object));
            }
        }
        IntakeWork { intake, items, refused }
    }

    fn intake(&mut self) -> Taken {
        let work = self.some_intake();
        self.run(user("ana"), work.into())
    }

    fn delete(&mut self) -> Taken {
        let object = format!("identity--{}", uuid(self.random.below(12)));
        let all = self.random.below(2) == 0;
        let versions = VersionFilter { last: !all, all, ..VersionFilter::default() };
        self.run(user("ana"), DeleteWork { collection: INBOX, object, versions }.into())
    }

    fn matched(&mut self) -> Taken {
        let why = self.why();
        let (from, newest, found, changes) = {
            let db = self.core.store().db();
            let from = db.cursor(forewarn_engine::MATCHER).unwrap();
            let newest = db.newest_item().unwrap();
            let changes = db.interest_changes().unwrap();
            let items = db.items_to_match(from, newest, 3).unwrap();
            let interests =
                db.interests(Some(NODE), Order::default(), 0, 10, &Sight::all()).unwrap();
            let theirs = interests.iter().find(|one| !one.ours);
            let found: Vec<ItemMatches> = items
                .iter()
                .map(|item| ItemMatches {
                    item: item.seq,
                    intake: item.intake,
                    id: item.id.clone(),
                    source: item.source.clone(),
                    about: vec![item.id.clone()],
                    ended: forewarn_matching::Ended::of(&item.bytes),
                    matches: theirs
                        .map(|one| Match {
                            partner: NODE.into(),
                            interest: one.interest.id.clone(),
                            label: one.interest.label.clone(),
                            urgency: one.interest.urgency,
                            strength: 60,
                            why: why.clone(),
                        })
                        .into_iter()
                        .collect(),
                })
                .collect();
            (from, newest, found, changes)
        };
        let actor = Actor::Node(Part::Matcher);
        match self.random.below(4) {
            0 => self.run(actor, TrialBegun { changes, from: 0, until: from }.into()),
            1 => {
                let found = Vec::new();
                let trial = Matched { from: 0, to: from, changes, found };
                self.run(actor, Tried(trial).into())
            }
            _ => {
                let to = found.last().map_or(newest, |one| one.item);
                self.run(actor, Matched { from, to, changes, found }.into())
            }
        }
    }

    fn case(&mut self) -> CaseNumber {
        CaseNumber::new(1 + i64::try_from(self.random.below(6)).unwrap())
    }

    fn duty(&mut self) -> Taken {
        let case = self.case();
        match self.random.below(8) {
            6 => {
                let valid_until = self.time().plus_minutes(2_000);
                self.act(user("ana"), DutyAct::Renew { case, valid_until })
            }
            7 => {
                let subject = if self.random.below(2) == 0 {
                    Subject::Case(case)
                } else {
                    Subject::Warning(WarningNumber::new(1))
                };
                self.run(Actor::Node(Part::Clocks), ExpiredWork { subject }.into())
            }
            0 => {
                let partner = node(if self.random.below(2) == 0 { NODE } else { OUTLET });
                let items = vec![format!("identity--{}", uuid(self.random.below(12)))];
                let (urgency, status) = (Urgency::Immediate, Status::Exercise);
                let other = node(if *partner == *NODE { OUTLET } else { NODE });
                let also = if self.random.below(3) == 0 { vec![other] } else { Vec::new() };
                self.act(user("ana"), DutyAct::Open { partner, items, urgency, status, also })
            }
            1 | 2 => {
                let impending = self.random.below(2) == 0;
                let aware_at = (self.random.below(2) == 0).then(|| self.time().plus_minutes(-30));
                let yes = Finding::yes(Threat::Destruction, "a cathedral", "two reports agree");
                let finding = Finding { impending, aware_at, ..yes };
                self.act(user("ana"), DutyAct::Find { case, finding })
            }
            3 | 4 => {
                let reason = "lives".to_owned();
                let warn = self.random.below(4) > 0;
                let decision =
                    if warn { Decision::Warn { reason } } else { Decision::NotMet { reason } };
                let also = if self.random.below(3) == 0 { vec![self.case()] } else { Vec::new() };
                self.act(user("otto"), DutyAct::Decide { case, decision, also })
            }
            _ => self.run(Actor::Node(Part::Clocks), ClockRanOut { case }.into()),
        }
    }

    /// Clocks, links and mutes.
    fn triage(&mut self) -> Taken {
        let (case, reason) = (self.case(), "as is known now".to_owned());
        let until = self.time().plus_minutes(10);
        let item = format!("identity--{}", uuid(self.random.below(12)));
        let act = match self.random.below(9) {
            0 => {
                let urgency = [Urgency::Future, Urgency::Expected, Urgency::Immediate];
                let urgency = urgency[usize::try_from(self.random.below(3)).unwrap()];
                DutyAct::Urgency { case, urgency, reason }
            }
            1 => DutyAct::Pause { case, until, reason },
            2 => DutyAct::Resume { case },
            3 => DutyAct::Merge { case, into: self.case(), reason },
            4 => DutyAct::Join { case, item, reason },
            5 => DutyAct::Link { case, with: vec![self.case()] },
            n => return self.mute(n, item),
        };
        let who = if self.random.below(2) == 0 { "ana" } else { "otto" };
        self.act(user(who), act)
    }

    fn mute(&mut self, n: u64, item: String) -> Taken {
        let (partner, reason) = (node(NODE), "noise".to_owned());
        let interest = {
            let db = self.core.store().db();
            let all = db.interests(Some(NODE), Order::default(), 0, 10, &Sight::all()).unwrap();
            let theirs = all.into_iter().find(|one| !one.ours);
            theirs.map_or_else(|| "none".to_owned(), |one| one.interest.id)
        };
        let act = match n {
            6 => {
                let until = self.time().plus_minutes(20);
                let source = "HERON".to_owned();
                let immediate = self.random.below(2) == 0;
                let mute = MuteRequest { source, partner, interest, until, reason, immediate };
                TriageAct::MuteAdd { mute }
            }
            7 => TriageAct::MuteRemove { mute: MuteNumber::new(1), reason },
            _ => TriageAct::Dismiss { partner, interest, item, reason },
        };
        self.act(user("otto"), act)
    }

    fn draft_or_release(&mut self) -> Taken {
        let case = self.case();
        let pending = {
            let db = self.core.store().db();
            db.outgoing(case).unwrap().pending().map(|draft| draft.digest)
        };
        let who = if self.random.below(6) == 0 { "ana" } else { "otto" };
        match (pending, self.random.below(5)) {
            (Some(digest), 0..=2) => {
                self.act(user(who), DutyAct::Release { case, digest, set_aside: Vec::new() })
            }
            (_, 3) => {
                let reason = ["it is over", "HERON was wrong"];
                let reason = reason[usize::try_from(self.random.below(2)).unwrap()].to_owned();
                self.act(
                    user("otto"),
                    DutyAct::Recall { case, reason, set_aside: SetAside::default() },
                )
            }
            (None, 4) => {
                let reason = "a second source has it".to_owned();
                self.act(user("otto"), DutyAct::Keep { case, reason, review_at: None })
            }
            (_, 4) => {
                let places = vec!["Moscow".to_owned()];
                let changes = DraftChanges { places, ..DraftChanges::default() };
                self.act(user("ana"), DutyAct::Update { case, changes: Box::new(changes) })
            }
            _ => {
                let texts = ["A bombing is planned.", "Petrov plans a bombing."];
                let text = texts[usize::from(self.random.below(5) == 0)];
                let (title, until) = ("Planned bombing", self.time().plus_minutes(1_000));
                let draft = DraftRequest {
                    observables: vec!["c2.example.org".into()],
                    withhold: vec!["Ivan Petrov".into()],
                    ..DraftRequest::new(title, text, Tlp::Green, until)
                };
                self.act(user("ana"), DutyAct::Draft { case, draft: Box::new(draft) })
            }
        }
    }

    fn wrote(&mut self, carried: Carried) {
        self.tree.push(Hash::leaf(carried.leaf.as_bytes()));
        self.theirs.push(carried);
    }

    /// An entry of ours about a case that was released, or of a question, to be answered.
    fn some_entry_of_ours(&mut self) -> Option<Reference> {
        let case = self.case();
        let outgoing = self.core.store().db().outgoing(case).unwrap();
        outgoing.releases().first().map(|release| release.entry.clone())
    }

    fn receive(&mut self) -> Vec<Taken> {
        let mut out = Vec::new();
        let channel = self.channel.clone().unwrap();
        let mut post =
            Post { channel: channel.clone(), us: NODE.into(), next: self.theirs.len() as u64 };
        let mut ids = Ids::new(Hash::of(format!("theirs {}", self.theirs.len()).as_bytes()));
        let warning = self.core.store().db().warning(WarningNumber::new(1)).unwrap();
        let about = warning.map(|warning| warning.entry);
        let (message, answers, kept) = match self.random.below(10) {
            0 | 1 => {
                let about = about.or_else(|| self.some_entry_of_ours());
                self.their_readout(about, &mut ids)
            }
            2 | 3 => {
                let (message, answers) = self.their_agreement();
                (message, answers, None)
            }
            _ => {
                let (message, answers) = self.some_message(&mut ids);
                (message, answers, None)
            }
        };
        let kept: Vec<_> = kept.into_iter().collect();
        let (time, status) = (self.time(), Status::Exercise);
        let posted = post.entry(&message, &kept, answers, (&time, status, &mut ids)).unwrap();
        self.wrote(posted.carried);
        if self.random.below(3) > 0 {
            out.push(self.bring());
        }
        if self.random.below(3) == 0 {
            let log = channel.log_of(US);
            let held = self.core.store().db().log(&log).unwrap().unwrap();
            let note = format!("a receipt for {}", held.size);
            let work = ReceiptWork { log, size: held.size, note };
            out.push(self.run(Actor::Partner(node(NODE)), work.into()));
        }
        out
    }

    /// What the partner has written and we do not hold is brought here.
    fn bring(&mut self) -> Taken {
        let channel = self.channel.clone().unwrap();
        let log = channel.log_of(NODE);
        let held = self.core.store().db().log(&log).unwrap().map_or(0, |row| row.size);
        let start = usize::try_from(held).unwrap();
        let size = self.theirs.len() as u64;
        let root = forewarn_transcript::tree::root(size, &|level, at| self.tree.get(level, at));
        let work = ReceiveWork {
            partner: node(NODE),
            log,
            start: held,
            entries: self.theirs[start..].to_vec(),
            opened: Vec::new(),
            size,
            root: root.unwrap(),
            by: keys(2),
            receipt: (self.random.below(2) == 0).then(|| format!("cosigned at {size}")),
            tokens: self.random.below(2) == 0,
        };
        self.run(Actor::Partner(node(NODE)), work.into())
    }

    fn some_message(&mut self, ids: &mut Ids) -> (Message, Option<Reference>) {
        let said = |statement| Message::said("duty", statement);
        match self.random.below(8) {
            0 => {
                let clause = Clause::Country("RU".into());
                let interest = Interest::of("our country", Urgency::Expected, vec![clause.into()]);
                let interest = Interest { id: ids.id("interest"), ..interest };
                (Message::Interest { interest }, None)
            }
            1 => {
                let bundle = serde_json::json!({"type": "bundle", "objects": [serde_json::from_slice::<serde_json::Value>(&object(77, 1, "x")).unwrap()]});
                let content = Content {
                    title: "EXERCISE: a threat".into(),
                    urgency: Urgency::Immediate,
                    tlp: Tlp::Red,
                    valid_until: self.time().plus_minutes(1_000),
                    persons: vec!["Dora Ek".into()],
                    bundle,
                };
                (Message::Warning(content), None)
            }
            2 => (said(Statement::Opened {}), self.some_entry_of_ours()),
            3 => {
                let text = "when?".to_owned();
                (said(Statement::Question { text }), self.some_entry_of_ours())
            }
            4 => {
                let (to, text) = ("all".to_owned(), "thank you".to_owned());
                (said(Statement::Thanks { to, text }), self.some_entry_of_ours())
            }
            5 => {
                let warning = self.core.store().db().warning(WarningNumber::new(1)).unwrap();
                let entry = warning.map(|warning| warning.entry);
                (Message::Recall { reason: "it is over".into() }, entry)
            }
            6 => (
                said(Statement::PermissionRequest(permission_request())),
                self.some_entry_of_ours(),
            ),
            // Answers nothing, and so is refused.
            _ => (said(Statement::Answer { text: "soon".into() }), None),
        }
    }

    fn received(&mut self) -> Taken {
        let warning = WarningNumber::new(1 + i64::try_from(self.random.below(3)).unwrap());
        let text = "what is known?".to_owned();
        match self.random.below(8) {
            0 => {
                let (person, user) = ("Dora Ek".to_owned(), UserName::parse("dora").unwrap());
                let act = InboxAct::NamePerson { warning, person, user };
                return self.act(self::user("paula"), act);
            }
            1 => return self.run(user("dora"), ShownWork { warning, version: 1 }.into()),
            _ => {}
        }
        let statement = match self.random.below(6) {
            5 => Statement::PermissionRequest(permission_request()),
            0 => Statement::Opened {},
            1 => Statement::Accepted { note: "in hand".into() },
            2 => Statement::Question { text },
            3 => Statement::Action { text, class: Some(ActionClass::Block) },
            _ => Statement::Thanks { to: "all".into(), text },
        };
        if self.random.below(4) == 0 {
            let case = self.case();
            let questions = self.core.store().db().talk(Subject::Case(case)).unwrap();
            let index = questions.first().map_or(9, |said| said.entry.index);
            let text = "in the morning".to_owned();
            if self.random.below(2) == 0 {
                let reason = "not yet".to_owned();
                let verdict = Verdict { grants: Vec::new(), reason };
                let set_aside = SetAside::default();
                let permit = DutyAct::Permit { case, request: index, verdict, set_aside };
                return self.act(user("otto"), permit);
            }
            let set_aside = SetAside { texts: vec!["HERON".to_owned()], reason: String::new() };
            let answer = DutyAct::Answer { case, question: index, text, set_aside };
            return self.act(user("otto"), answer);
        }
        self.act(user("dora"), ReceivedAct::new(warning, statement))
    }

    /// Something that needs two persons, or the second person for it.
    fn second(&mut self) -> Taken {
        let waiting = {
            let all = self.core.store().db().proposals_after(0, i64::MAX).unwrap();
            all.into_iter().find(Proposal::waits)
        };
        let case = self.case();
        match (waiting, self.random.below(7)) {
            (Some(waiting), 0..=2) => {
                let (proposal, digest) = (waiting.number, waiting.digest);
                self.act(user("otto"), ProposalAct::Approve { proposal, digest })
            }
            (Some(waiting), 3) => {
                let (proposal, reason) = (waiting.number, "a slip".to_owned());
                self.act(user("ana"), ProposalAct::Drop { proposal, reason })
            }
            (_, 4) => {
                let (code, reason) = (Waiver::NoReasonableWay, "nobody answers".to_owned());
                let facts =
                    WaiverFacts { tried: vec!["telephone".to_owned()], ..WaiverFacts::default() };
                let decision = Decision::Waive { code, reason, review_at: None, facts };
                self.act(user("ana"), DutyAct::Decide { case, decision, also: Vec::new() })
            }
            (_, 5) => {
                let reason = "more is known".to_owned();
                self.act(user("otto"), DutyAct::Reopen { case, reason })
            }
            _ => {
                let (fields, subject) = (vec!["names".to_owned()], Some(Subject::Case(case)));
                let showing = Showing { subject, partner: None, ours: Vec::new(), fields };
                let reason = "a court asks".to_owned();
                self.act(user("ana"), EvidenceAct::Show { showing, reason })
            }
        }
    }

    fn feed(&mut self) -> Taken {
        let way =
            Way::Poll { into: "inbox".into(), source: None, grade: None, since: None, overlap: 1 };
        let feed = Feed {
            name: "theirs".into(),
            url: "https://a.example/collections/1/".into(),
            way,
            account: None,
            every: 60,
        };
        match self.random.below(5) {
            0 => self.act(user("nina"), FeedAct::Add { feed }),
            1 => self.act(user("nina"), FeedAct::Remove { name: "theirs".into() }),
            _ => {
                let intake = (self.random.below(3) > 0).then(|| self.some_intake());
                let state = FeedState {
                    pushed: i64::try_from(self.random.below(9)).unwrap(),
                    ..FeedState::default()
                };
                let work = FedWork { feed, state, intake, pushed: None };
                self.run(Actor::Node(Part::Feeder), work.into())
            }
        }
    }
}

/// A command, and whether it was refused.
pub(crate) type Taken = (Command<Work>, bool);

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
            Listed { id: uuid(1), outlet_of: None },
            Listed { id: uuid(2), outlet_of: Some(node(OUTLET)) },
        ],
        administrators: Persons::Two,
        creators: BTreeMap::new(),
    }
}
