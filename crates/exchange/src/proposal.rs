//! An act that waits for a second person: what it is, who may propose and approve it.
//!
//! Whatever leaves as free text, shows what was withheld, waives a duty or gives somebody the say
//! over what leaves is done by two. The first one's act is checked as if it were done, and kept;
//! the second one approves exactly that act, by its digest, and then it is done.

use crate::act::{
    AccountAct, Act, AuthorityAct, DutyAct, EvidenceAct, InboxAct, PartnerAct, ProposalAct,
    ReadoutAct, RecordAct,
};
use crate::case::Decision;
use crate::code::Code;
use crate::id::ProposalNumber;
use crate::name::{NodeName, UserName};
use crate::refusal::{Hint, Refusal, give_reason};
use crate::user::{Permission, User};
use forewarn_stix::{Timestamp, canonical};
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most proposals that may wait at once: more than any desk looks through.
pub const MAX_WAITING: usize = 1_000;

/// Most proposals of one person that may wait: nobody fills the desk for the others.
pub const MAX_WAITING_EACH: usize = 100;

/// How many persons something needs, as an agreement or the node's founding says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Persons {
    /// One is enough.
    One,
    /// A second one approves.
    #[default]
    Two,
}

/// An act, who proposed it, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// Counted from 1.
    pub number: ProposalNumber,
    /// What is to be done.
    pub act: Act,
    /// The partner whom it concerns, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<NodeName>,
    /// Who proposed it.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of the act in canonical form: what is approved.
    pub digest: Hash,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub enum Fate {
    /// It waits for a second person.
    Waiting {},
    /// A second person has approved it, and it was done.
    Approved {
        /// Who.
        by: UserName,
        /// When.
        at: Timestamp,
    },
    /// It was not done.
    Dropped {
        /// Who said so: a second person, or the one who proposed it.
        by: UserName,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

/// What decides whether one person is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// For free text to the partner that the act concerns: as the agreement with it says.
    pub sentences: Persons,
    /// For roles that draft or release: as was chosen when the node was made.
    pub administrators: Persons,
    /// For the release of the draft that the act is about: by its marking, as the node says.
    pub release: Persons,
}

/// How an act of a person is to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It is done.
    Do,
    /// It waits for a second person.
    Propose,
}

impl Act {
    /// Which persons the act needs by itself.
    pub(crate) fn persons(&self, rules: Rules) -> Persons {
        match self {
            // What is set aside is so by two, whatever the agreement says.
            Act::Received(act) if !act.set_aside.is_empty() => Persons::Two,
            Act::Duty(act) => of_duty(act, rules),
            Act::Received(act) if act.statement.has_words() => rules.sentences,
            Act::Readout(ReadoutAct::Decline { .. } | ReadoutAct::Leave { .. })
            | Act::Partner(PartnerAct::DeclineAgreement { .. }) => rules.sentences,
            // That one is enough from now on is no decision of one.
            Act::Partner(
                PartnerAct::Agree { sentences: Persons::One, .. }
                | PartnerAct::ProposeAgreement { .. }
                | PartnerAct::AcceptAgreement { .. },
            )
            | Act::Evidence(EvidenceAct::Show { .. })
            // It opens what is for somebody by name.
            | Act::Inbox(InboxAct::NamePerson { .. })
            | Act::Readout(ReadoutAct::Commit { .. })
            | Act::Authority(AuthorityAct::Give { .. })
            // What is gone is gone.
            | Act::Record(RecordAct::Erase { .. } | RecordAct::Lift { .. }) => Persons::Two,
            Act::Readout(ReadoutAct::Reveal { set_aside, .. }) if !set_aside.is_empty() => {
                Persons::Two
            }
            // By what somebody is called a partner names whom TLP:RED is for.
            Act::Account(AccountAct::UserAdd { roles, display, .. })
                if display.is_some()
                    || roles.iter().any(|role| {
                        Permission::GRAVE.iter().any(|one| role.permits(*one))
                    }) =>
            {
                rules.administrators
            }
            // What the user may do was taken from him or her; giving it back is like giving it.
            Act::Account(
                AccountAct::UserResume { .. }
                | AccountAct::UserUids { .. }
                | AccountAct::UserLink { .. },
            ) => rules.administrators,
            Act::Account(
                AccountAct::UserAdd { .. }
                | AccountAct::UserSuspend { .. }
                | AccountAct::UserRemove { .. }
                | AccountAct::UserUnlink { .. }
                | AccountAct::TokenAdd { .. }
                | AccountAct::TokenRotate { .. }
                | AccountAct::TokenRevoke { .. }
                | AccountAct::TokensRevoke { .. },
            )
            | Act::Received(_)
            | Act::Feed(_)
            | Act::Partner(_)
            | Act::Interest(_)
            | Act::Telling(_)
            | Act::Readout(
                ReadoutAct::Write { .. }
                | ReadoutAct::Reveal { .. }
                | ReadoutAct::Note { .. }
                | ReadoutAct::Propose { .. }
                | ReadoutAct::Accept { .. },
            )
            | Act::Authority(AuthorityAct::Revoke { .. })
            | Act::Triage(_)
            | Act::Item(_)
            | Act::Source(_)
            | Act::Template(_)
            | Act::Record(
                RecordAct::Hold { .. }
                | RecordAct::Look { .. }
                | RecordAct::Read { .. }
                | RecordAct::Export { .. },
            )
            | Act::Exercise(_)
            | Act::Proposal(ProposalAct::Approve { .. } | ProposalAct::Drop { .. }) => Persons::One,
        }
    }

    /// What the second person must be allowed to do; `None` for what no person does.
    pub fn second(&self) -> Option<Permission> {
        self.row().map(|row| row.second)
    }

    /// SHA-256 of the act in canonical form.
    fn digest(&self) -> Hash {
        let value = serde_json::to_value(self).unwrap_or_default();
        Hash::of(&canonical::bytes(&value))
    }
}

impl Proposal {
    /// An act that waits from now on.
    pub fn new(
        number: ProposalNumber,
        act: Act,
        partner: Option<NodeName>,
        (by, at): (&UserName, &Timestamp),
    ) -> Proposal {
        let digest = act.digest();
        let (by, at) = (by.clone(), at.clone());
        Proposal { number, act, partner, by, at, digest, fate: Fate::Waiting {} }
    }

    /// Whether it still waits.
    pub fn waits(&self) -> bool {
        self.fate == Fate::Waiting {}
    }

    /// A second person approves exactly these bytes. The act itself is done by the caller, in the
    /// name of whoever proposed it.
    pub fn approve(self, user: &User, digest: Hash, at: &Timestamp) -> Result<Proposal, Refusal> {
        self.must_wait()?;
        must(user, &self.act)?;
        if digest != self.digest {
            let message = format!("proposal {} has another digest", self.number);
            return Err(Refusal::new(Code::OtherDraft, message)
                .hint(Hint::ShowProposal { proposal: self.number }));
        }
        if user.name == self.by {
            let message = format!("`{}` proposed this and may not approve it", self.by);
            return Err(Refusal::new(Code::SamePerson, message).advice("a second person must"));
        }
        if let Act::Account(act) = &self.act
            && *act.user() == user.name
        {
            let name = &user.name;
            let message = format!("`{name}` may not approve a role of his or her own");
            return Err(
                Refusal::new(Code::SamePerson, message).advice("another administrator must")
            );
        }
        let fate = Fate::Approved { by: user.name.clone(), at: at.clone() };
        Ok(Proposal { fate, ..self })
    }

    /// It is not done.
    pub fn drop(self, user: &User, reason: &str, at: &Timestamp) -> Result<Proposal, Refusal> {
        self.must_wait()?;
        if user.name != self.by {
            must(user, &self.act)?;
        }
        give_reason(reason, "say why it is not done")?;
        let (by, at, reason) = (user.name.clone(), at.clone(), reason.to_owned());
        Ok(Proposal { fate: Fate::Dropped { by, at, reason }, ..self })
    }

    fn must_wait(&self) -> Result<(), Refusal> {
        let (what, by) = match &self.fate {
            Fate::Waiting {} => return Ok(()),
            Fate::Approved { by, .. } => ("approved", by),
            Fate::Dropped { by, .. } => ("dropped", by),
        };
        let message = format!("proposal {} was {what} by `{by}` already", self.number);
        Err(Refusal::new(Code::NotWaiting, message))
    }
}

/// Which persons an act on a case needs.
fn of_duty(act: &DutyAct, rules: Rules) -> Persons {
    match act {
        DutyAct::Recall { set_aside, .. }
        | DutyAct::Answer { set_aside, .. }
        | DutyAct::Permit { set_aside, .. }
            if !set_aside.is_empty() =>
        {
            Persons::Two
        }
        DutyAct::Recall { .. } | DutyAct::Answer { .. } | DutyAct::Permit { .. } => rules.sentences,
        DutyAct::Decide { decision: Decision::Waive { .. }, .. } => Persons::Two,
        DutyAct::Open { .. }
        | DutyAct::Find { .. }
        | DutyAct::Decide { .. }
        | DutyAct::Reopen { .. }
        | DutyAct::Draft { .. }
        | DutyAct::Update { .. }
        | DutyAct::Renew { .. }
        | DutyAct::Keep { .. }
        | DutyAct::Urgency { .. }
        | DutyAct::Pause { .. }
        | DutyAct::Resume { .. }
        | DutyAct::Merge { .. }
        | DutyAct::Join { .. }
        | DutyAct::Link { .. }
        // In imminent danger the second person comes after the telephone.
        | DutyAct::Tell { .. }
        | DutyAct::Confirm { .. }
        | DutyAct::Strike { .. } => Persons::One,
        DutyAct::Release { .. } => rules.release,
    }
}

fn must(user: &User, act: &Act) -> Result<(), Refusal> {
    let nobody = || Refusal::new(Code::NotPermitted, "nobody approves this");
    user.must(act.second().ok_or_else(nobody)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::ReceivedAct;
    use crate::gate::SetAside;
    use crate::id::{CaseNumber, WarningNumber};
    use crate::permit::By;
    use crate::talk::Statement;
    use crate::user::Role;

    const TWO: Rules =
        Rules { sentences: Persons::Two, administrators: Persons::Two, release: Persons::One };
    const ONE: Rules =
        Rules { sentences: Persons::One, administrators: Persons::One, release: Persons::One };

    fn user(name: &str, roles: &[Role]) -> User {
        User::new(UserName::parse(name).unwrap(), roles.to_vec()).unwrap()
    }

    fn by(act: &Act, user: &User, rules: Rules) -> Result<Course, Refusal> {
        act.permitted(By::User(user), rules).map(|permitted| permitted.course())
    }

    fn said(statement: Statement) -> Act {
        ReceivedAct::new(WarningNumber::new(1), statement).into()
    }

    fn recall() -> Act {
        let (case, reason) = (CaseNumber::new(1), "a mistake".into());
        DutyAct::Recall { case, reason, set_aside: SetAside::default() }.into()
    }

    fn at() -> Timestamp {
        Timestamp::parse("2017-12-15T09:30:00Z").unwrap()
    }

    #[test]
    fn free_text_needs_two_and_a_fixed_choice_one() {
        let dora = user("dora", &[Role::DutyOfficer]);
        for (act, course) in [
            (said(Statement::Opened {}), Course::Do),
            (said(Statement::Accepted { note: String::new() }), Course::Do),
            (said(Statement::Accepted { note: "in hand".into() }), Course::Propose),
            (said(Statement::Question { text: "when?".into() }), Course::Propose),
        ] {
            assert_eq!(by(&act, &dora, TWO).unwrap(), course, "{act:?}");
            assert_eq!(by(&act, &dora, ONE).unwrap(), Course::Do, "{act:?}");
        }
    }

    #[test]
    fn who_drafts_proposes_what_only_approvers_do() {
        let (ana, otto) = (user("ana", &[Role::Analyst]), user("otto", &[Role::Approver]));
        let reason = String::from("no duty");
        let case = CaseNumber::new(1);
        let decide = |decision| Act::from(DutyAct::Decide { case, decision, also: Vec::new() });
        let not_met = decide(Decision::NotMet { reason: reason.clone() });
        assert_eq!(by(&not_met, &ana, TWO).unwrap(), Course::Propose);
        assert_eq!(by(&not_met, &otto, TWO).unwrap(), Course::Do);
        let code = crate::scale::Waiver::AlreadyAware;
        let (review_at, facts) = (None, crate::waiver::WaiverFacts::default());
        let waive = decide(Decision::Waive { code, reason, review_at, facts });
        assert_eq!(by(&waive, &otto, ONE).unwrap(), Course::Propose);
        assert_eq!(by(&recall(), &ana, ONE).unwrap(), Course::Propose);
        assert_eq!(by(&recall(), &otto, ONE).unwrap(), Course::Do);
        assert!(by(&recall(), &user("rita", &[Role::Reader]), ONE).is_err());
    }

    #[test]
    fn a_second_person_approves_exactly_what_was_proposed_and_once() {
        let (ana, otto) =
            (user("ana", &[Role::Analyst, Role::Approver]), user("otto", &[Role::Approver]));
        let made = || Proposal::new(ProposalNumber::new(1), recall(), None, (&ana.name, &at()));
        let digest = made().digest;
        let code = |refused: Result<Proposal, Refusal>| refused.unwrap_err().code;
        assert_eq!(code(made().approve(&ana, digest, &at())), Code::SamePerson);
        assert_eq!(code(made().approve(&otto, Hash::of(b"x"), &at())), Code::OtherDraft);
        let rita = user("rita", &[Role::Reader]);
        assert_eq!(code(made().approve(&rita, digest, &at())), Code::NotPermitted);
        assert_eq!(code(made().drop(&rita, "no", &at())), Code::NotPermitted);
        assert!(made().drop(&ana, "a slip", &at()).is_ok());
        let approved = made().approve(&otto, digest, &at()).unwrap();
        assert!(!approved.waits());
        assert_eq!(code(approved.approve(&otto, digest, &at())), Code::NotWaiting);
    }
}
