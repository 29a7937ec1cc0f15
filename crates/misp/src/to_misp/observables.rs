//! Others' observables: an attribute where one property is all, else an object of a template.

use super::foreign::Adding;
use super::own::{put, seconds};
use super::text;
use crate::observed;
use crate::record::Record;
use crate::tables::foreign::{SINGLES, TEMPLATES, attribute_type};
use crate::tables::object::{self, ObjectRow, ObjectTo};
use crate::to_stix::pluck_domain;
use crate::value;
use crate::way::{Step, Way, way};
use serde_json::{Map, Value};

impl Adding<'_, '_> {
    /// An observable of one property; with more properties it is an object.
    pub(super) fn single(&mut self, mut object: Record) {
        let kind = text(&object.map, "type").to_owned();
        let Some((_, key, misp, category)) = SINGLES.iter().find(|row| row.0 == kind) else {
            return;
        };
        let refers =
            object.map.keys().any(|key| key.ends_with("_refs") && key != "object_marking_refs");
        if (refers || object.map.contains_key("name") && *key != "name")
            && TEMPLATES.iter().any(|row| row.0 == kind)
        {
            return self.template(object);
        }
        let found = object.map.remove(*key).and_then(|value| value::misp(&kind, key, &value));
        match found {
            Some(value) => {
                self.attribute(&mut object, (misp, category), &value, false);
                self.close(object);
            }
            None => self.losses.add(object.at, format!("has no `{key}`")),
        }
    }

    /// An object of a template.
    pub(super) fn template(&mut self, mut object: Record) {
        let kind = text(&object.map, "type").to_owned();
        let name = TEMPLATES.iter().find(|row| row.0 == kind).map_or("", |row| row.1);
        let Some(row) = object::find(name) else { return };
        let attributes = self.attributes(&mut object, row);
        if attributes.is_empty() {
            self.losses.add(object.at, "has no property that MISP has a place for");
            return;
        }
        let id = text(&object.map, "id").to_owned();
        let own = self.own_uuid(&id);
        let mut tags = self.tags(&mut object, false);
        let (first, last) = self.seen.get(&id).cloned().unwrap_or_default();
        let mut record = Map::new();
        put(&mut record, "name", name);
        put(&mut record, "meta-category", category(&kind));
        put(&mut record, "uuid", own.as_str());
        put(&mut record, "distribution", "5");
        record.extend(seconds(&object.map, "modified").map(|time| ("timestamp".to_owned(), time)));
        record.extend(first.map(|text| ("first_seen".to_owned(), Value::String(text))));
        record.extend(last.map(|text| ("last_seen".to_owned(), Value::String(text))));
        let attributes = attributes.into_iter().enumerate().map(|(n, (relation, kind, value))| {
            let uuid = crate::made::as_random(format!("{own} {n}").as_bytes()).to_string();
            let mut one = super::own::record(kind, "Other", &value, &uuid);
            put(&mut one, "object_relation", relation);
            if kind == "attachment" {
                put(&mut one, "data", value);
                put(&mut one, "value", relation);
            }
            // An object of MISP has no tags of its own.
            if !tags.is_empty() {
                put(&mut one, "Tag", Value::Array(std::mem::take(&mut tags)));
            }
            Value::Object(one)
        });
        let attributes = attributes.collect();
        put(&mut record, "Attribute", Value::Array(attributes));
        self.push("Object", Value::Object(record));
        self.close(object);
    }

    /// The attributes of an object by a row of a template. What they say is taken out of it.
    fn attributes(
        &mut self,
        object: &mut Record,
        row: &'static ObjectRow,
    ) -> Vec<(&'static str, &'static str, String)> {
        let bundle = self.bundle;
        let find = |id: &str| bundle.get(id);
        let whole = object.map.clone();
        let mut all = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        for (relation, path) in row.fields.iter().chain(row.data) {
            let way = way(path);
            let said = |n: usize| match row.to {
                ObjectTo::Observed => observed::pluck(&find, &whole, &way, n),
                _ => pluck_domain(&whole, &way, n),
            };
            let before = all.len();
            for value in (0..).map_while(said) {
                let kind = attribute_type(path, &value);
                let is_host = relation.starts_with("hostname");
                let is_end = matches!(kind, "ip-src" | "ip-dst" | "hostname");
                if is_end && relation.contains('-') && is_host != (kind == "hostname") {
                    continue;
                }
                all.push((*relation, kind, value));
            }
            if done.contains(path) {
                all.truncate(before);
            } else if all.len() > before {
                done.push(path);
                consume(&mut object.map, &way.steps);
            }
        }
        if text(&whole, "type") == "email-message" {
            object.map.remove("is_multipart");
        }
        all
    }

    /// Observables that another one refers to by what its template says are told with it.
    pub(super) fn absorb(&mut self, object: &Map<String, Value>) {
        let kind = text(object, "type");
        let Some((_, name)) = TEMPLATES.iter().find(|row| row.0 == kind) else { return };
        let Some(row) = object::find(name) else { return };
        for (_, path) in row.fields.iter().chain(row.data) {
            let way: &Way = &way(path);
            let Some((step, rest)) = way.steps.split_first() else { continue };
            let ids: Vec<&str> = match object.get(&step.key) {
                Some(Value::String(id)) => vec![id],
                Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
                _ => continue,
            };
            if rest.len() != 1 || !step.key.contains("_ref") {
                continue;
            }
            for id in ids {
                let only = |one: &&Map<String, Value>| {
                    let own = rest.first().map_or("", |step| step.key.as_str());
                    let known = ["type", "spec_version", "id", "object_marking_refs", own];
                    SINGLES
                        .iter()
                        .chain(&[("file", "", "", "")])
                        .any(|row| row.0 == text(one, "type"))
                        && one.keys().all(|key| known.contains(&key.as_str()))
                };
                if self.bundle.get(id).as_ref().is_some_and(only) {
                    self.absorbed.insert(id.to_owned());
                }
            }
        }
    }
}

/// Takes what a path says out of an object. A dictionary goes when nothing is left in it.
fn consume(map: &mut Map<String, Value>, steps: &[Step]) {
    let Some((step, rest)) = steps.split_first() else { return };
    let Some(value) = map.get_mut(&step.key) else { return };
    if let (Some(inner), false) = (value.as_object_mut(), rest.is_empty()) {
        consume(inner, rest);
        if !inner.is_empty() {
            return;
        }
    } else if let (Some(list), false) =
        (value.as_array_mut(), rest.is_empty() || step.key.ends_with("_refs"))
    {
        for inner in list.iter_mut().filter_map(Value::as_object_mut) {
            consume(inner, rest);
        }
        if list.iter().any(|one| one.as_object().is_some_and(|map| !map.is_empty())) {
            return;
        }
    }
    map.remove(&step.key);
}

fn category(kind: &str) -> &'static str {
    match kind {
        "network-traffic" | "domain-name" | "email-message" | "x509-certificate"
        | "autonomous-system" => "network",
        "file" | "artifact" | "directory" | "windows-registry-key" => "file",
        _ => "misc",
    }
}
