//! Objects of STIX 2.0 as objects of STIX 2.1: valid, with nothing lost, and every change told.

use super::*;
use serde_json::json;

const TIME: &str = "2017-12-15T10:00:00.000Z";
const AMBER: &str = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82";
const RED: &str = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";

fn object(kind: &str, more: &Value) -> Value {
    let mut object = json!({
        "type": kind, "id": format!("{kind}--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"),
        "created": TIME, "modified": TIME,
    });
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

fn upgraded(objects: &[Value]) -> Upgraded {
    let bundle = json!({
        "type": "bundle", "spec_version": "2.0", "objects": objects,
        "id": "bundle--0c6f5a1e-5d0c-4a55-8a8f-5f6d7f0f9c11",
    });
    let upgraded = bundle_of(&bundle);
    for made in &upgraded.objects {
        let text = Value::Object(made.object.clone()).to_string();
        let judged = crate::judge(text.as_bytes());
        let errors: Vec<_> = judged.errors().collect();
        assert!(errors.is_empty(), "{text}: {errors:?}");
    }
    upgraded
}

fn bundle_of(value: &Value) -> Upgraded {
    bundle(value.to_string().as_bytes()).unwrap()
}

fn one(kind: &str, more: &Value) -> Map<String, Value> {
    upgraded(&[object(kind, more)]).objects.pop().unwrap().object
}

#[test]
fn labels_that_say_which_type_it_is_become_the_property_for_it_and_others_stay() {
    let pattern = "[url:value = 'http://evil.example'] START '2017-01-01T00:00:00Z' STOP '2017-02-01T00:00:00Z'";
    let indicator = one(
        "indicator",
        &json!({ "labels": ["malicious-activity", "ours"], "pattern": pattern, "valid_from": TIME }),
    );
    assert_eq!(indicator["indicator_types"], json!(["malicious-activity"]));
    assert_eq!(indicator["labels"], json!(["ours"]));
    assert_eq!(
        (&indicator["pattern_type"], &indicator["spec_version"]),
        (&json!("stix"), &json!("2.1"))
    );
    let malware = one("malware", &json!({ "name": "Bad", "labels": ["trojan"] }));
    assert_eq!(
        (&malware["malware_types"], &malware["is_family"]),
        (&json!(["trojan"]), &json!(true))
    );
    assert!(!malware.contains_key("labels"));
    for (kind, name, label, more) in [
        ("tool", "tool_types", "exploitation", json!({ "name": "x" })),
        ("threat-actor", "threat_actor_types", "spy", json!({ "name": "x" })),
        (
            "report",
            "report_types",
            "malware",
            json!({ "name": "x", "published": TIME,
            "object_refs": ["tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"] }),
        ),
        ("identity", "roles", "desk", json!({ "name": "x", "identity_class": "group" })),
    ] {
        let mut more = more;
        more["labels"] = json!([label]);
        assert_eq!(one(kind, &more)[name], json!([label]), "{kind}");
    }
    let marked = one(
        "tool",
        &json!({ "name": "x", "labels": ["exploitation", "ours"],
            "granular_markings": [{ "marking_ref": RED, "selectors": ["labels.[1]", "name"] }] }),
    );
    assert_eq!(
        marked["granular_markings"][0]["selectors"],
        json!(["name", "tool_types", "labels"])
    );
}

fn observed(objects: &Value, more: &Value) -> Value {
    let mut one = object(
        "observed-data",
        &json!({ "first_observed": TIME, "last_observed": TIME, "number_observed": 1, "objects": objects }),
    );
    one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    one
}

#[test]
fn observables_are_taken_out_with_the_ids_of_the_standard_and_are_referred_to() {
    let objects = json!({
        "0": { "type": "ipv4-addr", "value": "198.51.100.3" },
        "1": { "type": "domain-name", "value": "evil.example", "resolves_to_refs": ["0"] },
        "2": { "type": "network-traffic", "dst_ref": "0", "protocols": ["tcp"] },
        "3": { "type": "email-addr", "value": "ana@evil.example" },
        "4": { "type": "email-message", "is_multipart": false, "from_ref": "3", "subject": "x",
            "additional_header_fields": { "X-A": "b" } },
        "5": { "type": "process", "pid": 1, "binary_ref": "6", "created": TIME },
        "6": { "type": "file", "name": "a.exe", "created": TIME },
    });
    let made = upgraded(&[observed(&objects, &json!({}))]);
    assert_eq!(made.objects.len(), 8);
    let find =
        |kind: &str| &made.objects.iter().find(|one| one.object["type"] == kind).unwrap().object;
    // What `stix id` and every other tool gives for it.
    assert_eq!(find("ipv4-addr")["id"], "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4");
    assert_eq!(find("domain-name")["resolves_to_refs"][0], find("ipv4-addr")["id"]);
    assert_eq!(find("network-traffic")["dst_ref"], find("ipv4-addr")["id"]);
    for kind in ["network-traffic", "email-message", "file"] {
        let by_rule = observable_id(find(kind));
        assert_eq!(find(kind)["id"], by_rule, "{kind}");
    }
    assert_eq!(find("email-message")["additional_header_fields"]["X-A"], json!(["b"]));
    assert_eq!(find("process")["image_ref"], find("file")["id"]);
    assert_eq!(
        (&find("process")["created_time"], &find("file")["ctime"]),
        (&json!(TIME), &json!(TIME))
    );
    let observed = find("observed-data");
    assert!(!observed.contains_key("objects"));
    assert_eq!(observed["object_refs"].as_array().unwrap().len(), 7);
    let summary = made.summary();
    assert_eq!(summary.get("it was taken out of the observed-data that it stood in"), Some(&7));
    assert_eq!(made.objects.iter().filter(|one| one.is_part).count(), 7);
}

fn observable_id(object: &Map<String, Value>) -> String {
    crate::observable_id::deterministic(object).unwrap().into()
}

#[test]
fn what_held_for_the_observation_holds_for_what_is_taken_out_of_it() {
    let objects = json!({
        "0": { "type": "ipv4-addr", "value": "198.51.100.3" },
        "1": { "type": "domain-name", "value": "evil.example" },
    });
    let more = json!({ "object_marking_refs": [AMBER],
        "granular_markings": [{ "marking_ref": RED, "selectors": ["objects.1.value", "number_observed"] }] });
    let made = upgraded(&[observed(&objects, &more), observed(&objects, &json!({}))]);
    let marks = |n: usize| made.objects[n].object.get("object_marking_refs").cloned();
    assert_eq!((marks(0), marks(1)), (Some(json!([AMBER])), Some(json!([AMBER, RED]))));
    let first = &made.objects[2].object;
    assert_eq!(first["granular_markings"][0]["selectors"], json!(["number_observed"]));
    // The same address without a marking is another object: one id cannot say both.
    let ids: std::collections::BTreeSet<_> = made
        .objects
        .iter()
        .filter(|one| one.is_part)
        .map(|one| one.object["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 4);
    let second = &made.objects[5].object;
    assert!(
        second["object_refs"].as_array().unwrap().iter().all(|id| ids.contains(&id.to_string()))
    );
}

#[test]
fn observables_that_refer_to_one_another_in_a_circle_have_ids_all_the_same() {
    let objects = json!({
        "0": { "type": "file", "name": "a", "parent_directory_ref": "1" },
        "1": { "type": "directory", "path": "/x", "contains_refs": ["0"] },
        "2": { "type": "network-traffic", "protocols": ["ip"], "src_ref": "3", "encapsulates_refs": ["2"],
            "extensions": { "http-request-ext": { "request_method": "get", "request_value": "/",
            "message_body_data_ref": "4" } } },
        "3": { "type": "mac-addr", "value": "00:00:5e:00:53:01" },
        "4": { "type": "artifact", "url": "http://a.example", "hashes": { "MD5": "d41d8cd98f00b204e9800998ecf8427e" } },
    });
    let made = upgraded(&[observed(&objects, &json!({}))]);
    assert_eq!(made.objects.len(), 6);
    let text =
        serde_json::to_string(&made.objects.iter().map(|one| &one.object).collect::<Vec<_>>())
            .unwrap();
    for key in ["\"0\"", "\"1\"", "\"2\"", "\"3\"", "\"4\""] {
        assert!(!text.contains(key), "{key}: {text}");
    }
}

#[test]
fn observables_that_all_refer_to_all_have_their_ids_at_once() {
    let all: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    let file = |n: &String| {
        let archive = json!({ "archive-ext": { "contains_refs": all } });
        (n.clone(), json!({ "type": "file", "name": n, "extensions": archive }))
    };
    let objects: serde_json::Map<_, _> = all.iter().map(file).collect();
    let made = upgraded(&[observed(&Value::Object(objects), &json!({}))]);
    assert_eq!(made.objects.len(), 41);
}

/// Whoever follows a reference within an observation stays under its marking.
#[test]
fn what_is_marked_otherwise_is_referred_to_by_what_stood_beside_it() {
    let objects = json!({
        "0": { "type": "email-addr", "value": "a@evil.example" },
        "1": { "type": "email-message", "is_multipart": false, "from_ref": "0", "subject": "x" },
    });
    let red = json!({ "object_marking_refs": [RED] });
    let made = upgraded(&[observed(&objects, &red), observed(&objects, &json!({}))]);
    let parts: Vec<_> = made.objects.iter().filter(|one| one.is_part).collect();
    assert_eq!(parts.len(), 4);
    let of = |from: usize, kind: &str| {
        let mut all = parts.iter().filter(|one| one.from == from && one.object["type"] == kind);
        all.next().unwrap().object.clone()
    };
    for from in [0, 1] {
        assert_eq!(of(from, "email-message")["from_ref"], of(from, "email-addr")["id"]);
    }
    assert_ne!(of(0, "email-addr")["id"], of(1, "email-addr")["id"]);
}

#[test]
fn two_of_one_id_that_say_two_things_are_two_objects() {
    let file = |ctime: &str| json!({ "type": "file", "name": "a", "created": ctime });
    let objects = json!({ "0": file(TIME), "1": file("2018-01-01T00:00:00.000Z") });
    let made = upgraded(&[observed(&objects, &json!({}))]);
    let ids: std::collections::BTreeSet<_> =
        made.objects.iter().map(|one| one.object["id"].to_string()).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(made.objects[2].object["object_refs"].as_array().unwrap().len(), 2);
}

#[test]
fn a_level_of_tlp_keeps_its_id_and_what_is_of_2_1_already_stays() {
    let amber = json!({ "type": "marking-definition", "id": AMBER, "created": "2017-01-20T00:00:00.000Z",
        "definition_type": "tlp", "definition": { "tlp": "amber" } });
    let ours =
        object("tool", &json!({ "name": "x", "spec_version": "2.1", "labels": ["exploitation"] }));
    let made = upgraded(&[amber, ours.clone()]);
    assert_eq!(
        Value::Object(made.objects[0].object.clone()),
        Tlp::published_in_first(AMBER).unwrap()
    );
    assert_eq!(Value::Object(made.objects[1].object.clone()), ours);
    assert!(made.objects[1].changes.is_empty());
}

#[test]
fn what_2_1_does_not_have_stays_and_is_told() {
    let objects = json!({ "0": { "type": "file", "name": "a.zip", "is_encrypted": true } });
    let made = upgraded_any(&[observed(&objects, &json!({}))]);
    assert_eq!(made.objects[0].object["is_encrypted"], true);
    let told = &made.objects[0].changes;
    assert!(
        told.iter()
            .any(|one| one.path == "$.is_encrypted" && one.what.contains("no such property")),
        "{told:?}"
    );
}

fn upgraded_any(objects: &[Value]) -> Upgraded {
    bundle_of(&json!({ "type": "bundle", "spec_version": "2.0", "objects": objects }))
}

#[test]
fn what_is_no_bundle_of_2_0_is_refused_in_words() {
    for (text, why) in [
        ("[]", "no object of JSON"),
        ("{\"type\":\"bundle\",\"objects\":[]}", "`spec_version` is not 2.0"),
        ("{\"type\":\"bundle\",\"spec_version\":\"2.0\"}", "no list of `objects`"),
        ("{\"spec_version\":\"2.0\",\"spec_version\":\"2.0\",\"objects\":[]}", "cannot be read"),
    ] {
        let told = bundle(text.as_bytes()).unwrap_err().to_string();
        assert!(told.contains(why), "{text}: {told}");
    }
    let odd = upgraded_any(&[json!(7), json!({}), observed(&json!({ "0": 7 }), &json!({}))]);
    assert_eq!((odd.objects.len(), odd.originals.len()), (2, 3));
    assert!(
        odd.objects[1].object.contains_key("objects"),
        "what is no observable is not taken out"
    );
    assert!(is_bundle(b"{\"type\":\"bundle\",\"spec_version\":\"2.0\",\"objects\":[{\"type\""));
    assert!(!is_bundle(b"{\"type\":\"bundle\",\"objects\":[{\"type\""));
}
