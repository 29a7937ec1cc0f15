//! A case is done when the partner holds the warning: until then it is on the clock, and says why.

#![expect(clippy::indexing_slicing, reason = "a missing member is null, and fails the test")]

use forewarn_testkit::{Node, Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn line(pair: &Pair) -> Value {
    pair.west.json(&["case", "list"]).remove(0)
}

fn happened(pair: &Pair, case: &str, what: &str) -> usize {
    let shown = pair.west.get(&format!("/api/v1/cases/{case}"));
    let history = shown["history"].as_array().cloned().unwrap_or_default();
    history.iter().filter(|line| line["event"]["happened"] == what).count()
}

#[test]
fn a_release_that_has_not_arrived_is_open_says_why_and_is_done_with_the_receipt() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let case = pair.case("A report that leads to a warning.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.east.kill();
    pair.west.release("otto", &case);
    let why = until("the reason", || {
        let shown = pair.west.get(&format!("/api/v1/cases/{case}"));
        let why = shown["undelivered"].as_str()?.to_owned();
        why.contains("failed").then_some(why)
    });
    assert!(why.contains("could not reach"), "{why}");
    let shown = pair.west.good(&["case", "show", &case]);
    assert!(shown.contains("not delivered yet, due by") && shown.contains(&why), "{shown}");
    assert_eq!(
        (&line(&pair)["stage"], &line(&pair)["undelivered"]),
        (&"released".into(), &true.into())
    );
    assert!(pair.west.good(&["case", "list"]).contains("released, not delivered"));
    assert!(pair.west.good(&["status"]).contains("case 1: not delivered"));
    assert_eq!(happened(&pair, &case, "delivered"), 0);

    pair.east.start();
    pair.receipted(&case);
    assert_eq!(line(&pair)["undelivered"], false);
    let shown = pair.west.get(&format!("/api/v1/cases/{case}"));
    assert_eq!(shown.get("undelivered"), None);
    assert!(pair.west.good(&["status"]).starts_with("nothing needs anyone"));
    assert_eq!(happened(&pair, &case, "delivered"), 1);
    let done = pair.west.good(&["case", "show", &case]);
    assert!(!done.contains("not delivered"), "{done}");
}

#[test]
fn a_recall_that_does_not_arrive_in_time_is_overdue_and_on_record() {
    let west = Node::start_configured(PROGRAM, "west.example", "[clocks]\nexpected = 0\n");
    let east = Node::start_new(PROGRAM, "east.example");
    let mut pair = Pair::of(west, east);
    let case = pair.case("A report that leads to a warning.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    assert_eq!(line(&pair)["overdue"], false, "nothing is awaited any more");

    pair.east.kill();
    pair.west.by("otto", &["case", "recall", &case, "--reason", "it is over"]);
    until("the clock", || (happened(&pair, &case, "undelivered") == 1).then_some(()));
    assert_eq!(line(&pair)["overdue"], true);
    let shown = pair.west.good(&["case", "show", &case]);
    assert!(shown.contains("OVERDUE") && shown.contains("NOT DELIVERED"), "{shown}");

    pair.east.start();
    until("the recall", || (line(&pair)["undelivered"] == false).then_some(()));
    assert_eq!(line(&pair)["overdue"], false);
    // Once, however often the clocks are looked at.
    assert_eq!(
        (happened(&pair, &case, "undelivered"), happened(&pair, &case, "delivered")),
        (1, 2)
    );
}
