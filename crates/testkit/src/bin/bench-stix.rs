//! Figures of `forewarn-stix`, as JSON lines, with peers and limits in the same run.
//!
//! `forewarn-bench-stix PROGRAM [--python PYTHON] [--data FOLDER]`: PYTHON has `stix2`,
//! `stix2-validator` and `stix2-matcher` installed; FOLDER holds bundles, each measured beside the
//! made objects. Without either, what needs it is left out, and that is said.

#![expect(
    clippy::expect_used,
    reason = "a benchmark stops at the first thing that is not as it should be"
)]

use forewarn_stix::bundle::Objects;
use forewarn_stix::judge;
use forewarn_stix::pattern::{Pattern, observations};
use forewarn_testkit::figure::{machine, peak_memory_kib, tell};
use forewarn_testkit::{made, peers};
use serde_json::{Value, json};
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const INDICATORS: u64 = 10_000;
/// Rounds of each measurement, in turns with its limit; the median counts.
const ROUNDS: usize = 9;
/// Objects that the peers are given: they are slow.
const PEER_OBJECTS: usize = 300;
/// Bytes of the large bundle.
const LARGE: u64 = 1 << 30;
const PATTERN_ROUNDS: u32 = 2_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().unwrap_or_else(|| "target/release/forewarn".to_owned());
    let (mut python, mut data) = (None, None);
    while let Some(name) = arguments.next() {
        let value = arguments.next().map(PathBuf::from);
        match name.as_str() {
            "--python" => python = value,
            "--data" => data = value,
            _ => {}
        }
    }
    tell(&machine());
    let indicators = (0..INDICATORS).map(|n| made::indicator(n).into_bytes()).collect();
    objects("made indicators of about 1 kB", &indicators, python.as_deref());
    for path in bundles(data.as_deref()) {
        let bytes = std::fs::read(&path).expect("a bundle");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        objects(&name, &split(&bytes), python.as_deref());
    }
    patterns(python.as_deref());
    large(&program);
}

/// The bundles of the folder that are large enough to be measured.
fn bundles(data: Option<&Path>) -> Vec<PathBuf> {
    let Some(folder) = data else {
        tell(&json!({"left out": "bundles of others", "because": "no --data"}));
        return Vec::new();
    };
    let entries = std::fs::read_dir(folder).expect("the folder of --data").flatten();
    let mut all: Vec<PathBuf> = entries
        .filter(|entry| entry.metadata().is_ok_and(|about| about.len() > 500_000))
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    all.sort();
    all
}

fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut objects = Objects::new(bytes);
    std::iter::from_fn(|| objects.next_object().expect("a bundle")).collect()
}

fn timed(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
}

#[expect(clippy::cast_precision_loss, reason = "counts for people")]
fn objects(name: &str, all: &Vec<Vec<u8>>, python: Option<&Path>) {
    let bytes: usize = all.iter().map(Vec::len).sum();
    let (mut plain, mut own) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        plain.push(timed(|| {
            for one in all {
                black_box(serde_json::from_slice::<Value>(one).expect("JSON"));
            }
        }));
        own.push(timed(|| {
            for one in all {
                black_box(judge(one));
            }
        }));
    }
    let (plain, own) = (median(&mut plain), median(&mut own));
    let peers = python.map(|python| peers(python, all));
    let ours = all.len() as f64 / own;
    let times = |name: &str| {
        let theirs = peers.as_ref()?.get(name)?.as_f64()?;
        Some(json!({"objects_per_s": theirs.round(), "times_faster": (ours / theirs).round()}))
    };
    tell(&json!({
        "figure": "read strictly and judged by every rule, 1 core", "objects": name, "count": all.len(),
        "objects_per_s": ours.round(), "MB_per_s": (bytes as f64 / own / 1e6).round(),
        "limit": "serde_json::from_slice::<Value> of the same bytes",
        "limit_MB_per_s": (bytes as f64 / plain / 1e6).round(),
        "times_its_time": (own / plain * 100.0).round() / 100.0, "budget_times_its_time": 3,
        "stix2 parse": times("stix2"), "stix2-validator": times("validator"),
        "budget_times_faster": 100,
    }));
}

/// Objects per second of the peers, on some of the same objects.
fn peers(python: &Path, all: &[Vec<u8>]) -> Value {
    let step = (all.len() / PEER_OBJECTS).max(1);
    let some = all.iter().step_by(step).take(PEER_OBJECTS);
    let texts: Vec<_> = some.map(|one| String::from_utf8_lossy(one)).collect();
    peers::ask(python, "objects", &json!(texts))
}

/// Patterns as they stand in feeds, from one comparison to several observations.
const PATTERNS: &[&str] = &[
    "[domain-name:value = 'h7.example.net']",
    "[ipv4-addr:value ISSUBSET '198.18.0.0/28']",
    "[file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f']",
    "[url:value LIKE 'https://h1%.example.net/%']",
    "[url:value MATCHES '^https://h[0-9]+\\\\.example\\\\.net/a$']",
    "[network-traffic:dst_ref.value = '198.18.0.9' AND network-traffic:dst_port IN (443, 8443)]",
    "[domain-name:value = 'h3.example.net'] FOLLOWEDBY [domain-name:value = 'h9.example.net']",
    "([domain-name:value = 'h3.example.net'] AND [url:value LIKE '%h4%']) WITHIN 3600 SECONDS",
    "[domain-name:value LIKE 'h%'] REPEATS 3 TIMES",
    "[file:size > 1000 AND file:name != 'a.exe' OR mutex:name = 'none']",
];

/// Twenty observations of five observables each.
fn observed() -> Vec<Value> {
    let mut all = Vec::new();
    for n in 0..20 {
        let id = |kind: &str| format!("{kind}--8e2e2d2b-17d4-5cbf-938f-98ee46b3c{n:03}");
        let refs = ["domain-name", "ipv4-addr", "url", "file", "network-traffic"].map(id);
        all.extend([
            json!({"type": "domain-name", "id": id("domain-name"), "value": format!("h{n}.example.net")}),
            json!({"type": "ipv4-addr", "id": id("ipv4-addr"), "value": format!("198.18.0.{n}")}),
            json!({"type": "url", "id": id("url"), "value": format!("https://h{n}.example.net/a")}),
            json!({"type": "file", "id": id("file"), "name": format!("f{n}.exe"), "size": n * 100,
                "hashes": {"SHA-256": "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f"}}),
            json!({"type": "network-traffic", "id": id("network-traffic"), "protocols": ["tcp"],
                "dst_ref": id("ipv4-addr"), "dst_port": 443}),
            json!({"type": "observed-data", "id": id("observed-data"), "number_observed": 1,
                "first_observed": format!("2024-01-26T21:{n:02}:00Z"),
                "last_observed": format!("2024-01-26T21:{n:02}:00Z"), "object_refs": refs}),
        ]);
    }
    all
}

fn patterns(python: Option<&Path>) {
    let objects = observed();
    let compiled: Vec<Pattern> =
        PATTERNS.iter().map(|text| Pattern::compile(text).expect("a pattern")).collect();
    let seen = observations(&objects);
    let met: Vec<bool> =
        compiled.iter().map(|p| p.find(&seen).is_ok_and(|met| met.is_some())).collect();
    let spent = timed(|| {
        for _ in 0..PATTERN_ROUNDS {
            for pattern in &compiled {
                let _ = black_box(pattern.find(&seen));
            }
        }
    });
    let ours = f64::from(PATTERN_ROUNDS)
        * f64::from(u8::try_from(PATTERNS.len()).unwrap_or(u8::MAX))
        / spent.as_secs_f64();
    let input = json!({"patterns": PATTERNS, "objects": objects});
    let theirs = python.map(|python| peers::ask(python, "patterns", &input));
    let rate = theirs.as_ref().and_then(|theirs| theirs.get("matcher")?.as_f64());
    let alike = theirs.as_ref().map(|theirs| theirs.get("met") == Some(&json!(met)));
    tell(&json!({
        "figure": "patterns held against 20 observations of 5 observables, compiled once, 1 core",
        "patterns": PATTERNS.len(), "evaluations_per_s": ours.round(),
        "stix2-matcher": rate.map(|rate| json!({
            "evaluations_per_s": rate.round(), "times_faster": (ours / rate).round(),
        })),
        "answers_alike": alike, "budget_times_faster": 200,
    }));
}

/// A bundle of 1 GiB, made while it is read: time and memory of the command.
fn large(program: &str) {
    let mut child = Command::new(program)
        .args(["stix", "validate", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program");
    let mut input = child.stdin.take().expect("its input");
    let start = Instant::now();
    let (mut written, mut count) = (0, 0);
    let mut peak = 0;
    input
        .write_all(b"{\"type\":\"bundle\",\"id\":\"bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\",\"objects\":[")
        .expect("a write");
    while written < LARGE {
        let objects: Vec<String> = (count..count + 1_000).map(made::indicator).collect();
        let comma = if count > 0 { "," } else { "" };
        let part = format!("{comma}{}", objects.join(","));
        input.write_all(part.as_bytes()).expect("a write");
        written += part.len() as u64;
        count += 1_000;
        peak = peak.max(peak_memory_kib(child.id()));
    }
    input.write_all(b"]}").expect("a write");
    drop(input);
    let good = child.wait().expect("its end").success();
    let spent = start.elapsed().as_secs_f64();
    tell(&json!({
        "figure": "stix validate of a bundle of 1 GiB from standard input", "objects": count,
        "valid": good, "seconds": (spent * 10.0).round() / 10.0, "peak_MiB": peak / 1024,
        "budget_MiB": 64,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_is_valid_and_is_matched() {
        assert!(judge(made::indicator(7).as_bytes()).object.is_some());
        let objects = observed();
        assert!(
            objects.iter().all(|o| forewarn_stix::json::read(o.to_string().as_bytes()).is_ok())
        );
        let seen = observations(&objects);
        let met = PATTERNS
            .iter()
            .filter(|text| Pattern::compile(text).unwrap().find(&seen).unwrap().is_some());
        assert_eq!(met.count(), PATTERNS.len());
    }
}
