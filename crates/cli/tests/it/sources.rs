//! A source in danger stops what rests on it, until a second person has looked.

use forewarn_testkit::desk::{Desk, give_password};
use forewarn_testkit::{Node, Pair, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn intake(node: &Node, name: &str, text: &str, source: &str) {
    let path = node.write(name, text);
    node.by("ana", &["intake", &path, "--source", source, "--grade", "A1"]);
}

#[test]
fn what_rests_on_a_source_in_danger_waits_until_somebody_else_has_looked() {
    let pair = Pair::start(PROGRAM);
    let west = &pair.west;
    west.good(&["user", "add", "vera", "--role", "approver"]);
    let case = pair.case("A report.");
    pair.draft(&case, "Explosion in Moscow", "A bombing is planned in Moscow.");
    // A mistyped handle would protect nobody.
    let danger =
        ["source", "danger", "HERON-7", "--reason", "his flat was searched", "--as", "ana"];
    let mut mistyped = danger;
    mistyped[2] = "HERON7";
    assert!(west.refused(&mistyped).contains("HERON7"));
    let said = west.good(&danger);
    assert!(said.contains("danger 1"), "{said}");
    // The preview says so, the release is refused, and neither names the source.
    let preview = west.good(&["case", "preview", &case, "--as", "otto"]);
    assert!(preview.contains("is in danger"), "{preview}");
    let refused = west.release_refused("otto", &case);
    assert!(refused.contains("is in danger (number 1") && !refused.contains("HERON"), "{refused}");
    let tell = ["case", "tell", &case, "--way", "telephone", "--to", "the duty desk"];
    let tell =
        [&tell[..], &["--imminent", "--words", "A bombing is planned.", "--as", "otto"]].concat();
    assert!(west.refused(&tell).contains("is in danger"));
    assert_eq!(pair.titles().len(), 0);
    // It is due at once, for who releases.
    let needs = west.good(&["needs"]);
    assert!(needs.contains("A SOURCE IS IN DANGER") && !needs.contains("HERON"), "{needs}");
    // Who drafts proposes to lift it; not whoever has raised it.
    let lift = ["source", "lift", "1", "--reason", "he is abroad and safe", "--as"];
    let same = west.refused(&[&lift[..], &["ana"]].concat());
    assert!(same.contains("a second person must look at it"), "{same}");
    west.good(&[&lift[..], &["vera"]].concat());
    assert!(!west.good(&["needs"]).contains("IN DANGER"));
    west.release("otto", &case);
    pair.receipted(&case);
    let listed = west.good(&["source", "list"]);
    assert!(listed.contains("HERON-7") && listed.contains("abroad and safe"), "{listed}");
    crate::described::answers_are_as_described(west);
}

#[test]
fn a_standing_authorisation_lets_nothing_out_that_rests_on_a_source_in_danger() {
    let pair = Pair::start(PROGRAM);
    pair.authorise("203.0.113.0/24", "20/1h");
    intake(&pair.west, "a.txt", "203.0.113.7 is a bot.", "sensor-4");
    until("the warning", || (pair.titles().len() == 1).then_some(()));
    let danger = ["source", "danger", "sensor-4", "--reason", "they look for it"];
    pair.west.by("otto", &danger);
    intake(&pair.west, "b.txt", "203.0.113.8 is a bot.", "sensor-4");
    until("the case", || (pair.west.json(&["case", "list"]).len() == 2).then_some(()));
    let shown = pair.west.good(&["case", "show", "2"]);
    assert!(shown.contains("is in danger (number 1"), "{shown}");
    assert_eq!(pair.titles().len(), 1);
}

/// A collection that is read by few keeps nobody from stopping and letting go of what is not in it.
#[test]
fn whoever_sees_not_everything_raises_and_lifts_a_danger_all_the_same() {
    let closed = "[[collection]]\nid = \"5a2b9c1e-7d3f-4e8a-9b6c-1d2e3f4a5b6c\"\nalias = \"closed\"\n\
                  title = \"Closed\"\nreaders = [\"rita\"]\n";
    let west = Node::start_configured(PROGRAM, "west.example", closed);
    intake(&west, "a.txt", "A report.", "HERON-7");
    let danger = |source| ["source", "danger", source, "--reason", "followed", "--as", "ana"];
    assert!(west.refused(&danger("HERON-8")).contains("no source"));
    west.good(&danger("HERON-7"));
    assert!(west.good(&["needs"]).contains("A SOURCE IS IN DANGER"));
    west.by("otto", &["source", "lift", "1", "--reason", "he is safe"]);
    assert!(!west.good(&["needs"]).contains("IN DANGER"));
}

#[test]
fn a_danger_is_raised_and_lifted_at_the_desk_where_the_watch_leads_to_it() {
    let closed = "[[collection]]\nid = \"5a2b9c1e-7d3f-4e8a-9b6c-1d2e3f4a5b6c\"\nalias = \"closed\"\n\
                  title = \"Closed\"\nreaders = [\"ana\"]\nwriters = [\"ana\"]\n\
                  source = \"HERON-7\"\n";
    let west = Node::start_configured(PROGRAM, "west.example", closed);
    let basic = west.basic("ana");
    let object = serde_json::json!({
        "type": "identity", "spec_version": "2.1", "name": "Velikov",
        "id": "identity--00000000-0000-4000-8000-000000000001",
        "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
    });
    let path = "/taxii2/api/collections/5a2b9c1e-7d3f-4e8a-9b6c-1d2e3f4a5b6c/objects/";
    let envelope = serde_json::json!({ "objects": [object] }).to_string();
    let headers = [
        ("authorization", basic.as_str()),
        ("content-type", "application/taxii+json;version=2.1"),
        ("accept", "application/taxii+json;version=2.1"),
    ];
    let answer = west.connect().ask("POST", path, &headers, envelope.as_bytes());
    assert_eq!(answer.status, 202, "{}", answer.text());
    until("it is here", || (west.json(&["item", "list"]).len() == 1).then_some(()));
    give_password(&west, "ana");
    give_password(&west, "otto");
    let (mut ana, mut otto) = (Desk::sign_in(&west, "ana"), Desk::sign_in(&west, "otto"));
    ana.open("/desk/dangers").says("No source that you may see");
    let raise = "Say that a source is in danger";
    ana.send_for(raise, &[("source", "HERON-8"), ("reason", "followed")], 404).says("HERON-8");
    ana.send(raise, &[("source", "HERON-7"), ("reason", "followed")]);
    ana.says("HERON-7").says("followed");
    // Who may not see what the source has brought is led to it all the same, and is told nothing of it.
    otto.open("/desk").says("Look at danger 1").says_nothing_of("HERON-7");
    otto.open("/desk/dangers").says("No source that you may see").says_nothing_of("HERON-7");
    otto.open("/desk/dangers/1").says("Its source is not for you").says_nothing_of("HERON-7");
    ana.open("/desk/dangers/1");
    ana.send_for("Lift danger 1", &[("reason", "he is safe")], 422).says("a second person");
    otto.send("Lift danger 1", &[("reason", "he is abroad and safe")]);
    ana.open("/desk/dangers/1").says("Lifted").says("he is abroad and safe");
    otto.open("/desk").says_nothing_of("danger 1");
}
