//! A log that cannot be written fails nothing else.

use forewarn_testkit::{Node, Pair};
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
