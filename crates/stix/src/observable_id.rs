//! Name-based ids of observables (STIX 2.1 §2.9, §3.4).

use crate::types;
use crate::{StixId, canonical};
use serde_json::{Map, Value};
use uuid::{Uuid, uuid};

/// The namespace of name-based ids (§2.9). Ids made by other rules must not use it.
pub const NAMESPACE: Uuid = uuid!("00abedb4-aa42-466c-9c01-fed23315a9b7");

/// The hash that goes into the id, when there are several: the first of these (§6.1, §6.7, §6.18).
const HASH_ORDER: &[&str] = &["MD5", "SHA-1", "SHA-256", "SHA-512"];

/// The id that results from an observable's contributing properties: a UUIDv5 over their canonical
/// JSON.
///
/// `None` for an object that is not an observable of the standard, or has none of its contributing
/// properties. Where there are hashes, but none that the standard prefers, the standard leaves the
/// choice open: the first by name is taken.
pub fn deterministic(object: &Map<String, Value>) -> Option<StixId> {
    let known = types::find(object.get("type")?.as_str()?)?;
    let mut name = Map::new();
    for property in known.of.contributing {
        match object.get(*property) {
            Some(Value::Object(hashes)) if *property == "hashes" => {
                name.insert((*property).to_owned(), one_hash(hashes)?);
            }
            Some(value) => {
                name.insert((*property).to_owned(), value.clone());
            }
            None => {}
        }
    }
    if name.is_empty() {
        return None;
    }
    let uuid = Uuid::new_v5(&NAMESPACE, &canonical::bytes(&Value::Object(name)));
    Some(StixId::new(known.of.name, uuid))
}

/// Whether an observable has none of its contributing properties.
pub(crate) fn has_no_name(object: &Map<String, Value>, contributing: &[&str]) -> bool {
    !contributing.iter().any(|property| object.contains_key(*property))
}

fn one_hash(hashes: &Map<String, Value>) -> Option<Value> {
    let preferred = HASH_ORDER.iter().find_map(|name| hashes.get_key_value(*name));
    let (name, hash) = preferred.or_else(|| hashes.iter().min_by_key(|(name, _)| *name))?;
    Some(Value::Object(Map::from_iter([(name.clone(), hash.clone())])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn id(object: &Value) -> Option<String> {
        deterministic(object.as_object().unwrap()).map(String::from)
    }

    /// Ids printed in the standard's own examples (§6.4, §6.8, Appendix C).
    #[test]
    fn ids_are_those_of_the_standards_examples() {
        for (object, expected) in [
            (
                json!({"type": "domain-name", "value": "example.com"}),
                "domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7",
            ),
            (
                json!({"type": "ipv4-addr", "value": "198.51.100.2"}),
                "ipv4-addr--9cf4a8ec-7640-5f40-a006-79942896168b",
            ),
        ] {
            assert_eq!(id(&object).as_deref(), Some(expected));
        }
    }

    #[test]
    fn one_hash_stands_for_all_in_the_standards_order() {
        let with = |hashes: Value| id(&json!({"type": "file", "hashes": hashes}));
        let one = with(json!({"MD5": "a"}));
        assert_eq!(with(json!({"SHA-256": "b", "MD5": "a", "x_own": "c"})), one);
        assert_ne!(with(json!({"SHA-256": "b"})), one);
        assert_eq!(with(json!({"x_b": "b", "x_a": "a"})), with(json!({"x_a": "a"})));
    }

    #[test]
    fn an_object_without_contributing_properties_has_no_such_id() {
        assert_eq!(id(&json!({"type": "process", "pid": 1})), None);
        assert_eq!(id(&json!({"type": "artifact", "url": "https://example.org/"})), None);
        assert_eq!(id(&json!({"type": "indicator", "name": "a"})), None);
        assert_eq!(id(&json!({"type": "x-acme", "value": "a"})), None);
    }
}
