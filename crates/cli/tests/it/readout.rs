//! What both sides say in public: digests first, texts together, and what of them is proven.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const WEST: &str = "On 15 December we warned our partner. Seven people were arrested. Nobody of ours \
                    is named. We thank our partner.";
const EAST: &str = "We were warned. In all, 7 people were detained in the city.";

/// A pair whose warning was acted on, and where its outcome stands in east's log.
fn acted() -> (Pair, String) {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report of Anton Velikov.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.east.by("dora", &["warning", "accept", "1"]);
    let facts = ["warning", "outcome", "1", "--fact", "arrested=7@2017-12-15", "--json"];
    let answer: Value = serde_json::from_str(&pair.east.by("dora", &facts)).unwrap();
    let index = answer["entry"]["index"].to_string();
    until("the outcome", || {
        let shown = pair.west.good(&["case", "show", "1"]);
        shown.contains("7 arrested").then_some(())
    });
    (pair, index)
}

fn readout(node: &Node, subject: &str) -> Value {
    node.get(&format!("/api/v1/readouts/{subject}"))
}

/// Both write, commit and agree on an embargo.
fn committed(pair: &Pair, outcome: &str) {
    let fact = format!("theirs/{outcome}/facts/0/count=Seven people");
    let west = ["readout", "write", "case-1", "--text", WEST, "--fact", &fact];
    let more =
        ["--fact", "ours/1/@time=On 15 December", "--kept-back", "ours/1/names=Nobody of ours"];
    pair.west.by("ana", &[&west[..], &more].concat());
    let fact = format!("ours/{outcome}/facts/0/count=7 people");
    pair.east.by("ana", &["readout", "write", "warning-1", "--text", EAST, "--fact", &fact]);
    let until_then = "+30d";
    pair.west.by("ana", &["readout", "commit", "case-1", "--until", until_then]);
    let words = pair.west.good(&["proposal", "list"]);
    assert!(words.contains("commit to what is said in public"), "{words}");
    pair.west.approve("otto");
    until("the proposal of an embargo", || {
        let needs = pair.east.get("/api/v1/needs").to_string();
        needs.contains("embargo warning-1").then_some(())
    });
    pair.east.by("otto", &["readout", "embargo", "accept", "warning-1"]);
    pair.east.by("ana", &["readout", "commit", "warning-1"]);
    pair.east.approve("otto");
    until("east's digest", || {
        let theirs = readout(&pair.west, "case-1")["readout"]["theirs"]["stage"] == "committed";
        theirs.then_some(())
    });
    assert_eq!(readout(&pair.west, "case-1")["readout"]["embargo"]["embargo"], "active");
    assert_eq!(readout(&pair.west, "case-1")["agreed"].as_array().unwrap().len(), 1);
}

#[test]
fn an_early_reveal_shows_on_both_sides_and_both_texts_are_held_against_the_transcript() {
    let (pair, outcome) = acted();
    committed(&pair, &outcome);
    let refused = pair.east.refused(&["readout", "reveal", "warning-1", "--as", "otto"]);
    assert!(refused.contains("an embargo binds both sides"), "{refused}");
    pair.east.by("otto", &["readout", "reveal", "warning-1", "--early"]);
    until("the early text", || {
        let needs = pair.west.get("/api/v1/needs").to_string();
        needs.contains("revealed-early case-1").then_some(())
    });
    for (node, subject) in [(&pair.west, "case-1"), (&pair.east, "warning-1")] {
        let words = node.good(&["readout", "show", subject]);
        assert!(words.contains("EARLY"), "{words}");
    }
    let history = pair.west.get("/api/v1/cases/1").to_string();
    assert!(history.contains("the partner has published EARLY"), "{history}");
    pair.west.by("otto", &["readout", "note", "case-1"]);
    pair.west.by("otto", &["readout", "reveal", "case-1"]);
    let compared = pair.west.good(&["readout", "compare", "case-1"]);
    for words in ["both state", "arrested", "detained", "city"] {
        assert!(compared.contains(words), "{words}: {compared}");
    }
    // What is committed to and what is published are two things that the partner was given.
    let ledger = pair.west.json(&["ledger", "list", "--about", "case-1"]);
    let parts: Vec<&Value> = ledger.iter().map(|row| &row["part"]).collect();
    for part in ["the digest of our readout", "our readout"] {
        assert!(parts.contains(&&Value::from(part)), "{parts:?}");
    }
    crate::described::answers_are_as_described(&pair.west);
    verified(&pair);
    pair.equal();
}

/// What was published is held against evidence and a transcript, by anybody.
fn verified(pair: &Pair) {
    let west = &pair.west;
    west.good(&["readout", "export", "case-1", "--output", "ours.json"]);
    west.good(&["readout", "export", "case-1", "--theirs", "--output", "theirs.json"]);
    west.good(&["evidence", "export", "case-1", "--show", "facts", "--output", "evidence.json"]);
    west.good(&["channel", "export", "east.example", "--output", "transcript.json"]);
    let of = ["readout", "verify", "ours.json", "--evidence", "evidence.json"];
    let words = west.good(&of);
    for expected in [
        "the commitment to this text: PROVEN",
        "“Seven people”",
        "withheld, and committed to by that digest",
        "the transcript is silent on the rest",
    ] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    assert_eq!(words.matches(": PROVEN").count(), 3, "{words}");
    let theirs = ["readout", "verify", "theirs.json", "--transcript", "transcript.json"];
    let words = west.good(&theirs);
    assert_eq!(words.matches(": PROVEN").count(), 2, "{words}");
    // A text that was changed after it was published is found out.
    let bytes = std::fs::read_to_string(west.file("ours.json")).unwrap();
    west.write("changed.json", bytes.replace("\"is\":7", "\"is\":8"));
    let refused = west.run(&["readout", "verify", "changed.json", "--evidence", "evidence.json"]);
    let words = String::from_utf8(refused.stdout).unwrap();
    assert!(words.contains("CONTRADICTED: 7"), "{words}");
    assert!(words.contains("commitment to this text: CONTRADICTED"), "{words}");
    assert_eq!(refused.status.code(), Some(1));
}

#[test]
fn what_is_withheld_from_anybody_stands_in_no_readout() {
    let (pair, _) = acted();
    let write = ["readout", "write", "case-1", "--as", "ana", "--text"];
    let refused = pair.west.refused(&[&write[..], &["Anton Velikov was arrested."]].concat());
    assert!(refused.contains("the gate is shut"), "{refused}");
    let refused = pair.west.refused(&[&write[..], &["HERON-7 told us."]].concat());
    assert!(refused.contains("the gate is shut"), "{refused}");
}
