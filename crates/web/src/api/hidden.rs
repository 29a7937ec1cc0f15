//! An act on what its caller may not see is answered as an act on what is not there.

use crate::caller::Caller;
use crate::problem::Problem;
use forewarn_exchange::act::{
    AuthorityAct, DutyAct, EvidenceAct, ItemAct, ProposalAct, RecordAct, SourceAct, TellingAct,
    TriageAct,
};
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::Standing;
use forewarn_exchange::{Act, Refusal};
use forewarn_node::sees::{hidden_entry, sees_kept, sees_proposal};
use forewarn_node::{Failure, Node, clock, needs};
use forewarn_store::Db;
use forewarn_store::sight::Sight;

/// What to do when a need is not there.
const NOT_THERE: &str = "`forewarn needs` lists what waits, each as it is taken";

/// Checks that whatever an act names may be seen. Whoever may not do the act at all is told so
/// where that is decided, whether or not there is such a thing.
pub(crate) async fn check(node: &Node, caller: &Caller, act: &Act) -> Result<(), Problem> {
    let Caller::User(user) = caller else { return Ok(()) };
    let sight = caller.sight(node);
    if let Act::Telling(TellingAct::Take { need }) = act {
        return Ok(waits(node, sight, need.clone()).await?);
    }
    if !act.may_be_tried(user) {
        return Ok(());
    }
    let act = act.clone();
    Ok(node.state.read(move |db| seen(&db, &act, &sight)).await?)
}

/// Whether there is such a need now, as far as it may be seen: nobody takes what does not wait, and
/// nobody keeps others from being told of what he or she may not see.
async fn waits(node: &Node, sight: Sight, need: String) -> Result<(), Failure> {
    let now = clock::now();
    let sources = node.sources();
    let read = node.state.read(move |db| {
        let found = needs::read((&db, &sources), &sight, &now, |one| one.name() == need)?;
        let waits = found.waiting.first().map(drop);
        waits.ok_or_else(|| Refusal::unknown("need", need).advice(NOT_THERE).into())
    });
    read.await
}

fn seen_kept(db: &Db<'_>, act: &RecordAct, sight: &Sight) -> Result<(), Failure> {
    if let RecordAct::Read { case } | RecordAct::Export { case, .. } = act
        && !db.sees_case(*case, sight)?
    {
        return Err(Refusal::unknown("case", case).into());
    }
    match act.what() {
        Some(what) if !sees_kept(db, what, sight)? => {
            Err(Refusal::unknown("case, warning or item", what).into())
        }
        Some(_) | None => Ok(()),
    }
}

/// Whoever names a partner that is not confirmed is told so, whatever the items.
fn seen_opening(
    db: &Db<'_>,
    (partner, also, items): (&NodeName, &[NodeName], &[String]),
    sight: &Sight,
) -> Result<(), Failure> {
    let mut confirmed = true;
    for partner in std::iter::once(partner).chain(also) {
        let standing = db.partner(partner)?.map(|one| one.standing);
        confirmed &= matches!(standing, Some(Standing::Confirmed { .. }));
    }
    items.iter().filter(|_| confirmed).try_for_each(|item| seen_item(db, item, sight))
}

/// The entries of which something is to be shown.
fn seen_entries(
    db: &Db<'_>,
    showing: &forewarn_exchange::act::Showing,
    sight: &Sight,
) -> Result<(), Failure> {
    if let Some(subject) = showing.subject
        && !db.opens(subject, sight)?
    {
        return Err(Refusal::unknown("entry about", subject).into());
    }
    match hidden_entry(db, showing, sight)? {
        Some((log, index)) => Err(Refusal::unknown("entry", format!("{index} of {log}")).into()),
        None => Ok(()),
    }
}

fn seen(db: &Db<'_>, act: &Act, sight: &Sight) -> Result<(), Failure> {
    match act {
        Act::Duty(DutyAct::Open { partner, items, also, .. }) => {
            seen_opening(db, (partner, also, items), sight)?;
        }
        Act::Source(SourceAct::Danger { source, .. }) => {
            if !db.sees_source(source, sight)? {
                return Err(Refusal::unknown("source", source).into());
            }
        }
        // What is muted, and what was dismissed, is of sources and items that may be hidden.
        Act::Triage(TriageAct::MuteRemove { mute, .. }) if !sight.is_whole() => {
            return Err(Refusal::unknown("mute", mute).into());
        }
        Act::Triage(TriageAct::Dismiss { item, .. }) => seen_item(db, item, sight)?,
        Act::Proposal(
            ProposalAct::Approve { proposal, .. } | ProposalAct::Drop { proposal, .. },
        ) => {
            if let Some(found) = db.proposal(*proposal)?
                && !sees_proposal(db, &found, sight)?
            {
                return Err(Refusal::unknown("proposal", proposal).into());
            }
        }
        Act::Evidence(EvidenceAct::Show { showing, .. }) => seen_entries(db, showing, sight)?,
        Act::Duty(duty) => {
            for case in duty.cases() {
                if !db.sees_case(case, sight)? {
                    return Err(Refusal::unknown("case", case).into());
                }
            }
            if let DutyAct::Join { case, item, .. } = duty
                && db.case(*case)?.is_some()
            {
                seen_item(db, item, sight)?;
            }
        }
        Act::Readout(act) => {
            if !db.opens(act.subject(), sight)? {
                return Err(Refusal::unknown("readout", act.subject()).into());
            }
        }
        Act::Item(ItemAct::Correct { correction }) => seen_item(db, &correction.item, sight)?,
        Act::Record(act) => seen_kept(db, act, sight)?,
        // Whoever does not see everything sees none of them.
        Act::Authority(AuthorityAct::Revoke { authority, .. }) if !sight.is_whole() => {
            return Err(Refusal::unknown("standing authorisation", authority).into());
        }
        Act::Authority(AuthorityAct::Give { .. } | AuthorityAct::Revoke { .. })
        // Whoever may not read a warning is told for whom it is, by whoever decides.
        | Act::Received(_)
        | Act::Inbox(_)
        | Act::Account(_)
        | Act::Feed(_)
        | Act::Partner(_)
        | Act::Interest(_)
        | Act::Telling(_)
        | Act::Exercise(_)
        // They say nothing of what came in.
        | Act::Template(_)
        // That a danger holds is a need of everybody who releases, by its number; and who may see names
        // behind handles sees all of them.
        | Act::Source(
            SourceAct::Lift { .. }
            | SourceAct::Keep { .. }
            | SourceAct::Look { .. }
            | SourceAct::Forget { .. },
        )
        // A mute names a source and an interest, whatever came in.
        | Act::Triage(TriageAct::MuteAdd { .. } | TriageAct::MuteRemove { .. }) => {}
    }
    Ok(())
}

fn seen_item(db: &Db<'_>, item: &str, sight: &Sight) -> Result<(), Failure> {
    if let Ok(Subject::Warning(_)) = item.parse() {
        // That it is there is known; whether it may be passed on is decided by the act.
        return Ok(());
    }
    match db.item_seen(item, sight)? {
        Some(_) => Ok(()),
        None => Err(Refusal::unknown("item", item).into()),
    }
}
