//! Sightings, notes, opinions, references and reports, back to what they stood with.

use super::own::{kept, put, seconds};
use super::{Bundle, text, texts, uuid};
use crate::made::extended;
use serde_json::{Map, Value};

/// An organisation.
pub(super) fn organisation(
    bundle: &Bundle<'_>,
    identity: &Map<String, Value>,
) -> Map<String, Value> {
    let id = text(identity, "id");
    bundle.take(id);
    let mut record = kept(identity, "organisation");
    put(&mut record, "name", text(identity, "name"));
    if !record.contains_key("uuid") {
        put(&mut record, "uuid", uuid(id));
    }
    record
}

/// Puts back what was said of an object. `parts` gets the sightings that are of one attribute of it.
pub(super) fn put_back(
    bundle: &Bundle<'_>,
    id: &str,
    record: &mut Map<String, Value>,
    mut parts: Option<&mut Map<String, Value>>,
) {
    let push = |record: &mut Map<String, Value>, key: &str, value: Map<String, Value>| match record
        .get_mut(key)
    {
        Some(Value::Array(list)) => list.push(Value::Object(value)),
        _ => put(record, key, Value::Array(vec![Value::Object(value)])),
    };
    for one in bundle.about(id) {
        let own = extended(one);
        let has = |key: &str| own.is_some_and(|own| own.contains_key(key));
        let is_layer = |name: &str| {
            texts(one, "labels").any(|label| label == format!("misp:context-layer=\"{name}\""))
        };
        if has("sighting") {
            let mut sighting = sighting(bundle, one);
            if let Some(parts) = parts.as_deref_mut() {
                let attribute = text(&sighting, "attribute_uuid").to_owned();
                push(parts, &attribute, sighting);
            } else {
                sighting.remove("attribute_uuid");
                push(record, "Sighting", sighting);
            }
        } else if is_layer("Analyst Note") {
            let mut note = said(one, "note");
            put(&mut note, "note", text(one, "content"));
            if one.contains_key("lang") {
                put(&mut note, "language", text(one, "lang"));
            }
            push(record, "Note", note);
        } else if is_layer("Analyst Opinion") {
            let mut opinion = said(one, "opinion");
            if one.contains_key("explanation") {
                put(&mut opinion, "comment", text(one, "explanation"));
            }
            push(record, "Opinion", opinion);
        } else {
            continue;
        }
        bundle.take(text(one, "id"));
    }
}

/// Gives the sightings of attributes to them.
pub(super) fn to_attributes(record: &mut Map<String, Value>, mut sighted: Map<String, Value>) {
    let Some(Value::Array(attributes)) = record.get_mut("Attribute") else { return };
    for attribute in attributes.iter_mut().filter_map(Value::as_object_mut) {
        let own = text(attribute, "uuid").to_owned();
        let Some(Value::Array(list)) = sighted.remove(&own) else { continue };
        match attribute.get_mut("Sighting") {
            Some(Value::Array(all)) => all.extend(list),
            _ => put(attribute, "Sighting", Value::Array(list)),
        }
    }
}

fn said(object: &Map<String, Value>, key: &str) -> Map<String, Value> {
    let mut record = kept(object, key);
    if !record.contains_key("uuid") {
        put(&mut record, "uuid", uuid(text(object, "id")));
    }
    if let Some(author) = texts(object, "authors").next() {
        put(&mut record, "authors", author);
    }
    record
}

fn sighting(bundle: &Bundle<'_>, object: &Map<String, Value>) -> Map<String, Value> {
    let mut record = kept(object, "sighting");
    record.remove("of");
    if !record.contains_key("uuid") {
        put(&mut record, "uuid", uuid(text(object, "id")));
    }
    let is_seen = text(object, "type") == "sighting";
    put(&mut record, "type", if is_seen { "0" } else { "1" });
    record.extend(seconds(object, "created").map(|time| ("date_sighting".to_owned(), time)));
    if is_seen && object.contains_key("description") {
        put(&mut record, "source", text(object, "description"));
    }
    let author = record.remove("author");
    let by = texts(object, "where_sighted_refs").next();
    let by = by.or(author.as_ref().and_then(Value::as_str));
    if let Some(identity) = by.and_then(|id| bundle.get(id))
        && !record.contains_key("Organisation")
    {
        put(&mut record, "Organisation", organisation(bundle, identity));
    }
    record
}

/// A reference between objects.
pub(super) fn reference(bundle: &Bundle<'_>, object: &Map<String, Value>) -> Option<Value> {
    let own = extended(object)?;
    let is_one = own.contains_key("reference")
        || own.get("relation").and_then(|one| one.get("of")).is_some_and(|of| of == "reference");
    if !is_one {
        return None;
    }
    bundle.take(text(object, "id"));
    let mut record = kept(object, "reference");
    if !record.contains_key("uuid") {
        put(&mut record, "uuid", uuid(text(object, "id")));
    }
    if !record.contains_key("referenced_uuid") {
        put(&mut record, "referenced_uuid", uuid(text(object, "target_ref")));
    }
    if !record.contains_key("relationship_type") {
        put(&mut record, "relationship_type", text(object, "relationship_type"));
    }
    record.extend(seconds(object, "modified").map(|time| ("timestamp".to_owned(), time)));
    if object.contains_key("description") {
        put(&mut record, "comment", text(object, "description"));
    }
    Some(Value::Object(record))
}

/// A report of an event.
pub(super) fn report(bundle: &Bundle<'_>, object: &Map<String, Value>) -> Value {
    bundle.take(text(object, "id"));
    let mut record = kept(object, "report");
    if !record.contains_key("uuid") {
        put(&mut record, "uuid", uuid(text(object, "id")));
    }
    put(&mut record, "content", text(object, "content"));
    if object.contains_key("abstract") {
        put(&mut record, "name", text(object, "abstract"));
    }
    record.extend(seconds(object, "modified").map(|time| ("timestamp".to_owned(), time)));
    super::own::revoke(&mut record, object);
    put_back(bundle, text(object, "id"), &mut record, None);
    Value::Object(record)
}
