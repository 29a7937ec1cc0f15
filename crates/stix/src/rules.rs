//! Rules that a table of properties cannot say: which stand together, which exclude each other.

use crate::finding::Finding;
use crate::id::StixId;
use crate::marking::Tlp;
use crate::pattern;
use crate::time::Timestamp;
use crate::types::Family;
use serde_json::{Map, Value};

type Properties = Map<String, Value>;

/// Every such rule that applies to the object.
pub(crate) fn check(
    map: &Properties,
    name: &str,
    family: Option<Family>,
    found: &mut Vec<Finding>,
) {
    check_names(map, family, found);
    check_times(map, name, family, found);
    check_references(map, found);
    match name {
        "location" => check_location(map, found),
        "malware" => check_malware(map, found),
        "indicator" => check_indicator(map, found),
        "observed-data" => check_observed_data(map, found),
        "marking-definition" => check_marking(map, found),
        "artifact" => check_artifact(map, found),
        "email-message" => check_email(map, found),
        "network-traffic" => check_traffic(map, found),
        _ => check_at_least_one(map, name, found),
    }
}

fn error(found: &mut Vec<Finding>, path: &str, rule: &'static str, message: impl Into<String>) {
    found.push(Finding::error(path, rule, message));
}

/// STIX 2.1 §3.1 and §2.10: names of properties, null, and lists that are empty.
fn check_names(map: &Properties, family: Option<Family>, found: &mut Vec<Finding>) {
    for (name, value) in map {
        let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        let fits = plain && (3..=250).contains(&name.len());
        if !fits && name != "id" {
            let message = format!(
                "`{name}` is not a property's name: 3 to 250 of a-z, 0-9 and _, a letter first"
            );
            error(found, &format!("$.{name}"), "property-name", message);
        }
        match value {
            Value::Null => {
                error(
                    found,
                    &format!("$.{name}"),
                    "null",
                    "a property must not be null; leave it out",
                );
            }
            Value::Array(list) if list.is_empty() && family.is_none() => {
                let message = "a list must not be empty; leave it out";
                error(found, &format!("$.{name}"), "empty-list", message);
            }
            _ => {}
        }
    }
}

/// Pairs of times of which the second must not be before the first: type, earlier, later, and
/// whether they may be equal. The first pair holds for every type.
const ORDERED: &[(&str, &str, &str, bool)] = &[
    ("", "created", "modified", true),
    ("campaign", "first_seen", "last_seen", true),
    ("infrastructure", "first_seen", "last_seen", true),
    ("intrusion-set", "first_seen", "last_seen", true),
    ("malware", "first_seen", "last_seen", true),
    ("threat-actor", "first_seen", "last_seen", true),
    ("sighting", "first_seen", "last_seen", true),
    ("observed-data", "first_observed", "last_observed", true),
    ("indicator", "valid_from", "valid_until", false),
    ("relationship", "start_time", "stop_time", false),
    ("network-traffic", "start", "end", true),
    ("malware-analysis", "analysis_started", "analysis_ended", true),
];

fn check_times(map: &Properties, name: &str, family: Option<Family>, found: &mut Vec<Finding>) {
    let time = |property: &str| Timestamp::parse(map.get(property)?.as_str()?).ok();
    for (of, first, second, equal) in ORDERED.iter().filter(|(of, ..)| of.is_empty() || *of == name)
    {
        let (Some(a), Some(b)) = (time(first), time(second)) else { continue };
        if b.instant() < a.instant() || (!equal && b.instant() == a.instant()) {
            let than = if *equal { "must not be earlier than" } else { "must be later than" };
            let message = format!("`{second}` ({b}) {than} `{first}` ({a})");
            let rule = if of.is_empty() { "modified-before-created" } else { "time-order" };
            error(found, &format!("$.{second}"), rule, message);
        }
    }
    // §3.2: created and modified are given to the millisecond. Real producers write whole seconds,
    // so this is said and refuses nothing.
    for property in ["created", "modified"] {
        let coarse =
            time(property).is_some_and(|t| t.as_str().len() < "2017-12-15T09:30:00.000Z".len());
        if coarse && family.is_some() {
            let message = "is to be given to the millisecond, such as …:00.000Z";
            found.push(Finding::warning(format!("$.{property}"), "milliseconds", message));
        }
    }
}

/// §3.12, §7.2.3.1: what a reference or a granular marking needs.
fn check_references(map: &Properties, found: &mut Vec<Finding>) {
    let list = |name: &str| map.get(name).and_then(Value::as_array).into_iter().flatten();
    for (n, one) in list("external_references").enumerate() {
        let any = ["description", "url", "external_id"].iter().any(|p| one.get(p).is_some());
        if one.is_object() && !any {
            let message =
                "needs a `description`, a `url` or an `external_id` beside the source's name";
            error(found, &format!("$.external_references[{n}]"), "external-reference", message);
        }
    }
    for (n, one) in list("granular_markings").enumerate() {
        let path = format!("$.granular_markings[{n}]");
        if one.is_object() && one.get("lang").is_some() == one.get("marking_ref").is_some() {
            error(
                found,
                &path,
                "granular-marking",
                "needs either `lang` or `marking_ref`, and not both",
            );
        }
        let selectors = one.get("selectors").and_then(Value::as_array).into_iter().flatten();
        for selector in selectors.filter_map(Value::as_str) {
            if !resolves(map, selector) {
                let message = format!("the selector `{selector}` points at nothing in the object");
                error(found, &path, "selector", message);
            }
        }
    }
    for (name, value) in map.get("extensions").and_then(Value::as_object).into_iter().flatten() {
        let path = format!("$.extensions.{name}");
        let named = name.ends_with("-ext")
            || StixId::parse(name).is_ok_and(|id| id.type_name() == "extension-definition");
        if !named {
            let message = "is neither an extension definition's id nor a name that ends with -ext";
            error(found, &path, "extension-name", message);
        }
        if value.as_object().is_none_or(Map::is_empty) {
            error(found, &path, "extension-empty", "an extension is an object that is not empty");
        }
    }
}

/// Whether a selector such as `external_references.[0].url` points at something (§7.2.3.1).
fn resolves(map: &Properties, selector: &str) -> bool {
    let mut steps = selector.split('.');
    let mut at = steps.next().and_then(|first| map.get(first));
    for step in steps {
        let index =
            step.strip_prefix('[').and_then(|s| s.strip_suffix(']')).map(str::parse::<usize>);
        at = match (at, index) {
            (Some(Value::Array(list)), Some(Ok(index))) => list.get(index),
            (Some(Value::Object(inner)), None) => inner.get(step),
            _ => None,
        };
    }
    at.is_some()
}

/// STIX 2.1 §4.11: a region, a country, or both coordinates.
fn check_location(map: &Properties, found: &mut Vec<Finding>) {
    let has = |name: &str| map.contains_key(name);
    if has("latitude") != has("longitude") {
        error(
            found,
            "$.latitude",
            "location-coordinates",
            "`latitude` and `longitude` must stand together",
        );
    }
    if has("precision") && !(has("latitude") && has("longitude")) {
        error(found, "$.precision", "location-coordinates", "`precision` needs both coordinates");
    }
    if !(has("region") || has("country") || has("latitude")) {
        let message = "a location needs a `region`, a `country`, or `latitude` and `longitude`";
        error(found, "$", "location-place", message);
    }
}

/// §4.12: a family has a name.
fn check_malware(map: &Properties, found: &mut Vec<Finding>) {
    if map.get("is_family") == Some(&Value::Bool(true)) && !map.contains_key("name") {
        error(found, "$.name", "required-property", "a malware family must have a `name`");
    }
}

/// §4.7: a pattern of the language that it says it is of.
fn check_indicator(map: &Properties, found: &mut Vec<Finding>) {
    let text = |name: &str| map.get(name).and_then(Value::as_str);
    if let (Some("stix"), Some(pattern)) = (text("pattern_type"), text("pattern"))
        && let Err(e) = pattern::parse(pattern)
    {
        error(found, "$.pattern", "pattern", format!("is no STIX pattern: {e}"));
    }
}

/// §4.14: either the deprecated `objects` or `object_refs`.
fn check_observed_data(map: &Properties, found: &mut Vec<Finding>) {
    if map.contains_key("objects") == map.contains_key("object_refs") {
        let message = "needs either `object_refs` or the deprecated `objects`, and not both";
        error(found, "$.object_refs", "either-or", message);
    }
}

/// §7.2.1: what it defines; a published id defines what was published.
fn check_marking(map: &Properties, found: &mut Vec<Finding>) {
    let has = |name: &str| map.contains_key(name);
    if has("definition") != has("definition_type") {
        let message = "`definition` and `definition_type` must stand together";
        error(found, "$.definition", "marking-definition", message);
    } else if !has("definition") && !has("extensions") {
        error(
            found,
            "$",
            "marking-definition",
            "defines nothing: a `definition` or an extension is wanted",
        );
    }
    let kind = map.get("definition_type").and_then(Value::as_str);
    let value = |key: &str| map.get("definition").and_then(|d| d.get(key)?.as_str());
    let published = map.get("id").and_then(Value::as_str).and_then(Tlp::of_id);
    match kind {
        Some("statement") if value("statement").is_none() => {
            error(found, "$.definition", "marking-definition", "a statement needs its `statement`");
        }
        Some("tlp") => {
            let stated = value("tlp").map(|name| if name == "white" { "clear" } else { name });
            if stated.and_then(Tlp::parse) != published || published.is_none() {
                let message = "a TLP marking has its published id and level, and no other";
                error(found, "$.definition", "tlp-definition", message);
            }
        }
        _ => {}
    }
}

/// §6.1.
fn check_artifact(map: &Properties, found: &mut Vec<Finding>) {
    let has = |name: &str| map.contains_key(name);
    if has("payload_bin") == has("url") {
        error(found, "$", "either-or", "needs either `payload_bin` or `url`, and not both");
    }
    if has("url") && !has("hashes") {
        error(found, "$.hashes", "required-property", "`hashes` must stand beside `url`");
    }
    if has("decryption_key") && !has("encryption_algorithm") {
        let message = "`decryption_key` must not stand without `encryption_algorithm`";
        error(found, "$.decryption_key", "forbidden-property", message);
    }
}

/// §6.6: a message of several parts has those, and one of one part has a body.
fn check_email(map: &Properties, found: &mut Vec<Finding>) {
    let forbidden = match map.get("is_multipart") {
        Some(Value::Bool(true)) => "body",
        Some(Value::Bool(false)) => "body_multipart",
        _ => return,
    };
    if map.contains_key(forbidden) {
        let message = format!("`{forbidden}` must not stand with this `is_multipart`");
        error(found, &format!("$.{forbidden}"), "forbidden-property", message);
    }
}

/// §6.12.
fn check_traffic(map: &Properties, found: &mut Vec<Finding>) {
    if !map.contains_key("src_ref") && !map.contains_key("dst_ref") {
        error(found, "$", "at-least-one", "needs a `src_ref` or a `dst_ref`");
    }
    if map.get("is_active") == Some(&Value::Bool(true)) && map.contains_key("end") {
        error(found, "$.end", "forbidden-property", "what is active has no `end`");
    }
}

/// Types of which at least one of these properties must be there.
const AT_LEAST_ONE: &[(&str, &[&str])] =
    &[("file", &["hashes", "name"]), ("malware-analysis", &["result", "analysis_sco_refs"])];

/// Types that must have at least one property beside the common ones.
const NOT_BARE: &[&str] = &["process", "user-account", "windows-registry-key", "x509-certificate"];

const COMMON: &[&str] =
    &["type", "id", "spec_version", "object_marking_refs", "granular_markings", "defanged"];

fn check_at_least_one(map: &Properties, name: &str, found: &mut Vec<Finding>) {
    if let Some((_, wanted)) = AT_LEAST_ONE.iter().find(|(of, _)| *of == name)
        && !wanted.iter().any(|property| map.contains_key(*property))
    {
        let message = format!("needs at least one of: {}", wanted.join(", "));
        error(found, "$", "at-least-one", message);
    }
    if NOT_BARE.contains(&name) && map.keys().all(|key| COMMON.contains(&key.as_str())) {
        error(found, "$", "at-least-one", "needs at least one property of its own");
    }
}

#[cfg(test)]
mod tests {
    use crate::object::judge;
    use serde_json::{Value, json};

    const UUID: &str = "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

    /// An object of a type with what its family needs, and these properties.
    fn object(name: &str, properties: &Value) -> Value {
        let mut object = json!({
            "type": name, "spec_version": "2.1", "id": format!("{name}--{UUID}"),
        });
        let observable = [
            "file",
            "artifact",
            "email-message",
            "network-traffic",
            "process",
            "ipv4-addr",
            "ipv6-addr",
            "mac-addr",
            "domain-name",
        ];
        if !observable.contains(&name) {
            object["created"] = json!("2017-12-15T09:30:00.000Z");
            if name != "marking-definition" {
                object["modified"] = json!("2017-12-15T09:30:00.000Z");
            }
        }
        object.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
        object
    }

    fn rules(name: &str, properties: &Value) -> Vec<&'static str> {
        let judged = judge(object(name, properties).to_string().as_bytes());
        judged.findings.into_iter().map(|f| f.rule).collect()
    }

    #[expect(clippy::too_many_lines, reason = "a table: one line a rule")]
    /// Each violation is reported by its rule and by no other; what is right is not reported.
    #[test]
    fn each_rule_reports_what_breaks_it_and_nothing_else() {
        let good = |name: &str, properties: Value| {
            assert_eq!(rules(name, &properties), Vec::<&str>::new(), "{name} {properties}");
        };
        let bad = |rule: &'static str, name: &str, properties: Value| {
            assert_eq!(rules(name, &properties), [rule], "{name} {properties}");
        };
        let indicator = |pattern: &str| {
            json!({
                "pattern": pattern, "pattern_type": "stix", "valid_from": "2017-12-15T09:30:00Z"
            })
        };
        good("indicator", indicator("[file:name = 'a']"));
        bad("pattern", "indicator", indicator("garbage ' ["));
        bad("pattern", "indicator", indicator(""));
        good("file", json!({"name": "a"}));
        bad("at-least-one", "file", json!({"size": 1}));
        bad("at-least-one", "process", json!({}));
        good("process", json!({"pid": 0}));
        let observed = |more: Value| {
            let mut o = json!({"first_observed": "2017-12-15T09:30:00Z", "last_observed": "2017-12-15T09:30:00Z", "number_observed": 1});
            o.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            o
        };
        good("observed-data", observed(json!({"object_refs": [format!("file--{UUID}")]})));
        bad("either-or", "observed-data", observed(json!({})));
        bad(
            "either-or",
            "observed-data",
            observed(
                json!({"objects": {"0": {"type": "file"}}, "object_refs": [format!("file--{UUID}")]}),
            ),
        );
        bad("at-least-one", "network-traffic", json!({"protocols": ["tcp"]}));
        let source = format!("ipv4-addr--{UUID}");
        good("network-traffic", json!({"protocols": ["tcp"], "src_ref": source}));
        bad(
            "forbidden-property",
            "network-traffic",
            json!({"protocols": ["tcp"], "src_ref": source, "is_active": true, "end": "2017-12-15T09:30:00Z"}),
        );
        bad(
            "reference-type",
            "network-traffic",
            json!({"protocols": ["tcp"], "src_ref": format!("indicator--{UUID}")}),
        );
        bad("either-or", "artifact", json!({}));
        bad("required-property", "artifact", json!({"url": "http://a.example/"}));
        bad("forbidden-property", "email-message", json!({"is_multipart": true, "body": "x"}));
        good(
            "marking-definition",
            json!({"definition_type": "statement", "definition": {"statement": "x"}}),
        );
        bad("marking-definition", "marking-definition", json!({}));
        bad("marking-definition", "marking-definition", json!({"definition": {"statement": "x"}}));
        bad(
            "tlp-definition",
            "marking-definition",
            json!({"definition_type": "tlp", "definition": {"tlp": "red"}}),
        );
        bad(
            "tlp-definition",
            "marking-definition",
            json!({"id": "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "definition_type": "tlp", "definition": {"tlp": "white"}}),
        );
        good(
            "marking-definition",
            json!({"id": "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "definition_type": "tlp", "definition": {"tlp": "white"}}),
        );
        good("tool", json!({"name": "a"}));
        bad("property-name", "tool", json!({"name": "a", "Foo Bar": 1}));
        bad("null", "tool", json!({"name": "a", "x_a": null}));
        bad(
            "external-reference",
            "tool",
            json!({"name": "a", "external_references": [{"source_name": "x"}]}),
        );
        let red = crate::marking::Tlp::Red.id();
        good(
            "tool",
            json!({"name": "a", "granular_markings": [{"marking_ref": red, "selectors": ["name"]}]}),
        );
        bad(
            "selector",
            "tool",
            json!({"name": "a", "granular_markings": [{"marking_ref": red, "selectors": ["nope.[7]"]}]}),
        );
        bad(
            "granular-marking",
            "tool",
            json!({"name": "a", "granular_markings": [{"selectors": ["name"]}]}),
        );
        bad("extension-name", "tool", json!({"name": "a", "extensions": {"x": {"a": 1}}}));
        bad("extension-empty", "tool", json!({"name": "a", "extensions": {"x-ext": {}}}));
        bad("milliseconds", "tool", json!({"name": "a", "created": "2017-12-15T09:30:00Z"}));
        bad(
            "reference-type",
            "relationship",
            json!({"relationship_type": "uses", "source_ref": format!("relationship--{UUID}"), "target_ref": format!("tool--{UUID}")}),
        );
        bad(
            "relationship-type",
            "relationship",
            json!({"relationship_type": "Uses It", "source_ref": format!("tool--{UUID}"), "target_ref": format!("tool--{UUID}")}),
        );
        bad("ipv4", "ipv4-addr", json!({"value": "not an ip"}));
        good("ipv4-addr", json!({"value": "198.51.100.0/24"}));
        good("ipv6-addr", json!({"value": "2001:db8::/32"}));
        bad("ipv6", "ipv6-addr", json!({"value": "2001:db8::/129"}));
        bad("mac", "mac-addr", json!({"value": "AA:BB:CC:DD:EE:FF"}));
        good("mac-addr", json!({"value": "aa:bb:cc:dd:ee:ff"}));
        bad("empty-text", "domain-name", json!({"value": ""}));
        good(
            "file",
            json!({"hashes": {"MD5": "d41d8cd98f00b204e9800998ecf8427e", "x_own": "any"}}),
        );
        bad("hash", "file", json!({"hashes": {"MD5": "zz"}}));
        bad("empty-dictionary", "file", json!({"hashes": {}}));
        good(
            "x-acme",
            json!({"start_time": "2017-12-15T09:30:00Z", "stop_time": "2017-12-15T09:30:00Z"}),
        );
    }
}
