//! The steps to today's format, tried on a copy first.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use flate2::read::GzDecoder;
use forewarn_testkit::Node;
use std::io::Read as _;
use std::path::Path;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// A node that stands still, with the database of an older one in its folder.
fn of_version(version: u32) -> Node {
    let mut node = Node::start_new(PROGRAM, "west.example");
    node.stop();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/formats");
    let file = std::fs::File::open(folder.join(format!("{version}/west.sqlite.gz"))).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(node.home().join(format!("forewarn.sqlite{end}")));
    }
    std::fs::write(node.home().join("forewarn.sqlite"), bytes).unwrap();
    node
}

fn version(node: &Node) -> i64 {
    let file = rusqlite::Connection::open(node.home().join("forewarn.sqlite")).unwrap();
    file.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn steps_are_tried_on_a_copy_and_the_database_stays_as_it_is_until_they_are_done() {
    for old in [4, 11] {
        let node = of_version(old);
        let found = node.json(&["migrate", "--check"]).remove(0);
        let (from, to) = (found["from"].as_u64().unwrap(), found["to"].as_u64().unwrap());
        assert_eq!(from, u64::from(old));
        let steps = found["steps"].as_array().unwrap();
        let versions: Vec<u64> =
            steps.iter().map(|step| step["version"].as_u64().unwrap()).collect();
        assert_eq!(versions, (from + 1..=to).collect::<Vec<_>>());
        assert!(found["wrong"].as_array().unwrap().is_empty(), "{found}");
        // Every step does something, and says what.
        for step in steps {
            let does = ["added", "changed", "removed"]
                .iter()
                .any(|what| !step[*what].as_array().unwrap().is_empty());
            assert!(does || step["rows"].as_u64().unwrap() > 0, "{step}");
        }
        assert_eq!(version(&node), i64::from(old));
        assert!(!node.home().join("migrate.stage").exists());
        let elsewhere = node.file("elsewhere");
        std::fs::create_dir(&elsewhere).unwrap();
        let words = node.good(&["migrate", "--check", "--in", &elsewhere.display().to_string()]);
        assert!(words.contains("everything fits"), "{words}");
        assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0);
        let words = node.good(&["migrate"]);
        assert!(words.contains(&format!("from version {old} to {to}")), "{words}");
        assert_eq!(version(&node).unsigned_abs(), to);
        assert!(node.good(&["migrate"]).contains("nothing was changed"));
        assert!(node.good(&["migrate", "--check"]).contains("the next start changes nothing"));
    }
}

#[test]
fn a_newer_database_is_refused_in_words_and_one_that_a_step_cannot_take_too() {
    // One that lacks what a step goes on from, and one that does not fit although every step is done.
    for (old, lost, told) in
        [(4, "item", "no such table"), (11, "feed", "does not fit after the steps")]
    {
        let node = of_version(old);
        let file = rusqlite::Connection::open(node.home().join("forewarn.sqlite")).unwrap();
        let drop = format!("PRAGMA foreign_keys = OFF; DROP TABLE {lost}");
        file.execute_batch(&drop).unwrap();
        file.close().unwrap();
        let refused = node.refused(&["migrate", "--check"]);
        assert!(refused.contains(told), "{refused}");
        assert_eq!(version(&node), i64::from(old));
        assert!(!node.home().join("migrate.stage").exists());
    }
    let node = of_version(11);
    let file = rusqlite::Connection::open(node.home().join("forewarn.sqlite")).unwrap();
    file.pragma_update(None, "user_version", 999).unwrap();
    drop(file);
    for asked in [&["migrate", "--check"][..], &["migrate"], &["serve"]] {
        let output = node.run(asked);
        assert!(!output.status.success(), "{asked:?}");
        let refused = String::from_utf8(output.stderr).unwrap();
        assert!(refused.contains("the database is of version 999"), "{refused}");
        assert!(refused.contains("start the newer program"), "{refused}");
    }
    assert_eq!(version(&node), 999);
    let mut node = Node::start_new(PROGRAM, "west.example");
    // While it runs, it can be tried, and is not done.
    assert!(node.good(&["migrate", "--check"]).contains("the next start changes nothing"));
    assert!(node.refused(&["migrate"]).contains("runs"));
    node.stop();
}
