//! Acts that wait for a second person, as they are shown.

use forewarn_exchange::act::{Act, DutyAct, EvidenceAct};
use forewarn_exchange::case::Decision;
use forewarn_exchange::id::ProposalNumber;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::proposal::{Fate, Proposal};
use forewarn_exchange::refusal::Refusal;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};

/// A proposal with everything that a second person has to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProposalShown {
    /// Which.
    pub number: ProposalNumber,
    /// What would be done, in words, with every word that would leave.
    pub words: String,
    /// The partner whom it concerns.
    pub partner: Option<NodeName>,
    /// The marking of what would leave: that of the warning that it is about.
    pub tlp: Option<Tlp>,
    /// Who proposed it.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of the act: what is approved.
    pub digest: Hash,
    /// What became of it.
    #[serde(flatten)]
    pub fate: Fate,
    /// Why it could not be done as things stand: what the gate has against it, or something else.
    /// Computed by the code that does it; only for one that waits.
    pub objection: Option<Refusal>,
    /// The act itself.
    pub act: Act,
}

impl ProposalShown {
    /// A proposal as it stands.
    pub fn of(proposal: Proposal, tlp: Option<Tlp>, objection: Option<Refusal>) -> ProposalShown {
        let Proposal { number, act, partner, by, at, digest, fate } = proposal;
        let words = words(&act);
        ProposalShown { number, words, partner, tlp, by, at, digest, fate, objection, act }
    }
}

/// What an act would do, in words.
fn words(act: &Act) -> String {
    match act {
        Act::Received(act) => {
            format!("on warning {}: {}", act.warning, crate::talk::statement(&act.statement))
        }
        Act::Duty(DutyAct::Recall { case, reason }) => format!("recall case {case}: {reason}"),
        Act::Duty(DutyAct::Answer { case, question, text }) => {
            format!("answer the question at entry {question} of case {case}: {text}")
        }
        Act::Duty(DutyAct::Decide { case, decision }) => match decision {
            Decision::Warn { reason } => format!("decide to warn in case {case}: {reason}"),
            Decision::Waive { reason, .. } => format!("waive the duty of case {case}: {reason}"),
            Decision::Refer { to, reason } => format!("refer case {case} to {to}: {reason}"),
            Decision::NotMet { reason } => format!("there is no duty in case {case}: {reason}"),
        },
        Act::Duty(DutyAct::Reopen { case, reason }) => {
            format!("take case {case} up again: {reason}")
        }
        Act::Evidence(EvidenceAct::Show { showing, reason }) => {
            format!("show {} in evidence of {showing}: {reason}", showing.fields.join(", "))
        }
        Act::Account(forewarn_exchange::act::AccountAct::UserAdd { name, roles }) => {
            let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
            format!("give {name} the roles {}", roles.join(", "))
        }
        Act::Account(_)
        | Act::Feed(_)
        | Act::Partner(_)
        | Act::Interest(_)
        | Act::Duty(
            DutyAct::Open { .. }
            | DutyAct::Find { .. }
            | DutyAct::Draft { .. }
            | DutyAct::Release { .. },
        )
        | Act::Proposal(_) => serde_json::to_string(act).unwrap_or_default(),
    }
}
