//! The deprecated `objects` of an observed-data: observables by a key, which refer to one another
//! by that key (STIX 2.1 §2.13).

use crate::at::At;
use crate::check::{Found, shortened, want};
use crate::types::{self, Family};
use crate::{object, rule};
use serde_json::{Map, Value};

pub(crate) fn check(value: &Value, at: &At<'_>, found: &mut Found<'_>) {
    let Some(map) = value.as_object() else {
        return want(false, "a dictionary of observables", value, at, found);
    };
    if map.is_empty() {
        let message = "a dictionary must not be empty; leave it out";
        return found.add(&rule::EMPTY_DICTIONARY, at, message);
    }
    for (key, member) in map {
        let at = at.name(key);
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_digit()) {
            let message = format!("the key `{}` should be a number", shortened(key));
            found.add(&rule::CONTAINER_KEY, &at, message);
        }
        match member.as_object() {
            Some(member) => check_member(member, map, &at, found),
            None => want(false, "an observable", member, &at, found),
        }
    }
}

/// One observable, by all the rules of its type; its references are keys of the container.
fn check_member(
    member: &Map<String, Value>,
    container: &Map<String, Value>,
    at: &At<'_>,
    found: &mut Found<'_>,
) {
    let name = member.get("type").and_then(Value::as_str);
    let known = name.and_then(types::find);
    let clause = known.map_or("11.2", |known| known.of.clause);
    let mut inner = Found::new(member, clause);
    inner.container = Some(container);
    object::check_type(name, &mut inner);
    if known.is_some_and(|known| known.of.family != Family::Observable) {
        let message = format!("`{}` is no observable", name.unwrap_or_default());
        inner.add(&rule::CONTAINER_REFERENCE, &At::ROOT.name("type"), message);
    } else {
        object::check_properties(member, known, &mut inner);
    }
    found.absorb(inner, at);
}

/// A reference inside a container: a key of it, of an object of one of these types.
pub(crate) fn resolve(
    key: &str,
    types: &[&str],
    container: &Map<String, Value>,
    at: &At<'_>,
    found: &mut Found<'_>,
) {
    let Some(target) = container.get(key) else {
        let message = format!("`{}` is no key of the same container", shortened(key));
        return found.add(&rule::CONTAINER_REFERENCE, at, message);
    };
    let name = target.get("type").and_then(Value::as_str).unwrap_or_default();
    if !types.is_empty() && !types.contains(&name) {
        let message = format!("refers to `{}`, wants {}", shortened(name), types.join(" or "));
        found.add(&rule::CONTAINER_REFERENCE, at, message);
    }
}
