//! Polling a MISP server by `/events/restSearch`: what to ask for next, and whether there is more.
//!
//! A walk goes through all events that were published since a time, page by page, in the order of
//! their numbers. An event that is published meanwhile stays where it is or is added at the end, so
//! no page is moved by it. The walk holds all of its state, and can be stored after any page.
//!
//! The time is `publish_timestamp`, and not the event's own `timestamp`: a server that gets an event
//! from another one keeps the `timestamp`, which may be older than what was asked for last. And an
//! event that is edited today and published tomorrow has the `timestamp` of today.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The state of a poll, stored from one page to the next. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Walk {
    /// Only events that were published at this time or later are asked for; all, when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The number of events before the next page. A multiple of the size of that page.
    pub passed: u64,
    /// The latest time that an event of this walk was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<i64>,
    /// Whether the last page was empty, although there should have been more.
    #[serde(default)]
    pub empty: bool,
}

/// What an answer of the server says beside its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Page {
    /// The number of events in it.
    pub events: u64,
    /// The number of events that were asked for.
    pub size: u64,
    /// The number of events that there are (`X-Result-Count`). Those that may not be shown to us
    /// are counted too.
    pub total: Option<u64>,
    /// The latest `publish_timestamp` in it.
    pub newest: Option<i64>,
}

/// What follows a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// There is another page: ask for it with this walk.
    On(Walk),
    /// This was the last one. All that was published up to this time is here; `None` when there was
    /// nothing.
    Done(Option<i64>),
}

impl Walk {
    /// A walk through all that was published at `from` or later.
    pub fn from(from: Option<i64>) -> Walk {
        Walk { from, ..Walk::default() }
    }

    /// The body of the next request, for `size` events: more than 0, and no more than the page that
    /// was asked for before, or half of it.
    pub fn query(&self, size: u64) -> Vec<u8> {
        let page = self.passed / size.max(1) + 1;
        let mut query = json!({
            "returnFormat": "json",
            "limit": size,
            "page": page,
            "published": 1,
            // What was taken back is told as that.
            "deleted": [0, 1],
            "order": "Event.id asc",
            "withAttachments": 1,
            "includeSightings": 1,
            "includeAnalystData": 1,
            "sgReferenceOnly": 0,
        });
        if let (Some(from), Some(query)) = (self.from, query.as_object_mut()) {
            query.insert("publish_timestamp".to_owned(), from.into());
        }
        query.to_string().into_bytes()
    }

    /// Takes note of a page that answered [`Walk::query`], and says what follows it. `now` is our own
    /// time: an event that is dated later moves the end of the walk no further than that, or what is
    /// published until then would never be asked for.
    pub fn step(mut self, page: &Page, now: i64) -> Step {
        let newest = page.newest.map(|time| time.min(now));
        self.newest = self.newest.max(newest);
        self.passed = self.passed.saturating_add(page.size);
        // A page is counted before events that we may not see are left out. Without a count, and
        // for a count that is not true, an empty page is the end.
        let goes_on = match page.total {
            Some(total) => self.passed < total && !(page.events == 0 && self.empty),
            None => page.events > 0,
        };
        self.empty = page.events == 0;
        if goes_on { Step::On(self) } else { Step::Done(self.newest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn page(events: u64, total: Option<u64>, newest: i64) -> Page {
        Page { events, size: 8, total, newest: Some(newest) }
    }

    fn on(step: Step) -> Walk {
        match step {
            Step::On(walk) => walk,
            Step::Done(_) => panic!("it should go on"),
        }
    }

    #[test]
    fn a_walk_asks_page_by_page_and_ends_with_the_latest_time() {
        let walk = Walk::from(Some(100));
        let asked =
            |walk: &Walk, size| -> Value { serde_json::from_slice(&walk.query(size)).unwrap() };
        assert_eq!(asked(&walk, 8)["publish_timestamp"], 100);
        assert_eq!((&asked(&walk, 8)["page"], &asked(&walk, 8)["limit"]), (&1.into(), &8.into()));
        let walk = on(walk.step(&page(8, Some(12), 150), 1_000));
        assert_eq!(asked(&walk, 8)["page"], 2);
        // Half of a page begins where the whole one does.
        assert_eq!(asked(&walk, 4)["page"], 3);
        assert_eq!(walk.step(&page(4, Some(12), 120), 1_000), Step::Done(Some(150)));
        assert!(asked(&Walk::default(), 8).get("publish_timestamp").is_none());
    }

    #[test]
    fn events_that_are_not_shown_to_us_do_not_end_the_walk() {
        let walk = on(Walk::default().step(&page(3, Some(30), 5), 10));
        let walk = on(walk.step(&page(0, Some(30), 5), 10));
        let walk = on(walk.step(&page(1, Some(30), 5), 10));
        assert_eq!(walk.step(&page(8, Some(30), 7), 10), Step::Done(Some(7)));
        // A count that is not true leads nowhere for ever.
        let walk = on(Walk::default().step(&page(0, Some(u64::MAX), 5), 10));
        assert_eq!(walk.step(&page(0, Some(u64::MAX), 5), 10), Step::Done(Some(5)));
    }

    #[test]
    fn a_server_without_a_count_is_asked_until_a_page_is_empty() {
        let walk = on(Walk::default().step(&page(2, None, 5), 10));
        assert_eq!(walk.step(&page(0, None, 5), 10), Step::Done(Some(5)));
    }

    #[test]
    fn a_date_in_the_future_moves_nothing_beyond_our_clock() {
        let step = Walk::default().step(&page(1, Some(1), 7_226_582_400), 1_000);
        assert_eq!(step, Step::Done(Some(1_000)));
    }
}
