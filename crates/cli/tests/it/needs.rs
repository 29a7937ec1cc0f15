//! What needs somebody: listed by deadline, with its next act, and gone when it is done.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair, until};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// What needs somebody at a node: `kind about`, in order.
fn needs(node: &Node, more: &[&str]) -> Vec<String> {
    let rows = node.json(&[&["needs"], more].concat());
    rows.iter().map(name).collect()
}

fn name(row: &Value) -> String {
    let id = match &row["id"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    format!("{} {} {id}", row["kind"].as_str().unwrap(), row["about"].as_str().unwrap())
}

fn one(node: &Node, kind: &str) -> Value {
    until(kind, || node.json(&["needs"]).into_iter().find(|row| row["kind"] == kind))
}

fn none(node: &Node) {
    until("nothing that needs anyone", || needs(node, &[]).is_empty().then_some(()));
}

#[test]
fn each_step_of_a_warning_waits_for_the_right_person_and_is_gone_when_it_is_done() {
    let mut pair = Pair::start(PROGRAM);
    none(&pair.west);
    let text = pair.west.write("item.txt", "A report of a bombing.");
    pair.west.by("ana", &["intake", &text]);
    let item = pair.west.json(&["item", "list"])[0]["id"].as_str().unwrap().to_owned();
    let open = ["case", "open", "--partner", "east.example", "--item", &item, "--exercise"];
    pair.west.by("ana", &open);
    let finding = one(&pair.west, "finding");
    assert_eq!(finding["command"], "forewarn case finding 1");
    assert_eq!((&finding["permission"], &finding["status"]), (&"draft".into(), &"Exercise".into()));
    assert!(finding["due"].is_string() && finding["since"].is_string(), "{finding}");
    assert_eq!(needs(&pair.west, &["--mine", "--as", "ana"]), ["finding case 1"]);
    assert!(needs(&pair.west, &["--mine", "--as", "otto"]).is_empty());

    let finding = "case finding 1 --credible --threat destruction --target x --reason y";
    pair.west.by("ana", &finding.split(' ').collect::<Vec<_>>());
    assert_eq!(needs(&pair.west, &["--mine", "--as", "otto"]), ["decision case 1"]);
    pair.west.by("otto", &["case", "decide", "1", "warn", "--reason", "lives"]);
    assert_eq!(needs(&pair.west, &[]), ["draft case 1"]);
    pair.draft("1", "Planned bombing", "A bombing is planned.");
    let release = one(&pair.west, "release");
    assert_eq!(
        (&release["not"][0], &release["command"]),
        (&"ana".into(), &"forewarn case preview 1".into())
    );
    pair.west.good(&["user", "add", "ana", "--role", "analyst", "--role", "approver"]);
    assert!(needs(&pair.west, &["--mine", "--as", "ana"]).is_empty());

    pair.east.kill();
    pair.west.release("otto", "1");
    let undelivered = until("what was tried", || {
        let row = one(&pair.west, "undelivered");
        row["note"].is_string().then_some(row)
    });
    assert!(undelivered["note"].as_str().unwrap().contains("failed"), "{undelivered}");
    // One situation is one need.
    assert_eq!(needs(&pair.west, &[]), ["undelivered case 1"]);
    pair.east.start();
    none(&pair.west);

    let opened = one(&pair.east, "open");
    assert_eq!(
        (&opened["title"], &opened["partner"]),
        (&"EXERCISE: Planned bombing".into(), &"west.example".into())
    );
    pair.east.by("dora", &["warning", "open", "1"]);
    assert_eq!(needs(&pair.east, &["--mine", "--as", "dora"]), ["accept warning 1"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    none(&pair.east);
    pair.east.by("dora", &["warning", "ask", "1", "--text", "Which street?"]);
    let question = one(&pair.west, "question");
    // A command that is told of is a command.
    let command = question["command"].as_str().unwrap().replace("TEXT", "Main");
    pair.west.by("otto", &command.split(' ').skip(1).collect::<Vec<_>>());
    none(&pair.west);

    pair.west.by("otto", &["case", "recall", "1", "--reason", "it is over"]);
    one(&pair.west, "recall-unanswered");
    let recall = one(&pair.east, "answer-recall");
    assert_eq!(recall["command"], "forewarn warning answer 1");
    pair.east.by("dora", &["warning", "answer", "1", "complied"]);
    none(&pair.east);
    none(&pair.west);
}

#[test]
fn a_warning_whose_time_is_past_waits_for_who_accepted_it_and_a_proposal_for_a_second_person() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report that leads to a warning.");
    let soon = [
        "case",
        "draft",
        &case,
        "--title",
        "A bombing",
        "--text",
        "It is planned.",
        "--valid-until",
        "+3s",
    ];
    pair.west.by("ana", &soon);
    pair.west.release("otto", &case);
    one(&pair.east, "open");
    pair.east.good(&["user", "add", "dina", "--role", "duty-officer"]);
    pair.east.by("dora", &["warning", "open", "1"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    // That its time is over is to be answered by anybody who receives; what came of it, by Dora.
    until("the end", || {
        let all = needs(&pair.east, &[]);
        (all == ["answer-expiry warning 1", "outcome warning 1"]).then_some(())
    });
    assert_eq!(needs(&pair.east, &["--mine", "--as", "dina"]), ["answer-expiry warning 1"]);
    pair.east.by("dina", &["warning", "answer", "1", "complied"]);
    let outcome = one(&pair.east, "outcome");
    assert_eq!(outcome["only"], "dora");
    assert!(needs(&pair.east, &["--mine", "--as", "dina"]).is_empty());
    let said = ["warning", "outcome", "1", "--fact", "arrested=2"];
    pair.east.by("dora", &said);
    none(&pair.east);

    let agree = ["partner", "agree", "west.example", "--sentences", "two", "--reason", "usual"];
    pair.east.by("paul", &agree);
    pair.east.by("dora", &["warning", "thank", "1", "--to", "you all", "--text", "Thank you."]);
    assert_eq!(needs(&pair.east, &["--mine", "--as", "otto"]), ["approval proposal 2"]);
    assert!(needs(&pair.east, &["--mine", "--as", "dora"]).is_empty());
    pair.east.by("dora", &["proposal", "drop", "2", "--reason", "a slip"]);
    none(&pair.east);
}

#[test]
fn partners_to_confirm_what_was_refused_and_what_does_not_run_need_somebody() {
    let (west, east) =
        (Node::start_new(PROGRAM, "west.example"), Node::start_new(PROGRAM, "east.example"));
    let card = west.write("east.card", east.good(&["card"]));
    west.by("paul", &["partner", "add", &card]);
    let confirm = one(&west, "confirm-partner");
    assert_eq!(confirm["command"], "forewarn partner confirm east.example");
    assert_eq!(needs(&west, &["--mine", "--as", "paul"]), ["confirm-partner partner east.example"]);
    let broken = west.write("broken.json", r#"{"type":"bundle","id":"bundle--1b7f2f3e-7d0e-4b0a-9f8c-0c1d2e3f4a5b","objects":[{"type":"broken"}]}"#);
    west.run(&["intake", &broken, "--as", "ana"]);
    let refused = one(&west, "quarantine");
    assert_eq!(refused["command"], "forewarn quarantine list --after 0");
    // What has no deadline comes last, the oldest first.
    assert_eq!(needs(&west, &[]).len(), 2);
    assert_eq!(name(&west.json(&["needs"])[0]), "confirm-partner partner east.example");
}

/// A case that was opened by hand on a node that exercises once said that it was meant.
#[test]
fn whatever_an_exercising_node_opens_is_an_exercise() {
    let west = Node::start_new(PROGRAM, "west.example");
    west.by("paul", &["partner", "add-without-node", "cert.example", "--organisation", "CERT"]);
    let path = west.write("a.txt", "A report.");
    west.by("ana", &["intake", &path]);
    let item = west.json(&["item", "list"]).pop().unwrap()["id"].as_str().unwrap().to_owned();
    west.by("ana", &["case", "open", "--partner", "cert.example", "--item", &item]);
    assert_eq!(west.json(&["case", "list"])[0]["status"], "Exercise");
}

/// The longest overdue stands first, and an exercise never above what is meant.
#[test]
fn an_exercise_never_stands_above_what_is_meant() {
    let config = "[node]\nstatus = \"Actual\"\n[clocks]\nimmediate = 0\n";
    let west = Node::start_configured(PROGRAM, "west.example", config);
    west.by("paul", &["partner", "add-without-node", "cert.example", "--organisation", "CERT"]);
    let open = |urgency: &str, more: &[&str]| {
        let path =
            west.write(&format!("{urgency}{}.txt", more.len()), format!("{urgency} {more:?}"));
        west.by("ana", &["intake", &path]);
        let item = west.json(&["item", "list"]).pop().unwrap()["id"].as_str().unwrap().to_owned();
        let all =
            ["case", "open", "--partner", "cert.example", "--item", &item, "--urgency", urgency];
        west.by("ana", &[&all[..], more].concat());
    };
    open("immediate", &["--exercise"]);
    open("future", &[]);
    open("expected", &[]);
    assert_eq!(needs(&west, &[]), ["finding case 3", "finding case 2", "finding case 1"]);
    let status = west.good(&["status"]);
    let lines: Vec<&str> = status.lines().collect();
    assert!(lines[0].starts_with("due ") && lines[0].contains("case 3: a finding"), "{status}");
    assert!(lines[0].ends_with(": forewarn case finding 3"), "{status}");
    assert!(lines[2].starts_with("EXERCISE: OVERDUE since "), "{status}");
    let counted = "0 overdue, 0 due soon, 2 later; exercises and tests: 1, of which 1 overdue";
    assert_eq!(lines[3], counted);
}

#[test]
fn a_check_fails_when_something_is_overdue_and_only_then() {
    let west = Node::start_configured(PROGRAM, "west.example", "[clocks]\nimmediate = 0\n");
    assert_eq!(west.run(&["status", "--check"]).status.code(), Some(0));
    west.by("paul", &["partner", "add-without-node", "cert.example", "--organisation", "CERT"]);
    let path = west.write("item.txt", "A report.");
    west.by("ana", &["intake", &path]);
    let item = west.json(&["item", "list"])[0]["id"].as_str().unwrap().to_owned();
    let open = |urgency: &str| {
        let all =
            ["case", "open", "--partner", "cert.example", "--item", &item, "--urgency", urgency];
        west.by("ana", &all);
    };
    open("future");
    assert_eq!(west.run(&["status", "--check"]).status.code(), Some(0));
    open("immediate");
    let checked = west.run(&["status", "--check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&checked.stderr).contains("overdue: 1"));
    assert!(String::from_utf8_lossy(&checked.stdout).contains("OVERDUE since"));
}

#[test]
fn whoever_watches_is_told_each_change_once_and_of_a_node_that_does_not_answer() {
    let mut west = Node::start_new(PROGRAM, "west.example");
    west.by("paul", &["partner", "add-without-node", "cert.example", "--organisation", "CERT"]);
    let path = west.write("item.txt", "A report.");
    west.by("ana", &["intake", &path]);
    let mut watching = Command::new(PROGRAM)
        .args(["status", "--watch", "--home"])
        .arg(west.home())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let mut next = || lines.next().unwrap().unwrap();
    let item = west.json(&["item", "list"])[0]["id"].as_str().unwrap().to_owned();
    west.by("ana", &["case", "open", "--partner", "cert.example", "--item", &item]);
    let first = next();
    assert!(first.contains("case 1: a finding is needed"), "{first}");
    west.by(
        "ana",
        &[
            "case",
            "finding",
            "1",
            "--credible",
            "--threat",
            "killing",
            "--target",
            "x",
            "--reason",
            "y",
        ],
    );
    assert_eq!(next(), format!("no longer: {first}"));
    assert!(next().contains("case 1: a decision is needed"));
    west.kill();
    let told = next();
    assert!(told.contains("no node answers"), "{told}");
    west.start();
    watching.kill().unwrap();
    watching.wait().unwrap();
}
