//! What strangers and single accounts can take of a node: never what others need.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, Pair, until};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn silent(node: &Node) -> TcpStream {
    TcpStream::connect(&node.address).unwrap()
}

/// Whether the node closes a connection within this time.
fn is_closed(mut stream: &TcpStream, within: Duration) -> bool {
    stream.set_read_timeout(Some(within)).unwrap();
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => true,
        Err(e) => {
            !matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
        }
    }
}

fn healthy(node: &Node) {
    let begun = Instant::now();
    assert_eq!(node.connect().ask("GET", "/healthz", &[], b"").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

/// Eight sockets that sent nothing once stopped a node of eight connections for 180 s.
#[test]
fn silent_connections_keep_nobody_out() {
    let few = "[limits]\nconnections = 8\n";
    let west = Node::start_configured(PROGRAM, "west.example", few);
    let east = Node::start_configured(PROGRAM, "east.example", few);
    let pair = Pair::of(west, east);
    let mut held: Vec<TcpStream> = (0..40).map(|_| silent(&pair.west)).collect();
    healthy(&pair.west);
    // Half a request is as silent as none.
    for _ in 0..20 {
        let mut stream = silent(&pair.east);
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n").unwrap();
        held.push(stream);
    }
    healthy(&pair.east);
    // Partners find their places too.
    pair.interest("tickets.example");
    assert!(held.iter().filter(|one| is_closed(one, Duration::from_millis(1))).count() >= 44);
}

#[test]
fn a_connection_that_asks_for_nothing_is_closed_in_its_time() {
    let short = "[limits]\nfirst_request_seconds = 1\n";
    let node = Node::start_configured(PROGRAM, "west.example", short);
    let (nothing, mut half) = (silent(&node), silent(&node));
    half.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n").unwrap();
    // The beginning of HTTP/2, and nothing after it.
    let mut second = silent(&node);
    second.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    for stream in [&nothing, &half, &second] {
        assert!(is_closed(stream, Duration::from_secs(5)));
    }
    // What was asked in time is answered, and its connection stays.
    let mut kept = node.connect();
    for _ in 0..2 {
        assert_eq!(kept.ask("GET", "/healthz", &[], b"").status, 200);
        assert!(!is_closed(&silent(&node), Duration::from_millis(700)));
    }
}

#[test]
fn one_address_does_not_take_the_places_of_the_others() {
    let few = "[limits]\nconnections = 16\nconnections_per_address = 4\n";
    let node = Node::start_configured(PROGRAM, "west.example", few);
    let held: Vec<TcpStream> = (0..6).map(|_| silent(&node)).collect();
    until("the first to be closed", || {
        let closed = held.iter().filter(|one| is_closed(one, Duration::from_millis(1))).count();
        (closed == 2).then_some(())
    });
    healthy(&node);
}
