//! Brings STIX 2.0 to STIX 2.1, with every kind of change told.
//!
//! What changes is what STIX 2.1 says of itself (Appendix E, "Summary of changes"), as far as one object
//! shows it: `spec_version`; `labels` of types that have a property for them now; `pattern_type`;
//! `is_family`; the observables of observed-data, which become objects of their own; names of
//! their properties; START and STOP of patterns. What 2.1 has no property for stays under its name, as
//! a custom property, and is told. An object that says that it is of 2.1 stays as it is.

mod observed;
mod pattern;
mod renamed;

use crate::json;
use crate::marking::Tlp;
use crate::vocabulary::{self, Vocabulary};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Most objects of one bundle: they are held at once.
pub const MAX_OBJECTS: usize = 1_000_000;

/// How far, from one observable to those that refer to it, other ids are carried on within one
/// observation.
const MAX_SETTLED: usize = 8;

/// Why a bundle is not upgraded at all.
#[derive(Debug, thiserror::Error)]
pub enum NotUpgraded {
    /// It is not strict JSON.
    #[error("it cannot be read: {0}")]
    Json(#[from] json::NotStrict),
    /// It is something else.
    #[error("it is not a bundle of STIX 2.0: {0}")]
    Form(&'static str),
    /// It has too many objects.
    #[error("it has more than {MAX_OBJECTS} objects")]
    TooMany,
}

/// An object of STIX 2.1, and the one of STIX 2.0 that it was made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The object.
    pub object: Map<String, Value>,
    /// The place of the one that it was made of, among the objects of the bundle.
    pub from: usize,
    /// What was changed, in words: each kind of change once.
    pub changes: Vec<Change>,
    /// Whether it was a part of that one: an observable.
    pub is_part: bool,
}

/// One kind of change of one object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The property that was changed, as a path.
    pub path: String,
    /// What was changed.
    pub what: &'static str,
}

/// A bundle as STIX 2.1.
#[derive(Debug)]
pub struct Upgraded {
    /// Its objects; what was taken out of one comes before it.
    pub objects: Vec<Made>,
    /// The objects of the bundle as they came, those that are no objects of JSON among them.
    pub originals: Vec<Box<RawValue>>,
}

impl Upgraded {
    /// Every kind of change, with how many objects it was made in.
    pub fn summary(&self) -> BTreeMap<&'static str, usize> {
        let mut all = BTreeMap::new();
        for change in self.objects.iter().flat_map(|made| &made.changes) {
            *all.entry(change.what).or_default() += 1;
        }
        all
    }
}

/// Whether bytes begin like a bundle of STIX 2.0.
pub fn is_bundle(start: &[u8]) -> bool {
    let mut objects = crate::bundle::Objects::any(start);
    loop {
        match objects.next_object() {
            Err(crate::bundle::FrameError::Stix20) => return true,
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return false,
        }
    }
}

/// Upgrades a bundle.
///
/// # Errors
/// It is none, or has more than [`MAX_OBJECTS`].
pub fn bundle(bytes: &[u8]) -> Result<Upgraded, NotUpgraded> {
    let Value::Object(whole) = json::read(bytes)? else {
        return Err(NotUpgraded::Form("it is no object of JSON"));
    };
    let version = whole.get("spec_version").and_then(Value::as_str);
    if !version.is_some_and(|version| version.starts_with("2.0")) {
        return Err(NotUpgraded::Form("its `spec_version` is not 2.0"));
    }
    let none = NotUpgraded::Form("it has no list of `objects`");
    let Ok(Raw { objects: originals }) = serde_json::from_slice(bytes) else { return Err(none) };
    if originals.len() > MAX_OBJECTS {
        return Err(NotUpgraded::TooMany);
    }
    let mut out = Out { objects: Vec::new(), observables: BTreeMap::new() };
    for (from, original) in originals.iter().enumerate() {
        if let Ok(original) = serde_json::from_str(original.get()) {
            out.upgrade(original, from);
        }
    }
    Ok(Upgraded { objects: out.objects, originals })
}

/// The objects of a bundle, as they came.
#[derive(Deserialize)]
struct Raw {
    objects: Vec<Box<RawValue>>,
}

/// The objects on their way out.
struct Out {
    objects: Vec<Made>,
    /// The observables that went out, by their ids, with what they say.
    observables: BTreeMap<String, Map<String, Value>>,
}

/// What is done to one object.
struct Work {
    object: Map<String, Value>,
    changes: Vec<Change>,
}

impl Work {
    fn told(&mut self, path: impl Into<String>, what: &'static str) {
        let change = Change { path: path.into(), what };
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    fn text(&self, name: &str) -> &str {
        self.object.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Out {
    fn upgrade(&mut self, object: Map<String, Value>, from: usize) {
        let mut work = Work { object, changes: Vec::new() };
        if work.text("spec_version") == "2.1" {
            return self.push(work, from);
        }
        work.object.insert("spec_version".to_owned(), "2.1".into());
        work.told("$.spec_version", "`spec_version` is 2.1");
        let kind = work.text("type").to_owned();
        match kind.as_str() {
            "indicator" => {
                work.typed("indicator_types", &vocabulary::INDICATOR_TYPE);
                pattern::upgrade(&mut work);
            }
            "malware" => {
                work.typed("malware_types", &vocabulary::MALWARE_TYPE);
                if !work.object.contains_key("is_family") {
                    work.object.insert("is_family".to_owned(), true.into());
                    let what = "`is_family` is true: 2.0 has nothing to say of a single sample";
                    work.told("$.is_family", what);
                }
            }
            "report" => work.typed("report_types", &vocabulary::REPORT_TYPE),
            "threat-actor" => work.typed("threat_actor_types", &vocabulary::ACTOR_TYPE),
            "tool" => work.typed("tool_types", &vocabulary::TOOL_TYPE),
            "identity" => work.roles(),
            "marking-definition" => work.published(),
            "observed-data" => {
                let mut parts = observed::take_out(&mut work);
                self.settle(&mut parts, &mut work);
                for observable in parts {
                    self.observable(observable, from);
                }
            }
            _ => {}
        }
        self.push(work, from);
    }

    fn push(&mut self, work: Work, from: usize) {
        let Work { object, changes } = work;
        self.objects.push(Made { object, from, changes, is_part: false });
    }

    /// Where the id of an observable says something else already, such as another marking, it is another
    /// object: it and all that refer to it in the same observation have ids of their own.
    fn settle(&self, parts: &mut [Map<String, Value>], of: &mut Work) {
        for _ in 0..MAX_SETTLED {
            let mut others: BTreeMap<String, String> = BTreeMap::new();
            for one in parts.iter() {
                let id = one.get("id").and_then(Value::as_str).unwrap_or_default();
                if self.observables.get(id).is_some_and(|known| known != one) {
                    let kind = id.split_once("--").map_or("", |(kind, _)| kind);
                    let name = Value::Object(one.clone()).to_string();
                    others.insert(id.to_owned(), id_of(kind, name.as_bytes()));
                }
            }
            if others.is_empty() {
                break;
            }
            for one in parts.iter_mut() {
                let other = one.get("id").and_then(Value::as_str).and_then(|id| others.get(id));
                if let Some(other) = other.cloned() {
                    one.insert("id".to_owned(), other.into());
                }
                observed::refer(one, &others);
            }
            observed::refer(&mut of.object, &others);
        }
        // Of two that stand in one observation under one id, and say two things, the second is another.
        let mut seen: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        for one in parts.iter_mut() {
            let id = one.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let known = seen.get(&id).or_else(|| self.observables.get(&id));
            if known.is_some_and(|known| known != one) {
                let kind = id.split_once("--").map_or("", |(kind, _)| kind);
                let other = id_of(kind, Value::Object(one.clone()).to_string().as_bytes());
                one.insert("id".to_owned(), other.as_str().into());
                if let Some(Value::Array(refs)) = of.object.get_mut("object_refs") {
                    refs.push(other.as_str().into());
                }
                seen.insert(other, one.clone());
            } else {
                seen.insert(id, one.clone());
            }
        }
    }

    /// Lets an observable go, once.
    fn observable(&mut self, one: Map<String, Value>, from: usize) {
        let id = one.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        if self.observables.insert(id, one.clone()).is_some_and(|known| known == one) {
            return;
        }
        let mut work = Work { object: one, changes: Vec::new() };
        work.told("$", "it was taken out of the observed-data that it stood in");
        let kind = work.text("type").to_owned();
        for name in renamed::unknown(&kind, &work.object) {
            work.told(format!("$.{name}"), "2.1 has no such property: it stays as a custom one");
        }
        let Work { object, changes } = work;
        self.objects.push(Made { object, from, changes, is_part: true });
    }
}

impl Work {
    /// Labels that are words of a vocabulary become the property of 2.1 for them; others stay labels.
    fn typed(&mut self, name: &'static str, words: &Vocabulary) {
        if self.object.contains_key(name) {
            return;
        }
        let Some(Value::Array(labels)) = self.object.remove("labels") else { return };
        let is_type =
            |label: &Value| label.as_str().is_some_and(|label| words.values.contains(&label));
        let (types, others): (Vec<_>, Vec<_>) = labels.into_iter().partition(is_type);
        let (moved, stay) = (!types.is_empty(), !others.is_empty());
        if moved {
            self.object.insert(name.to_owned(), Value::Array(types));
            self.told(
                format!("$.{name}"),
                "`labels` that say of which type it is became a property of their own",
            );
        }
        if stay {
            self.object.insert("labels".to_owned(), Value::Array(others));
        }
        self.select("labels", &[(name, moved), ("labels", stay)]);
    }

    /// The labels of an identity are its roles (STIX 2.1 §4.5).
    fn roles(&mut self) {
        if self.object.contains_key("roles") {
            return;
        }
        if let Some(labels) = self.object.remove("labels") {
            self.object.insert("roles".to_owned(), labels);
            self.told("$.roles", "`labels` of an identity became its `roles`");
            self.select("labels", &[("roles", true)]);
        }
    }

    /// What was marked in one place is marked where it stands now: the whole of it.
    fn select(&mut self, from: &str, to: &[(&str, bool)]) {
        let markings = self.object.get_mut("granular_markings").and_then(Value::as_array_mut);
        let mut is_changed = false;
        for marking in markings.into_iter().flatten() {
            let Some(selectors) = marking.get_mut("selectors").and_then(Value::as_array_mut) else {
                continue;
            };
            let is_of = |one: &Value| {
                let rest = one.as_str().and_then(|text| text.strip_prefix(from));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            if !selectors.iter().any(is_of) {
                continue;
            }
            selectors.retain(|one| !is_of(one));
            let new = to.iter().filter(|(_, stands)| *stands).map(|(name, _)| Value::from(*name));
            selectors.extend(new);
            is_changed = true;
        }
        if is_changed {
            self.told(
                "$.granular_markings",
                "a marking of what was moved marks all of it where it stands now",
            );
        }
    }

    /// A level of TLP 1 is what STIX 2.1 publishes under the same id (§7.2.1.4).
    fn published(&mut self) {
        let id = self.text("id");
        if let Some(Value::Object(published)) = Tlp::published_in_first(id) {
            self.object = published;
        }
    }
}

/// An id for what has none by the standard's rule, and must have a random one then (§2.9): of the form
/// of a random one, and the same for the same name.
fn id_of(kind: &str, name: &[u8]) -> String {
    let made = Uuid::new_v5(&Uuid::NAMESPACE_OID, name);
    format!("{kind}--{}", uuid::Builder::from_random_bytes(made.into_bytes()).into_uuid())
}

#[cfg(test)]
mod tests;
