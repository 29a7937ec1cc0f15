//! Events that were converted here, attributes and objects of them.

use super::{Bundle, around, galaxy, handling, text, texts, uuid};
use crate::made::extended;
use crate::observed::{self, Find};
use crate::tables::attribute::{self, AttributeTo};
use crate::tables::object::{self, ObjectTo};
use crate::tables::{ANALYSIS, THREAT_LEVELS};
use crate::to_stix::{PLACE, pluck_domain};
use crate::value;
use crate::way::way;
use forewarn_stix::Timestamp;
use forewarn_stix::pattern::{self, Literal, Operation};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// What stays of a record in our extension.
pub(super) fn kept(object: &Map<String, Value>, key: &str) -> Map<String, Value> {
    let own = extended(object).and_then(|own| own.get(key)?.as_object());
    own.cloned().unwrap_or_default()
}

/// A time as MISP writes most: in seconds since 1970.
pub(super) fn seconds(object: &Map<String, Value>, key: &str) -> Option<Value> {
    let time = Timestamp::parse_any(text(object, key)).ok()?;
    Some(Value::String(time.micros().div_euclid(1_000_000).to_string()))
}

/// The value of a label such as `misp:type="…"`.
fn label<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    texts(object, "labels").find_map(|label| {
        label.strip_prefix("misp:")?.strip_prefix(name)?.strip_prefix("=\"")?.strip_suffix('"')
    })
}

pub(super) fn put(map: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    map.insert(key.to_owned(), value.into());
}

/// What is revoked is deleted in MISP.
pub(super) fn revoke(record: &mut Map<String, Value>, object: &Map<String, Value>) {
    if object.get("revoked") == Some(&Value::Bool(true)) {
        put(record, "deleted", true);
    }
}

/// The event of a report; of those objects only, where there are several events.
pub(super) fn event(
    bundle: &Bundle<'_>,
    report: &Map<String, Value>,
    of: Option<&HashSet<&str>>,
) -> Map<String, Value> {
    let id = text(report, "id");
    bundle.take(id);
    let mut event = kept(report, "event");
    put(&mut event, "uuid", uuid(id));
    put(&mut event, "info", text(report, "name"));
    if !event.contains_key("timestamp") {
        event.extend(seconds(report, "modified").map(|time| ("timestamp".to_owned(), time)));
    }
    if text(report, "type") == "report" {
        put(&mut event, "published", true);
        let time = seconds(report, "published");
        event.extend(time.map(|time| ("publish_timestamp".to_owned(), time)));
    }
    let numbers =
        [("threat-level", "threat_level_id", THREAT_LEVELS), ("analysis", "analysis", ANALYSIS)];
    for (name, key, names) in numbers {
        let word = label(report, name);
        let number = names.iter().find(|(_, known)| Some(*known) == word);
        event.extend(
            number.map(|(number, _)| (key.to_owned(), Value::String((*number).to_owned()))),
        );
    }
    if let Some(maker) = bundle.get(text(report, "created_by_ref"))
        && !event.contains_key("Orgc")
    {
        put(&mut event, "Orgc", around::organisation(bundle, maker));
    }
    handling::tags(&mut event, report, None, 1);
    galaxy::put_back(bundle, &mut event);
    around::put_back(bundle, id, &mut event, None);
    let level = handling::level_of(report);
    let (mut attributes, mut objects, mut reports) = (Vec::new(), Vec::new(), Vec::new());
    for object in bundle.objects {
        let id = text(object, "id");
        if of.is_some_and(|of| !of.contains(id)) {
            continue;
        }
        if let Some(one) = attribute(bundle, object, level) {
            attributes.push(Value::Object(one));
        } else if let Some(one) = object_of(bundle, object, level) {
            objects.push(Value::Object(one));
        } else if label(object, "data-layer") == Some("Event Report") {
            reports.push(around::report(bundle, object));
        } else if extended(object)
            .is_some_and(|own| own.contains_key("empty") || own.contains_key("part"))
        {
            bundle.take(id);
        }
    }
    let lists = [("Attribute", attributes), ("Object", objects), ("EventReport", reports)];
    for (key, list) in lists {
        if !list.is_empty() {
            put(&mut event, key, Value::Array(list));
        }
    }
    event
}

/// Whether an object stands for a record together with an indicator, which then says more.
fn is_beside_indicator(bundle: &Bundle<'_>, id: &str) -> bool {
    id.starts_with("observed-data--") && bundle.get(&format!("indicator--{}", uuid(id))).is_some()
}

fn attribute(
    bundle: &Bundle<'_>,
    object: &Map<String, Value>,
    event: handling::Level,
) -> Option<Map<String, Value>> {
    let id = text(object, "id");
    let (Some(kind), Some(category)) = (label(object, "type"), label(object, "category")) else {
        return None;
    };
    if text(object, "type") == "observed-data" && is_beside_indicator(bundle, id) {
        return None;
    }
    let mut record = kept(object, "attribute");
    let seen = bundle.get(&format!("observed-data--{}", uuid(id)));
    if !record.contains_key("value") {
        let value = value_of(bundle, object, seen, kind)?;
        put(&mut record, "value", value);
    }
    put(&mut record, "type", kind);
    put(&mut record, "category", category);
    if !record.contains_key("uuid") {
        put(&mut record, "uuid", uuid(id));
    }
    record.extend(seconds(object, "modified").map(|time| ("timestamp".to_owned(), time)));
    revoke(&mut record, object);
    let is_pattern = text(object, "type") == "indicator" && text(object, "pattern_type") == "stix";
    if is_pattern || text(object, "type") == "observed-data" {
        put(&mut record, "to_ids", is_pattern);
    }
    for key in ["description", "x_misp_comment"] {
        if object.contains_key(key) {
            put(&mut record, "comment", text(object, key));
        }
    }
    if let Some(data) = seen.and_then(|seen| data_of(bundle, seen)) {
        put(&mut record, "data", data);
    }
    handling::tags(&mut record, object, Some(event), 2);
    galaxy::put_back(bundle, &mut record);
    around::put_back(bundle, id, &mut record, None);
    take_all(bundle, id, seen);
    Some(record)
}

/// The observables of an object are taken with it, those that they refer to as well.
fn take_all(bundle: &Bundle<'_>, id: &str, seen: Option<&Map<String, Value>>) {
    bundle.take(id);
    if let Some(seen) = seen {
        bundle.take(text(seen, "id"));
        texts(seen, "object_refs").for_each(|id| bundle.take(id));
    }
    for one in bundle.from(id).filter(|one| is_ours(one)) {
        bundle.take(text(one, "id"));
    }
}

/// Whether a relationship says only what the record says by itself.
fn is_ours(relationship: &Map<String, Value>) -> bool {
    let own = extended(relationship).and_then(|own| own.get("relation")?.get("of")?.as_str());
    own == Some("galaxy") || text(relationship, "relationship_type") == "based-on"
}

/// The observable that all others of an observation belong to.
fn root<'a>(
    bundle: &Bundle<'a>,
    seen: &Map<String, Value>,
    kind: &str,
) -> Option<&'a Map<String, Value>> {
    texts(seen, "object_refs").filter_map(|id| bundle.get(id)).find(|one| text(one, "type") == kind)
}

fn value_of(
    bundle: &Bundle<'_>,
    object: &Map<String, Value>,
    seen: Option<&Map<String, Value>>,
    kind: &str,
) -> Option<String> {
    let row = attribute::row(kind);
    match text(object, "type") {
        "x-misp-attribute" => return Some(text(object, "x_misp_value").to_owned()),
        "indicator" | "observed-data" => {}
        _ => return Some(text(object, "name").to_owned()),
    }
    match row.map(|row| &row.to) {
        Some(AttributeTo::Rule) => Some(text(object, "pattern").to_owned()),
        Some(AttributeTo::Pattern(path)) => compared(text(object, "pattern"), path),
        _ => {
            let found = attribute::observed(kind)?;
            let root = root(bundle, seen?, &way(found.paths.first()?).root)?;
            let find = |id: &str| bundle.get(id);
            let find: Find<'_> = &find;
            let parts: Option<Vec<String>> =
                found.paths.iter().map(|path| observed::pluck(find, root, &way(path), 0)).collect();
            Some(parts?.join("|"))
        }
    }
}

/// What a pattern compares a property with.
fn compared(text: &str, path: &str) -> Option<String> {
    let expected = pattern::parse(&format!("[{path} = 'x']")).ok()?;
    let mut wanted = None;
    expected.tests(&mut |test| wanted = Some(test.path.clone()));
    let mut found = None;
    pattern::parse(text).ok()?.tests(&mut |test| {
        if Some(&test.path) == wanted.as_ref()
            && let Operation::Equal(literal) = &test.operation
        {
            found = Some(literal_text(literal));
        }
    });
    found
}

pub(super) fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) | Literal::Binary(text) | Literal::Hex(text) => text.clone(),
        Literal::Integer(number) => number.to_string(),
        Literal::Float(number) => number.to_string(),
        Literal::Bool(yes) => yes.to_string(),
        Literal::Time(time) => time.as_str().to_owned(),
    }
}

/// The bytes of what was observed.
fn data_of(bundle: &Bundle<'_>, seen: &Map<String, Value>) -> Option<String> {
    let root = root(bundle, seen, "file")?;
    let find = |id: &str| bundle.get(id);
    observed::pluck(&find, root, &way(attribute::DATA), 0)
}

fn object_of(
    bundle: &Bundle<'_>,
    object: &Map<String, Value>,
    event: handling::Level,
) -> Option<Map<String, Value>> {
    let id = text(object, "id");
    let (Some(name), Some(category)) = (label(object, "name"), label(object, "meta-category"))
    else {
        return None;
    };
    if is_beside_indicator(bundle, id) {
        return None;
    }
    let mut record = kept(object, "object");
    put(&mut record, "name", name);
    put(&mut record, "meta-category", category);
    if !record.contains_key("uuid") {
        put(&mut record, "uuid", uuid(id));
    }
    record.extend(seconds(object, "modified").map(|time| ("timestamp".to_owned(), time)));
    revoke(&mut record, object);
    let has_comment = object::find(name).is_none_or(|row| row.to == ObjectTo::Observed);
    let comment = if has_comment { "description" } else { "x_misp_comment" };
    for key in [comment, "x_misp_comment"] {
        if object.contains_key(key) {
            put(&mut record, "comment", text(object, key));
        }
    }
    let seen = bundle.get(&format!("observed-data--{}", uuid(id)));
    let mut attributes = match object.get("x_misp_attributes").or(record.get("Attribute")) {
        Some(Value::Array(list)) => list.clone(),
        _ => Vec::new(),
    };
    values_of(bundle, object, seen, name, &mut attributes);
    for attribute in attributes.iter_mut().filter_map(Value::as_object_mut) {
        galaxy::put_back(bundle, attribute);
    }
    if !attributes.is_empty() {
        put(&mut record, "Attribute", Value::Array(attributes));
    }
    handling::object(&mut record, object, event);
    let references: Vec<Value> =
        bundle.from(id).filter_map(|one| around::reference(bundle, one)).collect();
    if !references.is_empty() {
        put(&mut record, "ObjectReference", Value::Array(references));
    }
    let mut sighted = Map::new();
    around::put_back(bundle, id, &mut record, Some(&mut sighted));
    around::to_attributes(&mut record, sighted);
    take_all(bundle, id, seen);
    Some(record)
}

/// Gives the attributes of an object the values that properties say.
fn values_of(
    bundle: &Bundle<'_>,
    object: &Map<String, Value>,
    seen: Option<&Map<String, Value>>,
    name: &str,
    attributes: &mut [Value],
) {
    let Some(row) = object::find(name) else { return };
    let find = |id: &str| bundle.get(id);
    let first = row.fields.iter().chain(row.data).next().map_or("", |(_, path)| path);
    let root = seen.and_then(|seen| root(bundle, seen, &way(first).root));
    let said = |path: &str, n: usize| match (&row.to, root) {
        (ObjectTo::Observed, Some(root)) => observed::pluck(&find, root, &way(path), n),
        (ObjectTo::Observed, None) => None,
        _ => pluck_domain(object, &way(path), n),
    };
    let mut places: HashMap<&str, usize> = HashMap::new();
    for attribute in attributes.iter_mut().filter_map(Value::as_object_mut) {
        let relation = text(attribute, "object_relation").to_owned();
        if !attribute.contains_key("value")
            && let Some(path) = row.path(&relation)
        {
            let place = places.entry(path).or_default();
            let own = attribute.remove(PLACE).and_then(|n| usize::try_from(n.as_u64()?).ok());
            if let Some(value) = said(path, own.unwrap_or(*place)) {
                put(attribute, "value", value);
            }
            *place += 1;
        }
        if !attribute.contains_key("data")
            && let Some(path) = row.data_path(&relation)
            && let Some(data) = said(path, 0)
        {
            put(attribute, "data", data);
        }
    }
}

/// A new record of MISP, for what came without one.
pub(super) fn record(kind: &str, category: &str, value: &str, uuid: &str) -> Map<String, Value> {
    let Value::Object(map) = json!({
        "type": kind, "category": category, "value": value, "uuid": uuid,
        "to_ids": false, "distribution": "5",
    }) else {
        return Map::new();
    };
    map
}

/// A time for a field of MISP that is written as RFC 3339.
pub(super) fn time(text: &str) -> Option<String> {
    value::time(text).map(|time| time.as_str().to_owned())
}
