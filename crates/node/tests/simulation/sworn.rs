//! What must be so of every node, by a record of its own: who was answered yes to what.
//!
//! The record knows nothing of how a case is decided. It holds what each person did, and looks at
//! what left for it.

use forewarn_exchange::act::{DutyAct, ProposalAct, ReceivedAct};
use forewarn_exchange::case::Decision;
use forewarn_exchange::id::{CaseNumber, ProposalNumber, WarningNumber};
use forewarn_exchange::message::{Content, Message};
use forewarn_exchange::name::UserName;
use forewarn_exchange::talk::Statement;
use forewarn_exchange::{Act, name::NodeName};
use forewarn_stix::canonical;
use forewarn_store::Db;
use forewarn_store::log::Held;
use forewarn_transcript::{Entry, Hash};
use std::collections::{BTreeMap, BTreeSet};

/// What people were answered yes to on one case.
#[derive(Debug, Default)]
struct Told {
    found: bool,
    to_warn: bool,
    /// Who wrote which bytes, or what they go on from.
    wrote: BTreeMap<Hash, BTreeSet<UserName>>,
    released: u32,
    recalled: bool,
}

/// What people of one node were answered yes to.
#[derive(Debug, Default)]
pub(crate) struct Sworn {
    cases: BTreeMap<CaseNumber, Told>,
    proposed: BTreeMap<ProposalNumber, (Act, UserName)>,
    /// Recalled warnings that one of ours has answered.
    answered: BTreeSet<WarningNumber>,
    /// How much of each of our logs was looked at.
    seen: BTreeMap<NodeName, u64>,
    /// What has left.
    pub(crate) left: BTreeMap<String, u64>,
}

/// An act that was answered yes, and what it found and left.
pub(crate) struct Done<'a> {
    pub(crate) who: &'a UserName,
    pub(crate) act: &'a Act,
    /// The drafts that waited before it.
    pub(crate) before: &'a Waiting,
}

/// The bytes that wait for a second person.
pub(crate) type Waiting = BTreeMap<CaseNumber, Hash>;

/// What waits in these cases.
pub(crate) fn waiting(db: &Db<'_>, cases: impl Iterator<Item = CaseNumber>) -> Waiting {
    cases.filter_map(|case| Some((case, db.outgoing(case).unwrap().pending()?.digest))).collect()
}

impl Sworn {
    /// Nothing has left; nothing was asked.
    fn case(&mut self, case: CaseNumber) -> &mut Told {
        self.cases.entry(case).or_default()
    }

    /// Whether somebody here has answered the recall of a warning.
    pub(crate) fn has_answered(&self, warning: WarningNumber) -> bool {
        self.answered.contains(&warning)
    }

    /// Cases of which a warning was released, and taken back.
    pub(crate) fn recalled(&self) -> impl Iterator<Item = CaseNumber> {
        self.cases.iter().filter(|(_, told)| told.recalled).map(|(case, _)| *case)
    }

    /// What is done by an act: where it approves what another proposed, that.
    pub(crate) fn meant(&mut self, act: &Act, who: &UserName) -> Act {
        match act {
            Act::Proposal(ProposalAct::Approve { proposal, .. }) => {
                let (act, by) = self.proposed.remove(proposal).unwrap();
                assert_ne!(&by, who, "{proposal} was approved by whoever proposed it");
                act
            }
            act => act.clone(),
        }
    }

    /// Takes an act into the record.
    pub(crate) fn done(&mut self, db: &Db<'_>, done: &Done<'_>) {
        match done.act {
            Act::Duty(act) => self.duty(db, act, done),
            Act::Proposal(ProposalAct::Drop { proposal, .. }) => {
                self.proposed.remove(proposal);
            }
            Act::Received(ReceivedAct {
                warning, statement: Statement::RecallAnswer(_), ..
            }) => {
                self.answered.insert(*warning);
            }
            _ => {}
        }
    }

    /// What waits for a second person, by who proposed it.
    pub(crate) fn proposals(&mut self, db: &Db<'_>) {
        for one in db.waiting_proposals().unwrap() {
            self.proposed.entry(one.number).or_insert((one.act, one.by));
        }
    }

    fn decided(&mut self, act: &DutyAct) {
        if let DutyAct::Decide { decision, .. } = act {
            let to_warn = matches!(decision, Decision::Warn { .. });
            for case in act.cases() {
                self.case(case).to_warn = to_warn;
            }
        }
    }

    fn duty(&mut self, db: &Db<'_>, act: &DutyAct, done: &Done<'_>) {
        // Whoever changes what waits has written it, with those before; whoever writes it anew has
        // written it alone.
        let anew = matches!(act, DutyAct::Draft { .. });
        for (case, now) in waiting(db, act.cases().into_iter()) {
            let before = done.before.get(&case);
            if before != Some(&now) {
                let told = self.case(case);
                let before = before.filter(|_| !anew).and_then(|one| told.wrote.get(one));
                let mut by = before.cloned().unwrap_or_default();
                by.insert(done.who.clone());
                told.wrote.insert(now, by);
            }
        }
        match act {
            DutyAct::Find { case, .. } => self.case(*case).found = true,
            DutyAct::Decide { .. } => self.decided(act),
            DutyAct::Reopen { case, .. } => self.case(*case).to_warn = false,
            DutyAct::Merge { case, into, .. } => {
                let found = self.case(*case).found;
                self.case(*into).found |= found;
            }
            DutyAct::Recall { case, .. } => self.case(*case).recalled = true,
            _ => {}
        }
    }

    /// Looks at everything that has come into our logs since, which this act alone may have put
    /// there; nothing where no person acted.
    pub(crate) fn look(
        &mut self,
        db: &Db<'_>,
        partners: &[NodeName],
        by: Option<(&UserName, &Act)>,
    ) {
        for partner in partners {
            let Some(log) = db.log_with(partner, true).unwrap() else { continue };
            let seen = self.seen.get(partner).copied().unwrap_or(0);
            if seen == log.size {
                continue;
            }
            for held in db.entries(&log, seen, usize::MAX, usize::MAX).unwrap() {
                self.entry(&held, by);
            }
            self.seen.insert(partner.clone(), log.size);
        }
    }

    fn entry(&mut self, held: &Held, by: Option<(&UserName, &Act)>) {
        // The first entry opens the channel.
        if held.index == 0 {
            return;
        }
        let entry = Entry::parse(held.carried.leaf.as_bytes()).unwrap();
        *self.left.entry(entry.kind.clone()).or_default() += 1;
        let fields = entry.opened(&held.carried.disclosures).unwrap();
        match Message::read(&entry.kind, fields).unwrap() {
            Message::Warning(content) | Message::Update(content) => self.released(&content, by),
            Message::Recall { .. } => {
                let Some((_, Act::Duty(DutyAct::Recall { case, .. }))) = by else {
                    panic!("a recall left by {by:?}")
                };
                assert!(self.cases[case].released > 0, "{case} was recalled, and never released");
            }
            Message::Said { statement: Statement::Refusal { .. }, .. } => {
                panic!("an honest node refuses what an honest node said: {:?}", held.carried)
            }
            Message::Said { .. } => {
                assert!(by.is_some(), "nobody said what left: {}", entry.kind);
            }
            _ => {}
        }
    }

    /// A warning has left: somebody released it who had not written it, for a case that was found
    /// and decided to warn of; and it is what was approved, byte by byte.
    fn released(&mut self, content: &Content, by: Option<(&UserName, &Act)>) {
        let Some((who, Act::Duty(DutyAct::Release { case, digest, .. }))) = by else {
            panic!("a warning left by {by:?}")
        };
        let told = self.cases.get_mut(case).unwrap();
        assert!(told.found, "{case} was released without a finding");
        assert!(told.to_warn, "{case} was released without a decision to warn");
        assert!(!told.recalled, "{case} was released after its recall");
        let wrote = told.wrote.get(digest);
        let wrote = wrote.unwrap_or_else(|| panic!("{case}: nobody wrote {digest}: {told:?}"));
        assert!(!wrote.contains(who), "{case} was released by {who}, who wrote it");
        let left = Hash::of(&canonical::bytes(&content.bundle));
        assert_eq!(left, *digest, "{case}: other bytes left than were approved");
        told.released += 1;
    }
}
