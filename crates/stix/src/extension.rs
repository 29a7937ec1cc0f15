//! Checks `extensions`: those that the standard predefines for a type, those that an extension
//! definition defines, and custom ones (STIX 2.1 §3.2, §3.10, §7.3, §11.3).

use crate::at::At;
use crate::check::{check_shape, check_unknown};
use crate::findings::{Findings, require};
use crate::id::StixId;
use crate::rule;
use crate::text::shortened;
use crate::types::{self, Known, Predefined};
use crate::vocabulary::EXTENSION_TYPE;
use serde_json::{Map, Value};

/// Whether an object has an extension with one of these values of `extension_type`.
pub(crate) fn uses(map: &Map<String, Value>, kinds: &[&str]) -> bool {
    let all = map.get("extensions").and_then(Value::as_object);
    all.into_iter().flatten().any(|(_, value)| {
        value
            .get("extension_type")
            .and_then(Value::as_str)
            .is_some_and(|kind| kinds.contains(&kind))
    })
}

pub(crate) fn check(value: &Value, at: &At<'_>, found: &mut Findings<'_>) {
    let Some(map) = value.as_object() else {
        return require(false, "a dictionary of extensions", value, at, found);
    };
    if map.is_empty() {
        found.empty_dictionary(at);
    }
    for (name, value) in map {
        let at = at.name(name);
        match value.as_object() {
            None => require(false, "an object", value, &at, found),
            Some(inner) if inner.is_empty() => {
                found.add(
                    &rule::EXTENSION_EMPTY,
                    &at,
                    "an extension must have at least one property",
                );
            }
            Some(inner) => check_one(name, inner, &at, found),
        }
    }
}

fn check_one(name: &str, inner: &Map<String, Value>, at: &At<'_>, found: &mut Findings<'_>) {
    let of = found.whole.get("type").and_then(Value::as_str).and_then(types::find);
    let own = of.and_then(|known| predefined(known, name));
    let by_definition = StixId::type_of(name).is_ok_and(|of| of == "extension-definition");
    // §3.2: wherever `extension_type` is given, it must be a known one.
    if by_definition || inner.contains_key("extension_type") {
        check_type(inner, at, found);
    }
    if let Some((_, shape)) = own {
        return check_shape(inner, shape, at, found);
    }
    check_name(name, by_definition, at, found);
    for (name, value) in inner {
        check_unknown(name, value, &at.name(name), found);
    }
}

fn check_name(name: &str, by_definition: bool, at: &At<'_>, found: &mut Findings<'_>) {
    if by_definition {
        return;
    }
    if types::is_predefined(name) {
        let message = format!("`{}` is not defined for this type of object", shortened(name));
        found.add(&rule::EXTENSION_NAME, at, message);
    } else if !is_custom_name(name) {
        let message = "is neither an extension definition's id nor a name that ends with -ext";
        found.add(&rule::EXTENSION_NAME, at, message);
    } else if !uses(found.whole, &["property-extension"]) {
        let message = format!("`{}` should be defined by an extension definition", shortened(name));
        found.add(&rule::CUSTOM_EXTENSION, at, message);
    }
}

fn check_type(inner: &Map<String, Value>, at: &At<'_>, found: &mut Findings<'_>) {
    let known = EXTENSION_TYPE.join(", ");
    match inner.get("extension_type").map(Value::as_str) {
        Some(Some(kind)) if EXTENSION_TYPE.contains(&kind) => {}
        Some(_) => {
            let message = format!("`extension_type` is not one of: {known}");
            found.add(&rule::EXTENSION_TYPE, &at.name("extension_type"), message);
        }
        None => {
            let message = format!("`extension_type` is missing; it must be one of: {known}");
            found.add(&rule::EXTENSION_TYPE, &at.name("extension_type"), message);
        }
    }
}

fn predefined(known: &'static Known, name: &str) -> Option<&'static Predefined> {
    known.of.extensions.iter().find(|(known, _)| *known == name)
}

fn is_custom_name(name: &str) -> bool {
    name.ends_with("-ext") && crate::id::is_type_name(name)
}
