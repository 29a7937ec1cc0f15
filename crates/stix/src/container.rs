//! The deprecated `objects` of an observed-data: observables by a key, which refer to one another
//! by that key (STIX 2.1 §2.13).

use crate::at::At;
use crate::check::{self, Found, want};
use crate::rule;
use crate::schema::Kind;
use crate::types::{self, Family};
use serde_json::{Map, Value};

pub(crate) fn check(value: &Value, at: &At<'_>, found: &mut Found<'_>) {
    let Some(map) = value.as_object() else {
        return want(false, "a dictionary of observables", value, at, found);
    };
    if map.is_empty() {
        let message = "a dictionary must not be empty; leave it out";
        return found.add(&rule::EMPTY_DICTIONARY, at, message);
    }
    for (key, object) in map {
        let at = at.name(key);
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_digit()) {
            found.add(&rule::CONTAINER_KEY, &at, format!("the key `{key}` should be a number"));
        }
        match object.as_object() {
            Some(object) => check_object(object, map, &at, found),
            None => want(false, "an observable", object, &at, found),
        }
    }
}

fn check_object(
    object: &Map<String, Value>,
    container: &Map<String, Value>,
    at: &At<'_>,
    found: &mut Found<'_>,
) {
    let Some(name) = object.get("type").and_then(Value::as_str) else {
        return found.add(&rule::REQUIRED, &at.name("type"), "an observable needs its `type`");
    };
    let known = types::find(name).filter(|known| known.of.family == Family::Observable);
    for (property, value) in object {
        let at = at.name(property);
        let kind = known.and_then(|known| known.prop(property)).map(|(_, prop)| prop.kind);
        match (value, kind) {
            _ if matches!(property.as_str(), "type" | "id") => {}
            (Value::String(key), kind) if property.ends_with("_ref") => {
                resolve(key, kind, container, &at, found);
            }
            (Value::Array(keys), kind) if property.ends_with("_refs") => {
                for (n, key) in keys.iter().enumerate() {
                    let of = kind.map(|kind| if let Kind::List(of) = kind { *of } else { kind });
                    resolve(key.as_str().unwrap_or_default(), of, container, &at.index(n), found);
                }
            }
            // A reference inside an extension or a part would be judged as a global one.
            (_, None | Some(Kind::Extensions | Kind::List(Kind::Shape(_)))) => {
                check::check(value, Kind::Any, &at, found);
            }
            (_, Some(kind)) => check::check(value, kind, &at, found),
        }
    }
    let missing = known.into_iter().flat_map(|known| known.of.props).filter(|p| p.required);
    for prop in missing.filter(|prop| !object.contains_key(prop.name)) {
        check::missing(prop, at, found);
    }
}

fn resolve(
    key: &str,
    kind: Option<Kind>,
    container: &Map<String, Value>,
    at: &At<'_>,
    found: &mut Found<'_>,
) {
    let Some(target) = container.get(key) else {
        let message = format!("`{key}` is no key of the same container");
        return found.add(&rule::CONTAINER_REFERENCE, at, message);
    };
    let name = target.get("type").and_then(Value::as_str).unwrap_or_default();
    if let Some(Kind::Ref(types)) = kind
        && !types.is_empty()
        && !types.contains(&name)
    {
        let message = format!("refers to `{name}`, wants {}", types.join(" or "));
        found.add(&rule::CONTAINER_REFERENCE, at, message);
    }
}
