//! What the receiving side says of a warning, version by version, and what it owes for later words:
//! updates, recalls, the end of the warning's time, renewals.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_stix::Timestamp;
use forewarn_testkit::{Node, Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// What needs somebody at a node: the kinds.
fn needs(node: &Node) -> Vec<String> {
    let list = node.get("/api/v1/needs");
    let kinds = list["needs"].as_array().unwrap().iter();
    kinds.map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

fn has(node: &Node, kind: &str) -> bool {
    needs(node).iter().any(|one| one == kind)
}

/// West releases a drafted case, and east has this version of it.
fn released(pair: &Pair, case: &str, version: u32) {
    pair.west.release("otto", case);
    until("the version", || {
        let shown = pair.east.connect_local().ask("GET", "/api/v1/warnings/1", &[], b"");
        let shown = (shown.status == 200).then(|| shown.json())?;
        (shown.pointer("/warning/version")? == version).then_some(())
    });
}

fn draft(pair: &Pair, case: &str, title: &str, until: &str) {
    let words = ["case", "draft", case, "--title", title, "--text", "It is planned."];
    pair.west.by("ana", &[&words[..], &["--valid-until", until]].concat());
}

/// So many seconds from now, by the node's clock.
fn in_seconds(node: &Node, seconds: i64) -> String {
    let now = node.get("/api/v1/needs")["at"].as_str().map(Timestamp::parse).unwrap().unwrap();
    Timestamp::from_micros(now.micros() + seconds * 1_000_000).unwrap().to_string()
}

#[test]
fn an_update_asks_anew_and_its_answer_is_owed_on_both_sides_until_it_comes() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    draft(&pair, &case, "Planned bombing", "2099-01-01T00:00:00Z");
    released(&pair, &case, 1);
    pair.east.by("dora", &["warning", "accept", "1"]);
    assert!(!has(&pair.east, "answer-update"));

    pair.west.by("ana", &["case", "update", &case, "--title", "Bombing on Friday"]);
    released(&pair, &case, 2);
    // Nobody has opened this version, and it is to be answered.
    assert!(has(&pair.east, "open") && has(&pair.east, "answer-update"), "{:?}", needs(&pair.east));
    assert!(has(&pair.west, "update-unanswered"));
    let none =
        pair.east.refused(&["warning", "outcome", "1", "--fact", "arrested=1", "--as", "dora"]);
    assert!(none.contains("accepted warning"), "{none}");
    pair.east.by("dora", &["warning", "open", "1"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    pair.east.by("dora", &["warning", "answer", "1", "complied"]);
    assert!(!has(&pair.east, "answer-update"));
    let again = ["warning", "answer", "1", "refused", "--as", "dora"];
    assert!(pair.east.refused(&again).contains("answered already"));
    until("the answer", || (!has(&pair.west, "update-unanswered")).then_some(()));

    // Both sides say who took on which version.
    for (node, what) in [(&pair.west, "case"), (&pair.east, "warning")] {
        let shown = node.good(&[what, "show", "1"]);
        let accepted: Vec<&str> = shown.lines().filter(|line| line.contains("accepted")).collect();
        assert_eq!(
            accepted.iter().filter(|line| line.contains("[version 2]")).count(),
            1,
            "{shown}"
        );
        assert!(shown.contains("update answered: applied"), "{shown}");
    }
}

#[test]
fn outcomes_are_corrected_by_later_ones_and_both_sides_count_the_same() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    draft(&pair, &case, "Planned bombing", "2099-01-01T00:00:00Z");
    released(&pair, &case, 1);
    pair.east.by("dora", &["warning", "accept", "1"]);
    let facts = ["--fact", "arrested=7", "--fact", "seized=3"];
    pair.east.by("dora", &[&["warning", "outcome", "1"][..], &facts].concat());
    pair.east.by("dora", &["warning", "outcome", "1", "--fact", "charged=2"]);
    let shown = pair.east.get("/api/v1/warnings/1");
    let talk = shown.pointer("/warning/talk").and_then(Value::as_array).unwrap();
    let first = talk.iter().find(|one| one["what"]["what"] == "outcome").unwrap();
    let entry = first["entry"]["index"].to_string();
    let correct = ["warning", "outcome", "1", "--fact", "arrested=5", "--corrects"];
    pair.east.by("dora", &[&correct[..], &[&entry]].concat());
    // What was corrected is not corrected again, and an entry that is no outcome never is.
    for bad in [entry.as_str(), "1"] {
        let refused = pair.east.refused(&[&correct[..], &[bad, "--as", "dora"]].concat());
        assert!(refused.contains(&format!("entry {bad}")), "{refused}");
    }
    let net = "what came of it, all together: 2 charged, 5 arrested";
    until("the correction", || pair.west.good(&["case", "show", "1"]).contains(net).then_some(()));
    assert!(pair.east.good(&["warning", "show", "1"]).contains(net));
}

#[test]
fn a_warning_ends_by_itself_on_both_sides_and_is_renewed() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    draft(&pair, &case, "Planned bombing", &in_seconds(&pair.west, 4));
    released(&pair, &case, 1);
    pair.east.by("dora", &["warning", "accept", "1"]);
    let ended = |node: &Node, what: &str, at: &str| {
        let shown = node.get(&format!("/api/v1/{what}s/1"));
        shown.pointer(&format!("/{what}/{at}")).cloned()
    };
    until("the end at west", || ended(&pair.west, "case", "expired"));
    until("the end at east", || ended(&pair.east, "warning", "expired"));
    assert_eq!(pair.west.get("/api/v1/cases/1")["stage_name"], "expired");
    assert!(has(&pair.west, "expiry-unanswered") && has(&pair.west, "outcome-awaited"));
    assert!(has(&pair.east, "answer-expiry") && has(&pair.east, "outcome"));
    // What is done now is told, and flagged on both sides.
    pair.east.by("dora", &["warning", "act", "1", "--text", "one more search"]);
    pair.east.by("dora", &["warning", "answer", "1", "could-not", "--text", "the block stays"]);
    until("the answer", || (!has(&pair.west, "expiry-unanswered")).then_some(()));
    for (node, what) in [(&pair.west, "case"), (&pair.east, "warning")] {
        let shown = node.good(&[what, "show", "1"]);
        assert!(shown.contains("AFTER THE WARNING HAD EXPIRED"), "{shown}");
        assert!(shown.contains("expiry answered: could-not"), "{shown}");
    }
    pair.east.by("dora", &["warning", "outcome", "1", "--fact", "thwarted=1"]);
    until("the outcome", || (!has(&pair.west, "outcome-awaited")).then_some(()));

    // A renewal changes the horizon and nothing else, by the same two persons.
    let sooner = ["case", "renew", &case, "--valid-until", "2001-01-01T00:00:00Z", "--as", "ana"];
    assert!(pair.west.refused(&sooner).contains("until later"));
    pair.west.by("ana", &["case", "renew", &case, "--valid-until", "+2h"]);
    let preview = pair.west.get("/api/v1/cases/1/preview");
    let parts: Vec<&Value> =
        preview["changes"].as_array().unwrap().iter().map(|one| &one["part"]).collect();
    assert_eq!(parts, ["valid-until"]);
    assert!(pair.west.release_refused("ana", &case).contains("may not"));
    released(&pair, &case, 2);
    assert_eq!(pair.west.get("/api/v1/cases/1")["stage_name"], "released");
    assert!(has(&pair.east, "answer-update") && !has(&pair.east, "answer-expiry"));
}

/// A partner that had declined the first version once owed nothing for the second.
#[test]
fn whoever_declined_an_older_version_owes_the_answers_to_the_newest() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    draft(&pair, &case, "Planned bombing", "2099-01-01T00:00:00Z");
    released(&pair, &case, 1);
    pair.east.by("dora", &["warning", "decline", "1", "--reason", "it is not for us"]);
    until("the refusal", || {
        pair.west.good(&["case", "show", &case]).contains("it is not for us").then_some(())
    });
    let end = in_seconds(&pair.west, 4);
    pair.west.by("ana", &["case", "update", &case, "--valid-until", &end]);
    released(&pair, &case, 2);
    until("the end", || has(&pair.west, "expiry-unanswered").then_some(()));
    assert!(has(&pair.west, "outcome-awaited"), "{:?}", needs(&pair.west));
}

#[test]
fn the_inbox_is_by_urgency_then_age_and_is_narrowed() {
    let pair = Pair::start(PROGRAM);
    for (title, urgency) in [("one", "future"), ("two", "immediate"), ("three", "immediate")] {
        let path = pair.west.write("item.txt", format!("A report on {title}."));
        pair.west.by("ana", &["intake", &path]);
        let item = pair.west.json(&["item", "list"]).pop().unwrap();
        let open = ["case", "open", "--partner", "east.example", "--exercise", "--item"];
        let item = item["id"].as_str().unwrap();
        pair.west.by("ana", &[&open[..], &[item, "--urgency", urgency]].concat());
        let case = pair.west.json(&["case", "list"]).pop().unwrap()["number"].to_string();
        pair.west.decide_to_warn(&case);
        draft(&pair, &case, title, "2099-01-01T00:00:00Z");
        pair.west.release("otto", &case);
    }
    until("three warnings", || (pair.titles().len() == 3).then_some(()));
    pair.east.by("dora", &["warning", "accept", "2"]);
    let titles = |arguments: &[&str]| -> Vec<String> {
        let list = [&["warning", "list", "--as", "dora"][..], arguments].concat();
        let list = pair.east.json(&list);
        list.iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
    };
    let exercise = |titles: &[&str]| -> Vec<String> {
        titles.iter().map(|title| format!("EXERCISE: {title}")).collect()
    };
    assert_eq!(titles(&[]), exercise(&["two", "three", "one"]));
    assert_eq!(titles(&["--unopened"]), exercise(&["three", "one"]));
    assert_eq!(titles(&["--accepted"]), exercise(&["two"]));
    assert_eq!(titles(&["--mine"]), exercise(&["two"]));
}
