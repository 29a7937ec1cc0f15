//! TAXII, beside the peers that PyPI has: the same client, the same data, the same machine, one
//! run.
//!
//! `forewarn-bench-taxii PROGRAM --python PYTHON [--sizes 1000,10000] [--alone 100000] [--seconds 2]`
//! prints a JSON line for each figure and a table at the end. Peers are measured at `--sizes` only,
//! Forewarn at `--alone` too. What a peer does not finish in its time is said, not waited for.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints, and stops at the first thing that is not as it should be"
)]

use forewarn_testkit::figure::{machine, own_cpu, tell};
use forewarn_testkit::load::{Asked, Caller, Measured, Target, run};
use forewarn_testkit::{Node, made};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// So long a peer may take for one measurement before it is given up.
const PATIENCE: Duration = Duration::from_secs(20);
/// Numbers of the objects that single posts use: beyond those of the filling.
const SINGLES: u64 = 1 << 40;

struct Options {
    program: String,
    python: Option<String>,
    sizes: Vec<u64>,
    alone: Vec<u64>,
    seconds: u64,
}

fn options() -> Options {
    let mut options = Options {
        program: "target/release/forewarn".to_owned(),
        python: None,
        sizes: vec![1_000],
        alone: vec![10_000, 100_000],
        seconds: 2,
    };
    let numbers = |text: String| text.split(',').filter_map(|n| n.parse().ok()).collect();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("a value behind the option");
        match word.as_str() {
            "--python" => options.python = Some(value()),
            "--sizes" => options.sizes = numbers(value()),
            "--alone" => options.alone = numbers(value()),
            "--seconds" => options.seconds = value().parse().expect("seconds"),
            _ => options.program = word,
        }
    }
    options
}

/// A server to be measured.
struct Peer {
    name: &'static str,
    target: Target,
    discovery: String,
    /// The collection's path.
    collection: String,
    folder: PathBuf,
    pid: u32,
    stored: u64,
    singles: u64,
}

/// Keeps a peer's process until its input is closed.
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    _folder: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.input.take();
        // It ends by itself when its input does.
        let _ = self.child.wait();
    }
}

fn start(name: &'static str, python: &str) -> (Peer, Running) {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(python)
        .arg("interop/servers.py")
        .arg(name)
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the peer's process");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).expect("where the peer is");
    let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap().to_owned();
    let (address, collection) = split(&text("collection"));
    let peer = Peer {
        name,
        target: Target { address, authorization: text("authorization") },
        discovery: split(&text("discovery")).1,
        collection,
        folder: folder.path().to_owned(),
        pid: u32::try_from(told.get("pid").and_then(Value::as_u64).unwrap()).unwrap(),
        stored: 0,
        singles: SINGLES,
    };
    let input = child.stdin.take();
    (peer, Running { child, input, _folder: folder })
}

fn split(url: &str) -> (String, String) {
    let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    (address.to_owned(), format!("/{path}"))
}

fn main() {
    let options = options();
    tell(&machine());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut table = Vec::new();
    let mut node = Node::start_new(&options.program, "bench.example");
    let ours = Peer {
        name: "forewarn",
        target: Target { address: node.address.clone(), authorization: node.basic("ana") },
        discovery: "/taxii2/".to_owned(),
        collection: node.collection().replace("objects/", ""),
        folder: node.home(),
        pid: node.id(),
        stored: 0,
        singles: SINGLES,
    };
    let mut sizes: Vec<u64> = options.sizes.iter().chain(&options.alone).copied().collect();
    sizes.sort_unstable();
    let mut peer = ours;
    for size in sizes {
        runtime.block_on(at_size(&mut peer, size, options.seconds, &mut table));
        let before = Instant::now();
        node.kill();
        node.start();
        // From the process's start to the answer of a page; the test's own looking is in it.
        let answered = runtime.block_on(async {
            let asked = Asked::get(format!("{}objects/?limit=1", peer.collection));
            Caller::new(&peer.target).ask(&asked).await.status
        });
        assert_eq!(answered, 200);
        let took = before.elapsed();
        note(
            &mut table,
            &peer,
            size,
            "kill, start to first page",
            json!({ "ms": took.as_millis() }),
        );
        peer.pid = node.id();
    }
    drop(node);
    for name in ["medallion", "opentaxii"] {
        let Some(python) = &options.python else { break };
        let (mut peer, _running) = start(name, python);
        for size in &options.sizes {
            runtime.block_on(at_size(&mut peer, *size, options.seconds, &mut table));
        }
    }
    print_table(&table);
}

/// Fills up to `size`, and measures everything there.
async fn at_size(peer: &mut Peer, size: u64, seconds: u64, table: &mut Vec<Value>) {
    let limit = Duration::from_secs(seconds);
    let objects = format!("{}objects/", peer.collection);
    fill(peer, size, table).await;
    for (count, connections) in [(1, 1), (1, 16), (100, 1)] {
        let (path, first) = (objects.clone(), peer.singles);
        let make = move |n: u64| {
            let all: Vec<String> =
                (0..count).map(|m| made::indicator(first + n * count + m)).collect();
            Asked::post(path.clone(), made::envelope(&all))
        };
        let most = if count == 1 { 2_000 } else { 20 };
        let what = format!("intake, envelopes of {count}, {connections} connections");
        peer.singles += most * count;
        let measured = timed(peer, connections, (limit, most), 202, make).await;
        rate(table, peer, size, &what, measured, count);
    }
    let middle = walk(peer, size, table).await;
    let object = format!("indicator--00000000-0000-4000-8000-{:012x}", size / 2 + 1);
    let asks = [
        (
            "added_after in the middle, limit=100",
            format!("{objects}?added_after={middle}&limit=100"),
        ),
        ("object by id", format!("{objects}{object}/")),
        ("type filter, limit=100", format!("{objects}?match[type]=malware&limit=100")),
        ("manifest, limit=100", format!("{}manifest/?limit=100", peer.collection)),
        ("discovery", peer.discovery.clone()),
        ("page, limit=1000", format!("{objects}?limit=1000")),
    ];
    for (what, path) in asks {
        let mut alone = Duration::ZERO;
        for connections in [1, 16] {
            let (path, what) = (path.clone(), format!("{what}, {connections} connections"));
            if alone * connections > PATIENCE / 2 {
                // Requests that are given up go on in the peer, and would weigh on what comes next.
                note(table, peer, size, &what, json!({ "left_out": "one alone takes too long" }));
                continue;
            }
            let make = move |_| Asked::get(path.clone());
            let count = usize::try_from(connections).unwrap();
            let measured = timed(peer, count, (limit, u64::MAX), 200, make).await;
            alone = measured
                .as_ref()
                .map_or(PATIENCE, |m| m.spent / u32::try_from(m.times.len().max(1)).unwrap());
            rate(table, peer, size, &what, measured, 1);
        }
    }
    let (memory, disk) = (memory(peer.pid), disk(&peer.folder));
    note(
        table,
        peer,
        size,
        "peak memory, disk",
        json!({ "MiB": memory >> 10, "disk_MiB": disk >> 20 }),
    );
}

async fn fill(peer: &mut Peer, size: u64, table: &mut Vec<Value>) {
    let (from, path) = (peer.stored / 1_000, format!("{}objects/", peer.collection));
    let envelopes = (size / 1_000).saturating_sub(from);
    if envelopes == 0 {
        return;
    }
    let make = move |n: u64| {
        let first = (from + n) * 1_000;
        let all: Vec<String> = (first..first + 1_000).map(made::object).collect();
        Asked::post(path.clone(), made::envelope(&all))
    };
    let limit = Duration::from_hours(1);
    let (start, mut made) = (Instant::now(), Duration::ZERO);
    let cpu = own_cpu();
    let mut caller = Caller::new(&peer.target);
    // One at a time, and only the waiting is counted: the envelope is made before.
    let mut measured = Measured::default();
    for n in 0..envelopes {
        let making = own_cpu();
        let asked = make(n);
        made += own_cpu().saturating_sub(making);
        let begun = Instant::now();
        let got = caller.ask(&asked).await;
        measured.times.push(begun.elapsed());
        measured.bytes += asked.body.len() as u64;
        assert_eq!(got.status, 202, "{}", String::from_utf8_lossy(&got.body));
        assert!(start.elapsed() < limit, "filling takes too long");
    }
    measured.spent = measured.times.iter().sum();
    let cpu = own_cpu().saturating_sub(cpu).saturating_sub(made);
    measured.client_cpu = cpu.as_secs_f64() / measured.spent.as_secs_f64();
    peer.stored = size;
    rate(table, peer, size, "intake, envelopes of 1,000, 1 connection", Some(measured), 1_000);
}

/// Walks all of it at limit=1000; the time at which the middle was added.
async fn walk(peer: &Peer, size: u64, table: &mut Vec<Value>) -> String {
    let mut caller = Caller::new(&peer.target);
    let (mut measured, mut next, mut middle, mut count) =
        (Measured::default(), String::new(), String::new(), 0);
    let (start, cpu) = (Instant::now(), own_cpu());
    loop {
        let asked = Asked::get(format!("{}objects/?limit=1000{next}", peer.collection));
        let begun = Instant::now();
        let Ok(got) = tokio::time::timeout(PATIENCE, caller.ask(&asked)).await else { break };
        measured.times.push(begun.elapsed());
        assert_eq!(got.status, 200);
        measured.bytes += got.body.len() as u64;
        count += 1_000;
        if middle.is_empty() || count <= size / 2 {
            let last = got.headers.get("x-taxii-date-added-last").unwrap();
            last.to_str().unwrap().clone_into(&mut middle);
        }
        let Some(token) = next_of(&got.body) else { break };
        next = format!(
            "&next={}",
            form_urlencoded::byte_serialize(token.as_bytes()).collect::<String>()
        );
        if start.elapsed() > PATIENCE {
            eprintln!("{}: the walk was given up after {} pages", peer.name, measured.times.len());
            break;
        }
    }
    measured.spent = measured.times.iter().sum();
    measured.client_cpu =
        own_cpu().saturating_sub(cpu).as_secs_f64() / start.elapsed().as_secs_f64();
    rate(table, peer, size, "full paging, limit=1000, objects", Some(measured), 1_000);
    middle
}

/// The `next` of an envelope, wherever it stands beside the objects.
fn next_of(body: &[u8]) -> Option<String> {
    let find = |part: &[u8]| {
        let text = String::from_utf8_lossy(part).into_owned();
        let (_, rest) = text.split_once("\"next\":")?;
        rest.trim_start().strip_prefix('"')?.split('"').next().map(str::to_owned)
    };
    let head = body.get(..200.min(body.len()))?;
    let tail = body.get(body.len().saturating_sub(200)..)?;
    find(head).or_else(|| find(tail))
}

/// A measurement, unless the peer cannot do it within the patience.
async fn timed(
    peer: &Peer,
    connections: usize,
    limit: (Duration, u64),
    status: u16,
    make: impl Fn(u64) -> Asked + Send + Sync + 'static,
) -> Option<Measured> {
    let running = run(&peer.target, connections, limit, status, make);
    tokio::time::timeout(PATIENCE, running).await.ok()
}

fn rate(
    table: &mut Vec<Value>,
    peer: &Peer,
    size: u64,
    what: &str,
    measured: Option<Measured>,
    each: u64,
) {
    let Some(measured) = measured else {
        let given_up = json!({ "given_up_after_s": PATIENCE.as_secs() });
        return note(table, peer, size, what, given_up);
    };
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let objects = measured.per_second() * each as f64;
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let megabytes = measured.bytes as f64 / 1e6 / measured.spent.as_secs_f64().max(0.000_001);
    let value = json!({
        "per_s": round(objects, 10.0), "MB_per_s": round(megabytes, 10.0),
        "requests": measured.times.len(),
        "p50_ms": round(measured.at(50), 100.0), "p99_ms": round(measured.at(99), 100.0),
        "client_cpu": round(measured.client_cpu, 100.0),
    });
    note(table, peer, size, what, value);
}

fn round(value: f64, to: f64) -> f64 {
    (value * to).round() / to
}

fn note(table: &mut Vec<Value>, peer: &Peer, size: u64, what: &str, mut value: Value) {
    let map = value.as_object_mut().unwrap();
    map.insert("peer".to_owned(), peer.name.into());
    map.insert("stored".to_owned(), size.into());
    map.insert("figure".to_owned(), what.into());
    tell(&value);
    table.push(value);
}

/// Peak memory of a process and its children, in kibibytes.
fn memory(pid: u32) -> u64 {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let children = children.unwrap_or_default();
    let all = children.split_whitespace().filter_map(|id| id.parse().ok()).chain([pid]);
    all.map(forewarn_testkit::figure::peak_memory_kib).sum()
}

/// Bytes of the files in a folder.
fn disk(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|meta| meta.len()).sum()
}

fn print_table(table: &[Value]) {
    let text = |line: &Value, name: &str| match line.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    println!("\n| what | stored | peer | per s | p50 ms | p99 ms | |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for line in table {
        let rest: Vec<String> = ["ms", "MiB", "disk_MiB", "given_up_after_s", "left_out"]
            .iter()
            .filter(|name| line.get(**name).is_some())
            .map(|name| format!("{name} {}", text(line, name)))
            .collect();
        let cells = ["figure", "stored", "peer", "per_s", "p50_ms", "p99_ms"];
        let cells: Vec<String> = cells.iter().map(|name| text(line, name)).collect();
        println!("| {} | {} |", cells.join(" | "), rest.join(", "));
    }
}
