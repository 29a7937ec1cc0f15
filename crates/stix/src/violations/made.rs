//! Valid objects of every type, generated from the table of types.

use crate::observable_id;
use crate::schema::{Least, ValueKind};
use crate::types::{Family, Type};
use serde_json::{Map, Value, json};

pub(super) const UUID: &str = "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
const TIME: &str = "2017-12-15T09:30:00.000Z";
const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// A value that a kind allows.
pub(super) fn sample(kind: ValueKind) -> Value {
    match kind {
        ValueKind::Any | ValueKind::Text | ValueKind::TextOrInt | ValueKind::TextOrTexts => {
            json!("some text")
        }
        ValueKind::Cased(_) => json!("some-text"),
        ValueKind::Form(form) => json!(form.sample),
        ValueKind::Bool => json!(false),
        ValueKind::Int(low, high) => json!(1.clamp(low, high)),
        ValueKind::Num(low, high) => json!(1.0_f64.clamp(low, high)),
        ValueKind::Time | ValueKind::TimeMillis => json!(TIME),
        ValueKind::TimeSeconds => json!("2017-12-15T09:30:00Z"),
        ValueKind::Ref(types) => {
            json!(format!("{}--{UUID}", types.first().unwrap_or(&"ipv4-addr")))
        }
        ValueKind::RefBut(types) if types.contains(&"tool") => json!(format!("ipv4-addr--{UUID}")),
        ValueKind::RefBut(_) => json!(format!("tool--{UUID}")),
        ValueKind::Hashes | ValueKind::KnownHashes => json!({"MD5": MD5}),
        ValueKind::List(of) => json!([sample(*of)]),
        ValueKind::Dict => json!({"key": "value"}),
        ValueKind::Keyed(keys, of) => json!({ keys.sample: sample(*of) }),
        ValueKind::Enum(allowed) => json!(allowed.first()),
        ValueKind::Open(vocabulary) => json!(vocabulary.values.first()),
        ValueKind::Shape(shape) => {
            let props = shape.props.iter().map(|p| (p.name.to_owned(), sample(p.kind)));
            Value::Object(props.collect())
        }
        ValueKind::Selector => json!("type"),
        ValueKind::Extensions => json!({
            "extension-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f":
                {"extension_type": "property-extension", "rank": 5}
        }),
        ValueKind::Container => json!({"0": {"type": "ipv4-addr", "value": "198.51.100.3"}}),
    }
}

/// The object with the id that its content determines, or with a fixed one.
pub(super) fn renamed(mut object: Value) -> Value {
    let map = object.as_object_mut().unwrap();
    let name = map["type"].as_str().unwrap().to_owned();
    let id =
        observable_id::deterministic(map).map_or_else(|| format!("{name}--{UUID}"), String::from);
    map.insert("id".to_owned(), json!(id));
    object
}

/// The smallest valid object of a type.
pub(super) fn minimal(of: &Type) -> Value {
    let mut map = Map::from_iter([("type".to_owned(), json!(of.name))]);
    let props = of.family.common().iter().chain(of.props);
    for prop in props.filter(|prop| prop.required) {
        map.insert(prop.name.to_owned(), sample(prop.kind));
    }
    let least = match of.least {
        Least::OneOf([first, ..]) => Some(*first),
        Least::Own => of.props.first().map(|prop| prop.name),
        _ => None,
    };
    if let Some(prop) = of.props.iter().find(|prop| Some(prop.name) == least) {
        map.insert(prop.name.to_owned(), sample(prop.kind));
    }
    let mut object = Value::Object(map);
    for (name, value) in beside(of.name).as_object().unwrap() {
        object[name] = value.clone();
    }
    renamed(object)
}

/// The properties that a type's own rules and its shoulds require beside the table.
fn beside(name: &str) -> Value {
    match name {
        "artifact" => json!({"payload_bin": "VGhpcw=="}),
        "indicator" => json!({"pattern": "[file:size = 1]", "name": "a", "description": "b"}),
        "location" => json!({"region": "europe"}),
        "marking-definition" => {
            json!({"definition_type": "statement", "definition": {"statement": "a"}})
        }
        "network-traffic" => json!({"src_port": 1, "dst_port": 2}),
        "observed-data" => json!({"object_refs": [format!("ipv4-addr--{UUID}")]}),
        "extension-definition" => {
            json!({"description": "a", "extension_types": ["property-extension"]})
        }
        "language-content" => json!({"contents": {"de": {"name": "a"}}}),
        "x509-certificate" => json!({"serial_number": "1"}),
        "windows-registry-key" => json!({"key": "HKEY_LOCAL_MACHINE\\a"}),
        "user-account" => json!({"user_id": "1"}),
        "email-message" => json!({"subject": "a"}),
        "relationship" => json!({
            "relationship_type": "uses",
            "source_ref": format!("campaign--{UUID}"), "target_ref": format!("tool--{UUID}")
        }),
        _ => json!({}),
    }
}

/// An object with every property that does not exclude another.
pub(super) fn full(of: &Type) -> Value {
    let mut object = minimal(of);
    for prop in of.family.common().iter().chain(of.props) {
        let excluded = matches!(
            (of.name, prop.name),
            ("observed-data", "objects")
                | ("artifact", "url")
                | ("email-message", "body_multipart")
                | ("extension-definition", "extension_properties")
                | ("marking-definition", "definition_type" | "definition")
        );
        let later = of.spans.iter().any(|(_, second, strict)| *strict && *second == prop.name);
        if excluded || object.get(prop.name).is_some() {
            continue;
        }
        object[prop.name] =
            if later { json!("2017-12-16T09:30:00.000Z") } else { sample(prop.kind) };
    }
    if of.family != Family::Observable || object.get("granular_markings").is_some() {
        let mark = format!("marking-definition--{UUID}");
        object["granular_markings"] = json!([{"selectors": ["type"], "marking_ref": mark}]);
        object["object_marking_refs"] = json!([mark]);
        if of.name == "marking-definition" {
            let other = "marking-definition--9e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
            object["granular_markings"][0]["marking_ref"] = json!(other);
            object["object_marking_refs"] = json!([other]);
        }
    }
    if of.name == "email-message" {
        object["is_multipart"] = json!(false);
    }
    renamed(object)
}

/// The smallest valid object with one property set; `None` where that would break another rule too.
pub(super) fn alter(of: &Type, name: &str, value: Value) -> Option<Value> {
    let mut object = minimal(of);
    // Properties that exclude it are removed, and properties that it needs are added.
    match (of.name, name) {
        ("observed-data", "objects") => drop(object.as_object_mut()?.remove("object_refs")),
        ("artifact", "url") => {
            object.as_object_mut()?.remove("payload_bin");
            object["hashes"] = json!({"MD5": MD5});
        }
        ("artifact", "decryption_key") => object["encryption_algorithm"] = json!("AES-256-GCM"),
        ("email-message", "body_multipart") => object["is_multipart"] = json!(true),
        ("location", "latitude") => object["longitude"] = json!(1.0),
        ("location", "longitude") => object["latitude"] = json!(1.0),
        ("location", "precision") => {
            object["latitude"] = json!(1.0);
            object["longitude"] = json!(1.0);
        }
        ("file", "name_enc") => object["name"] = json!("a"),
        ("extension-definition", "extension_properties") => {
            object["extension_types"] = json!(["toplevel-property-extension"]);
        }
        // Neither can be without the other, and a statement has a form of its own.
        ("marking-definition", "definition" | "definition_type") => return None,
        // A pattern of another language is not a STIX pattern.
        ("indicator", "pattern_type") => object["pattern"] = json!("x"),
        _ => {}
    }
    object[name] = value;
    Some(renamed(object))
}
