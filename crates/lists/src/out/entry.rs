//! What one object brings to a list.

use crate::kind::Observable;
use crate::value::{self, Exact, Value};
use forewarn_stix::Timestamp;
use forewarn_stix::pattern::{Comparison, Literal, Observation, Operation, Test, parse};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Shortest prefixes of blocks that are listed: a mistake of few digits would block a good part of
/// the net.
const LEAST_PREFIX_OF_4: u8 = 8;
const LEAST_PREFIX_OF_6: u8 = 16;

/// What one object brings to a list: values, with what is said of them.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The id of the object.
    pub id: String,
    pub(super) values: Vec<(Exact, String)>,
    pub(super) name: String,
    pub(super) confidence: Option<u8>,
    pub(super) reference: String,
    /// From when on it holds.
    pub from: Option<Timestamp>,
    /// From when on it holds no more.
    pub until: Option<Timestamp>,
    /// When it was changed last.
    pub modified: Option<Timestamp>,
}

/// Why an object brings nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotListed {
    /// It is no object of STIX.
    #[error("is no object of STIX")]
    Unreadable,
    /// It says nothing that stands in lists.
    #[error("is nothing that stands in a list: only indicators and observables are")]
    Type,
    /// It was taken back.
    #[error("is revoked")]
    Revoked,
    /// Its pattern is not STIX's.
    #[error("its pattern is one of another program")]
    PatternType,
    /// Its pattern is none.
    #[error("its pattern cannot be read")]
    Pattern,
    /// Its pattern asks for more than one value.
    #[error(
        "its pattern asks for more than one value by itself; a list would block more than was meant"
    )]
    Together,
    /// Its pattern asks for something that stands in no list.
    #[error("its pattern asks for something that stands in no list")]
    Value,
    /// Names are registered below its name.
    #[error("names of everybody are registered below its name, as below co.uk")]
    Registry,
    /// Its block of addresses is too large.
    #[error("its block of addresses is larger than is listed (/8, or /16 of IPv6)")]
    Block,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pattern: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pattern_type: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    valid_from: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    valid_until: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    modified: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    value: Option<Cow<'a, str>>,
    #[serde(default)]
    number: Option<u64>,
    #[serde(borrow, default)]
    hashes: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(default)]
    revoked: serde_json::Value,
    #[serde(default)]
    confidence: Option<u8>,
    #[serde(borrow, default)]
    external_references: Vec<RawReference<'a>>,
}

#[derive(Deserialize)]
struct RawReference<'a> {
    #[serde(borrow, default)]
    external_id: Option<Cow<'a, str>>,
}

impl Entry {
    /// What an object's bytes bring.
    ///
    /// # Errors
    /// Nothing: why.
    pub fn of(bytes: &[u8]) -> Result<Entry, NotListed> {
        let raw: Raw<'_> = serde_json::from_slice(bytes).map_err(|_| NotListed::Unreadable)?;
        if matches!(&raw.revoked, serde_json::Value::Bool(true)) || raw.revoked == "true" {
            return Err(NotListed::Revoked);
        }
        let values = match &*raw.kind {
            "indicator" if raw.pattern_type.as_deref() != Some("stix") => {
                return Err(NotListed::PatternType);
            }
            "indicator" => of_pattern(raw.pattern.as_deref().unwrap_or_default())?,
            _ => of_observable(&raw)?,
        };
        let time = |text: &Option<Cow<'_, str>>| Timestamp::parse_any(text.as_deref()?).ok();
        let reference = raw.external_references.iter().find_map(|one| one.external_id.as_deref());
        Ok(Entry {
            id: raw.id.into_owned(),
            values,
            name: raw.name.as_deref().unwrap_or_default().to_owned(),
            confidence: raw.confidence,
            reference: reference.unwrap_or_default().to_owned(),
            from: time(&raw.valid_from),
            until: time(&raw.valid_until),
            modified: time(&raw.modified),
        })
    }

    /// Whether it holds at a time.
    pub fn holds(&self, at: &Timestamp) -> bool {
        self.from.as_ref().is_none_or(|from| from <= at)
            && self.until.as_ref().is_none_or(|until| at < until)
    }
}

fn of_observable(raw: &Raw<'_>) -> Result<Vec<(Exact, String)>, NotListed> {
    let text = raw.value.as_deref().unwrap_or_default();
    let one = |kind: Observable| Ok(vec![checked(kind, text)?]);
    match &*raw.kind {
        "ipv4-addr" => one(Observable::Ipv4),
        "ipv6-addr" => one(Observable::Ipv6),
        "domain-name" => one(Observable::Domain),
        "url" => one(Observable::Url),
        "email-addr" => one(Observable::Email),
        "mac-addr" => one(Observable::Mac),
        "autonomous-system" => {
            let number = raw.number.map(|number| number.to_string()).unwrap_or_default();
            Ok(vec![checked(Observable::System, &number)?])
        }
        "file" => {
            let known = raw.hashes.values().filter_map(|text| checked(Observable::Hash, text).ok());
            let all: Vec<_> = known.collect();
            if all.is_empty() { Err(NotListed::Value) } else { Ok(all) }
        }
        _ => Err(NotListed::Type),
    }
}

fn of_pattern(text: &str) -> Result<Vec<(Exact, String)>, NotListed> {
    let observation = parse(text).map_err(|_| NotListed::Pattern)?;
    let mut all = Vec::new();
    observed(&observation, &mut all)?;
    Ok(all)
}

fn observed(one: &Observation, all: &mut Vec<(Exact, String)>) -> Result<(), NotListed> {
    match one {
        Observation::Match(comparison) => compared(comparison, all),
        Observation::Or(list) => list.iter().try_for_each(|one| observed(one, all)),
        Observation::And(_) | Observation::FollowedBy(_) | Observation::Qualified(..) => {
            Err(NotListed::Together)
        }
    }
}

fn compared(one: &Comparison, all: &mut Vec<(Exact, String)>) -> Result<(), NotListed> {
    match one {
        Comparison::Test(test) => tested(test, all),
        Comparison::Or(list) => list.iter().try_for_each(|one| compared(one, all)),
        Comparison::And(_) => Err(NotListed::Together),
    }
}

fn tested(test: &Test, all: &mut Vec<(Exact, String)>) -> Result<(), NotListed> {
    let path = test.path.to_string();
    let kind = match path.as_str() {
        "ipv4-addr:value" => Observable::Ipv4,
        "ipv6-addr:value" => Observable::Ipv6,
        "domain-name:value" => Observable::Domain,
        "url:value" => Observable::Url,
        "email-addr:value" => Observable::Email,
        "mac-addr:value" => Observable::Mac,
        "autonomous-system:number" => Observable::System,
        _ if path.starts_with("file:hashes.") => Observable::Hash,
        _ => return Err(NotListed::Value),
    };
    if test.negated {
        return Err(NotListed::Value);
    }
    let is_address = matches!(kind, Observable::Ipv4 | Observable::Ipv6);
    match &test.operation {
        Operation::Equal(literal) => all.push(constant(kind, literal)?),
        Operation::In(list) => {
            for literal in list {
                all.push(constant(kind, literal)?);
            }
        }
        Operation::IsSubset(block) if is_address => all.push(checked(kind, block)?),
        // All below a domain; a `_` stands for any sign.
        Operation::Like(text) if kind == Observable::Domain => {
            let below = text.strip_prefix("%.").filter(|rest| !rest.contains(['%', '_']));
            // A whole top-level domain is no indicator of anything.
            let below = below.filter(|rest| rest.contains('.')).ok_or(NotListed::Value)?;
            if is_registry(below) {
                return Err(NotListed::Registry);
            }
            all.push(checked(kind, &format!("*.{below}"))?);
        }
        Operation::NotEqual(_)
        | Operation::Less(_)
        | Operation::LessOrEqual(_)
        | Operation::Greater(_)
        | Operation::GreaterOrEqual(_)
        | Operation::Like(_)
        | Operation::Matches(_)
        | Operation::IsSubset(_)
        | Operation::IsSuperset(_)
        | Operation::Exists => return Err(NotListed::Value),
    }
    Ok(())
}

/// Labels below which the registries of countries register names, as the public suffix list has them
/// again and again. The list itself changes each month, and a node may run for years without a net.
const REGISTRIES: &[&str] = &[
    "ac", "co", "com", "edu", "firm", "gen", "go", "gob", "gouv", "gov", "gv", "id", "in", "ltd",
    "me", "mil", "muni", "ne", "net", "nhs", "nic", "nom", "or", "org", "plc", "police", "sch",
    "web",
];

/// Whether names are registered below this one, as below `co.uk`: a list would block them all.
fn is_registry(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let Some((label, country)) = name.split_once('.') else { return true };
    country.len() == 2 && REGISTRIES.contains(&label)
}

fn constant(kind: Observable, literal: &Literal) -> Result<(Exact, String), NotListed> {
    match literal {
        // A list must do what the pattern asks: that one name, and none below it.
        Literal::Text(text) => match checked(kind, text)? {
            (_, found) if found.starts_with("*.") => Err(NotListed::Value),
            found => Ok(found),
        },
        Literal::Integer(number) if kind == Observable::System => {
            checked(kind, &number.to_string())
        }
        Literal::Integer(_)
        | Literal::Float(_)
        | Literal::Bool(_)
        | Literal::Hex(_)
        | Literal::Binary(_)
        | Literal::Time(_) => Err(NotListed::Value),
    }
}

/// A value of the kind, by its form; a block that is not too large.
fn checked(kind: Observable, text: &str) -> Result<(Exact, String), NotListed> {
    let Value { exact, text, port } = value::read(kind, text).ok_or(NotListed::Value)?;
    if port.is_some() {
        return Err(NotListed::Together);
    }
    let prefix = text.split_once('/').and_then(|(_, bits)| bits.parse::<u8>().ok());
    let least = if exact == Exact::Ipv4 { LEAST_PREFIX_OF_4 } else { LEAST_PREFIX_OF_6 };
    let is_address = matches!(exact, Exact::Ipv4 | Exact::Ipv6);
    if is_address && prefix.is_some_and(|prefix| prefix < least) {
        return Err(NotListed::Block);
    }
    Ok((exact, text.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `%.co.uk` would have blocked a country's names.
    #[test]
    fn names_below_which_everybody_registers_are_not_listed() {
        for name in ["co.uk", "COM.au", "gouv.fr", "co.jp.", "com"] {
            assert!(is_registry(name), "{name}");
        }
        for name in ["evil.co.uk", "evil.example", "co.example", "bbc.uk"] {
            assert!(!is_registry(name), "{name}");
        }
        let indicator = |name: &str| {
            format!(
                r#"{{"type":"indicator","id":"indicator--1","pattern":"[domain-name:value LIKE '%.{name}']","pattern_type":"stix"}}"#
            )
        };
        assert_eq!(Entry::of(indicator("co.uk").as_bytes()).unwrap_err(), NotListed::Registry);
        assert!(Entry::of(indicator("evil.co.uk").as_bytes()).is_ok());
    }
}
