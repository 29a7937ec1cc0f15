//! `forewarn convert`: on files and standard input, without a node.

use serde_json::{Value, json};
use std::process::{Command, Output};

fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_forewarn"));
    forewarn_testkit::fed(command.args(arguments), input)
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn event() -> Value {
    json!({ "Event": {
        "uuid": "11111111-1111-4111-8111-111111111111", "info": "An event", "timestamp": "1603642920",
        "date": "2020-10-25", "Tag": [{ "name": "tlp:green" }],
        "Attribute": [{ "uuid": "22222222-2222-4222-8222-222222222222", "type": "domain",
            "category": "Network activity", "to_ids": true, "value": "evil.example",
            "timestamp": "1603642920", "comment": "seen" }],
    }})
}

/// An event meets interests by the same terms as STIX does, and what of it is not said is told.
#[test]
fn an_event_is_taken_in_and_meets_interests_and_nothing_of_it_is_lost_in_silence() {
    let pair = forewarn_testkit::Pair::start(env!("CARGO_BIN_EXE_forewarn"));
    pair.interest("tickets.example");
    let event = r#"{"Event": {"uuid": "3d6d2ba4-3c2e-4b0b-8d15-ff0a5a1f0001", "info": "A campaign",
        "date": "2026-11-20", "timestamp": "1763600000", "threat_level_id": "2", "analysis": "1",
        "distribution": "3", "published": true, "Tag": [{"name": "tlp:amber"}],
        "Attribute": [{"uuid": "3d6d2ba4-3c2e-4b0b-8d15-ff0a5a1f0002", "type": "domain",
        "category": "Network activity", "value": "evil.tickets.example", "to_ids": true,
        "timestamp": "1763600000", "distribution": "5"}]}, "beside": "the event"}"#;
    let path = pair.west.write("event.json", event);
    let taken = pair.west.run(&["intake", &path, "--as", "ana", "--json"]);
    let taken: serde_json::Value = serde_json::from_slice(&taken.stdout).unwrap();
    assert!(taken["added"].as_u64().unwrap() >= 2, "{taken}");
    assert_eq!(taken["cases"].as_array().unwrap().len(), 1, "{taken}");
    assert_eq!(taken["refused"], 1, "what stands beside the event is told: {taken}");
    let quarantine = pair.west.good(&["quarantine", "show", "1"]);
    assert!(
        quarantine.contains("/beside") && quarantine.contains("not-carried-over"),
        "{quarantine}"
    );
    let again = pair.west.run(&["intake", &path, "--as", "ana", "--json"]);
    let again: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((&again["added"], &again["known"]), (&0.into(), &taken["added"]), "{again}");
    let contradicting = event
        .replace(r#"{"name": "tlp:amber"}"#, r#"{"name": "tlp:amber"}, {"name": "tlp:green"}"#);
    let path = pair.west.write("two.json", contradicting);
    let refused = pair.west.refused(&["intake", &path, "--as", "ana"]);
    assert!(refused.contains("tlp"), "{refused}");
    let mut pair = pair;
    pair.west.stop();
    crate::replayed::same_again(&pair.west);
}

#[test]
fn an_event_becomes_a_bundle_and_the_bundle_that_event_again() {
    let there = run(&["convert", "-", "--to", "stix"], &event().to_string());
    assert!(there.status.success(), "{}", told(&there));
    let bundle: Value = serde_json::from_slice(&there.stdout).unwrap();
    let types: Vec<&str> = bundle["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["type"].as_str().unwrap())
        .collect();
    assert!(types.contains(&"indicator") && types.contains(&"grouping"), "{types:?}");
    let back = run(&["convert", "-", "--to", "misp"], &bundle.to_string());
    assert!(back.status.success(), "{}", told(&back));
    let again: Value = serde_json::from_slice(&back.stdout).unwrap();
    for key in ["uuid", "info", "date", "Tag", "Attribute"] {
        assert_eq!(again["Event"][key], event()["Event"][key], "{key}");
    }
}

#[test]
fn where_something_is_lost_nothing_is_written_unless_that_is_asked_for() {
    let bundle = json!([{ "type": "indicator", "spec_version": "2.1",
        "id": "indicator--22222222-2222-4222-8222-222222222222", "created": "2020-10-25T16:22:00.000Z",
        "modified": "2020-10-25T16:22:00.000Z", "pattern": "[domain-name:value = 'evil.example']",
        "pattern_type": "stix", "valid_from": "2020-10-25T16:22:00Z", "indicator_types": ["benign"] }]);
    let bundle = bundle.to_string();
    let output = run(&["convert", "-", "--to", "misp"], &bundle);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let words = told(&output);
    assert!(
        words.contains("lost: /objects/0/indicator_types: MISP has no place for it"),
        "{words}"
    );
    assert!(words.contains("--lossy"), "{words}");

    let output = run(&["convert", "-", "--to", "misp", "--lossy"], &bundle);
    assert_eq!(output.status.code(), Some(0));
    assert!(told(&output).contains("lost: /objects/0/indicator_types"));
    let event: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(event["Event"]["Attribute"][0]["value"], "evil.example");

    let output = run(&["--json", "convert", "-", "--to", "misp"], &bundle);
    assert_eq!(output.status.code(), Some(1));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&line["converted"], &line["losses"][0]["at"]),
        (&Value::Null, &json!("/objects/0/indicator_types"))
    );
}

#[test]
fn what_contradicts_itself_or_is_converted_already_is_refused_in_words() {
    let mut event = event();
    event["Event"]["Tag"] = json!([{ "name": "tlp:green" }, { "name": "tlp:red" }]);
    let output = run(&["convert", "-", "--to", "stix"], &event.to_string());
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(told(&output).contains("contradicts another level of TLP"), "{}", told(&output));
    let output = run(&["convert", "-", "--to", "misp"], &event.to_string());
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("is MISP already"), "{}", told(&output));
}

/// A mail with a date, and a picture attached where one is given.
fn mail(attached: &str) -> String {
    format!(
        "From: Ana <ana@example.org>\r\nTo: desk@example.net\r\nSubject: A plan\r\n\
         Date: Fri, 15 Dec 2017 09:30:00 +0100\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         A cell plans to bomb the Kazan Cathedral in St. Petersburg; the attackers' server is at \
         198.51.100[.]7 and c2[.]example.org.\r\n{attached}--b--\r\n"
    )
}

#[test]
fn a_report_becomes_the_stix_that_extract_writes_and_what_is_not_read_is_told() {
    let convert = ["convert", "-", "--to", "stix"];
    let whole = run(&convert, &mail(""));
    assert!(whole.status.success(), "{}", told(&whole));
    let bundle: Value = serde_json::from_slice(&whole.stdout).unwrap();
    let extracted = run(&["extract", "-", "--stix"], &mail(""));
    assert_eq!(bundle, serde_json::from_slice::<Value>(&extracted.stdout).unwrap());
    assert_eq!(bundle["objects"][0]["type"], "report");

    let picture = "--b\r\nContent-Type: image/png; name=map.png\r\nContent-Transfer-Encoding: base64\r\n\
                   Content-Disposition: attachment; filename=map.png\r\n\r\niVBORw0KGgo=\r\n";
    let lost = run(&convert, &mail(picture));
    assert!(!lost.status.success() && told(&lost).contains("map.png"), "{}", told(&lost));
    assert!(lost.stdout.is_empty());
    let lossy = run(&["convert", "-", "--to", "stix", "--lossy"], &mail(picture));
    assert!(lossy.status.success() && told(&lossy).contains("lost: "), "{}", told(&lossy));

    let list = run(&["convert", "-", "--to", "plain", "--lossy"], &mail(""));
    assert!(String::from_utf8_lossy(&list.stdout).contains("c2.example.org"), "{}", told(&list));
    let misp = run(&["convert", "-", "--to", "misp"], &mail(""));
    assert!(told(&misp).contains("becomes STIX first"), "{}", told(&misp));
}

/// Each line has the keys that other programs read, whatever else it has.
#[test]
fn lines_of_json_have_the_keys_that_are_fixed() {
    let texts = [
        json!({"id": "A1", "text": "A cell plans to bomb the Kazan Cathedral in St. Petersburg; the \
               attackers' server is at 198.51.100[.]7 and c2[.]example.org."}),
        json!({"id": 2, "text": ""}),
    ];
    let lines = texts.map(|line| line.to_string()).join("\n");
    let found = run(&["extract", "--jsonl", "-"], &lines);
    assert!(found.status.success(), "{}", told(&found));
    let text = String::from_utf8(found.stdout).unwrap();
    let all: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((all.len(), &all[0]["id"], &all[1]["id"]), (2, &json!("A1"), &json!(2)));
    for line in &all {
        for key in ["countries", "places", "threats", "observables"] {
            assert!(line[key].is_array(), "{key}: {line}");
        }
        assert!(line["concern"].is_object() && line["stage"].is_string(), "{line}");
        assert!(line.get("language").is_some(), "{line}");
    }
    assert_eq!(all[0]["countries"], json!(["RU"]));
    assert!(all[0]["concern"]["RU"].as_f64().unwrap() >= 0.3);
    let address = &all[0]["observables"][0];
    assert_eq!(
        (&address["type"], &address["value"]),
        (&json!("ipv4-addr"), &json!("198.51.100.7"))
    );
    assert_eq!(address["reserved"], true);
    assert!(address["span"]["start"].as_u64() < address["span"]["end"].as_u64(), "{address}");
}
