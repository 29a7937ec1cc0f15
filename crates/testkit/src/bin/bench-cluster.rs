//! What a journal on PostgreSQL costs, beside the embedded one, in one run: single commands, intake, what other nodes
//! see when, and how long nothing is acknowledged when something dies. JSON lines.
//!
//! `forewarn-bench-cluster PROGRAM [SECONDS [ENVELOPES]]`: real nodes of PROGRAM and real servers on this machine's
//! loopback, which share its cores with the load.

#![expect(
    clippy::expect_used,
    reason = "a benchmark stops at the first thing that is not as it should be"
)]

use forewarn_testkit::figure::{at, fsync_limit, machine, rate, tell};
use forewarn_testkit::load::{self, Asked, Target};
use forewarn_testkit::{Node, Postgres, Trio, made, pause, until};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const TAXII: &str = "application/taxii+json;version=2.1";
/// Objects of one envelope.
const ENVELOPE: u64 = 1_000;
/// Envelopes, when the caller does not say.
const ENVELOPES: u64 = 50;
/// How long each number of callers asks, when the caller does not say.
const SECONDS: u64 = 5;
/// Callers at the same time.
const CALLERS: [usize; 4] = [1, 16, 64, 256];
/// Acts that are looked for at another node.
const LOOKS: usize = 200;
/// What dies is back within this.
const LIMIT: Duration = Duration::from_mins(2);

/// How much is asked.
#[derive(Clone, Copy)]
struct Sizes {
    each: Duration,
    envelopes: u64,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().unwrap_or_else(|| "target/release/forewarn".to_owned());
    let mut number = |otherwise| arguments.next().and_then(|n| n.parse().ok()).unwrap_or(otherwise);
    let sizes = Sizes { each: Duration::from_secs(number(SECONDS)), envelopes: number(ENVELOPES) };
    tell(&machine());
    fsync_limit();
    let embedded = Node::start_new(&program, "bench.example");
    opened(&embedded);
    let alone = figures("embedded", &embedded, sizes);
    drop(embedded);
    let plain = Postgres::start(&[]);
    let node = Node::start_on(&program, "bench.example", &plain.url());
    opened(&node);
    let one = figures("one server, its disk", &node, sizes);
    compared("one server, its disk", one, alone);
    drop((node, plain));
    let mut trio = Trio::start();
    let mut writer = Node::start_on_all(&program, "bench.example", &trio.url());
    opened(&writer);
    let (mut second, mut third) = beside(&mut writer);
    let three = figures("three servers, three nodes", &writer, sizes);
    compared("three servers, three nodes", three, alone);
    journal(&trio, held(&writer) + sizes.envelopes * (ENVELOPE - 1));
    lag(&writer, &second);
    caught_up(&mut third, &writer);
    died(&mut trio, &mut writer, &mut second);
}

/// A second node and a third over the same journal, of which the first goes on when the writer is silent.
fn beside(writer: &mut Node) -> (Node, Node) {
    writer.stop();
    writer.copy_home("copy");
    writer.start();
    let second = writer.prepare_copy("copy");
    second.configure("[journal]\nnode = \"second\"\nstands_by = true\n");
    let third = writer.prepare_copy("copy");
    third.configure("[journal]\nnode = \"third\"\n");
    let mut both = (second, third);
    both.0.start();
    both.1.start();
    both
}

/// One account asks here as many would.
fn opened(node: &Node) {
    node.configure("[limits]\nrequests_in_flight = 1024\nconnections_per_address = 1024\n");
    node.good(&["config", "reload"]);
}

/// Single commands by one caller and by many, then intake; so many objects a second came in.
fn figures(journal: &str, node: &Node, sizes: Sizes) -> u64 {
    let target = Target { address: node.address.clone(), authorization: node.basic("ana") };
    let path = node.collection();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for (callers, round) in CALLERS.into_iter().zip(1..) {
        let path = path.clone();
        let make = move |n: u64| {
            let object = made::indicator((round << 48) + n);
            Asked::post(path.clone(), made::envelope(&[object]))
        };
        let limits = (sizes.each, u64::MAX);
        let done = runtime.block_on(load::run(&target, callers, limits, 202, make));
        let (rate_budget, p50, p99) = match callers {
            1 => (json!(null), json!(5), json!(25)),
            16 => (json!(1_000), json!(null), json!(null)),
            256 => (json!(5_000), json!(null), json!(null)),
            _ => (json!(null), json!(null), json!(null)),
        };
        tell(&json!({
            "figure": "single commands: an envelope of one object each", "journal": journal, "callers": callers,
            "commands_per_s": done.per_second().round(), "p50_ms": done.at(50), "p99_ms": done.at(99),
            "client_cpu": done.client_cpu, "budget_commands_per_s": rate_budget, "budget_p50_ms": p50, "budget_p99_ms": p99,
        }));
    }
    let bodies: Vec<String> = (0..sizes.envelopes)
        .map(|part| {
            let numbers = part * ENVELOPE..(part + 1) * ENVELOPE;
            made::envelope(&numbers.map(made::indicator).collect::<Vec<_>>())
        })
        .collect();
    let mut connection = node.connect();
    let start = Instant::now();
    for body in &bodies {
        connection.take_in(&path, &target.authorization, body);
    }
    let objects = sizes.envelopes * ENVELOPE;
    let objects_per_s = rate(objects, start.elapsed());
    tell(&json!({
        "figure": "intake, envelopes of 1,000 objects of about 1 kB, 1 connection", "journal": journal,
        "objects": objects, "objects_per_s": objects_per_s,
    }));
    objects_per_s
}

fn compared(journal: &str, here: u64, alone: u64) {
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    let ratio = (here as f64 / alone.max(1) as f64 * 100.0).round() / 100.0;
    tell(&json!({
        "figure": "intake beside the embedded journal", "journal": journal, "ratio": ratio, "budget_ratio": 0.5,
    }));
}

fn held(node: &Node) -> u64 {
    let status = node.get("/api/v1/status");
    status.pointer("/apart/held").and_then(Value::as_u64).unwrap_or(0)
}

fn applied(node: &Node) -> u64 {
    let status = node.get("/api/v1/status");
    status.pointer("/journal").and_then(Value::as_u64).unwrap_or(0)
}

/// How large what is kept at a server is, and how many objects came in by it.
fn journal(trio: &Trio, objects: u64) {
    let bytes = trio.sql("SELECT pg_total_relation_size('fw_batch')").parse::<u64>().unwrap_or(0);
    tell(&json!({
        "figure": "the journal at one server", "MiB": bytes >> 20, "objects": objects,
        "bytes_per_object": bytes / objects.max(1),
    }));
}

/// From the answer to an act at the writer until another node shows it.
fn lag(writer: &Node, second: &Node) {
    until("that the second node has all", || (applied(second) >= held(writer)).then_some(()));
    let (mut here, mut there) = (writer.connect_local(), second.connect_local());
    let mut times = Vec::new();
    for n in 0..LOOKS {
        let act = json!({ "do": "user-add", "name": format!("reader-{n}"), "roles": ["reader"] });
        let body = json!({ "act": act }).to_string();
        let headers = [("forewarn-as", "nora")];
        let done = here.ask("POST", "/api/v1/acts", &headers, body.as_bytes());
        assert_eq!(done.status, 200, "{}", done.text());
        let place = done.header("forewarn-place").expect("a place").to_owned();
        let start = Instant::now();
        let seen = there.ask("GET", "/readyz", &[("forewarn-place", &place)], b"");
        times.push(start.elapsed());
        assert_eq!(seen.status, 200, "{}", seen.text());
    }
    tell(&json!({
        "figure": "from the answer at the writer until another node has applied it", "acts": LOOKS,
        "p50_ms": at(&mut times, 50), "p99_ms": at(&mut times, 99), "budget_p50_ms": 5,
    }));
}

/// A node that has only the first day's folder reads all that was done since.
fn caught_up(third: &mut Node, writer: &Node) {
    let wanted = held(writer);
    // The third has followed all the while: it begins anew from a copy of the folder of the first day.
    third.stop();
    let mut late = writer.prepare_copy("copy");
    late.configure("[journal]\nnode = \"late\"\n");
    let start = Instant::now();
    late.start();
    while applied(&late) < wanted {
        assert!(start.elapsed() < LIMIT, "the late node does not catch up");
        pause(Duration::from_millis(20));
    }
    tell(&json!({
        "figure": "a late node reads the whole journal", "commands": wanted, "seconds": start.elapsed().as_secs_f64(),
        "commands_per_s": rate(wanted, start.elapsed()),
    }));
}

/// How long no command is acknowledged when the primary dies, and when the node that writes does.
fn died(trio: &mut Trio, writer: &mut Node, second: &mut Node) {
    let auth = writer.basic("ana");
    let path = writer.collection();
    let mut number = 7 << 48;
    let mut acknowledged = |node: &Node| {
        number += 1;
        let body = made::envelope(&[made::indicator(number)]);
        let headers =
            [("authorization", auth.as_str()), ("content-type", TAXII), ("accept", TAXII)];
        if std::net::TcpStream::connect(&node.address).is_err() {
            return false;
        }
        // Whoever is answered nothing any more panics in the test's client.
        let answer = std::panic::catch_unwind(|| {
            node.connect().ask("POST", &path, &headers, body.as_bytes()).status
        });
        answer.is_ok_and(|status| status == 202)
    };
    assert!(acknowledged(writer), "nothing is acknowledged before");
    let start = Instant::now();
    trio.fail_over();
    let promoted = start.elapsed();
    while !acknowledged(writer) {
        assert!(start.elapsed() < LIMIT, "nothing is acknowledged after the primary's death");
        pause(Duration::from_millis(10));
    }
    tell(&json!({
        "figure": "the primary is killed, a replica promoted at once by hand: until a command is acknowledged",
        "seconds": start.elapsed().as_secs_f64(), "of_it_promoting_s": promoted.as_secs_f64(), "budget_s": 25,
    }));
    let start = Instant::now();
    writer.kill();
    while !acknowledged(second) {
        assert!(start.elapsed() < LIMIT, "nobody goes on for the writer");
        pause(Duration::from_millis(20));
    }
    tell(&json!({
        "figure": "the node that writes is killed: until another one acknowledges", "seconds": start.elapsed().as_secs_f64(),
        "budget_s": 15,
    }));
}
