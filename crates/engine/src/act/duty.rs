//! Our duties to warn.

use super::{Decision, Desk, told};
use crate::configuration::Us;
use crate::erasure;
use crate::failure::Undone;
use crate::{lineage, originals};
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::case::{
    Approval, Case, Delivery, Finding, Originals, Outgoing, Sending, Stage,
};
use forewarn_exchange::clocks::Clocks;
use forewarn_exchange::draft::{Draft, DraftChanges, DraftRequest, Marks, check_rests};
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::event::Event;
use forewarn_exchange::gate::{self, SetAside, Withheld, WithheldKind};
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::id::{CaseNumber, Subject};
use forewarn_exchange::name::UserName;
use forewarn_exchange::partner::Partner;
use forewarn_exchange::post::Post;
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::stands::Stands;
use forewarn_exchange::talk::About;
use forewarn_exchange::{Code, Refusal};
use forewarn_matching::Ended;
use forewarn_policy::{Does, Words};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;

impl Desk<'_> {
    pub(super) fn duty(&mut self, act: &DutyAct) -> Decision {
        if act.goes_on() {
            self.must_run(&act.cases())?;
        }
        match act {
            DutyAct::Open { partner, items, urgency, status, also } => {
                self.open_cases((partner, also), items, (*urgency, *status))
            }
            DutyAct::Find { case, finding } => self.find(*case, finding),
            DutyAct::Decide { case, decision, also } => self.decide_cases((*case, also), decision),
            DutyAct::Reopen { case, reason } => self.reopen(*case, reason),
            DutyAct::Keep { case, reason, review_at } => {
                self.keep(*case, (reason, review_at.as_ref()))
            }
            DutyAct::Urgency { case, urgency, reason } => self.regrade(*case, (*urgency, reason)),
            DutyAct::Pause { case, until, reason } => self.pause(*case, (until, reason)),
            DutyAct::Resume { case } => self.resume(*case),
            DutyAct::Merge { case, into, reason } => self.merge((*case, *into), reason),
            DutyAct::Join { case, item, reason } => self.join(*case, (item, reason)),
            DutyAct::Link { case, with } => self.link_by_hand(*case, with),
            DutyAct::Draft { case, draft } => self.draft(*case, draft, Vec::new()),
            DutyAct::Update { case, changes } => self.update(*case, changes),
            DutyAct::Renew { case, valid_until } => self.renew(*case, valid_until),
            DutyAct::Release { case, digest, set_aside } => self.release(*case, *digest, set_aside),
            DutyAct::Recall { case, reason, set_aside } => self.recall(*case, (reason, set_aside)),
            DutyAct::Answer { case, question, text, set_aside } => {
                self.answer(*case, *question, (text, set_aside))
            }
            DutyAct::Tell { case, told } => self.tell(*case, told),
            DutyAct::Confirm { case, told } => self.confirm_told(*case, *told),
            DutyAct::Strike { case, told, reason, taken_back } => {
                self.strike_told(*case, *told, (reason, taken_back))
            }
            DutyAct::Permit { case, request, verdict, set_aside } => {
                self.permit(*case, *request, (verdict, set_aside))
            }
        }
    }

    pub(super) fn case(&self, number: CaseNumber) -> Result<Case, Undone> {
        let case = self.db.case(number)?.ok_or_else(|| Refusal::unknown("case", number))?;
        erasure::must_not_be_erased(self.db, &Erasable::Case(number))?;
        Ok(case)
    }

    fn find(&mut self, number: CaseNumber, finding: &Finding) -> Decision {
        let (case, finding) = (self.case(number)?, finding.clone());
        let notes = finding.wording().iter().map(ToString::to_string).collect();
        let clocks = &self.us.clocks_of(self.db, &case)?;
        let (events, answer) = case_set(self.acting(|acting| case.find(finding, clocks, acting))?);
        Ok((events, with_notes(answer, notes)))
    }

    fn reopen(&mut self, number: CaseNumber, reason: &str) -> Decision {
        let case = self.case(number)?;
        let clocks = &self.us.clocks_of(self.db, &case)?;
        let case = self.acting(|acting| case.reopen(reason, clocks, acting))?;
        let (mut events, answer) = case_set(case);
        let reopened = Happened::Reopened { reason: reason.to_owned() };
        events.push(Event::Told { line: Line::new(number, reopened) });
        Ok((events, answer))
    }

    fn keep(&mut self, number: CaseNumber, kept: (&str, Option<&Timestamp>)) -> Decision {
        let case = self.case(number)?;
        let clocks = &self.us.clocks_of(self.db, &case)?;
        let (reason, _) = kept;
        let revoked = self.revoked(number)?;
        let (mut events, answer) = if case.stage() == Stage::Drafted && !revoked.is_empty() {
            let mut outgoing = self.db.outgoing(number)?;
            outgoing.stand(self.acting(|acting| Stands::new(acting.by, reason, revoked))?);
            let (mut events, answer) = case_set(case);
            events.push(Event::OutgoingSet { case: number, outgoing: Box::new(outgoing) });
            (events, answer)
        } else {
            case_set(self.acting(|acting| case.keep(kept, clocks, acting))?)
        };
        let kept = Happened::Kept { reason: reason.to_owned() };
        events.push(Event::Told { line: Line::new(number, kept) });
        Ok((events, answer))
    }

    /// The originals of a case, when all of them were revoked; none when one holds.
    fn revoked(&self, number: CaseNumber) -> Result<Vec<String>, Undone> {
        let mut all = Vec::new();
        for item in self.db.case_items(number)? {
            if lineage::ended(self.db, &item.id)? != Some(Ended::Revoked) {
                return Ok(Vec::new());
            }
            all.push(item.id);
        }
        Ok(all)
    }

    /// Writes a draft, which goes on from others that `authors` have written.
    fn draft(
        &mut self,
        number: CaseNumber,
        request: &DraftRequest,
        authors: Vec<UserName>,
    ) -> Decision {
        let case = self.case(number)?;
        self.draft_of(case, request, authors)
    }

    /// The same for a case that was changed by this act.
    pub(super) fn draft_of(
        &mut self,
        case: Case,
        request: &DraftRequest,
        authors: Vec<UserName>,
    ) -> Decision {
        let number = case.number;
        let papers = (case, self.db.outgoing(number)?);
        erasure::must_have_originals(self.db, number)?;
        let from = originals::of(self.db, number)?;
        let (case, outgoing, kept) = self.drafted(papers, (request, from), authors)?;
        let (mut events, answer) = case_set(case);
        events.push(Event::OutgoingSet { case: number, outgoing: Box::new(outgoing) });
        events.extend(kept);
        Ok((events, answer))
    }

    /// A case with a new draft, and what is withheld because of it.
    pub(super) fn drafted(
        &mut self,
        (case, outgoing): (Case, Outgoing),
        (request, from): (&DraftRequest, Originals<'static>),
        authors: Vec<UserName>,
    ) -> Result<(Case, Outgoing, Vec<Event>), Undone> {
        let number = case.number;
        let items: Vec<String> =
            self.db.case_items(number)?.into_iter().map(|item| item.id).collect();
        check_rests(&request.rests, &request.text, &items)?;
        self.db.templates()?.must_be_filled(&[&request.title, &request.text])?;
        let from = Originals { organisation: self.us.organisation(), ..from };
        let drafted = self.acting(|acting| case.draft(outgoing, request, &from, acting));
        let (case, mut outgoing) = drafted?;
        outgoing.goes_on_from(authors);
        self.must_be_permitted(&case, &outgoing)?;
        let partner = case.partner.clone();
        let kept = outgoing.pending().map(|draft| draft.withheld.clone()).unwrap_or_default();
        let mut all = self.db.withheld_in(&partner, Some(number))?;
        all.extend(kept.iter().cloned());
        gate::set_aside_known(&mut all, &request.set_aside)?;
        // A person's name is kept back wherever these items are written about, to whomever.
        let names = kept.iter().filter(|one| one.what == WithheldKind::Name).cloned().collect();
        let kept = vec![
            Event::WithheldOf { items, withheld: names },
            Event::Withheld { partner, withheld: kept },
        ];
        Ok((case, outgoing, kept))
    }

    fn update(&mut self, number: CaseNumber, changes: &DraftChanges) -> Decision {
        let case = self.case(number)?;
        let outgoing = self.db.outgoing(number)?;
        let last = outgoing.last().ok_or_else(|| {
            let message = format!("case {} has no version yet that could be changed", case.number);
            Refusal::new(Code::NoDraft, message).hint(Hint::Draft { case: number })
        })?;
        // A version that was released has had its second person.
        let authors = outgoing.pending().map(Draft::authors).unwrap_or_default();
        let last = last.request.as_ref().ok_or_else(|| {
            let message = "what went into the last version was not kept by the program of its time";
            Refusal::new(Code::NoDraft, message).hint(Hint::Draft { case: number })
        })?;
        self.draft(number, &changes.of(last)?, authors)
    }

    fn renew(&mut self, number: CaseNumber, until: &Timestamp) -> Decision {
        let (case, outgoing) = (self.case(number)?, self.db.outgoing(number)?);
        let request = self.acting(|acting| case.renewed(&outgoing, until, acting))?;
        self.draft(number, &request, Vec::new())
    }

    fn release(&mut self, number: CaseNumber, digest: Hash, set_aside: &[String]) -> Decision {
        let papers = (self.case(number)?, self.db.outgoing(number)?);
        let marks = originals::marking(self.db, number)?;
        self.released(papers, (digest, set_aside), marks)
    }

    /// What the draft of a case leads to, when it may leave; with how its originals are marked.
    pub(super) fn released(
        &mut self,
        (case, outgoing): (Case, Outgoing),
        (digest, set_aside): (Hash, &[String]),
        marking: Marks,
    ) -> Decision {
        let number = case.number;
        self.must_be_permitted(&case, &outgoing)?;
        self.no_source_in_danger(number)?;
        let partner = self.partner(&case.partner)?;
        let withheld = self.db.withheld_in(&case.partner, Some(number))?;
        let mut post = self.post(&partner)?;
        let own_name = self.us.organisation();
        let revoked = self.revoked(number)?;
        let withheld = withheld.as_slice();
        let clocks = partner.clocks(&self.us.configuration.clocks);
        let delivery = delivery((self.us, &clocks), &partner);
        let approval = Approval {
            digest,
            set_aside,
            partner: &partner,
            own_name,
            withheld,
            marking,
            revoked: &revoked,
            delivery,
        };
        let sending = self.acting(|acting| case.release(outgoing, &approval, &mut post, acting));
        let mut sending = sending?;
        if let Some(other) = self.seconding()? {
            sending.outgoing.also_approved(other.name)?;
        }
        self.house_lets_out_newest(&sending.case, &sending.outgoing, Does::Release)?;
        self.sent(sending, (&partner, &mut post), withheld)
    }

    fn recall(&mut self, number: CaseNumber, (reason, set_aside): (&str, &SetAside)) -> Decision {
        let (case, partner, mut withheld) = self.outward(number)?;
        gate::set_aside_known(&mut withheld, set_aside)?;
        self.house_lets_say(&case, Words::Recall)?;
        let outgoing = self.db.outgoing(number)?;
        let mut post = self.post(&partner)?;
        let words = (reason, withheld.as_slice());
        let clocks = partner.clocks(&self.us.configuration.clocks);
        let to = (&mut post, delivery((self.us, &clocks), &partner));
        let sending = self.acting(|acting| case.recall(outgoing, words, to, acting))?;
        self.sent(sending, (&partner, &mut post), &withheld)
    }

    fn answer(
        &mut self,
        number: CaseNumber,
        question: u64,
        (text, set_aside): (&str, &SetAside),
    ) -> Decision {
        let (case, partner, mut withheld) = self.outward(number)?;
        gate::set_aside_known(&mut withheld, set_aside)?;
        let mut post = self.post(&partner)?;
        let subject = Subject::Case(number);
        let asked = self.db.open_question(subject, false, question)?.ok_or_else(|| {
            let message = format!("no open question stands at entry {question}");
            Refusal::new(Code::NoQuestion, message).hint(Hint::ShowCase { case: number })
        })?;
        let words = (text, withheld.as_slice());
        self.house_lets_say(&case, Words::Answer)?;
        let (said, posted) = self.acting(|acting| case.answer(&asked, words, &mut post, acting))?;
        let (entry, id) = (posted.reference.clone(), posted.id.clone());
        let answer = Answer::CaseSent { case: number, entry, id };
        let partner = case.partner.clone();
        let events = vec![
            Event::CaseSet { case },
            Event::Said { about: Box::new(About { subject, said }) },
            Event::Posted { partner, subject: Some(subject), posted },
        ];
        Ok((events, answer))
    }

    /// A case, its partner, and all that must not reach it.
    pub(super) fn outward(
        &self,
        number: CaseNumber,
    ) -> Result<(Case, Partner, Vec<Withheld>), Undone> {
        let case = self.case(number)?;
        let partner = self.partner(&case.partner)?;
        let withheld = self.db.withheld_in(&case.partner, Some(number))?;
        Ok((case, partner, withheld))
    }

    fn sent(
        &mut self,
        sending: Sending,
        (partner, post): (&Partner, &mut Post),
        withheld: &[Withheld],
    ) -> Decision {
        let Sending { case, outgoing, posted } = sending;
        let told = self.acting(|acting| case.mirror(&outgoing, withheld, post, acting))?;
        let (case, mirrored) = told;
        let (number, name) = (case.number, case.partner.clone());
        let (entry, id) = (posted.reference.clone(), posted.id.clone());
        let answer = Answer::CaseSent { case: number, entry, id };
        let offered = if self.us.outlets.contains_key(&name) {
            let to = (partner, self.us.organisation());
            case.offered(&outgoing, to, withheld, &self.command.time)?
        } else {
            Vec::new()
        };
        let mut events = vec![
            Event::CaseSet { case },
            Event::OutgoingSet { case: number, outgoing: Box::new(outgoing) },
            Event::Posted { partner: name.clone(), subject: Some(number.into()), posted },
        ];
        for released in offered {
            events.push(Event::Offered { partner: name.clone(), case: number, released });
        }
        events.extend(told::written(number, &name, mirrored));
        Ok((events, answer))
    }
}

/// How we learn that a partner has what was written to it: one with a node gives a receipt, one
/// without may have an outlet from which it fetches.
fn delivery<'a>((us, clocks): (&Us, &'a Clocks), partner: &Partner) -> Delivery<'a> {
    let is_told = !partner.without_node || us.outlets.contains_key(partner.name());
    let is_answered = !partner.without_node;
    Delivery { clocks, is_told, is_answered }
}

pub(super) fn case_set(case: Case) -> (Vec<Event>, Answer) {
    let (stage, due) = (case.stage(), case.clock.due().clone());
    let answer = Answer::Case { case: case.number, stage, due, notes: Vec::new() };
    (vec![Event::CaseSet { case }], answer)
}

/// What is to be seen of what was written.
fn with_notes(answer: Answer, notes: Vec<String>) -> Answer {
    match answer {
        Answer::Case { case, stage, due, .. } => Answer::Case { case, stage, due, notes },
        other => other,
    }
}
