//! `forewarn stix`: on files and standard input, without a node.

#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

/// Runs the command in a folder, with this on its standard input.
fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_forewarn"));
    forewarn_testkit::fed(command.args(arguments).current_dir(folder), input)
}

fn words(output: &Output) -> String {
    let (out, error) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(error))
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// One good, one without a required property, one that is no object, in a bundle with a bad id.
fn bundle() -> String {
    let good = forewarn_testkit::made::indicator(1);
    let bad = good.replace("\"valid_from\"", "\"valid_form\"");
    format!("{{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{good},{bad},7]}}")
}

#[test]
fn each_object_is_judged_on_a_line_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "bundle.json", &bundle());
    write(folder.path(), "single.json", &forewarn_testkit::made::indicator(1));
    write(folder.path(), "broken.json", "no json");
    let files = ["stix", "validate", "bundle.json", "single.json", "broken.json", "--json"];
    let output = run(folder.path(), &files, "");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(words(&output));
    assert_eq!(run(folder.path(), &["stix", "validate", "single.json"], "").status.code(), Some(0));
}

/// An override in a file once turned the lines that quoted it.
#[test]
fn what_a_file_says_is_shown_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = "\u{202e}\u{9b}31m\u{2068}שלום";
    let tool = json!({ "type": "tool", "id": format!("tool--{hostile}"), "name": hostile });
    let output = run(folder.path(), &["stix", "validate", "-"], &tool.to_string());
    let told = words(&output);
    assert!(told.contains("\\u{202e}\\u{9b}31m\\u{2068}שלום"), "{told}");
    let acts = |c: char| c != '\n' && c.is_control() || ('\u{2066}'..='\u{2069}').contains(&c);
    assert!(!told.contains('\u{202e}') && !told.contains(acts), "{told}");
    let output = run(folder.path(), &["stix", "validate", "-", "--json"], &tool.to_string());
    let line = lines(&output).remove(0);
    assert_eq!(line["id"].as_str(), tool["id"].as_str(), "data is left as it is");
}

#[test]
fn people_are_shown_the_place_and_told_how_often_a_should_was_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let text = serde_json::to_string_pretty(&json!([
        {
            "type": "tool", "spec_version": "2.1", "id": "tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
            "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
            "name": "a", "labels": [], "tool_types": ["other"],
            "external_references": [{"source_name": "b", "url": "no url"}]
        },
        { "type": "tool", "id": "tool--1" }
    ]));
    let output = run(folder.path(), &["stix", "validate", "-"], &text.unwrap());
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(words(&output));
}

#[test]
fn a_pattern_is_held_against_a_file_and_tells_which_observations_meet_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = json!({"type": "bundle", "id": "bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "objects": [
        {"type": "ipv4-addr", "id": "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", "value": "198.51.100.3"},
        {"type": "observed-data", "id": "observed-data--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
         "first_observed": "2017-12-15T09:30:00Z", "last_observed": "2017-12-15T09:30:00Z", "number_observed": 1,
         "object_refs": ["ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"]},
    ]})
    .to_string();
    write(folder.path(), "data.json", &data);
    let of = |pattern: &str| run(folder.path(), &["stix", "match", pattern, "data.json"], "");
    let met = of(
        "[ipv4-addr:value ISSUBSET '198.51.100.0/24'] START t'2017-12-15T09:30:00Z' STOP t'2017-12-16T09:30:00Z'",
    );
    assert_eq!(met.status.code(), Some(0));
    let id = "observed-data--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
    assert_eq!(lines(&met), [json!({"match": true, "objects": [id]})]);
    assert_eq!(lines(&of("[url:value = 'a']")), [json!({"match": false, "objects": []})]);
    let bad = of("[ipv4-addr:value = '198.51.100.3' OR]");
    assert_eq!(bad.status.code(), Some(1));
    insta::assert_snapshot!(words(&bad));
    let piped = run(
        folder.path(),
        &["stix", "match", "[ipv4-addr:value LIKE '198.%']", "-", "--json"],
        &data,
    );
    assert_eq!(lines(&piped).first().unwrap()["match"], true);
}

#[test]
fn observables_are_told_the_ids_of_their_contents() {
    let folder = tempfile::tempdir().unwrap();
    let domain = r#"{"type":"domain-name","value":"example.com"}"#;
    let output = run(folder.path(), &["stix", "id", "-"], domain);
    assert_eq!(words(&output), "domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7\n");
    let list = format!(
        "[{domain}, {{\"type\":\"tool\",\"name\":\"a\"}}, {{\"type\":\"mutex\",\"id\":\"mutex--1\",\"name\":\"a\"}}]"
    );
    let output = run(folder.path(), &["stix", "id", "-", "--json"], &list);
    insta::assert_snapshot!(words(&output));
    let none = run(folder.path(), &["stix", "id", "-"], r#"{"type":"process","pid":1}"#);
    assert_eq!(none.status.code(), Some(1));
    assert!(words(&none).contains("has no id of its contents"), "{}", words(&none));
}

#[test]
fn an_object_that_cannot_be_read_is_told_by_its_number_and_the_rest_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let list = r#"[{"type":"url","type":"url"},{"type":"url","value":"a"}]"#;
    let met = run(folder.path(), &["stix", "match", "[url:value = 'a']", "-"], list);
    assert!(words(&met).contains("object 1 is passed over"), "{}", words(&met));
    assert!(words(&met).contains(r#""match":true"#), "{}", words(&met));
    let named = run(folder.path(), &["stix", "id", "-"], list);
    assert!(words(&named).contains("object 1 is passed over"), "{}", words(&named));
    assert!(words(&named).contains("url--"), "{}", words(&named));
}

#[test]
fn the_canonical_form_is_the_same_for_every_way_of_writing() {
    let folder = tempfile::tempdir().unwrap();
    let of = |text: &str| words(&run(folder.path(), &["stix", "canonical", "-"], text));
    assert_eq!(of("{ \"b\": 1.0, \"a\": \"\\u20ac\" }"), "{\"a\":\"€\",\"b\":1}");
    let twice = run(folder.path(), &["stix", "canonical", "-"], r#"{"a":1,"a":2}"#);
    assert_eq!(twice.status.code(), Some(1));
    assert!(words(&twice).contains("`a` occurs twice"), "{}", words(&twice));
}

#[test]
fn versions_of_one_input_are_held_against_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let first: Value = serde_json::from_str(&forewarn_testkit::made::indicator(1)).unwrap();
    let mut other = first.clone();
    other["description"] = json!("something else");
    let text = json!([first, first, other]).to_string();
    let output = run(folder.path(), &["stix", "validate", "-", "--json"], &text);
    let rules = |n: usize, of: &str| -> Vec<Value> {
        let line = lines(&output).get(n).cloned().unwrap();
        line[of].as_array().unwrap().iter().map(|f| f["rule"].clone()).collect()
    };
    assert!(rules(1, "warnings").contains(&json!("duplicate")));
    assert!(rules(2, "errors").contains(&json!("version-conflict")));
}

#[test]
fn a_pattern_is_met_by_what_is_defanged_or_in_another_alphabet() {
    let folder = tempfile::tempdir().unwrap();
    for (pattern, object, expected) in [
        (
            "[url:value = 'http://acme.example/x']",
            json!({"type": "url", "value": "hxxp://acme[.]example/x"}),
            true,
        ),
        (
            "[ipv4-addr:value = '203[.]0[.]113[.]9']",
            json!({"type": "ipv4-addr", "value": "203.0.113.9"}),
            true,
        ),
        (
            "[domain-name:value = 'müller.example']",
            json!({"type": "domain-name", "value": "xn--mller-kva.example"}),
            true,
        ),
        (
            "[domain-name:value = 'acme.example']",
            json!({"type": "domain-name", "value": "other[.]example"}),
            false,
        ),
        ("[file:name = 'a.b']", json!({"type": "file", "name": "a[.]b"}), false),
    ] {
        let kind = object["type"].as_str().unwrap().to_owned();
        let mut object = object;
        object["id"] = format!("{kind}--8e2e2d2b-17d4-5cbf-938f-98ee46b3cd3f").into();
        let output =
            run(folder.path(), &["stix", "match", pattern, "-", "--json"], &object.to_string());
        assert_eq!(lines(&output)[0]["match"], expected, "{pattern}: {}", words(&output));
    }
}
