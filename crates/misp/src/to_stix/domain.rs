//! Properties of objects that are no observables, by the paths of the tables.

use crate::value;
use crate::way::Way;
use serde_json::{Map, Value, json};

/// Sets a property. A path such as `@url` is an external reference of that source.
pub(super) fn plant(object: &mut Map<String, Value>, way: &Way, text: &str) -> bool {
    if text.is_empty() {
        return false;
    }
    let kind = object.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(source) = way.text.strip_prefix('@') {
        let reference = if source == "url" {
            json!({ "source_name": "url", "url": text })
        } else {
            // A number of CAPEC is written with its name (§4.1.1).
            let bare = source == "capec" && text.bytes().all(|b| b.is_ascii_digit());
            let text = if bare { format!("CAPEC-{text}") } else { text.to_owned() };
            json!({ "source_name": source, "external_id": text })
        };
        let list = object.entry("external_references").or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(reference);
        }
        return true;
    }
    let Some(step) = way.steps.first() else { return false };
    let Some(value) = value::stix(&kind, &step.key, text) else { return false };
    if step.any {
        let list = object.entry(step.key.as_str()).or_insert_with(|| json!([]));
        let Some(list) = list.as_array_mut() else { return false };
        list.push(value);
        return true;
    }
    if object.contains_key(&step.key) {
        return false;
    }
    object.insert(step.key.clone(), value);
    true
}

/// The text at a path: the `n`th, where there are several.
pub(crate) fn pluck(object: &Map<String, Value>, way: &Way, n: usize) -> Option<String> {
    if let Some(source) = way.text.strip_prefix('@') {
        let list = object.get("external_references")?.as_array()?;
        let key = if source == "url" { "url" } else { "external_id" };
        let mut of_source =
            list.iter().filter(|one| one.get("source_name").is_some_and(|s| s == source));
        return of_source.nth(n)?.get(key)?.as_str().map(str::to_owned);
    }
    let step = way.steps.first()?;
    let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
    match object.get(&step.key)? {
        Value::Array(list) if step.any => value::misp(kind, &step.key, list.get(n)?),
        value if n == 0 => value::misp(kind, &step.key, value),
        _ => None,
    }
}

/// A vulnerability with a CVE number refers to it.
pub(super) fn cve(object: &mut Map<String, Value>, name: &str) {
    if object.get("type").is_some_and(|kind| kind == "vulnerability") && is_cve(name) {
        let reference = json!({ "source_name": "cve", "external_id": name });
        let list = object.entry("external_references").or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(reference);
        }
    }
}

fn is_cve(name: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let number = name.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    number.is_some_and(|(year, n)| year.len() == 4 && n.len() >= 4 && digits(year) && digits(n))
}

/// A location must say where it is (STIX 2.1 §4.10): by a country's code, or else a region's name.
pub(super) fn place(object: &mut Map<String, Value>, text: &str) {
    let has_point = object.contains_key("latitude") && object.contains_key("longitude");
    if object.get("type").is_none_or(|kind| kind != "location")
        || object.contains_key("country")
        || object.contains_key("region")
        || has_point
    {
        return;
    }
    let is_code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    let (key, text) =
        if is_code { ("country", text.to_ascii_uppercase()) } else { ("region", region(text)) };
    object.insert(key.to_owned(), Value::String(text));
}

/// A region's name as the standard's vocabulary writes it (§10.22): `154 - Northern Europe` is
/// `northern-europe`.
fn region(text: &str) -> String {
    let name = text.split_once(" - ").map_or(text, |(_, name)| name);
    match name {
        "Latin America and the Caribbean" => return "latin-america-caribbean".to_owned(),
        "Australia and New Zealand" => return "australia-new-zealand".to_owned(),
        _ => {}
    }
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
}

/// What an object of a type must have beside what all have; without it, the record becomes an object
/// of our own.
pub(super) fn is_whole(object: &Map<String, Value>) -> bool {
    let has = |key: &str| object.contains_key(key);
    match object.get("type").and_then(Value::as_str).unwrap_or_default() {
        "location" => has("country") || has("region") || (has("latitude") && has("longitude")),
        "malware-analysis" => has("product") && has("result"),
        _ => has("name"),
    }
}
