//! Markings as tags: whoever gets an event must see all that it is marked by.

use super::own::put;
use super::{Bundle, text, texts};
use crate::loss::{Refused, shown};
use crate::made::extended;
use crate::record::scalar;
use crate::tag;
use crate::to_stix::level as of_distribution;
use forewarn_stix::marking::{Pap, Tlp};
use serde_json::{Map, Value, json};

/// The levels of an object.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Level {
    pub(super) tlp: Option<Tlp>,
    pub(super) pap: Option<Pap>,
}

/// The levels that an object is marked by.
pub(super) fn level_of(object: &Map<String, Value>) -> Level {
    let parts = object.get("granular_markings").and_then(Value::as_array);
    let parts = parts.into_iter().flatten().filter_map(|one| one.get("marking_ref")?.as_str());
    let mut level = Level::default();
    for id in texts(object, "object_marking_refs").chain(parts) {
        level.tlp = level.tlp.max(Tlp::of_id(id));
        level.pap = level.pap.max(Pap::of_id(id));
    }
    level
}

/// Puts the tags back into a record: its labels but the first few, those that were kept, and what it
/// is marked by beyond them.
pub(super) fn tags(
    record: &mut Map<String, Value>,
    object: &Map<String, Value>,
    event: Option<Level>,
    skipped: usize,
) {
    let own = |label: &&str| {
        let name = label.strip_prefix("misp:").unwrap_or_default();
        event.is_none() && (name.starts_with("threat-level=") || name.starts_with("analysis="))
    };
    let list = match record.get("Tag") {
        Some(Value::Array(list)) => list.clone(),
        _ => Vec::new(),
    };
    let mut all = list;
    let is_kept = |name: &str, all: &[Value]| {
        all.iter().any(|tag| tag.get("name").is_some_and(|n| n == name))
    };
    let labels: Vec<&str> =
        texts(object, "labels").skip(skipped).filter(|label| !own(label)).collect();
    for name in labels {
        if !is_kept(name, &all) {
            all.push(json!({ "name": name }));
        }
    }
    let said = said(&all, record, event);
    add_levels(&mut all, level_of(object), said);
    if !all.is_empty() {
        put(record, "Tag", Value::Array(all));
    }
}

/// For an object of MISP, which has no tags: what it is marked by beyond its attributes stands with
/// each of them.
pub(super) fn object(record: &mut Map<String, Value>, object: &Map<String, Value>, event: Level) {
    let mut said = said(&[], record, Some(event));
    let list = |map: &Map<String, Value>| match map.get("Tag") {
        Some(Value::Array(list)) => list.clone(),
        _ => Vec::new(),
    };
    let Some(Value::Array(attributes)) = record.get_mut("Attribute") else { return };
    for attribute in attributes.iter().filter_map(Value::as_object) {
        let one = self::said(&list(attribute), attribute, None);
        said = Level { tlp: said.tlp.max(one.tlp), pap: said.pap.max(one.pap) };
    }
    let level = level_of(object);
    if level.tlp <= said.tlp && level.pap <= said.pap {
        return;
    }
    for attribute in attributes.iter_mut().filter_map(Value::as_object_mut) {
        let mut tags = list(attribute);
        tags.retain(|tag| {
            let name = text(tag.as_object().unwrap_or(&Map::new()), "name").to_lowercase();
            !(name.starts_with("tlp:") || name.starts_with("pap:"))
        });
        add_levels(&mut tags, level, Level::default());
        put(attribute, "Tag", Value::Array(tags));
    }
}

/// The levels that tags and a distribution say.
fn said(tags: &[Value], record: &Map<String, Value>, event: Option<Level>) -> Level {
    let mut level = event.unwrap_or_default();
    for name in tags.iter().filter_map(|tag| tag.get("name")?.as_str()) {
        level.tlp = level.tlp.max(tag::tlp(name));
        level.pap = level.pap.max(
            Pap::parse(name).filter(|_| name.len() > 4 && name.to_lowercase().starts_with("pap:")),
        );
    }
    let distribution = record.get("distribution").and_then(scalar);
    level.tlp = level.tlp.max(distribution.and_then(|text| of_distribution(&text)));
    level
}

/// Adds tags for the levels that are not said yet; a lower one gives way.
pub(super) fn add_levels(tags: &mut Vec<Value>, level: Level, said: Level) {
    let mut add = |prefix: &str, name: String| {
        tags.retain(|tag| {
            let own = tag.get("name").and_then(Value::as_str).unwrap_or_default();
            !own.to_lowercase().starts_with(prefix)
        });
        tags.push(json!({ "name": name }));
    };
    if let Some(tlp) = level.tlp.filter(|tlp| Some(*tlp) > said.tlp) {
        add("tlp:", format!("tlp:{}", tlp.name()));
    }
    if let Some(pap) = level.pap.filter(|pap| Some(*pap) > said.pap) {
        add("pap:", pap.to_string());
    }
}

/// How far a server may let an event go that is marked so: what [`of_distribution`] reads as no less
/// strict. Without a level it stays where it is.
pub(super) fn distribution(level: Level) -> &'static str {
    match level.tlp {
        Some(Tlp::Clear) => "3",
        Some(Tlp::Green) => "2",
        Some(Tlp::Amber) => "1",
        Some(Tlp::AmberStrict | Tlp::Red) | None => "0",
    }
}

/// Refuses what is marked by what MISP has no word for. A statement is no restriction of who may see
/// an object, and a sharing group of MISP's is known to it.
pub(super) fn check(
    bundle: &Bundle<'_>,
    object: &Map<String, Value>,
    at: &str,
) -> Result<(), Refused> {
    let parts = object.get("granular_markings").and_then(Value::as_array);
    let parts = parts.into_iter().flatten().filter_map(|one| one.get("marking_ref")?.as_str());
    for id in texts(object, "object_marking_refs").chain(parts) {
        if Tlp::of_id(id).is_some() || Pap::of_id(id).is_some() {
            continue;
        }
        let definition = bundle.get(id);
        let is_statement =
            definition.is_some_and(|one| text(one, "definition_type") == "statement");
        let is_group =
            definition.and_then(extended).is_some_and(|own| own.contains_key("sharing_group"));
        if !is_statement && !is_group {
            let why = format!(
                "is marked by `{}`, for which MISP has no word: whoever gets the event would not \
                 know of it; ask its author for a level of TLP",
                shown(id)
            );
            return Err(Refused::Handling { at: at.to_owned(), why });
        }
    }
    Ok(())
}
