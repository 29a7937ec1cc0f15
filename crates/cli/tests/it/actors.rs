//! Users, partners and parts of the node are apart, whatever they are called.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_testkit::desk::{Desk, give_password};
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

#[test]
fn an_auditor_reads_what_is_withheld_and_that_is_on_record() {
    let pair = Pair::start(PROGRAM);
    let west = &pair.west;
    west.good(&["user", "add", "aud", "--role", "auditor"]);
    let case = pair.case("A report.");
    let read = || {
        let shown: Value = west.json(&["case", "show", &case, "--as", "otto"]).remove(0);
        let lines = shown.pointer("/history").and_then(Value::as_array).unwrap().clone();
        let by = |line: &Value| line.get("actor").is_some_and(|actor| actor == "user:aud");
        lines
            .into_iter()
            .filter(by)
            .filter_map(|mut line| line.get_mut("what").map(Value::take))
            .collect::<Vec<_>>()
    };
    assert_eq!(read(), Vec::<Value>::new());
    let draft = ["case", "draft", &case, "--title", "Bombing", "--text", "A bombing is planned."];
    let draft = [&draft[..], &["--valid-until", "2099-01-01T00:00:00Z"]].concat();
    west.by("ana", &[&draft[..], &["--withhold", "Anton Velikov"]].concat());
    assert!(west.good(&["case", "preview", &case, "--as", "aud"]).contains("Anton Velikov"));
    west.good(&["case", "show", &case, "--as", "aud"]);
    assert_eq!(read(), ["what is withheld of it was read, by an auditor"]);
    // Those who work on it read it as they must, and an auditor changes nothing.
    west.good(&["case", "preview", &case, "--as", "otto"]);
    assert!(
        west.refused(&["case", "not-met", &case, "--reason", "x", "--as", "aud"])
            .contains("may not")
    );
    let act = |person: &str, case: u64| {
        west.act(person, &serde_json::json!({ "do": "record-read", "case": case })).0
    };
    assert_eq!((act("otto", 1), act("aud", 99)), (403, 404));
    // An id that the auditor has used for something else hides no reading.
    let other = pair.case("Another report.");
    let day = forewarn_node::clock::now().as_str().chars().take(10).collect::<String>();
    let body = serde_json::json!({ "id": format!("read/case-{other}/{day}"),
        "act": { "do": "record-read", "case": 1 } });
    let headers = [("forewarn-as", "aud")];
    let taken =
        west.connect_local().ask("POST", "/api/v1/acts", &headers, body.to_string().as_bytes());
    assert_eq!(taken.status, 200, "{}", taken.text());
    assert!(west.refused(&["case", "show", &other, "--as", "aud"]).contains("another act"));
    let withheld = read().len();
    // Nor is a history filled by saying it again.
    assert_eq!((act("aud", 1), act("aud", 1)), (200, 200));
    assert_eq!(read().len(), withheld);
    give_password(west, "aud");
    Desk::sign_in(west, "aud").open(&format!("/desk/cases/{case}"));
    assert_eq!(read().len(), withheld);
}
