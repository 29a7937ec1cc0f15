//! A MISP server: a page of events is asked for, and taken in with the place that it leads to.

use super::taken::{Event, Places, blocking, take};
use super::time;
use crate::clock;
use crate::egress::Answer;
use crate::feeder::ask::{Asked, ask};
use crate::feeder::{Again, Came, Feeder, Trouble, keep_place};
use forewarn_exchange::feed::{Feed, Way};
use forewarn_misp::poll::{Page, Step, Walk};
use forewarn_stix::Timestamp;
use forewarn_store::feed::FeedState;
use forewarn_taxii::poll::later;
use forewarn_transcript::Hash;
use hyper::Method;
use hyper::body::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Events asked for at a time: a power of two, so that half a page begins where the whole one does.
/// One event may have a hundred thousand attributes.
const PAGE: u32 = 32;
/// Most events of a page, for servers that give more than was asked for.
const MAX_EVENTS: usize = 10_000;
/// After this many failures in a row half a page is asked for: the server may need too long.
const MAX_FAILURES: u32 = 3;

/// Asks for one page and takes it in.
pub(crate) async fn step(feeder: &Feeder, feed: &Feed, failures: u32) -> Result<Came, Trouble> {
    let name = feed.name.clone();
    let state = feeder.state.read(move |db| Ok(db.feed_state(&name)?)).await?.unwrap_or_default();
    let begins = state.misp.is_none();
    let walk = state.misp.clone().unwrap_or_else(|| Walk::from(begin(feed, &state)));
    let mut size = state.size.unwrap_or(PAGE).clamp(1, PAGE);
    if begins && failures == 0 {
        size = (size * 2).min(PAGE);
    } else if failures >= MAX_FAILURES {
        size = (size / 2).max(1);
    }
    let state = FeedState { size: (size < PAGE).then_some(size), ..state };
    let url = format!("{}events/restSearch", feed.url);
    let answer = match ask(feeder, feed, Method::POST, url, walk.query(size.into())).await {
        Ok(Asked::Good(answer)) => answer,
        Ok(Asked::Unknown(trouble)) => return Err(trouble),
        Ok(Asked::TooMuch(trouble)) => return smaller(feeder, feed, (state, walk), trouble).await,
        Err(trouble) => {
            if failures >= MAX_FAILURES {
                keep_place(feeder, feed, FeedState { misp: Some(walk), ..state }).await?;
            }
            return Err(trouble);
        }
    };
    let digest = Hash::of(&answer.body).to_string();
    let (page, events) = blocking(move || read(&answer, size))
        .await?
        .map_err(|why| Trouble { words: format!("its page: {why}"), again: Again::Later })?;
    let is_same = page.events > 0 && state.page.as_ref() == Some(&digest);
    let now = i64::try_from(clock::seconds(&clock::now())).unwrap_or(i64::MAX);
    let mut after = FeedState { page: Some(digest), misp: None, ..state.clone() };
    let is_last = match walk.step(&page, now) {
        Step::On(_) if is_same => {
            let words = "the server returns the same page again and again".to_owned();
            keep_place(feeder, feed, FeedState { page: None, ..after }).await?;
            return Err(Trouble { words, again: Again::Seldom });
        }
        Step::On(walk) => {
            after.misp = Some(walk);
            false
        }
        Step::Done(newest) => {
            let newest = newest.and_then(time).map(String::from);
            after.after = later(after.after.take(), newest);
            true
        }
    };
    let events = if is_same { Vec::new() } else { events };
    let is_new = take(feeder, feed, events, Places { before: state, after }).await?;
    Ok(match (is_last, is_new) {
        (true, _) => Came::All,
        (false, true) => Came::More,
        (false, false) => Came::MoreOfTheSame,
    })
}

/// Half a page is asked for next. An event that is too much alone is passed over, and told.
async fn smaller(
    feeder: &Feeder,
    feed: &Feed,
    (state, walk): (FeedState, Walk),
    trouble: Trouble,
) -> Result<Came, Trouble> {
    let size = state.size.unwrap_or(PAGE);
    if size > 1 {
        tracing::info!(feed = feed.name, size, "the page was too large; smaller ones follow");
        let size = Some(size / 2);
        keep_place(feeder, feed, FeedState { size, misp: Some(walk), ..state }).await?;
        return Ok(Came::More);
    }
    let why = format!(
        "event {} of those published since {} cannot be fetched: {}",
        walk.passed + 1,
        walk.from.and_then(time).map_or_else(|| "the beginning".to_owned(), String::from),
        trouble.words
    );
    tracing::warn!(feed = feed.name, why, "an event is passed over");
    let passed = Walk { passed: walk.passed + 1, ..walk };
    let after = FeedState { misp: Some(passed), ..state.clone() };
    let missing = vec![Event::missing(None, why)];
    take(feeder, feed, missing, Places { before: state, after }).await?;
    Ok(Came::More)
}

/// The time from which a new walk asks: a little before the end of the last one.
fn begin(feed: &Feed, state: &FeedState) -> Option<i64> {
    let Way::Poll { since, overlap, .. } = &feed.way else { return None };
    let seconds = |text: &str| Some(Timestamp::parse(text).ok()?.micros().div_euclid(1_000_000));
    let after = state.after.as_deref().and_then(seconds);
    let after = after.map(|after| after - i64::from(*overlap));
    after.max(since.as_deref().and_then(seconds))
}

/// What a page says, and its events.
fn read(answer: &Answer, size: u32) -> Result<(Page, Vec<Event>), String> {
    let all = events(&answer.body)?;
    let events: Vec<Event> = all.into_iter().map(Event::of).collect();
    let total = answer.headers.get("x-result-count").and_then(|count| count.to_str().ok());
    let page = Page {
        events: events.len() as u64,
        size: size.into(),
        total: total.and_then(|count| count.trim().parse().ok()),
        newest: events.iter().filter_map(|one| one.head.publish_timestamp).max(),
    };
    Ok((page, events))
}

/// The events of an answer, each as it came: `{"response": […]}`, or the list alone.
fn events(body: &Bytes) -> Result<Vec<Bytes>, String> {
    #[derive(Deserialize)]
    struct Wrapped<'a> {
        #[serde(borrow)]
        response: Vec<&'a RawValue>,
    }
    let all = match serde_json::from_slice::<Wrapped<'_>>(body) {
        Ok(wrapped) => wrapped.response,
        Err(why) => serde_json::from_slice::<Vec<&RawValue>>(body)
            .map_err(|_| format!("it is not an answer with events: {why}"))?,
    };
    if all.len() > MAX_EVENTS {
        return Err(format!("it has more than {MAX_EVENTS} events"));
    }
    Ok(all.into_iter().map(|one| body.slice_ref(one.get().as_bytes())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_told_apart_as_they_came() {
        let of = |text: &str| events(&Bytes::copy_from_slice(text.as_bytes()));
        let two = of(r#"{"response": [{"Event": {"info": "a"}} , {"Event":{}}]}"#).unwrap();
        assert_eq!(two, [&br#"{"Event": {"info": "a"}}"#[..], &br#"{"Event":{}}"#[..]]);
        assert_eq!(of(r#"[{"Event":{}}]"#).unwrap().len(), 1);
        assert!(of(r#"{"response":[]}"#).unwrap().is_empty() && of("[]").unwrap().is_empty());
        assert!(of(r#"{"name":"x"}"#).unwrap_err().contains("not an answer with events"));
        assert!(of("[").is_err());
    }

    #[test]
    fn times_are_read_as_misp_and_its_feeds_write_them() {
        let newest = |time: &str| {
            let event = format!(r#"{{"Event":{{"publish_timestamp":{time},"uuid":null}}}}"#);
            Event::of(event.into_bytes().into()).head.publish_timestamp
        };
        assert_eq!((newest("\"12\""), newest("12"), newest("null")), (Some(12), Some(12), None));
    }
}
