//! Who was given what, why and when; and who has not answered what must be answered.

use forewarn_testkit::{Pair, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

#[test]
fn every_dissemination_stands_in_the_ledger_and_a_recall_until_it_is_answered() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report of Anton Velikov.");
    let words = ["--title", "Planned bombing", "--text", "A bombing is planned."];
    let graded = ["--likelihood", "likely", "--confidence", "moderate"];
    let draft = ["case", "draft", &case, "--valid-until", "2099-01-01T00:00:00Z"];
    pair.west.by("ana", &[&draft[..], &words, &graded].concat());
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
    // How good the basis is, and not how likely the threat.
    assert_eq!(release["confidence"], "moderate");
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

#[test]
fn an_update_stands_in_the_ledger_until_it_is_answered_and_a_page_goes_on_where_one_ended() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.west.by("ana", &["case", "update", &case, "--title", "Planned bombing on Friday"]);
    pair.west.release("otto", &case);
    let rows = |more: &[&str]| {
        pair.west.json(&[&["ledger", "list", "--partner", "east.example"][..], more].concat())
    };
    let answers = || rows(&[]).iter().map(|row| row["answer"].clone()).collect::<Vec<_>>();
    assert_eq!(answers(), ["not-asked", "missing"]);
    until("the second version", || {
        let shown = pair.east.get("/api/v1/warnings/1");
        (shown.pointer("/warning/version")? == 2).then_some(())
    });
    pair.east.by("dora", &["warning", "answer", "1", "complied"]);
    until("the answer", || (answers() == ["not-asked", "given"]).then_some(()));
    let first = rows(&["--limit", "1"]);
    assert_eq!((first.len(), &first[0]["what"]), (1, &"release".into()));
    let page = pair.west.connect_local().ask("GET", "/api/v1/ledger?limit=1", &[], b"");
    let link = page.header("link").unwrap();
    assert!(link.contains("after="), "{link}");
}
