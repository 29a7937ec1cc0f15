//! Making STIX objects: ids, times, our extension, and which observables were emitted already.

use crate::bounds::MAX_REFERENCES;
use forewarn_stix::object::MAX_OBJECT_BYTES;
use forewarn_stix::{StixId, observable_id};
use hashbrown::HashMap;
use serde_json::{Map, Value, json};
use std::hash::BuildHasher as _;
use uuid::Uuid;

/// The id of our extension definition: what MISP says that STIX has no property for, and the
/// objects that STIX has no type for. `docs/extension/` publishes it.
pub const EXTENSION: &str = "extension-definition--c1d7ab65-2f4b-4f0e-8c9a-3b7e5d1f9a42";

/// Puts a record into an object, as an extension of its properties, or of its type where the type is
/// ours.
pub(crate) fn extend(object: &mut Map<String, Value>, key: &str, record: Map<String, Value>) {
    let name = object.get("type").and_then(Value::as_str).unwrap_or_default();
    let is_ours = name.starts_with("x-misp-");
    if record.is_empty() && !is_ours {
        return;
    }
    let kind = if is_ours { "new-sdo" } else { "property-extension" };
    let extensions = object.entry("extensions").or_insert_with(|| json!({}));
    let Some(extensions) = extensions.as_object_mut() else { return };
    let own = extensions.entry(EXTENSION).or_insert_with(|| json!({ "extension_type": kind }));
    if let Some(own) = own.as_object_mut()
        && !record.is_empty()
    {
        own.insert(key.to_owned(), Value::Object(record));
    }
}

/// What our extension says of an object.
pub(crate) fn extended(object: &Map<String, Value>) -> Option<&Map<String, Value>> {
    object.get("extensions")?.get(EXTENSION)?.as_object()
}

/// The UUID of a record: its own, or one made of what it says, for a record without.
pub(crate) fn uuid_of(text: Option<&str>, otherwise: &[u8]) -> Uuid {
    let own = text.and_then(|text| Uuid::parse_str(text).ok());
    own.filter(|uuid| is_of_rfc_4122(*uuid)).unwrap_or_else(|| as_random(otherwise))
}

/// Whether STIX takes a UUID: it knows those of RFC 4122 only (§2.9).
fn is_of_rfc_4122(uuid: Uuid) -> bool {
    uuid.get_variant() == uuid::Variant::RFC4122 && (1..=5).contains(&uuid.get_version_num())
}

/// A UUID of the form of a random one, the same for the same name.
pub(crate) fn as_random(name: &[u8]) -> Uuid {
    let made = Uuid::new_v5(&Uuid::NAMESPACE_OID, name);
    uuid::Builder::from_random_bytes(made.into_bytes()).into_uuid()
}

/// The objects on their way out.
pub(crate) struct Out<'a> {
    sink: &'a mut dyn FnMut(Value),
    /// The observables that are out, by a digest of their ids; with a digest of what they say.
    observables: HashMap<u64, u64, foldhash::fast::RandomState>,
    hasher: foldhash::fast::RandomState,
    /// Ids that the event's report has not yet referred to.
    references: Vec<Value>,
    /// Objects that were too long.
    pub(crate) too_long: Vec<String>,
}

impl<'a> Out<'a> {
    pub(crate) fn new(sink: &'a mut dyn FnMut(Value)) -> Out<'a> {
        Out {
            sink,
            observables: HashMap::default(),
            hasher: foldhash::fast::RandomState::default(),
            references: Vec::new(),
            too_long: Vec::new(),
        }
    }

    /// Lets an object go, as one of those of the event.
    pub(crate) fn object(&mut self, object: Map<String, Value>) -> bool {
        let id = object.get("id").cloned().unwrap_or_default();
        let gone = self.alone(object);
        if gone {
            self.references.push(id);
        }
        gone
    }

    /// Lets an object go that the event does not refer to, such as whoever made it.
    pub(crate) fn alone(&mut self, object: Map<String, Value>) -> bool {
        if is_too_long(&object) {
            let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
            self.too_long.push(id.to_owned());
            return false;
        }
        (self.sink)(Value::Object(object));
        true
    }

    /// Lets an observable go, once. `of` is the UUID of the record that it comes from. Returns its
    /// id.
    pub(crate) fn observable(&mut self, mut object: Map<String, Value>, of: Uuid) -> String {
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let said = self.hasher.hash_one(&object);
        let by_name = observable_id::deterministic(&object).map(String::from);
        let mut id = by_name.unwrap_or_else(|| random_id(&kind, of, &object));
        let key = self.hasher.hash_one(&id);
        match self.observables.get(&key) {
            Some(before) if *before == said => return id,
            // The same value with other properties: one id cannot stand for both.
            Some(_) => {
                id = random_id(&kind, of, &object);
                if self.observables.insert(self.hasher.hash_one(&id), said).is_some() {
                    return id;
                }
            }
            None => {
                self.observables.insert(key, said);
            }
        }
        object.insert("id".to_owned(), Value::String(id.clone()));
        self.object(object);
        id
    }

    /// Whether the references are as many as one object may hold.
    pub(crate) fn is_full(&self) -> bool {
        self.references.len() >= MAX_REFERENCES
    }

    pub(crate) fn references(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.references)
    }

    pub(crate) fn refer(&mut self, id: String) {
        self.references.push(Value::String(id));
    }
}

fn random_id(kind: &str, of: Uuid, object: &Map<String, Value>) -> String {
    let text = serde_json::to_vec(object).unwrap_or_default();
    format!("{kind}--{}", as_random(&[of.as_bytes().as_slice(), &text].concat()))
}

/// Whether an object is longer than others read. Only texts that are long at all are counted.
fn is_too_long(object: &Map<String, Value>) -> bool {
    fn texts(value: &Value) -> usize {
        match value {
            Value::String(text) => text.len() + 3,
            Value::Array(list) => list.iter().map(texts).sum::<usize>() + 2,
            Value::Object(map) => map.iter().map(|(key, value)| key.len() + 4 + texts(value)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        }
    }
    let length: usize = object.iter().map(|(key, value)| key.len() + 4 + texts(value)).sum();
    if length < MAX_OBJECT_BYTES / 6 {
        return false;
    }
    serde_json::to_vec(object).map_or(true, |bytes| bytes.len() > MAX_OBJECT_BYTES)
}

/// A relationship between two objects.
pub(crate) fn relationship(
    source: &str,
    kind: &str,
    target: &str,
    (created, by): (&str, Option<&str>),
) -> Map<String, Value> {
    let name = format!("{source} - {kind} - {target}");
    let id = StixId::of_name("relationship", name.as_bytes());
    let mut object = head(id.as_str(), created, by);
    let texts = [("relationship_type", kind), ("source_ref", source), ("target_ref", target)];
    object.extend(texts.map(|(key, text)| (key.to_owned(), Value::String(text.to_owned()))));
    object
}

/// What every object but an observable begins with.
pub(crate) fn head(id: &str, created: &str, by: Option<&str>) -> Map<String, Value> {
    let kind = id.split_once("--").map_or("", |(kind, _)| kind);
    let mut map = Map::new();
    let mut put = |key: &str, text: &str| {
        map.insert(key.to_owned(), Value::String(text.to_owned()));
    };
    put("type", kind);
    put("spec_version", "2.1");
    put("id", id);
    put("created", created);
    put("modified", created);
    if let Some(by) = by {
        put("created_by_ref", by);
    }
    map
}
