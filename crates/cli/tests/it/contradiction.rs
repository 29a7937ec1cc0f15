//! A node that has written one log twice: noticed, proven, kept.

use forewarn_testkit::{Node, Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// Everything that a node remembers, its signer too.
const FILES: [&str; 3] = ["forewarn.sqlite", "forewarn.sqlite-wal", "signed.log"];

/// West has told east one thing, and now holds that it told another.
fn written_twice() -> Pair {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let case = pair.case("A report.");
    pair.draft(&case, "One thing", "A bombing is planned.");
    pair.west.save(&FILES);
    pair.west.release("otto", &case);
    pair.receipted(&case);
    let told = pair.west.file("told.json").display().to_string();
    pair.west.good(&["channel", "export", "east.example", "-o", &told]);
    // East cannot say what it holds, and a person of west's takes the risk.
    pair.east.stop();
    pair.west.set_back(&FILES);
    let go = ["channel", "write-uncompared", "east.example", "--reason", "nothing was restored"];
    pair.west.by("paul", &go);
    pair.draft(&case, "Another thing", "Nothing is planned.");
    pair.west.release("otto", &case);
    let now = pair.west.file("now.json").display().to_string();
    pair.west.good(&["channel", "export", "east.example", "-o", &now]);
    pair.east.start();
    pair
}

fn kept(node: &Node) -> Vec<Value> {
    node.json(&["channel", "contradictions"])
}

#[test]
fn a_log_that_was_written_twice_is_refused_and_the_proof_kept_and_shown() {
    let mut pair = written_twice();
    let now = pair.west.file("now.json").display().to_string();
    let import = ["channel", "import", "west.example", &now, "--as", "paul"];
    let refused = pair.east.refused(&import);
    assert!(refused.contains("held with other bytes"), "{refused}");
    until("the proof", || (kept(&pair.east).len() == 1).then_some(()));
    assert_eq!(pair.titles(), ["EXERCISE: One thing"]);
    let status = pair.east.good(&["status"]);
    assert!(status.contains("LOGS WERE WRITTEN TWICE: 1 proofs are kept"), "{status}");
    let doctor = pair.east.run(&["doctor"]);
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("WRONG  contradictions"));
    let path = pair.east.file("proof.json").display().to_string();
    pair.east.good(&["channel", "contradictions", "--number", "1", "-o", &path]);

    // The partner that was told two things sees it too, when it asks.
    let refused = pair.east.refused(&["channel", "reconcile", "west.example"]);
    assert!(refused.contains("the two sides hold different logs"), "{refused}");
    let compared = pair.east.run(&["channel", "reconcile", "west.example", "--json"]);
    let compared = String::from_utf8(compared.stdout).unwrap();
    let lines: Vec<Value> = compared.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let ours = lines.iter().find(|one| one["verdict"] == "different").unwrap();
    assert!(ours["log"].as_str().unwrap().starts_with("west.example/"));
    assert_eq!(ours["index"], 1);

    // Nothing but the file is needed, and it is kept over a restart.
    pair.west.stop();
    pair.east.stop();
    let shown = pair.east.good(&["verify", &path]);
    assert!(shown.contains("PROVEN: west.example has signed two logs"), "{shown}");
    pair.east.start();
    assert_eq!(kept(&pair.east).len(), 1);
}

#[test]
fn two_files_show_the_first_difference_without_a_node() {
    let mut pair = written_twice();
    let told = pair.west.file("told.json").display().to_string();
    let now = pair.west.file("now.json").display().to_string();
    pair.west.stop();
    pair.east.stop();
    let both = pair.west.run(&["channel", "reconcile", "--files", &told, &now]);
    assert_eq!(both.status.code(), Some(1));
    let words = String::from_utf8(both.stdout).unwrap();
    assert!(words.contains("DIFFERENT from entry 1 on, and its writer has signed both"), "{words}");
    let same = pair.west.good(&["channel", "reconcile", "--files", &told, &told]);
    assert_eq!(same.matches(": equal,").count(), 2, "{same}");

    // The node compares itself with a file that was carried to it, and keeps what that proves.
    pair.east.start();
    let with = ["channel", "reconcile", "west.example", "--with", &now, "--as", "paul"];
    assert!(pair.east.refused(&with).contains("the two sides hold different logs"));
    // West may have pushed what contradicts itself before it was stopped: that is another proof.
    assert!(matches!(kept(&pair.east).len(), 1 | 2));
}
