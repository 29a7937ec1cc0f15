//! Rules that a table of properties cannot express: properties that need or exclude each other.

mod domain;
mod meta;
mod observable;

use crate::at::At;
use crate::findings::Findings;
use crate::rule::{self, Rule};
use crate::time;
use crate::types::{Family, TimeSpan, Type};
use serde_json::{Map, Value};

type Properties = Map<String, Value>;

/// Checks every such rule that applies to an object of a type of the standard.
pub(crate) fn check(map: &Properties, of: &Type, found: &mut Findings<'_>) {
    let versioned = of.family != Family::Observable;
    check_times(map, of.spans, found);
    meta::check_references(map, found);
    meta::check_granular_markings(map, found);
    if versioned && map.contains_key("defanged") {
        let message = "`defanged` is allowed in observables only";
        add(found, &rule::FORBIDDEN, "defanged", message);
    }
    match of.name {
        "indicator" => domain::check_indicator(map, found),
        "location" => domain::check_location(map, found),
        "malware" => domain::check_malware(map, found),
        "observed-data" => domain::check_observed_data(map, found),
        "relationship" => domain::check_relationship(map, found),
        "artifact" => observable::check_artifact(map, found),
        "directory" => observable::check_encoding(map, "path_enc", "path", found),
        "email-message" => observable::check_email(map, found),
        "file" => observable::check_encoding(map, "name_enc", "name", found),
        "network-traffic" => observable::check_traffic(map, found),
        "extension-definition" => meta::check_extension_definition(map, found),
        "language-content" => meta::check_language_content(map, found),
        "marking-definition" => meta::check_marking_definition(map, found),
        _ => {}
    }
}

/// Checks the rules for an object of a custom type.
pub(crate) fn check_custom(map: &Properties, found: &mut Findings<'_>) {
    check_times(map, &[], found);
    meta::check_references(map, found);
    meta::check_granular_markings(map, found);
}

fn add(found: &mut Findings<'_>, rule: &'static Rule, name: &str, message: impl Into<String>) {
    found.add(rule, &At::ROOT.name(name), message);
}

fn text<'a>(map: &'a Properties, name: &str) -> Option<&'a str> {
    map.get(name).and_then(Value::as_str)
}

fn check_times(map: &Properties, spans: &[TimeSpan], found: &mut Findings<'_>) {
    // The times as they are written, each with its moment.
    let time = |property: &str| {
        let text = text(map, property)?;
        Some((text, time::read(text).ok()?))
    };
    if let (Some((created, from)), Some((modified, to))) = (time("created"), time("modified"))
        && to < from
    {
        let message =
            format!("`modified` ({modified}) must not be earlier than `created` ({created})");
        add(found, &rule::MODIFIED_ORDER, "modified", message);
    }
    for (first, second, later) in spans {
        let (Some((a, from)), Some((b, to))) = (time(first), time(second)) else { continue };
        if to < from || (*later && to == from) {
            let than = if *later { "must be later than" } else { "must not be earlier than" };
            let message = format!("`{second}` ({b}) {than} `{first}` ({a})");
            add(found, &rule::TIME_ORDER, second, message);
        }
    }
}
