//! Others' objects, as far as MISP has a place for what they say. Each is emptied as it is
//! understood; what is left is named.

use super::own::{put, record, seconds, time};
use super::{Bundle, handling, text, texts, uuid};
use crate::loss::{Losses, below};
use crate::made::as_random;
use crate::record::Record;
use crate::tables::foreign::{CLUSTERS, SINGLES, TEMPLATES};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashSet};

/// An event that others' objects are added to.
pub(super) struct Adding<'a, 'b> {
    pub(super) bundle: &'b Bundle<'a>,
    pub(super) event: Map<String, Value>,
    pub(super) losses: &'b mut Losses,
    /// Observables that were told together with what refers to them.
    pub(super) absorbed: HashSet<String>,
    /// When observables were seen.
    pub(super) seen: BTreeMap<String, (Option<String>, Option<String>)>,
    pub(super) uuids: HashSet<String>,
}

/// Properties that say nothing by themselves, or are said by where the record stands.
const STRUCTURE: &[&str] =
    &["type", "spec_version", "id", "created", "modified", "created_by_ref", "defanged"];

/// Adds the objects that no event of ours took.
pub(super) fn add(bundle: &Bundle<'_>, events: &mut Vec<Map<String, Value>>, losses: &mut Losses) {
    let is_left = |n: usize| !bundle.is_taken(n);
    let left: Vec<usize> = (0..bundle.objects.len()).filter(|n| is_left(*n)).collect();
    let left: Vec<usize> = left.into_iter().filter(|n| !is_definition(bundle, *n)).collect();
    if left.is_empty() && !events.is_empty() {
        return;
    }
    let own = if events.is_empty() { None } else { Some(events.remove(0)) };
    let mut adding = Adding {
        bundle,
        event: Map::new(),
        losses,
        absorbed: HashSet::new(),
        seen: BTreeMap::new(),
        uuids: HashSet::new(),
    };
    let report = match own {
        Some(event) => {
            adding.event = event;
            None
        }
        None => adding.begin(&left),
    };
    let left: Vec<usize> = left.into_iter().filter(|n| Some(*n) != report).collect();
    adding.look(&left);
    for n in left {
        adding.one(n);
    }
    events.insert(0, adding.event);
}

fn is_definition(bundle: &Bundle<'_>, n: usize) -> bool {
    let Some(object) = bundle.objects.get(n) else { return true };
    match text(object, "type") {
        "marking-definition" | "extension-definition" => true,
        // Whoever made the objects is named where the event is.
        "identity" => {
            bundle.objects.iter().any(|one| text(one, "created_by_ref") == text(object, "id"))
        }
        _ => false,
    }
}

impl Adding<'_, '_> {
    /// Begins an event, of a report where there is one. Returns its number.
    fn begin(&mut self, left: &[usize]) -> Option<usize> {
        let objects = self.bundle.objects;
        let is_report = |n: &&usize| {
            objects.get(**n).is_some_and(|one| matches!(text(one, "type"), "report" | "grouping"))
        };
        let found = left.iter().find(is_report).copied();
        let ids: Vec<&str> = objects.iter().map(|one| text(one, "id")).collect();
        let made = as_random(ids.join(" ").as_bytes()).to_string();
        let (mut name, mut id) = ("STIX objects".to_owned(), made);
        let mut levels = handling::Level::default();
        for object in objects {
            let level = handling::level_of(object);
            levels.tlp = levels.tlp.max(level.tlp);
            levels.pap = levels.pap.max(level.pap);
        }
        let newest = objects
            .iter()
            .filter_map(|one| seconds(one, "modified"))
            .filter_map(|time| time.as_str()?.parse::<i64>().ok());
        let mut newest = newest.max().unwrap_or_default();
        if let Some(n) = found {
            let mut report = self.open(n);
            uuid(text(&report.map, "id")).clone_into(&mut id);
            name = report.take("name").unwrap_or(name);
            self.refers(&report);
            report.map.remove("object_refs");
            report.map.remove("context");
            let own = seconds(&report.map, "modified").and_then(|time| time.as_str()?.parse().ok());
            match own {
                Some(own) => newest = own,
                None => self.losses.add(below(&report.at, "modified"), "is no time"),
            }
            if let Some(published) = seconds(&report.map, "published") {
                put(&mut self.event, "publish_timestamp", published);
                put(&mut self.event, "published", true);
                report.map.remove("published");
            }
            if let Some(description) = report.take("description") {
                let text = as_random(format!("report of {id}").as_bytes()).to_string();
                let one = json!({ "uuid": text, "name": name, "content": description, "distribution": "5" });
                self.push("EventReport", one);
            }
            self.tags(&mut report, true);
            self.close(report);
        }
        let day = forewarn_stix::Timestamp::from_micros_with(newest.saturating_mul(1_000_000), 3);
        let day = day.map(|time| time.as_str().chars().take(10).collect::<String>());
        put(&mut self.event, "uuid", id);
        put(&mut self.event, "info", name);
        put(&mut self.event, "timestamp", newest.to_string());
        put(&mut self.event, "date", day.unwrap_or_default());
        put(&mut self.event, "distribution", handling::distribution(levels));
        put(&mut self.event, "threat_level_id", "4");
        put(&mut self.event, "analysis", "2");
        let mut tags = match self.event.get("Tag") {
            Some(Value::Array(list)) => list.clone(),
            _ => Vec::new(),
        };
        handling::add_levels(&mut tags, levels, handling::Level::default());
        put(&mut self.event, "Tag", Value::Array(tags));
        self.maker();
        found
    }

    /// Who made the objects, where it is one.
    fn maker(&mut self) {
        let makers: HashSet<&str> = self
            .bundle
            .objects
            .iter()
            .map(|one| text(one, "created_by_ref"))
            .filter(|id| !id.is_empty())
            .collect();
        let mut makers: Vec<&str> = makers.into_iter().collect();
        makers.sort_unstable();
        for (n, id) in makers.into_iter().enumerate() {
            match self.bundle.get(id) {
                Some(identity) if n == 0 => {
                    let organisation = json!({ "uuid": uuid(id), "name": text(identity, "name") });
                    put(&mut self.event, "Orgc", organisation);
                    self.maker_says(id);
                }
                _ => {
                    self.losses
                        .add("/objects", format!("an event has one maker; `{id}` is another"));
                }
            }
        }
    }

    /// Names what a report refers to that is not there.
    fn refers(&mut self, report: &Record) {
        for (n, id) in texts(&report.map, "object_refs").enumerate() {
            if self.bundle.get(id).is_none() {
                let at = format!("{}/object_refs/{n}", report.at);
                self.losses.add(at, "refers to what is not there");
            }
        }
    }

    /// Names what an organisation says beyond its name.
    fn maker_says(&mut self, id: &str) {
        let Some(n) = self.bundle.objects.iter().position(|one| text(one, "id") == id) else {
            return;
        };
        let mut identity = self.open(n);
        identity.map.remove("name");
        if text(&identity.map, "identity_class") == "organization" {
            identity.map.remove("identity_class");
        }
        self.close(identity);
    }

    /// An object as a record to be emptied.
    pub(super) fn open(&mut self, n: usize) -> Record {
        let map = self.bundle.objects.get(n).cloned().unwrap_or_default();
        let at = format!("/objects/{n}");
        if map.contains_key("granular_markings") {
            self.losses.add(below(&at, "granular_markings"), "holds for the whole record");
        }
        Record { map, at }
    }

    /// Names what is left of an object.
    pub(super) fn close(&mut self, mut record: Record) {
        for key in STRUCTURE.iter().chain(&["object_marking_refs", "granular_markings"]) {
            record.map.remove(*key);
        }
        let is_default = |key: &str, value: &Value| {
            (key == "revoked" && *value == Value::Bool(false))
                || (key == "lang" && value == "en")
                || (key == "pattern_version" && value == "2.1")
                || (key == "number_observed" && *value == json!(1))
        };
        for (key, value) in &record.map {
            if !is_default(key, value) {
                self.losses.add(below(&record.at, key), "MISP has no place for it");
            }
        }
    }

    /// Adds a record to a list of the event.
    pub(super) fn push(&mut self, list: &str, value: Value) {
        match self.event.get_mut(list) {
            Some(Value::Array(all)) => all.push(value),
            _ => put(&mut self.event, list, Value::Array(vec![value])),
        }
    }

    /// The UUID for a record of an object; another one where it is in use already.
    pub(super) fn own_uuid(&mut self, id: &str) -> String {
        let mut own = uuid(id).to_owned();
        while !self.uuids.insert(own.clone()) {
            own = as_random(own.as_bytes()).to_string();
        }
        own
    }

    /// The labels and levels of an object, as tags.
    pub(super) fn tags(&mut self, object: &mut Record, of_event: bool) -> Vec<Value> {
        let mut tags: Vec<Value> =
            texts(&object.map, "labels").map(|name| json!({ "name": name })).collect();
        object.map.remove("labels");
        if of_event {
            put(&mut self.event, "Tag", Value::Array(tags.clone()));
        } else {
            handling::add_levels(
                &mut tags,
                handling::level_of(&object.map),
                handling::Level::default(),
            );
        }
        tags
    }

    /// Which observables others refer to, and when they were seen.
    fn look(&mut self, left: &[usize]) {
        for object in left.iter().filter_map(|n| self.bundle.objects.get(*n)) {
            if text(object, "type") == "observed-data" {
                let times =
                    (time(text(object, "first_observed")), time(text(object, "last_observed")));
                for id in texts(object, "object_refs") {
                    self.seen.insert(id.to_owned(), times.clone());
                }
            } else if forewarn_stix::is_observable(text(object, "type")) {
                self.absorb(object);
            }
        }
    }

    fn one(&mut self, n: usize) {
        let Some(object) = self.bundle.objects.get(n) else { return };
        let kind = text(object, "type");
        let id = text(object, "id").to_owned();
        if self.absorbed.contains(&id) {
            return;
        }
        let opened = self.open(n);
        match kind {
            "indicator" => self.indicator(opened),
            "observed-data" => self.observed(opened),
            "relationship" => self.relationship(opened),
            "sighting" => self.sighting(opened),
            "note" | "opinion" | "report" | "grouping" => self.written(opened),
            kind if CLUSTERS.contains(&kind) => self.cluster(opened),
            kind if SINGLES.iter().any(|row| row.0 == kind) => self.single(opened),
            kind if TEMPLATES.iter().any(|row| row.0 == kind) => self.template(opened),
            kind => {
                let why = format!("MISP has no place for an object of type `{kind}`");
                self.losses.add(opened.at, why);
            }
        }
    }

    /// An attribute of an object, with its tags, times and words.
    pub(super) fn attribute(
        &mut self,
        object: &mut Record,
        (kind, category): (&str, &str),
        value: &str,
        is_sign: bool,
    ) {
        let id = text(&object.map, "id").to_owned();
        let own = self.own_uuid(&id);
        let mut one = record(kind, category, value, &own);
        put(&mut one, "to_ids", is_sign);
        one.extend(seconds(&object.map, "modified").map(|time| ("timestamp".to_owned(), time)));
        if let Some(words) = words(object) {
            put(&mut one, "comment", words);
        }
        if object.take("revoked").is_some_and(|text| text == "true") {
            put(&mut one, "deleted", true);
        }
        let (first, last) = self.seen.get(&id).cloned().unwrap_or_default();
        let first = object.take("valid_from").and_then(|text| time(&text)).or(first);
        let last = object.take("valid_until").and_then(|text| time(&text)).or(last);
        one.extend(first.map(|text| ("first_seen".to_owned(), Value::String(text))));
        one.extend(last.map(|text| ("last_seen".to_owned(), Value::String(text))));
        let tags = self.tags(object, false);
        if !tags.is_empty() {
            put(&mut one, "Tag", Value::Array(tags));
        }
        self.push("Attribute", Value::Object(one));
    }

    fn observed(&mut self, mut object: Record) {
        let are_there = texts(&object.map, "object_refs").all(|id| self.bundle.get(id).is_some());
        if are_there {
            object.map.remove("object_refs");
        }
        for key in ["first_observed", "last_observed"] {
            object.map.remove(key);
        }
        self.close(object);
    }
}

/// What an object is called, and what is said of it, in one text.
pub(super) fn words(object: &mut Record) -> Option<String> {
    match (object.take("name"), object.take("description")) {
        (Some(name), Some(description)) => Some(format!("{name}: {description}")),
        (name, description) => name.or(description),
    }
}
