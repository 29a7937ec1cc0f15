//! Observables: which are an attacker's.

use crate::data::{Data, Report};
use crate::learn::{self, Names, Row, Way};
use crate::score::{Tally, print};
use forewarn_extract::model::Features;
use forewarn_extract::observable::{self, Observable};
use forewarn_extract::side;
use std::collections::{BTreeMap, BTreeSet};

const WAY: Way = Way { l2: 1.0, least: 2, rounds: 200 };
/// Log odds of what counts, as `extract` has it.
const LEAST: f32 = -0.4;
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

fn seen(report: &Report, names: &mut Names) -> Vec<Seen> {
    let found = observable::find(&report.text);
    let gold: BTreeSet<&str> = report.observables.iter().map(|(_, value)| value.as_str()).collect();
    let mut out = Vec::new();
    let mut all = found.iter();
    side::each(&report.text, &found, &mut Features::new(true), &mut |features| {
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
    let mut names = Names::default();
    let reports = data.modern();
    let seen: Vec<Seen> = reports.iter().flat_map(|report| seen(report, &mut names)).collect();
    let rows: Vec<&Row> = seen.iter().map(|one| &one.row).collect();
    let weights = learn::learn(&rows, names.list.len(), WAY);
    std::fs::write("crates/extract/model/side.tsv", learn::file(HEAD, &names, &weights)).unwrap();
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
    let mut names = Names::default();
    let train: Vec<Vec<Seen>> = data.train.iter().map(|report| seen(report, &mut names)).collect();
    let folds = 10;
    let mut by_style: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut all, mut every) = (Tally::default(), Tally::default());
    for fold in 0..folds {
        let rows: Vec<&Row> = (0..train.len())
            .filter(|at| at % folds != fold)
            .flat_map(|at| &train[at])
            .map(|one| &one.row)
            .collect();
        let weights = learn::learn(&rows, names.list.len(), WAY);
        for at in (0..train.len()).filter(|at| at % folds == fold) {
            let report = &data.train[at];
            let given = train[at].iter().filter(|one| learn::score(&weights, &one.row) > LEAST);
            let given: BTreeSet<(&str, &str)> =
                given.map(|one| (one.kind, one.value.as_str())).collect();
            let this = tally(report, &given);
            all.add(this);
            for part in [&report.style, &report.lang] {
                by_style.entry(part.clone()).or_default().add(this);
            }
            let given = train[at].iter().map(|one| (one.kind, one.value.as_str())).collect();
            every.add(tally(report, &given));
            tell_errors(report, &train[at], &weights, this);
        }
    }
    let rows: Vec<&Row> = train.iter().flatten().map(|one| &one.row).collect();
    let weights = learn::learn(&rows, names.list.len(), WAY);
    let mut handout = Tally::default();
    for report in &data.handout {
        let these = seen(report, &mut names);
        let given = these.iter().filter(|one| learn::score(&weights, &one.row) > LEAST);
        let given: BTreeSet<(&str, &str)> =
            given.map(|one| (one.kind, one.value.as_str())).collect();
        let this = tally(report, &given);
        handout.add(this);
        tell_errors(report, &these, &weights, this);
    }
    print("observables, every value", "train", every);
    print("observables, cross-validated", "train", all);
    for (style, tally) in by_style {
        print("observables, cross-validated", &format!("train, {style}"), tally);
    }
    print("observables, learnt from train", "handout", handout);
}
