//! Markings: by tags, and by how far MISP lets a record go.

use crate::loss::Refused;
use crate::made::{self, Out};
use crate::record::Record;
use crate::tag::Tags;
use forewarn_stix::marking::{Pap, Tlp};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What holds for an object of an event.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    pub(super) tlp: Option<Tlp>,
    pub(super) pap: Option<Pap>,
    /// The marking of a sharing group.
    pub(super) group: Option<String>,
}

/// The level that a distribution of MISP amounts to: 0 is the own organisation, 1 this community;
/// 2 and 3 go further than any community that is meant by GREEN, and set none.
pub(crate) fn level(distribution: &str) -> Option<Tlp> {
    match distribution {
        "0" => Some(Tlp::AmberStrict),
        "1" => Some(Tlp::Amber),
        _ => None,
    }
}

/// Which marking definitions have gone out.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    gone: BTreeSet<String>,
}

impl Marks {
    /// With what a record says: the stricter counts.
    pub(super) fn with(&self, record: &Record, tags: &Tags) -> Result<Marks, Refused> {
        let distribution = record.text("distribution").and_then(|text| level(&text));
        let mut marks = self.clone();
        marks.tlp = marks.tlp.max(tags.tlp).max(distribution);
        marks.pap = marks.pap.max(tags.pap);
        if let Some(group) = group(record)? {
            marks.group = Some(group);
        }
        Ok(marks)
    }

    /// Marks an object.
    pub(super) fn put(&self, object: &mut Map<String, Value>) {
        let ids = [self.tlp.map(Tlp::id), self.pap.map(Pap::id), self.group.as_deref()];
        let ids: Vec<Value> = ids.into_iter().flatten().map(|id| id.to_owned().into()).collect();
        if !ids.is_empty() {
            object.insert("object_marking_refs".to_owned(), Value::Array(ids));
        }
    }

    /// Lets the definitions go, once each.
    pub(super) fn define(&self, definitions: &mut Definitions, out: &mut Out<'_>) {
        let mut define = |id: &str, definition: &dyn Fn() -> Value| {
            if !definitions.gone.contains(id)
                && let Value::Object(definition) = definition()
            {
                definitions.gone.insert(id.to_owned());
                out.alone(definition);
            }
        };
        if let Some(tlp) = self.tlp {
            define(tlp.id(), &|| tlp.definition());
        }
        if let Some(pap) = self.pap {
            define(pap.id(), &|| pap.definition());
        }
    }
}

/// The id of the marking of a record's sharing group. Its definition carries the group by our
/// extension: whoever does not know it sees an unknown marking, and holds the object back.
fn group(record: &Record) -> Result<Option<String>, Refused> {
    let is_group = record.text("distribution").is_some_and(|text| text == "4");
    let known = record.map.get("SharingGroup").and_then(Value::as_object);
    let own = known.and_then(|group| group.get("uuid")?.as_str());
    let number = record.text("sharing_group_id").filter(|id| *id != "0");
    if !is_group && known.is_none_or(Map::is_empty) && number.is_none() {
        return Ok(None);
    }
    let Some(name) = own.map(str::to_owned).or(number.map(Cow::into_owned)) else {
        let why = "goes to a sharing group, but does not say which: ask its author who may see it";
        return Err(Refused::Handling { at: record.at.clone(), why: why.to_owned() });
    };
    let uuid = made::uuid_of(Some(&name), format!("sharing group {name}").as_bytes());
    Ok(Some(format!("marking-definition--{uuid}")))
}

/// Lets the definition of a record's sharing group go, once. What the record says of the group goes
/// with it; a group of which only the number is known is no less a restriction.
pub(super) fn define_group(
    record: &mut Record,
    created: &str,
    definitions: &mut Definitions,
    out: &mut Out<'_>,
) -> Result<(), Refused> {
    let Some(id) = group(record)? else { return Ok(()) };
    if !definitions.gone.insert(id.clone()) {
        return Ok(());
    }
    let mut definition = Map::new();
    let known = record.map.get("SharingGroup").and_then(Value::as_object).cloned();
    let mut group = known.unwrap_or_default();
    if let Some(number) = record.text("sharing_group_id") {
        group.entry("id").or_insert_with(|| number.into_owned().into());
    }
    let name = group.get("name").and_then(Value::as_str).unwrap_or("of MISP").to_owned();
    let texts = [
        ("type", "marking-definition".to_owned()),
        ("spec_version", "2.1".to_owned()),
        ("id", id),
        ("created", created.to_owned()),
        ("name", format!("Sharing group {name}")),
    ];
    definition.extend(texts.map(|(key, text)| (key.to_owned(), Value::String(text))));
    let mut rest = Record { map: group, at: String::new() }.rest();
    if rest.is_empty() {
        // A definition must define something (§7.2.1), also that of a group of which nothing is said.
        rest.insert("name".to_owned(), name.into());
    }
    made::extend(&mut definition, "sharing_group", rest);
    out.alone(definition);
    Ok(())
}
