//! Agreements that both sides sign over the channel, version by version.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Node, Pair, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

const PROPOSE: [&str; 4] = ["partner", "agreement", "propose", "east.example"];
const VERSION: [&str; 4] = ["partner", "agreement", "accept", "west.example"];

/// West signs and proposes; two of its people.
fn propose(pair: &Pair, terms: &[&str]) {
    let told = pair.west.by("paul", &[&PROPOSE[..], terms].concat());
    assert!(told.contains("waits for a second person"), "{told}");
    pair.west.approve("otto");
}

/// East signs what has come to it; two of its people.
fn accept(pair: &Pair, version: &str) {
    needs(&pair.east, "has signed a version of the agreement");
    let told = pair.east.by("paul", &[&VERSION[..], &[version]].concat());
    assert!(told.contains("waits for a second person"), "{told}");
    pair.east.approve("otto");
    until("both signatures", || {
        let held = pair.west.json(&["partner", "show", "east.example"]).pop()?;
        (held["agreement"]["version"].as_u64() == version.parse().ok()).then_some(())
    });
}

fn needs(node: &Node, words: &str) {
    until("the need", || node.good(&["needs"]).contains(words).then_some(()));
}

fn due(node: &Node, case: &str) -> String {
    let shown = node.json(&["case", "show", case]).pop().unwrap();
    shown["case"]["due"].as_str().unwrap().to_owned()
}

#[test]
fn what_both_have_signed_binds_the_gate_the_clock_and_free_text_and_is_proven() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report of Anton Velikov that leads to a bombing.");
    pair.draft(&case, "Bombing", "A bombing is planned.");
    let before = due(&pair.west, &case);
    assert!(pair.west.good(&["case", "preview", &case]).contains("--digest"));
    propose(&pair, &["--ceiling", "green", "--sentences", "two", "--clocks", "2m,3m,4m,5m"]);
    needs(&pair.west, "has not answered our version of the agreement");
    // One signature changes nothing, on either side.
    needs(&pair.east, "has signed a version of the agreement");
    assert_eq!(due(&pair.west, &case), before);
    for (node, other) in [(&pair.west, "east.example"), (&pair.east, "west.example")] {
        let held = node.json(&["partner", "show", other]).pop().unwrap();
        assert_eq!((&held["ceiling"], &held["agreement"]), (&json!("amber"), &Value::Null));
    }
    let shown = pair.east.good(&["partner", "agreement", "show", "west.example", "1"]);
    for words in ["waiting for our signature", "by paul", "TLP:GREEN", "immediate 2 minutes"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    accept(&pair, "1");
    // The gate: what was written before is marked more strictly than is agreed.
    let refused = pair.west.release_refused("otto", &case);
    assert!(refused.contains("the partner's agreement ends at TLP:GREEN"), "{refused}");
    // The clock: the case has less time than it had.
    assert!(due(&pair.west, &case) < before);
    let told = pair.west.good(&["case", "show", &case, "--json"]);
    assert!(told.contains("version 1 of the agreement gives less time"), "{told}");
    // Free text: two persons, at the side that did not propose it too.
    let words = ["case", "draft", &case, "--title", "Bombing", "--text", "A bombing is planned."];
    let rest = ["--valid-until", "2099-01-01T00:00:00Z", "--tlp", "green"];
    pair.west.by("ana", &[&words[..], &rest].concat());
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.east.by("dora", &["warning", "open", "1"]);
    let told = pair.east.by("dora", &["warning", "accept", "1", "--note", "in hand"]);
    assert!(told.contains("waits for a second person"), "{told}");
    // The proof: both signatures, by entries of both logs.
    let held = pair.west.json(&["partner", "agreement", "show", "east.example"]).pop().unwrap();
    assert_eq!(held["state"], "in-force");
    let index = |n: usize| held["signatures"][n]["entry"].to_string();
    let file = pair.west.file("agreement.json").display().to_string();
    let (ours, theirs) = (index(0), index(1));
    let entries = ["--partner", "east.example", "--ours", &ours, "--theirs", &theirs];
    let shows = ["--show", "terms", "by", "-o", &file];
    pair.west.good(&[&["evidence", "export"][..], &entries, &shows].concat());
    let proven = pair.west.good(&["verify", &file]);
    for words in ["agreement-proposed", "agreement-accepted", "green"] {
        assert!(proven.contains(words), "{words}: {proven}");
    }
    pair.equal();
}

#[test]
fn a_version_is_declined_replaced_and_listed_and_only_an_open_channel_carries_one() {
    let pair = Pair::start(PROGRAM);
    propose(&pair, &["--ceiling", "red"]);
    needs(&pair.east, "has signed a version of the agreement");
    let again = [&PROPOSE[..], &["--ceiling", "clear", "--as", "paul"]].concat();
    let refused = pair.west.refused(&again);
    assert!(refused.contains("our proposal, version 1, waits for their answer"), "{refused}");
    let decline = ["partner", "agreement", "decline", "west.example", "1"];
    pair.east.by("paul", &[&decline[..], &["--reason", "nothing red by wire"]].concat());
    until("the answer", || {
        let shown = pair.west.good(&["partner", "agreement", "show", "east.example", "1"]);
        shown.contains("because: nothing red by wire").then_some(())
    });
    assert!(pair.west.good(&["partner", "show", "east.example"]).contains("TLP:AMBER"));
    propose(&pair, &["--ceiling", "green", "--handling", "H0,H1"]);
    accept(&pair, "2");
    // What is not named stays as it is.
    propose(&pair, &["--ceiling", "clear"]);
    accept(&pair, "3");
    let all = pair.west.json(&["partner", "agreement", "list", "east.example"]);
    let states: Vec<&Value> = all.iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["declined", "replaced", "in-force"]);
    assert_eq!(all[2]["terms"]["handling"], json!(["H0", "H1"]));
    // The paper does not undo what both have signed.
    let agree = ["partner", "agree", "east.example", "--sentences", "two", "--reason", "§ 4"];
    let refused = pair.west.refused(&[&agree[..], &["--as", "paul"]].concat());
    assert!(refused.contains("version 3 of the agreement"), "{refused}");
    // Nor does one without a node sign, nor one whose channel is closed.
    let without = ["partner", "add-without-node", "north.example", "--organisation", "North"];
    pair.west.by("paul", &without);
    pair.west.by("paul", &["partner", "suspend", "east.example", "--reason", "under review"]);
    for (name, why) in [("north.example", "runs no node"), ("east.example", "is suspended")] {
        let propose = ["partner", "agreement", "propose", name, "--ceiling", "green"];
        let refused = pair.west.refused(&[&propose[..], &["--as", "paul"]].concat());
        assert!(refused.contains(why), "{name}: {refused}");
    }
}

/// Proposed, read by the second person, and signed at two desks.
#[test]
fn an_agreement_is_proposed_read_and_signed_at_two_desks() {
    let pair = Pair::start(PROGRAM);
    for node in [&pair.west, &pair.east] {
        for person in ["paul", "otto", "rita"] {
            give_password(node, person);
        }
    }
    let second = |node: &Node| {
        let mut otto = Desk::sign_in(node, "otto");
        let proposals = node.get("/api/v1/proposals");
        let number = proposals.as_array().unwrap().last().unwrap()["number"].to_string();
        otto.open(&format!("/desk/proposals/{number}"));
        otto.says("ceiling TLP:GREEN").says("immediate 2 minutes");
        otto.send(&format!("Approve proposal {number}"), &[]);
    };
    let mut paul = Desk::sign_in(&pair.west, "paul");
    paul.open("/desk/partners/east.example").follow("Agreement: read, sign, propose");
    paul.says("Nothing was agreed yet");
    let terms = [("ceiling", "green"), ("sentences", "two"), ("immediate", "2")];
    paul.send_for("Propose this version", &terms, 422).says("That is no whole number");
    let clocks = [("expected", "3"), ("future", "4"), ("question", "5")];
    paul.send("Propose this version", &[&terms[..], &clocks].concat());
    second(&pair.west);
    let mut theirs = Desk::sign_in(&pair.east, "paul");
    let at = "/desk/partners/west.example/agreement";
    theirs.wait_for(at, "waiting for our signature").says("TLP:GREEN");
    // Whoever only reads, reads.
    let mut rita = Desk::sign_in(&pair.east, "rita");
    rita.open(at).says("TLP:GREEN").says_nothing_of("Propose to sign");
    theirs.send_for("Decline version 1", &[], 422).says("Say something here");
    theirs.send("Propose to sign version 1", &[]);
    second(&pair.east);
    paul.wait_for("/desk/partners/east.example/agreement", "in force");
    theirs.open(at).says("in force").says("Propose this version");
}

#[test]
fn what_is_red_goes_to_those_alone_whom_both_have_signed_by_name() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    let red = |to: &'static str| {
        let draft = ["case", "draft", "1", "--title", "Bombing", "--text", "It is planned."];
        let more = ["--tlp", "red", "--to", to, "--valid-until", "2099-01-01T00:00:00Z"];
        pair.west.by("ana", &[&draft[..], &more].concat());
    };
    let dora = "east.example: Dora Ek: +49 30 1234";
    let terms = ["--ceiling", "red", "--person", dora, "--person", "west.example: Otto Berg"];
    propose(&pair, &terms);
    accept(&pair, "1");
    let shown = pair.east.good(&["partner", "agreement", "show", "west.example"]);
    assert!(shown.contains("by name      east.example: Dora Ek: +49 30 1234"), "{shown}");
    // Otto is named for west: for east's people he says nothing.
    red("Otto Berg");
    let preview = pair.west.good(&["case", "preview", &case]);
    assert!(
        preview.contains("none of those whom version 1 of the agreement names: Dora Ek"),
        "{preview}"
    );
    assert!(pair.west.release_refused("otto", &case).contains("Otto Berg is none of those"));
    red("Dora Ek");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    // What is not named again stays; and it can be taken out.
    propose(&pair, &["--ceiling", "amber"]);
    accept(&pair, "2");
    let shown = pair.west.good(&["partner", "agreement", "show", "east.example"]);
    assert!(shown.contains("Dora Ek") && shown.contains("TLP:AMBER"), "{shown}");
    propose(&pair, &["--without-persons"]);
    accept(&pair, "3");
    assert!(!pair.west.good(&["partner", "agreement", "show", "east.example"]).contains("Dora"));
}
