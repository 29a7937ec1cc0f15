//! What waits for a second person: proposed, approved, dropped.

use super::{Decision, Desk};
use crate::configuration::Us;
use crate::failure::Undone;
use crate::work::Work;
use forewarn_exchange::act::{
    Act, AuthorityAct, DutyAct, EvidenceAct, InboxAct, PartnerAct, ProposalAct, Showing, TriageAct,
};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::command::Command;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::event::Event;
use forewarn_exchange::id::{ProposalNumber, Subject};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::permit::Permitted;
use forewarn_exchange::proposal::{MAX_WAITING, MAX_WAITING_EACH, Persons, Proposal, Rules};
use forewarn_exchange::user::User;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::sight::{Reader, Sight};
use forewarn_store::{Db, StoreError};

impl Desk<'_> {
    pub(super) fn proposal(&mut self, act: &ProposalAct) -> Decision {
        match act {
            ProposalAct::Approve { proposal, digest } => {
                let (user, at) = (self.user()?, &self.command.time);
                let approved = self.proposed(*proposal)?.approve(&user, *digest, at)?;
                self.must_read(&approved.act, &user)?;
                // Whoever proposed it must still be allowed to, and it must still be possible.
                self.actor = Actor::User(approved.by.clone());
                let permitted = self.permitted(&approved.act)?;
                let (mut events, answer) = self.decide(permitted)?;
                events.push(set(approved));
                Ok((events, answer))
            }
            ProposalAct::Drop { proposal, reason } => {
                let (user, at) = (self.user()?, &self.command.time);
                let dropped = self.proposed(*proposal)?.drop(&user, reason, at)?;
                Ok((vec![set(dropped)], Answer::Dropped { proposal: *proposal }))
            }
        }
    }

    /// What says something of a warning for named persons is approved by one of them.
    fn must_read(&self, act: &Act, user: &User) -> Result<(), Undone> {
        match act {
            Act::Received(act) => {
                if let Some(warning) = self.db.warning(act.warning)? {
                    warning.must_be_for(user)?;
                }
                return Ok(());
            }
            // It says nothing of the warning.
            Act::Inbox(InboxAct::NamePerson { .. }) | Act::Record(_) => return Ok(()),
            Act::Evidence(EvidenceAct::Show { showing, .. }) => {
                self.must_read_all(showing, user)?;
            }
            Act::Readout(_)
            | Act::Duty(_)
            | Act::Account(_)
            | Act::Feed(_)
            | Act::Partner(_)
            | Act::Interest(_)
            | Act::Telling(_)
            | Act::Authority(_)
            | Act::Triage(_)
            | Act::Item(_)
            | Act::Source(_)
            | Act::Template(_)
            | Act::Exercise(_)
            | Act::Proposal(_) => {}
        }
        match subject_of(act) {
            Some(subject) => self.must_open(subject, user),
            None => Ok(()),
        }
    }

    /// Entries of our log that are named one by one.
    fn must_read_all(&self, showing: &Showing, user: &User) -> Result<(), Undone> {
        let Some(partner) = &showing.partner else { return Ok(()) };
        let Some(log) = self.db.log_with(partner, true)? else { return Ok(()) };
        for index in &showing.ours {
            let subject = self.db.entry(&log, *index)?.and_then(|held| held.subject);
            subject.map_or(Ok(()), |subject| self.must_open(subject, user))?;
        }
        Ok(())
    }

    /// All that a case or warning says may be read by a user, if it is for named persons.
    pub(super) fn must_open(&self, subject: Subject, user: &User) -> Result<(), Undone> {
        let Subject::Warning(number) = subject else { return Ok(()) };
        let Some(warning) = self.db.warning(number)? else { return Ok(()) };
        let sight = Sight::all().read_by(Reader::Person(Box::new(user.clone())));
        if self.db.opens(subject, &sight)? { Ok(()) } else { Err(warning.for_others().into()) }
    }

    /// Keeps an act until a second person approves it. What could not be done is refused now, by
    /// the code that would do it.
    pub(super) fn propose(&mut self, permitted: Permitted<'_>) -> Decision {
        let act = permitted.act();
        if self.db.count_waiting()? >= MAX_WAITING {
            let message = format!("{MAX_WAITING} proposals wait already");
            return Err(Refusal::new(Code::Waiting, message)
                .advice("approve or drop some first")
                .into());
        }
        let by = self.by()?;
        if let Some(Proposal { number: proposal, digest, .. }) = self.same_release(act, &by)? {
            return self.proposal(&ProposalAct::Approve { proposal, digest });
        }
        if self.db.count_waiting_of(&by)? >= MAX_WAITING_EACH {
            let message = format!("{MAX_WAITING_EACH} proposals of `{by}` wait already");
            return Err(Refusal::new(Code::Waiting, message)
                .advice("drop some, or have some approved first")
                .into());
        }
        self.decide(permitted)?;
        let partner = self.concerned(act)?;
        let number = self.db.next_proposal()?;
        let proposal = Proposal::new(number, act.clone(), partner, (&by, &self.command.time));
        let answer = Answer::Proposed { proposal: number, digest: proposal.digest };
        Ok((vec![set(proposal)], answer))
    }

    /// How many persons an act of this kind needs here.
    pub(super) fn rules(&self, act: &Act) -> Result<Rules, Undone> {
        let agreed = match self.concerned(act)? {
            Some(partner) => self.db.partner(&partner)?.map(|partner| partner.sentences),
            None => None,
        };
        let administrators = self.us.configuration.administrators;
        let release = self.approvers(act)?;
        Ok(Rules { sentences: agreed.unwrap_or(Persons::Two), administrators, release })
    }

    /// How many persons release the draft that an act is about: by its marking.
    fn approvers(&self, act: &Act) -> Result<Persons, Undone> {
        let Act::Duty(DutyAct::Release { case, .. }) = act else { return Ok(Persons::One) };
        let configuration = &self.us.configuration;
        if configuration.two_approvers.is_none() {
            return Ok(Persons::One);
        }
        let outgoing = self.db.outgoing(*case)?;
        Ok(outgoing.pending().map_or(Persons::One, |draft| configuration.approvers(draft.tlp)))
    }

    /// The proposal of somebody else to release exactly this: whoever would propose it too approves it.
    fn same_release(&self, act: &Act, by: &UserName) -> Result<Option<Proposal>, Undone> {
        if !matches!(act, Act::Duty(DutyAct::Release { .. })) {
            return Ok(None);
        }
        let waiting = self.db.waiting_proposals()?;
        Ok(waiting.into_iter().find(|one| one.act == *act && one.by != *by))
    }

    fn proposed(&self, number: ProposalNumber) -> Result<Proposal, Undone> {
        let found = self.db.proposal(number)?;
        Ok(found.ok_or_else(|| Refusal::unknown("proposal", number))?)
    }

    /// The partner whom an act concerns.
    fn concerned(&self, act: &Act) -> Result<Option<NodeName>, Undone> {
        if let Act::Partner(
            PartnerAct::Confirm { name, .. }
            | PartnerAct::Suspend { name, .. }
            | PartnerAct::Agree { name, .. }
            | PartnerAct::ProposeAgreement { name, .. }
            | PartnerAct::AcceptAgreement { name, .. }
            | PartnerAct::DeclineAgreement { name, .. },
        ) = act
        {
            return Ok(Some(name.clone()));
        }
        if let Act::Authority(AuthorityAct::Give { class }) = act {
            return Ok(Some(class.partner.clone()));
        }
        if let Act::Triage(TriageAct::MuteAdd { mute }) = act {
            return Ok(Some(mute.partner.clone()));
        }
        Ok(match subject_of(act) {
            Some(Subject::Case(number)) => self.db.case(number)?.map(|case| case.partner),
            Some(Subject::Warning(number)) => {
                self.db.warning(number)?.map(|warning| warning.partner)
            }
            None => None,
        })
    }
}

/// Why a proposal could not be done as things stand, by the code that does it: what the gate has
/// against it, say. Changes nothing.
///
/// # Errors
/// When the database cannot be read.
pub fn objection(
    db: &Db<'_>,
    us: &Us,
    proposal: &Proposal,
    command: &Command<Work>,
) -> Result<Option<Refusal>, StoreError> {
    let actor = Actor::User(proposal.by.clone());
    let ids = Ids::new(command.seed);
    let mut desk = Desk { db, us, command, actor, only: None, standing: false, ids };
    let permitted = desk.permitted(&proposal.act);
    let tried = permitted.and_then(|permitted| desk.decide(permitted).map(drop));
    match tried {
        Ok(()) => Ok(None),
        Err(Undone::Refused(refusal)) => Ok(Some(refusal)),
        Err(Undone::Store(error)) => Err(error),
    }
}

fn set(proposal: Proposal) -> Event {
    let subject = subject_of(&proposal.act);
    Event::ProposalSet { proposal: Box::new(proposal), subject }
}

/// The case or warning that an act is about.
pub fn subject_of(act: &Act) -> Option<Subject> {
    match act {
        Act::Received(act) => Some(Subject::Warning(act.warning)),
        Act::Inbox(InboxAct::NamePerson { warning, .. }) => Some(Subject::Warning(*warning)),
        Act::Duty(act) => act.cases().first().copied().map(Subject::Case),
        Act::Evidence(EvidenceAct::Show { showing, .. }) => showing.subject,
        Act::Readout(act) => Some(act.subject()),
        Act::Record(act) => act.what().and_then(Erasable::subject),
        Act::Account(_)
        | Act::Feed(_)
        | Act::Partner(_)
        | Act::Interest(_)
        | Act::Telling(_)
        | Act::Authority(_)
        | Act::Triage(_)
        | Act::Item(_)
        | Act::Source(_)
        | Act::Template(_)
        | Act::Exercise(_)
        | Act::Proposal(_) => None,
    }
}
