//! What people try: mostly what a case or a warning needs next, now and then anything.

use super::{ITEMS, Life, MANY, WITHHELD, item_id, marked};
use crate::sworn::waiting;
use forewarn_exchange::act::{DutyAct, ProposalAct, ReceivedAct};
use forewarn_exchange::action::ActionClass;
use forewarn_exchange::case::{Decision, Finding, Stage};
use forewarn_exchange::draft::{DraftChanges, DraftRequest};
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::{CaseNumber, Subject};
use forewarn_exchange::scale::Status;
use forewarn_exchange::talk::{Compliance, Ground, Statement, WordAnswer};
use forewarn_exchange::waiver::{Waiver, WaiverFacts};
use forewarn_extract::threat::Threat;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Hash;

impl Life {
    /// Mostly what a case needs next; now and then anything.
    pub(super) fn duty(&mut self, at: usize) -> Option<DutyAct> {
        let case = self.case(at);
        let stage = self.sides[at].db().case(case).unwrap().map(|case| case.stage());
        let Some(stage) = stage else { return Some(self.open(at)) };
        match self.random.below(10) {
            0 if !self.has_enough(at) => return Some(self.open(at)),
            1 => return Some(self.at_its_pace(at, case)),
            2 => return Some(self.together(at, case)),
            3 => return self.later(at, case),
            4 => return Some(self.decide(at, case)),
            5 => return self.release(at),
            _ => {}
        }
        match stage {
            Stage::Open => Some(self.find(at, case)),
            Stage::Found => Some(self.decide(at, case)),
            Stage::ToWarn => Some(self.draft(at, case)),
            Stage::Drafted => self.release(at),
            Stage::Closed | Stage::Released | Stage::Expired | Stage::Recalled => {
                self.later(at, case)
            }
        }
    }

    fn reason(&self, at: usize, case: CaseNumber) -> String {
        format!("it is so: {}", self.mark(at, case))
    }

    fn open(&mut self, at: usize) -> DutyAct {
        let others = self.others(at);
        let partner = others[usize::from(self.random.below(2) == 0)].clone();
        let items = vec![item_id(self.random.below(ITEMS))];
        let urgency = self.urgency();
        let other = others.into_iter().find(|one| *one != partner);
        let also = other.filter(|_| self.random.below(3) == 0).into_iter().collect();
        DutyAct::Open { partner, items, urgency, status: Status::Test, also }
    }

    pub(super) fn find(&mut self, at: usize, case: CaseNumber) -> DutyAct {
        let reason = self.reason(at, case);
        let yes = Finding::yes(Threat::Destruction, &reason, &reason);
        let impending = self.random.below(4) > 0;
        DutyAct::Find { case, finding: Finding { impending, ..yes } }
    }

    fn decide(&mut self, at: usize, case: CaseNumber) -> DutyAct {
        let reason = self.reason(at, case);
        let decision = match self.random.below(10) {
            0 => Decision::NotMet { reason },
            1 => Decision::Refer { to: "the town".into(), reason, answer_by: None },
            2 => {
                let facts =
                    WaiverFacts { tried: vec!["telephone".to_owned()], ..WaiverFacts::default() };
                let code = Waiver::NoReasonableWay;
                Decision::Waive { code, reason, review_at: None, facts }
            }
            _ => Decision::Warn { reason },
        };
        let also = if self.random.below(5) == 0 { vec![self.case(at)] } else { Vec::new() };
        DutyAct::Decide { case, decision, also }
    }

    pub(super) fn draft(&mut self, at: usize, case: CaseNumber) -> DutyAct {
        let text = match self.random.below(8) {
            0 => format!("{WITHHELD} plans a bombing."),
            _ => format!("A bombing is planned: {}.", self.mark(at, case)),
        };
        let title = format!("Planned bombing, {}", self.random.below(1_000));
        let until = self.time().plus_minutes(600);
        let draft = DraftRequest::new(title, text, Tlp::Green, until);
        let withhold = vec![WITHHELD.to_owned()];
        DutyAct::Draft { case, draft: Box::new(DraftRequest { withhold, ..draft }) }
    }

    pub(super) fn release(&mut self, at: usize) -> Option<DutyAct> {
        let db = self.sides[at].db();
        let cases = db.cases().unwrap().into_iter().map(|case| case.number);
        let waiting: Vec<_> = waiting(&db, cases).into_iter().collect();
        let many = u64::try_from(waiting.len()).unwrap();
        if many == 0 {
            return None;
        }
        let (case, mut digest) = waiting[usize::try_from(self.random.below(many)).unwrap()];
        if self.random.below(10) == 0 {
            digest = Hash::of(b"other bytes");
        }
        Some(DutyAct::Release { case, digest, set_aside: Vec::new() })
    }

    fn at_its_pace(&mut self, at: usize, case: CaseNumber) -> DutyAct {
        let reason = self.reason(at, case);
        let minutes = i64::try_from(self.random.below(600)).unwrap() + 1;
        match self.random.below(4) {
            0 => DutyAct::Urgency { case, urgency: self.urgency(), reason },
            1 => DutyAct::Pause { case, until: self.time().plus_minutes(minutes), reason },
            2 => DutyAct::Resume { case },
            _ => DutyAct::Reopen { case, reason },
        }
    }

    fn together(&mut self, at: usize, case: CaseNumber) -> DutyAct {
        let reason = self.reason(at, case);
        match self.random.below(3) {
            0 => DutyAct::Merge { case, into: self.case(at), reason },
            1 => DutyAct::Link { case, with: vec![self.case(at)] },
            _ => DutyAct::Join { case, item: item_id(self.random.below(ITEMS)), reason },
        }
    }

    /// What follows a release.
    fn later(&mut self, at: usize, case: CaseNumber) -> Option<DutyAct> {
        Some(match self.random.below(10) {
            0 | 1 => {
                let text = format!("More is known, {}: {}", self.now, self.mark(at, case));
                let changes = DraftChanges { text: Some(text), ..DraftChanges::default() };
                DutyAct::Update { case, changes: Box::new(changes) }
            }
            2 => DutyAct::Renew { case, valid_until: self.time().plus_minutes(3_000) },
            3 => DutyAct::Keep { case, reason: self.reason(at, case), review_at: None },
            4..=6 => {
                let reason = match self.random.below(4) {
                    0 => format!("{WITHHELD} was wrong"),
                    _ => self.reason(at, case),
                };
                DutyAct::Recall { case, reason, set_aside: SetAside::default() }
            }
            _ => self.answer(at)?,
        })
    }

    pub(super) fn answer(&mut self, at: usize) -> Option<DutyAct> {
        let open = self.sides[at].db().unanswered(false, MANY).unwrap();
        let asked = open.into_iter().find_map(|(subject, said)| match subject {
            Subject::Case(case) => Some((case, said.entry.index)),
            Subject::Warning(_) => None,
        });
        let (case, question) = asked?;
        let text = format!("In the morning, {}", self.mark(at, case));
        Some(DutyAct::Answer { case, question, text, set_aside: SetAside::default() })
    }

    pub(super) fn proposal(&mut self, at: usize) -> Option<ProposalAct> {
        let waiting = self.sides[at].db().waiting_proposals().unwrap();
        let many = u64::try_from(waiting.len()).unwrap();
        let one = waiting.get(usize::try_from(self.random.below(many.max(1))).unwrap())?;
        let (proposal, digest) = (one.number, one.digest);
        Some(match self.random.below(4) {
            0 => ProposalAct::Drop { proposal, reason: "a slip".into() },
            _ => ProposalAct::Approve { proposal, digest },
        })
    }

    pub(super) fn received(&mut self, at: usize) -> Option<ReceivedAct> {
        let warnings = self.sides[at].db().warnings().unwrap();
        let newest = &warnings[warnings.len().saturating_sub(12)..];
        let many = u64::try_from(newest.len()).unwrap();
        if many == 0 {
            return None;
        }
        let warning = &newest[usize::try_from(self.random.below(many)).unwrap()];
        let (number, marked) = (warning.number, marked(&warning.partner));
        let answer =
            self.one_of(&[Compliance::Complied, Compliance::CouldNot, Compliance::Refused]);
        let corrects = self.random.below(5) == 0;
        let answer = WordAnswer { answer, text: format!("so: {marked}"), corrects };
        let taken_back = warning.recall.as_ref().is_some_and(|recall| recall.answered.is_none());
        let statement = match self.random.below(if taken_back { 20 } else { 8 }) {
            0 => Statement::Opened {},
            1 => Statement::Accepted { note: marked },
            2 => Statement::Declined { ground: Some(Ground::NotOurs), reason: marked },
            3 => Statement::Question { text: format!("what is known? {marked}") },
            4 => Statement::Action { text: marked, class: Some(ActionClass::Block) },
            5 => Statement::Thanks { to: "all".into(), text: marked },
            6 => Statement::UpdateAnswer(answer),
            7 => Statement::ExpiryAnswer(answer),
            _ => Statement::RecallAnswer(answer),
        };
        Some(ReceivedAct::new(number, statement))
    }
}
