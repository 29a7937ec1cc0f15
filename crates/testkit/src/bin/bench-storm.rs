//! A storm: 100,000 items at once, of which one in a hundred meets an interest, and warnings to be
//! released meanwhile. JSON lines; the quiet figures stand beside those of the storm.
//!
//! `forewarn-bench-storm PROGRAM [ITEMS]`: real nodes of PROGRAM on this machine's loopback.

#![expect(
    clippy::expect_used,
    reason = "a benchmark stops at the first thing that is not as it should be"
)]

use forewarn_testkit::figure::{at, fsync_limit, machine, rate, tell};
use forewarn_testkit::http::Connection;
use forewarn_testkit::{Pair, made, wanted};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Objects of one envelope.
const ENVELOPE: u64 = 1_000;
const ITEMS: u64 = 100_000;
/// Interests of the partner.
const INTERESTS: u64 = 10_000;
/// Interests of one act.
const PART: u64 = 500;
/// Warnings released before, and as many during the storm.
const WARNINGS: usize = 25;
/// How long anything may take.
const LIMIT: Duration = Duration::from_mins(2);

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().unwrap_or_else(|| "target/release/forewarn".to_owned());
    let items = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(ITEMS);
    tell(&machine());
    fsync_limit();
    let pair = Pair::start(&program);
    pair.equal();
    let drafted: Vec<String> = (0..2 * WARNINGS).map(|n| drafted(&pair, n)).collect();
    let (before, during) = drafted.split_at(WARNINGS);
    let auth = pair.west.basic("ana");
    let path = pair.west.collection();
    // Nobody is interested in these: the same work without matches.
    let quiet = intake(pair.west.connect(), &path, &auth, bodies(1 << 32, items, 0));
    warnings(&pair, "quiet", before);
    register(&pair);
    let bodies = bodies(0, items, INTERESTS);
    let start = Instant::now();
    let connection = pair.west.connect();
    let storm = std::thread::spawn(move || intake(connection, &path, &auth, bodies));
    warnings(&pair, "storm", during);
    let spent = storm.join().expect("the storm");
    tell(&json!({
        "figure": "intake, envelopes of 1,000 objects of about 540 bytes, 1 connection", "objects": items,
        "quiet_objects_per_s": rate(items, quiet), "storm_objects_per_s": rate(items, spent),
        "budget_objects_per_s": 60_000,
    }));
    let wanted = items / 100;
    let met = loop {
        let met = matches(&pair);
        if met >= wanted {
            break met;
        }
        assert!(start.elapsed() < LIMIT, "{met} of {wanted} matches");
        forewarn_testkit::pause(Duration::from_millis(20));
    };
    let cases = pair.west.get("/api/v1/cases");
    let number = |pointer: &str| {
        let rows = cases.as_array().into_iter().flatten();
        rows.filter(|case| case.pointer(pointer).is_some_and(|stage| stage == "open")).count()
    };
    tell(&json!({
        "figure": "all matched and in cases", "interests": INTERESTS, "matches": met,
        "cases_open": number("/stage"), "seconds_after_the_first_item": start.elapsed().as_secs_f64(),
        "items_per_s": rate(items, start.elapsed()), "peak_MiB": pair.west.peak_memory_kib() / 1024,
        "budget_MiB": 300,
    }));
}

/// A case with a draft, not released yet.
fn drafted(pair: &Pair, n: usize) -> String {
    let case = pair.case(&format!("Report {n}."));
    pair.draft(&case, &format!("Warning {n}"), "A bombing is planned.");
    case
}

fn warnings(pair: &Pair, when: &str, cases: &[String]) {
    let mut connection = pair.west.connect_local();
    let mut times: Vec<Duration> =
        cases.iter().map(|case| pair.release(&mut connection, case)).collect();
    tell(&json!({
        "figure": "warning, from release to receipt, two nodes", "when": when, "warnings": times.len(),
        "p50_ms": at(&mut times, 50), "p99_ms": at(&mut times, 99), "budget_p50_ms": 10, "budget_p99_ms": 50,
    }));
}

fn bodies(first: u64, items: u64, interests: u64) -> Vec<String> {
    let parts = 0..items / ENVELOPE;
    let one = |part: u64| {
        let numbers = part * ENVELOPE..(part + 1) * ENVELOPE;
        let objects: Vec<String> =
            numbers.map(|n| wanted::indicator(first + n, interests)).collect();
        made::envelope(&objects)
    };
    parts.map(one).collect()
}

fn intake(mut connection: Connection, path: &str, auth: &str, bodies: Vec<String>) -> Duration {
    let start = Instant::now();
    for body in bodies {
        connection.take_in(path, auth, &body);
    }
    start.elapsed()
}

/// East registers interests with west, and west has them all.
fn register(pair: &Pair) {
    let start = Instant::now();
    for part in 0..INTERESTS / PART {
        let numbers = part * PART..(part + 1) * PART;
        let interests: Vec<Value> = numbers
            .map(|n| {
                let (_, interest) = wanted::interest(n);
                serde_json::to_value(forewarn_matching::interest::Interest {
                    id: String::new(),
                    ..interest
                })
                .expect("an interest")
            })
            .collect();
        let act = json!({"do": "interests-add", "partner": "west.example", "interests": interests});
        let (status, answer) = pair.east.act("paul", &act);
        assert_eq!(status, 200, "{answer}");
    }
    loop {
        let last = pair.west.get(&format!("/api/v1/interests?after={}", INTERESTS - 1));
        if last.as_array().is_some_and(|rows| !rows.is_empty()) {
            break;
        }
        assert!(start.elapsed() < LIMIT, "the interests did not come across");
        forewarn_testkit::pause(Duration::from_millis(20));
    }
    tell(&json!({
        "figure": "interests registered, carried over the channel and stored by the partner",
        "interests": INTERESTS, "interests_per_s": rate(INTERESTS, start.elapsed()),
    }));
}

/// How many matches there are.
fn matches(pair: &Pair) -> u64 {
    let rows = pair.west.get("/api/v1/interests?order=most");
    let counts = rows.as_array().into_iter().flatten();
    counts.filter_map(|row| row.get("matches")?.as_u64()).sum()
}
