//! Polling a collection of somebody else's server: what to ask next, and whether it gets anywhere.
//!
//! Servers differ. Some give `next`, some say `more` without one, some forget a `next` once it was
//! used, some give the same page for ever. A [`Walk`] goes from one end of the news to the other,
//! page by page; what it has come to is all in it, so it can be kept and taken up again anywhere.
//! Nothing is ever passed over: where a server leaves a doubt, objects are asked for once more.

use forewarn_stix::Timestamp;
use serde::{Deserialize, Serialize};

/// So many pages are remembered, to know one that comes again.
const REMEMBERED: usize = 64;
/// So often a walk may begin anew because its `next` is no longer known to the server.
const MAX_RESTARTS: u32 = 3;

/// A poll's place, kept from one page to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Walk {
    /// Where the walk began: only what was added after it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The server's word for the next page, within a walk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The latest `X-TAXII-Date-Added-Last` of this walk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
    /// Digests of the last pages of this walk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<String>,
    /// How often it began anew.
    #[serde(default)]
    pub restarts: u32,
}

/// What a page said, besides its objects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageHead {
    /// How many objects it had.
    pub objects: usize,
    /// Whether there is more.
    pub more: bool,
    /// The server's word for the next page.
    pub next: Option<String>,
    /// `X-TAXII-Date-Added-Last`.
    pub last: Option<String>,
    /// A digest of its bytes.
    pub digest: String,
}

/// Where a page leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WalkStep {
    /// There is another page: ask again.
    On(Walk),
    /// All is here. The next walk begins behind what came.
    Done(Walk),
}

/// Why a walk leads nowhere: the server's fault, to be said to whoever runs it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stuck {
    /// A page came that came before.
    #[error("the server gives the same page again and again")]
    Repeats,
    /// More is promised, and there is no way to ask for it.
    #[error(
        "the server says that there is more, and gives neither a `next` nor an \
         X-TAXII-Date-Added-Last that moves"
    )]
    NoWay,
    /// `next` is refused each time.
    #[error("the server does not know the `next` that it gave")]
    Forgets,
    /// The header is no timestamp.
    #[error("the server's X-TAXII-Date-Added-Last `{0}` is no timestamp")]
    BadDate(String),
}

impl Walk {
    /// A walk over what is added from now on behind `after`; over all, when that is none.
    pub fn from(after: Option<String>) -> Walk {
        Walk { after, ..Walk::default() }
    }

    /// The query of the next request, besides its filters.
    pub fn query(&self, limit: u32) -> Vec<(&'static str, String)> {
        let mut query = vec![("limit", limit.to_string())];
        // §3.4, §3.5: `next` goes with the query that it answers.
        query.extend(self.after.clone().map(|after| ("added_after", after)));
        query.extend(self.next.clone().map(|next| ("next", next)));
        query
    }

    /// What a page leads to.
    pub fn step(mut self, page: &PageHead) -> Result<WalkStep, Stuck> {
        if (page.objects > 0 || page.more) && self.pages.contains(&page.digest) {
            return Err(Stuck::Repeats);
        }
        if let Some(last) = &page.last {
            let time =
                |text: &str| Timestamp::parse(text).map_err(|_| Stuck::BadDate(text.to_owned()));
            let came = time(last)?;
            let known = self.newest.as_deref().map(time).transpose()?;
            if known.is_none_or(|known| known.micros() < came.micros()) {
                self.newest = Some(last.clone());
            }
        }
        if !page.more {
            return Ok(WalkStep::Done(Walk::from(later(self.newest, self.after))));
        }
        if self.pages.len() >= REMEMBERED {
            self.pages.remove(0);
        }
        self.pages.push(page.digest.clone());
        if page.next.is_some() {
            self.next.clone_from(&page.next);
            return Ok(WalkStep::On(self));
        }
        // §5.3: without `next`, a page begins behind the last one's date. Others of the same instant
        // may not have come yet, so it begins a microsecond earlier.
        let behind = self.newest.as_deref().and_then(just_before);
        if behind.is_none() || behind == self.after {
            return Err(Stuck::NoWay);
        }
        (self.after, self.next) = (behind, None);
        Ok(WalkStep::On(self))
    }

    /// The server refuses the `next` that it gave (some know it once, or for half a minute): the walk
    /// begins anew. What came before comes again and changes nothing.
    pub fn forgotten(self) -> Result<Walk, Stuck> {
        if self.restarts >= MAX_RESTARTS {
            return Err(Stuck::Forgets);
        }
        Ok(Walk { restarts: self.restarts + 1, ..Walk::from(self.after) })
    }
}

/// The later of two times; what is none counts as the earliest.
pub fn later(one: Option<String>, other: Option<String>) -> Option<String> {
    let time = |text: &String| Timestamp::parse(text).map_or(i64::MIN, |time| time.micros());
    [one, other].into_iter().flatten().max_by_key(time)
}

fn just_before(time: &str) -> Option<String> {
    let micros = Timestamp::parse(time).ok()?.micros();
    Timestamp::from_micros(micros - 1).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "2026-01-01T00:00:01.000000Z";
    const SECOND: &str = "2026-01-01T00:00:02.000000Z";

    fn page(digest: &str, next: Option<&str>, last: &str) -> PageHead {
        PageHead {
            objects: 2,
            more: next.is_some(),
            next: next.map(str::to_owned),
            last: Some(last.to_owned()),
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
    fn pages_are_followed_to_the_end_and_the_next_walk_begins_behind() {
        let walk = on(Walk::default().step(&page("a", Some("n1"), FIRST)));
        assert_eq!(walk.query(10), [("limit", "10".into()), ("next", "n1".into())]);
        let done = walk.step(&page("b", None, SECOND)).unwrap();
        let WalkStep::Done(walk) = done else { panic!("{done:?}") };
        assert_eq!(walk.query(10), [("limit", "10".into()), ("added_after", SECOND.into())]);
        // Nothing new: the next walk begins where this one did.
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
    fn more_without_next_goes_on_by_the_date_and_passes_over_nothing_of_the_same_instant() {
        let more = PageHead { more: true, ..page("a", None, FIRST) };
        let walk = on(Walk::default().step(&more));
        assert_eq!(walk.after.as_deref(), Some("2026-01-01T00:00:00.999999Z"));
        // All of a page is of one instant: no date leads on.
        let same = PageHead { more: true, ..page("b", None, FIRST) };
        assert_eq!(walk.step(&same), Err(Stuck::NoWay));
        let dateless = PageHead { more: true, last: None, ..page("a", None, FIRST) };
        assert_eq!(Walk::default().step(&dateless), Err(Stuck::NoWay));
    }

    #[test]
    fn a_forgotten_next_begins_the_walk_anew_a_few_times() {
        let mut walk = on(Walk::from(Some(FIRST.into())).step(&page("a", Some("n"), SECOND)));
        for _ in 0..MAX_RESTARTS {
            walk = walk.forgotten().unwrap();
            assert_eq!((walk.after.as_deref(), &walk.next), (Some(FIRST), &None));
            walk.next = Some("n".into());
        }
        assert_eq!(walk.forgotten(), Err(Stuck::Forgets));
    }

    #[test]
    fn a_date_that_is_none_is_said() {
        let bad = page("a", None, "yesterday");
        assert_eq!(Walk::default().step(&bad), Err(Stuck::BadDate("yesterday".into())));
    }
}
