//! Polling: a page of what is new is taken in, with the place that it leads to.

use super::ask::{Asked, ask};
use super::size::{grown, halved};
use super::{Again, Came, Feeder, Trouble, find, keep, keep_place};
use crate::clock;
use crate::collection::{CollectionKind, Inlet};
use crate::egress::Answer;
use crate::intake::{
    Bearer, Destination, Format, NotTaken, START_BYTES, Sorted, guess, read_all, sort,
};
use forewarn_engine::{FedWork, IntakeWork};
use forewarn_exchange::Refusal;
use forewarn_exchange::feed::{Feed, Way};
use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::Timestamp;
use forewarn_stix::bundle::Objects;
use forewarn_store::feed::FeedState;
use forewarn_taxii::poll::{AddedLast, PageHead, Stuck, Walk, WalkStep, later};
use forewarn_transcript::Hash;
use hyper::Method;
use hyper::header::{DATE, HeaderMap};
use std::time::Instant;

/// Objects asked for at a time.
const PAGE: u32 = 1_000;
/// Most objects of a page, for servers that give more than was asked for.
const MAX_OBJECTS: u64 = 10_000;
/// Longest `next`: it goes into a URL.
const MAX_NEXT: usize = 2_000;
/// After this many failures in a row at a `next`, the walk starts again without it.
const MAX_FAILURES: u32 = 3;

/// Asks for one page and takes it in.
pub(super) async fn step(feeder: &Feeder, feed: &Feed, failures: u32) -> Result<Came, Trouble> {
    let name = feed.name.clone();
    let state = feeder.state.read(move |db| Ok(db.feed_state(&name)?)).await?.unwrap_or_default();
    let (state, collection_url) = find::collection(feeder, feed, state).await?;
    let mut walk = state.walk.clone().unwrap_or_else(|| begin(feed, &state));
    if walk.next.is_some() && failures >= MAX_FAILURES {
        walk = anew(feeder, feed, &state, walk).await?;
    }
    let asked = page(feeder, feed, state, walk, &collection_url).await?;
    let Some((state, walk, answer)) = asked else { return Ok(Came::More) };
    let Some((collection, inlet)) = destination(feeder, feed)? else { return Ok(Came::All) };
    let (accepts, strict) = (inlet.accepts.clone(), inlet.strict);
    let size = answer.body.len();
    let read = tokio::task::spawn_blocking(move || {
        read(&answer, Destination { collection, accepts: &accepts, strict })
    });
    let read = read.await;
    let read = read.map_err(|_| Trouble { words: "stopping".to_owned(), again: Again::Later })?;
    let (page, sorted) =
        read.map_err(|e| Trouble { words: format!("its page: {e}"), again: Again::Later })?;
    let brought = (page.objects, size);
    pay(feeder, feed, brought)?;
    let begins = walk.next.is_none();
    let leads = walk.step(&page);
    let is_new =
        state.page.as_ref() != Some(&page.digest) || !matches!(leads, Ok(WalkStep::Done(_)));
    let came_in = bearer(feed).intake(collection, inlet);
    let intake = (is_new && page.objects > 0).then_some(IntakeWork {
        intake: came_in,
        items: sorted.items,
        refused: sorted.refused,
    });
    let mut next = FeedState { page: Some(page.digest), ..state.clone() };
    if intake.is_some() {
        next.moved = Some(clock::now().to_string());
    }
    if begins && page.objects > 0 {
        next.size = grown(state.size, PAGE);
    }
    let came = moves(leads, &mut next);
    if next == state && intake.is_none() {
        return came;
    }
    let work = FedWork { feed: feed.clone(), state: next, intake, pushed: None };
    let taken = keep(feeder, work).await?;
    let is_new = taken.is_some_and(|taken| taken.added > 0);
    came.map(|came| match came {
        Came::More if !is_new => Came::MoreOfTheSame,
        came => came,
    })
}

/// Counts objects and bytes towards the quota of a feed.
pub(super) fn pay(feeder: &Feeder, feed: &Feed, brought: (usize, usize)) -> Result<(), Trouble> {
    feeder.quotas.take(&feed.name, brought, Instant::now()).map_err(|wait| {
        let words = "it brings more than its quota; nothing is lost, and it is asked again later";
        Trouble { words: words.to_owned(), again: Again::After(wait) }
    })
}

/// A page of the walk, with the state that it was asked for in; `None` when the next step is to ask
/// in another way.
async fn page(
    feeder: &Feeder,
    feed: &Feed,
    state: FeedState,
    walk: Walk,
    collection: &str,
) -> Result<Option<(FeedState, Walk, Answer)>, Trouble> {
    let size = state.size.unwrap_or(PAGE).clamp(1, PAGE);
    let url = url(collection, &walk, size);
    match ask(feeder, feed, Method::GET, url, Vec::new()).await? {
        Asked::Good(answer) => Ok(Some((state, walk, answer))),
        Asked::Unknown(trouble) if walk.next.is_none() => Err(trouble),
        // Some servers know a `next` once only, or for a while.
        Asked::Unknown(_) => {
            let walk = anew(feeder, feed, &state, walk).await?;
            tracing::info!(feed = feed.name, "the server has forgotten its `next`; once more");
            keep_place(feeder, feed, FeedState { walk: Some(walk), ..state }).await?;
            Ok(None)
        }
        Asked::TooMuch(trouble) => {
            let Some(size) = halved(size) else { return Err(trouble) };
            tracing::info!(feed = feed.name, size, "the page was too large; smaller ones follow");
            // From where it stands: begun again it would come to the same page and never beyond.
            let walk = Some(walk);
            keep_place(feeder, feed, FeedState { size: Some(size), walk, ..state }).await?;
            Ok(None)
        }
    }
}

/// Moves a feed's place to where a page leads.
fn moves(leads: Result<WalkStep, Stuck>, next: &mut FeedState) -> Result<Came, Trouble> {
    let now = clock::now();
    match leads {
        Ok(WalkStep::On(walk)) => {
            next.walk = Some(walk);
            Ok(Came::More)
        }
        Ok(WalkStep::Done(walk)) => {
            let ours = |after: Option<String>| after.map(|after| not_ahead(after, &now));
            (next.after, next.walk) = (later(ours(next.after.take()), ours(walk.after)), None);
            Ok(Came::All)
        }
        // What came is kept; its `next` cannot be trusted, so the walk starts again.
        Err(stuck) => {
            next.walk = None;
            Err(give_up(&stuck))
        }
    }
}

/// Starts the walk again without its `next`. A walk that was started again too often is given up
/// and forgotten: a later try works once the server is fixed.
async fn anew(
    feeder: &Feeder,
    feed: &Feed,
    state: &FeedState,
    walk: Walk,
) -> Result<Walk, Trouble> {
    match walk.forgotten() {
        Ok(walk) => Ok(walk),
        Err(stuck) => {
            keep_place(feeder, feed, FeedState { walk: None, ..state.clone() }).await?;
            Err(give_up(&stuck))
        }
    }
}

fn give_up(stuck: &Stuck) -> Trouble {
    Trouble { words: stuck.to_string(), again: Again::Seldom }
}

/// A new walk, which starts a little before the end of the last one.
fn begin(feed: &Feed, state: &FeedState) -> Walk {
    let Way::Poll { since, overlap, .. } = &feed.way else { return Walk::default() };
    let back = i64::from(*overlap) * 1_000_000;
    let after = state.after.as_deref().and_then(|after| {
        // Where a date in the future has once moved it, it comes back.
        let micros = Timestamp::parse(after).ok()?.micros().min(clock::now().micros());
        Timestamp::from_micros(micros - back).map(String::from)
    });
    Walk::from(later(after, since.clone()))
}

/// A server's date, or ours when its date has not come yet: what is added until then would never be
/// asked for.
fn not_ahead(after: String, now: &Timestamp) -> String {
    match Timestamp::parse(&after) {
        Ok(time) if time > *now => now.to_string(),
        _ => after,
    }
}

fn url(collection: &str, walk: &Walk, size: u32) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(walk.query(size));
    format!("{collection}objects/?{}", query.finish())
}

/// The time by the server's clock, as far as it tells; no later than by ours.
fn server_clock(headers: &HeaderMap) -> Timestamp {
    let now = clock::now();
    let date = headers.get(DATE).and_then(|value| value.to_str().ok());
    let date = date.and_then(|text| jiff::fmt::rfc2822::parse(text.trim()).ok());
    let date = date.and_then(|date| Timestamp::from_micros(date.timestamp().as_microsecond()));
    date.filter(|date| *date < now).unwrap_or(now)
}

/// Where a feed's items go; `None` for one that brings nothing.
pub(super) fn destination<'a>(
    feeder: &'a Feeder,
    feed: &Feed,
) -> Result<Option<(CollectionNumber, &'a Inlet)>, Trouble> {
    let Way::Poll { into, .. } = &feed.way else { return Ok(None) };
    if let Some(found) = feeder.collections.named(into)
        && let CollectionKind::Inlet(inlet) = &found.kind
    {
        return Ok(Some((found.number, inlet)));
    }
    let refusal = Refusal::unknown("collection that takes things in", into);
    Err(Trouble { words: refusal.message, again: Again::Seldom })
}

/// Who brings it. What the feed says of where it comes from stands over what the collection does.
pub(super) fn bearer(feed: &Feed) -> Bearer {
    let (source, grade) = match &feed.way {
        Way::Poll { source, grade, .. } => (source.clone(), grade.clone()),
        Way::Push { .. } => (None, None),
    };
    Bearer { actor: super::ACTOR, name: Some(format!("feed {}", feed.name)), source, grade }
}

/// What a page may have without objects.
const PAGE_ONLY: &[&str] = &["more", "next", "type", "id"];

/// What a page says, and its objects, each judged.
fn read(answer: &Answer, to: Destination<'_>) -> Result<(PageHead, Sorted), NotTaken> {
    let start = answer.body.get(..START_BYTES).unwrap_or(&answer.body);
    match guess(start).map_err(NotTaken::Foreign)? {
        Format::Misp => return Err(NotTaken::Misp),
        // What is not JSON at all is told with its place.
        Format::Stix | Format::Text | Format::Document => {}
    }
    let mut objects = Objects::any(&answer.body[..]);
    let all = read_all(&mut objects, MAX_OBJECTS)?;
    if all.is_empty() && !objects.has_only(PAGE_ONLY) {
        return Err(NotTaken::NoObjects(objects.instead()));
    }
    let text = |name: &str| {
        let value = objects.head(name).and_then(|raw| serde_json::from_slice(raw).ok())?;
        match value {
            serde_json::Value::String(text) => Some(text),
            // Some servers give a number.
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    };
    let last = answer.headers.get("x-taxii-date-added-last");
    let last = last.map(|value| String::from_utf8_lossy(value.as_bytes()));
    let page = PageHead {
        objects: all.len(),
        more: objects.head("more") == Some(b"true"),
        next: text("next").filter(|next| (1..=MAX_NEXT).contains(&next.len())),
        last: AddedLast::read(last.as_deref(), &server_clock(&answer.headers)),
        digest: Hash::of(&answer.body).to_string(),
    };
    Ok((page, sort(all, to, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One date of 2199 once froze a feed for good, and nobody was told.
    #[test]
    fn a_date_that_has_not_come_yet_moves_nothing() {
        let now = Timestamp::parse("2026-11-26T12:00:00Z").unwrap();
        let ahead = |text: &str| not_ahead(text.to_owned(), &now);
        assert_eq!(ahead("2199-01-01T00:00:00Z"), now.to_string());
        assert_eq!(ahead("2026-11-26T11:59:59.5Z"), "2026-11-26T11:59:59.5Z");
    }
}
