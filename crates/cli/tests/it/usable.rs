//! What comes in as others write it: flawed and usable, with times of any year and precision.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::http::Answer;
use forewarn_testkit::{Node, Pair, made, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const TAXII: &str = "application/taxii+json;version=2.1";

fn post(node: &Node, auth: &str, objects: &[Value]) -> Value {
    let headers = [("authorization", auth), ("content-type", TAXII), ("accept", TAXII)];
    let body = json!({ "objects": objects }).to_string();
    let answer = node.connect().ask("POST", &node.collection(), &headers, body.as_bytes());
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()
}

fn get(node: &Node, auth: &str, path: &str) -> Answer {
    node.connect().ask("GET", path, &[("authorization", auth), ("accept", TAXII)], b"")
}

/// An indicator that is valid, for changes.
fn indicator(number: u64) -> Value {
    serde_json::from_str(&made::indicator(number)).unwrap()
}

fn with(number: u64, mut changes: Value) -> Value {
    let mut object = indicator(number);
    object.as_object_mut().unwrap().append(changes.as_object_mut().unwrap());
    object
}

/// What a whole platform writes into each of its objects.
fn with_extension(number: u64) -> Value {
    with(
        number,
        json!({ "extensions": { "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba": {
            "extension_type": "property-extension", "id": "82e80255-9793-4283-b34b-872b30f23f57",
            "type": "Indicator"
        } } }),
    )
}

fn without_modified(number: u64) -> Value {
    let mut object = indicator(number);
    object.as_object_mut().unwrap().remove("modified");
    object
}

/// Objects whose meaning is what it was, and the rule that each breaks.
fn flawed() -> Vec<(Value, &'static str)> {
    let times = |number, first: &str, then: &str| {
        let (first, then) = first.split_once(' ').zip(then.split_once(' ')).unwrap();
        with(number, json!({ first.0: first.1, then.0: then.1 }))
    };
    vec![
        (with_extension(1), "property-name"),
        (with(2, json!({ "modified": "2024-01-26T21:28:21Z" })), "milliseconds"),
        (with(3, json!({ "modified": "2023-01-26T21:28:21.000Z" })), "modified-before-created"),
        (
            times(4, "valid_from 2024-01-26T21:28:21Z", "valid_until 2024-01-26T21:28:21Z"),
            "time-order",
        ),
        (with(5, json!({ "modified": "2024-01-26T22:28:21.013+01:00" })), "timestamp-offset"),
        (with(10, json!({ "revoked": "false" })), "boolean-text"),
        (with(11, json!({ "spec_version": 2.1 })), "spec-version-number"),
        (without_modified(12), "modified-missing"),
        (
            json!({
                "type": "process", "id": "process--28bb3599-77cd-5a82-a950-b5bc3caf07c4", "pid": 4
            }),
            "uuid-random",
        ),
        (
            json!({
                "type": "campaign", "spec_version": "2.1", "name": "A campaign",
                "id": "campaign--00000000-0000-0000-0000-000000000007",
                "created": "2024-01-26T21:28:21.013Z", "modified": "2024-01-26T21:28:21.013Z",
                "first_seen": "9999-12-31T23:59:59Z", "last_seen": "9999-12-31T00:00:00Z"
            }),
            "time-order",
        ),
    ]
}

#[test]
fn what_is_usable_is_taken_in_as_received_marked_and_told() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let objects: Vec<Value> = flawed().into_iter().map(|(object, _)| object).collect();
    let status = post(&node, &auth, &objects);
    let all = objects.len() as u64;
    assert_eq!((&status["success_count"], &status["failure_count"]), (&all.into(), &0.into()));
    // A success with a message, in the answer and whenever it is asked for again.
    let asked = format!("/taxii2/api/status/{}/", status["id"].as_str().unwrap());
    for told in [&status, &get(&node, &auth, &asked).json()] {
        for ((_, rule), told) in flawed().iter().zip(told["successes"].as_array().unwrap()) {
            let message = told["message"].as_str().unwrap();
            let expected = message.starts_with("taken in with flaws: ") && message.contains(rule);
            assert!(expected, "{rule}: {message}");
        }
    }
    let listed = node.json(&["item", "list"]);
    assert!(listed.iter().all(|item| item["flawed"] == true), "{listed:?}");
    for (object, rule) in flawed() {
        let id = object["id"].as_str().unwrap();
        assert_eq!(node.good(&["item", "show", id]), object.to_string());
        let shown = node.json(&["item", "show", id]).remove(0);
        let flaws = shown["flaws"].as_array().unwrap();
        assert!(flaws.iter().any(|flaw| flaw["rule"] == rule), "{rule}: {flaws:?}");
        let aside = node.run(&["item", "show", id]).stderr;
        assert!(String::from_utf8_lossy(&aside).contains(&format!("({rule} at $.")), "{rule}");
    }
    assert!(node.json(&["quarantine", "list"]).is_empty());
    // The same by the command line, which counts them.
    let path = node.write("more.json", json!([with_extension(8), indicator(9)]).to_string());
    let told = node.by("ana", &["intake", &path]);
    assert!(told.contains("2 taken in, 1 with flaws"), "{told}");
    assert!(told.contains("is taken in with a flaw: `id` is not a property's name"), "{told}");
    let again = node.json(&["intake", &path, "--as", "ana"]).remove(0);
    assert_eq!((&again["known"], &again["flawed"]), (&2.into(), &1.into()));
}

#[test]
fn what_cannot_be_kept_or_would_mislead_is_refused() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let mut nameless = indicator(1);
    nameless.as_object_mut().unwrap().remove("id");
    let mut typeless = indicator(2);
    typeless.as_object_mut().unwrap().remove("type");
    let mut other = indicator(3);
    other["id"] = indicator(3)["id"].as_str().unwrap().replace("indicator", "malware").into();
    let bad = [
        nameless,
        typeless,
        other,
        with(4, json!({ "pattern": "[domain-name:value = 'a.example'" })),
        with(5, json!({ "object_marking_refs": "TLP:RED" })),
        with(6, json!({ "modified": "yesterday" })),
        with(7, json!({ "spec_version": "2.0" })),
    ];
    let status = post(&node, &auth, &bad);
    assert_eq!((&status["success_count"], &status["failure_count"]), (&0.into(), &7.into()));
    assert!(status["failures"].to_string().contains("only STIX 2.1 is read"));
    assert_eq!(node.json(&["quarantine", "list"]).len(), bad.len());
}

#[test]
fn an_intake_says_why_a_known_version_with_other_content_is_refused() {
    let node = Node::start_new(PROGRAM, "west.example");
    let path = node.write("first.json", made::indicator(1));
    node.by("ana", &["intake", &path]);
    let other = [with_extension(1).to_string(), "7".to_owned(), made::indicator(2)];
    let path = node.write("other.json", format!("[{}]", other.join(",")));
    let told = node.run(&["intake", &path, "--as", "ana"]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("1 taken in, 2 refused"), "{told}");
    assert!(told.contains("object 0 (indicator--00000000-0000-4000-8000-000000000001): this id and version is here already with other content"), "{told}");
    assert!(told.contains("object 1 (–): is not a JSON object"), "{told}");
}

#[test]
fn a_strict_collection_refuses_every_broken_must() {
    let strict = "[[collection]]\nid = \"8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\"\nalias = \"strict\"\n\
                  title = \"Only what is valid\"\nstrict = true\n";
    let node = Node::start_configured(PROGRAM, "west.example", strict);
    let auth = node.basic("ana");
    let headers = [("authorization", auth.as_str()), ("content-type", TAXII), ("accept", TAXII)];
    let objects: Vec<Value> = flawed().into_iter().map(|(object, _)| object).collect();
    let body = json!({ "objects": objects }).to_string();
    let path = "/taxii2/api/collections/strict/objects/";
    let status = node.connect().ask("POST", path, &headers, body.as_bytes()).json();
    assert_eq!(status["failure_count"], flawed().len());
    for ((_, rule), told) in flawed().iter().zip(status["failures"].as_array().unwrap()) {
        assert!(told["message"].as_str().unwrap().contains(rule), "{told}");
    }
}

#[test]
fn what_is_flawed_is_matched_and_what_leaves_is_valid() {
    let pair = Pair::start(PROGRAM);
    pair.interest("h1.example.net");
    let path = pair.west.write("flawed.json", json!([with_extension(1)]).to_string());
    pair.west.by("ana", &["intake", &path]);
    until("a case", || (!pair.west.json(&["case", "list"]).is_empty()).then_some(()));
}

/// Versions within one microsecond were once one, and the later was lost.
#[test]
fn versions_a_nanosecond_apart_are_two_each_as_its_object_writes_it() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let times = [
        "2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05.123456999Z",
        "9999-12-31T23:59:58Z",
        "9999-12-31T23:59:59.999999Z",
        "2016-12-31T23:59:60.500Z",
    ];
    let created = "2010-01-02T03:04:05.123Z";
    let objects = times.map(|time| with(1, json!({ "modified": time, "created": created })));
    let status = post(&node, &auth, &objects);
    let told: Vec<&str> = status["successes"].as_array().unwrap().iter().map(version).collect();
    assert_eq!(told, times);
    let asked = format!("/taxii2/api/status/{}/", status["id"].as_str().unwrap());
    let again = get(&node, &auth, &asked).json();
    assert_eq!(
        again["successes"].as_array().unwrap().iter().map(version).collect::<Vec<_>>(),
        times
    );
    let id = objects[0]["id"].as_str().unwrap();
    let at = |rest: &str| get(&node, &auth, &format!("{}{rest}", node.collection())).json();
    assert_eq!(at(&format!("{id}/versions/"))["versions"], json!(times));
    let manifest = get(&node, &auth, &node.collection().replace("objects", "manifest")).json();
    assert_eq!(version(&manifest["objects"][0]), times[3]);
    for (time, object) in times.iter().zip(&objects) {
        let found = at(&format!("{id}/?match[version]={time}"));
        assert_eq!(found["objects"], json!([object]), "{time}");
    }
    let first = at(&format!("{id}/?match[version]=first"));
    assert_eq!(first["objects"][0]["modified"], times[4]);
    let shown = node.json(&["item", "show", id]).remove(0);
    assert_eq!(shown["written"], times[3]);
    // What is added after the beginning of all years, and after their end.
    assert_eq!(at("?added_after=0000-01-01T00:00:00Z")["objects"].as_array().unwrap().len(), 1);
    assert_eq!(at("?added_after=9999-12-31T23:59:59.999999999Z"), json!({}));
}

fn version(row: &Value) -> &str {
    row["version"].as_str().unwrap()
}

#[test]
fn a_failure_names_the_version_of_its_object() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let modified = "2026-01-02T03:04:05.123456789Z";
    let bad = json!({ "pattern": "[", "modified": modified });
    let mut unversioned = with(2, bad.clone());
    unversioned.as_object_mut().unwrap().remove("modified");
    let good = indicator(3);
    let mut other = good.clone();
    other["name"] = "Other words".into();
    let status = post(&node, &auth, &[with(1, bad), unversioned, json!(7), good, other]);
    let asked = format!("/taxii2/api/status/{}/", status["id"].as_str().unwrap());
    let now = status["request_timestamp"].as_str().unwrap();
    let own = "2024-01-26T21:28:21.013Z";
    for told in [&status, &get(&node, &auth, &asked).json()] {
        let versions: Vec<&str> =
            told["failures"].as_array().unwrap().iter().map(version).collect();
        assert_eq!(versions, [modified, own, now, own]);
    }
}

/// Two feeds write one object each in its own way.
#[test]
fn the_same_object_written_otherwise_is_known() {
    let node = Node::start_new(PROGRAM, "west.example");
    let one = r#"{"type":"identity","spec_version":"2.1","id":"identity--0c7b5e1a-5d2e-4c55-8f64-0b2e6f6c8a21","created":"2017-12-15T09:30:00.000Z","modified":"2017-12-15T09:30:00.000Z","name":"Müller"}"#;
    let path = node.write("one.json", one);
    assert!(node.by("ana", &["intake", &path]).contains("1 taken in"));
    let value: Value = serde_json::from_str(one).unwrap();
    let indented = serde_json::to_string_pretty(&value).unwrap();
    for (name, text) in [("spaces", indented), ("escaped", one.replace('ü', "\\u00fc"))] {
        let path = node.write(&format!("{name}.json"), text);
        let told = node.by("ana", &["intake", &path]);
        assert!(told.contains("0 taken in, 1 were here already"), "{name}: {told}");
    }
    let path = node.write("other.json", one.replace("Müller", "Mueller"));
    let told = node.refused(&["intake", &path, "--as", "ana"]);
    assert!(told.contains("in quarantine"), "{told}");
}
