//! A signer that hangs: nothing waits for it that does not need it, and it is replaced.

use forewarn_testkit::{Node, Pair, until};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn quick(node: &Node, path: &str) {
    let begun = Instant::now();
    let answer = node.connect_local().ask("GET", path, &[], b"");
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    assert!(begun.elapsed() < Duration::from_secs(2), "{path}: {:?}", begun.elapsed());
}

/// Asks for many transcripts, each of which needs a signature; nobody waits for the answers.
fn needs_signatures(node: &Node, count: usize) {
    for _ in 0..count {
        let mut connection = node.connect_local();
        std::thread::spawn(move || {
            drop(connection.try_ask("GET", "/api/v1/channels/east.example/transcript", &[], b""));
        });
    }
}

#[test]
fn a_signer_that_hangs_holds_up_nothing_else_and_is_replaced() {
    let pair = Pair::start(PROGRAM);
    pair.equal();
    let hung = pair.west.signer().unwrap();
    pair.west.freeze_signer();
    // Something to be signed, and many who wait for it.
    let add = ["interest", "add", "--partner", "east.example", "--label", "x", "--domain"];
    pair.west.by("paul", &[&add[..], &["x.example"]].concat());
    needs_signatures(&pair.west, 100);
    for path in ["/api/v1/card", "/healthz", "/readyz", "/api/v1/interests", "/api/v1/channels"] {
        for _ in 0..5 {
            quick(&pair.west, path);
        }
    }
    // The signer is given up in its time, and what waited goes out.
    until("what waited for the signer", || {
        pair.east.get("/api/v1/interests").to_string().contains("x.example").then_some(())
    });
    assert_ne!(pair.west.signer(), Some(hung));
    assert!(!std::path::Path::new(&format!("/proc/{hung}/stat")).exists());
    pair.equal();
}

#[test]
fn a_node_stops_although_its_signer_hangs() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let hung = pair.west.signer().unwrap();
    pair.west.freeze_signer();
    let add = ["interest", "add", "--partner", "east.example", "--label", "x", "--domain"];
    pair.west.by("paul", &[&add[..], &["x.example"]].concat());
    needs_signatures(&pair.west, 20);
    quick(&pair.west, "/healthz");
    let begun = Instant::now();
    pair.west.stop();
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    assert!(!std::path::Path::new(&format!("/proc/{hung}/stat")).exists());
    pair.west.start();
    pair.equal();
    // Nobody waits for it this time: it ends with the node all the same.
    let hung = pair.west.signer().unwrap();
    pair.west.freeze_signer();
    let begun = Instant::now();
    pair.west.stop();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!(!std::path::Path::new(&format!("/proc/{hung}/stat")).exists());
}
