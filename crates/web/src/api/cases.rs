//! `GET /api/v1/cases`, `…/{number}`, `…/{number}/preview`.

use super::audited;
use super::page::{Page, PageQuery, limit};
use super::tag::Tagged;
use crate::app::App;
use crate::caller::{Caller, Door};
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_engine::house::{self, Leaving};
use forewarn_engine::originals;
use forewarn_engine::{ended as ended_of, passed_on, seen_now, was_fetched};
use forewarn_exchange::Refusal;
use forewarn_exchange::case::{Case, CaseItem, Originals, Outgoing, Release, Stage};
use forewarn_exchange::draft::Draft;
use forewarn_exchange::history::Topic;
use forewarn_exchange::id::{CaseNumber, Subject};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::Standing;
use forewarn_exchange::version::Version;
use forewarn_exchange::watched::Watched;
use forewarn_node::channel::tries::FailedTry;
use forewarn_node::sees::seen_line;
use forewarn_node::{Failure, Node, clock};
use forewarn_policy::Does;
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::case::{
    CaseLine, CaseParts, CaseShown, EndedItem, ItemGrading, PassesOn, Preview,
};
use forewarn_view::history::Line;
use forewarn_view::linked::{LinkedCase, MutedPartner};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Which cases are asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The cursor of the page before: only rows behind it.
    #[serde(default)]
    after: i64,
    /// Most rows of a page, from 1; 1,000 when not given, or more.
    #[serde(default, deserialize_with = "limit")]
    limit: Option<usize>,
    /// Only those for this partner.
    partner: Option<NodeName>,
    /// Only those that stand there.
    stage: Option<Stage>,
    /// `true`: only those whose time is past; `false`: only the others.
    overdue: Option<bool>,
}

impl Asked {
    fn has(&self, case: &Case, now: &Timestamp) -> bool {
        self.partner.as_ref().is_none_or(|partner| *partner == case.partner)
            && self.stage.is_none_or(|stage| stage == case.stage())
            && self.overdue.is_none_or(|overdue| overdue == case.clock.is_overdue(now))
    }
}

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
) -> Result<Page<CaseLine>, Problem> {
    let (now, narrowed) = (clock::now(), asked.clone());
    let lines = node.read(move |db, node| {
        let Asked { after, limit, .. } = narrowed;
        let page = PageQuery { after, limit };
        listed(&db, page, &caller.sight(node), &now, |case| narrowed.has(case, &now))
    });
    Ok(lines.await?.narrowed([
        ("partner", asked.partner.map(|partner| partner.to_string())),
        ("stage", asked.stage.map(Stage::word)),
        ("overdue", asked.overdue.map(|overdue| overdue.to_string())),
    ]))
}

/// Cases in a list, as far as they may be seen; of those, the ones that are asked for.
pub(crate) fn listed(
    db: &Db<'_>,
    asked: PageQuery,
    sight: &Sight,
    now: &Timestamp,
    is_asked: impl Fn(&Case) -> bool,
) -> Result<Page<CaseLine>, Failure> {
    let questions = db.open_questions()?;
    let open = |case: &Case| questions.get(&Subject::Case(case.number)).copied().unwrap_or(0);
    asked.page(
        |after, count| Ok(db.cases_after(after, count)?),
        |case| case.number.get(),
        |case| {
            let seen = is_asked(&case) && db.sees_case(case.number, sight)?;
            Ok(seen.then(|| CaseLine::of(&case, open(&case), now)))
        },
    )
}

pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(door): Extension<Door>,
    Path(number): Path<CaseNumber>,
) -> Result<Tagged<CaseShown>, Problem> {
    audited::reads(&node, (&caller, door), number).await?;
    let now = clock::now();
    let shown = node.read(move |db, node| {
        let shown = shown((&db, node), &caller.sight(node), number, &now)?;
        let seen = shown.version.clone();
        Ok(Tagged { shown, seen })
    });
    Ok(shown.await?)
}

/// A case, whole, as far as it may be seen.
pub(crate) fn shown(
    (db, node): (&Db<'_>, &Node),
    sight: &Sight,
    number: CaseNumber,
    now: &Timestamp,
) -> Result<CaseShown, Failure> {
    let case = case_seen(db, number, sight)?;
    let outgoing = db.outgoing(number)?;
    let delivered = delivered(db, node, &case, &outgoing)?;
    let undelivered = undelivered(db, node, &case)?;
    let mut items = db.case_items(number)?;
    let ended = ended(db, &items, now)?;
    let (_, hidden) = from_seen(db, number, sight)?;
    for item in &mut items {
        item.source = item.source.take().filter(|source| !hidden.contains(source));
    }
    let talk = db.talk(number.into())?;
    let linked = linked(db, &case, sight)?;
    let muted = muted(db, number, sight)?;
    Ok(CaseShown {
        overdue: case.clock.is_overdue(now),
        stage_name: case.stage().to_string(),
        matches: db.matches_of_case(number)?,
        delivered,
        undelivered,
        ended,
        linked,
        muted,
        gradings: gradings(db, &items, sight)?,
        history: history(db, number.into(), sight)?,
        version: seen_now(db, &Watched::Case(number))?,
        case: CaseParts::of(&case, items, without(outgoing, &hidden), &talk),
    })
}

/// A case that the caller may see. One that is hidden is not there.
pub(crate) fn case_seen(db: &Db<'_>, number: CaseNumber, sight: &Sight) -> Result<Case, Failure> {
    let case = db.case(number)?.ok_or_else(|| Refusal::unknown("case", number))?;
    if db.sees_case(number, sight)? {
        return Ok(case);
    }
    Err(Refusal::unknown("case", number).into())
}

/// What happened to a case or warning, in words, as far as it may be seen.
pub(super) fn history(db: &Db<'_>, subject: Subject, sight: &Sight) -> Result<Vec<Line>, Failure> {
    let (topic, mut lines) = (Topic::from(subject), Vec::new());
    for one in db.history(subject)? {
        let happened = seen_line(db, &topic, one.happened, sight)?;
        lines.extend(happened.map(|what| Line::new(one.time, one.actor, subject, what)));
    }
    Ok(lines)
}

/// The other cases of its threat, and those that name the same items, as far as they may be seen.
fn linked(db: &Db<'_>, case: &Case, sight: &Sight) -> Result<Vec<LinkedCase>, Failure> {
    let mut all = db.cases_of_threat(case.threat())?;
    let same = db.cases_meeting_the_same(case.number)?;
    // What is meant and what is played are never one threat.
    let faces_it = |one: &Case| one.partner != case.partner && one.partition() == case.partition();
    all.extend(same.into_iter().filter(faces_it));
    all.sort_by_key(|one| one.number);
    all.dedup_by_key(|one| one.number);
    let mut seen = Vec::new();
    for one in all.iter().filter(|one| one.number != case.number) {
        if db.sees_case(one.number, sight)? {
            seen.push(LinkedCase::of(one));
        }
    }
    Ok(seen)
}

/// Partners whose interests meet the same items, and opened no case. Mutes name sources, and are
/// there for whoever may see everything.
fn muted(db: &Db<'_>, case: CaseNumber, sight: &Sight) -> Result<Vec<MutedPartner>, Failure> {
    if !sight.is_whole() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for (partner, mute) in db.muted_of_case(case)? {
        if let (Some(mute), Ok(partner)) = (db.mute(mute)?, NodeName::parse(&partner)) {
            all.push(MutedPartner { partner, mute: mute.number, reason: mute.request.reason });
        }
    }
    Ok(all)
}

/// How each item was graded, each time it came in.
fn gradings(db: &Db<'_>, items: &[CaseItem], sight: &Sight) -> Result<Vec<ItemGrading>, Failure> {
    let mut all = Vec::new();
    for CaseItem { id, .. } in items {
        let graded = db.gradings(id, sight)?.into_iter();
        all.extend(graded.map(|(source, grade)| ItemGrading { id: id.clone(), source, grade }));
    }
    Ok(all)
}

/// The items that are revoked, or over by now.
fn ended(db: &Db<'_>, items: &[CaseItem], now: &Timestamp) -> Result<Vec<EndedItem>, Failure> {
    let mut all = Vec::new();
    for CaseItem { id, .. } in items {
        if let Some(ended) = ended_of(db, id)?.filter(|ended| ended.by(now)) {
            all.push(EndedItem { id: id.clone(), ended });
        }
    }
    Ok(all)
}

/// Why the partner is not known to have what was written to it; `None` when it has it.
fn undelivered(db: &Db<'_>, node: &Node, case: &Case) -> Result<Option<String>, Failure> {
    if case.awaits.is_none() {
        return Ok(None);
    }
    let Some(partner) = db.partner(&case.partner)? else { return Ok(None) };
    let name = partner.name();
    Ok(Some(if partner.without_node {
        format!("no account of {name} has fetched it")
    } else if !matches!(partner.standing, Standing::Confirmed { .. }) {
        format!("nothing is sent while {name} is not confirmed, or suspended")
    } else if let Some(FailedTry { at, why, .. }) = node.channels.tries.last_failure(name) {
        format!("the last try, at {at}, failed: {why}")
    } else {
        format!("no receipt of {name} has come yet")
    }))
}

/// For each release: whether the partner's receipt covers it; of a partner that runs no node,
/// whether its account has fetched it.
fn delivered(
    db: &Db<'_>,
    node: &Node,
    case: &Case,
    outgoing: &Outgoing,
) -> Result<Vec<bool>, Failure> {
    let releases = outgoing.releases();
    if db.partner(&case.partner)?.is_some_and(|partner| partner.without_node) {
        let us = node.state.us();
        let fetched = |release: &Release| {
            let Some(report) = release.report_id() else { return Ok(false) };
            Ok(was_fetched(db, &us, &case.partner, (&report, &release.at))?)
        };
        return releases.iter().map(fetched).collect();
    }
    let Some(log) = db.log_with(&case.partner, true)? else { return Ok(Vec::new()) };
    let receipted = db.newest_receipt(&log)?.map_or(0, |(size, _)| size);
    Ok(releases.iter().map(|release| release.entry.index < receipted).collect())
}

/// What a case passes on to its partner of warnings that came to us, and why it may not.
fn passing(
    db: &Db<'_>,
    case: CaseNumber,
    (partner, now): (&NodeName, &Timestamp),
) -> Result<(Vec<PassesOn>, Option<Refusal>), Failure> {
    let (mut all, mut refused) = (Vec::new(), None);
    for passed in passed_on(db, case)? {
        match passed.granted(partner, now) {
            Ok(granted) => all.push(PassesOn::of(&passed.warning, &granted)),
            Err(refusal) => refused = Some(refusal),
        }
    }
    Ok((all, refused))
}

/// Computed by the code that releases: the exact bytes, their digest, and what the gate says.
pub(crate) async fn preview(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(door): Extension<Door>,
    Path(number): Path<CaseNumber>,
) -> Result<Json<Preview>, Problem> {
    audited::reads(&node, (&caller, door), number).await?;
    let now = clock::now();
    let shown =
        node.read(move |db, node| previewed((&db, node), &caller.sight(node), number, &now));
    Ok(Json(shown.await?))
}

/// What the organisation's own policy has against it, were the reader to release it.
fn forbidden(
    (db, node): (&Db<'_>, &Node),
    sight: &Sight,
    case: &Case,
    outgoing: &Outgoing,
) -> Result<Option<Refusal>, Failure> {
    let us = node.state.us();
    let Some(user) = sight.person() else { return Ok(None) };
    let version = outgoing.releases().len() + 1;
    let leaving = Leaving { does: Does::Release, version, standing: false };
    let by = house::by(user);
    let verdict = house::of_version((db, &us), &by, case, outgoing.pending(), leaving)?;
    Ok(verdict.refuses().err())
}

/// What went out and what is to go, with nothing of what must not be told in what they keep back.
fn without(mut outgoing: Outgoing, hidden: &BTreeSet<String>) -> Outgoing {
    let keep = |draft: &mut Draft| draft.withheld.retain(|one| !hidden.contains(&one.text));
    match &mut outgoing {
        Outgoing::Nothing => {}
        Outgoing::Drafted(draft) => keep(draft),
        Outgoing::Released { releases, next } => {
            releases.iter_mut().map(|release| &mut release.draft).chain(next).for_each(keep);
        }
        Outgoing::Recalled { releases, .. } => {
            releases.iter_mut().map(|release| &mut release.draft).for_each(keep);
        }
    }
    outgoing
}

/// Whom a case's items came from, as far as somebody may know it, and what of their handles and ids he or
/// she may not: the gate looks for it all the same.
fn from_seen(
    db: &Db<'_>,
    number: CaseNumber,
    sight: &Sight,
) -> Result<(BTreeSet<String>, BTreeSet<String>), Failure> {
    let mut sources = originals::sources(db, number)?;
    if sight.is_whole() {
        return Ok((sources, BTreeSet::new()));
    }
    let all = |originals: Originals<'_>| originals.ids.into_iter().chain(originals.sources);
    let seen: BTreeSet<String> = all(originals::of_seen(db, number, sight)?).collect();
    let hidden = all(originals::of(db, number)?).filter(|one| !seen.contains(one)).collect();
    sources.retain(|source| seen.contains(source));
    Ok((sources, hidden))
}

/// The draft of a case as its approver sees it.
pub(crate) fn previewed(
    (db, node): (&Db<'_>, &Node),
    sight: &Sight,
    number: CaseNumber,
    now: &Timestamp,
) -> Result<Preview, Failure> {
    let case = case_seen(db, number, sight)?;
    let partner = db.partner(&case.partner)?;
    let partner = partner.ok_or_else(|| Refusal::unknown("partner", &case.partner))?;
    let (outgoing, withheld) = (db.outgoing(number)?, db.withheld_in(&case.partner, Some(number))?);
    let us = node.state.us();
    let own_name = us.organisation();
    let judged = outgoing.judge(&case, &partner, own_name, &withheld);
    let Some(draft) = outgoing.pending() else {
        return Err(judged.err().unwrap_or_else(|| Refusal::unknown("draft", number)).into());
    };
    let Draft {
        title, tlp, digest, by, bundle, withheld, valid_until, lowering, set_aside, ..
    } = draft.clone();
    let persons = draft.persons().to_vec();
    let rests = draft.request.as_ref().map(|request| request.rests.clone());
    let (rests, wording) = (rests.unwrap_or_default(), draft.wording());
    let marking = originals::marking(db, number)?;
    let (passes_on, not_permitted) = passing(db, number, (partner.name(), now))?;
    let releases = outgoing.releases();
    let forbidden = forbidden((db, node), sight, &case, &outgoing)?;
    let (sources, hidden) = from_seen(db, number, sight)?;
    let endangered = db.dangers()?.let_out(&sources).err();
    let over = forewarn_engine::exercise_is_over(db, number)?;
    let objection = over.or(judged.err()).or(not_permitted).or(endangered).or(forbidden);
    let before = releases.last().map(|release| Version::drafted(&release.draft));
    let changes = before.map(|before| before.changes(&Version::drafted(draft)));
    Ok(Preview {
        case: number,
        to: partner.name().clone(),
        ceiling: partner.ceiling,
        title,
        tlp,
        digest,
        drafted_by: by,
        valid_until,
        persons,
        notify_reason: draft.notify_reason().to_owned(),
        set_aside,
        originals: marking.tlp,
        originals_pap: marking.pap,
        lowering,
        passes_on,
        passes: objection.is_none(),
        objection,
        versions: u32::try_from(releases.len()).unwrap_or(u32::MAX),
        changes: changes.unwrap_or_default(),
        ended: ended(db, &db.case_items(number)?, now)?,
        rests,
        wording,
        withheld: withheld.into_iter().filter(|one| !hidden.contains(&one.text)).collect(),
        bundle,
    })
}
