//! Warnings that leave without a person, by an authorisation of two.

#![expect(clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn report(node: &Node, name: &str, text: &str, source: &str, grade: &str) {
    let path = node.write(name, text);
    node.by("ana", &["intake", &path, "--source", source, "--grade", grade]);
}

fn cases(node: &Node) -> Vec<Value> {
    node.json(&["case", "list"])
}

/// The stage of the newest case, once there are so many.
fn stage(node: &Node, count: usize) -> String {
    until("the case", || {
        let all = cases(node);
        let last = all.last().filter(|_| all.len() == count)?;
        Some(last["stage"].as_str()?.to_owned())
    })
}

#[test]
fn what_two_persons_have_authorised_leaves_at_once_and_nothing_else_does() {
    let pair = Pair::start(PROGRAM);
    pair.authorise("203.0.113.0/24", "2/1h");
    // One person alone gives nothing.
    let shown = pair.west.good(&["authority", "show", "1"]);
    for words in ["in force", "given by ana and otto", "sensor-4", "at most 2 in 60 minutes"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    report(&pair.west, "a.txt", "203.0.113.7 is a bot, says Anton Velikov.", "sensor-4", "A1");
    until("the warning", || {
        (pair.titles() == ["EXERCISE: Under control: 203.0.113.7"]).then_some(())
    });
    let warning = pair.east.good(&["warning", "show", "1"]);
    assert!(
        warning.contains("Look at 203.0.113.7 at once.") && !warning.contains("Velikov"),
        "{warning}"
    );
    let case = pair.west.good(&["case", "show", "1"]);
    assert!(case.contains("has left by standing authorisation 1"), "{case}");
    // Another source, a lower grade, a stricter marking: people look.
    for (n, (text, source, grade, why)) in [
        ("203.0.113.8 is a bot.", "HERON-7", "A1", "another source brought it"),
        ("203.0.113.9 is a bot.", "sensor-4", "C3", "graded lower"),
        ("TLP:RED 203.0.113.10 is a bot.", "sensor-4", "A1", "marked TLP:RED"),
        ("PAP:AMBER 203.0.113.13 is a bot.", "sensor-4", "A1", "marked PAP:AMBER"),
    ]
    .into_iter()
    .enumerate()
    {
        report(&pair.west, &format!("{n}.txt"), text, source, grade);
        assert_eq!(stage(&pair.west, n + 2), "open", "{text}");
        let shown = pair.west.good(&["case", "show", &(n + 2).to_string()]);
        assert!(shown.contains("does not cover it") && shown.contains(why), "{why}: {shown}");
    }
    // Its rate: two in an hour, and then people.
    report(&pair.west, "b.txt", "203.0.113.11 is a bot.", "sensor-4", "B1");
    assert_eq!(stage(&pair.west, 6), "released");
    report(&pair.west, "c.txt", "203.0.113.12 is a bot.", "sensor-4", "B1");
    assert_eq!(stage(&pair.west, 7), "open");
    assert!(pair.west.good(&["case", "show", "7"]).contains("as much as it may for now"));
    let used = &pair.west.json(&["authority", "show", "1"])[0];
    assert_eq!((&used["used"], &used["cases"]), (&json!(2), &json!([1, 6])));
    crate::described::answers_are_as_described(&pair.west);
}

/// Nobody sends a warning by saying what a text is about, however it comes in again.
#[test]
fn what_was_corrected_is_left_to_people() {
    let pair = Pair::start(PROGRAM);
    pair.west
        .by("ana", &["intake", &pair.west.write("a.txt", "Bots again."), "--source", "sensor-4"]);
    let item =
        pair.west.json(&["item", "list"]).remove(0)["id"].as_str().unwrap_or_default().to_owned();
    let said = ["item", "correct", &item, "--right", "observable:203.0.113.7", "--reason", "x"];
    pair.west.by("ana", &said);
    until("that it was looked at", || {
        let status = pair.west.get("/api/v1/corrections");
        (status.as_array()?.len() == 1).then_some(())
    });
    pair.authorise("203.0.113.0/24", "2/1h");
    // The interest is tried on what is here already, and the text comes once more.
    report(&pair.west, "b.txt", "Bots again.", "sensor-4", "A1");
    assert_eq!(stage(&pair.west, 1), "open");
    let shown = pair.west.good(&["case", "show", "1"]);
    assert!(!shown.contains("has left by standing authorisation"), "{shown}");
}

#[test]
fn an_authorisation_ends_with_a_word_with_its_givers_and_with_the_interest_as_it_was() {
    let pair = Pair::start(PROGRAM);
    pair.authorise("203.0.113.0/24", "20/1h");
    let interest = pair.west.get("/api/v1/interests")[0]["id"].as_str().unwrap().to_owned();
    // The partner cannot widen it by changing its interest.
    let wider = "[[interest]]\nlabel = \"more\"\nurgency = \"immediate\"\nany = [{ block = \"198.51.100.0/24\" }]\n";
    let wider = pair.east.write("wider.toml", wider);
    let change = ["interest", "change", &interest, &wider, "--partner", "west.example"];
    pair.east.by("paul", &change);
    until("the change", || {
        pair.west.get("/api/v1/interests").to_string().contains("198.51.100.0").then_some(())
    });
    report(&pair.west, "a.txt", "198.51.100.7 is a bot.", "sensor-4", "A1");
    assert_eq!(stage(&pair.west, 1), "open");
    // Another is given, and covers what it is given for.
    pair.authorise("192.0.2.0/24", "20/1h");
    report(&pair.west, "b.txt", "192.0.2.8 is a bot.", "sensor-4", "A1");
    assert_eq!(stage(&pair.west, 2), "released");
    // Whoever gave it may not do so any more.
    pair.west.by("nora", &["user", "suspend", "otto", "--reason", "on leave"]);
    report(&pair.west, "c.txt", "192.0.2.9 is a bot.", "sensor-4", "A1");
    assert_eq!(stage(&pair.west, 3), "open");
    let shown = pair.west.good(&["case", "show", "3"]);
    assert!(shown.contains("it was refused"), "{shown}");
    pair.west.good(&["user", "add", "vera", "--role", "approver"]);
    pair.west.by("vera", &["authority", "revoke", "2", "--reason", "too many mistakes"]);
    report(&pair.west, "d.txt", "192.0.2.10 is a bot.", "sensor-4", "A1");
    assert_eq!(stage(&pair.west, 4), "open");
    assert!(pair.west.good(&["authority", "list"]).contains("taken back"));
}

fn bundle(node: &Node, name: &str, objects: &[Value]) {
    let id = "bundle--1b7f2f3e-7d0e-4b0a-9f8c-0c1d2e3f4a5b";
    let bundle = json!({ "type": "bundle", "id": id, "objects": objects });
    let path = node.write(name, bundle.to_string());
    node.by("ana", &["intake", &path, "--source", "sensor-4", "--grade", "A1"]);
}

fn address(n: u32, valid_until: Option<&str>) -> Value {
    let mut object = json!({
        "type": "indicator", "spec_version": "2.1",
        "id": format!("indicator--00000000-0000-4000-8000-{n:012}"),
        "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
        "indicator_types": ["malicious-activity"], "valid_from": "2017-12-15T09:30:00Z",
        "pattern_type": "stix", "pattern": format!("[ipv4-addr:value = '203.0.113.{n}']"),
    });
    if let Some(until) = valid_until {
        object["valid_until"] = until.into();
    }
    object
}

/// Values once left of items that were over, and of more items than anybody had looked at the grades
/// and sources of.
#[test]
fn values_leave_of_items_that_hold_and_that_the_case_names() {
    let pair = Pair::start(PROGRAM);
    pair.authorise("203.0.113.0/24", "20/1h");
    let over = Some("2018-01-01T00:00:00Z");
    bundle(&pair.west, "a.json", &[address(1, None), address(2, over)]);
    until("the warning", || {
        (pair.titles() == ["EXERCISE: Under control: 203.0.113.1"]).then_some(())
    });
    let many: Vec<Value> = (3..=103).map(|n| address(n, None)).collect();
    bundle(&pair.west, "b.json", &many);
    assert_eq!(stage(&pair.west, 2), "open");
    let shown = pair.west.good(&["case", "show", "2"]);
    assert!(shown.contains("more items have met than a case names"), "{shown}");
    // The same item once more, graded lower: each time counts.
    let path = pair.west.write("c.txt", "203.0.113.200 is a bot.");
    pair.west.by("ana", &["intake", &path, "--source", "sensor-4", "--grade", "C3"]);
    assert_eq!(stage(&pair.west, 3), "open");
    assert!(pair.west.good(&["case", "show", "3"]).contains("graded lower"));
}
