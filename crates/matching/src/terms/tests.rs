use super::*;

fn told(terms: &Terms<'_>) -> Vec<String> {
    let each = terms.found.iter().map(|found| {
        format!("{:?} {} {}", found.term, found.standing.strength(), terms.told(found.place))
    });
    each.collect()
}

/// The terms of an object, its own id and the types of observables left out.
fn of(json: &serde_json::Value) -> Vec<String> {
    let bytes = json.to_string();
    let terms = Terms::of_object(bytes.as_bytes(), false);
    let mut told = told(&terms);
    told.retain(|line| !line.starts_with("Id(") && !line.starts_with("Observable("));
    told
}

#[test]
fn an_indicator_is_about_the_values_of_its_pattern() {
    let told = of(&serde_json::json!({
        "type": "indicator", "pattern_type": "stix", "indicator_types": ["compromised"],
        "pattern": "[domain-name:value = 'A.Example.org' OR ipv4-addr:value = '198.51.100.0/25' \
                    OR url:value = 'http://u@c2.example.net:8080/x' OR file:hashes.MD5 = 'D41D8CD98F00B204E9800998ECF8427E' \
                    OR network-traffic:dst_ref.value = '2001:db8::1' OR autonomous-system:number = 64496 \
                    OR email-message:from_ref.value = 'Ana@Example.org' OR ipv4-addr:value ISSUBSET '203.0.113.0/24' \
                    OR software:cpe = 'cpe:2.3:a:acme:app:1.0:*:*:*:*:*:*:*' OR url:value != 'http://no.example']"
    }));
    assert_eq!(
        told,
        [
            "Threat(\"compromise\") 90 $.indicator_types[0]",
            "Threat(\"compromised\") 90 $.indicator_types[0]",
            "Domain(\"a.example.org\") 90 $.pattern",
            "Address(198.51.100.0/25) 90 $.pattern",
            "Domain(\"c2.example.net\") 90 $.pattern",
            "Url(\"http://c2.example.net:8080/x\") 90 $.pattern",
            "Hash(\"d41d8cd98f00b204e9800998ecf8427e\") 90 $.pattern",
            "Address(2001:db8::1/128) 90 $.pattern",
            "AsNumber(64496) 90 $.pattern",
            "Domain(\"example.org\") 90 $.pattern",
            "Email(\"ana@example.org\") 90 $.pattern",
            "Address(203.0.113.0/24) 90 $.pattern",
            "Cpe([\"a\", \"acme\", \"app\", \"1.0\"]) 90 $.pattern",
        ]
    );
}

#[test]
fn a_location_stands_for_its_country_too() {
    let location = serde_json::json!({"type": "location", "city": "St Petersburg", "country": "RU",
        "latitude": 59.9, "longitude": 30.3});
    assert_eq!(
        of(&location),
        [
            "Place(\"Saint Petersburg\", \"RU\") 40 $.city",
            "Country(\"RU\") 40 $.city",
            "Country(\"RU\") 40 $.country",
            "Point(Point { latitude: 59900000, longitude: 30300000 }) 40 $.latitude",
        ]
    );
}

#[test]
fn each_type_of_object_is_read_where_its_terms_stand() {
    let cases = [
        (
            serde_json::json!({"type": "identity", "name": "Acme", "sectors": ["energy"]}),
            vec!["Sector(\"energy\") 40 $.sectors[0]"],
        ),
        (
            serde_json::json!({"type": "vulnerability", "name": "cve-2017-0144"}),
            vec!["Cve(\"CVE-2017-0144\") 90 $.name"],
        ),
        (
            serde_json::json!({"type": "malware", "name": "X", "malware_types": ["wiper"],
                "external_references": [{"source_name": "s", "url": "https://press.example/a", "external_id": "S0604"}]}),
            vec![
                "Domain(\"press.example\") 20 $.external_references[0].url",
                "Url(\"https://press.example/a\") 20 $.external_references[0].url",
                "Threat(\"destruction\") 90 $.malware_types[0]",
                "Threat(\"wiper\") 90 $.malware_types[0]",
            ],
        ),
        (
            serde_json::json!({"type": "report", "name": "An attack in Kazan", "description": "x"}),
            vec![
                "Place(\"Kazan\", \"RU\") 70 $.name, bytes 13 to 18",
                "Country(\"RU\") 70 $.name, bytes 13 to 18",
                "Threat(\"destruction\") 70 $.name, bytes 3 to 9",
            ],
        ),
        (
            serde_json::json!({"type": "intrusion-set", "name": "X",
                "description": "They hit [Kyiv](https://press.example/x) (Citation: Moscow Times 2017)."}),
            vec![
                "Place(\"Kyiv\", \"UA\") 60 $.description, bytes 10 to 14",
                "Country(\"UA\") 60 $.description, bytes 10 to 14",
                "Place(\"Moscow\", \"RU\") 20 $.description, bytes 52 to 58",
                "Country(\"RU\") 20 $.description, bytes 52 to 58",
                "Domain(\"press.example\") 20 $.description, bytes 16 to 39",
                "Url(\"https://press.example/x\") 20 $.description, bytes 16 to 39",
            ],
        ),
        (
            serde_json::json!({"type": "file", "name": "a.exe", "hashes": {"SHA-1": "AB".repeat(20)}}),
            vec!["Hash(\"abababababababababababababababababababab\") 90 $.hashes.'SHA-1'"],
        ),
        (
            serde_json::json!({"type": "autonomous-system", "number": 64496}),
            vec!["AsNumber(64496) 90 $.number"],
        ),
        (
            serde_json::json!({"type": "observed-data", "first_observed": "x", "objects": {
                "0": {"type": "ipv4-addr", "value": "198.51.100.7"},
                "1": {"type": "url", "value": "https://a.example/b"}}}),
            vec![
                "Address(198.51.100.7/32) 90 $.objects.0.value",
                "Domain(\"a.example\") 90 $.objects.1.value",
                "Url(\"https://a.example/b\") 90 $.objects.1.value",
            ],
        ),
    ];
    // In which order the members of an object come is not said.
    for (json, mut expected) in cases {
        let mut found = of(&json);
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{json}");
    }
}

#[test]
fn identifiers_of_an_object_are_no_texts() {
    let json = serde_json::json!({"type": "identity", "id": "identity--x", "name": "Acme",
        "created_by_ref": "y", "aliases": ["Z"], "roles": ["victim"]});
    let bytes = json.to_string();
    let terms = Terms::of_object(bytes.as_bytes(), false);
    let mut texts: Vec<&str> = terms.texts.iter().map(|text| &*text.text).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["Acme", "Z", "victim"]);
}

#[test]
fn a_text_says_where() {
    let terms = Terms::of_text("They mean the Kazan Cathedral, by mail to a@b.example.");
    assert_eq!(
        told(&terms),
        [
            "Place(\"Kazan Cathedral\", \"RU\") 60 text, bytes 14 to 29",
            "Place(\"Saint Petersburg\", \"RU\") 60 text, bytes 14 to 29",
            "Country(\"RU\") 60 text, bytes 14 to 29",
            "Domain(\"b.example\") 60 text, bytes 42 to 53",
            "Email(\"a@b.example\") 60 text, bytes 42 to 53",
        ]
    );
    assert_eq!(terms.words(terms.found[0].place), "Kazan Cathedral");
}

#[test]
fn a_misp_event_is_read_by_the_types_of_its_attributes() {
    let json = serde_json::json!({"Event": {
        "info": "Phishing in Kyiv",
        "Attribute": [
            {"type": "domain|ip", "value": "c2.example|198.51.100.7", "comment": "see CVE-2017-0144"},
            {"type": "filename|md5", "value": "a.exe|d41d8cd98f00b204e9800998ecf8427e"},
            {"type": "target-location", "value": "Ukraine"},
            {"type": "AS", "value": "AS64496"}],
        "Object": [{"name": "x", "Attribute": [{"type": "url", "value": "http://b.example/"}]}],
        "Tag": [{"name": "misp-galaxy:mitre-attack-pattern=\"Valid Accounts - T1078\""}, {"name": "tlp:green"}]
    }});
    let bytes = json.to_string();
    let terms = Terms::of_misp(bytes.as_bytes());
    let mut found = told(&terms);
    found.sort_by_key(|one| one.split_once(" $").map(|(_, at)| at.to_owned()));
    assert_eq!(
        found,
        [
            "Cve(\"CVE-2017-0144\") 60 $.Event.Attribute[0].comment, bytes 4 to 17",
            "Domain(\"c2.example\") 90 $.Event.Attribute[0].value",
            "Address(198.51.100.7/32) 90 $.Event.Attribute[0].value",
            "Hash(\"d41d8cd98f00b204e9800998ecf8427e\") 90 $.Event.Attribute[1].value",
            "Country(\"UA\") 100 $.Event.Attribute[2].value",
            "AsNumber(64496) 90 $.Event.Attribute[3].value",
            "Domain(\"b.example\") 90 $.Event.Object[0].Attribute[0].value",
            "Url(\"http://b.example/\") 90 $.Event.Object[0].Attribute[0].value",
            "Id(\"T1078\") 90 $.Event.Tag[0].name",
            "Threat(\"compromise\") 70 $.Event.info, bytes 0 to 8",
            "Place(\"Kyiv\", \"UA\") 70 $.Event.info, bytes 12 to 16",
            "Country(\"UA\") 70 $.Event.info, bytes 12 to 16",
        ]
    );
}

#[test]
fn padding_hides_nothing_that_stands_at_the_top() {
    let padding = vec![0; 300_000];
    let json = serde_json::json!({"a_padding": [padding.clone(), {"x": padding}],
        "type": "indicator", "pattern_type": "stix", "pattern": "[domain-name:value = 'c2.example']"});
    assert_eq!(of(&json), ["Domain(\"c2.example\") 90 $.pattern"]);
}

/// Each was quadratic: minutes or hours for one object.
#[test]
fn no_object_takes_longer_than_it_is_long() {
    let many: Vec<&str> = vec!["a"; 150_000];
    let short: Vec<&str> = vec!["b"; 20_000];
    let objects = [
        serde_json::json!({"type": "observed-data", "objects": {"0": {"x": many, "type": "file"}}}),
        serde_json::json!({"type": "report", "x_p": [short, "Moscow ".repeat(20_000), short]}),
        serde_json::json!({"type": "report", "object_refs": vec!["identity--1"; 100_000]}),
    ];
    for object in objects {
        let bytes = object.to_string();
        assert!(Terms::of_object(bytes.as_bytes(), true).found.len() <= MAX_TERMS);
    }
}

#[test]
fn a_location_in_another_country_is_another_place() {
    let cases = [
        (
            serde_json::json!({"city": "St. Petersburg", "country": "US"}),
            vec![
                "Place(\"St. Petersburg\", \"US\") 40 $.city",
                "Country(\"US\") 40 $.city",
                "Country(\"US\") 40 $.country",
            ],
        ),
        (
            serde_json::json!({"city": "Paris", "administrative_area": "US-TX"}),
            vec!["Place(\"Paris\", \"US\") 40 $.city", "Country(\"US\") 40 $.city"],
        ),
        (
            serde_json::json!({"name": "St. Petersburg, Florida"}),
            vec!["Place(\"Florida\", \"US\") 40 $.name", "Country(\"US\") 40 $.name"],
        ),
        (
            serde_json::json!({"city": "Санкт-Петербург", "country": "RU"}),
            vec![
                "Place(\"Saint Petersburg\", \"RU\") 40 $.city",
                "Country(\"RU\") 40 $.city",
                "Country(\"RU\") 40 $.country",
            ],
        ),
        (serde_json::json!({"country": "Německo"}), vec!["Country(\"DE\") 40 $.country"]),
    ];
    for (mut location, expected) in cases {
        location["type"] = "location".into();
        assert_eq!(of(&location), expected, "{location}");
    }
}

#[test]
fn a_place_in_another_alphabet_and_case_is_told_once() {
    let terms = Terms::of_text("Взрыв в Санкт-Петербурге, затем в Москве.");
    assert_eq!(
        told(&terms),
        [
            "Place(\"Saint Petersburg\", \"RU\") 60 text, bytes 14 to 45",
            "Country(\"RU\") 60 text, bytes 14 to 45",
            "Place(\"Moscow\", \"RU\") 60 text, bytes 61 to 73",
            "Country(\"RU\") 60 text, bytes 61 to 73",
        ]
    );
}
