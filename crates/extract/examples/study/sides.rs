//! Observables: which are an attacker's.

use crate::data::{Data, Report, SHORT as SHORT_STYLE};
use crate::learn::{self, Names, Row, Way};
use crate::score::{Tally, print};
use crate::whom;
use forewarn_extract::model::Features;
use forewarn_extract::observable::{self, Observable};
use forewarn_extract::reading::Reading;
use forewarn_extract::side;
use forewarn_extract::value as value_of;
use std::collections::{BTreeMap, BTreeSet};

const WAY: Way = Way { l2: 1.0, least: 3, rounds: 200, steady: 30.0 };
/// Log odds of what counts, as `extract` has it.
const LEAST: f32 = -0.2;
/// How many values what is known before counts for.
const KNOWN: f32 = 20.0;
const HEAD: &str = "# How likely a value is an attacker's: see CARD.md. Made by `make train`.\n";

struct Seen {
    value: String,
    is_nobodys: bool,
    kind: &'static str,
    row: Row,
}

fn kind(one: &Observable) -> &'static str {
    forewarn_extract::stix_type(one)
}

fn value(one: &Observable) -> String {
    forewarn_extract::plain_value(one)
}

fn host(value: &str) -> String {
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let rest = rest.split(['/', '?']).next().unwrap_or_default();
    let rest = rest.rsplit('@').next().unwrap_or_default();
    rest.split(':').next().unwrap_or_default().to_lowercase()
}

/// A report with its values, or a short text of it.
struct Read<'a> {
    report: &'a Report,
    /// The number of the report that it is, or is cut out of.
    of: usize,
    /// How much each value counts; what counts less than 1 teaches nothing of threats.
    weight: f32,
    reading: Reading,
    whole: Row,
    found: Vec<Observable>,
}

fn read<'a>(report: &'a Report, of: usize, names: &mut Names) -> Read<'a> {
    let reading = Reading::new(&report.text);
    let mut features = Features::new(true);
    reading.describe(&mut features);
    let whole = Row { features: names.row(&features), is: report.stage == "none", weight: 1.0 };
    Read { report, of, weight: 1.0, reading, whole, found: observable::find(&report.text) }
}

/// How much a value counts in a line that is cut out of a report, and in a short text of our own.
const CUT: f32 = 0.3;
const SHORT: f32 = 0.5;
/// Longest line that is cut out of a report, in bytes.
const LINE: usize = 300;

/// The lines of reports that hold values, each as a text by itself.
fn cut(reports: &[Report]) -> Vec<(usize, Report)> {
    let mut out = Vec::new();
    for (of, report) in reports.iter().enumerate() {
        for line in report.text.lines().filter(|line| line.len() < LINE) {
            let found: BTreeSet<String> = observable::find(line).iter().map(value).collect();
            let mut one = Report { text: line.to_owned(), ..report.clone() };
            one.observables.retain(|(_, value)| found.contains(value));
            if !found.is_empty() {
                out.push((of, one));
            }
        }
    }
    out
}

fn numbered(reports: &[Report]) -> Vec<(usize, Report)> {
    reports.iter().cloned().enumerate().collect()
}

fn longer(reports: &[Report]) -> Vec<Report> {
    reports.iter().filter(|one| one.style != SHORT_STYLE).cloned().collect()
}

/// As [`read`], with how much each value counts.
fn read_all<'a>(each: &'a [(usize, Report)], weight: f32, names: &mut Names) -> Vec<Read<'a>> {
    each.iter().map(|(of, report)| Read { weight, ..read(report, *of, names) }).collect()
}

/// What is known before any report, and how many features there are.
struct Before {
    rows: Vec<Row>,
    features: usize,
}

impl Before {
    fn of(names: &mut Names) -> Before {
        let rows = whom::before_stage("none", &whom::known_before(names));
        Before { rows, features: names.list.len() }
    }
}

/// What is known before of those that are nobody's, so that no other feature is blamed for them.
fn known_values(names: &mut Names) -> Vec<Row> {
    let row =
        |name: &&str| Row { features: vec![(names.number(name), 1.0)], is: false, weight: KNOWN };
    ["a public resolver", "a local address"].iter().map(row).collect()
}

/// How likely there is no threat in each of `these`, learnt from `others`.
fn idle(others: &[&Read], these: &[&Read], before: &Before) -> Vec<f32> {
    let whole = others.iter().filter(|one| one.weight >= 1.0).map(|one| &one.whole);
    let rows: Vec<&Row> = whole.chain(&before.rows).collect();
    let weights = learn::learn(&rows, before.features, whom::STAGE);
    these.iter().map(|one| learn::score(&weights, &one.whole)).collect()
}

/// The values of some reports, of which none helped to judge whether it tells of a threat.
fn seen_apart(these: &[&Read], before: &Before, names: &mut Names) -> Vec<Vec<Seen>> {
    const PARTS: usize = 5;
    let mut out: Vec<Vec<Seen>> = (0..these.len()).map(|_| Vec::new()).collect();
    for part in 0..PARTS {
        let is_apart = |at: usize| these[at].of / 7 % PARTS == part;
        let pick = |apart: bool| -> Vec<usize> {
            (0..these.len()).filter(|at| is_apart(*at) == apart).collect()
        };
        let of = |list: &[usize]| -> Vec<&Read> { list.iter().map(|at| these[*at]).collect() };
        let (apart, others) = (pick(true), pick(false));
        for (at, idle) in apart.iter().zip(idle(&of(&others), &of(&apart), before)) {
            out[*at] = seen(these[*at], idle, names);
        }
    }
    out
}

fn seen(read: &Read, idle: f32, names: &mut Names) -> Vec<Seen> {
    let Read { report, reading, found, weight, .. } = read;
    let gold: BTreeSet<&str> = report.observables.iter().map(|(_, value)| value.as_str()).collect();
    let mut out = Vec::new();
    let mut all = found.iter();
    side::each(&report.text, reading, idle, found, &mut Features::new(true), &mut |features| {
        let one = all.next().unwrap();
        let value = value(one);
        let row = Row {
            features: names.row(features),
            is: gold.contains(value.as_str()),
            weight: *weight,
        };
        out.push(Seen { value, is_nobodys: value_of::is_nobodys(one), kind: kind(one), row });
    });
    out
}

fn tally(report: &Report, given: &BTreeSet<(&str, &str)>) -> Tally {
    let gold: BTreeSet<&str> = report.observables.iter().map(|(_, value)| value.as_str()).collect();
    let hosts: BTreeSet<String> =
        gold.iter().filter(|v| v.contains("://") || v.contains('@')).map(|v| host(v)).collect();
    let given: BTreeSet<&str> = given.iter().map(|(_, value)| *value).collect();
    let is_free = |v: &str| report.may_observables.contains(v) || hosts.contains(&v.to_lowercase());
    Tally {
        right: given.intersection(&gold).count(),
        wrong: given.difference(&gold).filter(|v| !is_free(v)).count(),
        missed: gold.difference(&given).count(),
    }
}

/// What was wrong, for whoever asks for it by `--errors`.
fn tell_errors(report: &Report, seen: &[Seen], weights: &[f32], tally: Tally) {
    if !std::env::args().any(|word| word == "--errors") || tally.wrong + tally.missed == 0 {
        return;
    }
    for one in seen {
        let score = learn::score(weights, &one.row);
        if (score > 0.0) != one.row.is {
            eprintln!("{} {} {} {score:.2} gold {}", report.id, one.kind, one.value, one.row.is);
        }
    }
    let is_missing = |value: &&str| !seen.iter().any(|one| one.value == **value);
    for value in report.observables.iter().map(|(_, value)| value.as_str()).filter(is_missing) {
        eprintln!("{} not found {value}", report.id);
    }
}

pub fn train(data: &Data) {
    let (mut wholes, mut names) = (Names::default(), Names::default());
    let reports = data.longer();
    let lines = cut(&reports);
    let (reports, values) = (numbered(&reports), numbered(&data.values));
    let mut all = read_all(&reports, 1.0, &mut wholes);
    all.extend(read_all(&lines, CUT, &mut wholes));
    all.extend(read_all(&values, SHORT, &mut wholes));
    let all: Vec<&Read> = all.iter().collect();
    let seen = seen_apart(&all, &Before::of(&mut wholes), &mut names);
    let known = known_values(&mut names);
    let rows: Vec<&Row> = seen.iter().flatten().map(|one| &one.row).chain(&known).collect();
    let weights = learn::learn(&rows, names.list.len(), WAY);
    std::fs::write("crates/extract/model/side.tsv", learn::file(HEAD, &names, &weights)).unwrap();
}

/// What is found in `these`, learnt from `others`.
fn judged(others: &[&Read], these: &[&Read], before: &Before) -> (Vec<Vec<Seen>>, Vec<f32>) {
    let mut names = Names::default();
    let learnt = seen_apart(others, before, &mut names);
    let idles = idle(others, these, before);
    let seen = these.iter().zip(idles).map(|(one, idle)| seen(one, idle, &mut names)).collect();
    let known = known_values(&mut names);
    let rows: Vec<&Row> = learnt.iter().flatten().map(|one| &one.row).chain(&known).collect();
    (seen, learn::learn(&rows, names.list.len(), WAY))
}

fn likely<'a>(seen: &'a [Seen], weights: &[f32]) -> BTreeSet<(&'a str, &'a str)> {
    let likely =
        seen.iter().filter(|one| !one.is_nobodys && learn::score(weights, &one.row) > LEAST);
    likely.map(|one| (one.kind, one.value.as_str())).collect()
}

pub fn bench(data: &Data) {
    let shipped = |reports: &[Report]| {
        let mut all = Tally::default();
        for report in reports {
            let found = forewarn_extract::extract(&report.text).observables;
            let given = found.iter().map(|one| (one.kind, one.value.as_str())).collect();
            all.add(tally(report, &given));
        }
        all
    };
    print("observables, as shipped", "handout", shipped(&data.handout));
    let mut wholes = Names::default();
    let lines = cut(&data.train);
    let (train, written) = (numbered(&data.train), numbered(&longer(&data.written)));
    let (handout, values) = (numbered(&data.handout), numbered(&data.values));
    let (train, lines) = (read_all(&train, 1.0, &mut wholes), read_all(&lines, CUT, &mut wholes));
    let (written, values) =
        (read_all(&written, 1.0, &mut wholes), read_all(&values, SHORT, &mut wholes));
    let handout = read_all(&handout, 1.0, &mut wholes);
    let more: Vec<&Read> = written.iter().chain(&values).collect();
    let before = Before::of(&mut wholes);
    let folds = 10;
    let mut by_style: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut all, mut every, mut alone) = (Tally::default(), Tally::default(), Tally::default());
    for fold in 0..folds {
        let both = train.iter().chain(&lines);
        let (these, others): (Vec<&Read>, Vec<&Read>) =
            both.partition(|one| one.of % folds == fold);
        let others: Vec<&Read> = others.into_iter().chain(more.iter().copied()).collect();
        let (seen, weights) = judged(&others, &these, &before);
        for (one, seen) in these.iter().zip(&seen) {
            let this = tally(one.report, &likely(seen, &weights));
            if one.weight < 1.0 {
                alone.add(this);
                continue;
            }
            all.add(this);
            for part in [&one.report.style, &one.report.lang] {
                by_style.entry(part.clone()).or_default().add(this);
            }
            let given = seen.iter().map(|one| (one.kind, one.value.as_str())).collect();
            every.add(tally(one.report, &given));
            tell_errors(one.report, seen, &weights, this);
        }
    }
    let mut of_handout = Tally::default();
    let train: Vec<&Read> = train.iter().chain(&lines).chain(more).collect();
    let handout: Vec<&Read> = handout.iter().collect();
    let (seen, weights) = judged(&train, &handout, &before);
    for (one, seen) in handout.iter().zip(&seen) {
        let this = tally(one.report, &likely(seen, &weights));
        of_handout.add(this);
        tell_errors(one.report, seen, &weights, this);
    }
    print("observables, of lines by themselves, cross-validated", "train", alone);
    print("observables, every value", "train", every);
    print("observables, cross-validated", "train", all);
    for (style, tally) in by_style {
        print("observables, cross-validated", &format!("train, {style}"), tally);
    }
    print("observables, learnt from train", "handout", of_handout);
}

/// What speaks for and against each value of a text, by the model that was written last.
pub fn why(text: &str) {
    let model = std::fs::read_to_string("crates/extract/model/side.tsv").unwrap();
    let lines = model.lines().filter_map(|line| line.rsplit_once('\t'));
    let weights: BTreeMap<&str, f32> =
        lines.filter_map(|(name, weight)| Some((name, weight.parse().ok()?))).collect();
    let reading = Reading::new(text);
    let mut whole = Features::new(false);
    reading.describe(&mut whole);
    let idle = reading.judge(&whole).idle;
    let found = observable::find(text);
    let mut all = found.iter();
    side::each(text, &reading, idle, &found, &mut Features::new(true), &mut |features| {
        let mut parts: Vec<(f32, &str)> = features
            .named()
            .filter_map(|(name, value)| Some((weights.get(name)? * value, name)))
            .collect();
        parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        let sum: f32 = parts.iter().map(|(weight, _)| weight).sum();
        println!("{} {sum:.2}", all.next().map_or("", |one| one.value.as_str()));
        for (weight, name) in parts.iter().take(25) {
            println!("  {weight:+.2} {name}");
        }
    });
}
