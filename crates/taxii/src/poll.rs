//! Polling a collection of another server: what to ask for next, and whether there is progress.
//!
//! Servers differ. Some give `next`, some say `more` without it, some forget a `next` once it was
//! used, some return the same page for ever. A [`Walk`] goes through everything new, page by page.
//! It holds all of its state, so it can be stored and resumed after any page. Nothing is ever
//! skipped: where a server leaves a doubt, objects are asked for once more.

use forewarn_stix::{Timestamp, offset};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Pages of a walk whose digests are kept, to recognise a page that comes again.
const REMEMBERED: usize = 64;
/// Restarts allowed when the server rejects its own `next`.
const MAX_RESTARTS: u32 = 3;

/// The state of a poll, stored from one page to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Walk {
    /// `added_after` of the requests (§3.4): only objects added later than this timestamp are asked
    /// for. `None` asks for everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The `next` of the last page (§3.5), to be sent back as it came; `None` on the first page,
    /// and when the walk goes on by date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The latest `X-TAXII-Date-Added-Last` (§3.2) of this walk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
    /// The server's clock when it first dated something later than that. The next walk starts from
    /// here when no page gave a date that can be true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<String>,
    /// The digests of the walk's last pages, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<String>,
    /// The number of times that the server rejected its own `next` and the walk restarted.
    #[serde(default)]
    pub restarts: u32,
}

/// What a page of a collection says besides its objects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageHead {
    /// The number of objects on the page.
    pub objects: usize,
    /// The envelope's `more`: whether objects remain (§3.7).
    pub more: bool,
    /// The envelope's `next`, where it has one.
    pub next: Option<String>,
    /// The header `X-TAXII-Date-Added-Last` (§3.2).
    pub last: AddedLast,
    /// A digest of the page's bytes: two pages with the same digest are the same page.
    pub digest: String,
}

/// What a page's `X-TAXII-Date-Added-Last` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AddedLast {
    /// The header is not there.
    #[default]
    Absent,
    /// When the page's last object was added.
    At(Timestamp),
    /// A time that has not come yet, by this clock: whatever is added until then would never be
    /// asked for.
    Ahead(Timestamp),
    /// Not a time: the header as it came.
    Unreadable(String),
}

impl AddedLast {
    /// Reads the header; `clock` is the server's time. Any offset of RFC 3339 is accepted.
    pub fn read(header: Option<&str>, clock: &Timestamp) -> AddedLast {
        let Some(text) = header else { return AddedLast::Absent };
        match offset::in_utc(text) {
            Some(time) if time > *clock => AddedLast::Ahead(clock.clone()),
            Some(time) => AddedLast::At(time),
            None => AddedLast::Unreadable(text.to_owned()),
        }
    }
}

/// What follows a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WalkStep {
    /// There is another page: ask for it with this walk.
    On(Walk),
    /// This was the last page. The next poll starts with this walk, after everything that came.
    Done(Walk),
}

/// Why a walk makes no progress. It is the server's fault; its operator must be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stuck {
    /// A page came that this walk has seen before.
    #[error("the server returns the same page again and again")]
    Repeats,
    /// The page says `more` and gives no way to ask for it: no `next`, and no later date than
    /// before.
    #[error(
        "the server says that there is more, and gives neither a `next` nor an \
         X-TAXII-Date-Added-Last that moves"
    )]
    NoWay,
    /// The server rejected its own `next`, also after the last restart allowed.
    #[error("the server does not know the `next` that it gave")]
    Forgets,
    /// The page says `more` without a `next`, and its `X-TAXII-Date-Added-Last` is not a time.
    #[error(
        "the server says that there is more without a `next`, and its X-TAXII-Date-Added-Last \
         `{0}` is not a time"
    )]
    BadDate(String),
    /// The page says `more` without a `next`, and its date has not come yet.
    #[error("the server dates what it has in the future, and has no other way to more")]
    Ahead,
}

impl Walk {
    /// A new walk through everything added after the timestamp `after`; through the whole
    /// collection when it is `None`.
    pub fn from(after: Option<String>) -> Walk {
        Walk { after, ..Walk::default() }
    }

    /// The query of the next request, without match filters: names and values, not encoded. `limit`
    /// is the number of objects asked for.
    pub fn query(&self, limit: u32) -> Vec<(&'static str, String)> {
        let mut query = vec![("limit", limit.to_string())];
        // §3.4, §3.5: `next` is sent together with the query that it came from.
        query.extend(self.after.clone().map(|after| ("added_after", after)));
        query.extend(self.next.clone().map(|next| ("next", next)));
        query
    }

    /// Takes note of a page that answered [`Walk::query`], and says what follows it.
    ///
    /// Errs with [`Stuck`] when asking again would not lead on. The walk is lost then: the next
    /// poll starts from what the caller has stored.
    pub fn step(mut self, page: &PageHead) -> Result<WalkStep, Stuck> {
        if (page.objects > 0 || page.more) && self.pages.contains(&page.digest) {
            return Err(Stuck::Repeats);
        }
        self.take_date(&page.last);
        if !page.more {
            let newest = self.newest.or(self.ahead);
            return Ok(WalkStep::Done(Walk::from(later(newest, self.after))));
        }
        if self.pages.len() >= REMEMBERED {
            self.pages.remove(0);
        }
        self.pages.push(page.digest.clone());
        if page.next.is_some() {
            self.next.clone_from(&page.next);
            return Ok(WalkStep::On(self));
        }
        // §3.5: without `next`, the next page is asked for by the date of the last object. There
        // may be more objects with the same date, so a microsecond is subtracted.
        let after = match &page.last {
            AddedLast::At(_) => self.newest.as_deref().and_then(just_before),
            AddedLast::Absent => None,
            AddedLast::Ahead(_) => return Err(Stuck::Ahead),
            AddedLast::Unreadable(text) => return Err(Stuck::BadDate(text.clone())),
        };
        if after.is_none() || after == self.after {
            return Err(Stuck::NoWay);
        }
        (self.after, self.next) = (after, None);
        Ok(WalkStep::On(self))
    }

    /// Takes note of a page's date. One that cannot be read or true says nothing: `next` leads on
    /// without it.
    fn take_date(&mut self, last: &AddedLast) {
        match last {
            AddedLast::Absent | AddedLast::Unreadable(_) => {}
            AddedLast::Ahead(clock) => {
                self.ahead.get_or_insert_with(|| clock.to_string());
            }
            AddedLast::At(time) => {
                self.newest = later(self.newest.take(), Some(time.to_string()));
            }
        }
    }

    /// Restarts the walk after the server rejected the `next` that it gave: some servers accept it
    /// once, or for half a minute. Objects that came before come again, which changes nothing.
    ///
    /// Errs with [`Stuck::Forgets`] after three restarts.
    pub fn forgotten(self) -> Result<Walk, Stuck> {
        if self.restarts >= MAX_RESTARTS {
            return Err(Stuck::Forgets);
        }
        Ok(Walk { restarts: self.restarts + 1, ..Walk::from(self.after) })
    }
}

/// The later of two timestamps. One that cannot be parsed counts as earliest.
pub fn later(one: Option<String>, other: Option<String>) -> Option<String> {
    let time = |text: &String| Timestamp::parse(text).ok().map(|time| time.moment());
    [one, other].into_iter().flatten().max_by_key(time)
}

/// The timestamp one microsecond earlier, the resolution of TAXII.
fn just_before(time: &str) -> Option<String> {
    let micros = Timestamp::parse(time).ok()?.micros();
    Timestamp::from_micros(micros - 1).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "2026-01-01T00:00:01.000000Z";
    const SECOND: &str = "2026-01-01T00:00:02.000000Z";

    fn clock() -> Timestamp {
        Timestamp::parse("2026-06-01T00:00:00Z").unwrap()
    }

    fn page(digest: &str, next: Option<&str>, last: &str) -> PageHead {
        PageHead {
            objects: 2,
            more: next.is_some(),
            next: next.map(str::to_owned),
            last: AddedLast::read(Some(last), &clock()),
            digest: digest.to_owned(),
        }
    }

    fn on(step: Result<WalkStep, Stuck>) -> Walk {
        match step {
            Ok(WalkStep::On(walk)) => walk,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pages_are_followed_to_the_end_and_the_next_walk_starts_there() {
        let walk = on(Walk::default().step(&page("a", Some("n1"), FIRST)));
        assert_eq!(walk.query(10), [("limit", "10".into()), ("next", "n1".into())]);
        let done = walk.step(&page("b", None, SECOND)).unwrap();
        let WalkStep::Done(walk) = done else { panic!("{done:?}") };
        assert_eq!(walk.query(10), [("limit", "10".into()), ("added_after", SECOND.into())]);
        // Nothing new: the next walk starts where this one did.
        let none = PageHead::default();
        assert_eq!(walk.clone().step(&none).unwrap(), WalkStep::Done(walk));
    }

    #[test]
    fn an_earlier_date_does_not_take_the_walk_back() {
        let walk = on(Walk::default().step(&page("a", Some("n1"), SECOND)));
        let Ok(WalkStep::Done(walk)) = walk.step(&page("b", None, FIRST)) else { panic!() };
        assert_eq!(walk.after.as_deref(), Some(SECOND));
    }

    #[test]
    fn a_server_that_repeats_itself_is_found_out() {
        let walk = on(Walk::default().step(&page("a", Some("n1"), FIRST)));
        assert_eq!(walk.step(&page("a", Some("n1"), FIRST)), Err(Stuck::Repeats));
        let empty = PageHead { objects: 0, ..page("e", Some("n1"), FIRST) };
        let walk = on(Walk::default().step(&empty));
        assert_eq!(walk.step(&empty), Err(Stuck::Repeats));
    }

    #[test]
    fn more_without_next_continues_by_date_and_skips_nothing_of_the_same_date() {
        let more = PageHead { more: true, ..page("a", None, FIRST) };
        let walk = on(Walk::default().step(&more));
        assert_eq!(walk.after.as_deref(), Some("2026-01-01T00:00:00.999999Z"));
        // All objects of the page have one date: asking by date would return it again.
        let same = PageHead { more: true, ..page("b", None, FIRST) };
        assert_eq!(walk.step(&same), Err(Stuck::NoWay));
        let dateless = PageHead { more: true, last: AddedLast::Absent, ..page("a", None, FIRST) };
        assert_eq!(Walk::default().step(&dateless), Err(Stuck::NoWay));
    }

    #[test]
    fn a_rejected_next_restarts_the_walk_a_few_times() {
        let mut walk = on(Walk::from(Some(FIRST.into())).step(&page("a", Some("n"), SECOND)));
        for _ in 0..MAX_RESTARTS {
            walk = walk.forgotten().unwrap();
            assert_eq!((walk.after.as_deref(), &walk.next), (Some(FIRST), &None));
            walk.next = Some("n".into());
        }
        assert_eq!(walk.forgotten(), Err(Stuck::Forgets));
    }

    /// One unreadable date once held up a feed for ever, although its `next` led on.
    #[test]
    fn next_leads_on_whatever_the_date_says() {
        for date in ["yesterday", "", "2026-02-30T00:00:00Z", "2199-01-01T00:00:00Z"] {
            let walk = on(Walk::default().step(&page("a", Some("n1"), date)));
            assert_eq!(walk.next.as_deref(), Some("n1"), "{date}");
            let Ok(WalkStep::Done(walk)) = walk.step(&page("b", None, SECOND)) else { panic!() };
            assert_eq!(walk.after.as_deref(), Some(SECOND), "{date}");
        }
    }

    #[test]
    fn without_next_a_date_that_leads_nowhere_is_reported() {
        let more = |date| PageHead { more: true, ..page("a", None, date) };
        let stuck = |date| Walk::default().step(&more(date)).unwrap_err();
        assert_eq!(stuck("yesterday"), Stuck::BadDate("yesterday".into()));
        assert_eq!(stuck("2199-01-01T00:00:00Z"), Stuck::Ahead);
    }

    #[test]
    fn the_date_of_a_walk_is_one_that_can_be_true() {
        let done = |date| match Walk::default().step(&page("a", None, date)) {
            Ok(WalkStep::Done(walk)) => walk.after,
            other => panic!("{other:?}"),
        };
        // The next walk starts with what was added while this one went on.
        assert_eq!(done("2199-01-01T00:00:00Z").as_deref(), Some("2026-06-01T00:00:00Z"));
        assert_eq!(done("soon"), None);
        assert_eq!(done("2026-01-01T02:00:01+02:00").as_deref(), Some("2026-01-01T00:00:01Z"));
    }
}
