//! Users, partners and parts of the node are apart, whatever they are called.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn actors(case: &Value) -> Vec<String> {
    let history = case.pointer("/history").and_then(Value::as_array).unwrap();
    let actor = |line: &Value| line.pointer("/actor").and_then(Value::as_str).unwrap().to_owned();
    history.iter().map(actor).collect()
}

/// A user that was called like a partner once was that partner: it shared its limits, saw the
/// status of its intakes, and what the one did was recorded as the other's.
#[test]
fn a_partner_that_is_called_like_a_user_is_not_that_user() {
    let config = "[limits]\nrequests_per_second = 30\n";
    let west = Node::start_configured(PROGRAM, "west.example", config);
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    pair.west.good(&["user", "add", "east.example", "--role", "reader", "--role", "analyst"]);
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);

    // The user asks until it may not any more …
    let mut connection = pair.west.connect_local();
    let as_user = [("forewarn-as", "east.example")];
    until("the limit", || {
        let answer = connection.ask("GET", "/api/v1/users", &as_user, b"");
        (answer.status == 429).then_some(())
    });
    // … and the partner of that name still gets through.
    pair.east.by("dora", &["warning", "accept", "1", "--note", "we have it"]);
    let accepted =
        |case: &Value| case.pointer("/case/talk/0/what/what") == Some(&"accepted".into());
    let shown = until("the partner's word", || {
        let shown = pair.west.json(&["case", "show", &case]);
        shown.into_iter().find(accepted)
    });
    let actors = actors(&shown);
    assert!(actors.contains(&"partner:east.example".to_owned()), "{actors:?}");
    assert!(actors.contains(&"user:otto".to_owned()), "{actors:?}");
    assert!(!actors.contains(&"user:east.example".to_owned()), "{actors:?}");
}

#[test]
fn the_status_of_an_intake_is_for_the_user_who_made_it_and_not_for_one_that_is_called_alike() {
    let node = Node::start_new(PROGRAM, "west.example");
    node.good(&["user", "add", "matcher", "--role", "analyst"]);
    let item = node.write("item.txt", "A report names tickets.example.");
    node.by("matcher", &["intake", &item]);
    let rows = node.json(&["item", "list"]);
    assert_eq!(rows.len(), 1);
    // The node's own matcher is `node:matcher`; a user of that name is a user.
    let case = ["--as", "matcher", "partner", "suspend", "x", "--reason", "y"];
    assert!(node.refused(&case).contains("may not change partners"));
}
