//! Which partners' logs an act of a person grows.

use forewarn_engine::Failure;
use forewarn_exchange::act::{
    Act, DutyAct, InterestAct, PartnerAct, ProposalAct, ReadoutAct, ReceivedAct,
};
use forewarn_exchange::id::{ProposalNumber, Subject};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::{Partner, Standing};
use forewarn_store::Db;

/// Whom an act writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    /// Nobody: it stays here.
    Nobody,
    /// This partner.
    To(NodeName),
    /// The partner of this case or warning.
    About(Subject),
    /// Whoever the act of this proposal writes to.
    Proposed(ProposalNumber),
    /// Every partner.
    Everybody,
}

impl Written {
    /// Whom this act writes to.
    pub(crate) fn by(act: &Act) -> Written {
        match act {
            Act::Partner(act) => partner(act),
            Act::Interest(act) => interest(act),
            Act::Duty(act) => duty(act),
            Act::Received(ReceivedAct { warning, .. }) => {
                Written::About(Subject::Warning(*warning))
            }
            Act::Readout(act) => readout(act),
            Act::Proposal(ProposalAct::Approve { proposal, .. }) => Written::Proposed(*proposal),
            Act::Proposal(ProposalAct::Drop { .. })
            | Act::Account(_)
            | Act::Feed(_)
            | Act::Inbox(_)
            | Act::Evidence(_)
            | Act::Telling(_)
            | Act::Authority(_)
            | Act::Triage(_)
            | Act::Item(_)
            | Act::Source(_)
            | Act::Template(_)
            | Act::Record(_)
            | Act::Exercise(_) => Written::Nobody,
        }
    }
}

fn partner(act: &PartnerAct) -> Written {
    match act {
        PartnerAct::ProposeAgreement { name, .. }
        | PartnerAct::AcceptAgreement { name, .. }
        | PartnerAct::DeclineAgreement { name, .. } => Written::To(name.clone()),
        PartnerAct::AnnounceKeys {} => Written::Everybody,
        PartnerAct::Add { .. }
        | PartnerAct::AddWithoutNode { .. }
        | PartnerAct::Confirm { .. }
        | PartnerAct::Suspend { .. }
        | PartnerAct::Agree { .. }
        | PartnerAct::WriteUncompared { .. } => Written::Nobody,
    }
}

fn interest(act: &InterestAct) -> Written {
    match act {
        InterestAct::Add { partner, .. }
        | InterestAct::AddAll { partner, .. }
        | InterestAct::Change { partner, .. }
        | InterestAct::Remove { partner, .. } => Written::To(partner.clone()),
        InterestAct::Confirm { .. } => Written::Nobody,
    }
}

fn duty(act: &DutyAct) -> Written {
    match act {
        DutyAct::Release { case, .. }
        | DutyAct::Recall { case, .. }
        | DutyAct::Answer { case, .. }
        | DutyAct::Permit { case, .. }
        | DutyAct::Tell { case, .. }
        | DutyAct::Confirm { case, .. }
        | DutyAct::Strike { case, .. } => Written::About(Subject::Case(*case)),
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
        | DutyAct::Link { .. } => Written::Nobody,
    }
}

fn readout(act: &ReadoutAct) -> Written {
    match act {
        // Our text, and that somebody has taken note of theirs, stay here.
        ReadoutAct::Write { .. } | ReadoutAct::Note { .. } => Written::Nobody,
        ReadoutAct::Commit { .. }
        | ReadoutAct::Reveal { .. }
        | ReadoutAct::Propose { .. }
        | ReadoutAct::Accept { .. }
        | ReadoutAct::Decline { .. }
        | ReadoutAct::Leave { .. } => Written::About(act.subject()),
    }
}

/// The partners that have a node and whose logs these words grow.
pub(crate) fn to(db: &Db<'_>, written: Written) -> Result<Vec<NodeName>, Failure> {
    let name = match written {
        Written::Nobody => None,
        Written::To(name) => Some(name),
        Written::About(Subject::Case(number)) => db.case(number)?.map(|case| case.partner),
        Written::About(Subject::Warning(number)) => {
            db.warning(number)?.map(|warning| warning.partner)
        }
        Written::Proposed(number) => {
            return match db.proposal(number)? {
                Some(proposal) => to(db, Written::by(&proposal.act)),
                None => Ok(Vec::new()),
            };
        }
        Written::Everybody => {
            let all = db.partners()?;
            return Ok(all
                .iter()
                .filter(|one| reached(one))
                .map(|one| one.name().clone())
                .collect());
        }
    };
    let Some(name) = name else { return Ok(Vec::new()) };
    Ok(db.partner(&name)?.filter(reached).map(|_| name).into_iter().collect())
}

/// A partner with a node that is written to.
fn reached(one: &Partner) -> bool {
    matches!(one.standing, Standing::Confirmed { .. }) && !one.without_node
}
