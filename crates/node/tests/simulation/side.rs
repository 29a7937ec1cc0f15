//! One node of the simulation: what is on its disk, and what runs until it crashes.

use forewarn_engine::{
    Committed, Configuration, Core, Failure, Listed, Outcome, ReceiptWork, Received, Work,
};
use forewarn_exchange::act::{AccountAct, PartnerAct};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::answer::Answer as Done;
use forewarn_exchange::card::{Card, fingerprint};
use forewarn_exchange::erasure::Retention;
use forewarn_exchange::history::Topic;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::proposal::Persons;
use forewarn_exchange::scale::{Clocks, Status};
use forewarn_exchange::user::Role;
use forewarn_exchange::waiver::WaiverRules;
use forewarn_exchange::{Act, Code, Command};
use forewarn_node::channel::course::Course;
use forewarn_node::channel::receive::{self, Prepared, Signs};
use forewarn_node::channel::whole::Whole;
use forewarn_node::channel::{self, carry, serve};
use forewarn_signer::{Keyring, Signer};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_store::{Db, Store};
use forewarn_transcript::batch::{Batch, MAX_ENTRIES};
use forewarn_transcript::{Hash, Keys, Note, SecretKey};
use forewarn_view::history::words;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tempfile::TempDir;

/// The id of the collection into which everything comes.
const COLLECTION: &str = "5a1d1c32-5f0e-4b0a-8f0e-7c0d7a4f8a01";

/// Where a node may crash: before and after each durable step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A batch was checked and cosigned; nothing of it is stored.
    Signed,
    /// It is stored; nobody was told.
    Stored,
    /// A receipt was checked, and is not stored.
    Checked,
    /// It is stored.
    Receipted,
    /// An act was taken in, and is not stored.
    Taken,
    /// It is stored; nobody was told.
    Acted,
}

/// It crashed: all that was not on the disk is gone.
pub(crate) struct Crashed;

/// What a batch was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Receipt(String),
    Held(u64),
}

struct Running {
    core: Core,
    signer: Arc<Signer>,
    whole: Whole,
}

pub(crate) struct Side {
    pub(crate) name: NodeName,
    folder: TempDir,
    seed: [u8; 32],
    commands: u64,
    signs: Signs,
    running: Option<Running>,
    /// The course of what is sent to each partner, and the push that has no answer yet.
    pub(crate) courses: HashMap<NodeName, (Course, Option<u64>)>,
}

pub(crate) fn time(millis: u64) -> Timestamp {
    let start = 1_513_330_200_000_000;
    Timestamp::from_micros(start + i64::try_from(millis).unwrap() * 1_000).unwrap()
}

fn paul() -> UserName {
    UserName::parse("paul").unwrap()
}

impl Side {
    pub(crate) fn new(number: usize) -> Side {
        let memory = std::path::Path::new("/dev/shm");
        let folder =
            if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let name = format!("{}.example", ["a", "b", "c", "d", "e"][number]).parse().unwrap();
        let seed = [u8::try_from(number).unwrap() + 1; 32];
        let (folder, running) = (folder.unwrap(), None);
        let signs = if number % 2 == 1 { Signs::WhatIsHeld } else { Signs::AtOnce };
        let courses = HashMap::new();
        let mut side = Side { name, folder, seed, commands: 0, signs, running, courses };
        side.start();
        side
    }

    fn keys(&self) -> Keys {
        SecretKey::from_seed(&self.seed).keys()
    }

    /// What a process does at its start.
    pub(crate) fn start(&mut self) {
        let keys = vec![SecretKey::from_seed(&self.seed)];
        let ring = Keyring::open(&self.name, keys, &self.folder.path().join("signed.log")).unwrap();
        let signer = Arc::new(Signer::here(ring));
        let configuration = Configuration {
            name: self.name.clone(),
            organisation: self.name.to_string(),
            keys: self.keys(),
            newest: self.keys(),
            status: Status::Test,
            clocks: Clocks::default(),
            waivers: WaiverRules::default(),
            collections: vec![Listed {
                id: COLLECTION.into(),
                outlet_of: None,
                shelf: None,
                open: None,
            }],
            administrators: Persons::Two,
            two_approvers: None,
            policies: Vec::new(),
            retention: Retention::default(),
            creators: BTreeMap::new(),
        };
        let store = Store::open(&self.folder.path().join("f.sqlite")).unwrap();
        let mut core = Core::open(store, Vec::new()).unwrap();
        if core.us().is_none() {
            let actor = Actor::Node(Part::Start);
            let command = self.command("configure".into(), actor, 0, configuration.into());
            core.commit(&[&command]).unwrap();
        }
        let whole = Whole::default();
        self.running = Some(Running { core, signer, whole });
        self.courses.clear();
    }

    pub(crate) fn crash(&mut self) {
        self.running = None;
        self.courses.clear();
    }

    pub(crate) fn is_up(&self) -> bool {
        self.running.is_some()
    }

    fn now(&mut self) -> &mut Running {
        self.running.as_mut().unwrap()
    }

    fn command(&mut self, id: String, actor: Actor, at: u64, work: Work) -> Command<Work> {
        self.commands += 1;
        let seed = Hash::of(format!("{}{}{id}", self.name, self.commands).as_bytes());
        Command { id, actor, time: time(at), seed, ahead: Vec::new(), work }
    }

    fn commit(&mut self, command: &Command<Work>) -> Committed {
        self.now().core.commit(&[command]).unwrap()
    }

    /// What the node itself brings: never done twice by its id, but by what it is.
    fn work(&mut self, at: u64, work: Work) -> Committed {
        let id = format!("work-{}-{at}", self.commands);
        let command = self.command(id, Actor::Node(Part::Dispatcher), at, work);
        self.commit(&command)
    }

    /// Everyone becomes a partner of everyone, before the network turns bad.
    pub(crate) fn meet(&mut self, others: &[(NodeName, String)]) {
        let add =
            AccountAct::UserAdd { name: paul(), roles: vec![Role::PartnerAdmin], display: None };
        self.act("user".into(), Actor::Owner, 0, add.into()).unwrap();
        let us = self.name.clone();
        for (name, card) in others.iter().filter(|(name, _)| *name != us) {
            let keys = Card::parse(card).unwrap().keys;
            let add = PartnerAct::Add { card: card.clone(), ceiling: Tlp::Amber };
            self.act(format!("add-{name}"), Actor::User(paul()), 0, add.into()).unwrap();
            let fingerprint = fingerprint(name, &keys);
            let confirm = PartnerAct::Confirm { name: name.clone(), fingerprint };
            self.act(format!("confirm-{name}"), Actor::User(paul()), 0, confirm.into()).unwrap();
        }
    }

    pub(crate) fn card(&self) -> String {
        let (name, keys) = (self.name.clone(), self.keys());
        let (organisation, url) = (name.to_string(), "http://127.0.0.1:9".to_owned());
        let card = Card { name, organisation, url, keys };
        let signature = SecretKey::from_seed(&self.seed).sign(card.text().as_bytes());
        Note::signed(card.text(), &card.name, &card.keys.ed25519, &signature).to_string()
    }

    fn act(&mut self, id: String, actor: Actor, at: u64, act: Act) -> Result<Outcome, Failure> {
        let command = self.command(id, actor, at, Work::Act(act));
        self.commit(&command).answers.pop().unwrap()
    }

    /// Anything that anybody brings, under an id of its own.
    pub(crate) fn bring(&mut self, actor: Actor, at: u64, work: Work) -> Result<Outcome, Failure> {
        let id = format!("brought-{}", self.commands);
        let command = self.command(id, actor, at, work);
        self.commit(&command).answers.pop().unwrap()
    }

    /// What is on its disk.
    pub(crate) fn db(&self) -> Db<'_> {
        self.running.as_ref().unwrap().core.store().db()
    }

    /// An act of a person, under an id by which it may be tried again.
    pub(crate) fn ask(
        &mut self,
        id: &str,
        at: u64,
        act: Act,
        crash: &mut dyn FnMut(Step) -> bool,
    ) -> Result<(Done, Vec<NodeName>), Crashed> {
        let command = self.command(id.to_owned(), Actor::User(paul()), at, Work::Act(act));
        if crash(Step::Taken) {
            return Err(Crashed);
        }
        let mut done = self.commit(&command);
        if crash(Step::Acted) {
            return Err(Crashed);
        }
        let Outcome::Act(answer) = done.answers.pop().unwrap().unwrap() else { panic!("{id}") };
        Ok((answer, done.posted))
    }

    /// The next batch to a partner, as bytes.
    pub(crate) fn next_batch(&mut self, partner: &NodeName) -> Option<Vec<u8>> {
        let (course, _) = self.courses.entry(partner.clone()).or_default();
        let from = course.start();
        let Running { core, signer, whole } = self.running.as_ref().unwrap();
        let us = core.us().unwrap().party();
        let side = channel::Side { us: &us, signer, whole, barred: core.barred() };
        let next = serve::next_batch(&core.store().db(), side, partner, from).unwrap();
        next.map(|outgoing| serde_json::to_vec(&outgoing.batch).unwrap())
    }

    /// A batch of a partner's comes in.
    pub(crate) fn receive(
        &mut self,
        partner: &NodeName,
        bytes: &[u8],
        at: u64,
        crash: &mut dyn FnMut(Step) -> bool,
    ) -> Result<(Answer, Vec<NodeName>), Crashed> {
        let batch = receive::parse(bytes).unwrap();
        // Every second side is one of several nodes: it signs what is held, and nothing before.
        if self.signs == Signs::WhatIsHeld {
            let (first, mut posted) = self.take_in(partner, batch.clone(), at, crash)?;
            if let Answer::Held(_) = first {
                let (second, more) = self.take_in(partner, batch, at, crash)?;
                posted.extend(more);
                return Ok((second, posted));
            }
            return Ok((first, posted));
        }
        self.take_in(partner, batch, at, crash)
    }

    /// One step of it.
    fn take_in(
        &mut self,
        partner: &NodeName,
        batch: Batch,
        at: u64,
        crash: &mut dyn FnMut(Step) -> bool,
    ) -> Result<(Answer, Vec<NodeName>), Crashed> {
        let Running { core, signer, whole } = self.running.as_ref().unwrap();
        let us = core.us().unwrap().party();
        let side = channel::Side { us: &us, signer, whole, barred: core.barred() };
        let seconds = 1_513_330_200 + at / 1_000;
        let from = (partner, MAX_ENTRIES, seconds, self.signs);
        let prepared = receive::prepare(&core.store().db(), side, from, batch);
        let work = match prepared {
            Ok(Prepared::Held(receipt)) => return Ok((Answer::Receipt(receipt), vec![])),
            Ok(Prepared::New(work)) => *work,
            Ok(Prepared::Contradicts(failure, _)) => panic!("{}: {failure}", self.name),
            Err(Failure::Refused(refusal)) if refusal.code == Code::Gap => {
                let log = core.store().db().log_with(partner, false).unwrap();
                return Ok((Answer::Held(log.map_or(0, |log| log.size)), vec![]));
            }
            Err(failure) => panic!("{} does not take what {partner} sent: {failure}", self.name),
        };
        if self.signs == Signs::WhatIsHeld {
            let log = core.store().db().log_with(partner, false).unwrap();
            let signed = signer.last(&work.log).map_or(0, |(size, _)| size);
            let held = log.map_or(0, |log| log.size);
            assert!(signed <= held, "{} has signed {signed}, and holds {held}", self.name);
        }
        if crash(Step::Signed) {
            return Err(Crashed);
        }
        let mut done = self.work(at, work.into());
        if crash(Step::Stored) {
            return Err(Crashed);
        }
        let Outcome::Received(Received { size, receipt }) = done.answers.pop().unwrap().unwrap()
        else {
            panic!("{} answers a batch with something else", self.name)
        };
        Ok((receipt.map_or(Answer::Held(size), Answer::Receipt), done.posted))
    }

    /// A receipt of a partner's comes in: the size that it is for.
    pub(crate) fn receipted(
        &mut self,
        partner: &NodeName,
        text: &str,
        at: u64,
        crash: &mut dyn FnMut(Step) -> bool,
    ) -> Result<u64, Crashed> {
        let Running { core, signer, whole } = self.running.as_ref().unwrap();
        let us = core.us().unwrap().party();
        let side = channel::Side { us: &us, signer, whole, barred: core.barred() };
        let db = core.store().db();
        let log = db.log_with(partner, true).unwrap().unwrap();
        let checked = carry::check_receipt(&db, side, (partner, &log.name), text);
        let (size, note) = checked.unwrap_or_else(|e| panic!("{}: {e}", self.name));
        if let Some(known) = db.receipt(&log, size).unwrap() {
            assert_eq!(known, note, "the same entries got another receipt");
            return Ok(size);
        }
        if crash(Step::Checked) {
            return Err(Crashed);
        }
        self.work(at, ReceiptWork { log: log.name, size, note }.into());
        if crash(Step::Receipted) { Err(Crashed) } else { Ok(size) }
    }

    /// The root and size of a log of the channel with a partner, after all of it was checked.
    pub(crate) fn checked(&self, partner: &NodeName, ours: bool) -> (u64, Hash) {
        let db = self.running.as_ref().unwrap().core.store().db();
        let Some(log) = db.log_with(partner, ours).unwrap() else { panic!("{partner} is silent") };
        db.check_log(&log).unwrap();
        if ours {
            let receipted = db.newest_receipt(&log).unwrap().map_or(0, |(size, _)| size);
            assert_eq!(receipted, log.size, "{} has no receipt of {partner}'s", self.name);
        }
        assert!(db.contradictions().unwrap().is_empty());
        (log.size, db.root(&log, log.size).unwrap())
    }

    /// How often each thing was done that a partner's entries say.
    pub(crate) fn done(&self, partner: &NodeName) -> HashMap<String, u32> {
        let db = self.running.as_ref().unwrap().core.store().db();
        let mut counts = HashMap::new();
        for line in db.history(Topic::Partner(partner.clone())).unwrap() {
            *counts.entry(words(&line.happened)).or_insert(0) += 1;
        }
        counts
    }
}
