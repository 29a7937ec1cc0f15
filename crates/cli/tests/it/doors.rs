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

/// A client of HTTP/2 whose window is closed: it asks, and takes nothing.
async fn asks_and_takes_nothing(
    node: &Node,
    token: &str,
    pages: usize,
) -> (Vec<hyper::body::Incoming>, tokio::task::JoinHandle<hyper::Result<()>>) {
    let stream = tokio::net::TcpStream::connect(&node.address).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::Builder::new(hyper_util::rt::TokioExecutor::new())
            .initial_stream_window_size(1)
            .initial_connection_window_size(1)
            .handshake(hyper_util::rt::TokioIo::new(stream))
            .await
            .unwrap();
    let connection = tokio::spawn(connection);
    let mut bodies = Vec::new();
    for _ in 0..pages {
        let request = hyper::Request::get(format!("http://x{}", inbox()))
            .header("accept", "application/taxii+json;version=2.1")
            .header("authorization", token)
            .body(http_body_util::Empty::<hyper::body::Bytes>::new())
            .unwrap();
        sender.ready().await.unwrap();
        let answer = tokio::time::timeout(Duration::from_millis(500), sender.send_request(request));
        if let Ok(answer) = answer.await {
            bodies.push(answer.unwrap().into_body());
        }
    }
    (bodies, connection)
}

fn inbox() -> String {
    "/taxii2/api/collections/inbox/objects/".to_owned()
}

/// One account with two connections and closed windows once denied all pages to all others.
#[test]
fn pages_that_one_account_does_not_take_keep_nobody_waiting() {
    let node = Node::start_new(PROGRAM, "west.example");
    let objects: Vec<String> = (0..40).map(forewarn_testkit::made::indicator).collect();
    let file = node.write("items.json", forewarn_testkit::made::envelope(&objects));
    node.by("ana", &["intake", &file]);
    let (rita, otto) = (node.basic("rita"), node.basic("otto"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let held = runtime.block_on(async {
        let first = asks_and_takes_nothing(&node, &rita, 14).await;
        (first, asks_and_takes_nothing(&node, &rita, 2).await)
    });
    // The account has its share, and no more.
    assert_eq!(held.0.0.len(), 12);
    let taxii = "application/taxii+json;version=2.1";
    let ask = |who: &str| {
        let begun = Instant::now();
        let headers = [("accept", taxii), ("authorization", who)];
        let answer = node.connect().ask("GET", &inbox(), &headers, b"");
        assert_eq!(answer.status, 200, "{}", answer.text());
        begun.elapsed()
    };
    assert!(ask(&otto) < Duration::from_secs(1));
    // What it does not take, it loses when it asks for more itself.
    assert!(ask(&rita) < Duration::from_secs(6));
    drop(held);
}

/// Bodies that are announced and never come hold memory; others find some all the same.
#[test]
fn bodies_that_do_not_come_leave_room_for_those_of_others() {
    let small = "[limits]\nbody_memory = 1048576\n";
    let node = Node::start_configured(PROGRAM, "west.example", small);
    let token = |who: &str| format!("Bearer {}", node.good(&["token", "add", who]).trim());
    node.good(&["user", "add", "mia", "--role", "analyst"]);
    let (ana, mia) = (token("ana"), token("mia"));
    let head = format!(
        "POST /api/v1/intakes HTTP/1.1\r\nhost: x\r\nauthorization: {ana}\r\n\
         content-length: 200000\r\n\r\n"
    );
    let held: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = silent(&node);
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let take = |who: &str| {
        let begun = Instant::now();
        let headers = [("authorization", who)];
        let body = vec![b'x'; 200_000];
        let answer = node.connect().ask("POST", "/api/v1/intakes", &headers, &body);
        (answer.status, begun.elapsed())
    };
    let (status, time) = take(&mia);
    assert!(status == 200 && time < Duration::from_secs(2), "{status} {time:?}");
    // Its own wait until the ones that have stalled are given up.
    let (status, time) = take(&ana);
    assert!(status == 200 && time < Duration::from_secs(8), "{status} {time:?}");
    drop(held);
}

#[test]
fn what_a_stranger_is_answered_is_short_however_long_the_question() {
    let node = Node::start_new(PROGRAM, "west.example");
    let path = format!("/{}", "x".repeat(30_000));
    for path in [path.clone(), format!("/taxii2{path}")] {
        let answer = node.connect().ask("GET", &path, &[], b"");
        assert!(answer.status == 404 && answer.body.len() < 1_000, "{}", answer.body.len());
    }
}

/// 100,000 unsigned requests once wrote 16 MB of log in 1.6 s.
#[test]
fn strangers_do_not_fill_the_log() {
    let node = Node::start_new(PROGRAM, "west.example");
    let before = std::fs::metadata(node.file("log")).unwrap().len();
    let mut connection = node.connect();
    for _ in 0..3_000 {
        assert_eq!(connection.ask("GET", "/channel/v1/root", &[], b"").status, 401);
    }
    let grown = std::fs::metadata(node.file("log")).unwrap().len() - before;
    assert!((100..20_000).contains(&grown), "{grown}");
}
