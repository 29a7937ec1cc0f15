//! Others' clusters, relationships, sightings, notes and reports.

use super::foreign::{Adding, words};
use super::galaxy::meta_of;
use super::own::{put, seconds};
use super::{text, texts, uuid};
use crate::record::Record;
use crate::tables::galaxy::{self, META};
use serde_json::{Map, Value, json};

impl Adding<'_, '_> {
    /// A cluster of a galaxy of the type.
    pub(super) fn cluster(&mut self, mut object: Record) {
        let kind = text(&object.map, "type").to_owned();
        if object.text("revoked").is_some_and(|text| text == "true") {
            self.losses.add(object.at, "is revoked, which a cluster cannot say");
            return;
        }
        let galaxy = format!("stix-2.1-{kind}");
        let mut cluster = Map::new();
        let name = object.take("name").unwrap_or_else(|| kind.clone());
        put(&mut cluster, "uuid", uuid(text(&object.map, "id")));
        put(&mut cluster, "type", galaxy.as_str());
        put(&mut cluster, "value", name.as_str());
        put(&mut cluster, "tag_name", format!("misp-galaxy:{galaxy}=\"{name}\""));
        put(&mut cluster, "description", object.take("description").unwrap_or_default());
        let mut meta = Map::new();
        for field in META {
            if let Some(values) = meta_of(&object.map, field) {
                put(&mut meta, field, values);
                let path = galaxy::meta(&kind, field).unwrap_or_default();
                let key = path.trim_end_matches("[*]");
                if !key.starts_with('@') {
                    object.map.remove(key);
                }
            }
        }
        if let Some(Value::Array(list)) = object.map.get_mut("external_references") {
            list.retain(|one| !is_told(one, &meta));
            if list.is_empty() {
                object.map.remove("external_references");
            }
        }
        for key in ["country", "region"] {
            if let Some(place) = object.take(key) {
                put(&mut meta, key, json!([place]));
            }
        }
        if let Some(is_family) = object.take("is_family") {
            put(&mut meta, "is_family", json!([is_family]));
        }
        // A cluster has no time, but a number that grows.
        cluster.extend(seconds(&object.map, "modified").map(|time| ("version".to_owned(), time)));
        put(&mut cluster, "meta", Value::Object(meta));
        let of = json!({ "name": kind, "type": galaxy, "description": "Objects of STIX 2.1",
            "uuid": crate::made::as_random(galaxy.as_bytes()).to_string(),
            "GalaxyCluster": [Value::Object(cluster)] });
        self.push("Galaxy", of);
        self.close(object);
    }

    /// A relationship: a reference of an object, or a tag of an attribute for a cluster.
    pub(super) fn relationship(&mut self, mut object: Record) {
        let (source, target) = (
            text(&object.map, "source_ref").to_owned(),
            text(&object.map, "target_ref").to_owned(),
        );
        let is_told = text(&object.map, "relationship_type") == "based-on"
            && source.starts_with("indicator--");
        let kind = text(&object.map, "relationship_type").to_owned();
        let id = text(&object.map, "id").to_owned();
        let time = seconds(&object.map, "modified");
        let tag = self.tag_of(&target);
        let Some(record) = self.record_of(&source) else {
            if !is_told {
                let why = format!(
                    "MISP has no `{kind}` between what `{source}` and `{target}` are there"
                );
                self.losses.add(object.at, why);
            }
            return;
        };
        if let Some(name) = tag {
            match record.get_mut("Tag") {
                Some(Value::Array(tags)) => {
                    tags.push(json!({ "name": name, "relationship_type": kind }));
                }
                _ => put(record, "Tag", json!([{ "name": name, "relationship_type": kind }])),
            }
        } else if record.contains_key("meta-category") {
            let mut one = json!({ "uuid": uuid(&id), "referenced_uuid": uuid(&target),
                "relationship_type": kind });
            if let Some(one) = one.as_object_mut() {
                one.extend(time.map(|time| ("timestamp".to_owned(), time)));
                let words = object.take("description");
                one.extend(words.map(|text| ("comment".to_owned(), Value::String(text))));
            }
            match record.get_mut("ObjectReference") {
                Some(Value::Array(list)) => list.push(one),
                _ => put(record, "ObjectReference", json!([one])),
            }
        } else if !is_told {
            self.losses.add(object.at, "an attribute of MISP refers to clusters only");
            return;
        }
        for key in ["source_ref", "target_ref", "relationship_type"] {
            object.map.remove(key);
        }
        self.close(object);
    }

    /// The name of the tag of a cluster.
    fn tag_of(&self, id: &str) -> Option<String> {
        let Some(Value::Array(galaxies)) = self.event.get("Galaxy") else { return None };
        let clusters =
            galaxies.iter().filter_map(|one| one.get("GalaxyCluster")?.as_array()).flatten();
        let own = |one: &&Value| one.get("uuid").is_some_and(|own| own == uuid(id));
        let name = clusters.into_iter().find(own)?.get("tag_name")?.as_str();
        name.map(str::to_owned)
    }

    /// The attribute or the object that an object became.
    fn record_of(&mut self, id: &str) -> Option<&mut Map<String, Value>> {
        let own = uuid(id).to_owned();
        let is_own = |one: &Value| one.get("uuid").is_some_and(|uuid| *uuid == own);
        let key = ["Attribute", "Object"].into_iter().find(|key| {
            self.event
                .get(*key)
                .and_then(Value::as_array)
                .is_some_and(|list| list.iter().any(is_own))
        })?;
        let list = self.event.get_mut(key)?.as_array_mut()?;
        list.iter_mut().find(|one| is_own(one))?.as_object_mut()
    }

    pub(super) fn sighting(&mut self, mut object: Record) {
        let of = text(&object.map, "sighting_of_ref").to_owned();
        let by = texts(&object.map, "where_sighted_refs").next().and_then(|id| self.bundle.get(id));
        let by = by.map(|one| json!({ "uuid": uuid(text(one, "id")), "name": text(one, "name") }));
        let mut one = json!({ "uuid": uuid(text(&object.map, "id")), "type": "0" });
        if let Some(one) = one.as_object_mut() {
            let time =
                seconds(&object.map, "last_seen").or_else(|| seconds(&object.map, "created"));
            one.extend(time.map(|time| ("date_sighting".to_owned(), time)));
            one.extend(by.map(|by| ("Organisation".to_owned(), by)));
            let words = object.take("description");
            one.extend(words.map(|text| ("source".to_owned(), Value::String(text))));
        }
        let Some(record) = self.record_of(&of).filter(|one| one.contains_key("type")) else {
            self.losses.add(object.at, "MISP counts sightings of attributes only");
            return;
        };
        match record.get_mut("Sighting") {
            Some(Value::Array(list)) => list.push(one),
            _ => put(record, "Sighting", json!([one])),
        }
        let many = object.map.get("where_sighted_refs").and_then(Value::as_array);
        if many.is_none_or(|list| list.len() <= 1) {
            object.map.remove("where_sighted_refs");
        }
        for key in ["sighting_of_ref", "last_seen", "observed_data_refs"] {
            object.map.remove(key);
        }
        self.close(object);
    }

    /// A note or a further report: a report of the event. An opinion is one too, with its level.
    pub(super) fn written(&mut self, mut object: Record) {
        let kind = text(&object.map, "type").to_owned();
        let title = match kind.as_str() {
            "note" => object.take("abstract"),
            "opinion" => object.take("opinion").map(|level| format!("Opinion: {level}")),
            _ => None,
        };
        let content = match kind.as_str() {
            "note" => object.take("content"),
            "opinion" => object.take("explanation"),
            _ => words(&mut object),
        };
        let mut report = Map::new();
        put(&mut report, "uuid", uuid(text(&object.map, "id")));
        put(&mut report, "name", title.unwrap_or(kind));
        put(&mut report, "content", content.unwrap_or_default());
        put(&mut report, "distribution", "5");
        report.extend(seconds(&object.map, "modified").map(|time| ("timestamp".to_owned(), time)));
        self.push("EventReport", Value::Object(report));
        self.close(object);
    }
}

/// Whether a reference is said by the fields of a cluster.
fn is_told(reference: &Value, meta: &Map<String, Value>) -> bool {
    let only = |keys: &[&str]| {
        reference.as_object().is_some_and(|map| map.keys().all(|key| keys.contains(&key.as_str())))
    };
    let has = |field: &str, key: &str| {
        let own = reference.get(key);
        own.is_some()
            && meta
                .get(field)
                .and_then(Value::as_array)
                .is_some_and(|list| list.iter().any(|one| Some(one) == own))
    };
    (only(&["source_name", "url"])
        && has("refs", "url")
        && reference.get("source_name").is_some_and(|name| name == "url"))
        || (only(&["source_name", "external_id"]) && has("external_id", "external_id"))
}
