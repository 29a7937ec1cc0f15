//! One object: judged by the rules, and kept with every property that it came with.

use crate::at::At;
use crate::check::{check, check_least, missing};
use crate::finding::{Finding, Severity};
use crate::findings::{Findings, require};
use crate::head::truth;
use crate::id::{StixId, is_type_name};
use crate::rule::{self, Rule};
use crate::schema::ValueKind;
use crate::text::shortened;
use crate::time::Timestamp;
use crate::types::{self, Family, Known};
use crate::{custom, extension, json, observable_id, rules};
use serde_json::{Map, Value};

/// Longest object read, in bytes. The longest of ATT&CK for ICS 18.1 has 217 kB; an artifact with
/// an embedded payload may have several megabytes.
pub const MAX_OBJECT_BYTES: usize = 8 << 20;

/// A usable object: valid, or with flaws that leave its meaning as it is ([`rule::Breach`]). Only
/// [`judge`] makes one.
#[derive(Debug, Clone)]
pub struct Object {
    id: StixId,
    created: Option<Timestamp>,
    modified: Option<Timestamp>,
    value: Value,
}

/// The result of judging the bytes of one object.
#[derive(Debug)]
pub struct Judged {
    /// The text of `id`, valid or not; `None` when there is no such text.
    pub id: Option<String>,
    /// The text of `type`, valid or not; `None` when there is no such text.
    pub type_name: Option<String>,
    /// The findings: at most 100 errors and 100 warnings.
    pub findings: Vec<Finding>,
    /// The number of further findings.
    pub unlisted: usize,
    /// Whether the object is usable: valid, or with flaws that leave its meaning as it is.
    pub usable: bool,
    /// The object's own version, usable or not: `modified`, else `created`, where one can be read.
    pub version: Option<Timestamp>,
    /// The object; `None` when it is not usable.
    pub object: Option<Object>,
}

impl Object {
    /// The identifier of the object (§2.9).
    pub fn id(&self) -> &StixId {
        &self.id
    }

    /// The time `created` (§3.2); `None` when the object does not have it.
    pub fn created(&self) -> Option<&Timestamp> {
        self.created.as_ref()
    }

    /// The time `modified` (§3.2); `None` when the object does not have it.
    pub fn modified(&self) -> Option<&Timestamp> {
        self.modified.as_ref()
    }

    /// The time that tells versions apart (TAXII 2.1 §3.4.1): `modified`, else `created`. `None`
    /// for an object with neither, as most observables are.
    pub fn version(&self) -> Option<&Timestamp> {
        self.modified.as_ref().or(self.created.as_ref())
    }

    /// All properties, as a JSON object.
    pub fn properties(&self) -> &Value {
        &self.value
    }

    /// The value of a property, defined by the standard or not.
    pub fn get(&self, property: &str) -> Option<&Value> {
        self.value.get(property)
    }

    /// The text of a property; `None` when it is missing or not a string.
    pub fn text(&self, property: &str) -> Option<&str> {
        self.get(property).and_then(Value::as_str)
    }

    /// The time of a property; `None` when it is missing or not a timestamp.
    pub fn time(&self, property: &str) -> Option<Timestamp> {
        Timestamp::parse_any(self.text(property)?).ok()
    }

    /// The elements of a property that is a list; nothing when it is missing or not a list.
    pub fn list(&self, property: &str) -> impl Iterator<Item = &Value> {
        self.get(property).and_then(Value::as_array).into_iter().flatten()
    }

    /// Whether the creator has revoked the object (§3.6).
    pub fn is_revoked(&self) -> bool {
        self.get("revoked").and_then(truth) == Some(true)
    }

    /// All properties, by value.
    pub fn into_properties(self) -> Value {
        self.value
    }
}

impl Judged {
    /// The findings on musts.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }
}

/// Judges the bytes of one object: strict JSON ([`json`]), then every rule for its type.
///
/// It never fails: bytes that cannot be read give one finding and no object.
pub fn judge(bytes: &[u8]) -> Judged {
    if bytes.len() > MAX_OBJECT_BYTES {
        let size = bytes.len();
        return unreadable(
            &rule::SIZE,
            format!("has {size} bytes; at most {MAX_OBJECT_BYTES} are read"),
        );
    }
    match json::read(bytes) {
        Ok(Value::Object(map)) => judge_map(map),
        Ok(_) => {
            unreadable(&rule::JSON, "is not a JSON object, as every STIX object must be".to_owned())
        }
        Err(e) => unreadable(&rule::JSON, e.to_string()),
    }
}

fn unreadable(rule: &'static Rule, message: String) -> Judged {
    let findings = vec![Finding::new(rule, "$", message)];
    Judged {
        id: None,
        type_name: None,
        findings,
        unlisted: 0,
        usable: false,
        version: None,
        object: None,
    }
}

fn judge_map(map: Map<String, Value>) -> Judged {
    let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
    let (type_name, id_text) = (text("type"), text("id"));
    let known = type_name.as_deref().and_then(types::find);
    let clause = known.map_or("11.2", |known| known.of.clause);
    let mut found = Findings::new(&map, clause);
    check_type(type_name.as_deref(), &mut found);
    let id = check_id(id_text.as_deref(), type_name.as_deref(), &mut found);
    check_properties(&map, known, &mut found);
    if let Some(id) = &id {
        check_uuid(id, &map, known, &mut found);
    }
    let usable = found.is_usable();
    let (unlisted, findings) = (found.unlisted(), found.list);
    let time = |name: &str| Timestamp::parse_any(map.get(name)?.as_str()?).ok();
    let (created, modified) = (time("created"), time("modified"));
    let version = modified.as_ref().or(created.as_ref()).cloned();
    let object =
        id.filter(|_| usable).map(|id| Object { id, created, modified, value: Value::Object(map) });
    Judged { id: id_text, type_name, findings, unlisted, usable, version, object }
}

fn check_type(name: Option<&str>, found: &mut Findings<'_>) {
    let at = At::ROOT.name("type");
    match name {
        None => {
            let message = "the required property `type` is missing or not a string";
            found.add(&rule::REQUIRED, &at, message);
        }
        Some("bundle") => {
            let message = "a bundle cannot be inside a bundle or envelope; send its objects";
            found.add(&rule::NESTED_BUNDLE, &at, message);
        }
        Some("action") => {
            found.add(&rule::RESERVED, &at, "`action` is reserved for a later version of STIX");
        }
        Some(name) if !is_type_name(name) => {
            let name = shortened(name);
            let message =
                format!("`{name}` is not a type name (3 to 250 of a-z, 0-9 and single hyphens)");
            found.add(&rule::TYPE_NAME, &at, message);
        }
        Some(_) => {}
    }
}

fn check_id(id: Option<&str>, type_name: Option<&str>, found: &mut Findings<'_>) -> Option<StixId> {
    let at = At::ROOT.name("id");
    let Some(text) = id else {
        let message = "the required property `id` is missing or not a string";
        found.add(&rule::REQUIRED, &at, message);
        return None;
    };
    match StixId::parse_any(text) {
        Ok(id) => {
            if !id.is_of_rfc_4122() {
                found.uuid(text, &at);
            }
            if let Some(name) =
                type_name.filter(|name| *name != id.type_name() && is_type_name(name))
            {
                let message =
                    format!("the id begins with `{}`, the type is `{name}`", id.type_name());
                found.add(&rule::ID_TYPE, &at, message);
            }
            Some(id)
        }
        Err(e) => {
            found.add(&rule::IDENTIFIER, &at, e.to_string());
            None
        }
    }
}

/// Checks the version of the UUID, and of an observable the UUID itself (§2.9).
fn check_uuid(
    id: &StixId,
    map: &Map<String, Value>,
    known: Option<&Known>,
    found: &mut Findings<'_>,
) {
    let Some(Known { of, .. }) = known.filter(|_| id.is_of_rfc_4122()) else { return };
    let (at, version) = (At::ROOT.name("id"), id.uuid_version());
    if of.family != Family::Observable {
        if version != 4 {
            let message = format!("should have a random UUID (version 4), not version {version}");
            found.add(&rule::UUID_VERSION, &at, message);
        }
        return;
    }
    match observable_id::deterministic(map) {
        _ if observable_id::has_no_name(map, of.contributing) => {
            let message =
                "must have a random UUID (version 4): it has no properties for a name-based one";
            if version != 4 {
                found.add(&rule::UUID_RANDOM, &at, message);
            }
        }
        _ if version != 5 => {
            let message =
                format!("should have a name-based UUID (version 5), not version {version}");
            found.add(&rule::UUID_VERSION, &at, message);
        }
        Some(expected) if !expected.as_str().eq_ignore_ascii_case(id.as_str()) => {
            let message = format!("should be {expected}, which its contributing properties give");
            found.add(&rule::DETERMINISTIC_ID, &at, message);
        }
        _ => {}
    }
}

fn check_properties(
    map: &Map<String, Value>,
    known: Option<&'static Known>,
    found: &mut Findings<'_>,
) {
    let Some(known) = known else { return custom::check(map, found) };
    let mut seen = 0_u64;
    let mut toplevel = None;
    for (name, value) in map {
        let at = At::ROOT.name(name);
        if let Some((n, prop)) = known.prop(name) {
            seen |= 1 << n;
            match prop.kind {
                ValueKind::Extensions => extension::check(value, &at, found),
                ValueKind::Container => check_container(value, &at, found),
                kind => check(value, kind, &at, found),
            }
        } else {
            let by_extension = *toplevel
                .get_or_insert_with(|| extension::uses(map, &["toplevel-property-extension"]));
            custom::check_property(name, value, by_extension, found);
        }
    }
    for prop in known.missing(seen) {
        missing(prop, &At::ROOT, found);
    }
    check_least(map, known.of.least, known.of.props, &At::ROOT, found);
    rules::check(map, known.of, found);
}

/// Checks the deprecated `objects` of an observed-data: observables by keys, by which they refer to
/// each other (STIX 2.1 §2.13).
fn check_container(value: &Value, at: &At<'_>, found: &mut Findings<'_>) {
    let Some(map) = value.as_object() else {
        return require(false, "a dictionary of observables", value, at, found);
    };
    if map.is_empty() {
        return found.empty_dictionary(at);
    }
    for (key, member) in map {
        let at = at.name(key);
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_digit()) {
            let message = format!("the key `{}` should be a number", shortened(key));
            found.add(&rule::CONTAINER_KEY, &at, message);
        }
        match member.as_object() {
            Some(member) => check_member(member, map, &at, found),
            None => require(false, "an observable", member, &at, found),
        }
    }
}

/// Checks one observable in a container by all the rules of its type. Its references are keys of
/// the container.
fn check_member(
    member: &Map<String, Value>,
    container: &Map<String, Value>,
    at: &At<'_>,
    found: &mut Findings<'_>,
) {
    let name = member.get("type").and_then(Value::as_str);
    let known = name.and_then(types::find);
    let clause = known.map_or("11.2", |known| known.of.clause);
    let mut inner = Findings::new(member, clause);
    inner.container = Some(container);
    inner.inside = Some("objects");
    check_type(name, &mut inner);
    if known.is_some_and(|known| known.of.family != Family::Observable) {
        let message = format!("`{}` is not an observable", name.unwrap_or_default());
        inner.add(&rule::CONTAINER_REFERENCE, &At::ROOT.name("type"), message);
    } else {
        check_properties(member, known, &mut inner);
    }
    found.absorb(inner, at);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
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
        judged.errors().map(|f| (f.rule, f.path.clone())).collect()
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
    fn a_wrong_type_is_named_with_its_path() {
        assert_eq!(rules(&with("pattern", json!(7))), [("property-type", "$.pattern".into())]);
        assert_eq!(rules(&with("labels", json!([]))), [("empty-list", "$.labels".into())]);
        assert_eq!(
            rules(&with("labels", json!(["a", 1]))),
            [("property-type", "$.labels[1]".into())]
        );
        assert_eq!(rules(&with("confidence", json!(101))), [("range", "$.confidence".into())]);
        assert_eq!(
            rules(&with("external_references", json!([{"external_id": "x"}]))),
            [("required-property", "$.external_references[0].source_name".into())]
        );
        assert_eq!(
            rules(&with("created_by_ref", json!("malware--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"))),
            [("reference-type", "$.created_by_ref".into())]
        );
    }

    /// Whether the object with this change is usable, and the rules that it breaks.
    fn taken(name: &str, value: Value) -> (bool, Vec<&'static str>) {
        let judged = judge(with(name, value).to_string().as_bytes());
        assert_eq!(judged.usable, judged.object.is_some());
        (judged.usable, judged.errors().map(|f| f.rule).collect())
    }

    #[test]
    fn what_keeps_its_meaning_is_usable_and_what_would_mislead_is_not() {
        let extension = json!({"extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba":
            {"extension_type": "property-extension", "id": "x", "Type": "Indicator"}});
        let id = "indicator--00000000-0000-0000-0000-000000000001";
        for (name, value, rule) in [
            ("extensions", extension, "property-name"),
            ("created", json!("2017-12-15T09:30:00Z"), "milliseconds"),
            ("modified", json!("2017-12-14T09:30:00.000Z"), "modified-before-created"),
            ("modified", json!("2017-12-16T09:30:00.000+02:00"), "timestamp-offset"),
            ("valid_until", json!("2017-12-15T09:30:00Z"), "time-order"),
            ("valid_until", Value::Null, "null"),
            ("valid_from", json!("yesterday"), "timestamp"),
            ("labels", json!("a"), "property-type"),
            ("created_by_ref", json!("somebody"), "identifier"),
            ("confidence", json!(101), "range"),
            ("id", json!(id), "uuid"),
            ("indicator_types", json!([]), "empty-list"),
            ("revoked", json!("false"), "boolean-text"),
            ("revoked", json!("TRUE"), "boolean-text"),
            ("spec_version", json!(2.1), "spec-version-number"),
        ] {
            let (usable, rules) = taken(name, value);
            assert!(usable && rules.contains(&rule), "{name}: {rules:?}");
        }
        for (name, value, rule) in [
            ("id", json!("malware--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"), "id-type"),
            ("id", json!("indicator--1"), "identifier"),
            ("spec_version", json!("2.0"), "enum"),
            ("created", Value::Null, "null"),
            ("modified", json!("yesterday"), "timestamp"),
            ("pattern", json!("[domain-name:value = 'a.example'"), "pattern"),
            ("pattern", json!(["a"]), "property-type"),
            ("revoked", json!("yes"), "property-type"),
            ("revoked", json!(1), "property-type"),
            ("spec_version", json!(2.0), "property-type"),
            ("valid_until", json!("never"), "timestamp"),
            ("object_marking_refs", json!("TLP:RED"), "property-type"),
            ("granular_markings", json!([{"lang": "de"}]), "required-property"),
            ("type", json!("bundle"), "nested-bundle"),
        ] {
            let (usable, rules) = taken(name, value);
            assert!(!usable && rules.contains(&rule), "{name}: {rules:?}");
        }
        let mut lacking = indicator();
        lacking.as_object_mut().unwrap().remove("valid_from");
        lacking.as_object_mut().unwrap().remove("modified");
        assert!(judge(lacking.to_string().as_bytes()).usable);
        lacking.as_object_mut().unwrap().remove("spec_version");
        let judged = judge(lacking.to_string().as_bytes());
        let message = &judged.errors().find(|f| !f.usable).unwrap().message;
        assert!(!judged.usable && message.contains("STIX 2.0"), "{message}");
    }

    #[test]
    fn what_is_written_as_a_text_or_left_out_is_read_as_what_it_says() {
        let judged = judge(with("revoked", json!("true")).to_string().as_bytes());
        assert!(judged.object.unwrap().is_revoked());
        let judged = judge(with("revoked", json!("false")).to_string().as_bytes());
        assert!(!judged.object.unwrap().is_revoked());
        let mut lacking = indicator();
        lacking.as_object_mut().unwrap().remove("modified");
        let judged = judge(lacking.to_string().as_bytes());
        let created = lacking["created"].as_str().unwrap();
        assert_eq!(judged.object.unwrap().version().unwrap().as_str(), created);
        lacking.as_object_mut().unwrap().remove("created");
        assert!(!judge(lacking.to_string().as_bytes()).usable);
    }

    #[test]
    fn an_object_that_is_refused_still_says_its_version() {
        let judged = judge(with("pattern", json!("[")).to_string().as_bytes());
        assert_eq!(judged.version.unwrap().as_str(), "2017-12-15T09:30:00.000Z");
        let judged =
            judge(with("modified", json!("2027-12-15T11:30:00.12+02:00")).to_string().as_bytes());
        assert_eq!(judged.version.unwrap().as_str(), "2027-12-15T09:30:00.12Z");
    }

    /// What is not usable counts, wherever it stands among many flaws.
    #[test]
    fn a_refusal_among_a_million_flaws_is_not_lost() {
        let mut many = with("a_labels", json!(vec![Value::Null; 200]));
        many["labels"] = json!(vec![7; 300]);
        many["revoked"] = json!("no");
        assert!(!judge(many.to_string().as_bytes()).usable);
    }

    #[test]
    fn a_custom_object_passes_with_what_it_has() {
        let object = json!({"type": "x-acme-thing", "id": "x-acme-thing--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "x_n": 1});
        assert_eq!(rules(&object), []);
    }

    #[test]
    fn bytes_that_are_not_an_object_are_refused_as_such() {
        for bytes in [&b"[1]"[..], b"{", b"{\"a\":1,\"a\":2}", b""] {
            assert_eq!(judge(bytes).findings.first().map(|f| f.rule), Some("json"));
        }
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_OBJECT_BYTES));
        assert_eq!(judge(long.as_bytes()).findings.first().map(|f| f.rule), Some("size"));
    }

    #[test]
    fn a_rule_broken_a_million_times_is_listed_a_hundred_times() {
        let judged = judge(with("labels", json!(vec![7; 300_000])).to_string().as_bytes());
        assert_eq!((judged.errors().count(), judged.unlisted), (100, 299_900));
        let long = "k".repeat(100_000);
        let judged =
            judge(with("x_own", json!({ long: vec![Value::Null; 1000] })).to_string().as_bytes());
        assert!(judged.findings.iter().all(|finding| finding.path.len() < 200));
        assert_eq!(judged.unlisted, 1000 + 3 - 100);
    }

    proptest! {
        /// Content that the standard does not define comes out as it went in.
        #[test]
        fn unknown_content_survives_value_for_value(value in any_value(3)) {
            let object = with("x_acme", json!([value]));
            let bytes = object.to_string();
            let judged = judge(bytes.as_bytes());
            if let Some(read) = judged.object {
                prop_assert_eq!(read.properties(), &object);
                prop_assert_eq!(read.properties().to_string(), bytes);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = judge(&bytes);
        }
    }

    fn any_value(depth: u32) -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<f32>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(depth, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z_]{1,6}|.{1,6}", inner, 1..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }
}
