//! Takes the observables out of observed-data: in STIX 2.0 they stand in it, by keys; in STIX 2.1 each
//! is an object of its own, with an id by the standard's rule (§2.9), and is referred to.

use super::{Work, id_of, renamed};
use crate::{observable_id, types};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How deep references within ids are followed: an e-mail's sender, a file's folder.
const MAX_DEPTH: usize = 8;

/// The observables of observed-data, which refers to them from now on. Those that others refer to come
/// as they stood.
pub(super) fn take_out(work: &mut Work) -> Vec<Map<String, Value>> {
    let Some(Value::Object(objects)) = work.object.get("objects").cloned() else {
        return Vec::new();
    };
    // What is no observable cannot be taken out: the object is refused as it stands.
    if objects.is_empty()
        || objects.values().any(|one| one.get("type").is_none_or(|kind| !kind.is_string()))
    {
        return Vec::new();
    }
    let Some(of) = work.object.get("id").and_then(Value::as_str).map(str::to_owned) else {
        return Vec::new();
    };
    work.object.remove("objects");
    let mut is_renamed = false;
    let mut all: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for (key, value) in objects {
        let Value::Object(mut one) = value else { continue };
        let kind = one.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        is_renamed |= renamed::rename(&kind, &mut one);
        headers(&mut one);
        one.insert("spec_version".to_owned(), "2.1".into());
        all.insert(key, one);
    }
    let mut made = Ids { all: &all, of: &of, known: BTreeMap::new() };
    let ids: BTreeMap<String, String> =
        all.keys().map(|key| (key.clone(), made.of(key, MAX_DEPTH))).collect();
    let marks = markings(work, &all);
    let mut out = Vec::new();
    for (key, mut one) in all {
        refer(&mut one, &ids);
        if let Some(id) = ids.get(&key) {
            one.insert("id".to_owned(), id.as_str().into());
        }
        if let Some(marks) = marks.get(&key).filter(|marks| !marks.is_empty()) {
            one.insert(
                "object_marking_refs".to_owned(),
                marks.iter().map(String::as_str).collect(),
            );
        }
        out.push(one);
    }
    let refs = ids.values().map(String::as_str).collect::<BTreeSet<_>>();
    work.object.insert("object_refs".to_owned(), refs.into_iter().collect());
    work.told("$.object_refs", "its `objects` were taken out, and are referred to");
    if is_renamed {
        work.told("$.object_refs", "properties of its observables have the names of 2.1");
    }
    out
}

/// The ids of the observables of one observation.
struct Ids<'a> {
    all: &'a BTreeMap<String, Map<String, Value>>,
    /// The observation.
    of: &'a str,
    /// Those that are known, by key and by how deep references are followed: each is made once.
    known: BTreeMap<(String, usize), String>,
}

impl Ids<'_> {
    /// The id of an observable. Where references count, the ids that they lead to do.
    fn of(&mut self, key: &str, depth: usize) -> String {
        if let Some(known) = self.known.get(&(key.to_owned(), depth)) {
            return known.clone();
        }
        let Some(one) = self.all.get(key) else { return key.to_owned() };
        let kind = one.get("type").and_then(Value::as_str).unwrap_or_default();
        let contributing = types::find(kind).map_or(&[][..], |known| known.of.contributing);
        let mut named = one.clone();
        for property in contributing.iter().filter(|_| depth > 0) {
            let mut wanted = BTreeSet::new();
            if let Some(value) = one.get(*property) {
                keys(property, value, &mut wanted);
            }
            if wanted.is_empty() {
                continue;
            }
            let ids = wanted.into_iter().map(|key| (key.clone(), self.of(&key, depth - 1)));
            let ids = ids.collect();
            if let Some(value) = named.get_mut(*property) {
                replace(property, value, &ids);
            }
        }
        let id: String = match observable_id::deterministic(&named) {
            Some(id) => id.into(),
            // A process has no name: it is this one, of this observation.
            None => id_of(kind, format!("{} {key}", self.of).as_bytes()),
        };
        self.known.insert((key.to_owned(), depth), id.clone());
        id
    }
}

fn is_reference(name: &str) -> bool {
    name.ends_with("_ref") || name.ends_with("_refs")
}

/// The keys that a property refers to, also within extensions.
fn keys(name: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(key) if is_reference(name) => {
            found.insert(key.clone());
        }
        Value::Array(list) => list.iter().for_each(|one| keys(name, one, found)),
        Value::Object(map) => map.iter().for_each(|(name, value)| keys(name, value, found)),
        _ => {}
    }
}

/// Replaces keys by ids in one property.
fn replace(name: &str, value: &mut Value, ids: &BTreeMap<String, String>) {
    match value {
        Value::String(key) if is_reference(name) => {
            if let Some(id) = ids.get(key) {
                *key = id.clone();
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| replace(name, one, ids)),
        Value::Object(map) => map.iter_mut().for_each(|(name, value)| replace(name, value, ids)),
        _ => {}
    }
}

/// Replaces keys by ids, or ids by others, wherever an observable refers to another.
pub(super) fn refer(object: &mut Map<String, Value>, ids: &BTreeMap<String, String>) {
    for (name, value) in object.iter_mut() {
        let within = if is_reference(name) { name.as_str() } else { "" };
        replace(within, value, ids);
    }
}

/// A header of an e-mail may occur more than once: its values are a list (§6.6.1).
fn headers(object: &mut Map<String, Value>) {
    let fields = object.get_mut("additional_header_fields").and_then(Value::as_object_mut);
    for value in fields.into_iter().flat_map(|fields| fields.values_mut()) {
        if value.is_string() {
            *value = Value::Array(vec![value.take()]);
        }
    }
}

/// The markings of each observable: those of the observation hold for all that is taken out of it; those
/// of a part of it, for the observable that the part is of.
fn markings(
    work: &mut Work,
    all: &BTreeMap<String, Map<String, Value>>,
) -> BTreeMap<String, Vec<String>> {
    let texts = |value: Option<&Value>| -> Vec<String> {
        let list = value.and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let whole = texts(work.object.get("object_marking_refs"));
    let mut marks: BTreeMap<String, Vec<String>> =
        all.keys().map(|key| (key.clone(), whole.clone())).collect();
    let Some(Value::Array(granular)) = work.object.remove("granular_markings") else {
        return marks;
    };
    let (mut left, mut is_moved) = (Vec::new(), false);
    for mut marking in granular {
        let id = marking.get("marking_ref").and_then(Value::as_str).map(str::to_owned);
        let selectors = texts(marking.get("selectors"));
        let (inside, outside): (Vec<_>, Vec<_>) =
            selectors.into_iter().partition(|one| one == "objects" || one.starts_with("objects."));
        for selector in &inside {
            let key = selector
                .strip_prefix("objects.")
                .map(|rest| rest.split('.').next().unwrap_or(rest));
            for (known, marks) in &mut marks {
                let is_meant = key.is_none_or(|key| key == known);
                if let Some(id) = id.as_ref().filter(|id| is_meant && !marks.contains(id)) {
                    marks.push(id.clone());
                }
            }
            is_moved = true;
        }
        if !outside.is_empty() {
            if let Some(map) = marking.as_object_mut() {
                map.insert("selectors".to_owned(), outside.iter().map(String::as_str).collect());
            }
            left.push(marking);
        }
    }
    if !left.is_empty() {
        work.object.insert("granular_markings".to_owned(), Value::Array(left));
    }
    if is_moved {
        work.told(
            "$.granular_markings",
            "a marking of a part of `objects` marks the whole observable",
        );
    }
    marks
}
