//! What is observed: an observable with those that it refers to, made from the paths of the tables;
//! and read again by the same paths.

use crate::value;
use crate::way::{Step, Way};
use serde_json::{Map, Value, json};

/// An observable that is being made.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) kind: String,
    props: Map<String, Value>,
    refs: Vec<Reference>,
}

#[derive(Debug)]
struct Reference {
    key: String,
    is_list: bool,
    to: Vec<Node>,
}

impl Node {
    pub(crate) fn new(kind: &str) -> Node {
        Node { kind: kind.to_owned(), ..Node::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.props.is_empty() && self.refs.is_empty()
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.props.contains_key(key) || self.refs.iter().any(|one| one.key == key)
    }

    /// A property, as it stands.
    pub(crate) fn set(&mut self, key: &str, value: Value) {
        self.props.insert(key.to_owned(), value);
    }

    /// Sets a property by its path. Says whether it could: the text may be none for it, or the
    /// property may be taken.
    pub(crate) fn plant(&mut self, way: &Way, text: &str) -> bool {
        self.plant_at(&way.steps, text)
    }

    fn plant_at(&mut self, steps: &[Step], text: &str) -> bool {
        let Some((step, rest)) = steps.split_first() else { return false };
        if step.key.ends_with("_ref") || step.key.ends_with("_refs") || step.key == MULTIPART {
            let rest = if step.key == MULTIPART { rest.get(1..).unwrap_or_default() } else { rest };
            return self.plant_ref(step, rest, text);
        }
        if self.excludes(&step.key) {
            return false;
        }
        let kind = self.kind.clone();
        set(&mut self.props, &kind, steps, text)
    }

    /// Whether a property cannot stand beside what is there already (STIX 2.1 §6.1, §6.6).
    fn excludes(&self, key: &str) -> bool {
        match (self.kind.as_str(), key) {
            ("artifact", "url") => self.has("payload_bin"),
            ("artifact", "payload_bin") => self.has("url"),
            ("email-message", "body") => self.has(MULTIPART),
            _ => false,
        }
    }

    fn plant_ref(&mut self, step: &Step, rest: &[Step], text: &str) -> bool {
        let is_list = step.any;
        if step.key == MULTIPART && self.has("body") {
            return false;
        }
        if rest.len() > 1
            && let Some(found) = self.refs.iter_mut().find(|one| one.key == step.key)
        {
            return found.to.first_mut().is_some_and(|node| node.plant_at(rest, text));
        }
        let Some(kind) = target(&step.key, rest, text) else { return false };
        if let Some(found) = self.refs.iter_mut().find(|one| one.key == step.key) {
            if !is_list {
                let first = found.to.first_mut();
                return first.is_some_and(|node| node.kind == kind && node.plant_at(rest, text));
            }
            let mut node = Node::new(kind);
            let planted = node.plant_at(rest, text);
            if planted {
                found.to.push(node);
            }
            return planted;
        }
        let mut node = Node::new(kind);
        let planted = node.plant_at(rest, text);
        if planted {
            self.refs.push(Reference { key: step.key.clone(), is_list, to: vec![node] });
        }
        planted
    }

    /// The observables, those first that others refer to; `emit` gives each its id. Returns the id
    /// of the last, which is this one.
    pub(crate) fn finish(mut self, emit: &mut dyn FnMut(Map<String, Value>) -> String) -> String {
        for one in std::mem::take(&mut self.refs) {
            let names: Vec<Value> = one.to.iter().map(|n| n.get("name")).collect();
            let ids: Vec<String> = one.to.into_iter().map(|node| node.finish(emit)).collect();
            let value = if one.key == MULTIPART {
                let part = |(id, name): (String, Value)| {
                    let name = name.as_str().unwrap_or_default().replace('\'', "");
                    let disposition = format!("attachment; filename='{name}'");
                    json!({ "body_raw_ref": id, "content_disposition": disposition })
                };
                Value::Array(ids.into_iter().zip(names).map(part).collect())
            } else if one.is_list {
                Value::Array(ids.into_iter().map(Value::String).collect())
            } else {
                ids.into_iter().next().map_or(Value::Null, Value::String)
            };
            self.props.insert(one.key, value);
        }
        self.props.insert("type".to_owned(), Value::String(self.kind));
        self.props.insert("spec_version".to_owned(), Value::String("2.1".to_owned()));
        emit(self.props)
    }

    /// Whether it is a request over HTTP.
    pub(crate) fn is_request(&self) -> bool {
        self.props.get("extensions").is_some_and(|all| all.get("http-request-ext").is_some())
    }

    /// Whether a request over HTTP has what it must have (STIX 2.1 §6.12.3).
    pub(crate) fn is_request_whole(&self) -> bool {
        let extensions = self.props.get("extensions");
        extensions.and_then(|all| all.get("http-request-ext")).is_none_or(|request| {
            request.get("request_method").is_some() && request.get("request_value").is_some()
        })
    }

    /// Whether what is said of a program of Windows is all that must be said (STIX 2.1 §6.7.6).
    pub(crate) fn is_program_whole(&self) -> bool {
        let extensions = self.props.get("extensions");
        extensions.and_then(|all| all.get("windows-pebinary-ext")).is_none_or(|program| {
            let more = program.as_object().is_some_and(|map| map.len() > 1);
            program.get("pe_type").is_some() && more
        })
    }

    /// The text at a path, as [`pluck`] finds it when this is out.
    pub(crate) fn pluck(&self, way: &Way, n: usize) -> Option<String> {
        let mut all = Vec::new();
        self.gather(&way.steps, &mut all);
        all.into_iter().nth(n)
    }

    fn gather(&self, steps: &[Step], all: &mut Vec<String>) {
        let Some((step, rest)) = steps.split_first() else { return };
        let Some(found) = self.refs.iter().find(|one| one.key == step.key) else {
            return gather_in(&self.props, &self.kind, steps, all);
        };
        let rest = if step.key == MULTIPART { rest.get(1..).unwrap_or_default() } else { rest };
        found.to.iter().for_each(|node| node.gather(rest, all));
    }

    fn get(&self, key: &str) -> Value {
        self.props.get(key).cloned().unwrap_or_default()
    }
}

/// The parts of an e-mail, each of which refers to its file.
const MULTIPART: &str = "body_multipart";

/// The type of observable that a property refers to.
fn target(key: &str, rest: &[Step], text: &str) -> Option<&'static str> {
    Some(match key {
        "from_ref" | "sender_ref" | "to_refs" | "cc_refs" | "bcc_refs" => "email-addr",
        "resolves_to_refs" => return value::address(text),
        // Whose it is can be said of an address that is known only.
        "src_ref" | "dst_ref" if rest.len() > 1 => return None,
        "src_ref" | "dst_ref" => value::address(text).unwrap_or("domain-name"),
        "content_ref" | "raw_email_ref" => "artifact",
        "image_ref" | MULTIPART => "file",
        "parent_directory_ref" => "directory",
        "parent_ref" | "child_refs" => "process",
        "belongs_to_refs" => "autonomous-system",
        _ => return None,
    })
}

/// Sets a value within properties, dictionaries and lists.
fn set(props: &mut Map<String, Value>, object: &str, steps: &[Step], text: &str) -> bool {
    let Some((step, rest)) = steps.split_first() else { return false };
    let entry = props.get_mut(&step.key);
    if rest.is_empty() {
        let Some(value) = value::stix(object, &step.key, text) else { return false };
        match (step.any, entry) {
            (true, Some(Value::Array(list))) => list.push(value),
            (true, None) => {
                props.insert(step.key.clone(), Value::Array(vec![value]));
            }
            (false, None) => {
                props.insert(step.key.clone(), value);
            }
            _ => return false,
        }
        return true;
    }
    match (step.any, entry) {
        (false, Some(Value::Object(map))) => set(map, object, rest, text),
        (true, Some(Value::Array(list))) => {
            let first = list.first_mut().and_then(Value::as_object_mut);
            first.is_some_and(|map| set(map, object, rest, text))
        }
        (any, None) => {
            let mut map = Map::new();
            let planted = set(&mut map, object, rest, text);
            if planted {
                let map = Value::Object(map);
                let value = if any { Value::Array(vec![map]) } else { map };
                props.insert(step.key.clone(), value);
            }
            planted
        }
        _ => false,
    }
}

/// Finds an object by its id.
pub(crate) type Find<'a> = &'a dyn Fn(&str) -> Option<&'a Map<String, Value>>;

/// The text at a path: the `n`th, where there are several.
pub(crate) fn pluck(
    find: Find<'_>,
    root: &Map<String, Value>,
    way: &Way,
    n: usize,
) -> Option<String> {
    let mut all = Vec::new();
    gather(find, root, &way.steps, &mut all);
    all.into_iter().nth(n)
}

/// The texts at a path that stays within one object.
fn gather_in(at: &Map<String, Value>, object: &str, steps: &[Step], all: &mut Vec<String>) {
    let Some((step, rest)) = steps.split_first() else { return };
    let Some(value) = at.get(&step.key) else { return };
    let values = match value {
        Value::Array(list) if step.any => list.iter().collect(),
        value => vec![value],
    };
    for value in values {
        if rest.is_empty() {
            all.extend(value::misp(object, &step.key, value));
        } else if let Some(map) = value.as_object() {
            gather_in(map, object, rest, all);
        }
    }
}

fn gather(find: Find<'_>, at: &Map<String, Value>, steps: &[Step], all: &mut Vec<String>) {
    let Some((step, rest)) = steps.split_first() else { return };
    let Some(value) = at.get(&step.key) else { return };
    let values = match value {
        Value::Array(list) if step.any => list.iter().collect(),
        value => vec![value],
    };
    for value in values {
        if rest.is_empty() {
            let object = at.get("type").and_then(Value::as_str).unwrap_or_default();
            all.extend(value::misp(object, &step.key, value));
        } else if let Some(map) = value.as_object() {
            gather(find, map, rest, all);
        } else if let Some(map) = value.as_str().and_then(find) {
            gather(find, map, rest, all);
        }
    }
}
