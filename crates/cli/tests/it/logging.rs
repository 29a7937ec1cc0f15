//! A log that cannot be written fails nothing else.

use forewarn_testkit::{Node, Pair, until};
use std::fs::File;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Instant;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// A log line once panicked in the writer, whose disk was full, and the node answered every act with
/// “the node is stopping” for ever.
#[test]
fn a_node_whose_log_is_on_a_full_disk_does_all_its_work() {
    let mut pair = Pair::start(PROGRAM);
    let full = || File::options().write(true).open("/dev/full").unwrap();
    pair.west.stop();
    pair.west.start_with(full(), full());
    // Both logs are compared after a start, before anything is written: east answers until then.
    let add = ["interest", "add", "--partner", "east.example", "--label", "x", "--domain"];
    pair.west.by("paul", &[&add[..], &["x.example"]].concat());
    pair.east.stop();
    let case = pair.case("A report.");
    pair.draft(&case, "Warned all the same", "A bombing is planned.");
    // Nothing is delivered, and that is logged.
    pair.west.release("otto", &case);
    pair.west.kill_signer();
    pair.east.start();
    pair.receipted(&case);
    assert_eq!(pair.west.connect().ask("GET", "/readyz", &[], b"").status, 200);
    pair.equal();
    pair.west.stop();
}

/// What nobody reads fills a pipe, and whoever writes to it waits for ever.
#[test]
fn a_node_whose_log_nobody_reads_does_all_its_work_and_ends() {
    let mut node = Node::start_new(PROGRAM, "west.example");
    node.stop();
    let (_unread, log) = std::io::pipe().unwrap();
    // A pipe holds 64 KiB, and is full before the node begins.
    (&log).write_all(&vec![b'x'; 64 << 10]).unwrap();
    node.start_with(Stdio::null(), log);
    for _ in 0..300 {
        assert_eq!(node.connect().ask("POST", "/channel/v1/entries", &[], b"{}").status, 401);
    }
    assert_eq!(node.connect().ask("GET", "/readyz", &[], b"").status, 200);
    let before = Instant::now();
    node.stop();
    assert!(before.elapsed() < forewarn_testkit::LIMIT);
}

/// Requests of strangers that are logged, 100,000 of them, once wrote 16 MB.
#[test]
fn strangers_do_not_fill_the_disk_with_lines() {
    let node = Node::start_new(PROGRAM, "west.example");
    for _ in 0..2_000 {
        assert_eq!(node.connect().ask("POST", "/channel/v1/entries", &[], b"{}").status, 401);
    }
    let log = std::fs::read_to_string(node.file("log")).unwrap();
    assert!(log.len() < 100_000, "{}", log.len());
}

/// A node that stands still is not ready, whatever its database says to those who read.
#[test]
fn readiness_is_asked_of_the_writer_itself() {
    let node = Node::start_new(PROGRAM, "west.example");
    assert_eq!(node.connect().ask("GET", "/readyz", &[], b"").status, 200);
    let database = rusqlite::Connection::open(node.home().join("forewarn.sqlite")).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    forewarn_testkit::pause(std::time::Duration::from_millis(1_100));
    let answer = node.connect().ask("GET", "/readyz", &[], b"");
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.text().contains("has not answered within"), "{}", answer.text());
    database.execute_batch("ROLLBACK").unwrap();
    forewarn_testkit::until("readiness", || {
        (node.connect().ask("GET", "/readyz", &[], b"").status == 200).then_some(())
    });
}

/// Whoever watched the log of a node at work once saw nothing: no match, no warning, no recall.
#[test]
fn what_a_node_does_is_a_line_each_and_names_nobody() {
    let mut pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    let path = pair.west.write("seen.txt", "Anton Velikov asked for tickets.example twice.");
    let told = pair.west.by("ana", &["intake", &path, "--source", "HERON-7"]);
    assert!(told.contains("1 taken in\n  matched: case 1 (east.example)"), "{told}");
    let case = pair.case("A report.");
    pair.draft(&case, "A title of ours", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.draft(&case, "A title of ours", "A bombing is planned, sooner.");
    pair.west.release("otto", &case);
    pair.equal();
    pair.east.stop();
    pair.west.by("otto", &["case", "recall", &case, "--reason", "it was mistaken"]);
    until("a failed delivery", || pair.west.logged().contains("not delivered yet").then_some(()));
    pair.east.start();
    pair.equal();
    let (west, east) = (pair.west.logged(), pair.east.logged());
    let lines = |log: &str, parts: &[&str]| {
        log.lines().filter(|line| parts.iter().all(|part| line.contains(part))).count()
    };
    assert_eq!(lines(&west, &["INFO", "matched", "case=\"1\""]), 1, "{west}");
    for stage in ["open", "released", "recalled"] {
        assert!(lines(&west, &["INFO", " case ", &format!("stage=\"{stage}\"")]) > 0, "{west}");
    }
    for kind in ["warning", "update", "recall"] {
        let kind = format!("kind=\"{kind}\"");
        assert_eq!(lines(&west, &["INFO", " sent ", &kind, "east.example"]), 1, "{west}");
        assert_eq!(lines(&east, &["INFO", " received ", &kind, "warning-1"]), 1, "{east}");
    }
    for log in [&west, &east] {
        for word in ["Velikov", "HERON", "A title", "bombing", "mistaken", "tickets.example"] {
            assert!(!log.contains(word), "{word}: {log}");
        }
    }
}

#[test]
fn an_intake_says_what_it_met_and_in_json_too() {
    let pair = Pair::start(PROGRAM);
    let path = pair.west.write("nothing.txt", "Nothing that anyone asked for.");
    let told = pair.west.by("ana", &["intake", &path]);
    assert!(told.contains("matched: no partner's interest"), "{told}");
    pair.interest("tickets.example");
    let seen = pair.west.write("seen.txt", "A call from tickets.example.");
    let told = pair.west.json(&["intake", &seen, "--as", "ana"]);
    let case = told.first().and_then(|told| told.pointer("/cases/0/partner"));
    assert_eq!(case.and_then(serde_json::Value::as_str), Some("east.example"), "{told:?}");
    // What is here already meets nothing anew; an account that may not read is told nothing.
    pair.west.good(&["user", "add", "sven", "--role", "service"]);
    let more = pair.west.write("more.txt", "Another call from tickets.example.");
    let told = pair.west.by("sven", &["intake", &more]);
    assert!(told.contains("1 taken in") && !told.contains("match"), "{told}");
}
