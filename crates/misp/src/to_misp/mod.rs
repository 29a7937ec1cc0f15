//! From STIX objects to an event of MISP.
//!
//! Objects that were made here from an event become that event again. What they no longer say, or
//! say otherwise, is found by converting the result once more and comparing. Others' objects become
//! attributes, objects, clusters and reports as far as MISP has a place for what they say.

mod around;
mod foreign;
mod galaxy;
mod handling;
mod observables;
mod own;
mod patterns;
mod relations;
mod reread;

use crate::bounds::MAX_OBJECTS;
use crate::loss::{Losses, Refused};
use crate::made::extended;
use forewarn_stix::bundle::Objects;
use forewarn_stix::json;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// An event, and what of the input it does not say.
#[derive(Debug)]
pub struct Written {
    /// `{"Event": …}`; where the input has several events, `{"response": […]}`.
    pub event: Value,
    /// What was not carried over.
    pub losses: Losses,
}

/// Writes the event of a bundle, or of objects in any other form that people write them in.
///
/// Errs when the input cannot be read, or is marked by what MISP has no word for: then nobody who
/// gets the event could obey it.
pub fn to_misp(bytes: &[u8]) -> Result<Written, Refused> {
    let mut input = Objects::any(bytes);
    let mut objects = Vec::new();
    let refused = |at: &str, why: String| Refused::form(at, why);
    while let Some(bytes) = input.next_object().map_err(|why| refused("", why.to_string()))? {
        let at = format!("/objects/{}", objects.len());
        match json::read(&bytes).map_err(|why| refused(&at, why.to_string()))? {
            Value::Object(map) => objects.push(map),
            _ => return Err(refused(&at, "is not an object of STIX".to_owned())),
        }
        if objects.len() > MAX_OBJECTS {
            return Err(refused("", format!("has more than {MAX_OBJECTS} objects")));
        }
    }
    if objects.is_empty() {
        return Err(refused("", "has no object of STIX".to_owned()));
    }
    write(&objects)
}

fn write(objects: &[Map<String, Value>]) -> Result<Written, Refused> {
    let bundle = Bundle::of(objects);
    for (n, object) in objects.iter().enumerate() {
        handling::check(&bundle, object, &format!("/objects/{n}"))?;
    }
    let mut losses = Losses::default();
    let reports: Vec<&Map<String, Value>> =
        objects.iter().filter(|one| Bundle::is_event(one)).collect();
    let mut events = Vec::new();
    for report in &reports {
        let of = if reports.len() > 1 { Some(bundle.members(report)) } else { None };
        events.push(own::event(&bundle, report, of.as_ref()));
    }
    reread::compare(&bundle, &events, &mut losses);
    foreign::add(&bundle, &mut events, &mut losses);
    let mut wrapped: Vec<Value> =
        events.into_iter().map(|event| json!({ "Event": event })).collect();
    let event = match wrapped.len() {
        1 => wrapped.swap_remove(0),
        _ => json!({ "response": wrapped }),
    };
    Ok(Written { event, losses })
}

/// The objects, found by their ids.
pub(crate) struct Bundle<'a> {
    pub(super) objects: &'a [Map<String, Value>],
    by_id: HashMap<&'a str, usize>,
    /// Those that refer to an object by `object_refs` or `sighting_of_ref`.
    about: HashMap<&'a str, Vec<usize>>,
    /// Relationships, by their source.
    from: HashMap<&'a str, Vec<usize>>,
    /// What an event of ours took.
    taken: RefCell<HashSet<usize>>,
}

/// A text of an object.
pub(super) fn text<'a>(object: &'a Map<String, Value>, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The texts of a list of an object.
pub(super) fn texts<'a>(
    object: &'a Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = &'a str> {
    let list = object.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

/// The UUID of an id.
pub(super) fn uuid(id: &str) -> &str {
    id.split_once("--").map_or("", |(_, uuid)| uuid)
}

impl<'a> Bundle<'a> {
    fn of(objects: &'a [Map<String, Value>]) -> Bundle<'a> {
        let mut by_id = HashMap::new();
        let mut about: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut from: HashMap<&str, Vec<usize>> = HashMap::new();
        for (n, object) in objects.iter().enumerate() {
            // Of several versions the last one written counts.
            by_id.insert(text(object, "id"), n);
            if matches!(text(object, "type"), "note" | "opinion" | "sighting") {
                let sighted = object.get("sighting_of_ref").and_then(Value::as_str);
                let all = texts(object, "object_refs").chain(sighted);
                all.for_each(|id| about.entry(id).or_default().push(n));
            }
            if text(object, "type") == "relationship" {
                from.entry(text(object, "source_ref")).or_default().push(n);
            }
        }
        Bundle { objects, by_id, about, from, taken: RefCell::default() }
    }

    pub(super) fn get(&self, id: &str) -> Option<&'a Map<String, Value>> {
        self.objects.get(*self.by_id.get(id)?)
    }

    /// Notes, opinions and sightings of an object.
    pub(super) fn about(&self, id: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
        let all = self.about.get(id).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter_map(|n| self.objects.get(*n))
    }

    /// Relationships that begin at an object.
    pub(super) fn from(&self, id: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
        let all = self.from.get(id).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter_map(|n| self.objects.get(*n))
    }

    /// Whether an object is the report of an event that was converted here.
    fn is_event(object: &Map<String, Value>) -> bool {
        let is_report = matches!(text(object, "type"), "report" | "grouping");
        is_report && extended(object).is_some_and(|own| own.contains_key("event"))
    }

    /// The objects of an event, and of its parts.
    fn members(&self, report: &'a Map<String, Value>) -> HashSet<&'a str> {
        let mut all = HashSet::new();
        for id in texts(report, "object_refs") {
            all.insert(id);
            if let Some(part) = self.get(id).filter(|one| text(one, "type") == "grouping") {
                all.extend(texts(part, "object_refs"));
            }
        }
        all
    }

    /// Marks an object as taken.
    pub(super) fn take(&self, id: &str) {
        if let Some(n) = self.by_id.get(id) {
            self.taken.borrow_mut().insert(*n);
        }
    }

    pub(super) fn is_taken(&self, n: usize) -> bool {
        self.taken.borrow().contains(&n)
    }
}
