//! `GET /api/v1/proposals` and `…/{number}`: what waits for a second person.

use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use forewarn_exchange::Refusal;
use forewarn_exchange::act::{Act, DutyAct};
use forewarn_exchange::id::ProposalNumber;
use forewarn_exchange::proposal::Proposal;
use forewarn_node::{Failure, Node};
use forewarn_stix::marking::Tlp;
use forewarn_store::Db;
use forewarn_view::proposal::ProposalShown;

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<ProposalShown>>, Problem> {
    let shown = node.read(|db, node| {
        db.proposals()?.into_iter().map(|proposal| show(&db, node, proposal)).collect()
    });
    Ok(Json(shown.await?))
}

pub(crate) async fn one(
    State(node): State<App>,
    Path(number): Path<ProposalNumber>,
) -> Result<Json<ProposalShown>, Problem> {
    let shown = node.read(move |db, node| {
        let found = db.proposal(number)?;
        show(&db, node, found.ok_or_else(|| Refusal::unknown("proposal", number))?)
    });
    Ok(Json(shown.await?))
}

fn show(db: &Db<'_>, node: &Node, proposal: Proposal) -> Result<ProposalShown, Failure> {
    let objection = if proposal.waits() { node.state.objection(db, &proposal)? } else { None };
    let tlp = marking(db, &proposal.act)?;
    Ok(ProposalShown::of(proposal, tlp, objection))
}

/// A sentence has the marking of the warning that it is about.
fn marking(db: &Db<'_>, act: &Act) -> Result<Option<Tlp>, Failure> {
    Ok(match act {
        Act::Received(act) => db.warning(act.warning)?.map(|warning| warning.summary.tlp),
        Act::Duty(DutyAct::Recall { case, .. } | DutyAct::Answer { case, .. }) => {
            db.outgoing(*case)?.releases().last().map(|release| release.draft.tlp)
        }
        Act::Duty(_)
        | Act::Account(_)
        | Act::Feed(_)
        | Act::Partner(_)
        | Act::Interest(_)
        | Act::Evidence(_)
        | Act::Proposal(_) => None,
    })
}
