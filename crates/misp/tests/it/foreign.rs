//! Others' bundles as events of MISP.

use forewarn_misp::{Refused, to_misp, to_stix};
use serde_json::{Value, json};

const BY: &str = "identity--88888888-8888-4888-8888-888888888801";

fn object(kind: &str, n: u32, more: &Value) -> Value {
    let mut object = json!({
        "type": kind, "spec_version": "2.1", "id": format!("{kind}--22222222-2222-4222-8222-2222222222{n:02}"),
        "created": "2020-10-25T16:22:00.000Z", "modified": "2020-10-25T16:22:00.000Z",
    });
    for (key, value) in more.as_object().unwrap() {
        object[key] = value.clone();
    }
    object
}

fn indicator(n: u32, pattern: &str) -> Value {
    object(
        "indicator",
        n,
        &json!({ "pattern": pattern, "pattern_type": "stix",
        "valid_from": "2020-10-25T16:22:00Z", "name": "Named" }),
    )
}

fn written(objects: &[Value]) -> (Value, Vec<String>) {
    let bundle = json!({ "type": "bundle", "id": "bundle--6f5d1c3e-4a6c-4c1e-9d3e-0d8c1f2b3a4d", "objects": objects });
    let written = to_misp(bundle.to_string().as_bytes()).unwrap();
    let lost = written.losses.list().iter().map(ToString::to_string).collect();
    (written.event["Event"].clone(), lost)
}

fn attributes(event: &Value) -> Vec<(String, String)> {
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let list = event["Attribute"].as_array().cloned().unwrap_or_default();
    list.iter().map(|one| (text(one, "type"), text(one, "value"))).collect()
}

#[test]
fn a_pattern_becomes_the_attributes_that_say_all_of_it_or_stays_a_pattern() {
    for (pattern, expected) in [
        ("[domain-name:value = 'evil.example']", vec![("domain", "evil.example")]),
        ("[ipv4-addr:value = '192.0.2.1']", vec![("ip-dst", "192.0.2.1")]),
        ("[url:value = 'https://evil.example/a']", vec![("url", "https://evil.example/a")]),
        ("[file:hashes.'SHA-256' = 'ab']", vec![("sha256", "ab")]),
        ("[file:name = 'a' AND file:hashes.MD5 = 'ab']", vec![("filename|md5", "a|ab")]),
        (
            "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 80]",
            vec![("ip-dst|port", "192.0.2.1|80")],
        ),
        (
            "[file:hashes.MD5 = 'ab' OR domain-name:value = 'evil.example']",
            vec![("md5", "ab"), ("domain", "evil.example")],
        ),
        ("[file:size > 10]", vec![("stix2-pattern", "[file:size > 10]")]),
        (
            "[domain-name:value != 'a.example']",
            vec![("stix2-pattern", "[domain-name:value != 'a.example']")],
        ),
        (
            "[file:name = 'a|b' AND file:hashes.MD5 = 'ab']",
            vec![("stix2-pattern", "[file:name = 'a|b' AND file:hashes.MD5 = 'ab']")],
        ),
    ] {
        let (event, lost) = written(&[indicator(1, pattern)]);
        let found = attributes(&event);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(kind, value)| (kind.as_str(), value.as_str())).collect();
        assert_eq!(found, expected, "{pattern}");
        assert_eq!(lost, Vec::<String>::new(), "{pattern}");
        let first = &event["Attribute"][0];
        assert_eq!((&first["comment"], &first["to_ids"]), (&json!("Named"), &json!(true)));
    }
}

#[test]
fn a_revoked_indicator_is_a_deleted_attribute_and_never_a_live_one() {
    let mut one = indicator(1, "[domain-name:value = 'evil.example']");
    one["revoked"] = json!(true);
    let (event, _) = written(&[one]);
    assert_eq!(event["Attribute"][0]["deleted"], json!(true));
}

#[test]
fn what_misp_has_no_place_for_is_named_with_its_place() {
    let mut one = indicator(1, "[domain-name:value = 'evil.example']");
    one["indicator_types"] = json!(["malicious-activity"]);
    let grouping = object("infrastructure", 2, &json!({ "name": "x" }));
    let (_, lost) = written(&[one, grouping]);
    assert!(lost.iter().any(|loss| loss.starts_with("/objects/0/indicator_types: ")), "{lost:?}");
    assert!(lost.iter().any(|loss| loss.starts_with("/objects/1: ")), "{lost:?}");
}

#[test]
fn observables_become_attributes_or_objects_of_their_template() {
    let file = json!({ "type": "file", "spec_version": "2.1", "id": "file--1190f2c9-166f-55f1-9706-eea3971d8082",
        "name": "a.exe", "size": 12, "hashes": { "MD5": "d41d8cd98f00b204e9800998ecf8427e", "WHIRLPOOL": "x" } });
    let address = json!({ "type": "ipv4-addr", "spec_version": "2.1", "id": "ipv4-addr--9cf4a8ec-7640-5f40-a006-79942896168b", "value": "198.51.100.2" });
    let traffic = json!({ "type": "network-traffic", "spec_version": "2.1", "id": "network-traffic--2568d22a-8998-58eb-99ec-3c8ca74f527d",
        "dst_ref": "ipv4-addr--9cf4a8ec-7640-5f40-a006-79942896168b", "dst_port": 443, "protocols": ["tcp", "tls"] });
    let (event, lost) = written(&[file, address, traffic]);
    let objects = event["Object"].as_array().unwrap();
    let said = |n: usize| -> Vec<String> {
        let list = objects[n]["Attribute"].as_array().unwrap();
        list.iter()
            .map(|one| {
                format!("{} {} {}", one["object_relation"], one["type"], one["value"])
                    .replace('"', "")
            })
            .collect()
    };
    assert_eq!(
        said(0),
        [
            "md5 md5 d41d8cd98f00b204e9800998ecf8427e",
            "filename filename a.exe",
            "size-in-bytes size-in-bytes 12"
        ]
    );
    assert_eq!(
        said(1),
        [
            "ip-dst ip-dst 198.51.100.2",
            "dst-port port 443",
            "layer3-protocol text tcp",
            "layer3-protocol text tls"
        ]
    );
    assert_eq!(attributes(&event), []);
    assert_eq!(lost, ["/objects/0/hashes: MISP has no place for it"]);
}

#[test]
fn clusters_and_what_refers_to_them_keep_their_tie() {
    let actor = object("intrusion-set", 1, &json!({ "name": "Set", "aliases": ["One", "Two"] }));
    let sign = indicator(2, "[domain-name:value = 'evil.example']");
    let tie = object(
        "relationship",
        3,
        &json!({ "relationship_type": "indicates",
        "source_ref": sign["id"], "target_ref": actor["id"] }),
    );
    let (event, lost) = written(&[actor, sign, tie]);
    assert_eq!(lost, Vec::<String>::new());
    assert_eq!(event["Galaxy"][0]["GalaxyCluster"][0]["meta"]["synonyms"], json!(["One", "Two"]));
    assert_eq!(
        event["Attribute"][0]["Tag"][0]["name"],
        "misp-galaxy:stix-2.1-intrusion-set=\"Set\""
    );
}

#[test]
fn levels_become_tags_and_a_distribution_that_is_no_wider() {
    use forewarn_stix::marking::{Pap, Tlp};
    for (tlp, tag, distribution) in [
        (Tlp::Clear, "tlp:clear", "3"),
        (Tlp::Amber, "tlp:amber", "1"),
        (Tlp::AmberStrict, "tlp:amber+strict", "0"),
        (Tlp::Red, "tlp:red", "0"),
    ] {
        let mut one = indicator(1, "[domain-name:value = 'evil.example']");
        one["object_marking_refs"] = json!([tlp.id(), Pap::Amber.id()]);
        let (event, _) = written(&[one]);
        assert_eq!(event["Tag"], json!([{ "name": tag }, { "name": "PAP:AMBER" }]));
        assert_eq!(event["distribution"], distribution);
    }
}

#[test]
fn a_marking_that_misp_has_no_word_for_blocks_in_words() {
    let mut one = indicator(1, "[domain-name:value = 'evil.example']");
    one["object_marking_refs"] =
        json!(["marking-definition--99999999-9999-4999-8999-999999999999"]);
    let why = to_misp(json!([one]).to_string().as_bytes()).unwrap_err();
    assert!(
        matches!(why, Refused::Handling { .. }) && why.to_string().contains("no word"),
        "{why}"
    );
}

#[test]
fn a_stricter_marking_that_was_added_to_an_object_becomes_a_tag_of_its_attribute() {
    use forewarn_stix::marking::Tlp;
    let made = to_stix(crate::example::event().to_string().as_bytes()).unwrap();
    let mut objects = made.objects;
    let id = format!("indicator--{}", crate::example::DOMAIN);
    let one = objects.iter_mut().find(|one| one["id"] == id.as_str()).unwrap();
    one["object_marking_refs"] = json!([Tlp::Red.id()]);
    let written = to_misp(json!(objects).to_string().as_bytes()).unwrap();
    let tags = &written.event["Event"]["Attribute"][0]["Tag"];
    assert!(
        tags.to_string().contains("tlp:red") && !tags.to_string().contains("tlp:amber"),
        "{tags}"
    );
}

#[test]
fn a_report_is_an_event_and_its_makers_are_its_organisation() {
    let maker = json!({ "type": "identity", "spec_version": "2.1", "id": BY, "name": "Them",
        "created": "2020-10-25T16:22:00.000Z", "modified": "2020-10-25T16:22:00.000Z", "identity_class": "organization" });
    let sign = object(
        "indicator",
        2,
        &json!({ "pattern": "rule x {}", "pattern_type": "yara",
        "valid_from": "2020-10-25T16:22:00Z", "created_by_ref": BY }),
    );
    let report = object(
        "report",
        3,
        &json!({ "name": "What happened", "description": "# Long",
        "published": "2020-10-26T00:00:00Z", "object_refs": [sign["id"]], "created_by_ref": BY, "labels": ["of:ours"] }),
    );
    let (event, lost) = written(&[maker, sign, report]);
    assert_eq!(lost, Vec::<String>::new());
    assert_eq!(event["info"], "What happened");
    assert_eq!(event["uuid"], "22222222-2222-4222-8222-222222222203");
    assert_eq!(event["Orgc"]["name"], "Them");
    assert_eq!(event["published"], true);
    assert_eq!(event["EventReport"][0]["content"], "# Long");
    assert_eq!(attributes(&event), [("yara".to_owned(), "rule x {}".to_owned())]);
}
