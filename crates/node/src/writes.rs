//! Which partner's log an act of a person grows.

use forewarn_engine::Failure;
use forewarn_exchange::act::{Act, DutyAct, PartnerAct, ProposalAct, ReadoutAct};
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::{Partner, Standing};
use forewarn_store::Db;

/// The partner whose log an act on a case, a warning, an agreement or a proposal grows.
pub(crate) fn to(db: &Db<'_>, act: &Act) -> Result<Option<NodeName>, Failure> {
    let proposed = match act {
        Act::Proposal(ProposalAct::Approve { proposal, .. }) => db.proposal(*proposal)?,
        _ => None,
    };
    let act = proposed.as_ref().map_or(act, |proposal| &proposal.act);
    if let Act::Partner(
        PartnerAct::ProposeAgreement { name, .. }
        | PartnerAct::AcceptAgreement { name, .. }
        | PartnerAct::DeclineAgreement { name, .. },
    ) = act
    {
        return reached(db, name);
    }
    let partner = match forewarn_engine::subject_of(act) {
        Some(Subject::Case(number)) if grows(act) => db.case(number)?.map(|case| case.partner),
        Some(Subject::Warning(number)) => db.warning(number)?.map(|warning| warning.partner),
        Some(Subject::Case(_)) | None => None,
    };
    partner.map_or(Ok(None), |name| reached(db, &name))
}

/// A partner with a node that is written to.
fn reached(db: &Db<'_>, name: &NodeName) -> Result<Option<NodeName>, Failure> {
    let reached =
        |one: &Partner| matches!(one.standing, Standing::Confirmed { .. }) && !one.without_node;
    Ok(db.partner(name)?.filter(reached).map(|one| one.name().clone()))
}

fn grows(act: &Act) -> bool {
    match act {
        Act::Duty(act) => {
            matches!(act, DutyAct::Release { .. } | DutyAct::Recall { .. } | DutyAct::Answer { .. })
        }
        // Our text, and that somebody has taken note of theirs, stay here.
        Act::Readout(act) => !matches!(act, ReadoutAct::Write { .. } | ReadoutAct::Note { .. }),
        _ => false,
    }
}
