//! Making STIX objects, as their bytes.
//!
//! An id is made of all that the object says, so that the same row of a list is the same object each
//! time, and another row never a version of it that contradicts.

use crate::bounds::MAX_NOTED;
use crate::time::to_millisecond;
use forewarn_stix::marking::Tlp;
use forewarn_stix::{StixId, Timestamp, observable_id};
use hashbrown::HashSet;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::hash::BuildHasher as _;

/// A rule of detection, as one indicator.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// The type of its pattern (STIX 2.1 §10.15).
    pub(crate) kind: &'static str,
    pub(crate) pattern: String,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) created: Option<Timestamp>,
    pub(crate) modified: Option<Timestamp>,
    pub(crate) labels: Vec<String>,
    /// The system, and an id in it or a URL.
    pub(crate) references: Vec<(String, String)>,
}

impl Rule {
    pub(crate) fn new(kind: &'static str, pattern: &str) -> Rule {
        Rule {
            kind,
            pattern: pattern.to_owned(),
            name: None,
            description: None,
            created: None,
            modified: None,
            labels: Vec::new(),
            references: Vec::new(),
        }
    }
}

/// What an object says beside its type and id.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Said<'a> {
    pub(crate) spec_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) modified: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pattern: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pattern_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) valid_from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) valid_until: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_observed: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_observed: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) number_observed: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) published: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(crate) object_refs: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<u8>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(crate) labels: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) external_references: Vec<Reference<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) object_marking_refs: Option<[&'static str; 1]>,
}

impl<'a> Said<'a> {
    /// What an object says that was created at a time.
    pub(crate) fn at(time: &'a str, tlp: Option<Tlp>) -> Said<'a> {
        Said {
            spec_version: "2.1",
            created: Some(time),
            modified: Some(time),
            object_marking_refs: tlp.map(|tlp| [tlp.id()]),
            ..Said::default()
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Reference<'a> {
    source_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

impl<'a> Reference<'a> {
    /// A reference to what another system calls so, or to a URL.
    pub(crate) fn to(system: &'a str, what: &'a str) -> Reference<'a> {
        let is_url = system == "url";
        Reference {
            source_name: system,
            external_id: (!is_url).then_some(what),
            url: is_url.then_some(what),
        }
    }
}

/// Where the bytes of an object go.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(&[u8]);

/// The objects on their way out.
pub(crate) struct Out<'a> {
    sink: Sink<'a>,
    /// Digests of those that have gone: a row that stands there twice is one object.
    gone: HashSet<u64, foldhash::fast::FixedState>,
    hasher: foldhash::fast::FixedState,
    buffer: Vec<u8>,
    /// The first ids, for a note about all.
    pub(crate) first: Vec<String>,
    levels: Vec<Tlp>,
}

impl<'a> Out<'a> {
    pub(crate) fn new(sink: Sink<'a>) -> Out<'a> {
        Out {
            sink,
            gone: HashSet::default(),
            hasher: foldhash::fast::FixedState::default(),
            buffer: Vec::new(),
            first: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// How many objects have gone out.
    pub(crate) fn count(&self) -> usize {
        self.gone.len()
    }

    /// Lets an object go, once. Returns its id.
    pub(crate) fn object(&mut self, kind: &'static str, said: &Said<'_>) -> StixId {
        self.buffer.clear();
        // Writing into memory does not fail, and the type has no maps with other keys than texts.
        let _ = serde_json::to_writer(&mut self.buffer, said);
        let id = StixId::of_name(kind, &self.buffer);
        if self.gone.insert(self.hasher.hash_one(id.as_str())) {
            let mut bytes = format!("{{\"type\":\"{kind}\",\"id\":\"{id}\",").into_bytes();
            bytes.extend(self.buffer.get(1..).unwrap_or_default());
            (self.sink)(&bytes);
            if self.first.len() < MAX_NOTED {
                self.first.push(id.as_str().to_owned());
            }
        }
        id
    }

    /// Lets an observable go, once. Returns its id, by the standard's rule (STIX 2.1 §2.9).
    pub(crate) fn observable(&mut self, kind: &str, properties: Map<String, Value>) -> String {
        let mut object = properties;
        object.insert("type".to_owned(), kind.into());
        object.insert("spec_version".to_owned(), "2.1".into());
        // Each kind here has a property that contributes.
        let id = observable_id::deterministic(&object).map(String::from).unwrap_or_default();
        object.insert("id".to_owned(), id.as_str().into());
        if self.gone.insert(self.hasher.hash_one(id.as_str())) {
            (self.sink)(Value::Object(object).to_string().as_bytes());
        }
        id
    }

    /// Lets the definition of a marking go, once.
    pub(crate) fn define(&mut self, tlp: Option<Tlp>) {
        let Some(tlp) = tlp.filter(|tlp| !self.levels.contains(tlp)) else { return };
        self.levels.push(tlp);
        (self.sink)(tlp.definition().to_string().as_bytes());
    }

    /// Lets an indicator go for a rule.
    pub(crate) fn rule(&mut self, rule: &Rule, dated: &Timestamp, tlp: Option<Tlp>) {
        self.define(tlp);
        let created = to_millisecond(rule.created.as_ref().unwrap_or(dated));
        let modified = rule.modified.as_ref().map(to_millisecond);
        let modified = modified.filter(|modified| *modified > created);
        let references = rule.references.iter().map(|(system, what)| Reference::to(system, what));
        let said = Said {
            modified: Some(modified.as_ref().unwrap_or(&created).as_str()),
            name: rule.name.as_deref(),
            description: rule.description.as_deref(),
            pattern: Some(&rule.pattern),
            pattern_type: Some(rule.kind),
            valid_from: Some(created.as_str()),
            labels: &rule.labels,
            external_references: references.collect(),
            ..Said::at(created.as_str(), tlp)
        };
        self.object("indicator", &said);
    }
}

/// The properties of an observable with a value.
pub(crate) fn valued(value: &str) -> Map<String, Value> {
    Map::from_iter([("value".to_owned(), json!(value))])
}
