//! What a GET may ask for: filters (TAXII 2.1 §3.4) and where a page begins (§3.5).

use forewarn_stix::Timestamp;
use std::collections::BTreeSet;

/// Most objects of a page, and what a GET without `limit` gets.
pub const MAX_LIMIT: u32 = 5_000;
/// Most ids or versions of one filter.
pub const MAX_TERMS: usize = 1_000;
/// Most types of one filter: STIX 2.1 defines 41.
pub const MAX_TYPES: usize = 100;

/// The parameters of §3.4; others are ignored.
const PARAMETERS: [&str; 7] = [
    "limit",
    "next",
    "added_after",
    "match[id]",
    "match[type]",
    "match[version]",
    "match[spec_version]",
];

/// Where a page begins: behind the object that was added at this microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor(pub i64);

/// Which versions of an object (§3.4.1 `match[version]`); they add up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionFilter {
    /// The newest: what a request without `match[version]` means.
    pub last: bool,
    /// The oldest.
    pub first: bool,
    /// Every one.
    pub all: bool,
    /// Those of these times, microseconds since 1970.
    pub times: Vec<i64>,
}

impl VersionFilter {
    /// The newest only.
    pub fn last() -> VersionFilter {
        VersionFilter { last: true, ..VersionFilter::default() }
    }

    /// Whether nothing but certain times is asked for.
    pub fn is_by_time(&self) -> bool {
        !self.times.is_empty() && !self.last && !self.first && !self.all
    }

    /// Every one.
    pub fn all() -> VersionFilter {
        VersionFilter { all: true, ..VersionFilter::default() }
    }
}

/// A checked request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Only what was added after it.
    pub after: Cursor,
    /// At most so many.
    pub limit: u32,
    /// Only these ids, when any.
    pub ids: Vec<String>,
    /// Only these types, when any.
    pub types: Vec<String>,
    /// Only these versions.
    pub versions: VersionFilter,
    /// Whether STIX 2.1 objects are asked for at all (`match[spec_version]`).
    pub wants_stix_2_1: bool,
}

/// A parameter that cannot be understood: 400 (§3.3).
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter `{name}`: {why}")]
pub struct BadParameter {
    name: String,
    why: String,
}

impl Filter {
    /// Everything, newest versions, from the beginning.
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

    /// Whether nothing is left out but what was added before, and older versions.
    pub fn is_of_all(&self) -> bool {
        let versions = self.versions.last || self.versions.all;
        self.ids.is_empty() && self.types.is_empty() && versions && self.wants_stix_2_1
    }

    /// From a query's pairs, decoded. Unknown parameters are ignored (§3.4 leaves them free).
    pub fn parse<'a>(
        pairs: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Filter, BadParameter> {
        let mut filter = Filter::all();
        let mut next = None;
        let mut given = BTreeSet::new();
        for (name, value) in pairs {
            let bad = |why: &str| BadParameter { name: name.to_owned(), why: why.to_owned() };
            // §3.4: each at most once. Which of two is meant, nobody knows.
            if PARAMETERS.contains(&name) && !given.insert(name) {
                return Err(bad("is given twice; several values stand in one, with commas"));
            }
            match name {
                "limit" => {
                    filter.limit = limit(value).ok_or_else(|| bad("wants a number from 1"))?;
                }
                "next" => next = Some(cursor(value).ok_or_else(|| bad("is not one that we gave"))?),
                "added_after" => {
                    let time = Timestamp::parse(value).map_err(|e| bad(&e.to_string()))?;
                    filter.after = Cursor(time.micros());
                }
                "match[id]" => filter.ids = terms(value).ok_or_else(|| bad("has too many ids"))?,
                "match[type]" => {
                    let types = terms(value).filter(|types| types.len() <= MAX_TYPES);
                    filter.types = types.ok_or_else(|| bad("has too many types"))?;
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

fn versions(text: &str) -> Result<VersionFilter, String> {
    let mut versions = VersionFilter::default();
    for term in terms(text).ok_or("has too many versions")? {
        match term.as_str() {
            "last" => versions.last = true,
            "first" => versions.first = true,
            "all" => versions.all = true,
            time => {
                let time = Timestamp::parse(time)
                    .map_err(|_| format!("`{time}` is not last, first, all or a timestamp"))?;
                versions.times.push(time.micros());
            }
        }
    }
    if versions.all && (versions.last || versions.first || !versions.times.is_empty()) {
        return Err("`all` stands alone: it holds every other".to_owned());
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
    fn a_parameter_that_is_given_twice_is_not_guessed_at() {
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
