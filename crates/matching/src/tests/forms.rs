//! Values are met in whichever form they come: in lists, defanged, in another alphabet, inside
//! other values, under names of other makers, in patterns of every kind.

use super::*;
use serde_json::Value;

/// The interests that all of these are held against.
fn ours() -> Index {
    index(&[
        read("label = 'domain'\nurgency = 'future'\nany = [{ domain = 'acme.example' }]"),
        read("label = 'block'\nurgency = 'future'\nany = [{ block = '203.0.113.0/24' }]"),
        read("label = 'email'\nurgency = 'future'\nany = [{ email = 'ana@acme.example' }]"),
        read("label = 'at'\nurgency = 'future'\nany = [{ email-domain = 'acme.example' }]"),
        read("label = 'asn'\nurgency = 'future'\nany = [{ as-number = 64496 }]"),
        read("label = 'umlaut'\nurgency = 'future'\nany = [{ domain = 'müller.example' }]"),
        read("label = 'url'\nurgency = 'future'\nany = [{ url = 'https://acme.example/login' }]"),
        read("label = 'cve'\nurgency = 'future'\nany = [{ cve = 'CVE-2017-0144' }]"),
        read(&format!(
            "label = 'hash'\nurgency = 'future'\nany = [{{ hash = '{}' }}]",
            "ab".repeat(32)
        )),
    ])
}

/// The interests that an object meets, each with its strength.
fn met(index: &Index, object: &Value) -> String {
    let bytes = object.to_string();
    let mut found = Window::new(index, [stix(bytes.as_bytes())]).matches().remove(0);
    found.sort_by(|a, b| a.label.cmp(&b.label));
    let told = found.iter().map(|one| format!("{} {}", one.label, one.strength));
    told.collect::<Vec<_>>().join(", ")
}

fn indicator(pattern: &str) -> Value {
    json!({"type": "indicator", "pattern_type": "stix", "pattern": pattern})
}

fn all(cases: &[(Value, &str)]) {
    let index = ours();
    for (object, expected) in cases {
        assert_eq!(met(&index, object), *expected, "{object}");
    }
}

#[test]
fn a_pattern_s_path_through_a_list_of_references_leads_to_a_value() {
    let cases = [
        ("email-message:to_refs[*].value = 'ana@acme.example'", "at 90, domain 90, email 90"),
        ("email-message:cc_refs[0].value = 'Ana@Acme.example'", "at 90, domain 90, email 90"),
        ("domain-name:resolves_to_refs[*].value = '203.0.113.9'", "block 90"),
        ("domain-name:resolves_to_refs[1].value = 'portal.acme.example'", "domain 90"),
        ("network-traffic:dst_ref.value = '203.0.113.9/32'", "block 90"),
        ("ipv4-addr:belongs_to_refs[*].number = 64496", "asn 90"),
        ("ipv6-addr:belongs_to_refs[0].number IN (1, 64496)", "asn 90"),
        ("network-traffic:dst_ref.value = '::ffff:203.0.113.9'", "block 90"),
        ("directory:contains_refs[*].hashes.'SHA-256' = 'HASH'", "hash 90"),
    ];
    let cases = cases.map(|(test, expected)| {
        (indicator(&format!("[{}]", test.replace("HASH", &"AB".repeat(32)))), expected)
    });
    all(&cases);
}

#[test]
fn a_pattern_of_an_interest_is_met_by_the_same_pattern_and_through_references() {
    for pattern in [
        "[email-message:to_refs[*].value = 'ana@acme.example']",
        "[email-message:from_ref.value = 'ana@acme.example']",
        "[domain-name:value = 'x.example' AND domain-name:resolves_to_refs[*].value = '203.0.113.9']",
        "[file:name = 'a' AND (file:size = 4 OR file:parent_directory_ref.path = 'C:')]",
        "[network-traffic:src_ref.value = '203.0.113.9' AND network-traffic:src_ref.resolves_to_refs[0].value = 'aa']",
        "[x509-certificate:x509_v3_extensions.subject_alternative_name = 'DNS:a']",
        "[email-message:body_multipart[2].body_raw_ref.name = 'x' AND email-message:body_multipart[0].body = 'y']",
        "[ipv4-addr:value ISSUBSET '198.51.100.0/24']",
    ] {
        let index = by_clause(vec![Clause::Pattern(pattern.to_owned())]);
        assert_ne!(met(&index, &indicator(pattern)), "", "{pattern}");
        let other = pattern.replace("= '", "= 'z").replace("198", "192").replace('4', "5");
        if !pattern.contains("ISSUBSET") {
            assert_eq!(met(&index, &indicator(&other)), "", "{other}");
        }
    }
    // An observable is met through what it refers to, and what it refers to is not.
    let pattern = "[email-message:to_refs[*].value = 'ana@acme.example']";
    let index = by_clause(vec![Clause::Pattern(pattern.to_owned())]);
    let objects = bundle(&[
        json!({"type": "email-message", "id": "email-message--1", "to_refs": ["email-addr--1"]}),
        json!({"type": "email-addr", "id": "email-addr--1", "value": "ana[@]acme[.]example", "defanged": true}),
    ]);
    let items = objects.iter().map(|object| stix(object.as_bytes()));
    let found: Vec<usize> = Window::new(&index, items).matches().iter().map(Vec::len).collect();
    assert_eq!(found, [1, 0]);
}

#[test]
fn what_is_defanged_is_read_as_it_was_meant() {
    all(&[
        (
            json!({"type": "url", "value": "hxxp://www[.]acme[.]example/x", "defanged": true}),
            "domain 90",
        ),
        (json!({"type": "url", "value": "hXXps[:]//acme(.)example/login"}), "domain 90, url 90"),
        (json!({"type": "ipv4-addr", "value": "203[.]0[.]113[.]9", "defanged": true}), "block 90"),
        (json!({"type": "domain-name", "value": r"portal\.acme\.example"}), "domain 90"),
        (
            json!({"type": "email-addr", "value": "ana[at]acme[dot]example"}),
            "at 90, domain 90, email 90",
        ),
        (indicator("[url:value = 'hxxps://acme[.]example/login']"), "domain 90, url 90"),
        (indicator("[domain-name:value = 'portal[.]acme[.]example']"), "domain 90"),
        (indicator("[ipv4-addr:value IN ('198.51.100.1', '203.0.113[.]9')]"), "block 90"),
        (
            json!({"type": "report", "description": "mail to ana (at) acme [dot] example"}),
            "at 60, domain 60, email 60",
        ),
    ]);
    let index = by_clause(vec![
        Clause::Pattern("[url:value = 'http://acme.example/x']".into()),
        Clause::Pattern("[ipv4-addr:value = '203[.]0[.]113[.]9']".into()),
        Clause::Pattern("[domain-name:value LIKE '%.acme.example']".into()),
    ]);
    for object in [
        json!({"type": "url", "id": "url--1", "value": "hxxp://acme[.]example/x"}),
        json!({"type": "ipv4-addr", "id": "ipv4-addr--1", "value": "203.0.113.9"}),
        json!({"type": "domain-name", "id": "domain-name--1", "value": "Portal[.]acme[.]example"}),
    ] {
        assert_ne!(met(&index, &object), "", "{object}");
    }
}

#[test]
fn a_host_is_met_in_either_alphabet() {
    all(&[
        (json!({"type": "domain-name", "value": "xn--mller-kva.example"}), "umlaut 90"),
        (json!({"type": "domain-name", "value": "www.MÜLLER.example."}), "umlaut 90"),
        (json!({"type": "email-addr", "value": "ana@müller.example"}), "umlaut 90"),
        (json!({"type": "url", "value": "https://shop.müller.example:8443/x"}), "umlaut 90"),
        (json!({"type": "report", "description": "siehe shop.müller.example."}), "umlaut 60"),
        (indicator("[domain-name:value = 'Müller.example']"), "umlaut 90"),
        (json!({"type": "domain-name", "value": "muller.example"}), ""),
    ]);
    let written = ["xn--mller-kva.example", "MÜLLER.example.", "müller[.]example"];
    for written in written {
        let index =
            one(&format!("any = [{{ domain = '{written}' }}, {{ email-domain = '{written}' }}]"));
        assert_eq!(met(&index, &json!({"type": "domain-name", "value": "müller.example"})), "x 90");
        let mail = json!({"type": "report", "description": "an ana@post.müller.example"});
        assert_eq!(met(&index, &mail), "x 60");
    }
}

#[test]
fn values_inside_others_are_met_with_less_strength() {
    all(&[
        (
            json!({"type": "process", "command_line": "curl -o x https://portal.acme.example/a 203.0.113.9"}),
            "block 60, domain 60",
        ),
        (
            json!({"type": "email-message", "is_multipart": true, "body_multipart": [{"body": "Log in at hxxps://acme[.]example/login"}],
                   "additional_header_fields": {"Reply-To": ["Ana <ana@acme.example>"]},
                   "received_lines": ["from mail.x.example ([203.0.113.9]) by mx"]}),
            "at 60, block 60, domain 60, email 60, url 60",
        ),
        (
            json!({"type": "network-traffic", "extensions": {"http-request-ext": {"request_method": "get", "request_value": "/",
                   "request_header": {"Host": ["portal.acme.example:8080"]}}}}),
            "domain 60",
        ),
        (
            json!({"type": "x509-certificate", "subject": "C=DE, O=Acme, CN=portal.acme.example",
                   "x509_v3_extensions": {"subject_alternative_name": "DNS:*.acme.example, IP Address:203.0.113.9"}}),
            "block 60, domain 60",
        ),
        (
            json!({"type": "url", "value": "https://evil.example/r?u=https%3A%2F%2Facme.example%2Flogin&m=ana%2540acme.example"}),
            "at 60, domain 60, email 60, url 60",
        ),
        (json!({"type": "url", "value": "https://acme.example@evil.example/"}), "domain 60"),
        (
            json!({"type": "network-traffic", "extensions": {"http-request-ext": {
                   "request_value": "/r?u=http%3A%2F%2Facme.example"}}}),
            "domain 60",
        ),
        (
            json!({"type": "windows-registry-key", "key": r"HKCU\ZoneMap\Domains\acme.example",
                   "values": [{"name": "x", "data": "203.0.113.9"}]}),
            "block 60, domain 60",
        ),
        (json!({"type": "file", "name": "invoice_acme.example.pdf"}), "domain 60"),
        (json!({"type": "artifact", "url": "https://acme.example/login/x"}), "domain 60, url 60"),
        (
            json!({"type": "user-account", "account_login": "ana@acme.example"}),
            "at 60, domain 60, email 60",
        ),
        (json!({"type": "domain-name", "value": "acme.example:8443"}), "domain 60"),
        (indicator("[process:command_line = 'ping portal.acme.example']"), "domain 60"),
        (json!({"type": "file", "name": "acme.example-report.js"}), "domain 60"),
        (json!({"type": "artifact", "payload_bin": "YWNtZS5leGFtcGxl"}), ""),
    ]);
}

#[test]
fn names_of_other_makers_are_read_by_the_form_of_their_values() {
    all(&[
        (json!({"type": "hostname", "value": "portal.acme.example"}), "domain 60"),
        (indicator("[hostname:value = 'portal.acme.example']"), "domain 60"),
        (
            json!({"type": "x-misp-attribute", "x_misp_type": "target-machine", "x_misp_value": "portal.acme.example"}),
            "domain 60",
        ),
        (
            json!({"type": "x-misp-object", "x_misp_attributes": [{"type": "ip-dst", "value": "203.0.113.0/25"},
                   {"type": "AS", "value": "AS64496"}, {"type": "link", "value": "https://acme.example/login"},
                   {"type": "sha256", "value": "AB".repeat(32)}, {"type": "vulnerability", "value": "cve-2017-0144"}]}),
            "asn 60, block 60, cve 60, domain 60, hash 60, url 60",
        ),
        (
            json!({"type": "malware", "name": "X", "x_opencti_hosts": ["portal.acme.example"]}),
            "domain 60",
        ),
        (
            json!({"type": "infrastructure", "name": "portal.acme.example", "x_asn": 64496}),
            "asn 60, domain 60",
        ),
        (
            json!({"type": "tool", "name": "X", "x_mitre_contact": "ana@acme.example"}),
            "at 60, domain 60, email 60",
        ),
        (
            json!({"type": "identity", "name": "X", "x_opencti_mail": "ana@acme.example"}),
            "at 40, domain 40, email 40",
        ),
        (
            json!({"type": "ipv4-addr", "value": "192.0.2.1", "x_opencti_description": "see acme.example"}),
            "domain 60",
        ),
        (json!({"type": "x-thing", "x_org": "AS64496 Acme Networks"}), "asn 60"),
        (json!({"type": "x-thing", "x_asn": "64496"}), "asn 60"),
        (json!({"type": "x-thing", "x_sum": "AB".repeat(32)}), "hash 60"),
        (json!({"type": "x-thing", "count": 64496, "pages": "64496", "x": "AS644960"}), ""),
    ]);
}

#[test]
fn constants_of_patterns_are_read_whatever_their_operator_and_negated_ones_are_not() {
    let cases = [
        (r"domain-name:value = 'it\'s' OR domain-name:'value' = 'acme.example'", "domain 90"),
        ("domain-name:value IN ('a.example', 'b.acme.example')", "domain 90"),
        ("domain-name:value LIKE '%.acme.example'", "domain 90"),
        ("domain-name:value LIKE 'acme.example'", "domain 90"),
        ("domain-name:value LIKE '%acme.example%'", "domain 60"),
        ("domain-name:value LIKE '%notacme.example'", ""),
        (r"domain-name:value MATCHES '^(www\\.)?acme\\.example$'", "domain 90"),
        (r"domain-name:value MATCHES '^(www\.)?acme\.example$'", "domain 90"),
        (r"domain-name:value MATCHES '.*\.acme\.example$'", "domain 90"),
        (r"url:value MATCHES '^https?:\\/\\/acme\\.example\\/login.*'", "domain 90, url 90"),
        ("url:value LIKE 'https://acme.example/login%'", "domain 90, url 90"),
        ("url:value LIKE '%.acme.example/%'", "domain 60"),
        ("email-addr:value LIKE '%@acme.example'", "at 90, domain 90"),
        ("email-message:from_ref.value LIKE '%@acme.example'", "at 90, domain 90"),
        ("ipv4-addr:value LIKE '203.0.113.%'", "block 90"),
        ("ipv4-addr:value ISSUBSET '203.0.113.128/25'", "block 90"),
        ("ipv4-addr:value = '203.0.113.9/32'", "block 90"),
        ("network-traffic:dst_ref.value ISSUBSET '203.0.113.9'", "block 90"),
        ("file:hashes.'SHA-256' = 'HASH'", "hash 90"),
        ("file:'hashes'.'sha256' = 'HASH'", "hash 90"),
        ("autonomous-system:number IN (1, 64496)", "asn 90"),
        ("domain-name:value != 'acme.example'", ""),
        ("domain-name:value NOT = 'acme.example'", ""),
        ("domain-name:value NOT IN ('acme.example')", ""),
        ("domain-name:value NOT LIKE '%.acme.example'", ""),
        (r"domain-name:value NOT MATCHES 'acme\\.example'", ""),
        ("ipv4-addr:value NOT ISSUBSET '203.0.113.0/24'", ""),
        ("ipv4-addr:value ISSUBSET '203.0.0.0/16'", ""),
    ];
    let cases = cases.map(|(test, expected)| {
        (indicator(&format!("[{}]", test.replace("HASH", &"AB".repeat(32)))), expected)
    });
    all(&cases);
}

#[test]
fn an_address_is_met_with_the_name_of_whoever_has_it() {
    let whole = "at 90, domain 90, email 90";
    all(&[
        (json!({"type": "email-addr", "value": "Ana <ana@acme.example>"}), whole),
        (json!({"type": "email-addr", "value": "\"Acme, Ana\" <Ana@ACME[.]example>"}), whole),
        (json!({"type": "email-addr", "value": "mailto:ana@acme.example"}), whole),
        (
            json!({"type": "email-addr", "value": "Bob <bob@x.example>, Ana <ana@acme.example>"}),
            "at 60, domain 60, email 60",
        ),
        (indicator("[email-addr:value = 'Ana <ana@acme.example>']"), whole),
        (indicator("[email-message:from_ref.value = 'ana@acme.example (Ana)']"), whole),
        (
            json!({"type": "identity", "name": "X", "contact_information":
                   "Ana <ana@acme.example>, +49 30 1234, https://acme.example/login"}),
            "at 40, domain 40, email 40, url 40",
        ),
    ]);
    let index = one("any = [{ email = 'Ana <ana@acme.example>' }]");
    let object = json!({"type": "email-addr", "value": "ana@acme.example"});
    assert_eq!(met(&index, &object), "x 90");
    let pattern = "[email-addr:value = 'ana@acme.example']";
    let index = by_clause(vec![Clause::Pattern(pattern.into())]);
    let object =
        json!({"type": "email-addr", "id": "email-addr--1", "value": "A <ana@acme.example>"});
    assert_ne!(met(&index, &object), "");
}

#[test]
fn a_number_is_met_that_is_written_as_a_text() {
    all(&[
        (json!({"type": "autonomous-system", "number": "64496"}), "asn 90"),
        (json!({"type": "autonomous-system", "number": "AS64496"}), "asn 90"),
        (json!({"type": "autonomous-system", "number": 64496}), "asn 90"),
        (indicator("[autonomous-system:number = '64496']"), "asn 90"),
        (indicator("[ipv4-addr:belongs_to_refs[*].number IN ('1', '64496')]"), "asn 90"),
        (indicator("[x-foo:as_number = 64496]"), "asn 60"),
        (indicator("[x-foo:as_number = '64496']"), "asn 60"),
        (indicator("[x-foo:bar.asn IN (64496)]"), "asn 60"),
        (json!({"type": "x-foo", "as_number": 64496}), "asn 60"),
        (json!({"type": "malware", "name": "X", "x_asn": "64496"}), "asn 60"),
        (json!({"type": "ipv4-addr", "value": "192.0.2.1", "x_asn": 64496}), "asn 60"),
        (json!({"type": "ipv4-addr", "value": "192.0.2.1", "x_asn": "64496"}), "asn 60"),
        (
            json!({"type": "observed-data", "objects": {"0": {"type": "autonomous-system", "number": "64496"}}}),
            "asn 90",
        ),
        (indicator("[x-foo:count = 64496]"), ""),
        (json!({"type": "file", "size": "64496"}), ""),
    ]);
    for (pattern, object) in [
        ("[autonomous-system:number = 64496]", json!({"number": "64496"})),
        ("[autonomous-system:number = '64496']", json!({"number": 64496})),
        ("[autonomous-system:number IN (1, 64496)]", json!({"number": "64496"})),
    ] {
        let mut object = object;
        object["type"] = "autonomous-system".into();
        object["id"] = "autonomous-system--1".into();
        let index = by_clause(vec![Clause::Pattern(pattern.to_owned())]);
        assert_ne!(met(&index, &object), "", "{pattern}");
    }
    let index = one("any = [{ circle = { latitude = 48.0, longitude = 11.0, km = 20 } }]");
    let place = json!({"type": "location", "latitude": "48.05", "longitude": "11.02"});
    assert_ne!(met(&index, &place), "");
}

#[test]
fn constants_of_bytes_are_read_as_what_they_code() {
    let hash = "ab".repeat(32);
    let base64 = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";
    all(&[
        (indicator("[domain-name:value = h'61636D652E6578616D706C65']"), "domain 90"),
        (indicator("[domain-name:value IN (b'eA==', b'YWNtZS5leGFtcGxl')]"), "domain 90"),
        (indicator("[process:command_line = b'cGluZyBhY21lLmV4YW1wbGU=']"), "domain 60"),
        (indicator(&format!("[file:hashes.'SHA-256' = h'{hash}']")), "hash 90"),
        (indicator(&format!("[file:hashes.'SHA-256' = b'{base64}']")), "hash 90"),
        (indicator("[artifact:payload_bin = b'YWNtZS5leGFtcGxl']"), ""),
        (indicator("[domain-name:value != h'61636D652E6578616D706C65']"), ""),
    ]);
    for pattern in [
        "[artifact:payload_bin = b'YWNtZS5leGFtcGxl']",
        "[x-foo:data_hex = h'6162']",
        "[file:name = h'6162']",
        "[file:ctime = t'2020-01-01T00:00:00Z']",
    ] {
        let index = by_clause(vec![Clause::Pattern(pattern.to_owned())]);
        assert_ne!(met(&index, &indicator(pattern)), "", "{pattern}");
    }
}

#[test]
fn a_double_in_other_letters_is_met_by_its_own_country_only() {
    let index = index(&[
        read("label = 'russia'\nurgency = 'future'\nany = [{ country = 'RU' }]"),
        read("label = 'states'\nurgency = 'future'\nany = [{ country = 'US' }]"),
    ]);
    for (text, expected) in [
        ("взрыв: Санкт-Петербург, США", "states 60"),
        ("взрыв в Санкт-Петербурге", "russia 60"),
        ("explosion à St-Pétersbourg", "russia 60"),
        ("St. Petersburg FL", "states 60"),
    ] {
        let report = json!({"type": "report", "description": text});
        assert_eq!(met(&index, &report), expected, "{text}");
    }
}

/// What is found inside one value leaves room for what others state.
#[test]
fn a_flood_inside_a_value_hides_nothing_that_is_stated() {
    let many: Vec<String> = (0..20_000).map(|n| format!("h{n}.example")).collect();
    let object = json!({"type": "email-message", "body": many.join(" "), "x": "acme.example",
        "extensions": {"x": {"hashes": {"SHA-256": "ab".repeat(32)}}}});
    assert_eq!(met(&ours(), &object), "hash 90");
}
