//! Events that came are taken in: each by itself, in parts, with the feed's place in the last one.

use super::Head;
use crate::feeder::poll::{bearer, destination, pay};
use crate::feeder::{Again, Feeder, Trouble, keep};
use crate::intake::{Destination, MispPart, Sorted, count_misp, misp_parts, refused_misp};
use forewarn_engine::{FedWork, IntakeWork};
use forewarn_exchange::feed::Feed;
use forewarn_store::feed::FeedState;
use forewarn_store::intake::NewIntake;
use hyper::body::Bytes;
use tokio::sync::mpsc;

/// An event, and what is wrong with it before it is read.
pub(super) struct Event {
    pub(super) bytes: Bytes,
    pub(super) head: Head,
    /// It could not be fetched: why.
    pub(super) trouble: Option<String>,
}

impl Event {
    pub(super) fn of(bytes: Bytes) -> Event {
        let head = Head::of(&bytes);
        Event { bytes, head, trouble: None }
    }

    /// One that could not be fetched.
    pub(super) fn missing(uuid: Option<String>, why: String) -> Event {
        let head = Head { uuid, ..Head::default() };
        Event { bytes: Bytes::new(), head, trouble: Some(why) }
    }
}

/// A feed's place before and after what is taken in.
pub(super) struct Places {
    pub(super) before: FeedState,
    pub(super) after: FeedState,
}

/// Takes events in, and moves the feed from one place to the other with the last part: one that is
/// cut before asks for them again, and what it has is known. Says whether anything was new.
pub(super) async fn take(
    feeder: &Feeder,
    feed: &Feed,
    events: Vec<Event>,
    places: Places,
) -> Result<bool, Trouble> {
    let Some((collection, inlet)) = destination(feeder, feed)? else { return Ok(false) };
    let size = events.iter().map(|event| event.bytes.len()).sum();
    let (objects, judged) = blocking(move || judged(events)).await?;
    pay(feeder, feed, (objects, size))?;
    let intake = bearer(feed).intake(collection, inlet);
    let (parts, mut coming) = mpsc::channel(1);
    let making = tokio::task::spawn_blocking(move || make_all(judged, &parts));
    let Places { mut before, mut after } = places;
    let mut is_new = false;
    let mut next = coming.recv().await;
    let is_moved = next.is_some();
    while let Some(part) = next.take() {
        next = coming.recv().await;
        let (accepts, strict) = (inlet.accepts.clone(), inlet.strict);
        // What the parts before it have brought is here by now.
        let sorted = feeder.state.read(move |db| {
            let to = Destination { collection, accepts: &accepts, strict };
            Ok(part.sorted_here(&db, to)?)
        });
        let brought = Some((intake.clone(), sorted.await?));
        if next.is_none() {
            (after.good, after.refused) = (before.good, before.refused);
            after.moved = Some(crate::clock::now().to_string());
            let taken = keep(feeder, fed(feed, after.clone(), brought)).await?;
            count(taken, &mut after, &mut is_new);
        } else {
            let taken = keep(feeder, fed(feed, before.clone(), brought)).await?;
            count(taken, &mut before, &mut is_new);
        }
    }
    making.await.map_err(|_| stopping())?;
    if !is_moved && after != before {
        keep(feeder, fed(feed, after, None)).await?;
    }
    Ok(is_new)
}

fn fed(feed: &Feed, state: FeedState, brought: Option<(NewIntake, Sorted)>) -> FedWork {
    let intake = brought.map(|(intake, sorted)| {
        let Sorted { items, refused, .. } = sorted;
        IntakeWork { intake, items, refused }
    });
    FedWork { feed: feed.clone(), state, intake, pushed: None }
}

/// The writer counts onto what the state says: the next part says what it has counted.
fn count(taken: Option<forewarn_engine::Taken>, state: &mut FeedState, is_new: &mut bool) {
    let Some(taken) = taken else { return };
    state.good = state.good.saturating_add(taken.added as u64);
    state.refused = state.refused.saturating_add(taken.refused as u64);
    *is_new |= taken.added > 0;
}

/// Each event with the reason why it is refused, and how many objects there are.
fn judged(mut events: Vec<Event>) -> (usize, Vec<Event>) {
    let mut objects = 0;
    for event in events.iter_mut().filter(|event| event.trouble.is_none()) {
        match count_misp(&event.bytes) {
            Ok(count) => objects += usize::try_from(count).unwrap_or(usize::MAX / 2),
            Err(why) => event.trouble = Some(why.to_string()),
        }
    }
    (objects, events)
}

/// Every event's objects, part by part. Nobody listens any more when the feed has failed.
fn make_all(events: Vec<Event>, parts: &mpsc::Sender<MispPart>) {
    let mut position = 0;
    for event in events {
        let why = if let Some(why) = event.trouble {
            why
        } else {
            let mut give = |part| drop(parts.blocking_send(part));
            match misp_parts(&event.bytes, position, &mut give) {
                Ok(next) => {
                    position = next;
                    continue;
                }
                Err(why) => why.to_string(),
            }
        };
        let refused = refused_misp(event.head.id(), &event.bytes, &why, position);
        let _ = parts.blocking_send(refused);
        position += 1;
    }
}

/// Does work that takes long on another thread.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Trouble> {
    tokio::task::spawn_blocking(work).await.map_err(|_| stopping())
}

fn stopping() -> Trouble {
    Trouble { words: "stopping".to_owned(), again: Again::Later }
}
