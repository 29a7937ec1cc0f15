//! Custom properties and types, which the standard does not define (STIX 2.1 §11, §7.3).

use crate::at::At;
use crate::check::{check_unknown, missing};
use crate::findings::Findings;
use crate::rule;
use crate::schema::ValueKind;
use crate::types::{self, Family};
use crate::{extension, rules};
use serde_json::{Map, Value};

/// The reserved names of §3.8, with a plural that the published schemas have beside the singular of
/// the text.
const RESERVED: &[&str] = &["action", "severity", "username", "phone_number", "phone_numbers"];

/// Checks a property that the object's type does not have. `by_extension` says whether an extension
/// adds properties at the top level.
pub(crate) fn check_property(
    name: &str,
    value: &Value,
    by_extension: bool,
    found: &mut Findings<'_>,
) {
    let at = At::ROOT.name(name);
    if RESERVED.contains(&name) {
        let message = format!("`{name}` is reserved for a later version of STIX");
        return found.add(&rule::RESERVED, &at, message);
    }
    check_unknown(name, value, &at, found);
    if !by_extension && name != "defanged" && !is_of_versions(name, found) {
        let message =
            format!("`{name}` is not in STIX 2.1; it should be defined by an extension definition");
        found.add(&rule::CUSTOM_PROPERTY, &at, message);
    }
}

/// Whether the property is one that makes a marking definition look versioned. A rule of its own
/// says so: it must not be reported as custom too.
fn is_of_versions(name: &str, found: &Findings<'_>) -> bool {
    let marking = found.whole.get("type").is_some_and(|name| name == "marking-definition");
    marking && matches!(name, "modified" | "revoked")
}

/// Checks an object of a type that the standard does not define.
pub(crate) fn check(map: &Map<String, Value>, found: &mut Findings<'_>) {
    let known = &*types::CUSTOM;
    for (name, value) in map {
        let at = At::ROOT.name(name);
        if let Some((_, prop)) = known.prop(name) {
            match prop.kind {
                ValueKind::Extensions => extension::check(value, &at, found),
                kind => crate::check::check(value, kind, &at, found),
            }
            continue;
        }
        check_property(name, value, true, found);
    }
    let by_extension = extension::uses(map, &["new-sdo", "new-sco", "new-sro"]);
    let name = map.get("type").and_then(Value::as_str).unwrap_or_default();
    if !matches!(name, "" | "bundle" | "action") {
        check_kind(map, by_extension, name, found);
    }
    rules::check_custom(map, found);
}

fn check_kind(map: &Map<String, Value>, by_extension: bool, name: &str, found: &mut Findings<'_>) {
    if !by_extension {
        let message = format!(
            "`{name}` is not a type of STIX 2.1; it should be defined by an extension definition"
        );
        found.add(&rule::CUSTOM_OBJECT, &At::ROOT.name("type"), message);
    }
    // Without an extension, an object with `created` or `modified` counts as a domain object.
    let versioned = extension::uses(map, &["new-sdo", "new-sro"])
        || (!by_extension && (map.contains_key("created") || map.contains_key("modified")));
    if versioned {
        for prop in Family::Versioned.common().iter().filter(|prop| prop.required) {
            if !map.contains_key(prop.name) {
                missing(prop, &At::ROOT, found);
            }
        }
    }
}
