//! `/api/v1/channels`: the transcript with each partner.

use super::page::{Page, PageQuery};
use super::stored_time;
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_node::Failure;
use forewarn_node::channel::carry::Imported;
use forewarn_node::channel::reconcile::{Compared, Verdict};
use forewarn_node::channel::{carry, contradiction, opened_again, reconcile as reconciling};
use forewarn_store::contradiction::Kept;
use forewarn_store::log::{Held, LogRow};
use forewarn_store::sight::Sight;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::Entry;
use forewarn_transcript::contradiction::{Contradiction, MAX_BYTES};
use forewarn_transcript::export::Transcript;
use forewarn_view::channel::{
    ContradictionLine, CopyVerdict, EntryLine, LogChecked, LogCompared, LogLine, OpenedAgain,
    ProofKept, TranscriptTaken,
};
use serde::Deserialize;

/// Most bytes of a transcript file.
const MAX_TRANSCRIPT_BYTES: usize = 256 << 20;

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<LogLine>>, Problem> {
    let logs = node
        .read(|db, _| db.logs()?.iter().map(|log| line(&db, log)).collect::<Result<Vec<_>, _>>())
        .await?;
    Ok(Json(logs))
}

pub(crate) fn line(db: &Db<'_>, log: &LogRow) -> Result<LogLine, Failure> {
    let receipted = db.newest_receipt(log)?.map_or(0, |(size, _)| size);
    let LogRow { name, partner, ours, size, .. } = log.clone();
    Ok(LogLine { log: name, partner, ours, size, receipted })
}

/// What takes the place of why an entry was refused that is for others by name.
const FOR_OTHERS: &str = "what it says is TLP:RED, or cannot be read, and for others by name";

/// How many entries of a log there may be, by the numbers that pages of entries go on from.
const PLACES: i64 = 1 << 40;
/// Most bytes of entries read at a time.
const MAX_READ_BYTES: usize = 64 << 20;

/// Both logs of one channel, entry by entry: ours, then the partner's.
///
/// Entries about a case that the caller may not see are left out.
pub(crate) async fn show(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(partner): Path<NodeName>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<EntryLine>, Problem> {
    let shown = node.read(move |db, node| entries(&db, &partner, asked, &caller.sight(node)));
    Ok(shown.await?)
}

/// Both logs of a channel, entry by entry, as far as they may be seen.
pub(crate) fn entries(
    db: &Db<'_>,
    partner: &NodeName,
    asked: PageQuery,
    sight: &Sight,
) -> Result<Page<EntryLine>, Failure> {
    let mut logs = Vec::new();
    for log in logs_with(db, partner)? {
        let receipted = db.newest_receipt(&log)?.map_or(0, |(size, _)| size);
        logs.push((log, receipted));
    }
    // The number of an entry is that of its log and, after it, its index and one.
    let fetch = |after: i64, count: i64| {
        let (first, from) = (after.div_euclid(PLACES), after.rem_euclid(PLACES));
        let mut rows = Vec::new();
        for (at, (log, receipted)) in (0_i64..).zip(&logs).skip_while(|(at, _)| *at < first) {
            let start = if at == first { u64::try_from(from).unwrap_or(0) } else { 0 };
            let room = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(rows.len());
            for held in db.entries(log, start, room, MAX_READ_BYTES)? {
                let index = i64::try_from(held.index).unwrap_or(PLACES - 1);
                let subject = held.subject;
                let opens = db.opens_entry(log, &held, sight)?;
                let line = entry(log, (*receipted, opens), held);
                rows.push((at * PLACES + index + 1, subject, line));
            }
            // What was cut by its bytes goes on where it was cut.
            if !rows.is_empty() {
                break;
            }
        }
        Ok(rows)
    };
    asked.page(
        fetch,
        |(number, ..)| *number,
        |(_, subject, line)| {
            let seen = subject.map_or(Ok(true), |subject| db.sees(subject, sight))?;
            Ok(seen.then_some(line))
        },
    )
}

/// A line of an entry; why it was refused may hold words of it.
fn entry(log: &LogRow, (receipted, opens): (u64, bool), held: Held) -> EntryLine {
    let entry = Entry::parse(held.carried.leaf.as_bytes()).ok();
    EntryLine {
        log: log.name.clone(),
        ours: log.ours,
        index: held.index,
        kind: entry.as_ref().map_or("genesis", |e| &e.kind).to_owned(),
        id: entry.as_ref().map(|e| e.id.clone()),
        time: entry.as_ref().map(|e| e.time.clone()),
        status: entry.as_ref().map(|e| e.status.clone()),
        answers: entry.and_then(|e| e.answers),
        withheld: held.withheld.len(),
        subject: held.subject,
        refused: held.refused.map(|why| if opens { why } else { FOR_OTHERS.to_owned() }),
        receipted: held.index < receipted,
    }
}

fn logs_with(db: &Db<'_>, partner: &NodeName) -> Result<Vec<LogRow>, Failure> {
    let logs: Vec<LogRow> =
        db.logs()?.into_iter().filter(|log| *log.partner == **partner).collect();
    if logs.is_empty() {
        return Err(Refusal::unknown("channel with", partner).into());
    }
    Ok(logs)
}

/// Reads every entry and hash on disk: `damage` says the first that was changed, if any.
pub(crate) async fn check(
    State(node): State<App>,
    Path(partner): Path<NodeName>,
) -> Result<Json<Vec<LogChecked>>, Problem> {
    let checked = node
        .read(move |db, _| {
            let mut out = Vec::new();
            for log in logs_with(&db, &partner)? {
                let damage = match db.check_log(&log) {
                    Ok(()) => None,
                    Err(damaged @ StoreError::Damaged { .. }) => Some(damaged.to_string()),
                    Err(error) => return Err(error.into()),
                };
                out.push(LogChecked { log: log.name, entries: log.size, damage });
            }
            Ok(out)
        })
        .await?;
    Ok(Json(checked))
}

pub(crate) async fn reconcile(
    State(node): State<App>,
    Path(partner): Path<NodeName>,
) -> Result<Json<Vec<LogCompared>>, Problem> {
    let compared = reconciling::reconcile(&node.channels, &partner).await?;
    Ok(Json(compared.into_iter().map(shown).collect()))
}

fn shown(compared: Compared) -> LogCompared {
    let Compared { log, entries_ours, entries_theirs, asked, verdict } = compared;
    let verdict = match verdict {
        Verdict::Equal => CopyVerdict::Equal,
        Verdict::Behind { who, by } => CopyVerdict::Behind { who, by },
        Verdict::Different { index, ours, theirs, proven } => {
            CopyVerdict::Different { index, ours, theirs, proven }
        }
    };
    LogCompared { log, entries_ours, entries_theirs, asked, verdict }
}

/// Every proof that a log was written twice.
pub(crate) async fn contradictions(
    State(node): State<App>,
) -> Result<Json<Vec<ContradictionLine>>, Problem> {
    let kept = node.read(|db, _| {
        let lines = db.contradictions()?.into_iter().map(|kept| {
            let Kept { number, partner, log, time, proof } = kept;
            let time = stored_time("contradiction", time)?;
            Ok(ContradictionLine { number, partner, log, time, proof })
        });
        lines.collect()
    });
    Ok(Json(kept.await?))
}

/// A proof that was found elsewhere: in a file, or by somebody else.
pub(crate) async fn keep(
    State(node): State<App>,
    Path(partner): Path<NodeName>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ProofKept>, Problem> {
    let bytes = body::read((&node, &asker), &headers, body, MAX_BYTES).await?;
    let proof = Contradiction::parse(&bytes);
    let proof = proof.map_err(|e| Refusal::new(Code::NotProven, e.to_string()))?;
    let kept = contradiction::keep(&node.channels, &partner, proof).await?;
    Ok(Json(ProofKept { new: kept.new, log: kept.log }))
}

/// All of a log, or none of it: whoever may not read every collection is given none, since a log
/// holds what was made from each.
pub(crate) async fn export(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(partner): Path<NodeName>,
) -> Result<Json<Transcript>, Problem> {
    let sight = caller.sight(&node);
    if !sight.is_whole() {
        let detail =
            "a transcript holds what was made from every collection, and you may not read all";
        return Err(Problem::new(Code::NotPermitted, detail));
    }
    let made = node
        .channels
        .read(move |db, channels| carry::export(&db, channels, &partner, &sight))
        .await?;
    Ok(Json(made.on_record(&node.state, &caller.actor()).await?))
}

pub(crate) async fn import(
    State(node): State<App>,
    Path(partner): Path<NodeName>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<TranscriptTaken>, Problem> {
    let bytes = body::read((&node, &asker), &headers, body, MAX_TRANSCRIPT_BYTES).await?;
    let transcript = Transcript::parse(&bytes)
        .map_err(|e| Problem::new(Code::BadRequest, format!("the file is refused: {e}")))?;
    // The bytes are as long as what was read of them.
    drop(bytes);
    let Imported { partner, entries, receipted } =
        carry::import(&node.channels, &partner, transcript).await?;
    Ok(Json(TranscriptTaken { partner, entries, receipted }))
}

/// From where on the partner is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Onward {
    #[serde(default)]
    from: u64,
}

/// Opens fields of our own entries again that a restored database could not: what a file in the body
/// opens, or, when there is none, what the partner's node shows.
pub(crate) async fn reopen(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    (Path(partner), Query(onward)): (Path<NodeName>, Query<Onward>),
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<OpenedAgain>, Problem> {
    let bytes = body::read((&node, &asker), &headers, body, MAX_TRANSCRIPT_BYTES).await?;
    let whose = (&partner, &caller.actor());
    let done = if bytes.is_empty() {
        opened_again::from_partner(&node.channels, whose, onward.from).await?
    } else {
        let copy = opened_again::Copy::parse(&bytes)?;
        drop(bytes);
        opened_again::from_file(&node.channels, whose, copy).await?
    };
    let opened_again::OpenedAgain { entries, fields, closed, next } = done;
    Ok(Json(OpenedAgain { partner, entries, fields, closed, next }))
}
