//! Which partner's log an act of a person grows.

use forewarn_engine::Failure;
use forewarn_exchange::act::{Act, DutyAct, ProposalAct, ReadoutAct};
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::{Partner, Standing};
use forewarn_store::Db;

/// The partner whose log an act on a case, a warning or a proposal grows.
pub(crate) fn to(db: &Db<'_>, act: &Act) -> Result<Option<NodeName>, Failure> {
    let proposed = match act {
        Act::Proposal(ProposalAct::Approve { proposal, .. }) => db.proposal(*proposal)?,
        _ => None,
    };
    let act = proposed.as_ref().map_or(act, |proposal| &proposal.act);
    let partner = match forewarn_engine::subject_of(act) {
        Some(Subject::Case(number)) if grows(act) => db.case(number)?.map(|case| case.partner),
        Some(Subject::Warning(number)) => db.warning(number)?.map(|warning| warning.partner),
        Some(Subject::Case(_)) | None => None,
    };
    let known = partner.map(|name| db.partner(&name)).transpose()?.flatten();
    let reached =
        |one: &Partner| matches!(one.standing, Standing::Confirmed { .. }) && !one.without_node;
    Ok(known.filter(reached).map(|one| one.name().clone()))
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
