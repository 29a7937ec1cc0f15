//! STIX 2.0, brought to STIX 2.1 and kept as it came.

use forewarn_testkit::{Node, Pair};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// Written so that another order of its members would show.
const BUNDLE: &str = r#"{"type":"bundle","id":"bundle--0c6f5a1e-5d0c-4a55-8a8f-5f6d7f0f9c11","spec_version":"2.0","objects":[
{"type":"indicator","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","created":"2017-12-15T10:00:00.000Z","modified":"2017-12-15T10:00:00.000Z","labels":["malicious-activity"],"pattern":"[domain-name:value = 'shop.tickets.example']","valid_from":"2017-12-15T10:00:00Z"},
{"type":"observed-data","id":"observed-data--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","created":"2017-12-15T10:00:00.000Z","modified":"2017-12-15T10:00:00.000Z","first_observed":"2017-12-15T10:00:00Z","last_observed":"2017-12-15T10:00:00Z","number_observed":1,"objects":{"0":{"type":"ipv4-addr","value":"198.51.100.3"}}}]}"#;

#[test]
fn a_bundle_of_stix_2_0_is_taken_in_as_2_1_kept_as_it_came_and_told_what_was_changed() {
    let pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    let path = pair.west.write("old.json", BUNDLE);
    let taken = pair.west.json(&["intake", &path, "--as", "ana"]).remove(0);
    assert_eq!((&taken["added"], &taken["refused"]), (&3.into(), &0.into()), "{taken}");
    assert_eq!(taken["cases"].as_array().unwrap().len(), 1, "{taken}");
    let indicator = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
    let shown = pair.west.run(&["item", "show", indicator]);
    let item: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(item["indicator_types"][0], "malicious-activity");
    let told = String::from_utf8_lossy(&shown.stderr).into_owned();
    assert!(told.contains("`pattern_type` is stix"), "{told}");
    // Byte for byte as it came.
    let original = pair.west.connect_local().ask(
        "GET",
        &format!("/api/v1/items/{indicator}/original"),
        &[],
        b"",
    );
    assert!(
        BUNDLE.contains(&original.text()) && original.text().contains("\"labels\""),
        "{}",
        original.text()
    );
    let address =
        pair.west.good(&["item", "show", "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"]);
    assert!(address.contains("198.51.100.3"), "{address}");
    // The same again is known; over the API it is the same way.
    let again = pair.west.json(&["intake", &path, "--as", "ana"]).remove(0);
    assert_eq!((&again["added"], &again["known"]), (&0.into(), &3.into()), "{again}");
    let mut pair = pair;
    pair.west.stop();
    crate::replayed::same_again(&pair.west);
}

#[test]
fn stix_2_0_is_converted_without_a_node_and_each_kind_of_change_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.json");
    std::fs::write(&path, BUNDLE).unwrap();
    let run = |words: &[&str]| {
        std::process::Command::new(PROGRAM).args(words).arg(&path).output().unwrap()
    };
    let made = run(&["convert", "--to", "stix"]);
    let told = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(made.status.success(), "{told}");
    assert!(told.contains("`spec_version` is 2.1 (2 times)"), "{told}");
    let bundle: Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!(bundle["objects"].as_array().unwrap().len(), 3);
    let misp = run(&["convert", "--to", "misp", "--lossy"]);
    assert!(misp.status.success(), "{}", String::from_utf8_lossy(&misp.stderr));
}

#[test]
fn what_tools_bring_must_be_2_1_and_is_told_where_it_becomes_so() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let taxii = "application/taxii+json;version=2.1";
    let headers = [("authorization", auth.as_str()), ("content-type", taxii), ("accept", taxii)];
    let answer = node.connect().ask("POST", &node.collection(), &headers, BUNDLE.as_bytes());
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(answer.text().contains("forewarn intake"), "{}", answer.text());
}
