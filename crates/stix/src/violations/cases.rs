//! Objects written by hand, each of which breaks one rule.

#![expect(
    clippy::too_many_lines,
    clippy::needless_pass_by_value,
    reason = "a table of json! values"
)]

use super::made::{UUID, minimal, renamed};
use crate::marking::Tlp;
use crate::types;
use serde_json::{Value, json};

const OTHER: &str = "9e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

/// The smallest valid object of a type with these properties set, or removed if null.
fn with(name: &str, properties: Value) -> Value {
    let id = properties.get("id").cloned();
    let mut object = minimal(types::find(name).unwrap().of);
    for (property, value) in properties.as_object().unwrap() {
        if value.is_null() {
            object.as_object_mut().unwrap().remove(property);
        } else {
            object[property] = value.clone();
        }
    }
    let mut object = renamed(object);
    if let Some(id) = id.filter(|id| !id.is_null()) {
        object["id"] = id;
    }
    object
}

fn reference(properties: Value) -> Value {
    with("tool", json!({ "external_references": [properties] }))
}

fn extension(name: &str, properties: Value) -> Value {
    with("tool", json!({ "extensions": { name: properties } }))
}

fn custom(properties: Value) -> Value {
    let mut object =
        json!({"type": "x-acme", "id": format!("x-acme--{UUID}"), "spec_version": "2.1"});
    for (property, value) in properties.as_object().unwrap() {
        object[property] = value.clone();
    }
    object
}

const DEFINITION: &str = "extension-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let mut all = common();
    all.extend(domain());
    all.extend(observable());
    all.extend(meta());
    all
}

fn common() -> Vec<(&'static str, Value)> {
    let mut null = with("tool", json!({}));
    null["x_acme"] = Value::Null;
    vec![
        ("binary", with("tool", json!({"x_payload_bin": "not base64"}))),
        ("hex", with("tool", json!({"x_magic_hex": "FFD8"}))),
        (
            "hex",
            extension(DEFINITION, json!({"extension_type": "property-extension", "a_hex": "f"})),
        ),
        (
            "dictionary-key",
            with("marking-definition", json!({"definition": {"statement": "a", "no key": 1}})),
        ),
        (
            "dictionary-key-case",
            with("marking-definition", json!({"definition": {"statement": "a", "Key": 1}})),
        ),
        ("empty-dictionary", with("file", json!({"hashes": {}, "name": "a"}))),
        ("null", null),
        ("enum", with("opinion", json!({"opinion": "maybe"}))),
        ("enum", with("tool", json!({"spec_version": "2.0"}))),
        ("external-reference", reference(json!({"source_name": "a"}))),
        (
            "external-reference-hashes",
            reference(json!({"source_name": "a", "url": "https://example.org/"})),
        ),
        ("cve-id", reference(json!({"source_name": "cve", "external_id": "2017-1"}))),
        ("cve-id", reference(json!({"source_name": "other", "external_id": "CVE-2017-0144"}))),
        ("capec-id", reference(json!({"source_name": "capec", "external_id": "163"}))),
        ("hash", with("file", json!({"hashes": {"SHA-1": "zz"}}))),
        ("hash", with("file", json!({"hashes": {"TLSH": "zz"}}))),
        ("hash", with("file", json!({"hashes": {"SSDEEP": "no spaces here"}}))),
        ("hash-name", with("file", json!({"hashes": {"a": "b"}}))),
        (
            "hash-name",
            reference(json!({"source_name": "a", "description": "b", "hashes": {"x_own": "c"}})),
        ),
        ("hash-algorithm", with("file", json!({"hashes": {"SHA-224": "aa"}}))),
        ("identifier", with("tool", json!({"created_by_ref": "identity--1"}))),
        ("identifier", with("tool", json!({"id": "tool--1"}))),
        ("uuid", with("tool", json!({"id": "tool--00000000-0000-0000-0000-000000000001"}))),
        (
            "uuid",
            with(
                "tool",
                json!({"created_by_ref": "identity--8e2e2d2b-17d4-7cbf-938f-98ee46b3cd3f"}),
            ),
        ),
        ("timestamp-offset", with("tool", json!({"modified": "2027-12-15T09:30:00.000+00:00"}))),
        ("id-type", with("tool", json!({"id": format!("campaign--{UUID}")}))),
        ("uuid-version", with("tool", json!({"id": "tool--8e2e2d2b-17d4-5cbf-938f-98ee46b3cd3f"}))),
        ("uuid-version", with("url", json!({"id": format!("url--{UUID}")}))),
        (
            "uuid-random",
            with("process", json!({"id": "process--8e2e2d2b-17d4-5cbf-938f-98ee46b3cd3f"})),
        ),
        (
            "deterministic-id",
            with("url", json!({"id": "url--8e2e2d2b-17d4-5cbf-938f-98ee46b3cd3f"})),
        ),
        (
            "kill-chain-case",
            with(
                "tool",
                json!({"kill_chain_phases": [{"kill_chain_name": "Big Chain", "phase_name": "one"}]}),
            ),
        ),
        ("empty-list", with("tool", json!({"labels": []}))),
        ("empty-list", with("tool", json!({"x_acme": []}))),
        (
            "custom-value",
            extension(
                DEFINITION,
                json!({"extension_type": "property-extension", "deep": {"list": []}}),
            ),
        ),
        (
            "custom-value",
            extension(DEFINITION, json!({"extension_type": "property-extension", "deep": [null]})),
        ),
        ("open-vocabulary", with("tool", json!({"tool_types": ["other"]}))),
        ("open-vocabulary-case", with("tool", json!({"tool_types": ["Other"]}))),
        ("timestamp", with("tool", json!({"created": "yesterday"}))),
        ("type-name", with("tool", json!({"type": "Tool", "id": format!("tool--{UUID}")}))),
        ("property-name", with("tool", json!({"Foo Bar": 1}))),
        ("required-property", with("tool", json!({"name": null}))),
        ("forbidden-property", with("tool", json!({"defanged": true}))),
        ("property-type", with("tool", json!({"name": 1}))),
        ("range", with("tool", json!({"confidence": 101}))),
        ("reserved-name", with("tool", json!({"severity": 1}))),
        ("reserved-name", with("tool", json!({"type": "action", "id": format!("action--{UUID}")}))),
        ("boolean-text", with("tool", json!({"revoked": "false"}))),
        ("spec-version-number", with("tool", json!({"spec_version": 2.1}))),
        ("modified-missing", with("tool", json!({"modified": null}))),
        ("milliseconds", with("tool", json!({"modified": "2018-12-15T09:30:00Z"}))),
        ("modified-before-created", with("tool", json!({"modified": "2016-12-15T09:30:00.000Z"}))),
        ("language", with("tool", json!({"lang": "klingonese"}))),
        ("reference-type", with("tool", json!({"created_by_ref": format!("tool--{UUID}")}))),
        ("custom-property", with("tool", json!({"x_acme_rank": 1}))),
        ("nested-bundle", with("tool", json!({"type": "bundle", "id": format!("bundle--{UUID}")}))),
        ("custom-object", custom(json!({"x_rank": 1}))),
        ("required-property", custom(json!({"x_rank": 1, "modified": "2017-12-15T09:30:00.000Z"}))),
        (
            "required-property",
            custom(json!({
                "modified": "2017-12-15T09:30:00.000Z",
                "extensions": { DEFINITION: {"extension_type": "new-sdo"} },
            })),
        ),
    ]
}

fn domain() -> Vec<(&'static str, Value)> {
    let indicator = |pattern: &str| with("indicator", json!({ "pattern": pattern }));
    let observed = |properties: Value| {
        let mut all = json!({"object_refs": null});
        all.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
        with("observed-data", all)
    };
    let objects = |second: Value| {
        observed(
            json!({"objects": {"0": {"type": "ipv4-addr", "value": "198.51.100.3"}, "1": second}}),
        )
    };
    vec![
        ("pattern", indicator("[file:name = ")),
        ("pattern-name", indicator("[File:name = 'a']")),
        ("pattern-name", indicator("[file:'No Name' = 'a']")),
        ("pattern-hash", indicator("[file:hashes.'SHA-256' = 'f00']")),
        ("pattern-unsatisfiable", indicator("[file:name = 'a' AND url:value = 'b']")),
        ("indicator-text", with("indicator", json!({"name": null}))),
        ("country", with("location", json!({"country": "Ruritania"}))),
        ("location-place", with("location", json!({"region": null, "name": "a"}))),
        ("location-coordinates", with("location", json!({"latitude": 1.0}))),
        ("location-coordinates", with("location", json!({"precision": 1.0}))),
        ("required-property", with("malware", json!({"is_family": true}))),
        ("product-case", with("malware-analysis", json!({"product": "Big Scanner"}))),
        ("time-order", with("indicator", json!({"valid_until": "2016-12-15T09:30:00.000Z"}))),
        ("at-least-one", with("malware-analysis", json!({"result": null}))),
        (
            "either-or",
            with("observed-data", json!({"objects": {"0": {"type": "mutex", "name": "a"}}})),
        ),
        ("either-or", observed(json!({}))),
        ("deprecated", observed(json!({"objects": {"0": {"type": "mutex", "name": "a"}}}))),
        ("no-observable", observed(json!({"object_refs": [format!("relationship--{UUID}")]}))),
        (
            "container-reference",
            objects(json!({"type": "network-traffic", "protocols": ["tcp"], "src_ref": "7"})),
        ),
        (
            "container-reference",
            objects(json!({"type": "email-addr", "value": "a@example.org", "belongs_to_ref": "0"})),
        ),
        (
            "container-reference",
            objects(json!({"type": "file", "name": "a", "contains_refs": ["7"]})),
        ),
        ("required-property", objects(json!({"type": "mutex"}))),
        ("relationship-type", with("relationship", json!({"relationship_type": "Uses It"}))),
        ("relationship-suggested", with("relationship", json!({"relationship_type": "likes"}))),
        (
            "reference-type",
            with("relationship", json!({"source_ref": format!("sighting--{UUID}")})),
        ),
        ("reference-type", with("sighting", json!({"sighting_of_ref": format!("bundle--{UUID}")}))),
        (
            "reference-type",
            with(
                "observed-data",
                json!({"object_refs": [format!("ipv4-addr--{UUID}"), format!("tool--{UUID}")]}),
            ),
        ),
        (
            "enum",
            objects(json!({"type": "windows-registry-key", "values": [{"data_type": "REG_FOO"}]})),
        ),
        (
            "either-or",
            objects(
                json!({"type": "artifact", "payload_bin": "VGhpcw==", "url": "https://example.org/", "hashes": {"MD5": "d41d8cd98f00b204e9800998ecf8427e"}}),
            ),
        ),
        ("at-least-one", objects(json!({"type": "file", "size": 1}))),
        (
            "hex",
            objects(
                json!({"type": "file", "name": "a", "extensions": {"windows-pebinary-ext": {"pe_type": "exe", "machine_hex": "ZZ"}}}),
            ),
        ),
        (
            "container-reference",
            objects(
                json!({"type": "file", "name": "a", "extensions": {"archive-ext": {"contains_refs": ["9"]}}}),
            ),
        ),
        ("container-reference", objects(json!({"type": "tool", "name": "a"}))),
        ("type-name", objects(json!({"type": "Bad Type"}))),
        ("container-key", observed(json!({"objects": {"a": {"type": "mutex", "name": "a"}}}))),
    ]
}

fn observable() -> Vec<(&'static str, Value)> {
    let file = |name: &str, extension: Value| {
        with("file", json!({ "name": "a", "extensions": { name: extension } }))
    };
    let traffic = |name: &str, extension: Value| {
        with("network-traffic", json!({ "extensions": { name: extension } }))
    };
    let email = |properties: Value| with("email-message", properties);
    vec![
        ("mime-type", with("artifact", json!({"defanged": true, "mime_type": "picture"}))),
        ("property-type", with("file", json!({"x_own_hex": 5}))),
        (
            "reference-type",
            with("sighting", json!({"sighting_of_ref": format!("ipv4-addr--{UUID}")})),
        ),
        ("reference-type", with("report", json!({"object_refs": [format!("bundle--{UUID}")]}))),
        (
            "language",
            with(
                "tool",
                json!({"granular_markings": [{"selectors": ["name"], "lang": "klingonese"}]}),
            ),
        ),
        ("mime-type", with("artifact", json!({"mime_type": "picture"}))),
        ("mime-type-file", with("file", json!({"mime_type": "picture"}))),
        ("either-or", with("artifact", json!({"payload_bin": null}))),
        (
            "required-property",
            with("artifact", json!({"payload_bin": null, "url": "https://example.org/"})),
        ),
        ("forbidden-property", with("artifact", json!({"decryption_key": "a"}))),
        ("url", with("url", json!({"value": "no url"}))),
        ("domain-name", with("domain-name", json!({"value": "no domain"}))),
        ("email-address", with("email-addr", json!({"value": "Jane <jane@example.org>"}))),
        ("ipv4", with("ipv4-addr", json!({"value": "300.1.1.1"}))),
        ("ipv6", with("ipv6-addr", json!({"value": "::1::"}))),
        ("mac", with("mac-addr", json!({"value": "00-00-AB-CD-EF-01"}))),
        ("ports", with("network-traffic", json!({"src_port": null}))),
        ("protocol", with("network-traffic", json!({"protocols": ["TCP"]}))),
        ("at-least-one", with("network-traffic", json!({"src_ref": null}))),
        ("at-least-one", with("process", json!({"is_hidden": null}))),
        ("at-least-one", file("pdf-ext", json!({"x_own": 1}))),
        (
            "forbidden-property",
            with("network-traffic", json!({"is_active": true, "end": "2017-12-15T09:30:00Z"})),
        ),
        (
            "forbidden-property",
            email(json!({"is_multipart": false, "body_multipart": [{"body": "a"}]})),
        ),
        ("forbidden-property", email(json!({"is_multipart": true, "body": "a"}))),
        (
            "body-part",
            email(
                json!({"is_multipart": true, "body_multipart": [{"content_type": "text/plain"}]}),
            ),
        ),
        ("dictionary-name", file("pdf-ext", json!({"document_info_dict": {"Colour": "a"}}))),
        ("dictionary-key", file("raster-image-ext", json!({"exif_tags": {"X Resolution": 1}}))),
        (
            "socket-option",
            traffic(
                "socket-ext",
                json!({"address_family": "AF_INET", "options": {"keepalive": 1}}),
            ),
        ),
        (
            "priority",
            with("process", json!({"extensions": {"windows-process-ext": {"priority": "high"}}})),
        ),
        ("cpe", with("software", json!({"cpe": "cpe:/a:vendor"}))),
        ("language", with("software", json!({"languages": ["klingonese"]}))),
        ("registry-hive", with("windows-registry-key", json!({"key": "HKLM\\Software"}))),
        ("at-least-one", with("windows-registry-key", json!({"values": [{"x_own": 1}]}))),
        (
            "whole-seconds",
            file(
                "windows-pebinary-ext",
                json!({"pe_type": "exe", "time_date_stamp": "2017-12-15T09:30:00.5Z"}),
            ),
        ),
        ("at-least-one", file("windows-pebinary-ext", json!({"pe_type": "exe"}))),
        (
            "character-set",
            with(
                "file",
                json!({"name": null, "name_enc": "utf-8", "hashes": {"MD5": "d41d8cd98f00b204e9800998ecf8427e"}}),
            ),
        ),
        ("character-set", with("directory", json!({"path_enc": "no such set"}))),
        ("custom-extension", file("x-acme-ext", json!({"rank": 1}))),
        ("extension-name", file("socket-ext", json!({"address_family": "AF_INET"}))),
        ("custom-property", with("file", json!({"x_acme": 1}))),
    ]
}

fn meta() -> Vec<(&'static str, Value)> {
    let marking = |properties: Value| with("marking-definition", properties);
    let red = json!(Tlp::Red.id());
    let circle = json!(format!("marking-definition--{UUID}"));
    let tlp = |level: &str| json!({ "definition_type": "tlp", "definition": { "tlp": level } });
    let mut altered =
        Tlp::published_in_first("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed")
            .unwrap();
    altered["name"] = json!("TLP:WHITE");
    vec![
        ("milliseconds-marking", marking(json!({"created": "2017-12-15T09:30:00Z"}))),
        ("marking-definition", marking(json!({"definition": null}))),
        ("marking-definition", marking(json!({"definition": null, "definition_type": null}))),
        ("marking-definition", marking(json!({"definition": {"text": "a"}}))),
        (
            "marking-definition-type",
            marking(json!({"definition_type": "own", "definition": {"a": "b"}})),
        ),
        ("tlp-definition", marking(tlp("red"))),
        ("tlp-definition", altered),
        ("forbidden-property", marking(json!({"modified": "2017-12-15T09:30:00.000Z"}))),
        ("forbidden-property", marking(json!({"revoked": true}))),
        (
            "tlp-definition",
            marking(json!({"id": "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"})),
        ),
        (
            "tlp-definition",
            marking(
                json!({"extensions": {"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {"extension_type": "property-extension", "tlp_2_0": "purple"}}}),
            ),
        ),
        ("marking-circle", marking(json!({"object_marking_refs": [circle]}))),
        (
            "marking-circle",
            marking(json!({"granular_markings": [{"selectors": ["type"], "marking_ref": circle}]})),
        ),
        ("granular-marking", with("tool", json!({"granular_markings": [{"selectors": ["name"]}]}))),
        (
            "granular-marking",
            with(
                "tool",
                json!({"granular_markings": [{"selectors": ["name"], "marking_ref": red, "lang": "en"}]}),
            ),
        ),
        (
            "selector",
            with(
                "tool",
                json!({"granular_markings": [{"selectors": ["nope.[7]"], "marking_ref": red}]}),
            ),
        ),
        (
            "selector",
            with(
                "tool",
                json!({"granular_markings": [{"selectors": ["name."], "marking_ref": red}]}),
            ),
        ),
        (
            "reference-type",
            with("tool", json!({"object_marking_refs": [format!("tool--{OTHER}")]})),
        ),
        ("extension-name", extension("acme", json!({"rank": 1}))),
        ("extension-type", extension(DEFINITION, json!({"rank": 1}))),
        ("extension-type", extension(DEFINITION, json!({"extension_type": "own", "rank": 1}))),
        ("extension-empty", extension("x-acme-ext", json!({}))),
        (
            "extension-properties",
            with("extension-definition", json!({"extension_properties": ["rank"]})),
        ),
        (
            "extension-properties-missing",
            with(
                "extension-definition",
                json!({"extension_types": ["toplevel-property-extension"]}),
            ),
        ),
        ("extension-description", with("extension-definition", json!({"description": null}))),
        ("required-property", with("extension-definition", json!({"created_by_ref": null}))),
        (
            "property-name",
            with(
                "extension-definition",
                json!({"extension_types": ["toplevel-property-extension"], "extension_properties": ["No"]}),
            ),
        ),
        (
            "language-contents",
            with("language-content", json!({"contents": {"de": {"labels": []}}})),
        ),
        ("empty-dictionary", with("language-content", json!({"contents": {"de": {}}}))),
        (
            "extension-type",
            with(
                "file",
                json!({"extensions": {"ntfs-ext": {"sid": "1", "extension_type": "own"}}}),
            ),
        ),
        (
            "language-contents",
            with("language-content", json!({"contents": {"klingonese": {"name": "a"}}})),
        ),
        (
            "language-contents",
            with("language-content", json!({"contents": {"de": {"No Name": "a"}}})),
        ),
        (
            "reference-type",
            with("language-content", json!({"object_ref": format!("language-content--{UUID}")})),
        ),
    ]
}
