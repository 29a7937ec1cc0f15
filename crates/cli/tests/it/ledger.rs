//! Who was given what, why and when; and who has not answered what must be answered.

use forewarn_testkit::{Pair, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

#[test]
fn every_dissemination_stands_in_the_ledger_and_a_recall_until_it_is_answered() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report of Anton Velikov.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.east.by("dora", &["warning", "accept", "1"]);
    pair.west.by("otto", &["case", "recall", &case, "--reason", "a mistake"]);
    let ledger = || pair.west.json(&["ledger", "list", "--about", "case-1"]);
    until("the acceptance", || (ledger()[0]["persons"][0] == "dora").then_some(()));
    let lines = ledger();
    assert_eq!(lines.len(), 2);
    let [release, recall] = lines.as_slice() else { panic!("two lines") };
    // 28 CFR 23.20(g): who, why, when, and what of it is kept.
    assert_eq!(release["what"], "release");
    assert_eq!(release["organisation"], "Service east.example");
    assert_eq!(release["submitting_organisation"], "Service west.example");
    assert_eq!(release["control_official"], "otto");
    assert_eq!(release["reason"], "lives");
    assert!(release["basis"].as_str().unwrap().starts_with("decided to warn by otto"));
    assert!(release["time"].is_string() && release["sensitivity"].is_string());
    assert_eq!((&recall["what"], &recall["answer"]), (&"recall".into(), &"missing".into()));
    assert!(pair.west.good(&["ledger", "list"]).contains("NOT YET"));
    until("the recall", || {
        let shown = pair.east.good(&["warning", "show", "1"]);
        shown.contains("RECALLED").then_some(())
    });
    pair.east.by("dora", &["warning", "answer", "1", "complied"]);
    until("the answer", || (ledger()[1]["answer"] == "given").then_some(()));
    // What the other side was told by us stands in its ledger of us.
    let theirs = pair.east.json(&["ledger", "list", "--partner", "west.example"]);
    assert!(theirs.iter().any(|line| line["part"] == "recall-answer"), "{theirs:?}");
    assert!(pair.west.json(&["ledger", "list", "--partner", "other.example"]).is_empty());
}
