//! Pushing to a MISP server: what stands in a partner's outlet goes there as events, one a case.

use super::written::{Wanted, wanted};
use crate::clock;
use crate::feeder::ask::{Asked, ask};
use crate::feeder::push::{MAX_OBJECTION, must_be_confirmed, number};
use crate::feeder::{Came, Feeder, Trouble, keep, keep_place};
use forewarn_engine::{Failure, FedWork};
use forewarn_exchange::case::Outgoing;
use forewarn_exchange::feed::{Feed, Way};
use forewarn_exchange::gate;
use forewarn_exchange::history::Happened;
use forewarn_exchange::id::{CaseNumber, CollectionNumber};
use forewarn_exchange::name::NodeName;
use forewarn_stix::marking::Tlp;
use forewarn_store::Db;
use forewarn_store::feed::FeedState;
use forewarn_taxii::Filter;
use forewarn_taxii::filter::{Cursor, VersionFilter};
use hyper::Method;
use serde::Deserialize;
use serde_json::value::RawValue;

/// What a server says to an edit that is no later than what it holds (`Event::_edit`).
const KNOWN: &str = "not newer than the local copy";

/// A report that stands in the outlet, and what the server is to hold of its case.
struct Next {
    /// The outlet up to here is done with it.
    to: i64,
    /// Nothing, where a later report of the case stands behind it; or why it cannot be sent.
    wanted: Result<Option<Wanted>, String>,
}

/// Sends the event of the next case.
pub(crate) async fn step(feeder: &Feeder, feed: &Feed) -> Result<Came, Trouble> {
    let Way::Push { partner, outlet } = &feed.way else { return Ok(Came::All) };
    let number = number(feeder, partner, outlet)?;
    must_be_confirmed(feeder, partner).await?;
    let name = feed.name.clone();
    let state = feeder.state.read(move |db| Ok(db.feed_state(&name)?)).await?.unwrap_or_default();
    let (after, to) = (state.pushed, partner.clone());
    let next = feeder.state.read(move |db| next(&db, number, after, &to)).await?;
    let Some(Next { to, wanted }) = next else { return Ok(Came::All) };
    let (confirmed, why) = match wanted {
        Ok(None) => {
            keep_place(feeder, feed, FeedState { pushed: to, ..state }).await?;
            return Ok(Came::More);
        }
        Ok(Some(wanted)) => {
            let why = deliver(feeder, feed, &wanted).await?;
            if why.is_none() && !wanted.losses.is_empty() {
                let words = format!("MISP does not say: {}", wanted.losses.join("; "));
                tracing::info!(feed = feed.name, words, "an event says less than the release");
            }
            (u64::from(why.is_none()), why)
        }
        Err(why) => (0, Some(why)),
    };
    decided(feeder, feed, (partner, state, to), (confirmed, why)).await
}

/// Keeps what has become of an event.
async fn decided(
    feeder: &Feeder,
    feed: &Feed,
    (partner, mut state, to): (&NodeName, FeedState, i64),
    (confirmed, why): (u64, Option<String>),
) -> Result<Came, Trouble> {
    let refused = u64::from(why.is_some());
    state.pushed = to;
    state.moved = Some(clock::now().to_string());
    state.good = state.good.saturating_add(confirmed);
    state.refused = state.refused.saturating_add(refused);
    let why: Option<String> = why.map(|why| why.chars().take(MAX_OBJECTION).collect());
    if let Some(why) = &why {
        tracing::warn!(feed = feed.name, why, "an event did not reach a partner's MISP server");
        state.objection = Some(why.clone());
    }
    let happened = Happened::FeedPushed {
        partner: partner.clone(),
        feed: feed.name.clone(),
        confirmed,
        refused,
        why: why.unwrap_or_default(),
    };
    let pushed = Some((partner.clone(), happened));
    keep(feeder, FedWork { feed: feed.clone(), state, intake: None, pushed }).await?;
    Ok(Came::More)
}

/// The next report of the outlet; `None` when there is none after this place.
fn next(
    db: &Db<'_>,
    outlet: CollectionNumber,
    after: i64,
    partner: &NodeName,
) -> Result<Option<Next>, Failure> {
    let filter = Filter {
        after: Cursor(after),
        limit: 1,
        types: vec!["report".to_owned()],
        versions: VersionFilter::all(),
        ..Filter::all()
    };
    let page = db.page(outlet, &filter)?;
    let Some((_, to)) = page.place.added else { return Ok(None) };
    let wanted = match case_of(db, to)? {
        Some(case) => of_case(db, case, partner, &page.objects)?,
        None => Err("it is not known of which case it is".to_owned()),
    };
    Ok(Some(Next { to, wanted }))
}

/// The case that an item of an outlet was released in: its intake is named after it.
fn case_of(db: &Db<'_>, seq: i64) -> Result<Option<CaseNumber>, Failure> {
    let intake = db.intake_of(seq)?;
    let number = intake.as_deref().and_then(|id| id.strip_prefix("case-")?.split('/').next());
    Ok(number.and_then(|number| number.parse().ok()))
}

/// What the server is to hold of a case, through the gate as it stands now.
fn of_case(
    db: &Db<'_>,
    number: CaseNumber,
    partner: &NodeName,
    report: &[u8],
) -> Result<Result<Option<Wanted>, String>, Failure> {
    let (Some(case), Some(known)) = (db.case(number)?, db.partner(partner)?) else {
        return Ok(Err(format!("case {number} or its partner is not there any more")));
    };
    let outgoing = db.outgoing(number)?;
    let Some(last) = outgoing.releases().last() else { return Ok(Ok(None)) };
    if last.report_id() != id_of(report) {
        return Ok(Ok(None));
    }
    let recalled = match &outgoing {
        Outgoing::Recalled { recall, .. } => Some(&recall.at),
        Outgoing::Nothing | Outgoing::Drafted(_) | Outgoing::Released { .. } => None,
    };
    let withdrawn = recalled.or(case.expired.as_ref());
    let event = match wanted(&outgoing, case.status, withdrawn) {
        Ok(Some(wanted)) => wanted,
        Ok(None) => return Ok(Ok(None)),
        Err(why) => return Ok(Err(format!("case {number} cannot be said in MISP: {why}"))),
    };
    if last.draft.tlp == Tlp::Red {
        let why = format!("case {number}: it is for named persons, and a server has other readers");
        return Ok(Err(why));
    }
    if last.draft.tlp > known.ceiling {
        let why = format!("case {number}: {} is beyond what {partner} may have", last.draft.tlp);
        return Ok(Err(why));
    }
    let mut withheld = db.withheld_in(partner, Some(number))?;
    let mut aside = Vec::new();
    for release in outgoing.releases() {
        withheld.extend(release.draft.withheld.iter().cloned());
        aside.extend(release.draft.set_aside.texts.iter().cloned());
    }
    // What is not withheld any more was set aside all the same.
    gate::set_aside(&mut withheld, &aside);
    if let Err(refusal) = gate::check_value(&event.event, &withheld) {
        return Ok(Err(format!("case {number}: {}", refusal.message)));
    }
    Ok(Ok(Some(event)))
}

fn id_of(object: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    serde_json::from_slice(object).ok().map(|named: Named| named.id)
}

/// Adds the event, or edits it where it is there; and takes it out of what the server publishes where
/// it was withdrawn. Says why the server refused it, or a part of it.
async fn deliver(feeder: &Feeder, feed: &Feed, wanted: &Wanted) -> Result<Option<String>, Trouble> {
    let body = wanted.event.to_string().into_bytes();
    let at = |path: &str| format!("{}events/{path}", feed.url);
    let (add, edit) = (at("add"), at(&format!("edit/{}", wanted.uuid)));
    let ways = match (wanted.is_withdrawn, wanted.is_first) {
        (true, _) => vec![edit],
        // It may be there: the answer to an earlier try was lost, perhaps.
        (false, true) => vec![add, edit],
        (false, false) => vec![edit, add],
    };
    let mut refused = None;
    for url in ways {
        match ask(feeder, feed, Method::POST, url, body.clone()).await {
            Ok(Asked::Good(answer)) => {
                refused = partly(&answer.body);
                break;
            }
            Ok(Asked::Unknown(trouble)) => refused = Some(trouble.words),
            Ok(Asked::TooMuch(trouble)) => return Ok(Some(trouble.words)),
            Err(trouble) if trouble.words.contains(KNOWN) => {
                refused = None;
                break;
            }
            Err(trouble) => return Err(trouble),
        }
    }
    if !wanted.is_withdrawn {
        return Ok(refused);
    }
    // One that is not there needs no withdrawal.
    let url = at(&format!("unpublish/{}", wanted.uuid));
    match ask(feeder, feed, Method::POST, url, b"{}".to_vec()).await? {
        Asked::Good(_) | Asked::Unknown(_) => Ok(None),
        Asked::TooMuch(trouble) => Ok(Some(trouble.words)),
    }
}

/// What a server says of parts that it has not taken, beside the event.
fn partly(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Answered {
        errors: Option<Box<RawValue>>,
    }
    let Answered { errors } = serde_json::from_slice(body).ok()?;
    let errors = errors.filter(|errors| !matches!(errors.get(), "[]" | "{}" | "null"));
    errors.map(|errors| format!("the server has not taken all of the event: {}", errors.get()))
}
