//! Values of observables in the one form in which patterns of interests are held against them:
//! without defanging, hosts in one alphabet and case.

use crate::interest::written::{self, network};
use forewarn_extract::host;
use forewarn_extract::refang::refang;
use forewarn_stix::pattern::{Literal, Observation, Operation, PathStep};
use serde_json::Value;
use std::borrow::Cow;

/// Types whose `value` is an address of some kind.
const ADDRESSES: &[&str] =
    &["domain-name", "email-addr", "hostname", "ipv4-addr", "ipv6-addr", "url"];

/// Properties of observables that are whole numbers, which some write as texts.
const NUMBERS: &[&str] = &[
    "dst_byte_count",
    "dst_packets",
    "dst_port",
    "image_height",
    "number",
    "number_of_subkeys",
    "pid",
    "size",
    "src_byte_count",
    "src_packets",
    "src_port",
];

/// Whether a property is a whole number.
pub(crate) fn is_number(property: &str) -> bool {
    NUMBERS.contains(&property)
}

/// The number that a text is at a property of whole numbers.
fn number(property: &str, text: &str) -> Option<i64> {
    let digits =
        is_number(property) && text.len() <= MAX_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Most digits of a number that JSON keeps exactly: 2^53 has 16.
const MAX_DIGITS: usize = 15;

/// Whether an object path leads to the `value` of what a reference, or one of a list of them, leads
/// to.
pub(crate) fn is_referred(path: &str) -> bool {
    refers(path, ".value")
}

/// Whether an object path ends with a property of what a reference leads to.
pub(crate) fn refers(path: &str, property: &str) -> bool {
    let Some(before) = path.strip_suffix(property) else { return false };
    let before = match before.strip_suffix(']') {
        Some(list) => list.rsplit_once('[').map_or("", |(name, _)| name),
        None => before,
    };
    before.ends_with("_ref") || before.ends_with("_refs")
}

fn is_address(path: &str) -> bool {
    let own = path.strip_suffix(":value").is_some_and(|object| ADDRESSES.contains(&object));
    own || is_referred(path)
}

/// The value at an object path, in its one form; what is no address is as it stands.
pub(crate) fn value_at<'a>(path: &str, value: Cow<'a, str>) -> Cow<'a, str> {
    if is_address(path) { address(value) } else { value }
}

fn address(value: Cow<'_, str>) -> Cow<'_, str> {
    let plain = refang(&value);
    let form = if plain.contains("://") {
        written::normal_url(&plain)
    } else if plain.contains('@') {
        host::email(&plain)
    } else if network(&plain).is_some() || !plain.contains('.') {
        None
    } else {
        Some(host::ascii(&plain).into_owned())
    };
    let form = form.unwrap_or_else(|| plain.into_owned());
    if form == *value { value } else { Cow::Owned(form) }
}

/// Whether any value of objects has another form than its one.
pub(crate) fn has_other(objects: &[Value]) -> bool {
    let held = |object: &Value| {
        let held = object.get("objects").and_then(Value::as_object);
        held.is_some_and(|held| held.values().any(has_form))
    };
    objects.iter().any(|object| has_form(object) || held(object))
}

fn has_form(object: &Value) -> bool {
    form_of(object).is_some() || numbers(object).next().is_some()
}

/// Puts the values of objects into their one form; whether that changed any.
pub(crate) fn objects(objects: &mut [Value]) -> bool {
    let mut changed = false;
    for object in objects {
        changed |= one(object);
        // An observed-data may hold its observables.
        if let Some(held) = object.get_mut("objects").and_then(Value::as_object_mut) {
            for inner in held.values_mut() {
                changed |= one(inner);
            }
        }
    }
    changed
}

fn one(object: &mut Value) -> bool {
    let address = form_of(object).map(|form| ("value", Value::String(form)));
    let all: Vec<(&str, Value)> = address.into_iter().chain(numbers(object)).collect();
    let changed = !all.is_empty();
    for (name, form) in all {
        if let Some(value) = object.get_mut(name) {
            *value = form;
        }
    }
    changed
}

/// The numbers of an object that are written as texts.
fn numbers(object: &Value) -> impl Iterator<Item = (&'static str, Value)> {
    NUMBERS.iter().filter_map(|name| {
        let text = object.get(name)?.as_str()?;
        Some((*name, Value::from(number(name, text)?)))
    })
}

/// The one form of an object's address; `None` where it is as it stands.
fn form_of(object: &Value) -> Option<String> {
    let kind = object.get("type").and_then(Value::as_str);
    // What a reference leads to may have lost its type.
    if kind.is_some_and(|kind| !ADDRESSES.contains(&kind)) {
        return None;
    }
    match address(Cow::Borrowed(object.get("value")?.as_str()?)) {
        Cow::Borrowed(_) => None,
        Cow::Owned(form) => Some(form),
    }
}

/// Puts the constants of a pattern into their one form; whether that changed any.
pub(crate) fn constants(pattern: &mut Observation) -> bool {
    let mut changed = false;
    pattern.tests_mut(&mut |test| {
        let is_address = is_address(&test.path.to_string());
        let name = match test.path.steps.last() {
            Some(PathStep::Key(name)) => name.as_str(),
            Some(PathStep::Index(_) | PathStep::Any) | None => "",
        };
        if !is_address && !is_number(name) {
            return;
        }
        let literals = match &mut test.operation {
            Operation::Equal(literal) | Operation::NotEqual(literal) => {
                std::slice::from_mut(literal)
            }
            Operation::In(literals) => literals.as_mut_slice(),
            Operation::Like(text) if is_address => {
                if let Cow::Owned(plain) = refang(text) {
                    *text = plain;
                    changed = true;
                }
                return;
            }
            Operation::Less(_)
            | Operation::LessOrEqual(_)
            | Operation::Greater(_)
            | Operation::GreaterOrEqual(_)
            | Operation::Like(_)
            | Operation::Matches(_)
            | Operation::IsSubset(_)
            | Operation::IsSuperset(_)
            | Operation::Exists => return,
        };
        for literal in literals {
            let Literal::Text(text) = literal else { continue };
            let form = match (number(name, text), address(Cow::Borrowed(text))) {
                (Some(number), _) => Literal::Integer(number),
                (None, Cow::Owned(form)) if is_address => Literal::Text(form),
                (None, _) => continue,
            };
            *literal = form;
            changed = true;
        }
    });
    changed
}
