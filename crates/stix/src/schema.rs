//! The kinds of value a property may have, and the check of a value against its kind.

use crate::finding::Finding;
use crate::id::StixId;
use crate::time::Timestamp;
use serde_json::{Map, Value};

/// Where in an object a check stands; written out only when something is wrong there.
pub(crate) struct At<'a> {
    up: Option<&'a At<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Root,
    Name(&'a str),
    Index(usize),
}

impl At<'_> {
    pub(crate) const ROOT: At<'static> = At { up: None, step: Step::Root };

    pub(crate) fn name<'a>(&'a self, name: &'a str) -> At<'a> {
        At { up: Some(self), step: Step::Name(name) }
    }

    fn index(&self, n: usize) -> At<'_> {
        At { up: Some(self), step: Step::Index(n) }
    }
}

impl std::fmt::Display for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(up) = self.up {
            up.fmt(f)?;
        }
        match self.step {
            Step::Root => f.write_str("$"),
            Step::Name(name) => write!(f, ".{name}"),
            Step::Index(n) => write!(f, "[{n}]"),
        }
    }
}

/// What a property's value must be (STIX 2.1 §2).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    /// A string that says nothing when it is empty.
    Named,
    Bool,
    /// An integer between the two, both included.
    Int(i64, i64),
    /// A number between the two, both included.
    Num(f64, f64),
    Time,
    /// A reference to an object of one of these types; any type when empty.
    Ref(&'static [&'static str]),
    /// A reference to an object of any type but these.
    RefBut(&'static [&'static str]),
    /// A hashes dictionary (§2.6): known algorithms have their length.
    Hashes,
    /// An IPv4 address or block, an IPv6 address or block, a MAC address (§6.10, §6.11, §6.7).
    Ipv4,
    Ipv6,
    Mac,
    /// a-z, 0-9 and hyphens (§5.1).
    Hyphened,
    /// A list, which must not be empty (§2.10).
    List(&'static Kind),
    /// A dictionary (§2.3).
    Dict,
    /// One of a closed set.
    Enum(&'static [&'static str]),
    /// An object with these properties.
    Shape(&'static [Prop]),
    /// What a granular marking applies to (§7.2.3.1).
    Selector,
    /// Lower- or upper-case hexadecimal, of even length (§2.7).
    Hex,
    /// Base64 (§2.1).
    Binary,
    Any,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Prop {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
}

/// A property that must be there.
pub(crate) const fn must(name: &'static str, kind: Kind) -> Prop {
    Prop { name, kind, required: true }
}

/// A property that may be there.
pub(crate) const fn may(name: &'static str, kind: Kind) -> Prop {
    Prop { name, kind, required: false }
}

pub(crate) fn check_shape(
    map: &Map<String, Value>,
    props: &[Prop],
    at: &At<'_>,
    found: &mut Vec<Finding>,
) {
    for prop in props {
        match map.get(prop.name) {
            Some(value) => check(value, prop.kind, &at.name(prop.name), found),
            None if prop.required => found.push(Finding::error(
                at.name(prop.name).to_string(),
                "required-property",
                format!("the required property `{}` is missing", prop.name),
            )),
            None => {}
        }
    }
}

fn check(value: &Value, kind: Kind, at: &At<'_>, found: &mut Vec<Finding>) {
    match kind {
        Kind::Any => {}
        Kind::Text => want(value.is_string(), "a string", value, at, found),
        Kind::Bool => want(value.is_boolean(), "true or false", value, at, found),
        Kind::Dict => check_dict(value, at, found),
        Kind::Hashes => check_hashes(value, at, found),
        Kind::Named | Kind::Ipv4 | Kind::Ipv6 | Kind::Mac | Kind::Hyphened => {
            check_text(value, at, found, |text| check_form(text, kind));
        }
        Kind::RefBut(types) => check_text(value, at, found, |text| check_ref_but(text, types)),
        Kind::Int(low, high) => check_int(value, low, high, at, found),
        Kind::Num(low, high) => check_num(value, low, high, at, found),
        Kind::Time => check_text(value, at, found, |text| {
            Timestamp::parse(text).err().map(|e| ("timestamp", e.to_string()))
        }),
        Kind::Ref(types) => check_text(value, at, found, |text| check_ref(text, types)),
        Kind::Enum(allowed) => check_text(value, at, found, |text| {
            let known = allowed.contains(&text);
            (!known).then(|| ("enum", format!("`{text}` is none of: {}", allowed.join(", "))))
        }),
        Kind::Selector => check_text(value, at, found, |text| {
            text.is_empty().then(|| ("selector", "a selector is empty".to_owned()))
        }),
        Kind::Hex => check_text(value, at, found, |text| {
            let ok = text.len() % 2 == 0
                && !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_hexdigit());
            (!ok).then(|| ("hex", "is not hexadecimal of even length".to_owned()))
        }),
        Kind::Binary => check_text(value, at, found, |text| {
            let ok =
                text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
            (!(ok && text.len() % 4 == 0)).then(|| ("binary", "is not base64".to_owned()))
        }),
        Kind::List(of) => check_list(value, *of, at, found),
        Kind::Shape(props) => match value.as_object() {
            Some(map) => check_shape(map, props, at, found),
            None => want(false, "an object", value, at, found),
        },
    }
}

/// What a text must be, where one word says it.
fn check_form(text: &str, kind: Kind) -> Option<(&'static str, String)> {
    let (good, rule, wanted) = match kind {
        Kind::Ipv4 => {
            (is_block::<std::net::Ipv4Addr>(text, 32), "ipv4", "an IPv4 address or block")
        }
        Kind::Ipv6 => {
            (is_block::<std::net::Ipv6Addr>(text, 128), "ipv6", "an IPv6 address or block")
        }
        Kind::Mac => (is_mac(text), "mac", "a MAC address in lower case with colons"),
        Kind::Hyphened => {
            let plain = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
            let good = !text.is_empty() && text.bytes().all(plain);
            (good, "relationship-type", "of a-z, 0-9 and hyphens")
        }
        _ => (!text.is_empty(), "empty-text", "a text that is not empty"),
    };
    (!good).then(|| (rule, format!("`{text}` is not {wanted}")))
}

fn is_block<T: std::str::FromStr>(text: &str, most: u8) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(a, l)| (a, Some(l)));
    let fits = |length: &str| length.parse::<u8>().is_ok_and(|n| n <= most);
    address.parse::<T>().is_ok() && length.is_none_or(fits)
}

fn is_mac(text: &str) -> bool {
    let pair = |p: &str| p.len() == 2 && p.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    text.split(':').count() == 6 && text.split(':').all(pair)
}

fn check_dict(value: &Value, at: &At<'_>, found: &mut Vec<Finding>) {
    match value.as_object() {
        None => want(false, "a dictionary", value, at, found),
        Some(map) if map.is_empty() => {
            let message = "a dictionary must not be empty; leave it out";
            found.push(Finding::error(at.to_string(), "empty-dictionary", message));
        }
        Some(_) => {}
    }
}

/// Algorithms of hash-algorithm-ov (§10.7) that have a fixed length in hexadecimal digits.
const HASHES: &[(&str, usize)] = &[
    ("MD5", 32),
    ("SHA-1", 40),
    ("SHA-256", 64),
    ("SHA-512", 128),
    ("SHA3-256", 64),
    ("SHA3-512", 128),
];

fn check_hashes(value: &Value, at: &At<'_>, found: &mut Vec<Finding>) {
    check_dict(value, at, found);
    for (name, hash) in value.as_object().into_iter().flatten() {
        let length = HASHES.iter().find(|(known, _)| known == name).map(|(_, length)| *length);
        let text = hash.as_str().unwrap_or_default();
        let hex = text.bytes().all(|b| b.is_ascii_hexdigit());
        let good = match length {
            Some(length) => hex && text.len() == length,
            None => !text.is_empty(),
        };
        if !good {
            let message = format!("is no {name} hash");
            found.push(Finding::error(at.name(name).to_string(), "hash", message));
        }
    }
}

fn check_ref_but(text: &str, types: &[&str]) -> Option<(&'static str, String)> {
    let wrong = check_ref(text, &[]);
    let name = text.split_once("--").map_or("", |(name, _)| name);
    let barred = types.contains(&name);
    wrong.or_else(|| barred.then(|| ("reference-type", format!("must not refer to a `{name}`"))))
}

fn check_ref(text: &str, types: &[&str]) -> Option<(&'static str, String)> {
    let id = match StixId::parse(text) {
        Ok(id) => id,
        Err(e) => return Some(("identifier", e.to_string())),
    };
    let fits = types.is_empty() || types.contains(&id.type_name());
    (!fits).then(|| {
        ("reference-type", format!("refers to `{}`, wants {}", id.type_name(), types.join(" or ")))
    })
}

fn check_list(value: &Value, of: Kind, at: &At<'_>, found: &mut Vec<Finding>) {
    let Some(list) = value.as_array() else {
        return want(false, "a list", value, at, found);
    };
    if list.is_empty() {
        found.push(Finding::error(
            at.to_string(),
            "empty-list",
            "a list must not be empty; leave it out",
        ));
    }
    for (n, element) in list.iter().enumerate() {
        check(element, of, &at.index(n), found);
    }
}

fn check_int(value: &Value, low: i64, high: i64, at: &At<'_>, found: &mut Vec<Finding>) {
    // JSON does not tell 1.0 from 1.
    #[expect(clippy::cast_possible_truncation, reason = "integral and within 2^53 - 1")]
    let whole = value.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64);
    match value.as_i64().or(whole) {
        Some(n) if (low..=high).contains(&n) => {}
        Some(n) => found.push(Finding::error(
            at.to_string(),
            "range",
            format!("{n} is not between {low} and {high}"),
        )),
        None => want(false, "an integer", value, at, found),
    }
}

fn check_num(value: &Value, low: f64, high: f64, at: &At<'_>, found: &mut Vec<Finding>) {
    match value.as_f64() {
        Some(n) if (low..=high).contains(&n) => {}
        Some(n) => found.push(Finding::error(
            at.to_string(),
            "range",
            format!("{n} is not between {low} and {high}"),
        )),
        None => want(false, "a number", value, at, found),
    }
}

fn check_text(
    value: &Value,
    at: &At<'_>,
    found: &mut Vec<Finding>,
    judge: impl Fn(&str) -> Option<(&'static str, String)>,
) {
    match value.as_str() {
        Some(text) => {
            if let Some((rule, message)) = judge(text) {
                found.push(Finding::error(at.to_string(), rule, message));
            }
        }
        None => want(false, "a string", value, at, found),
    }
}

fn want(ok: bool, what: &str, value: &Value, at: &At<'_>, found: &mut Vec<Finding>) {
    if !ok {
        let is = match value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        found.push(Finding::error(
            at.to_string(),
            "property-type",
            format!("is {is}, wants {what}"),
        ));
    }
}
