//! Figures of matching, as JSON lines, with peers and limits in the same run.
//!
//! `forewarn-bench-match [--largest N] [--data FOLDER] [--python PYTHON]`: up to N interests (1,000,000
//! without); FOLDER holds STIX bundles of others, whose objects are measured too; PYTHON has
//! `stix2-matcher`. One core is used. Memory is that of the process, grown by the index.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark stops at the first thing that is not as it should be"
)]

use aho_corasick::AhoCorasick;
use forewarn_exchange::scale::Urgency;
use forewarn_extract::words::Words;
use forewarn_matching::interest::{Clause, Interest};
use forewarn_matching::terms::{Term, Terms};
use forewarn_matching::{Format, Index, Item, Window, naive};
use forewarn_stix::bundle::Objects;
use forewarn_testkit::figure::{machine, tell};
use forewarn_testkit::{peers, wanted};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Items judged together, as the node's matcher does.
const WINDOW: usize = 500;
/// Items of each kind; measured in rounds, of which the median counts.
const ITEMS: u64 = 20_000;
const ROUNDS: usize = 7;
/// Interests taken out and put back.
const CHANGES: u64 = 2_000;
/// Items that the naive loop is given: it is slow.
const NAIVE_ITEMS: usize = 20;
/// Most interests that peers are given.
const PEER_SIZE: u64 = 100_000;

struct Kind {
    name: String,
    format: Format,
    items: Vec<String>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (mut largest, mut data, mut only, mut smallest) = (1_000_000, None, None, 0);
    let mut python = None;
    while let Some(name) = arguments.next() {
        let value = arguments.next();
        match name.as_str() {
            "--largest" => largest = value.and_then(|v| v.parse().ok()).expect("a number"),
            "--data" => data = value.map(PathBuf::from),
            "--python" => python = value.map(PathBuf::from),
            // For profiles: only items whose kind has this in its name, and no peers.
            "--items" => only = value,
            "--smallest" => smallest = value.and_then(|v| v.parse().ok()).expect("a number"),
            _ => {}
        }
    }
    tell(&machine());
    if only.is_none() {
        patterns(python.as_deref());
    }
    let mut at_least: HashMap<String, f64> = HashMap::new();
    for size in SIZES.into_iter().filter(|size| (smallest..=largest).contains(size)) {
        let mut kinds = kinds(size, data.as_deref());
        if let Some(only) = &only {
            kinds.retain(|kind| kind.name.contains(only.as_str()));
        }
        let before = memory();
        let start = Instant::now();
        let index = Index::new((0..size).map(|n| checked(wanted::interest(n))));
        let built = start.elapsed();
        let grown = memory().saturating_sub(before);
        tell(&json!({
            "figure": "index built", "interests": size, "seconds": seconds(built),
            "interests_per_s": (rate(size, built)).round(), "MiB": grown >> 20,
            "bytes_per_interest": grown / size, "budget_MiB": 1024,
        }));
        let mut index = index;
        change(&mut index, size);
        for kind in &kinds {
            measure(&index, size, kind, &mut at_least);
        }
        drop(index);
        if only.is_none() {
            peers(size, &kinds);
        }
    }
}

fn checked((partner, interest): (String, Interest)) -> (String, Interest) {
    (partner, interest.checked().expect("a made interest"))
}

fn kinds(size: u64, data: Option<&Path>) -> Vec<Kind> {
    let made = |name: &str, format, make: fn(u64, u64) -> String| Kind {
        name: name.to_owned(),
        format,
        items: (0..ITEMS).map(|n| make(n, size)).collect(),
    };
    let mut out = vec![
        made("made indicators", Format::Stix, wanted::indicator),
        made("made objects in words", Format::Stix, wanted::described),
        made("made reports of 2 kB", Format::Text, wanted::report),
    ];
    let Some(folder) = data else {
        tell(&json!({"left out": "bundles of others", "because": "no --data"}));
        return out;
    };
    for name in ["ics-attack-18.1.json", "amnesty-pegasus.json"] {
        if let Ok(bytes) = std::fs::read(folder.join(name)) {
            let mut objects = Objects::new(&bytes[..]);
            let each = std::iter::from_fn(|| objects.next_object().expect("a bundle"));
            let items: Vec<String> = each.map(|one| String::from_utf8(one).unwrap()).collect();
            out.push(Kind { name: name.to_owned(), format: Format::Stix, items });
        }
    }
    out
}

/// The time to take one interest out and to put it back.
fn change(index: &mut Index, size: u64) {
    let (mut out, mut back) = (Vec::new(), Vec::new());
    for n in 0..CHANGES.min(size) {
        let (partner, interest) = checked(wanted::interest(n * (size / CHANGES).max(1) % size));
        let start = Instant::now();
        assert!(index.remove(&partner, &interest.id));
        out.push(start.elapsed());
        let start = Instant::now();
        index.set(&partner, &interest);
        back.push(start.elapsed());
    }
    let micros = |times: &mut Vec<Duration>, percent: usize| {
        times.sort_unstable();
        let place = (times.len() * percent / 100).min(times.len() - 1);
        times.get(place).map_or(0.0, |time| time.as_nanos() as f64 / 1000.0)
    };
    let max = |times: &[Duration]| times.iter().max().map_or(0, Duration::as_micros);
    tell(&json!({
        "figure": "one interest registered or withdrawn", "interests": size,
        "set_p50_us": micros(&mut back, 50), "set_p99_us": micros(&mut back, 99), "set_max_us": max(&back),
        "remove_p50_us": micros(&mut out, 50), "remove_p99_us": micros(&mut out, 99), "remove_max_us": max(&out),
    }));
}

fn items(kind: &Kind) -> impl Iterator<Item = Item<'_>> {
    kind.items.iter().map(|text| Item {
        bytes: text.as_bytes(),
        format: kind.format,
        added: 0,
        grade: None,
        corrected: None,
    })
}

fn measure(index: &Index, size: u64, kind: &Kind, at_least: &mut HashMap<String, f64>) {
    let all: Vec<Item<'_>> = items(kind).collect();
    let mut times = Vec::new();
    let mut met = 0;
    for _ in 0..ROUNDS {
        met = 0;
        let start = Instant::now();
        for part in all.chunks(WINDOW) {
            let found = Window::new(index, part.iter().copied()).matches();
            met += found.iter().filter(|found| !found.is_empty()).count();
        }
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let spent = times.get(ROUNDS / 2).copied().unwrap_or_default();
    let count = all.len() as u64;
    let bytes: usize = kind.items.iter().map(String::len).sum();
    let per_s = rate(count, spent);
    let first = *at_least.entry(kind.name.clone()).or_insert(per_s);
    // The limit: reading the JSON and the texts, and nothing else.
    let start = Instant::now();
    for item in &all {
        match kind.format {
            Format::Text => {
                drop(black_box(Terms::of_text(std::str::from_utf8(item.bytes).unwrap())));
            }
            _ => drop(black_box(Terms::of_object(item.bytes, true))),
        }
    }
    let reading = start.elapsed();
    tell(&json!({
        "figure": "items matched, from raw bytes, one core", "items": kind.name, "interests": size,
        "items_per_s": per_s.round(), "MB_per_s": (rate(bytes as u64, spent) / 1e6).round(),
        "bytes_per_item": bytes as u64 / count, "matching_share": met as f64 / count as f64,
        "times_the_cost_at_1000": (first / per_s * 100.0).round() / 100.0,
        "reading_alone_per_s": rate(count, reading).round(),
        "budget_items_per_s": 200_000, "budget_times": 2,
    }));
}

/// The same question to others.
fn peers(size: u64, kinds: &[Kind]) {
    let interests: Vec<(String, Interest)> =
        (0..size).map(|n| checked(wanted::interest(n))).collect();
    if size <= 10_000 {
        for kind in kinds.iter().take(3) {
            naive_loop(&interests, kind);
        }
    }
    if size <= PEER_SIZE {
        a_tree(&interests, kinds);
    }
    automaton(&interests, kinds);
}

fn naive_loop(interests: &[(String, Interest)], kind: &Kind) {
    let start = Instant::now();
    let mut met = 0;
    for item in items(kind).take(NAIVE_ITEMS) {
        met += interests.iter().filter(|(_, one)| naive::strength(one, &item).is_some()).count();
    }
    let spent = start.elapsed();
    tell(&json!({
        "peer": "the naive loop", "items": kind.name, "interests": interests.len(),
        "items_per_s": rate(NAIVE_ITEMS as u64, spent), "met": met,
    }));
}

/// Its terms are numbers in one list; it is given them taken out already, which we are not.
fn a_tree(interests: &[(String, Interest)], kinds: &[Kind]) {
    let number = |text: &str| -> i64 {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        // 2^52 of them fit into what it reads as a number.
        i64::try_from(hasher.finish() >> 12).unwrap()
    };
    let before = memory();
    let start = Instant::now();
    let attributes = [a_tree::AttributeDefinition::integer_list("terms")];
    let mut tree = a_tree::ATree::<u64>::new(&attributes).expect("a tree");
    let mut left_out = 0;
    for (id, (_, interest)) in interests.iter().enumerate() {
        let mut numbers = Vec::new();
        interest.clauses(&mut |clause| numbers.extend(named(clause).iter().map(|t| number(t))));
        if numbers.is_empty() {
            left_out += 1;
            continue;
        }
        let list: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        let expression = format!("terms one of [{}]", list.join(", "));
        tree.insert(&(id as u64), &expression).expect("an expression");
    }
    let built = start.elapsed();
    let grown = memory().saturating_sub(before);
    for kind in kinds.iter().take(3) {
        let count = if interests.len() > 10_000 { 100 } else { 1_000 };
        let terms: Vec<Vec<i64>> = items(kind)
            .take(count)
            .map(|item| terms_of(&item).iter().map(|text| number(text)).collect())
            .collect();
        let start = Instant::now();
        let mut met = 0;
        for terms in &terms {
            let mut event = tree.make_event();
            event.with_integer_list("terms", terms).expect("a list");
            let event = event.build().expect("an event");
            met += usize::from(!tree.search(&event).expect("a search").matches().is_empty());
        }
        let spent = start.elapsed();
        tell(&json!({
            "peer": "a-tree 0.5, given the terms", "items": kind.name, "interests": interests.len(),
            "left_out": left_out, "items_per_s": rate(count as u64, spent).round(),
            "matching_share": met as f64 / count as f64, "build_seconds": seconds(built), "MiB": grown >> 20,
        }));
    }
}

/// What a clause names, as one text each.
fn named(clause: &Clause) -> Vec<String> {
    match clause {
        Clause::Block(net) => vec![format!("block {net}")],
        Clause::Domain(name) | Clause::EmailDomain(name) => vec![format!("domain {name}")],
        Clause::Hash(text) => vec![format!("hash {text}")],
        Clause::Cve(text) => vec![format!("cve {text}")],
        Clause::Organisation(named) | Clause::Malware(named) | Clause::Site(named) => {
            named.names().map(|name| format!("words {}", Words::new(name).folded())).collect()
        }
        Clause::Words(words) => vec![format!("words {}", Words::new(words).folded())],
        _ => Vec::new(),
    }
}

/// What an item holds, as such texts.
fn terms_of(item: &Item<'_>) -> Vec<String> {
    let text = std::str::from_utf8(item.bytes).unwrap();
    let terms = match item.format {
        Format::Text => Terms::of_text(text),
        _ => Terms::of_object(item.bytes, false),
    };
    let mut out = Vec::new();
    for found in &terms.found {
        match &found.term {
            Term::Domain(name) => {
                let mut rest = Some(&**name);
                while let Some(domain) = rest {
                    out.push(format!("domain {domain}"));
                    rest = domain.split_once('.').map(|(_, above)| above);
                }
            }
            Term::Address(net) => out.extend((8..=net.prefix_len()).map(|length| {
                let wider = ipnet::IpNet::new(net.addr(), length).unwrap().trunc();
                format!("block {wider}")
            })),
            Term::Hash(text) => out.push(format!("hash {text}")),
            Term::Cve(text) => out.push(format!("cve {text}")),
            _ => {}
        }
    }
    for text in &terms.texts {
        let words = Words::new(&text.text);
        for first in 0..words.len() {
            for behind in first + 1..=(first + 4).min(words.len()) {
                out.push(format!("words {}", words.part(first, behind)));
            }
        }
    }
    out
}

/// The limit for words alone: one automaton of all names, over texts that are folded already.
fn automaton(interests: &[(String, Interest)], kinds: &[Kind]) {
    let mut names: Vec<String> = Vec::new();
    for (_, interest) in interests {
        interest.clauses(&mut |clause| {
            names.extend(
                named(clause).iter().filter_map(|t| t.strip_prefix("words ").map(str::to_owned)),
            );
        });
    }
    let before = memory();
    let start = Instant::now();
    let automaton = AhoCorasick::new(&names).expect("an automaton");
    let built = start.elapsed();
    let grown = memory().saturating_sub(before);
    for kind in kinds.iter().take(3).skip(1) {
        let folded: Vec<String> = kind.items.iter().map(|text| Words::new(text).folded()).collect();
        let start = Instant::now();
        let mut met = 0;
        for text in &folded {
            met +=
                usize::from(black_box(automaton.find_overlapping_iter(text.as_str()).count()) > 0);
        }
        let spent = start.elapsed();
        tell(&json!({
            "limit": "aho-corasick 1, the names alone, over folded texts", "items": kind.name,
            "interests": interests.len(), "names": names.len(), "items_with_a_name": met,
            "items_per_s": rate(kind.items.len() as u64, spent).round(),
            "build_seconds": seconds(built), "MiB": grown >> 20,
            "one_name_more": "it is built anew",
        }));
    }
}

/// Patterns alone: observables held against many of them, ours by the index, theirs one by one.
fn patterns(python: Option<&Path>) {
    let made = |count: u64| -> Vec<String> { (0..count).map(|n| wanted::pattern(n).0).collect() };
    let objects: Vec<Value> = (0..1_000)
        .map(|n: u64| {
            let seen =
                if n.is_multiple_of(100) { wanted::pattern(n).1 } else { format!("h{n}.invalid") };
            json!({"type": "domain-name", "id": format!("domain-name--{n}"), "value": seen})
        })
        .collect();
    let theirs = python.map(|python| {
        let id = "observed-data--8e2e2d2b-17d4-5cbf-938f-98ee46b3c000";
        let refs: Vec<&Value> = objects.iter().take(1).filter_map(|one| one.get("id")).collect();
        let data = json!({"type": "observed-data", "id": id, "number_observed": 1, "object_refs": refs,
            "first_observed": "2024-01-26T21:00:00Z", "last_observed": "2024-01-26T21:00:00Z"});
        let input = json!({"patterns": made(1_000), "objects": [objects.first(), data]});
        peers::ask(python, "patterns", &input)
    });
    let rate_of_theirs = theirs.as_ref().and_then(|theirs| theirs.get("matcher")?.as_f64());
    for count in [1_000, 100_000] {
        let interests = made(count).into_iter().enumerate().map(|(n, pattern)| {
            let any = vec![Clause::Pattern(pattern).into()];
            let mut interest = Interest::of(format!("{n}"), Urgency::Future, any);
            interest.id = n.to_string();
            ("partner.example".to_owned(), interest.checked().expect("a pattern"))
        });
        let index = Index::new(interests);
        let texts: Vec<String> = objects.iter().map(ToString::to_string).collect();
        let kind = Kind { name: "domain names".to_owned(), format: Format::Stix, items: texts };
        let start = Instant::now();
        let mut met = 0;
        for _ in 0..20 {
            let all: Vec<Item<'_>> = items(&kind).collect();
            for part in all.chunks(WINDOW) {
                let found = Window::new(&index, part.iter().copied()).matches();
                met += found.iter().filter(|found| !found.is_empty()).count();
            }
        }
        let ours = rate(20 * 1_000, start.elapsed());
        tell(&json!({
            "figure": "observables held against STIX patterns of interests", "patterns": count,
            "items_per_s": ours.round(), "matching_share": met as f64 / 20_000.0,
            "stix2-matcher": rate_of_theirs.map(|rate| json!({
                "patterns_per_s": rate.round(), "items_per_s": rate / count as f64,
            })),
        }));
    }
}

fn rate(count: u64, spent: Duration) -> f64 {
    count as f64 / spent.as_secs_f64()
}

fn seconds(spent: Duration) -> f64 {
    (spent.as_secs_f64() * 1000.0).round() / 1000.0
}

/// Bytes of memory that this process holds.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).map(str::to_owned);
    let kib: u64 = line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    kib << 10
}
