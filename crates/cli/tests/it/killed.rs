//! Nodes that are killed with SIGKILL: nothing acknowledged is lost, nothing arrives twice.

use forewarn_testkit::{Pair, pause, until};
use serde_json::Value;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// How often each way of dying is tried, at another moment each time.
const ROUNDS: u64 = 6;

fn arrived(pair: &Pair, title: &str) -> usize {
    let full = format!("EXERCISE: {title}");
    pair.titles().into_iter().filter(|known| *known == full).count()
}

#[test]
fn a_sender_killed_in_the_middle_of_a_delivery_delivers_once() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    for round in 0..ROUNDS {
        let title = format!("Warning {round}");
        // The receiver stands still: the request is out, and no answer can come.
        pair.east.freeze();
        let case = pair.released(&title);
        pause(Duration::from_millis(20 * round));
        let shown = pair.west.get(&format!("/api/v1/cases/{case}"));
        assert_eq!(shown.pointer("/delivered/0"), Some(&Value::Bool(false)));
        pair.west.kill();
        pair.east.thaw();
        pair.west.start();
        pair.receipted(&case);
        assert_eq!(arrived(&pair, &title), 1, "round {round}");
    }
    pair.equal();
}

#[test]
fn a_receiver_killed_at_any_moment_of_a_delivery_has_it_once() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    for round in 0..ROUNDS {
        let title = format!("Warning {round}");
        let case = pair.released(&title);
        // From before the request arrives to after the receipt has left.
        pause(Duration::from_millis(2 * round));
        pair.east.kill();
        pair.east.start();
        pair.receipted(&case);
        assert_eq!(arrived(&pair, &title), 1, "round {round}");
    }
    pair.equal();
}

#[test]
fn what_was_answered_is_there_after_a_kill() {
    let mut pair = Pair::start(PROGRAM);
    for round in 1..=ROUNDS {
        let path = pair.west.write("item.txt", format!("Report number {round}."));
        pair.west.by("ana", &["intake", &path]);
        let case = pair.released(&format!("Warning {round}"));
        pair.west.kill();
        pair.west.start();
        let items = pair.west.json(&["item", "list"]).len() as u64;
        assert_eq!(items, 2 * round, "an item that was acknowledged is gone");
        let shown = pair.west.good(&["case", "show", &case]);
        assert!(shown.contains("released by otto"), "{shown}");
    }
}

#[test]
fn a_matcher_killed_anywhere_misses_nothing_and_opens_one_case_an_intake() {
    let mut pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    for round in 1..=ROUNDS {
        let text = format!("Report {round} names shop.tickets.example.");
        let path = pair.west.write("item.txt", text);
        pair.west.by("ana", &["intake", &path]);
        pause(Duration::from_millis(round - 1));
        pair.west.kill();
        pair.west.start();
        let cases = until("the case", || {
            let cases = pair.west.json(&["case", "list"]);
            (cases.len() as u64 >= round).then_some(cases)
        });
        assert_eq!(cases.len() as u64, round);
    }
}

#[test]
fn a_retried_act_is_applied_once_and_answered_the_same() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    pair.draft(&case, "Once", "A bombing is planned.");
    let preview = pair.west.get(&format!("/api/v1/cases/{case}/preview"));
    let body = serde_json::json!({ "id": "the-same-id", "act": {
        "do": "case-release", "case": case.parse::<i64>().unwrap(), "digest": preview["digest"],
    }});
    let ask = || {
        let headers = [("forewarn-as", "otto")];
        let body = body.to_string();
        pair.west.connect_local().ask("POST", "/api/v1/acts", &headers, body.as_bytes())
    };
    let (first, second) = (ask(), ask());
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(first.json(), second.json());
    pair.receipted(&case);
    assert_eq!(arrived(&pair, "Once"), 1);
}

#[test]
fn a_second_process_on_the_same_folder_is_refused() {
    let pair = Pair::start(PROGRAM);
    let second = pair.west.run(&["serve"]);
    assert_eq!(second.status.code(), Some(3));
    let words = String::from_utf8(second.stderr).unwrap();
    assert!(words.contains("runs already, in another process"), "{words}");
    pair.equal();
}
