//! Exercises: what is played is apart from what is meant, by clocks of its own, and reported.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Node, Pair};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const MEANT: &str = "[node]\nstatus = \"Actual\"\n";

/// The object of the STIX that is played, and meant.
const INDICATOR: &str = "indicator--8a4fcc33-21f0-4b3a-9d0e-94d3b1e0a4f1";

/// The same words come in the exercise, and for real.
const REPORT: &str = "A courier calls home to drop.example before an attack.";

/// Waits until something is so.
fn until(what: &str, mut is: impl FnMut() -> bool) {
    forewarn_testkit::until(what, || is().then_some(()));
}

/// Two nodes that mean what they say; east wants to be warned of a domain.
fn pair() -> Pair {
    let start = |name| Node::start_configured(PROGRAM, name, MEANT);
    let pair = Pair::of(start("west.example"), start("east.example"));
    pair.interest("drop.example");
    pair
}

/// A scenario of two injects, of which the second comes half an hour later: after three seconds.
fn scenario(node: &Node) -> String {
    node.write(
        "scenario.toml",
        format!(
            "name = \"Courier\"\nspeed = 600\n\
             [[inject]]\nat = \"0:00\"\ntitle = \"A call\"\ntext = \"{REPORT}\"\nsource = \"HERON-7\"\n\
             expect = [\"east.example\"]\n\
             [[inject]]\nat = \"0:30\"\ntext = \"Another courier: drop.example.\"\n"
        ),
    )
}

fn report(node: &Node) -> Value {
    node.get("/api/v1/exercises/1")
}

/// All cases that are open, each as it is listed.
fn cases(node: &Node) -> Vec<Value> {
    node.get("/api/v1/cases").as_array().cloned().unwrap()
}

/// An indicator of the domain, as of a minute, in force or revoked.
fn indicator(minute: u32, revoked: bool) -> String {
    format!(
        r#"{{"type": "indicator", "spec_version": "2.1", "id": "{INDICATOR}",
        "created": "2026-01-05T10:00:00.000Z", "modified": "2026-01-05T10:{minute:02}:00.000Z",
        "pattern": "[domain-name:value = 'drop.example']", "pattern_type": "stix",
        "revoked": {revoked},
        "valid_from": "2026-01-05T10:00:00Z", "indicator_types": ["malicious-activity"]}}"#
    )
}

/// A scenario of one object in two versions, the second after six seconds.
fn of_one_object(node: &Node) -> String {
    node.write("first.json", indicator(0, false));
    node.write("second.json", indicator(1, false));
    let text = "name = \"Courier\"\nspeed = 600\n\
                [[inject]]\nat = \"0:00\"\nfile = \"first.json\"\n\
                [[inject]]\nat = \"1:00\"\nfile = \"second.json\"\n";
    node.write("scenario.toml", text)
}

#[test]
fn what_is_played_is_apart_from_what_is_meant() {
    let pair = pair();
    let west = &pair.west;
    west.by("ana", &["exercise", "begin", &of_one_object(west)]);
    until("the first inject", || !cases(west).is_empty());
    // The very same object, meant.
    let path = west.write("real.json", indicator(0, false));
    west.by("ana", &["intake", &path]);
    until("a case that is meant", || cases(west).len() == 2);
    let all = cases(west);
    assert_eq!((&all[0]["status"], &all[1]["status"]), (&"Exercise".into(), &"Actual".into()));
    until("the second inject", || report(west)["injects"][1].get("played").is_some());
    assert_eq!(report(west)["injects"][1]["refused"], 0);
    // It is a newer version of what was played, and of nothing else.
    let newest = west.good(&["item", "show", INDICATOR]);
    assert!(newest.contains("10:00:00.000Z"), "{newest}");
    assert!(!newest.contains("10:01:00"), "{newest}");
    // By hand neither comes beside the other, and whoever names the object means what is meant.
    let merged = ["case", "merge", "2", "into", "1", "--reason", "of one threat", "--as", "ana"];
    let refused = west.refused(&merged);
    assert!(refused.contains("both meant or of one exercise"), "{refused}");
    west.by("ana", &["case", "open", "--partner", "east.example", "--item", INDICATOR]);
    assert_eq!(cases(west).pop().unwrap()["status"], "Actual");
    crate::described::answers_are_as_described(west);
}

/// What is played neither stands for what is meant, nor keeps its end from being told.
#[test]
fn a_revocation_that_is_meant_counts_whatever_was_played() {
    let pair = pair();
    let west = &pair.west;
    west.by("ana", &["exercise", "begin", &of_one_object(west)]);
    until("the first inject", || !cases(west).is_empty());
    for (name, revoked) in [("real.json", false), ("revoked.json", true)] {
        let path = west.write(name, indicator(u32::from(revoked), revoked));
        west.by("ana", &["intake", &path]);
        until("a case that is meant", || cases(west).len() == 2);
    }
    let told = |case: &str| west.good(&["case", "show", case]).contains("revoked");
    until("the case is told", || told("2"));
    assert!(!told("1"));
}

#[test]
fn a_scenario_of_objects_is_played_as_often_as_it_is_begun() {
    let pair = pair();
    let west = &pair.west;
    let scenario = of_one_object(west);
    for times in 1..=2 {
        west.by("ana", &["exercise", "begin", &scenario]);
        let first = || west.get(&format!("/api/v1/exercises/{times}"))["injects"][0].clone();
        until("its case", || first()["cases"].as_array().is_some_and(|all| !all.is_empty()));
        assert_eq!((&first()["refused"], &first()["cases"][0]), (&0.into(), &times.into()));
    }
}

/// One item, a case that is meant and one that is not, for two partners.
#[test]
fn what_is_played_and_what_is_meant_are_never_one_threat() {
    let pair = pair();
    let west = &pair.west;
    let third = Node::start_configured(PROGRAM, "third.example", MEANT);
    forewarn_testkit::befriend(west, &third);
    let path = west.write("item.txt", "An attack is planned.");
    west.by("ana", &["intake", &path]);
    let item = west.json(&["item", "list"]).remove(0)["id"].as_str().unwrap().to_owned();
    let open = |partner, more: &[&str]| {
        let open = ["case", "open", "--partner", partner, "--item", &item];
        west.by("ana", &[&open[..], more].concat());
    };
    open("east.example", &[]);
    open("third.example", &["--exercise"]);
    let refused = west.refused(&["case", "link", "1", "2", "--as", "ana"]);
    assert!(refused.contains("what is of an exercise"), "{refused}");
    // Nor by a match that both name.
    let interest = ["interest", "add", "--partner", "west.example", "--label", "all"];
    let words = ["--words", "attack", "--urgency", "future"];
    for node in [&pair.east, &third] {
        node.by("paul", &[&interest[..], &words[..]].concat());
    }
    let linked =
        |case: &str| west.good(&["case", "show", case]).contains("others who face the same");
    until("those that are meant are linked", || cases(west).len() == 4 && linked("4"));
    assert_eq!(["1", "2", "3"].map(linked), [true, false, true]);
}

#[test]
fn a_text_that_is_played_and_the_same_text_that_is_meant_are_two_items() {
    let pair = pair();
    let west = &pair.west;
    west.by("ana", &["exercise", "begin", &scenario(west)]);
    until("the first inject", || !cases(west).is_empty());
    let path = west.write("real.txt", REPORT);
    west.by("ana", &["intake", &path]);
    until("all is matched", || cases(west).len() == 3);
    let items = west.json(&["item", "list"]);
    let (played, meant): (Vec<&Value>, Vec<&Value>) =
        items.iter().partition(|one| one.get("exercise").is_some());
    assert_eq!((played.len(), meant.len()), (2, 1), "{items:?}");
    let (played, meant) = (played[0]["id"].as_str().unwrap(), meant[0]["id"].as_str().unwrap());
    // A case on what is played is of the exercise, whatever was said; it is joined by nothing else.
    west.by("ana", &["case", "open", "--partner", "east.example", "--item", played]);
    let opened = cases(west).pop().unwrap();
    assert_eq!(opened["status"], "Exercise");
    let number = opened["number"].to_string();
    let reason = ["--reason", "of one threat", "--as", "ana"];
    let join = [&["case", "join", meant, &number][..], &reason[..]].concat();
    let refused = west.refused(&join);
    assert!(refused.contains("what is of an exercise"), "{refused}");
    let both = ["--item", played, "--item", meant, "--as", "ana"];
    let open = [&["case", "open", "--partner", "east.example"][..], &both[..]].concat();
    assert!(west.refused(&open).contains("what is of an exercise"));
}

#[test]
fn the_clocks_run_at_the_speed_of_the_exercise_and_the_report_tells_what_was_done() {
    let pair = pair();
    let west = &pair.west;
    west.by("ana", &["exercise", "begin", &scenario(west)]);
    until("the first inject", || !cases(west).is_empty());
    west.decide_to_warn("1");
    pair.draft("1", "Courier", "A courier calls home.");
    west.release("otto", "1");
    pair.receipted("1");
    assert_eq!(pair.titles(), ["EXERCISE: Courier"]);
    pair.east.by("dora", &["warning", "open", "1"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    until("it is acknowledged", || report(west)["cases"][0].get("acknowledged").is_some());
    let told = report(west);
    let case = &told["cases"][0];
    let at = |what: &str| case[what].as_str().unwrap().to_owned();
    assert!(at("came") <= at("opened") && at("opened") <= at("released"));
    assert!(at("released") <= at("received"));
    // Fifteen minutes, as what is immediate has, last a second and a half.
    let from = forewarn_stix::Timestamp::parse(&at("opened")).unwrap().micros();
    let due = forewarn_stix::Timestamp::parse(&at("due")).unwrap().micros();
    assert!((1_490..=1_500).contains(&((due - from) / 1_000)), "{told}");
    assert_eq!(case["in_time"], true);
    assert!(told["injects"][0].get("missing").is_none());
    let shown = west.good(&["exercise", "show", "1"]);
    assert!(shown.contains("EXERCISE 1, Courier: running"), "{shown}");
    assert!(shown.contains("acknowledged"), "{shown}");
    // What is drafted when it ends is told beforehand that it does not leave.
    pair.draft("1", "Courier", "A courier calls home again.");
    west.by("otto", &["exercise", "end", "1", "--reason", "all is learnt"]);
    let preview = west.good(&["case", "preview", "1", "--as", "otto"]);
    assert!(preview.contains("exercise 1 is over"), "{preview}");
}

#[test]
fn an_exercise_survives_a_kill_plays_nothing_twice_and_needs_nobody_when_it_is_over() {
    let pair = pair();
    let mut west = pair.west;
    west.by("ana", &["exercise", "begin", &scenario(&west)]);
    until("the first inject", || !cases(&west).is_empty());
    west.kill();
    west.start();
    until("both injects", || {
        let injects = report(&west)["injects"].as_array().cloned().unwrap();
        injects.iter().all(|inject| inject.get("played").is_some())
    });
    west.kill();
    west.start();
    until("both were matched", || {
        report(&west)["injects"][1]["cases"].as_array().is_some_and(|all| !all.is_empty())
    });
    assert_eq!(west.json(&["item", "list"]).len(), 2);
    assert_eq!(cases(&west).len(), 2);
    let file = rusqlite::Connection::open(west.home().join("forewarn.sqlite")).unwrap();
    let sql = "SELECT count(*) FROM journal WHERE actor = 'node:player'";
    let played: i64 = file.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(played, 2, "an inject is one command");
    let needs =
        || west.json(&["needs"]).into_iter().filter(|one| one["status"] == "Exercise").count();
    until("somebody is needed", || needs() > 0);
    west.by("otto", &["exercise", "end", "1", "--reason", "all is learnt"]);
    assert_eq!(needs(), 0);
    assert_eq!(report(&west)["injects"][0]["missing"], serde_json::json!(["east.example"]));
    // Nothing more comes of it.
    for act in [&["urgency", "1", "future"][..], &["pause", "1", "--until", "+2h"]] {
        let act = [&["case"][..], act, &["--reason", "it goes on", "--as", "ana"]].concat();
        let refused = west.refused(&act);
        assert!(refused.contains("exercise 1 is over"), "{act:?}: {refused}");
    }
    assert!(west.good(&["case", "show", "1"]).contains("EXERCISE: nothing of it is meant"));
    let item = west.json(&["item", "list"]).remove(0)["id"].as_str().unwrap().to_owned();
    let open = ["case", "open", "--partner", "east.example", "--item", &item, "--as", "ana"];
    assert!(west.refused(&open).contains("exercise 1 is over"));
}

#[test]
fn the_desk_tells_how_an_exercise_went_and_ends_it() {
    let pair = pair();
    let west = &pair.west;
    for person in ["rita", "otto"] {
        give_password(west, person);
    }
    west.by("ana", &["exercise", "begin", &scenario(west)]);
    until("the first inject", || !cases(west).is_empty());
    let mut rita = Desk::sign_in(west, "rita");
    rita.open("/desk/exercises").says("running");
    rita.follow("1");
    rita.says("A call").says("EXERCISE").says_nothing_of("End the exercise");
    let item = west.json(&["item", "list"]).remove(0)["id"].as_str().unwrap().to_owned();
    rita.open(&format!("/desk/items/{item}")).says("Of exercise 1: it is not meant.");
    let mut otto = Desk::sign_in(west, "otto");
    otto.open("/desk/exercises/1").send_for("End the exercise", &[], 422);
    otto.send("End the exercise", &[("reason", "all is learnt")]).says("all is learnt");
    otto.says_nothing_of("End the exercise").says("east.example");
}

#[test]
fn a_scenario_that_cannot_be_played_is_refused_with_its_place() {
    let pair = pair();
    let west = &pair.west;
    for (name, text, says) in [
        ("none.toml", "name = \"x\"\n", "at least one inject"),
        ("both.toml", "name = \"x\"\n[[inject]]\nat = \"0:00\"\n", "inject 1 has `text`"),
        ("time.toml", "name = \"x\"\n[[inject]]\nat = \"noon\"\ntext = \"a\"\n", "`noon` is not"),
        (
            "speed.toml",
            "name = \"x\"\nspeed = 0\n[[inject]]\nat = \"0:00\"\ntext = \"a\"\n",
            "1000",
        ),
        (
            "stix.toml",
            "name = \"x\"\n[[inject]]\nat = \"0:00\"\ntext = '{\"type\": \"tool\"}'\n",
            "inject 1: object 1",
        ),
    ] {
        let path = west.write(name, text);
        let refused = west.refused(&["exercise", "check", &path]);
        assert!(refused.contains(says), "{name}: {refused}");
    }
    let path = west.write(
        "who.toml",
        "name = \"x\"\n[[inject]]\nat = \"0:00\"\ntext = \"a\"\nexpect = [\"north.example\"]\n",
    );
    let refused = west.refused(&["exercise", "begin", &path, "--as", "ana"]);
    assert!(refused.contains("north.example"), "{refused}");
}
