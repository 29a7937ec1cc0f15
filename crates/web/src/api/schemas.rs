//! The schemas of the API's types, made from the types themselves, and put into one table.
//!
//! What is answered and what is sent are two contracts of one type: a member that may be left out of a
//! request is there in each answer. Where both are alike, there is one schema.

use super::described::Shape;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const AT: &str = "#/components/schemas/";
/// What a type's name ends with as it is sent, where it is answered in another form: no type's own name
/// does.
const SENT: &str = "AsSent";

/// Collects schemas, and gives references to them.
pub(super) struct Schemas {
    answered: SchemaGenerator,
    sent: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Schemas {
        let mut settings = SchemaSettings::draft2020_12();
        settings.meta_schema = None;
        settings.definitions_path = "/components/schemas".into();
        Schemas {
            answered: settings.clone().for_serialize().into_generator(),
            sent: settings.for_deserialize().into_generator(),
        }
    }

    /// Of what is answered.
    pub(super) fn answered(&mut self, shape: Shape) -> Value {
        plain(shape(&mut self.answered))
    }

    /// Of what is sent.
    pub(super) fn sent(&mut self, shape: Shape) -> Value {
        let mut schema = plain(shape(&mut self.sent));
        each_reference(&mut schema, &mut |name| *name = format!("{name}{SENT}"));
        schema
    }

    /// All that was referred to, closed: an answer has no member that its schema does not name. What is
    /// sent in the form in which it is answered keeps one name in `paths`.
    pub(super) fn table(mut self, paths: &mut Value) -> Map<String, Value> {
        let mut answered = self.answered.take_definitions(false);
        let mut sent = self.sent.take_definitions(false);
        for definitions in [&mut answered, &mut sent] {
            close(definitions);
        }
        let differ = differing(&answered, &sent);
        let rename = |name: &mut String| {
            if let Some(plain) = name.strip_suffix(SENT).filter(|plain| !differ.contains(*plain)) {
                *name = plain.to_owned();
            }
        };
        each_reference(paths, &mut |name| rename(name));
        let mut table = answered;
        for (name, mut schema) in sent {
            let own = differ.contains(&name);
            each_reference(&mut schema, &mut |inner| {
                if differ.contains(inner) {
                    inner.push_str(SENT);
                }
            });
            table.insert(if own { format!("{name}{SENT}") } else { name }, schema);
        }
        table
    }
}

fn plain(schema: Schema) -> Value {
    schema.to_value()
}

/// Names whose schemas are not alike in both, by themselves or by what they refer to.
fn differing(answered: &Map<String, Value>, sent: &Map<String, Value>) -> BTreeSet<String> {
    let unlike = |(name, schema): &(&String, &Value)| {
        answered.get(*name).is_some_and(|other| other != *schema)
    };
    let mut differ: BTreeSet<String> =
        sent.iter().filter(unlike).map(|(name, _)| name.clone()).collect();
    loop {
        let before = differ.len();
        for (name, schema) in sent {
            let mut schema = schema.clone();
            let mut touches = false;
            each_reference(&mut schema, &mut |inner| touches |= differ.contains(inner));
            if touches && answered.contains_key(name) {
                differ.insert(name.clone());
            }
        }
        if differ.len() == before {
            return differ;
        }
    }
}

/// Shows each name that is referred to, and takes what it is made to.
fn each_reference(schema: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                if let (true, Some(name)) = (key == "$ref", reference(value)) {
                    let mut name = name.to_owned();
                    change(&mut name);
                    *value = format!("{AT}{name}").into();
                } else {
                    each_reference(value, change);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| each_reference(inner, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn reference(value: &Value) -> Option<&str> {
    value.as_str()?.strip_prefix(AT)
}

const JOINS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// Closes every object. Where an object is joined of several schemas, the whole is closed, and the parts
/// stay open.
fn close(definitions: &mut Map<String, Value>) {
    let mut open = BTreeSet::new();
    for schema in definitions.values() {
        parts(schema, false, &mut open);
    }
    for (name, schema) in definitions {
        close_one(schema, open.contains(name));
    }
}

/// Which schemas are referred to as a part of an object that has members beside them.
fn parts(schema: &Value, part: bool, open: &mut BTreeSet<String>) {
    let Some(members) = schema.as_object() else {
        for inner in schema.as_array().into_iter().flatten() {
            parts(inner, false, open);
        }
        return;
    };
    let part = part || members.contains_key("properties");
    for (key, value) in members {
        if key == "$ref" && part {
            open.extend(reference(value).map(str::to_owned));
        } else if JOINS.contains(&key.as_str()) {
            value.as_array().into_iter().flatten().for_each(|inner| parts(inner, part, open));
        } else {
            parts(value, false, open);
        }
    }
}

fn close_one(schema: &mut Value, part: bool) {
    let Some(members) = schema.as_object_mut() else {
        for inner in schema.as_array_mut().into_iter().flatten() {
            close_one(inner, false);
        }
        return;
    };
    let has_members = members.contains_key("properties");
    let joined =
        members.contains_key("$ref") || JOINS.iter().any(|word| members.contains_key(*word));
    for (key, value) in members.iter_mut() {
        if JOINS.contains(&key.as_str()) {
            let inner = value.as_array_mut().into_iter().flatten();
            inner.for_each(|inner| close_one(inner, part || has_members));
        } else {
            close_one(value, false);
        }
    }
    if part {
        members
            .remove("additionalProperties")
            .filter(|all| *all != json!(false))
            .map(|all| members.insert("additionalProperties".to_owned(), all));
    } else if has_members && !members.contains_key("additionalProperties") {
        let word = if joined { "unevaluatedProperties" } else { "additionalProperties" };
        members.insert(word.to_owned(), json!(false));
    }
}
