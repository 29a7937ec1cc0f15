//! A source in danger stops what rests on it, until a second person has looked.

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
