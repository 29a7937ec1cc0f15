//! Between versions of an object: what may not follow is kept apart and told; what is revoked or over
//! starts no clock, and a revocation reaches the cases that rest on the object.

#![expect(clippy::indexing_slicing, reason = "a missing member is null, and fails the test")]

use forewarn_testkit::{Node, Pair, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const CERT: &str = "identity--0c7b5e1a-5d2e-4c55-8f64-0b2e6f6c8a21";
const OTHER: &str = "identity--0c7b5e1a-5d2e-4c55-8f64-0b2e6f6c8a22";
const ID: &str = "indicator--4d2399a9-54cc-4c5f-b57e-b9b407695d40";

/// A version of an indicator of a domain, with these members put in or changed.
fn version(modified: &str, changes: &Value) -> Value {
    let mut object = json!({
        "type": "indicator", "spec_version": "2.1", "id": ID, "created_by_ref": CERT,
        "created": "2017-12-15T09:30:00.000Z", "modified": modified, "pattern_type": "stix",
        "pattern": "[domain-name:value = 'shop.tickets.example']",
        "valid_from": "2017-12-15T09:30:00Z",
    });
    if let (Some(object), Some(changes)) = (object.as_object_mut(), changes.as_object()) {
        object.extend(changes.clone());
    }
    object
}

fn day(n: u32) -> String {
    format!("2017-12-{n:02}T09:30:00.000Z")
}

/// Takes one object in as a person, and what that person is told.
fn intake(node: &Node, person: &str, object: &Value) -> String {
    let path = node.write("in.json", json!([object]).to_string());
    let told = node.run(&["intake", &path, "--source", "CERT-1", "--as", person]);
    String::from_utf8_lossy(&told.stdout).into_owned() + &String::from_utf8_lossy(&told.stderr)
}

fn last_refused(node: &Node) -> String {
    node.json(&["quarantine", "list"]).last().map(ToString::to_string).unwrap_or_default()
}

fn newest(node: &Node) -> String {
    node.good(&["item", "show", ID])
}

#[test]
fn what_may_not_follow_is_kept_apart_told_and_replaces_nothing() {
    let node = Node::start_new(PROGRAM, "west.example");
    node.good(&["user", "add", "tom", "--role", "analyst"]);
    assert!(intake(&node, "ana", &version(&day(15), &json!({}))).contains("1 taken in"));
    let cases = [
        (json!({"created_by_ref": OTHER}), "another creator"),
        (json!({"created_by_ref": null}), "another creator"),
        (json!({"created": "2017-12-14T09:30:00.000Z"}), "it was created at"),
    ];
    for (n, (changes, why)) in (16..).zip(&cases) {
        let mut object = version(&day(n), changes);
        if let Some(map) = object.as_object_mut() {
            map.retain(|_, value| !value.is_null());
        }
        let told = intake(&node, "ana", &object);
        assert!(told.contains("0 taken in, 1 refused"), "{changes}: {told}");
        assert!(last_refused(&node).contains(why), "{changes}");
        assert!(newest(&node).contains(&day(15)), "{changes}: it was replaced");
    }
    assert_eq!(node.json(&["quarantine", "list"]).len(), 3);
    // The same instant, written otherwise, is the same.
    let same = version(&day(20), &json!({"created": "2017-12-15T09:30:00Z"}));
    assert!(intake(&node, "ana", &same).contains("1 taken in"));
    assert!(newest(&node).contains(&day(20)));

    // Another account revokes it in vain; the one that brought it does; nothing follows that.
    let revoked = version(&day(21), &json!({"revoked": true}));
    let told = intake(&node, "tom", &revoked);
    assert!(told.contains("0 taken in, 1 refused"), "{told}");
    assert!(last_refused(&node).contains("may revoke it"));
    assert!(newest(&node).contains(&day(20)));
    assert!(intake(&node, "ana", &revoked).contains("1 taken in"));
    let told = intake(&node, "ana", &version(&day(22), &json!({})));
    assert!(told.contains("0 taken in, 1 refused"), "{told}");
    assert!(last_refused(&node).contains("nothing follows a revocation"));
    assert!(newest(&node).contains(&day(21)));
    // What was written before the revocation, and comes late, is an older version like any other.
    assert!(intake(&node, "ana", &version(&day(18), &json!({}))).contains("1 taken in"));
    assert!(newest(&node).contains(&day(21)));
}

#[test]
fn a_configured_creator_is_revoked_by_its_accounts_and_by_no_other() {
    let config = format!("[[creator]]\nid = \"{CERT}\"\naccounts = [\"tom\"]\n");
    let node = Node::start_configured(PROGRAM, "west.example", &config);
    node.good(&["user", "add", "tom", "--role", "analyst"]);
    intake(&node, "ana", &version(&day(15), &json!({})));
    let revoked = version(&day(16), &json!({"revoked": true}));
    assert!(intake(&node, "ana", &revoked).contains("0 taken in, 1 refused"));
    assert!(last_refused(&node).contains("[[creator]]"));
    assert!(intake(&node, "tom", &revoked).contains("1 taken in"));
}

fn happened(pair: &Pair, case: &str, what: &str) -> usize {
    let shown = pair.west.get(&format!("/api/v1/cases/{case}"));
    let history = shown["case"]["number"].as_u64().map(|_| shown["history"].clone());
    let history = history.and_then(|lines| lines.as_array().cloned()).unwrap_or_default();
    history.iter().filter(|line| line["event"]["happened"] == what).count()
}

#[test]
fn what_is_revoked_or_over_starts_no_clock_and_says_so() {
    let pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    let over = json!({"valid_until": "2018-01-01T00:00:00Z"});
    for (changes, why) in
        [(&json!({"revoked": true}), "it is revoked"), (&over, "it is over since")]
    {
        let other = changes
            .get("revoked")
            .map_or(ID, |_| "indicator--4d2399a9-54cc-4c5f-b57e-b9b407695d41");
        let mut object = version(&day(15), changes);
        object["id"] = other.into();
        let path = pair.west.write("dry.json", json!([object]).to_string());
        let dry = pair.west.good(&["interest", "test", &path]);
        assert!(dry.contains(why), "{dry}");
        assert!(intake(&pair.west, "ana", &object).contains("1 taken in"));
        until("the matcher", || {
            let history = pair.west.good(&["partner", "history", "east.example"]);
            history.contains(why).then_some(())
        });
    }
    assert_eq!(pair.west.json(&["case", "list"]).len(), 0);
}

/// Whoever may write to one collection once revoked what another held, and nobody was warned.
#[test]
fn a_revocation_in_one_collection_ends_nothing_that_another_holds() {
    let config = "[[collection]]\nid = \"9f1c5a54-6c2e-4b8e-9a53-2f1f0c9b7a11\"\nalias = \"other\"\n\
                  title = \"Other\"\n";
    let west = Node::start_configured(PROGRAM, "west.example", config);
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    pair.interest("tickets.example");
    // By hand things go to the first collection; over TAXII to the other.
    let revoked = version(&day(16), &json!({"revoked": true}));
    assert!(intake(&pair.west, "ana", &revoked).contains("1 taken in"));
    let basic = pair.west.basic("ana");
    let path = "/taxii2/api/collections/9f1c5a54-6c2e-4b8e-9a53-2f1f0c9b7a11/objects/";
    let headers = [
        ("authorization", basic.as_str()),
        ("content-type", "application/taxii+json;version=2.1"),
        ("accept", "application/taxii+json;version=2.1"),
    ];
    let body = json!({"objects": [version(&day(15), &json!({}))]}).to_string();
    let answer = pair.west.connect().ask("POST", path, &headers, body.as_bytes());
    assert_eq!(answer.status, 202);
    until("a case", || pair.west.json(&["case", "list"]).into_iter().next());
    assert!(!pair.west.good(&["case", "show", "1"]).contains("it is revoked"));
}

#[test]
fn a_revocation_reaches_the_cases_that_rest_on_the_object() {
    let pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    intake(&pair.west, "ana", &version(&day(15), &json!({})));
    until("a case", || pair.west.json(&["case", "list"]).into_iter().next());
    let finding = ["case", "finding", "1", "--credible", "--specific", "--impending", "--threat"];
    let rest = ["destruction", "--target", "a shop", "--reason", "told"];
    pair.west.by("ana", &[&finding[..], &rest].concat());
    pair.west.by("otto", &["case", "decide", "1", "warn", "--reason", "lives"]);
    pair.draft("1", "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", "1");
    pair.receipted("1");
    assert_eq!(pair.west.json(&["case", "list"])[0]["overdue"], false);
    // Two cases by hand: one that nobody has decided, one that was closed.
    let open = ["case", "open", "--partner", "east.example", "--item", ID];
    pair.west.by("ana", &open);
    pair.west.by("ana", &open);
    pair.west.by("ana", &["case", "decide", "3", "not-met", "--reason", "noise"]);

    // A draft that waits while all that it rests on is revoked.
    pair.west.by("ana", &open);
    pair.west.by("ana", &[&["case", "finding", "4"], &finding[3..], &rest].concat());
    pair.west.by("otto", &["case", "decide", "4", "warn", "--reason", "lives"]);
    pair.draft("4", "Another", "Another is planned.");

    let told = intake(&pair.west, "ana", &version(&day(16), &json!({"revoked": true})));
    let reached = "an original was revoked of: case 1 (east.example), case 2 (east.example), \
                   case 3 (east.example), case 4 (east.example)";
    assert!(told.contains(reached), "{told}");
    let log = std::fs::read_to_string(pair.west.file("log")).unwrap_or_default();
    assert!(log.contains("an original was revoked about=\"case-1\""), "{log}");
    let shown = pair.west.good(&["case", "show", "1"]);
    assert!(
        shown.contains("TO BE LOOKED AT AGAIN") && shown.contains("NOTE: it is revoked"),
        "{shown}"
    );
    assert!(pair.west.good(&["case", "list"]).contains("released, recall or keep"));
    let undecided = pair.west.good(&["case", "show", "2"]);
    assert!(undecided.contains("NOTE: it is revoked"), "{undecided}");
    let cases = pair.west.json(&["case", "list"]);
    assert_eq!(
        cases.iter().map(|case| &case["review"]).collect::<Vec<_>>(),
        [&json!(true), &json!(false), &json!(false), &json!(false)]
    );
    let digest = pair.west.get("/api/v1/cases/4/preview")["digest"].as_str().unwrap().to_owned();
    let release = ["case", "release", "4", "--digest", &digest, "--as", "otto"];
    let shut = pair.west.refused(&release);
    assert!(shut.contains("was revoked") && shut.contains("forewarn case keep 4"), "{shut}");
    let silent = pair.west.refused(&["case", "keep", "4", "--reason", " ", "--as", "otto"]);
    assert!(silent.contains("says why it stands"), "{silent}");
    pair.west.by("otto", &["case", "keep", "4", "--reason", "we saw it ourselves"]);
    assert_eq!(happened(&pair, "4", "kept"), 1);
    // The word was for that draft, and not for the next.
    pair.draft("4", "Another", "Another was planned.");
    let digest = pair.west.get("/api/v1/cases/4/preview")["digest"].as_str().unwrap().to_owned();
    let release = ["case", "release", "4", "--digest", &digest, "--as", "otto"];
    assert!(pair.west.refused(&release).contains("forewarn case keep 4"));
    pair.west.by("otto", &["case", "keep", "4", "--reason", "we saw it ourselves"]);
    pair.west.by("otto", &release[..release.len() - 2]);
    assert_eq!([1, 2, 3].map(|n| happened(&pair, &n.to_string(), "original-revoked")), [1, 1, 1]);

    let silent = pair.west.refused(&["case", "keep", "1", "--reason", " ", "--as", "otto"]);
    assert!(silent.contains("says why it stands"), "{silent}");
    let early = pair.west.refused(&["case", "keep", "2", "--reason", "x", "--as", "otto"]);
    assert!(early.contains("no original was revoked since the release"), "{early}");
    pair.west.by("otto", &["case", "keep", "1", "--reason", "a second source has it"]);
    let case = pair.west.json(&["case", "list"]).remove(0);
    assert_eq!((&case["review"], &case["overdue"]), (&json!(false), &json!(false)));
    assert_eq!(happened(&pair, "1", "kept"), 1);
}
