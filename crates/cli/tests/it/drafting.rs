//! What goes into a warning beside its words, by whose choice, and what the partner sees of it.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_testkit::{Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const UNTIL: &str = "2099-01-01T00:00:00Z";

/// Drafts as ana; whether it was done, and what was said.
fn draft(pair: &Pair, case: &str, more: &[&str]) -> (bool, String) {
    let command =
        [&["case", "draft", case, "--valid-until", UNTIL, "--as", "ana"][..], more].concat();
    let output = pair.west.run(&command);
    let words = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(words).unwrap())
}

fn received(pair: &Pair) -> String {
    until("the warning", || (!pair.titles().is_empty()).then_some(()));
    pair.east.good(&["warning", "show", "1"])
}

#[test]
fn what_the_drafter_says_beside_the_words_reaches_the_partner_as_what_it_is() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A bombing is planned.");
    let policy = r#"{ "id": "01bc4353-4829-4d55-8d52-0ab7e0790df9", "name": "FIRST TLP AMBER",
        "iep_version": "2.0", "start_date": "2018-06-18T09:00:00Z", "end_date": null,
        "encrypt_in_transit": "may", "permitted_actions": "externally-visible-direct-actions",
        "affected_party_notifications": "must-not", "tlp": "amber", "attribution": "must-not",
        "unmodified_resale": "must-not" }"#;
    let policy = pair.west.write("policy.json", policy);
    let words = ["--title", "Bombing", "--text", "A bombing is planned."];
    let all = [
        &words[..],
        &["--severity", "extreme", "--certainty", "likely", "--likelihood", "highly-probable"],
        &["--confidence", "moderate", "--handling", "H1", "--handling", "H3"],
        &["--handling-text", "call before you act", "--pap", "white", "--iep", &policy],
        &["--target", "group:visitors of the cathedral", "--sector", "government"],
        &["--incident", "a search of a flat", "--when", "Saturday"],
        &["--observed", "c2.example.org", "3", "2017-12-14T10:00:00Z", "2017-12-15T08:00:00Z"],
        &["--tear-line", "Be careful at churches.", "--tear-line-tlp", "green"],
    ]
    .concat();
    // A policy that keeps a warning from its victim needs a reason on record.
    let (drafted, why) = draft(&pair, &case, &all);
    assert!(!drafted && why.contains("--notify-reason"), "{why}");
    let (drafted, why) = draft(&pair, &case, &[&all[..], &["--notify-reason", "lives"]].concat());
    assert!(drafted, "{why}");
    let preview = pair.west.good(&["case", "preview", &case]);
    assert!(preview.contains("because: lives"), "{preview}");
    pair.west.release("otto", &case);
    let shown = received(&pair);
    for words in [
        "severity extreme, certainty likely",
        "likelihood: highly probable (80-95 %)",
        "confidence: moderate",
        "HANDLING H1: Not to be disclosed in judicial proceedings",
        "HANDLING H3: call before you act",
        "PERMISSIBLE ACTIONS: PAP:CLEAR",
        "notify affected parties must-not",
        "against: visitors of the cathedral",
        "sector: government",
        "incident: a search of a flat",
        "when: Saturday",
        "observed 3 times",
        "MAY BE PASSED ON as TLP:GREEN: EXERCISE: Be careful at churches.",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

/// Nothing of an original goes in by itself.
#[test]
fn what_the_items_suggest_goes_in_when_it_is_taken_and_says_where_it_stands() {
    let pair = Pair::start(PROGRAM);
    let text = "A cell plans to bomb the Kazan Cathedral on 16 December; see c2.example.org.";
    let case = pair.case(text);
    let list = pair.west.json(&["case", "propose", &case]);
    let list = list[0].as_array().cloned().unwrap_or(list);
    let number = |kind: &str, value: &str| {
        let found = list.iter().find(|one| one["kind"] == kind && one.to_string().contains(value));
        let found = found.unwrap_or_else(|| panic!("{kind} {value}: {list:?}"));
        assert!(found["item"].as_str().unwrap().starts_with("text--"));
        assert!(found["excerpt"].as_str().unwrap().contains(value), "{found}");
        found["number"].to_string()
    };
    let (place, time) = (number("place", "Kazan Cathedral"), number("time", "16 December"));
    let words = ["--title", "Bombing", "--text", "A bombing is planned."];
    let (drafted, why) = draft(&pair, &case, &words);
    assert!(drafted, "{why}");
    let bundle =
        |case: &str| pair.west.get(&format!("/api/v1/cases/{case}/preview"))["bundle"].to_string();
    for taken in ["Kazan", "16 December", "c2.example.org"] {
        assert!(!bundle(&case).contains(taken), "{taken}");
    }
    let (drafted, why) =
        draft(&pair, &case, &[&words[..], &["--take", &place, "--take", &time]].concat());
    assert!(drafted, "{why}");
    assert!(bundle(&case).contains("Kazan Cathedral") && bundle(&case).contains("16 December"));
    assert!(!bundle(&case).contains("c2.example.org"));
    let (drafted, why) = draft(&pair, &case, &[&words[..], &["--take", "99"]].concat());
    assert!(!drafted && why.contains("case propose"), "{why}");
}

/// On what each sentence rests is for us; the partner's log commits to it, and holds nothing of it.
#[test]
fn a_sentence_rests_on_items_that_are_committed_to_and_never_leave() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A bombing is planned.");
    let item = pair.west.json(&["item", "list"]).pop().unwrap()["id"].as_str().unwrap().to_owned();
    let sentence = "It is planned for Saturday.";
    let words =
        ["--title", "Bombing", "--text", "A bombing is planned. It is planned for Saturday."];
    let rests = |sentence: &str| {
        draft(&pair, &case, &[&words[..], &["--rests-on", sentence, &item]].concat())
    };
    let (drafted, why) = rests("It is planned for Sunday.");
    assert!(!drafted && why.contains("does not stand in the text"), "{why}");
    let (drafted, why) = rests(sentence);
    assert!(drafted, "{why}");
    for command in ["preview", "show"] {
        let shown = pair.west.good(&["case", command, &case]);
        assert!(shown.contains(&format!("“{sentence}” rests on {item}")), "{command}: {shown}");
    }
    pair.west.release("otto", &case);
    received(&pair);
    let fields = pair.west.refused(&[
        "evidence",
        "show",
        &format!("case-{case}"),
        "--field",
        "x",
        "--reason",
        "y",
        "--as",
        "otto",
    ]);
    assert!(fields.contains("rests_on"), "{fields}");
    let uuid = item.trim_start_matches("text--");
    let theirs = pair.east.get("/api/v1/channels/west.example/transcript").to_string();
    assert!(!theirs.contains(uuid), "{uuid} crossed");
}

/// TLP 2.0 §1: RED is for individual recipients, who stand in the entry.
#[test]
fn a_red_draft_names_persons_and_they_cross_with_it() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A bombing is planned.");
    let words = ["--title", "Bombing", "--text", "A bombing is planned.", "--tlp", "red"];
    let (drafted, why) = draft(&pair, &case, &words);
    assert!(!drafted && why.contains("--to"), "{why}");
    let (drafted, why) = draft(&pair, &case, &[&words[..], &["--to", "Dora Ek"]].concat());
    assert!(drafted, "{why}");
    let preview = pair.west.get(&format!("/api/v1/cases/{case}/preview"));
    assert_eq!(preview["persons"], serde_json::json!(["Dora Ek"]));
    let shown = pair.west.good(&["case", "preview", &case]);
    assert!(shown.contains("for these persons only: Dora Ek"), "{shown}");
    assert_ne!(preview["digest"], Value::Null);
}
