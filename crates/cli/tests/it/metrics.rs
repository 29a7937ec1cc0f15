//! Figures for Prometheus: their form, what they count, and to whom they tell what.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::float_cmp,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::http::Connection;
use forewarn_testkit::{Node, Pair, until};
use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// Figures by name and labels.
type Figures = BTreeMap<String, f64>;

fn free() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn text(address: &str) -> String {
    let answer = Connection::network(address).ask("GET", "/metrics", &[], b"");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let kind = answer.header("content-type").unwrap();
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
    answer.text()
}

/// Reads the text as the OpenMetrics specification has it: every figure belongs to the family that was
/// described last, has its suffix, and stands there once; the text ends with `# EOF`.
fn parse(text: &str) -> Figures {
    let suffixes = |kind: &str| match kind {
        "counter" => vec!["_total"],
        "gauge" => vec![""],
        "info" => vec!["_info"],
        "histogram" => vec!["_sum", "_count", "_bucket"],
        other => panic!("a family of type {other}"),
    };
    let (body, end) = text.rsplit_once("# EOF\n").unwrap();
    assert_eq!(end, "");
    let (mut all, mut seen) = (Figures::new(), BTreeSet::new());
    let (mut family, mut kind) = (String::new(), String::new());
    for line in body.lines() {
        if let Some(described) = line.strip_prefix("# ") {
            let parts: Vec<&str> = described.splitn(3, ' ').collect();
            let [what, name, value] = parts[..] else { panic!("{line}") };
            match what {
                "HELP" => {
                    assert!(!value.trim().is_empty(), "{line}");
                    assert!(seen.insert(name.to_owned()), "{name} is described twice");
                    name.clone_into(&mut family);
                }
                "TYPE" => value.clone_into(&mut kind),
                "UNIT" => assert!(name.ends_with(&format!("_{value}")), "{line}"),
                other => panic!("{other}: {line}"),
            }
            assert_eq!(name, family, "{line}");
            continue;
        }
        let (key, value) = line.rsplit_once(' ').unwrap();
        let name = key.split('{').next().unwrap();
        let suffix =
            name.strip_prefix(&family).unwrap_or_else(|| panic!("{line} is not of {family}"));
        assert!(suffixes(&kind).contains(&suffix), "{line} is not of a {kind}");
        if let Some(labels) = key.split_once('{').map(|(_, rest)| rest.strip_suffix('}').unwrap()) {
            for label in labels.split(',') {
                let (name, value) = label.split_once('=').unwrap();
                assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{line}");
                assert!(value.starts_with('"') && value.ends_with('"'), "{line}");
            }
        }
        let value: f64 = value.parse().unwrap();
        assert!(all.insert(key.to_owned(), value).is_none(), "{key} stands there twice");
    }
    buckets_add_up(&all);
    all
}

/// A histogram's buckets grow, and the last has all.
fn buckets_add_up(all: &Figures) {
    let mut last: BTreeMap<String, f64> = BTreeMap::new();
    let mut rows: Vec<(String, f64, f64)> = Vec::new();
    for (key, value) in all.iter().filter(|(key, _)| key.contains("_bucket{")) {
        let (name, labels) = key.split_once("_bucket{").unwrap();
        let (bound, rest): (Vec<&str>, Vec<&str>) =
            labels.trim_end_matches('}').split(',').partition(|label| label.starts_with("le="));
        let bound = bound[0].trim_start_matches("le=").trim_matches('"');
        let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().unwrap() };
        rows.push((format!("{name}{{{}}}", rest.join(",")), bound, *value));
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    for (name, bound, value) in rows {
        let before = last.insert(name.clone(), value).unwrap_or(0.0);
        assert!(value >= before, "{name} {bound}");
        if bound.is_infinite() {
            let count = name.replacen('{', "_count{", 1).replace("_count{}", "_count");
            assert_eq!(all[&count].to_bits(), value.to_bits(), "{count}");
        }
    }
}

#[test]
fn a_warning_on_its_way_is_counted_and_what_was_counted_is_there_after_a_start() {
    let address = free();
    let config = format!("[metrics]\nlisten = \"{address}\"\n");
    let west = Node::start_configured(PROGRAM, "west.example", &config);
    let east = Node::start_new(PROGRAM, "east.example");
    let mut pair = Pair::of(west, east);
    pair.interest("tickets.example");
    let case = pair.case("A report names shop.tickets.example.");
    let figures = parse(&text(&address));
    assert_eq!(figures["forewarn_cases{status=\"exercise\",stage=\"open\"}"], 1.0);
    assert_eq!(figures["forewarn_item_to_case_seconds_count{status=\"exercise\"}"], 1.0);
    assert_eq!(figures["forewarn_needs_overdue{status=\"exercise\",kind=\"finding\"}"], 0.0);
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.east.by("dora", &["warning", "open", "1"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    pair.equal();
    let steps = [
        "item_to_case",
        "case_to_decision",
        "decision_to_release",
        "release_to_receipt",
        "release_to_acknowledgement",
    ];
    let count = |figures: &Figures, step: &str| {
        figures.get(&format!("forewarn_{step}_seconds_count{{status=\"exercise\"}}")).copied()
    };
    let figures = until("all steps", || {
        let figures = parse(&text(&address));
        steps.iter().all(|step| count(&figures, step) == Some(1.0)).then_some(figures)
    });
    assert_eq!(figures["forewarn_cases{status=\"exercise\",stage=\"released\"}"], 1.0);
    assert_eq!(figures["forewarn_items_total"], 1.0);
    assert_eq!(figures["forewarn_partners"], 1.0);
    assert_eq!(figures["forewarn_times_caught_up"], 1.0);
    assert_eq!(figures["forewarn_follower_running{follower=\"matcher\"}"], 1.0);
    assert!(figures["forewarn_writer_commands_total"] > 5.0);
    assert!(figures["forewarn_writer_commit_seconds_count"] > 5.0);
    assert!(figures["forewarn_database_bytes"] > 100_000.0);
    assert!(figures["forewarn_memory_bytes"] > 1_000_000.0);
    let sum = |figures: &Figures, step: &str| {
        figures[&format!("forewarn_{step}_seconds_sum{{status=\"exercise\"}}")]
    };
    let before: Vec<f64> = steps.iter().map(|step| sum(&figures, step)).collect();
    // A refusal is counted.
    let refused = figures["forewarn_writer_refused_total"];
    pair.west.refused(&["case", "recall", "999", "--reason", "no", "--as", "otto"]);
    until("the refusal", || {
        (parse(&text(&address))["forewarn_writer_refused_total"] > refused).then_some(())
    });
    pair.west.stop();
    pair.west.start();
    let figures = parse(&text(&address));
    let after: Vec<f64> = steps.iter().map(|step| sum(&figures, step)).collect();
    assert_eq!(before, after);
    // Nobody's name stands there.
    assert!(!text(&address).contains("east"), "{}", text(&address));
    pair.west.stop();
    pair.west.configure("[metrics]\npartners = true\n");
    pair.west.start();
    let figures = parse(&text(&address));
    assert!(figures["forewarn_entries_written{partner=\"east.example\"}"] >= 1.0);
    let other = Connection::network(&address).ask("GET", "/api/v1/cases", &[], b"");
    assert_eq!(other.status, 404);
    let post = Connection::network(&address).ask("POST", "/metrics", &[], b"x");
    assert_eq!(post.status, 405);
}

#[test]
fn figures_are_given_nowhere_unless_they_are_asked_for() {
    let node = Node::start_new(PROGRAM, "west.example");
    let answer = node.connect().ask("GET", "/metrics", &[], b"");
    assert!([401, 404].contains(&answer.status), "{}", answer.text());
    // A place that is taken is said at the start.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = format!("[metrics]\nlisten = \"{}\"\n", taken.local_addr().unwrap());
    let mut node = node;
    node.stop();
    node.configure(&config);
    let serve = node.run(&["serve"]);
    let words = String::from_utf8_lossy(&serve.stderr).into_owned();
    assert!(!serve.status.success() && words.contains("(metrics.listen)"), "{words}");
}
