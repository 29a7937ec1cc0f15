//! First figures, as JSON lines: intake, read, warning latency, and the limits beside them.
//!
//! `forewarn-bench PROGRAM [OBJECTS]` starts real nodes of PROGRAM on this machine's loopback.

use forewarn_testkit::figure::{at, fsync_limit, machine, rate, tell};
use forewarn_testkit::{Node, Pair, made, until};
use serde_json::json;
use std::time::{Duration, Instant};

const TAXII: &str = "application/taxii+json;version=2.1";
/// Objects of one envelope.
const ENVELOPE: u64 = 1_000;
/// Objects stored, when the caller does not say.
const OBJECTS: u64 = 100_000;
const WARNINGS: usize = 60;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().unwrap_or_else(|| "target/release/forewarn".to_owned());
    let objects = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(OBJECTS);
    tell(&machine());
    fsync_limit();
    let node = Node::start_new(&program, "bench.example");
    let auth = node.basic("ana");
    let_in(&node, &auth);
    intake(&node, &auth, objects);
    read(&node, &auth, objects);
    tell(
        &json!({ "figure": "peak memory", "node": "after intake and read", "MiB": node.peak_memory_kib() / 1024 }),
    );
    warnings(&program);
    standing(&program);
}

/// What it costs to let a request in by a token: beside one that needs none, in turns.
fn let_in(node: &Node, auth: &str) {
    let mut connection = node.connect();
    let headers = [("authorization", auth), ("accept", TAXII)];
    let (mut open, mut known) = (Vec::new(), Vec::new());
    for _ in 0..5_000 {
        for (path, times) in [("/healthz", &mut open), ("/taxii2/", &mut known)] {
            let start = Instant::now();
            let answer = connection.ask("GET", path, &headers, b"");
            times.push(start.elapsed());
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
    }
    let micros = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len() / 2).map_or(0, Duration::as_micros)
    };
    let (open, known) = (micros(&mut open), micros(&mut known));
    tell(&json!({
        "figure": "a request let in by a token, beyond one that needs none, 1 connection",
        "p50_us": known.saturating_sub(open), "without_us": open, "with_us": known, "budget_p50_us": 50,
    }));
}

fn intake(node: &Node, auth: &str, objects: u64) {
    let path = node.collection();
    let mut connection = node.connect();
    let (mut spent, mut bytes) = (Duration::ZERO, 0);
    let mut first = Duration::ZERO;
    for part in 0..objects / ENVELOPE {
        let made: Vec<String> =
            (part * ENVELOPE..(part + 1) * ENVELOPE).map(made::indicator).collect();
        let body = made::envelope(&made);
        let start = Instant::now();
        connection.take_in(&path, auth, &body);
        spent += start.elapsed();
        bytes += body.len();
        if part == 9 {
            first = spent;
        }
    }
    tell(&json!({
        "figure": "intake, TAXII POST, envelopes of 1,000 objects of about 1 kB, 1 connection",
        "objects": objects, "objects_per_s": rate(objects, spent), "MB_per_s": rate(bytes as u64, spent) / 1_000_000,
        "objects_per_s_first_10000": rate(10 * ENVELOPE, first), "budget_objects_per_s": 60_000,
    }));
    let mut times = Vec::new();
    for number in 0..200 {
        let body = made::envelope(&[made::indicator(1 << 40 | number)]);
        let start = Instant::now();
        connection.take_in(&path, auth, &body);
        times.push(start.elapsed());
    }
    let spent: Duration = times.iter().sum();
    tell(&json!({
        "figure": "intake, TAXII POST, envelopes of 1 object, 1 connection",
        "objects_per_s": rate(200, spent), "p50_ms": at(&mut times, 50), "p99_ms": at(&mut times, 99),
    }));
}

fn read(node: &Node, auth: &str, objects: u64) {
    let mut connection = node.connect();
    let headers = [("authorization", auth), ("accept", TAXII)];
    let mut times = Vec::new();
    let (mut bytes, mut next) = (0, String::new());
    loop {
        let path = format!("{}?limit=1000{next}", node.collection());
        let start = Instant::now();
        let answer = connection.ask("GET", &path, &headers, b"");
        times.push(start.elapsed());
        assert_eq!(answer.status, 200);
        bytes += answer.body.len();
        let head = String::from_utf8_lossy(answer.body.get(..60).unwrap_or_default()).into_owned();
        let Some((_, rest)) = head.split_once("\"next\":\"") else { break };
        next = format!("&next={}", rest.split('"').next().unwrap_or_default());
    }
    let spent: Duration = times.iter().sum();
    tell(&json!({
        "figure": "read, TAXII paging at limit=1000, 1 connection", "objects": objects,
        "objects_per_s": rate(objects, spent), "MB_per_s": rate(bytes as u64, spent) / 1_000_000,
        "page_p50_ms": at(&mut times, 50), "page_p99_ms": at(&mut times, 99),
        "budget_objects_per_s": 400_000,
    }));
}

/// From the approver's release to the partner's receipt at the sender, two nodes on this machine.
fn warnings(program: &str) {
    let pair = Pair::start(program);
    pair.equal();
    let mut times = Vec::new();
    let mut connection = pair.west.connect_local();
    for n in 0..WARNINGS {
        let case = pair.case(&format!("Report {n}."));
        pair.draft(&case, &format!("Warning {n}"), "A bombing is planned.");
        times.push(pair.release(&mut connection, &case));
    }
    until("all warnings", || (pair.titles().len() == WARNINGS).then_some(()));
    tell(&json!({
        "figure": "warning, from release to receipt, two nodes", "warnings": WARNINGS,
        "p50_ms": at(&mut times, 50), "p99_ms": at(&mut times, 99),
        "budget_p50_ms": 10, "budget_p99_ms": 50,
    }));
}

/// From the POST of an item to the partner's receipt at the sender, by a standing authorisation.
fn standing(program: &str) {
    let pair = Pair::start(program);
    pair.equal();
    pair.authorise("198.18.0.0/16", "100000/1h");
    let mut connection = pair.west.connect_local();
    let mut times: Vec<Duration> =
        (0..WARNINGS).map(|n| pair.let_out(&mut connection, n as u64 + 1)).collect();
    until("all warnings", || (pair.titles().len() == WARNINGS).then_some(()));
    tell(&json!({
        "figure": "warning by a standing authorisation, from POST of an item to receipt, two nodes",
        "warnings": WARNINGS, "p50_ms": at(&mut times, 50), "p99_ms": at(&mut times, 99),
        "budget_p50_ms": 10, "budget_p99_ms": 50,
    }));
}
