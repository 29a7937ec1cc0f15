//! Rules for references and markings of any object, and for meta objects (STIX 2.1 §2.5, §7).

use super::{Properties, add, text};
use crate::at::At;
use crate::check::is_property_name;
use crate::findings::{Findings, require};
use crate::marking::{TLP2_EXTENSION, Tlp};
use crate::{form, rule};
use serde_json::Value;

/// Checks external references (§2.5), and the CAPEC and CVE identifiers in them (§4.1.1, §4.19.1).
pub(super) fn check_references(map: &Properties, found: &mut Findings<'_>) {
    let Some(Value::Array(list)) = map.get("external_references") else { return };
    for (n, one) in list.iter().enumerate() {
        let Some(one) = one.as_object() else { continue };
        let outer = At::ROOT.name("external_references");
        let at = outer.index(n);
        if !["description", "url", "external_id"].iter().any(|p| one.contains_key(*p)) {
            let message = "needs a `description`, a `url` or an `external_id` beside `source_name`";
            found.add(&rule::EXTERNAL_REFERENCE, &at, message);
        }
        if one.contains_key("url") && !one.contains_key("hashes") {
            let message = "a `url` should be given with the `hashes` of what it leads to";
            found.add(&rule::EXTERNAL_HASHES, &at, message);
        }
        let (source, id) = (text(one, "source_name"), text(one, "external_id"));
        if (source == Some("cve")) != id.is_some_and(is_cve) {
            let message = "a CVE has the source_name cve and an external_id such as CVE-2017-0144";
            found.add(&rule::CVE_ID, &at.name("external_id"), message);
        }
        if (source == Some("capec")) != id.is_some_and(is_capec) {
            let message = "a CAPEC has the source_name capec and an external_id such as CAPEC-163";
            found.add(&rule::CAPEC_ID, &at.name("external_id"), message);
        }
    }
}

fn is_cve(id: &str) -> bool {
    let digits =
        |text: &str, least: usize| text.len() >= least && text.bytes().all(|b| b.is_ascii_digit());
    id.strip_prefix("CVE-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(year, number)| year.len() == 4 && digits(year, 4) && digits(number, 4))
}

fn is_capec(id: &str) -> bool {
    id.strip_prefix("CAPEC-")
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// §7.2.3: a granular marking gives either a language or a marking.
pub(super) fn check_granular_markings(map: &Properties, found: &mut Findings<'_>) {
    let Some(Value::Array(list)) = map.get("granular_markings") else { return };
    for (n, one) in list.iter().enumerate() {
        if one.is_object() && one.get("lang").is_some() == one.get("marking_ref").is_some() {
            let message = "needs either `lang` or `marking_ref`, not both";
            let at = At::ROOT.name("granular_markings");
            found.add(&rule::GRANULAR_MARKING, &at.index(n), message);
        }
    }
}

/// §7.3.1: an extension definition names its maker, its purpose, and the properties that it adds.
pub(super) fn check_extension_definition(map: &Properties, found: &mut Findings<'_>) {
    if !map.contains_key("created_by_ref") {
        add(
            found,
            &rule::REQUIRED,
            "created_by_ref",
            "an extension definition must name its maker",
        );
    }
    if !map.contains_key("description") {
        add(found, &rule::EXTENSION_TEXT, "description", "should say what the extension is for");
    }
    let kinds = map.get("extension_types").and_then(Value::as_array);
    let toplevel = kinds.into_iter().flatten().any(|kind| kind == "toplevel-property-extension");
    match map.get("extension_properties") {
        Some(Value::Array(names)) => check_extension_properties(names, toplevel, found),
        None if toplevel => {
            let message = "should list the properties that it adds at the top of an object";
            add(found, &rule::EXTENSION_PROPERTIES_MISSING, "extension_properties", message);
        }
        _ => {}
    }
}

fn check_extension_properties(names: &[Value], toplevel: bool, found: &mut Findings<'_>) {
    if !toplevel {
        let message = "is allowed only where `extension_types` has toplevel-property-extension";
        add(found, &rule::EXTENSION_PROPERTIES, "extension_properties", message);
    }
    for (n, name) in names.iter().enumerate() {
        if let Some(name) = name.as_str().filter(|name| !is_property_name(name)) {
            let message = format!("`{name}` is not a property's name");
            found.add(
                &rule::PROPERTY_NAME,
                &At::ROOT.name("extension_properties").index(n),
                message,
            );
        }
    }
}

/// §7.1: `contents` holds properties by language tag, and translations by property.
pub(super) fn check_language_content(map: &Properties, found: &mut Findings<'_>) {
    let Some(Value::Object(contents)) = map.get("contents") else { return };
    let root = At::ROOT.name("contents");
    for (tag, properties) in contents {
        let at = root.name(tag);
        if !(form::LANGUAGE.fits)(tag) {
            found.add(&rule::CONTENTS, &at, format!("`{tag}` is not {}", form::LANGUAGE.expected));
        }
        let Some(properties) = properties.as_object() else {
            require(false, "an object of properties", properties, &at, found);
            continue;
        };
        if properties.is_empty() {
            found.empty_dictionary(&at);
        }
        for (name, value) in properties {
            check_translation(value, &at.name(name), found);
        }
        for name in properties.keys().filter(|name| !is_property_name(name)) {
            found.add(
                &rule::CONTENTS,
                &at.name(name),
                format!("`{name}` is not a property's name"),
            );
        }
    }
}

/// Checks a translation: a text, or a list or object of translations.
fn check_translation(value: &Value, at: &At<'_>, found: &mut Findings<'_>) {
    match value {
        Value::String(_) => {}
        Value::Array(list) if !list.is_empty() => {
            for (n, value) in list.iter().enumerate() {
                check_translation(value, &at.index(n), found);
            }
        }
        Value::Object(map) if !map.is_empty() => {
            for (name, value) in map {
                check_translation(value, &at.name(name), found);
            }
        }
        _ => {
            let message = "a translation must be a text, or a list or an object of texts";
            found.add(&rule::CONTENTS, at, message);
        }
    }
}

/// §7.2.1: a marking definition defines something, and one with a published id is as published.
pub(super) fn check_marking_definition(map: &Properties, found: &mut Findings<'_>) {
    let has = |name: &str| map.contains_key(name);
    for name in ["modified", "revoked"] {
        if has(name) {
            let message = "a marking definition has no versions, and so no `modified` or `revoked`";
            add(found, &rule::FORBIDDEN, name, message);
        }
    }
    check_circle(map, found);
    let coarse = text(map, "created").and_then(|t| crate::Timestamp::parse(t).ok());
    if coarse.is_some_and(|time| time.digits() < 3) {
        let message = "should be given to the millisecond, such as …:00.000Z";
        add(found, &rule::MILLISECONDS_MARKING, "created", message);
    }
    if has("definition") != has("definition_type") && !has("extensions") {
        let lacks = if has("definition") { "definition_type" } else { "definition" };
        let message = "`definition` and `definition_type` must be given together";
        add(found, &rule::MARKING_DEFINITION, lacks, message);
    } else if !has("definition") && !has("extensions") {
        let message = "defines nothing: it needs a `definition` or an extension";
        found.add(&rule::MARKING_DEFINITION, &At::ROOT, message);
    }
    match text(map, "definition_type") {
        _ if is_tlp(map) => check_tlp(map, found),
        Some("statement") => check_statement(map, found),
        Some(other) if !has("extensions") => {
            let message = format!("`{other}` is neither statement nor tlp; use an extension");
            add(found, &rule::MARKING_TYPE, "definition_type", message);
        }
        _ => {}
    }
}

fn check_circle(map: &Properties, found: &mut Findings<'_>) {
    let own = map.get("id");
    let list = |name: &str| map.get(name).and_then(Value::as_array).into_iter().flatten();
    if list("object_marking_refs").any(|id| Some(id) == own) {
        let message = "a marking definition must not mark itself";
        add(found, &rule::MARKING_CIRCLE, "object_marking_refs", message);
    }
    if own.is_some() && list("granular_markings").any(|one| one.get("marking_ref") == own) {
        let message = "a marking definition must not mark itself";
        add(found, &rule::MARKING_CIRCLE, "granular_markings", message);
    }
}

fn check_statement(map: &Properties, found: &mut Findings<'_>) {
    let statement = map.get("definition").and_then(|d| d.get("statement"));
    if map.contains_key("definition") && !statement.is_some_and(Value::is_string) {
        let message = "a statement marking needs its `statement`, a string";
        add(found, &rule::MARKING_DEFINITION, "definition", message);
    }
}

/// Whether an object is, or claims to be, a TLP marking.
fn is_tlp(map: &Properties) -> bool {
    let extended = map.get("extensions").is_some_and(|all| all.get(TLP2_EXTENSION).is_some());
    let published = text(map, "id").is_some_and(|id| Tlp::of_id(id).is_some());
    published || extended || text(map, "definition_type") == Some("tlp")
}

/// Checks that a TLP marking is as published: one of TLP 1 in every property, one of TLP 2.0 in its
/// level.
fn check_tlp(map: &Properties, found: &mut Findings<'_>) {
    let id = text(map, "id").unwrap_or_default();
    let extension = map.get("extensions").and_then(|all| all.get(TLP2_EXTENSION));
    let level = extension.and_then(|extension| extension.get("tlp_2_0")?.as_str());
    let as_published = match Tlp::published_in_first(id) {
        Some(published) => published.as_object() == Some(map),
        None => level.is_some_and(|level| Tlp::of_id(id).is_some_and(|tlp| tlp.name() == level)),
    };
    if !as_published {
        let message =
            "a TLP marking must be one of those published, with its id, name, time and level";
        add(found, &rule::TLP_DEFINITION, "definition", message);
    }
}
