//! A feed of MISP: a folder with `manifest.json`, and each event in a file of its own.
//!
//! Which events are here is asked of the store, by their ids and times, so nothing has to be
//! remembered. `hashes.csv` is not asked for: it lets others look for values without the events, and
//! here all events are fetched.

use super::taken::{Event, Places, blocking, take};
use super::{is_uuid, seconds, time};
use crate::egress::Answer;
use crate::feeder::ask::{Asked, ask};
use crate::feeder::poll::destination;
use crate::feeder::{Again, Came, Feeder, Trouble, keep_place};
use forewarn_exchange::feed::{Feed, Way};
use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::Timestamp;
use forewarn_store::feed::FeedState;
use forewarn_transcript::Hash;
use hyper::Method;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Events that are fetched between two looks at the manifest.
const EVENTS_A_STEP: usize = 100;
/// Most events of a manifest. The largest public feed has some thousands.
const MAX_EVENTS: usize = 200_000;
/// Most versions of events that cannot be taken in. Their names are written with each step.
const MAX_UNREAD: usize = 2_000;
/// After this many that could not be fetched, the others wait too.
const MAX_TROUBLES: usize = 5;

/// What a manifest says of an event, as far as it is needed.
#[derive(Deserialize)]
struct Entry {
    #[serde(default, deserialize_with = "seconds")]
    timestamp: Option<i64>,
}

/// A version of an event that the manifest names.
struct Named {
    uuid: String,
    timestamp: i64,
}

impl Named {
    /// How it is written among those that cannot be taken in.
    fn written(&self) -> String {
        format!("{}@{}", self.uuid, self.timestamp)
    }
}

/// Fetches the manifest, and some of the events that are not here.
pub(crate) async fn step(feeder: &Feeder, feed: &Feed) -> Result<Came, Trouble> {
    let Some((collection, _)) = destination(feeder, feed)? else { return Ok(Came::All) };
    let name = feed.name.clone();
    let state = feeder.state.read(move |db| Ok(db.feed_state(&name)?)).await?.unwrap_or_default();
    let url = format!("{}manifest.json", feed.url);
    let answer = match ask(feeder, feed, Method::GET, url, Vec::new()).await? {
        Asked::Good(answer) => answer,
        Asked::Unknown(trouble) | Asked::TooMuch(trouble) => return Err(trouble),
    };
    let digest = Hash::of(&answer.body).to_string();
    if state.page.as_ref() == Some(&digest) {
        return Ok(Came::All);
    }
    let since = since(feed);
    let named = blocking(move || named(&answer, since)).await?.map_err(|why| Trouble {
        words: format!("its manifest.json: {why}"),
        again: Again::Later,
    })?;
    let mut unread = state.unread.clone();
    let all: BTreeSet<String> = named.iter().map(Named::written).collect();
    unread.retain(|one| all.contains(one));
    let missing = missing(feeder, collection, named, &unread).await?;
    let more = missing.len() > EVENTS_A_STEP;
    let (mut state, mut trouble) = (FeedState { unread, ..state }, None);
    let mut troubles = 0;
    for one in missing.into_iter().take(EVENTS_A_STEP) {
        match fetch(feeder, feed, &one).await {
            Ok(event) => {
                state = keep_event(feeder, feed, (one, event), (collection, state)).await?;
            }
            Err(why) => {
                troubles += 1;
                if troubles >= MAX_TROUBLES {
                    return Err(why);
                }
                trouble = Some(why);
            }
        }
    }
    if let Some(trouble) = trouble {
        return Err(trouble);
    }
    if !more {
        keep_place(feeder, feed, FeedState { page: Some(digest), ..state }).await?;
    }
    Ok(if more { Came::More } else { Came::All })
}

fn since(feed: &Feed) -> Option<i64> {
    let Way::Poll { since, .. } = &feed.way else { return None };
    let since = Timestamp::parse(since.as_deref()?).ok()?;
    Some(since.micros().div_euclid(1_000_000))
}

/// What a manifest names, oldest first.
fn named(answer: &Answer, since: Option<i64>) -> Result<Vec<Named>, String> {
    let all: BTreeMap<String, Entry> =
        serde_json::from_slice(&answer.body).map_err(|why| why.to_string())?;
    if all.len() > MAX_EVENTS {
        return Err(format!("it names more than {MAX_EVENTS} events"));
    }
    let mut named = Vec::new();
    for (uuid, entry) in all {
        if !is_uuid(&uuid) {
            let uuid: String = uuid.chars().take(80).collect();
            return Err(format!("`{uuid}` is not the UUID of an event"));
        }
        let timestamp = entry.timestamp.unwrap_or(0);
        if since.is_none_or(|since| timestamp >= since) {
            named.push(Named { uuid: uuid.to_ascii_lowercase(), timestamp });
        }
    }
    named.sort_by_key(|one| one.timestamp);
    Ok(named)
}

/// Those that are not here in this version or a later one, and can be taken in as far as is known.
async fn missing(
    feeder: &Feeder,
    collection: CollectionNumber,
    named: Vec<Named>,
    unread: &[String],
) -> Result<Vec<Named>, Trouble> {
    let unread: BTreeSet<String> = unread.iter().cloned().collect();
    let missing = feeder.state.read(move |db| {
        let mut missing = Vec::new();
        for one in named {
            if unread.contains(&one.written()) {
                continue;
            }
            let time = time(one.timestamp).unwrap_or_else(Timestamp::epoch);
            let report = format!("report--{}", one.uuid);
            let grouping = format!("grouping--{}", one.uuid);
            let is_here = db.has_version_since(collection, &report, &time)?
                || db.has_version_since(collection, &grouping, &time)?;
            if !is_here {
                missing.push(one);
            }
        }
        Ok(missing)
    });
    Ok(missing.await?)
}

/// An event's file; one that is not there is told as an event that cannot be taken in.
async fn fetch(feeder: &Feeder, feed: &Feed, one: &Named) -> Result<Event, Trouble> {
    let url = format!("{}{}.json", feed.url, one.uuid);
    Ok(match ask(feeder, feed, Method::GET, url, Vec::new()).await? {
        Asked::Good(answer) => {
            let mut event = Event::of(answer.body);
            let own = event.head.uuid.as_ref();
            if own.is_some_and(|own| !own.eq_ignore_ascii_case(&one.uuid)) {
                event.trouble = Some("the file holds another event than it is named after".into());
            }
            event
        }
        Asked::Unknown(trouble) | Asked::TooMuch(trouble) => {
            Event::missing(Some(one.uuid.clone()), trouble.words)
        }
    })
}

/// Takes an event in. One that is not here afterwards is not asked for again before it changes.
async fn keep_event(
    feeder: &Feeder,
    feed: &Feed,
    (one, event): (Named, Event),
    (collection, state): (CollectionNumber, FeedState),
) -> Result<FeedState, Trouble> {
    let written = one.written();
    let places = Places { before: state.clone(), after: state };
    take(feeder, feed, vec![event], places).await?;
    let left = missing(feeder, collection, vec![one], &[]).await?;
    let name = feed.name.clone();
    let state = feeder.state.read(move |db| Ok(db.feed_state(&name)?)).await?.unwrap_or_default();
    if left.is_empty() {
        return Ok(state);
    }
    if state.unread.len() >= MAX_UNREAD {
        let words = format!(
            "more than {MAX_UNREAD} of its events cannot be taken in; the quarantine has the reasons"
        );
        return Err(Trouble { words, again: Again::Seldom });
    }
    let mut unread = state.unread.clone();
    unread.push(written);
    let state = FeedState { unread, ..state };
    keep_place(feeder, feed, state.clone()).await?;
    Ok(state)
}
