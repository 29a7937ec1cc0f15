//! `GET /api/v1/proposals` and `…/{number}`: what waits for a second person.

use super::page::{Page, PageQuery, limit};
use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::Refusal;
use forewarn_exchange::act::{Act, DutyAct, EvidenceAct, PartnerAct, ReadoutAct};
use forewarn_exchange::id::ProposalNumber;
use forewarn_exchange::name::UserName;
use forewarn_exchange::proposal::Proposal;
use forewarn_node::sees::sees_proposal;
use forewarn_node::{Failure, Node};
use forewarn_stix::marking::Tlp;
use forewarn_store::Db;
use forewarn_store::log::LogRow;
use forewarn_store::sight::Sight;
use forewarn_transcript::Entry;
use forewarn_transcript::disclosure::Field;
use forewarn_view::proposal::ProposalShown;
use forewarn_view::showing::FieldShown;
use schemars::JsonSchema;
use serde::Deserialize;

/// Most proposals of one answer.
const MAX_PROPOSALS: usize = 50;

/// Which proposals are asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The cursor of the page before: only rows behind it.
    #[serde(default)]
    after: i64,
    /// Most rows of a page, from 1; 1,000 when not given, or more.
    #[serde(default, deserialize_with = "limit")]
    limit: Option<usize>,
    /// Only those of this user.
    by: Option<UserName>,
    /// `true`: only those that wait; `false`: only those that do not any more.
    waiting: Option<bool>,
}

impl Asked {
    fn has(&self, proposal: &Proposal) -> bool {
        self.by.as_ref().is_none_or(|by| *by == proposal.by)
            && self.waiting.is_none_or(|waiting| waiting == proposal.waits())
    }
}

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
) -> Result<Page<ProposalShown>, Problem> {
    let by = asked.clone();
    let shown = node.read(move |db, node| {
        let page = PageQuery { after: by.after, limit: by.limit };
        listed((&db, node), page, &caller.sight(node), |proposal| by.has(proposal))
    });
    Ok(shown.await?.narrowed([
        ("by", asked.by.map(|by| by.to_string())),
        ("waiting", asked.waiting.map(|waiting| waiting.to_string())),
    ]))
}

/// Proposals in a list, as far as they may be seen; of those, the ones that are asked for.
pub(crate) fn listed(
    (db, node): (&Db<'_>, &Node),
    asked: PageQuery,
    sight: &Sight,
    is_asked: impl Fn(&Proposal) -> bool,
) -> Result<Page<ProposalShown>, Failure> {
    // What stands against one is computed by the code that does it: few at a time.
    let limit = Some(asked.limit.unwrap_or(MAX_PROPOSALS).min(MAX_PROPOSALS));
    PageQuery { limit, ..asked }.page(
        |after, count| Ok(db.proposals_after(after, count)?),
        |proposal| proposal.number.get(),
        |proposal| {
            let seen = is_asked(&proposal) && sees_proposal(db, &proposal, sight)?;
            seen.then(|| show(db, node, proposal)).transpose()
        },
    )
}

pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<ProposalNumber>,
) -> Result<Json<ProposalShown>, Problem> {
    let shown = node.read(move |db, node| shown((&db, node), &caller.sight(node), number));
    Ok(Json(shown.await?))
}

/// A proposal, whole, as far as it may be seen.
pub(crate) fn shown(
    (db, node): (&Db<'_>, &Node),
    sight: &Sight,
    number: ProposalNumber,
) -> Result<ProposalShown, Failure> {
    let unknown = || Refusal::unknown("proposal", number);
    let found = db.proposal(number)?.ok_or_else(unknown)?;
    if !sees_proposal(db, &found, sight)? {
        return Err(unknown().into());
    }
    let shows = fields(db, &found.act)?;
    let shown = ProposalShown { shows, ..show(db, node, found)? };
    // What is signed is read, and not only its number.
    if let Act::Partner(PartnerAct::AcceptAgreement { name, version }) = &shown.act
        && let Some(agreement) = db.agreement(name, *version)?
    {
        let terms = forewarn_view::agreement::words(&agreement.terms);
        return Ok(ProposalShown { words: format!("{}.\n{terms}", shown.words), ..shown });
    }
    Ok(shown)
}

fn show(db: &Db<'_>, node: &Node, proposal: Proposal) -> Result<ProposalShown, Failure> {
    let objection = if proposal.waits() { node.state.objection(db, &proposal)? } else { None };
    let tlp = marking(db, &proposal.act)?;
    Ok(ProposalShown::of(proposal, tlp, objection))
}

/// Every field that evidence would show, entry by entry, as things stand.
fn fields(db: &Db<'_>, act: &Act) -> Result<Vec<FieldShown>, Failure> {
    let Act::Evidence(EvidenceAct::Show { showing, .. }) = act else { return Ok(Vec::new()) };
    let places = match (&showing.subject, &showing.partner) {
        (Some(subject), _) => db.entries_of(*subject)?,
        (None, Some(partner)) => {
            let log = db.log_with(partner, true)?;
            let of = |log: LogRow| showing.ours.iter().map(move |one| (log.name.clone(), *one));
            log.into_iter().flat_map(of).collect()
        }
        (None, None) => Vec::new(),
    };
    let mut all = Vec::new();
    for (name, index) in places {
        let Some(log) = db.log(&name)? else { continue };
        let Some(held) = db.entry(&log, index)? else { continue };
        let kind = Entry::parse(held.carried.leaf.as_bytes()).map(|entry| entry.kind);
        let kind = kind.unwrap_or_default();
        let open = held.carried.disclosures.iter().map(|one| (one, false));
        for (disclosure, withheld) in open.chain(held.withheld.iter().map(|one| (one, true))) {
            let Ok(Field { name: field, value }) = disclosure.open() else { continue };
            if showing.fields.contains(&field) {
                let (log, ours, kind) = (name.clone(), log.ours, kind.clone());
                all.push(FieldShown { log, ours, index, kind, field, value, withheld });
            }
        }
    }
    Ok(all)
}

/// A sentence has the marking of the warning that it is about.
fn marking(db: &Db<'_>, act: &Act) -> Result<Option<Tlp>, Failure> {
    Ok(match act {
        Act::Received(act) => db.warning(act.warning)?.map(|warning| warning.summary.tlp),
        Act::Duty(DutyAct::Recall { case, .. } | DutyAct::Answer { case, .. }) => {
            db.outgoing(*case)?.releases().last().map(|release| release.draft.tlp)
        }
        // What is said in public is for everybody.
        Act::Readout(ReadoutAct::Commit { .. } | ReadoutAct::Reveal { .. }) => Some(Tlp::Clear),
        Act::Readout(_)
        | Act::Duty(_)
        | Act::Account(_)
        | Act::Feed(_)
        | Act::Partner(_)
        | Act::Interest(_)
        | Act::Inbox(_)
        | Act::Evidence(_)
        | Act::Telling(_)
        | Act::Authority(_)
        | Act::Triage(_)
        | Act::Item(_)
        | Act::Source(_)
        | Act::Template(_)
        | Act::Record(_)
        | Act::Exercise(_)
        | Act::Proposal(_) => None,
    })
}
