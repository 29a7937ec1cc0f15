//! Polling: a page of what is new is taken in, with the place that it leads to.

use super::ask::{Asked, ask};
use super::{Again, Came, Trouble, keep};
use crate::clock;
use crate::collection::{Inlet, Kind};
use crate::egress::Answer;
use crate::engine::{FedWork, IntakeWork, Taken};
use crate::intake::{Destination, NotTaken, Sorted, sort_stix};
use crate::node::Node;
use forewarn_exchange::Refusal;
use forewarn_exchange::feed::{Feed, Way};
use forewarn_exchange::ids::Ids;
use forewarn_stix::Timestamp;
use forewarn_stix::bundle::Objects;
use forewarn_store::feed::FeedState;
use forewarn_store::intake::NewIntake;
use forewarn_taxii::poll::{Answered, Step, Walk};
use forewarn_transcript::Hash;
use hyper::Method;
use std::sync::Arc;

/// Objects asked for at a time.
const PAGE: u32 = 1_000;
/// Most objects of a page, for servers that give more than was asked for.
const MAX_OBJECTS: usize = 10_000;
/// Longest `next`: it goes into a URL.
const MAX_NEXT: usize = 2_000;
/// So many failures in a row at a `next`, and the walk begins anew without it.
const MAX_FAILURES: u32 = 3;

/// Asks for one page and takes it in.
pub(super) async fn step(node: &Arc<Node>, feed: &Feed, failures: u32) -> Result<Came, Trouble> {
    let name = feed.name.clone();
    let state = node.read(move |db, _| Ok(db.feed_state(&name)?)).await?.unwrap_or_default();
    let mut walk = state.walk.clone().unwrap_or_else(|| begin(feed, &state));
    if walk.next.is_some() && failures >= MAX_FAILURES {
        walk = walk.forgotten().map_err(|e| give_up(&e))?;
    }
    let answer = match ask(node, feed, Method::GET, url(feed, &walk), Vec::new()).await? {
        Asked::Good(answer) => answer,
        Asked::Unknown(trouble) if walk.next.is_none() => return Err(trouble),
        // Some servers know a `next` once only, or for a while.
        Asked::Unknown(_) => {
            let anew = walk.forgotten().map_err(|e| give_up(&e))?;
            tracing::info!(feed = feed.name, "the server has forgotten its `next`; once more");
            let state = FeedState { walk: Some(anew), ..state };
            keep(node, FedWork { feed: feed.clone(), state, intake: None, told: Vec::new() })
                .await?;
            return Ok(Came::More);
        }
    };
    let Way::Poll { into, source, grade, .. } = &feed.way else { return Ok(Came::All) };
    let (collection, inlet) = destination(node, into)?;
    let accepts = inlet.accepts.clone();
    let read = tokio::task::spawn_blocking(move || read(&answer, collection, &accepts)).await;
    let read = read.map_err(|_| Trouble { words: "stopping".to_owned(), again: Again::Later })?;
    let (page, sorted) =
        read.map_err(|e| Trouble { words: format!("its page: {e}"), again: Again::Later })?;
    let leads = walk.step(&page);
    let is_new = state.page.as_ref() != Some(&page.digest) || !matches!(leads, Ok(Step::Done(_)));
    let intake = (is_new && page.objects > 0).then(|| IntakeWork {
        intake: NewIntake {
            id: Ids::new(clock::seed()).uuid(),
            time: clock::now().to_string(),
            actor: super::ACTOR.to_owned(),
            source: source.clone().or_else(|| inlet.source.clone()),
            grade: grade.clone().or_else(|| inlet.grade.clone()),
            marking: inlet.marking.map(|tlp| tlp.to_string()),
            name: Some(format!("feed {}", feed.name)),
        },
        items: sorted.items,
        refused: sorted.refused,
    });
    let mut next = FeedState { page: Some(page.digest), ..state.clone() };
    if intake.is_some() {
        next.moved = Some(clock::now().to_string());
    }
    let came = match leads {
        Ok(Step::On(walk)) => {
            next.walk = Some(walk);
            Came::More
        }
        Ok(Step::Done(walk)) => {
            (next.after, next.walk) = (later(next.after, walk.after), None);
            Came::All
        }
        // What came is kept; the way on is not to be trusted, and begins anew.
        Err(stuck) => {
            next.walk = None;
            keep(node, FedWork { feed: feed.clone(), state: next, intake, told: Vec::new() })
                .await?;
            return Err(give_up(&stuck));
        }
    };
    if next == state && intake.is_none() {
        return Ok(came);
    }
    let work = FedWork { feed: feed.clone(), state: next, intake, told: Vec::new() };
    let taken: Option<Taken> = serde_json::from_value(keep(node, work).await?).unwrap_or_default();
    let is_new = taken.is_some_and(|taken| taken.added > 0);
    Ok(if is_new || matches!(came, Came::All) { came } else { Came::MoreOfTheSame })
}

fn give_up(stuck: &forewarn_taxii::poll::Stuck) -> Trouble {
    Trouble { words: stuck.to_string(), again: Again::Seldom }
}

/// A new walk, which looks back a little behind where the last one ended.
fn begin(feed: &Feed, state: &FeedState) -> Walk {
    let Way::Poll { since, overlap, .. } = &feed.way else { return Walk::default() };
    let back = i64::from(*overlap) * 1_000_000;
    let after = state.after.as_deref().and_then(|after| {
        let micros = Timestamp::parse(after).ok()?.micros();
        Timestamp::from_micros(micros - back).map(String::from)
    });
    Walk::from(later(after, since.clone()))
}

fn later(one: Option<String>, other: Option<String>) -> Option<String> {
    let time = |text: &String| Timestamp::parse(text).map_or(i64::MIN, |time| time.micros());
    [one, other].into_iter().flatten().max_by_key(time)
}

fn url(feed: &Feed, walk: &Walk) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(walk.query(PAGE));
    format!("{}objects/?{}", feed.url, query.finish())
}

fn destination<'a>(node: &'a Node, into: &str) -> Result<(i64, &'a Inlet), Trouble> {
    if let Some(found) = node.collections.named(into)
        && let Kind::Inlet(inlet) = &found.kind
    {
        return Ok((found.number, inlet));
    }
    let refusal = Refusal::unknown("collection that takes things in", into);
    Err(Trouble { words: refusal.message, again: Again::Seldom })
}

/// What a page says, and its objects, each judged.
fn read(
    answer: &Answer,
    collection: i64,
    accepts: &[String],
) -> Result<(Answered, Sorted), NotTaken> {
    let mut objects = Objects::new(&answer.body[..]);
    let mut count = 0;
    while objects.next_object()?.is_some() {
        count += 1;
        if count > MAX_OBJECTS {
            return Err(NotTaken::TooMany(MAX_OBJECTS as u64));
        }
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
    let page = Answered {
        objects: count,
        more: objects.head("more") == Some(b"true"),
        next: text("next").filter(|next| (1..=MAX_NEXT).contains(&next.len())),
        last: last.and_then(|value| value.to_str().ok()).map(str::to_owned),
        digest: Hash::of(&answer.body).to_string(),
    };
    if count == 0 {
        return Ok((page, Sorted::default()));
    }
    let sorted = sort_stix(&answer.body[..], Destination { collection, accepts })?;
    Ok((page, sorted))
}
