//! One object: judged, and kept as the bytes that were received.

use crate::finding::{Finding, Severity};
use crate::id::StixId;
use crate::schema::{At, check_shape};
use crate::time::Timestamp;
use crate::types::{self, Family};
use crate::{json, rules, types::Type};
use serde_json::{Map, Value};

/// Largest object read, in bytes. The largest of ATT&CK for ICS 18.1 has 217 kB; an artifact with
/// an embedded payload may have some megabytes.
pub const MAX_OBJECT_BYTES: usize = 8 << 20;

/// A valid object. Only [`judge`] makes one.
#[derive(Debug, Clone)]
pub struct Object {
    id: StixId,
    created: Option<Timestamp>,
    modified: Option<Timestamp>,
    value: Value,
}

/// The judgement of one object's bytes.
#[derive(Debug)]
pub struct Judged {
    /// The id as written, where one could be read.
    pub id: Option<String>,
    /// The type as written, where one could be read.
    pub type_name: Option<String>,
    /// Every broken rule.
    pub findings: Vec<Finding>,
    /// The object, when no must is broken.
    pub object: Option<Object>,
}

impl Object {
    /// The identifier.
    pub fn id(&self) -> &StixId {
        &self.id
    }

    /// `created`, where the type has it.
    pub fn created(&self) -> Option<&Timestamp> {
        self.created.as_ref()
    }

    /// What tells one version from another (TAXII 2.1 §3.4.1): `modified`, else `created`.
    pub fn version(&self) -> Option<&Timestamp> {
        self.modified.as_ref().or(self.created.as_ref())
    }

    /// The object's properties.
    pub fn properties(&self) -> &Value {
        &self.value
    }

    /// A property's text, where it is there and a string.
    pub fn text(&self, property: &str) -> Option<&str> {
        self.value.get(property).and_then(Value::as_str)
    }
}

impl Judged {
    /// The broken musts.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }
}

/// Judges the bytes of one object: strict JSON, then every rule of its type.
pub fn judge(bytes: &[u8]) -> Judged {
    if bytes.len() > MAX_OBJECT_BYTES {
        let size = bytes.len();
        return unreadable("size", format!("{size} bytes; the most is {MAX_OBJECT_BYTES}"));
    }
    match json::read(bytes) {
        Ok(Value::Object(map)) => judge_map(map),
        Ok(_) => unreadable("json", "a STIX object is a JSON object".to_owned()),
        Err(e) => unreadable("json", e.to_string()),
    }
}

fn unreadable(rule: &'static str, message: String) -> Judged {
    let findings = vec![Finding::error("$", rule, message)];
    Judged { id: None, type_name: None, findings, object: None }
}

fn judge_map(map: Map<String, Value>) -> Judged {
    let mut found = Vec::new();
    let type_name = map.get("type").and_then(Value::as_str).map(str::to_owned);
    let id_text = map.get("id").and_then(Value::as_str).map(str::to_owned);
    check_type(type_name.as_deref(), &mut found);
    let id = check_id(id_text.as_deref(), type_name.as_deref(), &mut found);
    check_properties(&map, type_name.as_deref(), &mut found);
    let time = |name: &str| {
        map.get(name).and_then(Value::as_str).and_then(|text| Timestamp::parse(text).ok())
    };
    let (created, modified) = (time("created"), time("modified"));
    let valid = !found.iter().any(|f| f.severity == Severity::Error);
    let object =
        id.filter(|_| valid).map(|id| Object { id, created, modified, value: Value::Object(map) });
    Judged { id: id_text, type_name, findings: found, object }
}

fn check_type(name: Option<&str>, found: &mut Vec<Finding>) {
    match name {
        Some(name) if crate::id::is_type_name(name) => {}
        Some("bundle") | None => found.push(Finding::error(
            "$.type",
            "required-property",
            "the required property `type` is missing or not a string",
        )),
        Some(name) => found.push(Finding::error(
            "$.type",
            "type-name",
            format!("`{name}` is not a type name (3 to 250 of a-z, 0-9 and hyphens)"),
        )),
    }
    if name == Some("bundle") {
        let message = "a bundle cannot be inside a bundle or envelope; send its objects";
        found.push(Finding::error("$.type", "nested-bundle", message));
    }
}

fn check_id(id: Option<&str>, type_name: Option<&str>, found: &mut Vec<Finding>) -> Option<StixId> {
    let Some(text) = id else {
        let message = "the required property `id` is missing or not a string";
        found.push(Finding::error("$.id", "required-property", message));
        return None;
    };
    match StixId::parse(text) {
        Ok(id) => {
            if let Some(name) = type_name.filter(|name| *name != id.type_name()) {
                let message =
                    format!("the id begins with `{}`, the type is `{name}`", id.type_name());
                found.push(Finding::error("$.id", "id-type", message));
            }
            Some(id)
        }
        Err(e) => {
            found.push(Finding::error("$.id", "identifier", e.to_string()));
            None
        }
    }
}

fn check_properties(map: &Map<String, Value>, name: Option<&str>, found: &mut Vec<Finding>) {
    let known = name.and_then(types::find);
    rules::check(map, name.unwrap_or_default(), known.map(|known| known.family), found);
    let Some(Type { family, props, .. }) = known else {
        check_shape(map, types::CUSTOM, &At::ROOT, found);
        return;
    };
    let common = match family {
        Family::Versioned => types::VERSIONED,
        Family::Observable => types::OBSERVABLE,
        Family::Marking => types::MARKING,
    };
    check_shape(map, common, &At::ROOT, found);
    check_shape(map, props, &At::ROOT, found);
    if *family == Family::Marking && map.contains_key("modified") {
        // STIX 2.1 §7.2.1: marking definitions cannot be versioned.
        let message = "a marking definition cannot be versioned";
        found.push(Finding::error("$.modified", "forbidden-property", message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn indicator() -> Value {
        json!({
            "type": "indicator", "spec_version": "2.1",
            "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
            "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
            "pattern": "[domain-name:value = 'example.org']", "pattern_type": "stix",
            "valid_from": "2017-12-15T09:30:00Z"
        })
    }

    fn rules(value: &Value) -> Vec<(&'static str, String)> {
        let judged = judge(value.to_string().as_bytes());
        assert_eq!(judged.object.is_none(), !judged.findings.is_empty());
        judged.findings.into_iter().map(|f| (f.rule, f.path)).collect()
    }

    fn with(name: &str, value: Value) -> Value {
        let mut object = indicator();
        object[name] = value;
        object
    }

    #[test]
    fn a_valid_object_has_its_id_and_version() {
        let object = judge(indicator().to_string().as_bytes()).object.unwrap();
        assert_eq!(object.id().type_name(), "indicator");
        assert_eq!(object.version().unwrap().as_str(), "2017-12-15T09:30:00.000Z");
    }

    #[test]
    fn each_required_property_when_missing_is_named() {
        for name in [
            "spec_version",
            "created",
            "modified",
            "pattern",
            "pattern_type",
            "valid_from",
            "id",
            "type",
        ] {
            let mut object = indicator();
            object.as_object_mut().unwrap().remove(name);
            assert!(
                rules(&object).contains(&("required-property", format!("$.{name}"))),
                "{name}: {:?}",
                rules(&object)
            );
        }
    }

    #[test]
    fn a_wrong_type_is_named_with_its_path() {
        assert_eq!(rules(&with("pattern", json!(7))), [("property-type", "$.pattern".into())]);
        assert_eq!(rules(&with("labels", json!([]))), [("empty-list", "$.labels".into())]);
        assert_eq!(
            rules(&with("labels", json!(["a", 1]))),
            [("property-type", "$.labels[1]".into())]
        );
        assert_eq!(rules(&with("confidence", json!(101))), [("range", "$.confidence".into())]);
        assert_eq!(
            rules(&with("external_references", json!([{"url": "x"}]))),
            [("required-property", "$.external_references[0].source_name".into())]
        );
        assert_eq!(
            rules(&with("created_by_ref", json!("malware--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"))),
            [("reference-type", "$.created_by_ref".into())]
        );
    }

    #[test]
    fn times_must_stand_in_order() {
        assert_eq!(
            rules(&with("modified", json!("2016-01-01T00:00:00.000Z"))),
            [("modified-before-created", "$.modified".into())]
        );
        assert_eq!(
            rules(&with("valid_until", json!("2017-12-15T09:30:00.000Z"))),
            [("time-order", "$.valid_until".into())]
        );
    }

    #[test]
    fn an_id_of_another_type_is_refused() {
        let object = with("id", json!("malware--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"));
        assert_eq!(rules(&object), [("id-type", "$.id".into())]);
    }

    #[test]
    fn a_custom_object_passes_with_what_it_has() {
        let object = json!({"type": "x-acme-thing", "id": "x-acme-thing--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "x_n": 1});
        assert_eq!(rules(&object), []);
    }

    #[test]
    fn a_location_needs_a_place() {
        let object = json!({
            "type": "location", "spec_version": "2.1",
            "id": "location--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
            "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
            "latitude": 59.93
        });
        assert_eq!(rules(&object).len(), 1);
    }
}
