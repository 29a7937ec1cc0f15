//! Observables: which are an attacker's.

use crate::data::{Data, Report};
use crate::learn::{self, Names, Row, Way};
use crate::score::{Tally, print};
use crate::whom;
use forewarn_extract::model::Features;
use forewarn_extract::observable::{self, Observable};
use forewarn_extract::reading::Reading;
use forewarn_extract::side;
use std::collections::{BTreeMap, BTreeSet};

const WAY: Way = Way { l2: 3.0, least: 2, rounds: 200, steady: 30.0 };
/// Log odds of what counts, as `extract` has it.
const LEAST: f32 = -0.2;
/// How many values what is known before counts for.
const KNOWN: f32 = 20.0;
const HEAD: &str = "# How likely a value is an attacker's: see CARD.md. Made by `make train`.\n";

struct Seen {
    value: String,
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

/// A report with its values.
struct Read<'a> {
    report: &'a Report,
    reading: Reading,
    whole: Row,
    found: Vec<Observable>,
}

fn read<'a>(report: &'a Report, names: &mut Names) -> Read<'a> {
    let reading = Reading::new(&report.text);
    let mut features = Features::new(true);
    reading.describe(&mut features);
    let whole = Row { features: names.row(&features), is: report.stage == "none", weight: 1.0 };
    Read { report, reading, whole, found: observable::find(&report.text) }
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

/// What is known before: a public resolver is nobody's, and an address of a local net is of whoever writes.
fn known_values(names: &mut Names) -> Vec<Row> {
    let row =
        |name: &&str| Row { features: vec![(names.number(name), 1.0)], is: false, weight: KNOWN };
    ["a public resolver", "a local address"].iter().map(row).collect()
}

/// How likely there is no threat in each of `these`, learnt from `others`.
fn idle(others: &[&Read], these: &[&Read], before: &Before) -> Vec<f32> {
    let rows: Vec<&Row> = others.iter().map(|one| &one.whole).chain(&before.rows).collect();
    let weights = learn::learn(&rows, before.features, whom::STAGE);
    these.iter().map(|one| learn::score(&weights, &one.whole)).collect()
}

/// The values of some reports, of which none helped to judge whether it tells of a threat.
fn seen_apart(these: &[&Read], before: &Before, names: &mut Names) -> Vec<Vec<Seen>> {
    const PARTS: usize = 5;
    let mut out: Vec<Vec<Seen>> = (0..these.len()).map(|_| Vec::new()).collect();
    for part in 0..PARTS {
        let is_apart = |at: usize| at / 7 % PARTS == part;
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
    let Read { report, reading, found, .. } = read;
    let gold: BTreeSet<&str> = report.observables.iter().map(|(_, value)| value.as_str()).collect();
    let mut out = Vec::new();
    let mut all = found.iter();
    side::each(&report.text, reading, idle, found, &mut Features::new(true), &mut |features| {
        let one = all.next().unwrap();
        let value = value(one);
        let row =
            Row { features: names.row(features), is: gold.contains(value.as_str()), weight: 1.0 };
        out.push(Seen { value, kind: kind(one), row });
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
    let reports = data.modern();
    let all: Vec<Read> = reports.iter().map(|report| read(report, &mut wholes)).collect();
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
    let likely = seen.iter().filter(|one| learn::score(weights, &one.row) > LEAST);
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
    let train: Vec<Read> = data.train.iter().map(|report| read(report, &mut wholes)).collect();
    let written: Vec<Read> = data.written.iter().map(|one| read(one, &mut wholes)).collect();
    let handouts: Vec<Read> = data.handout.iter().map(|one| read(one, &mut wholes)).collect();
    let before = Before::of(&mut wholes);
    let folds = 10;
    let mut by_style: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut all, mut every) = (Tally::default(), Tally::default());
    for fold in 0..folds {
        let part = |apart: bool| -> Vec<&Read> {
            let each = train.iter().enumerate();
            each.filter(|(at, _)| (at % folds == fold) == apart).map(|(_, one)| one).collect()
        };
        let these = part(true);
        let others: Vec<&Read> = part(false).into_iter().chain(&written).collect();
        let (seen, weights) = judged(&others, &these, &before);
        for (one, seen) in these.iter().zip(&seen) {
            let this = tally(one.report, &likely(seen, &weights));
            all.add(this);
            for part in [&one.report.style, &one.report.lang] {
                by_style.entry(part.clone()).or_default().add(this);
            }
            let given = seen.iter().map(|one| (one.kind, one.value.as_str())).collect();
            every.add(tally(one.report, &given));
            tell_errors(one.report, seen, &weights, this);
        }
    }
    let mut handout = Tally::default();
    let (train, these): (Vec<&Read>, Vec<&Read>) =
        (train.iter().chain(&written).collect(), handouts.iter().collect());
    let (seen, weights) = judged(&train, &these, &before);
    for (one, seen) in these.iter().zip(&seen) {
        let this = tally(one.report, &likely(seen, &weights));
        handout.add(this);
        tell_errors(one.report, seen, &weights, this);
    }
    print("observables, every value", "train", every);
    print("observables, cross-validated", "train", all);
    for (style, tally) in by_style {
        print("observables, cross-validated", &format!("train, {style}"), tally);
    }
    print("observables, learnt from train", "handout", handout);
}
