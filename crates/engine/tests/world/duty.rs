//! What our people do about a duty to warn.

use super::{NODE, OUTLET, Taken, World, node, user, uuid};
use forewarn_engine::{ClockRanOut, ExpiredWork};
use forewarn_exchange::act::{DutyAct, EvidenceAct, ProposalAct, RecordAct, Showing, TriageAct};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::case::{Decision, Finding};
use forewarn_exchange::case_file::FileForm;
use forewarn_exchange::draft::{DraftChanges, DraftRequest};
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::{MuteNumber, Subject, WarningNumber};
use forewarn_exchange::mute::MuteRequest;
use forewarn_exchange::proposal::Proposal;
use forewarn_exchange::scale::{Status, Urgency, Waiver};
use forewarn_exchange::waiver::WaiverFacts;
use forewarn_extract::threat::Threat;
use forewarn_stix::marking::Tlp;
use forewarn_store::interest::Order;
use forewarn_store::sight::Sight;
use forewarn_transcript::Hash;

impl World {
    pub(super) fn duty(&mut self) -> Taken {
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
    pub(super) fn triage(&mut self) -> Taken {
        let (case, reason) = (self.case(), "as is known now".to_owned());
        let until = self.time().plus_minutes(10);
        let item = format!("identity--{}", uuid(self.random.below(12)));
        let act = match self.random.below(13) {
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

    pub(super) fn mute(&mut self, n: u64, item: String) -> Taken {
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
            8 => TriageAct::Dismiss { partner, interest, item, reason },
            n => return self.record(n, item),
        };
        self.act(user("otto"), act)
    }

    /// What is held is on record, and who looks for what is held about somebody; what is erased is not
    /// replayed.
    fn record(&mut self, n: u64, item: String) -> Taken {
        let reason = "file 7".to_owned();
        let act = match n {
            9 => RecordAct::Hold { what: Erasable::Item(item), reason },
            10 => RecordAct::Hold { what: Erasable::Case(self.case()), reason },
            11 => {
                let act = RecordAct::Read { case: self.case() };
                return self.act(user("aud"), act);
            }
            12 if self.random.below(2) == 0 => RecordAct::Export {
                case: self.case(),
                form: FileForm::Csv,
                digest: Hash::of(b"file"),
                marking: Tlp::AmberStrict,
            },
            _ => RecordAct::Look { reason },
        };
        self.act(user("otto"), act)
    }

    pub(super) fn draft_or_release(&mut self) -> Taken {
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

    /// Something that needs two persons, or the second person for it.
    pub(super) fn second(&mut self) -> Taken {
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
}
