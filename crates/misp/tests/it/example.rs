//! An event that has everything that MISP's core format has.

use serde_json::{Value, json};

pub(crate) const EVENT: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const DOMAIN: &str = "22222222-2222-4222-8222-222222222201";
pub(crate) const FILE: &str = "33333333-3333-4333-8333-333333333301";

fn tag(name: &str) -> Value {
    json!({ "id": "7", "name": name, "colour": "#ffffff", "exportable": true, "user_id": "0",
        "hide_tag": false, "numerical_value": null, "is_galaxy": false, "local": 0 })
}

fn attribute(n: u32, kind: &str, value: &str) -> Value {
    json!({
        "id": format!("10{n}"), "event_id": "42", "object_id": "0", "object_relation": null,
        "category": "Network activity", "type": kind, "to_ids": true,
        "uuid": format!("22222222-2222-4222-8222-2222222222{n:02}"),
        "timestamp": format!("16036429{n:02}"), "distribution": "5", "sharing_group_id": "0",
        "comment": format!("comment {n}"), "deleted": false, "disable_correlation": true,
        "first_seen": "2020-10-25T16:22:00.000000+00:00",
        "last_seen": "2020-10-26T16:22:00.000000+00:00", "value": value, "field_of_tomorrow": { "a": [1, "b"] },
    })
}

fn part(n: u32, relation: &str, kind: &str, value: &str) -> Value {
    json!({
        "id": format!("20{n}"), "event_id": "42", "object_id": "301", "object_relation": relation,
        "category": "Payload delivery", "type": kind, "to_ids": n % 2 == 1,
        "uuid": format!("44444444-4444-4444-8444-4444444444{n:02}"),
        "timestamp": format!("16036430{n:02}"), "distribution": "5", "comment": format!("part {n}"),
        "deleted": false, "value": value,
    })
}

pub(crate) fn galaxy(kind: &str, n: u32, value: &str, meta: &Value) -> Value {
    json!({
        "id": "366", "uuid": format!("55555555-5555-4555-8555-5555555555{n:02}"),
        "name": format!("Galaxy {kind}"), "type": kind, "description": "of a kind", "version": "3",
        "icon": "user-secret", "namespace": "misp", "enabled": true, "local_only": false,
        "GalaxyCluster": [{
            "id": format!("4556{n}"), "collection_uuid": "66666666-6666-4666-8666-666666666600",
            "type": kind, "value": value, "tag_name": format!("misp-galaxy:{kind}=\"{value}\""),
            "description": format!("cluster {n}"), "galaxy_id": "366", "source": "an author",
            "authors": ["one", "two"], "version": "30", "distribution": "3",
            "uuid": format!("66666666-6666-4666-8666-6666666666{n:02}"), "default": true,
            "locked": false, "extends_uuid": "", "extends_version": "0", "published": true,
            "deleted": false, "GalaxyClusterRelation": [{ "id": "9", "referenced_galaxy_cluster_type": "uses" }],
            "meta": meta, "tag_id": 1100, "event_tag_id": "15", "local": false, "relationship_type": "",
        }],
    })
}

fn sighting(n: u32, kind: &str) -> Value {
    json!({
        "id": format!("9{n}"), "attribute_id": "101", "event_id": "42", "org_id": "1",
        "date_sighting": format!("16036500{n:02}"), "uuid": format!("77777777-7777-4777-8777-7777777777{n:02}"),
        "source": "a sensor", "type": kind,
        "Organisation": { "id": "1", "uuid": format!("88888888-8888-4888-8888-8888888888{n:02}"), "name": format!("Org {n}") },
    })
}

fn note(n: u32) -> Value {
    json!({
        "id": format!("7{n}"), "uuid": format!("99999999-9999-4999-8999-9999999999{n:02}"),
        "object_uuid": DOMAIN, "object_type": "Attribute", "authors": "someone@example.org",
        "org_uuid": "88888888-8888-4888-8888-888888888899", "orgc_uuid": "88888888-8888-4888-8888-888888888898",
        "created": "2024-01-01 10:00:00", "modified": "2024-01-02 10:00:00", "distribution": "3",
        "locked": true, "note": format!("note {n}"), "language": "en",
        "Opinion": [{ "opinion": "5", "comment": "nested" }],
    })
}

fn opinion(n: u32) -> Value {
    json!({
        "uuid": format!("99999999-9999-4999-8999-9999999998{n:02}"), "authors": "someone@example.org",
        "created": "2024-01-01 10:00:00", "modified": "2024-01-02 10:00:00",
        "opinion": format!("7{n}"), "comment": format!("opinion {n}"),
    })
}

/// The event.
pub(crate) fn event() -> Value {
    let mut domain = attribute(1, "domain", "evil.example");
    domain["Tag"] = json!([tag("a:label=\"1\""), { "name": "plain" }, tag("tlp:amber"),
        tag("misp-galaxy:threat-actor=\"Sofacy\"")]);
    domain["Galaxy"] = json!([galaxy(
        "threat-actor",
        1,
        "Sofacy",
        &json!({ "country": ["RU"], "refs": ["https://example.org/a"], "synonyms": ["APT 28", "Fancy"], "cfr-type": "x" })
    )]);
    domain["Sighting"] = json!([sighting(1, "0"), sighting(2, "1"), sighting(3, "2")]);
    domain["Note"] = json!([note(1)]);
    domain["Opinion"] = json!([opinion(1)]);
    domain["ShadowAttribute"] = json!([{ "id": "1", "type": "domain", "value": "proposed.example",
        "uuid": "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "proposal_to_delete": false, "Org": { "name": "x" } }]);
    let mut gone = attribute(2, "ip-dst|port", "198.51.100.7|8080");
    gone["deleted"] = json!(true);
    gone["distribution"] = json!("0");
    let mut sample = attribute(3, "malware-sample", "bad.exe|d41d8cd98f00b204e9800998ecf8427e");
    sample["data"] = json!("UEsDBAoACQAAAA==");
    let mut shared = attribute(4, "text", "for the group only");
    shared["distribution"] = json!("4");
    shared["sharing_group_id"] = json!("5");
    shared["SharingGroup"] = json!({ "id": "5", "name": "Group", "releasability": "few",
        "uuid": "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb", "SharingGroupOrg": [{ "org_id": "1" }] });
    let mut plain = attribute(5, "hostname", "quiet.example");
    plain["to_ids"] = json!(false);
    json!({ "Event": {
        "id": "42", "orgc_id": "1", "org_id": "2", "date": "2020-10-25", "threat_level_id": "1",
        "info": "An event with everything", "published": true, "uuid": EVENT, "attribute_count": "9",
        "analysis": "2", "timestamp": "1603642999", "distribution": "3", "proposal_email_lock": true,
        "locked": true, "publish_timestamp": "1603643000", "sharing_group_id": "0",
        "disable_correlation": false, "extends_uuid": "cccccccc-cccc-4ccc-8ccc-cccccccccccc",
        "protected": null, "event_creator_email": "someone@example.org", "unknown_field": [1, 2.5, { "deep": "x" }],
        "Org": { "id": "2", "name": "Us", "uuid": "88888888-8888-4888-8888-888888888802", "local": true },
        "Orgc": { "id": "1", "name": "Them", "uuid": "88888888-8888-4888-8888-888888888801", "local": false },
        "Attribute": [domain, gone, sample, shared, plain,
            attribute(6, "vulnerability", "CVE-2020-1234"),
            attribute(7, "yara", "rule x { condition: true }"),
            attribute(8, "port", "4443"), attribute(9, "btc", "1E38kt7ryhbRXUzbam6iQ6sd93VHUUdjEE"),
            attribute(10, "regkey|value", "HKLM\\Software\\A|it's"),
            attribute(11, "AS", "AS64500"), attribute(12, "target-location", "Ruritania"),
            attribute(13, "email-attachment", "a'b.pdf"), attribute(14, "url", "no url at all"),
            attribute(15, "size-in-bytes", "0123"), attribute(16, "email-dst", "a@example.org"),
        ],
        "ShadowAttribute": [{ "type": "ip-src", "value": "192.0.2.1", "uuid": "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaab" }],
        "RelatedEvent": [{ "Event": { "id": "43", "info": "another" } }],
        "Galaxy": [galaxy("sector", 2, "Energy", &json!({ "refs": ["https://example.org/b"] })),
            galaxy("country", 3, "france", &json!({ "ISO": "FR", "Capital": "Paris" })),
            galaxy("of-our-own", 4, "Thing", &json!({ "kill_chain": ["a:b"] }))],
        "Object": objects(),
        "EventReport": [{ "id": "1", "uuid": "dddddddd-dddd-4ddd-8ddd-dddddddddddd", "event_id": "42",
            "name": "Report", "content": format!("# Title\n\n@[attribute]({DOMAIN}) did *it*."),
            "distribution": "5", "timestamp": "1603642950", "deleted": false }],
        "CryptographicKey": [{ "id": "1", "type": "pgp", "fingerprint": "AB" }],
        "Note": [note(2)], "Opinion": [opinion(2)],
        "Relationship": [{ "uuid": "eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee", "related_object_uuid": DOMAIN,
            "relationship_type": "related-to" }],
        "Tag": [tag("tlp:green"), tag("PAP:AMBER"), tag("admiralty-scale:source-reliability=\"b\""),
            tag("admiralty-scale:information-credibility=\"2\""),
            tag("estimative-language:confidence-in-analytic-judgment=\"high\""),
            tag("misp-galaxy:sector=\"Energy\"")],
    }})
}

fn object(n: u32, name: &str, attributes: &Value) -> Value {
    json!({
        "id": "301", "name": name, "meta-category": "file", "description": "an object",
        "template_uuid": "ffffffff-ffff-4fff-8fff-ffffffffffff", "template_version": "24",
        "event_id": "42", "uuid": format!("33333333-3333-4333-8333-3333333333{n:02}"),
        "timestamp": format!("16036440{n:02}"), "distribution": "5", "sharing_group_id": "0",
        "comment": format!("object {n}"), "deleted": false, "first_seen": null, "last_seen": null,
        "ObjectReference": [], "Attribute": attributes,
    })
}

fn objects() -> Value {
    let mut md5 = part(1, "md5", "md5", "d41d8cd98f00b204e9800998ecf8427e");
    md5["Tag"] = json!([tag("of:a=\"part\"")]);
    md5["Sighting"] = json!([sighting(4, "0")]);
    md5["Note"] = json!([note(3)]);
    let mut file = object(
        1,
        "file",
        &json!([
            md5,
            part(2, "filename", "filename", "a.exe"),
            part(3, "filename", "filename", "b.exe"),
            part(4, "size-in-bytes", "size-in-bytes", "12"),
            part(5, "entropy", "float", "7.5"),
            part(6, "creation-time", "datetime", "2020-10-25 16:22:00")
        ]),
    );
    file["ObjectReference"] = json!([{
        "id": "1", "uuid": "33333333-3333-4333-8333-333333333399", "timestamp": "1603644100",
        "object_id": "301", "event_id": "42", "source_uuid": FILE,
        "referenced_uuid": DOMAIN, "referenced_id": "101", "referenced_type": "0",
        "relationship_type": "communicates with", "comment": "as seen", "deleted": false,
    }]);
    let mut all = vec![
        file,
        object(
            2,
            "domain-ip",
            &json!([
                part(7, "domain", "domain", "two.example"),
                part(8, "ip", "ip-dst", "192.0.2.8"),
                part(9, "ip", "ip-dst", "2001:db8::9")
            ]),
        ),
        object(
            3,
            "person",
            &json!([
                part(10, "first-name", "first-name", "Ada"),
                part(11, "last-name", "last-name", "L"),
                part(12, "role", "text", "analyst")
            ]),
        ),
        object(
            4,
            "vulnerability",
            &json!([
                part(13, "id", "vulnerability", "CVE-2020-1"),
                part(14, "references", "link", "https://example.org/v")
            ]),
        ),
        object(
            5,
            "bank-account",
            &json!([part(15, "iban", "iban", "LU1234567890ABCDEF1234567890")]),
        ),
    ];
    all.extend(more_objects());
    json!(all)
}

fn more_objects() -> Vec<Value> {
    vec![
        object(
            6,
            "yara",
            &json!([
                part(16, "yara", "yara", "rule y {}"),
                part(17, "comment", "comment", "words")
            ]),
        ),
        object(
            7,
            "x509",
            &json!([
                part(18, "serial-number", "text", "01"),
                part(19, "validity-not-after", "datetime", "2021-01-01T00:00:00+00:00")
            ]),
        ),
        object(
            8,
            "process",
            &json!([
                part(20, "pid", "text", "77"),
                part(21, "parent-pid", "text", "1"),
                part(22, "image", "filename", "c.exe")
            ]),
        ),
        object(
            9,
            "email",
            &json!([
                part(23, "to", "email-dst", "b@example.org"),
                part(24, "to", "email-dst", "c@example.org"),
                part(25, "from", "email-src", "d@example.org"),
                part(26, "attachment", "email-attachment", "e.doc")
            ]),
        ),
    ]
}

fn made(kind: &str, n: u32, more: &Value) -> Value {
    let mut object = json!({
        "type": kind, "spec_version": "2.1",
        "id": format!("{kind}--12121212-1212-4212-8212-1212121212{n:02}"),
        "created": "2020-10-25T16:22:00.000Z", "modified": "2020-10-26T16:22:00.000Z",
        "created_by_ref": "identity--12121212-1212-4212-8212-121212121201",
    });
    if let (Some(object), Some(more)) = (object.as_object_mut(), more.as_object()) {
        object.extend(more.clone());
    }
    object
}

/// Objects that somebody else made, of many types.
pub(crate) fn foreign() -> Vec<Value> {
    let id = |kind: &str, n: u32| format!("{kind}--12121212-1212-4212-8212-1212121212{n:02}");
    let marking = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487";
    let mut all = vec![
        json!({ "type": "identity", "spec_version": "2.1", "id": id("identity", 1), "name": "Them",
            "created": "2020-10-25T16:22:00.000Z", "modified": "2020-10-25T16:22:00.000Z",
            "identity_class": "organization", "sectors": ["energy"] }),
        made(
            "indicator",
            2,
            &json!({ "name": "Sign", "description": "of something", "confidence": 70,
            "pattern": "[domain-name:value = 'evil.example']", "pattern_type": "stix", "labels": ["a:b"],
            "valid_from": "2020-10-25T16:22:00Z", "valid_until": "2021-10-25T16:22:00Z",
            "kill_chain_phases": [{ "kill_chain_name": "k", "phase_name": "p" }], "object_marking_refs": [marking],
            "external_references": [{ "source_name": "s", "url": "https://example.org/" }] }),
        ),
        made(
            "indicator",
            3,
            &json!({ "pattern": "rule x {}", "pattern_type": "yara", "valid_from": "2020-10-25T16:22:00Z" }),
        ),
        made(
            "malware",
            4,
            &json!({ "name": "Bad", "is_family": true, "aliases": ["Worse"], "malware_types": ["bot"],
            "capabilities": ["x"], "external_references": [{ "source_name": "mitre-attack", "external_id": "S1", "url": "https://a.example/" }] }),
        ),
        made(
            "relationship",
            5,
            &json!({ "relationship_type": "indicates", "description": "surely",
            "source_ref": id("indicator", 2), "target_ref": id("malware", 4), "start_time": "2020-10-25T16:22:00Z" }),
        ),
        made(
            "observed-data",
            6,
            &json!({ "first_observed": "2020-10-25T16:22:00Z", "last_observed": "2020-10-26T16:22:00Z",
            "number_observed": 3, "object_refs": [id("file", 7), id("ipv4-addr", 8)], "labels": ["c:d"] }),
        ),
        json!({ "type": "file", "spec_version": "2.1", "id": id("file", 7), "name": "a.exe", "size": 7,
            "hashes": { "MD5": "d41d8cd98f00b204e9800998ecf8427e", "OTHER": "z" }, "mime_type": "x/y", "magic_number_hex": "ff" }),
        json!({ "type": "ipv4-addr", "spec_version": "2.1", "id": id("ipv4-addr", 8), "value": "192.0.2.1",
            "belongs_to_refs": [id("autonomous-system", 9)] }),
        json!({ "type": "autonomous-system", "spec_version": "2.1", "id": id("autonomous-system", 9), "number": 64500, "name": "Net" }),
        json!({ "type": "network-traffic", "spec_version": "2.1", "id": id("network-traffic", 10), "src_ref": id("ipv4-addr", 8),
            "dst_ref": id("domain-name", 11), "dst_port": 443, "protocols": ["tcp"], "start": "2020-10-25T16:22:00Z" }),
        json!({ "type": "domain-name", "spec_version": "2.1", "id": id("domain-name", 11), "value": "to.example" }),
    ];
    all.extend(more_foreign());
    all
}

fn more_foreign() -> Vec<Value> {
    let id = |kind: &str, n: u32| format!("{kind}--12121212-1212-4212-8212-1212121212{n:02}");
    vec![
        made(
            "sighting",
            12,
            &json!({ "sighting_of_ref": id("indicator", 2), "count": 4, "description": "there",
            "where_sighted_refs": [id("identity", 1)], "last_seen": "2020-10-27T16:22:00Z", "first_seen": "2020-10-26T16:22:00Z" }),
        ),
        made(
            "note",
            13,
            &json!({ "content": "Words", "abstract": "Few", "authors": ["a"], "object_refs": [id("indicator", 2)] }),
        ),
        made(
            "opinion",
            14,
            &json!({ "opinion": "agree", "explanation": "Since", "object_refs": [id("indicator", 2)] }),
        ),
        made(
            "report",
            15,
            &json!({ "name": "All", "description": "Long", "published": "2020-10-28T00:00:00Z",
            "report_types": ["x"], "object_refs": [id("indicator", 2), id("malware", 4)], "labels": ["e:f"] }),
        ),
        made("location", 16, &json!({ "name": "There", "country": "LU", "city": "Esch" })),
        made(
            "campaign",
            17,
            &json!({ "name": "C", "objective": "o", "first_seen": "2020-10-25T16:22:00Z" }),
        ),
        made("infrastructure", 18, &json!({ "name": "I" })),
    ]
}
