//! The query of a GET: filters (TAXII 2.1 §3.4) and the place where a page begins (§3.5).

use forewarn_stix::Timestamp;
use forewarn_stix::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most objects of one page. It caps a larger `limit`, and is the limit of a request without one.
pub const MAX_LIMIT: u32 = 5_000;
/// Most ids in `match[id]`, and most versions in `match[version]`.
pub const MAX_TERMS: usize = 1_000;
/// Most types in `match[type]`: STIX 2.1 defines 41.
pub const MAX_TYPES: usize = 100;

/// The message for more than [`MAX_TERMS`] values.
const TOO_MANY: &str = "has more than 1,000 values";

/// The parameters of §3.4 that are understood; others are ignored.
const PARAMETERS: [&str; 7] = [
    "limit",
    "next",
    "added_after",
    "match[id]",
    "match[type]",
    "match[version]",
    "match[spec_version]",
];

/// The place where a page begins: after the objects that were added at this time, in microseconds
/// since 1970. The default begins at the oldest object. It is the value of `next` that a server
/// gives, in decimal; to clients it is opaque (§3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor(pub i64);

/// Which versions of each object are asked for: `match[version]` of §3.4.1. The fields add up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct VersionFilter {
    /// The newest version: the only one, when a request has no `match[version]`.
    pub last: bool,
    /// The oldest version.
    pub first: bool,
    /// Every version. A request cannot combine it with the others.
    pub all: bool,
    /// The versions with exactly these times, to the nanosecond.
    pub times: Vec<Moment>,
}

impl VersionFilter {
    /// Asks for the newest version only.
    pub fn last() -> VersionFilter {
        VersionFilter { last: true, ..VersionFilter::default() }
    }

    /// Whether versions are asked for by their times only.
    pub fn is_by_time(&self) -> bool {
        !self.times.is_empty() && !self.last && !self.first && !self.all
    }

    /// Asks for every version.
    pub fn all() -> VersionFilter {
        VersionFilter { all: true, ..VersionFilter::default() }
    }
}

/// The query of a GET, checked. [`Filter::parse`] makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Only objects added later than this: the later of `added_after` and `next`.
    pub after: Cursor,
    /// Most objects to return, 1 to [`MAX_LIMIT`].
    pub limit: u32,
    /// Only objects with one of these ids; any id when empty.
    pub ids: Vec<String>,
    /// Only objects of one of these types; any type when empty.
    pub types: Vec<String>,
    /// Only these versions of each object.
    pub versions: VersionFilter,
    /// Whether `match[spec_version]` is absent or names 2.1. Otherwise nothing matches, since a
    /// collection holds nothing else.
    pub wants_stix_2_1: bool,
}

/// Why a query is refused, with status 400 (§3.4). The message names the parameter.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter `{name}`: {why}")]
pub struct BadParameter {
    name: String,
    why: String,
}

impl Filter {
    /// The filter of a request without a query: the newest version of every object, from the oldest
    /// addition on.
    pub fn all() -> Filter {
        Filter {
            after: Cursor::default(),
            limit: MAX_LIMIT,
            ids: Vec::new(),
            types: Vec::new(),
            versions: VersionFilter::last(),
            wants_stix_2_1: true,
        }
    }

    /// Whether the newest version of every object added after [`Filter::after`] matches.
    pub fn is_of_all(&self) -> bool {
        let versions = self.versions.last || self.versions.all;
        self.ids.is_empty() && self.types.is_empty() && versions && self.wants_stix_2_1
    }

    /// Reads the decoded name–value pairs of a query. Unknown parameters are ignored, as §3.4
    /// allows.
    ///
    /// Errs when a known parameter is given twice, has a malformed value, or has more values than
    /// [`MAX_TERMS`] or [`MAX_TYPES`].
    pub fn parse<'a>(
        pairs: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Filter, BadParameter> {
        let mut filter = Filter::all();
        let mut next = None;
        let mut given = BTreeSet::new();
        for (name, value) in pairs {
            let bad = |why: &str| BadParameter { name: name.to_owned(), why: why.to_owned() };
            // §3.4: each at most once. Which of two values is meant cannot be known.
            if PARAMETERS.contains(&name) && !given.insert(name) {
                return Err(bad("is given twice; put several values into one, with commas"));
            }
            match name {
                "limit" => {
                    filter.limit = limit(value).ok_or_else(|| bad("must be an integer from 1"))?;
                }
                "next" => {
                    let why = "is not a value that this server returned";
                    next = Some(cursor(value).ok_or_else(|| bad(why))?);
                }
                "added_after" => {
                    let time = timestamp(value).map_err(|e| bad(&e))?;
                    filter.after = Cursor(time.micros());
                }
                "match[id]" => filter.ids = terms(value).ok_or_else(|| bad(TOO_MANY))?,
                "match[type]" => {
                    let types = terms(value).filter(|types| types.len() <= MAX_TYPES);
                    filter.types = types.ok_or_else(|| bad("has more than 100 types"))?;
                }
                "match[version]" => filter.versions = versions(value).map_err(|e| bad(&e))?,
                "match[spec_version]" => {
                    filter.wants_stix_2_1 = value.split(',').any(|v| v.trim() == "2.1");
                }
                _ => {}
            }
        }
        filter.after = Cursor(filter.after.0.max(next.unwrap_or_default().0));
        Ok(filter)
    }
}

fn limit(text: &str) -> Option<u32> {
    text.parse::<u64>()
        .ok()
        .filter(|n| *n > 0)
        .map(|n| u32::try_from(n).unwrap_or(MAX_LIMIT).min(MAX_LIMIT))
}

fn cursor(text: &str) -> Option<Cursor> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain).map(Cursor)
}

fn terms(text: &str) -> Option<Vec<String>> {
    let terms: Vec<String> = text.split(',').map(|term| term.trim().to_owned()).collect();
    (terms.len() <= MAX_TERMS).then_some(terms)
}

/// A timestamp of a request. TAXII's (§3.2) are in UTC with Z; programs send those of their libraries,
/// with an offset, and any of RFC 3339 is the same moment. A `+` that was not encoded has become a
/// space on its way.
fn timestamp(text: &str) -> Result<Timestamp, String> {
    let offset = text.len().checked_sub(OFFSET.len()).and_then(|at| text.split_at_checked(at));
    let mended = match offset.map(|(time, offset)| (time, offset.strip_prefix(' '))) {
        Some((time, Some(offset))) if time.contains(['T', 't']) => format!("{time}+{offset}"),
        _ => text.to_owned(),
    };
    Timestamp::parse_any(&mended).map_err(|e| match Timestamp::parse(&format!("{text}Z")) {
        Ok(utc) => format!("`{text}` does not say its time zone; in UTC it would be {utc}"),
        Err(_) => e.to_string(),
    })
}

/// How an offset is written.
const OFFSET: &str = "+00:00";

fn versions(text: &str) -> Result<VersionFilter, String> {
    let mut versions = VersionFilter::default();
    for term in terms(text).ok_or(TOO_MANY)? {
        match term.as_str() {
            "last" => versions.last = true,
            "first" => versions.first = true,
            "all" => versions.all = true,
            time => {
                let is_time = time.starts_with(|c: char| c.is_ascii_digit());
                let time = timestamp(time).map_err(|e| {
                    let other = format!("`{time}` is not last, first, all or a timestamp");
                    if is_time { e } else { other }
                })?;
                versions.times.push(time.moment());
            }
        }
    }
    if versions.all && (versions.last || versions.first || !versions.times.is_empty()) {
        return Err("`all` already includes every version: give it alone".to_owned());
    }
    Ok(versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<Filter, BadParameter> {
        Filter::parse(pairs.iter().copied())
    }

    #[test]
    fn a_filter_is_read_and_bounded() {
        let filter = parse(&[
            ("limit", "99999999999"),
            ("added_after", "1970-01-01T00:00:01Z"),
            ("next", "7"),
            ("match[type]", "indicator,malware"),
            ("match[version]", "last,2017-12-15T09:30:00Z"),
        ])
        .unwrap();
        assert_eq!((filter.limit, filter.after), (MAX_LIMIT, Cursor(1_000_000)));
        assert_eq!(filter.types, ["indicator", "malware"]);
        assert!(filter.versions.last && filter.versions.times.len() == 1);
    }

    #[test]
    fn a_time_may_have_any_offset() {
        for time in [
            "2017-12-15T09:30:00Z",
            "2017-12-15T09:30:00+00:00",
            "2017-12-15T09:30:00 00:00",
            "2017-12-15t10:30:00.000+01:00",
            "2017-12-15T04:30:00-05:00",
        ] {
            let after = parse(&[("added_after", time)]).unwrap().after;
            assert_eq!(after, Cursor(1_513_330_200_000_000), "{time}");
            let versions = parse(&[("match[version]", time)]).unwrap().versions;
            assert_eq!(versions.times[0].micros(), after.0, "{time}");
        }
        for name in ["added_after", "match[version]"] {
            let bare = parse(&[(name, "2017-12-15T09:30:00.123456")]).unwrap_err().to_string();
            assert!(bare.contains("in UTC it would be 2017-12-15T09:30:00.123456Z"), "{bare}");
            let day = parse(&[(name, "2017-12-15")]).unwrap_err().to_string();
            assert!(day.contains("2017-12-15"), "{day}");
        }
    }

    #[test]
    fn a_parameter_given_twice_is_refused() {
        for name in PARAMETERS {
            let value = match name {
                "added_after" | "match[version]" => "1970-01-01T00:00:01Z",
                _ => "1",
            };
            let twice = parse(&[(name, value), (name, value)]).unwrap_err().to_string();
            assert!(twice.contains("given twice"), "{twice}");
        }
        assert!(parse(&[("x-other", "1"), ("x-other", "2")]).is_ok());
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        for pair in [
            ("limit", "0"),
            ("limit", "x"),
            ("next", "-1"),
            ("next", ""),
            ("added_after", "y"),
            ("match[version]", "newest"),
            ("match[version]", "all,last"),
        ] {
            assert!(parse(&[pair]).unwrap_err().to_string().contains(pair.0), "{pair:?}");
        }
    }
}
