//! `forewarn-torture PROGRAM --kills N` and `--faults`: two real nodes that are killed, or whose system
//! calls fail one by one, under load; then everything that was acknowledged must be there, once.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "it stops at the first thing that is not as it should be, and prints figures"
)]

use forewarn_testkit::http::Connection;
use forewarn_testkit::{Node, Pair, pause, until};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// So many interests are open at most; then the oldest is withdrawn.
const OPEN: usize = 50;
/// System calls by which the node and its signer write, or make what they write durable.
const CALLS: [&str; 9] = [
    "pwrite64",
    "fdatasync",
    "fsync",
    "ftruncate",
    "write",
    "rename",
    "openat",
    "sendto",
    "writev",
];
/// Most failures of one call: beyond, what is left is the same loop again.
const MAX_CALLS: u32 = 120;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().unwrap();
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("--kills"), Some(kills)) => killed(&program, kills.parse().unwrap()),
        (Some("--faults"), None) => faulted(&program),
        _ => println!("forewarn-torture PROGRAM (--kills N | --faults)"),
    }
}

/// A person at a node, who wants things and tries again until they are acknowledged.
struct Person {
    socket: PathBuf,
    partner: String,
    made: u64,
    /// Labels and ids of what is open, oldest first; all of it was acknowledged.
    open: Vec<(String, String)>,
    acknowledged: u64,
    tries: u64,
    pending: Option<Wish>,
}

/// An act that is to be done, under its id.
struct Wish {
    id: String,
    label: String,
    removes: bool,
    act: Value,
}

impl Person {
    fn at(node: &Node, partner: &Node) -> Person {
        let (socket, partner) = (node.home().join("forewarn.sock"), partner.name.clone());
        let (made, acknowledged, tries) = (0, 0, 0);
        Person { socket, partner, made, open: Vec::new(), acknowledged, tries, pending: None }
    }

    fn try_act(&mut self, id: &str, act: &Value) -> Option<(u16, Value)> {
        self.tries += 1;
        let body = json!({ "id": id, "act": act }).to_string();
        let headers = [("forewarn-as", "paul")];
        let mut connection = Connection::try_socket(&self.socket).ok()?;
        let answer = connection.try_ask("POST", "/api/v1/acts", &headers, body.as_bytes()).ok()?;
        Some((answer.status, serde_json::from_slice(&answer.body).ok()?))
    }

    /// Registers an interest, or withdraws the oldest. Gives up only when `go_on` says so: then the
    /// same is tried again the next time, under the same id, since it may have been done.
    fn step(&mut self, go_on: &dyn Fn() -> bool) {
        let wish = self.pending.take().unwrap_or_else(|| self.wish());
        loop {
            match self.try_act(&wish.id, &wish.act) {
                Some((200, answer)) => {
                    self.acknowledged += 1;
                    if !wish.removes {
                        let interest = answer.pointer("/interest").and_then(Value::as_str).unwrap();
                        self.open.push((wish.label, interest.to_owned()));
                    }
                    return;
                }
                // The store failed, or the node is too busy: that is not an acknowledgement.
                Some((500..600, _)) | None if go_on() => pause(Duration::from_millis(5)),
                Some((500..600, _)) | None => {
                    self.pending = Some(wish);
                    return;
                }
                Some((status, answer)) => unreachable!("{status}: {answer}"),
            }
        }
    }

    fn wish(&mut self) -> Wish {
        self.made += 1;
        let (id, label) = (format!("act-{}", self.made), format!("label-{}", self.made));
        let removes = self.open.len() >= OPEN;
        let act = if removes {
            let (_, interest) = self.open.remove(0);
            json!({ "do": "interest-remove", "partner": self.partner, "id": interest })
        } else {
            let any = json!([{ "country": "RU" }]);
            let interest = json!({ "label": label, "urgency": "future", "any": any });
            json!({ "do": "interest-add", "partner": self.partner, "interest": interest })
        };
        Wish { id, label, removes, act }
    }

    /// What the partner holds of it must be what was acknowledged, each once.
    fn check(&self, here: &Node, there: &Node) {
        let known = |node: &Node, ours: bool, other: &str| -> Vec<String> {
            let all = node.get("/api/v1/interests");
            let all = all.as_array().unwrap().iter();
            let of = all.filter(|i| i.get("partner").unwrap() == other);
            let of = of.filter(|i| i.get("ours").unwrap() == ours);
            let label = |i: &Value| i.pointer("/label").and_then(Value::as_str).unwrap().to_owned();
            of.map(label).collect()
        };
        let wanted: BTreeSet<String> = self.open.iter().map(|(label, _)| label.clone()).collect();
        for (node, ours, other) in [(here, true, &there.name), (there, false, &here.name)] {
            let found = known(node, ours, other);
            let set: BTreeSet<String> = found.iter().cloned().collect();
            assert_eq!(set.len(), found.len(), "something stands twice at {}", node.name);
            assert_eq!(set, wanted, "at {}", node.name);
        }
    }
}

fn working(person: Person, stop: &Arc<AtomicBool>) -> (Arc<Mutex<Person>>, JoinHandle<()>) {
    let (person, stop) = (Arc::new(Mutex::new(person)), stop.clone());
    let shared = person.clone();
    let thread = std::thread::spawn(move || {
        while !stop.load(Ordering::SeqCst) {
            shared.lock().unwrap().step(&|| true);
            pause(Duration::from_millis(2));
        }
    });
    (person, thread)
}

fn whole(pair: &Pair) {
    pair.equal();
    for node in [&pair.west, &pair.east] {
        let doctor = node.run(&["doctor"]);
        let words = String::from_utf8(doctor.stdout).unwrap();
        assert!(doctor.status.success(), "{}: {words}", node.name);
    }
}

/// SIGKILL at random moments, to either node or its signer.
fn killed(program: &str, kills: u32) {
    let mut pair = Pair::start(program);
    let stop = Arc::new(AtomicBool::new(false));
    let people = [
        working(Person::at(&pair.west, &pair.east), &stop),
        working(Person::at(&pair.east, &pair.west), &stop),
    ];
    let start = Instant::now();
    let (mut nodes, mut signers) = (0, 0);
    for n in 1..=kills {
        let [a, b, c, ..] = bytes_of(n);
        pause(Duration::from_millis(20 + u64::from(a)));
        let node = if b % 2 == 0 { &mut pair.west } else { &mut pair.east };
        if c % 4 == 0 && node.signer().is_some() {
            signers += 1;
            node.kill_signer();
        } else {
            nodes += 1;
            node.kill();
            node.start();
        }
        if n % 100 == 0 {
            // While nobody writes: both have the same only when nothing more comes.
            let _still = people.each_ref().map(|(person, _)| person.lock().unwrap());
            whole(&pair);
            println!("{}", json!({ "kills": n, "seconds": start.elapsed().as_secs() }));
        }
    }
    stop.store(true, Ordering::SeqCst);
    let mut acknowledged = 0;
    let mut tries = 0;
    let people = people.map(|(person, thread)| {
        thread.join().unwrap();
        person
    });
    whole(&pair);
    let sides = [(&pair.west, &pair.east), (&pair.east, &pair.west)];
    for (person, (here, there)) in people.iter().zip(sides) {
        let person = person.lock().unwrap();
        person.check(here, there);
        acknowledged += person.acknowledged;
        tries += person.tries;
    }
    println!(
        "{}",
        json!({
            "kills": kills, "nodes": nodes, "signers": signers, "acknowledged": acknowledged,
            "tries": tries, "lost": 0, "twice": 0, "seconds": start.elapsed().as_secs(),
        })
    );
}

/// Bytes that are the same each time: a run can be repeated.
fn bytes_of(n: u32) -> [u8; 8] {
    let mut z = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (z ^ (z >> 27)).to_be_bytes()
}

/// Each system call of the write path fails once: west runs under strace, which lets the K-th call
/// of each thread fail with EIO; then it is killed, runs without, and everything is looked at.
fn faulted(program: &str) {
    let mut pair = Pair::start(program);
    let mut person = Person::at(&pair.west, &pair.east);
    let start = Instant::now();
    let mut figures = Vec::new();
    for call in CALLS {
        let (mut injected, mut runs) = (0, 0);
        for count in 1..=MAX_CALLS {
            pair.west.stop();
            let hit = fail_once(program, &pair.west, &mut person, (call, count));
            pair.west.start();
            // What had no answer is tried again under its own id.
            for _ in 0..2 {
                person.step(&|| true);
            }
            whole(&pair);
            person.check(&pair.west, &pair.east);
            runs += 1;
            injected += hit;
            if hit == 0 {
                break;
            }
        }
        let figure = json!({ "call": call, "runs": runs, "failed": injected });
        println!("{figure}");
        figures.push(figure);
    }
    let seconds = start.elapsed().as_secs();
    println!(
        "{}",
        json!({ "faults": figures, "acknowledged": person.acknowledged, "lost": 0, "twice": 0, "seconds": seconds })
    );
}

/// One run in which the K-th of a call fails; how many calls did.
fn fail_once(program: &str, node: &Node, person: &mut Person, (call, count): (&str, u32)) -> usize {
    let trace = node.file("trace");
    let _ = std::fs::remove_file(&trace);
    let mut strace = Command::new("strace")
        .args(["-f", "-qq", "--seccomp-bpf", "-o"])
        .arg(&trace)
        .args(["-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:error=EIO:when={count}")])
        .args([program, "serve", "--home"])
        .arg(node.home())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for(&node.home().join("forewarn.sock"), &mut strace);
    let until = Instant::now() + Duration::from_millis(700);
    for _ in 0..4 {
        person.step(&|| Instant::now() < until);
    }
    // What was written is signed and sent after the acknowledgement.
    pause(Duration::from_millis(500));
    end(&mut strace);
    let text = std::fs::read_to_string(trace).unwrap_or_default();
    text.matches("(INJECTED)").count()
}

/// Until it listens, or has ended, or three seconds are over.
fn wait_for(socket: &Path, strace: &mut Child) {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(3) {
        if Connection::try_socket(socket).is_ok() || strace.try_wait().unwrap().is_some() {
            return;
        }
        pause(Duration::from_millis(5));
    }
}

/// Ends what strace runs, which ends strace: its own children only.
fn end(strace: &mut Child) {
    let children = format!("/proc/{0}/task/{0}/children", strace.id());
    let children = std::fs::read_to_string(children).unwrap_or_default();
    for id in children.split_whitespace() {
        let _ = Command::new("kill").args(["-KILL", id]).status();
    }
    until("the end of strace", || strace.try_wait().unwrap());
}
