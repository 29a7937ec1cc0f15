//! `forewarn-bench-channel PROGRAM [LARGEST]`: what the channel carries, and what proofs cost, as JSON
//! lines, with the machine's own limits beside them. Proofs are made in logs of up to LARGEST entries.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark stops at the first thing that is not as it should be"
)]

use forewarn_exchange::card::Card;
use forewarn_node::access::{self, Parameters, Signed, TO};
use forewarn_node::clock;
use forewarn_store::Store;
use forewarn_store::log::{Held, LogRow};
use forewarn_testkit::figure::{at, fsync_limit, machine, rate, tell};
use forewarn_testkit::http::Connection;
use forewarn_testkit::{Node, Pair, until};
use forewarn_transcript::batch::{Batch, Carried};
use forewarn_transcript::entry::digests_of;
use forewarn_transcript::evidence::{Evidence, FORMAT, ProvenEntry};
use forewarn_transcript::tree::MemoryTree;
use forewarn_transcript::{
    Channel, Checkpoint, Disclosure, Entry, Hash, Note, Party, SecretKey, checkpoint,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Entries that wait when the partner comes back.
const BACKLOG: u64 = 20_000;
/// Connections by which they are made.
const WRITERS: u64 = 8;
/// Partners that push one entry at a time, and how many each.
const CHANNELS: u8 = 16;
const EACH: u64 = 250;
/// Proofs of one size.
const PROOFS: u64 = 300;
/// Signatures that a limit is taken from.
const SIGNATURES: u32 = 500;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().unwrap();
    let largest: u64 = arguments.next().map_or(1_000_000, |n| n.parse().unwrap());
    tell(&machine());
    fsync_limit();
    signature_limits();
    backlog(&program);
    one_by_one(&program);
    let mut size = 1_000;
    while size <= largest {
        proofs(size);
        size *= 10;
    }
}

fn signature_limits() {
    let key = SecretKey::from_seed(&[1; 32]);
    let root = Hash::of(b"x");
    // Another one each time: how long ML-DSA takes depends on what is signed.
    let checkpoint = |size: u32| {
        let origin = "a.example/forewarn/x".to_owned();
        Checkpoint { origin, size: size.into(), root }
    };
    for (name, both) in [("Ed25519", false), ("Ed25519 and ML-DSA-44", true)] {
        let mut keys = key.keys();
        keys.mldsa44 = keys.mldsa44.filter(|_| both);
        let start = Instant::now();
        let notes: Vec<Note> = (1..=SIGNATURES).map(|n| checkpoint(n).sign(&key, both)).collect();
        let signed = start.elapsed();
        let start = Instant::now();
        for note in &notes {
            checkpoint::open(note, &keys).unwrap();
        }
        let verified = start.elapsed();
        tell(&json!({
            "limit": format!("a checkpoint signed and checked by {name}, one core"),
            "signed_per_s": rate(SIGNATURES.into(), signed),
            "checked_per_s": rate(SIGNATURES.into(), verified),
        }));
    }
}

/// West writes while east is away; then east comes back, and gets all of it in batches.
fn backlog(program: &str) {
    let mut pair = Pair::start(program);
    pair.equal();
    pair.east.stop();
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| write(&pair.west, BACKLOG / WRITERS));
        }
    });
    let written = start.elapsed();
    pair.east.start();
    // West tries again every so often: what is measured begins with its first receipt.
    let before = receipted(&pair.west).1;
    let first = until("a receipt", || Some(receipted(&pair.west)).filter(|(_, r)| *r > before));
    let start = Instant::now();
    until("the receipts", || Some(receipted(&pair.west)).filter(|(size, r)| size == r));
    let spent = start.elapsed();
    let pushed = first.0 - first.1;
    tell(&json!({
        "figure": "entries written as acts of people, 8 connections", "entries": BACKLOG,
        "per_s": rate(BACKLOG, written),
    }));
    tell(&json!({
        "figure": "entries pushed, stored and cosigned in batches, behind the first receipt",
        "entries": pushed, "per_s": rate(pushed, spent), "budget_per_s": 5_000,
    }));
    tell(
        &json!({ "figure": "peak memory after it", "west_MiB": pair.west.peak_memory_kib() / 1024,
                  "east_MiB": pair.east.peak_memory_kib() / 1024 }),
    );
}

/// The size of west's log, and how much of it has a receipt.
fn receipted(west: &Node) -> (u64, u64) {
    let logs = west.get("/api/v1/channels");
    let ours = logs.as_array().unwrap().iter().find(|log| log.get("ours") == Some(&true.into()));
    let number = |name: &str| ours.and_then(|log| log.get(name)?.as_u64()).unwrap();
    (number("size"), number("receipted"))
}

/// Interests registered and withdrawn, one after the other.
fn write(node: &Node, acts: u64) {
    let mut connection = node.connect_local();
    let mut ask = |act: Value| {
        let body = json!({ "act": act }).to_string();
        let answer =
            connection.ask("POST", "/api/v1/acts", &[("forewarn-as", "paul")], body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    for n in 0..acts / 2 {
        let interest = json!({
            "label": format!("interest {n}"), "urgency": "future", "any": [{ "country": "RU" }],
        });
        let added =
            ask(json!({ "do": "interest-add", "partner": "east.example", "interest": interest }));
        let id = added.get("interest").unwrap();
        ask(json!({ "do": "interest-remove", "partner": "east.example", "id": id }));
    }
}

/// A partner's node, as far as the channel sees one.
struct Partner {
    name: String,
    key: SecretKey,
    channel: Channel,
    tree: MemoryTree,
    connection: Connection,
}

impl Partner {
    fn new(number: u8, node: &Node, us: &Card) -> Partner {
        let name = format!("p{number}.example");
        let key = SecretKey::from_seed(&[number + 100; 32]);
        let (organisation, url) = (format!("Partner {number}"), "http://127.0.0.1:9".to_owned());
        let card = Card { name: name.parse().unwrap(), organisation, url, keys: key.keys() };
        let signature = key.sign(card.text().as_bytes());
        let note = Note::signed(card.text(), &name, &card.keys.ed25519, &signature);
        let path = node.write(&format!("{name}.card"), note.to_string());
        node.by("paul", &["partner", "add", &path]);
        let words = card.fingerprint();
        node.by("paul", &["partner", "confirm", &name, "--fingerprint", &words]);
        let us = Party { name: us.name.to_string(), keys: us.keys.clone() };
        let them = Party { name: name.clone(), keys: key.keys() };
        let channel = Channel::between(us, them).unwrap();
        Partner { name, key, channel, tree: MemoryTree::default(), connection: node.connect() }
    }

    /// Pushes entry by entry, each when the receipt for the last one is here and was checked.
    fn push(&mut self, entries: u64) -> Vec<Duration> {
        let genesis = String::from_utf8(self.channel.genesis()).unwrap();
        self.one(Carried { leaf: genesis, disclosures: Vec::new() });
        let mut times = Vec::new();
        for n in 0..entries {
            let carried = entry(&self.channel, n);
            let start = Instant::now();
            self.one(carried);
            times.push(start.elapsed());
        }
        times
    }

    fn one(&mut self, carried: Carried) {
        let start = self.tree.size();
        self.tree.push(Hash::leaf(carried.leaf.as_bytes()));
        let log = self.channel.log_of(&self.name);
        let whole = Checkpoint { origin: log.clone(), size: start + 1, root: self.tree.root() };
        let checkpoint = whole.sign(&self.key, true).to_string();
        let batch = Batch { log: log.clone(), start, entries: vec![carried], checkpoint };
        let body = serde_json::to_vec(&batch).unwrap();
        let digest = access::content_digest(&body);
        let parameters = Parameters {
            created: clock::seconds(&clock::now()),
            nonce: clock::seed().to_string(),
            keyid: self.name.clone(),
        };
        let path = "/channel/v1/entries";
        let to = "bench.example";
        let signed = Signed { method: "POST", path, query: "?", digest: &digest, to };
        let signature = self.key.sign(access::base(&signed, &parameters).as_bytes());
        let headers = [
            ("content-digest", digest.as_str()),
            (TO, to),
            ("signature-input", &parameters.header()),
            ("signature", &access::signature_header(&signature)),
        ];
        let answer = self.connection.ask("POST", path, &headers, &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let note = Note::parse(&answer.text()).unwrap();
        let receipt = self.channel.receipt(&log, &note).unwrap();
        assert_eq!(receipt.checkpoint, whole);
    }
}

/// Something that a partner may withdraw: understood, and without an effect.
fn entry(channel: &Channel, n: u64) -> Carried {
    let id = format!("interest--00000000-0000-4000-8000-{n:012}");
    let disclosures = vec![Disclosure::new([7; 16], "interest", &id.into())];
    let entry = Entry {
        channel: channel.id(),
        kind: "interest-removed".into(),
        id: format!("interest-removed--{n}"),
        time: clock::now(),
        status: "Test".into(),
        answers: None,
        digests: digests_of(&disclosures),
    };
    Carried { leaf: String::from_utf8(entry.leaf()).unwrap(), disclosures }
}

fn one_by_one(program: &str) {
    let node = Node::start_new(program, "bench.example");
    let card = Card::parse(&node.good(&["card"])).unwrap();
    let mut partners: Vec<Partner> =
        (0..CHANNELS).map(|number| Partner::new(number, &node, &card)).collect();
    let start = Instant::now();
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            partners.iter_mut().map(|partner| scope.spawn(|| partner.push(EACH))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let spent = start.elapsed();
    let entries = u64::from(CHANNELS) * EACH;
    tell(&json!({
        "figure": "entries pushed, stored and cosigned one by one over 16 channels, both signatures",
        "entries": entries, "per_s": rate(entries, spent), "p50_ms": at(&mut times, 50),
        "p99_ms": at(&mut times, 99), "budget_per_s": 1_000,
        "with": "the partners' own signing and checking, on the same two cores",
    }));
}

/// What evidence of one entry costs in a log of this size, from the database.
fn proofs(size: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("f.sqlite")).unwrap();
    let keys = [1, 2].map(|seed| SecretKey::from_seed(&[seed; 32]));
    let party = |name: &str, key: &SecretKey| Party { name: name.into(), keys: key.keys() };
    let [a, b] = &keys;
    let channel = Channel::between(party("a.example", a), party("b.example", b)).unwrap();
    let start = Instant::now();
    let log = filled(&mut store, &channel, size);
    let spent = start.elapsed();
    let db = store.db();
    let root = db.root(&log, size).unwrap();
    let whole = Checkpoint { origin: log.name.clone(), size, root };
    let receipt =
        checkpoint::cosign((&whole.sign(a, true), &whole), ("b.example", b), 1_513_330_200, true);
    let genesis = String::from_utf8(channel.genesis()).unwrap();
    let (mut made, mut verified, mut bytes, mut shown) = (Vec::new(), Vec::new(), 0, 0);
    for n in 0..PROOFS {
        let index = 1 + (n * 7_919) % (size - 1);
        let start = Instant::now();
        let held = db.entry(&log, index).unwrap().unwrap();
        let path = db.inclusion(&log, index, size).unwrap();
        let entries =
            vec![ProvenEntry { checkpoint: 0, index, path, carried: held.carried.clone() }];
        let (format, checkpoints) = (FORMAT.to_owned(), vec![receipt.to_string()]);
        let file =
            Evidence { format, genesis: genesis.clone(), checkpoints, entries, stamps: vec![] }
                .bytes();
        made.push(start.elapsed());
        let start = Instant::now();
        Evidence::parse(&file).unwrap().verify(&[]).unwrap();
        verified.push(start.elapsed());
        bytes = file.len();
        shown = held.carried.disclosures.iter().map(Disclosure::encoded_len).sum::<usize>();
    }
    let disk = std::fs::metadata(folder.path().join("f.sqlite")).unwrap().len();
    tell(&json!({
        "figure": "evidence of one entry", "log": size, "made_p50_ms": at(&mut made, 50),
        "made_p99_ms": at(&mut made, 99), "verified_p50_ms": at(&mut verified, 50),
        "verified_p99_ms": at(&mut verified, 99), "bytes_beside_disclosures": bytes - shown,
        "appended_per_s": rate(size, spent), "disk_MB": disk / 1_000_000,
        "budget_ms": 1, "budget_bytes": 10_000,
    }));
}

fn filled(store: &mut Store, channel: &Channel, size: u64) -> LogRow {
    let mut log: Option<LogRow> = None;
    let mut next = 0;
    while next < size {
        let batch = store.begin().unwrap();
        let db = batch.db();
        let mut row = match log.take() {
            Some(row) => row,
            None => db.add_log(&channel.log_of("a.example"), "b.example", true).unwrap(),
        };
        let end = (next + 10_000).min(size);
        let held = (next..end).map(|index| {
            let genesis = || String::from_utf8(channel.genesis()).unwrap();
            let carried = if index == 0 {
                Carried { leaf: genesis(), disclosures: Vec::new() }
            } else {
                entry(channel, index)
            };
            Held { index, carried, withheld: Vec::new(), subject: None, refused: None }
        });
        db.append_all(&mut row, &held.collect::<Vec<_>>()).unwrap();
        batch.commit().unwrap();
        (log, next) = (Some(row), end);
    }
    log.unwrap()
}
