//! Nodes whose database was restored from an old copy, and transcripts that came in pieces.

use forewarn_testkit::{Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// The database's file and its write-ahead log: what a copy of a stopped node's database is.
const FILES: [&str; 2] = ["forewarn.sqlite", "forewarn.sqlite-wal"];

fn released(pair: &Pair, title: &str) -> String {
    let case = pair.case(&format!("A report that leads to {title}."));
    pair.draft(&case, title, "A bombing is planned.");
    pair.west.release("otto", &case);
    case
}

#[test]
fn what_a_restored_partner_lacks_is_sent_again_without_being_asked() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    pair.east.save(&FILES);
    let case = released(&pair, "Lost and found");
    pair.receipted(&case);
    pair.east.set_back(&FILES);
    assert!(pair.titles().is_empty());
    // West asks at its start, and every few minutes, whether its partners still hold all of it.
    pair.west.stop();
    pair.west.start();
    until("the warning", || (pair.titles() == ["EXERCISE: Lost and found"]).then_some(()));
    pair.equal();
}

/// Of a partner that had lost more than one batch and its signer's memory too, one batch was once
/// sent every five minutes.
#[test]
fn a_partner_that_lost_more_than_one_batch_gets_all_of_it_at_once() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    pair.east.save(&FILES);
    let signed = pair.east.home().join("signed.log");
    let before = std::fs::read(&signed).unwrap();
    for n in 0..1_100 {
        let interest = serde_json::json!({
            "label": format!("interest {n}"), "urgency": "future", "any": [{ "country": "RU" }],
        });
        let act = serde_json::json!({
            "do": "interest-add", "partner": "east.example", "interest": interest,
        });
        assert_eq!(pair.west.act("paul", &act).0, 200);
    }
    pair.equal();
    pair.east.stop();
    std::fs::write(&signed, before).unwrap();
    pair.east.start();
    pair.east.set_back(&FILES);
    pair.west.stop();
    pair.west.start();
    pair.equal();
}

#[test]
fn a_restored_node_writes_nothing_until_it_has_its_own_log_back_from_the_partner() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let case = pair.case("A report.");
    pair.draft(&case, "Once", "A bombing is planned.");
    pair.west.save(&FILES);
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.east.stop();
    pair.west.set_back(&FILES);
    let refused = pair.west.release_refused("otto", &case);
    assert!(refused.contains("the database is older than what was sent"), "{refused}");
    let doctor = pair.west.run(&["doctor"]);
    let words = String::from_utf8(doctor.stdout).unwrap();
    assert!(words.contains("WRONG  signer: the database is older than what was signed"), "{words}");
    assert!(words.contains("fetches what it lacks from east.example"), "{words}");
    // With the partner there, the log comes back, and life goes on behind it.
    pair.east.start();
    pair.equal();
    let doctor = pair.west.good(&["doctor"]);
    assert!(doctor.contains("all of what was signed is here"), "{doctor}");
    released(&pair, "Twice");
    until("the second", || pair.titles().contains(&"EXERCISE: Twice".to_owned()).then_some(()));
    assert_eq!(pair.titles(), ["EXERCISE: Once", "EXERCISE: Twice"]);
    pair.equal();
}

/// A recall that came without its warning was once not understood for ever, and the warning, once
/// it was there, stood as live.
#[test]
fn a_recall_of_a_warning_that_came_in_pieces_is_understood_in_the_end() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    pair.east.stop();
    let case = released(&pair, "Recalled");
    pair.west.by("otto", &["case", "recall", &case, "--reason", "it was a mistake"]);
    let path = pair.west.file("whole.json");
    let whole = path.display().to_string();
    pair.west.good(&["channel", "export", "east.example", "-o", &whole]);
    pair.west.freeze();
    let mut transcript: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for log in transcript["logs"].as_array_mut().unwrap() {
        for entry in log["entries"].as_array_mut().unwrap() {
            if entry["leaf"].as_str().unwrap().contains("\"kind\":\"warning\"") {
                entry.as_object_mut().unwrap().remove("disclosures");
            }
        }
    }
    let stripped = pair.west.write("stripped.json", transcript.to_string());
    pair.east.start();
    pair.east.by("paul", &["channel", "import", "west.example", &stripped]);
    assert!(pair.titles().is_empty());
    pair.east.by("paul", &["channel", "import", "west.example", &whole]);
    let warnings = pair.east.json(&["warning", "list"]);
    assert_eq!(warnings[0]["recalled"], Value::Bool(true));
    pair.west.thaw();
    pair.equal();
}

#[test]
fn a_second_source_of_the_same_words_is_kept_back_too() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report of two sources.");
    let path = pair.west.write("again.txt", "A report of two sources.");
    pair.west.by("ana", &["intake", &path, "--source", "STORK-9"]);
    pair.draft(&case, "Planned bombing", "Stork 9 speaks of a bombing.");
    let shut = pair.west.release_refused("otto", &case);
    assert!(shut.contains("the source's handle “STORK-9”"), "{shut}");
}
