//! The reports and their labels.

use forewarn_extract::words::Words;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

#[derive(Debug, Clone, Default)]
pub struct Report {
    pub id: String,
    pub lang: String,
    pub style: String,
    pub text: String,
    pub must: BTreeSet<String>,
    pub may: BTreeSet<String>,
    pub stage: String,
    pub threat: BTreeSet<String>,
    /// Type and value.
    pub observables: Vec<(String, String)>,
    pub may_observables: BTreeSet<String>,
    /// What is struck or threatened, in the words of the labels: places, or the targets of a key.
    pub targets: Vec<String>,
    /// Threatened places, folded.
    pub places: Vec<String>,
}

impl Report {
    /// Whether a name, folded, is of a threatened place: in many languages its ending is another one.
    pub fn is_place(&self, name: &str) -> bool {
        let stem = |word: &str| -> String {
            let all = word.chars().count();
            word.chars().take(if all > 5 { all - 2 } else { all }).collect()
        };
        let is = |place: &String| name.starts_with(&stem(place)) || place.starts_with(&stem(name));
        !name.is_empty() && self.places.iter().any(is)
    }
}

pub struct Data {
    pub train: Vec<Report>,
    pub handout: Vec<Report>,
    /// Short reports for learning only, which nobody is measured by: see `written.jsonl` and `sentences.tsv`.
    pub written: Vec<Report>,
    /// Short texts for learning whose a value is: see `values.tsv`.
    pub values: Vec<Report>,
    pub dev: Vec<Report>,
    pub tst1: Vec<Report>,
    pub tst2: Vec<Report>,
}

impl Data {
    pub fn read(folder: &Path) -> Data {
        let muc = |part: &str| {
            let of = |kind: &str| lines(&folder.join(format!("muc4/{part}.{kind}.jsonl")));
            let gold: std::collections::HashMap<String, Value> =
                of("gold").into_iter().map(|row| (text(&row, "id"), row)).collect();
            let of_reports = of("reports").into_iter().map(|row| {
                let gold = gold.get(&text(&row, "id")).cloned().unwrap_or_default();
                report(&row, &gold)
            });
            of_reports.collect()
        };
        let modern = |path: &str| {
            let rows = lines(&folder.join(path)).into_iter();
            rows.map(|row| report(&row, &row["gold"])).collect()
        };
        Data {
            train: modern("text/train/reports.jsonl"),
            handout: modern("text/modern/modern.handout.jsonl"),
            written: rows(include_str!("written.jsonl"))
                .iter()
                .map(|row| report(row, &row["gold"]))
                .chain(sentences(include_str!("sentences.tsv")))
                .collect(),
            values: values(include_str!("values.tsv")),
            dev: muc("dev"),
            tst1: muc("tst1"),
            tst2: muc("tst2"),
        }
    }

    /// All modern reports but the texts of a sentence, which say too little of stages and values.
    pub fn longer(&self) -> Vec<Report> {
        self.modern().into_iter().filter(|one| one.style != SHORT).collect()
    }

    /// All modern reports.
    pub fn modern(&self) -> Vec<Report> {
        self.train.iter().chain(&self.handout).chain(&self.written).cloned().collect()
    }
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    rows(&text)
}

fn rows(text: &str) -> Vec<Value> {
    let lines = text.lines().filter(|l| !l.trim().is_empty());
    lines.map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// The style of texts of a sentence.
pub const SHORT: &str = "short";

/// Lines of a text, the countries, the stage and the kinds, with tabs between.
fn sentences(lines: &str) -> Vec<Report> {
    let set = |words: &str| words.split_whitespace().map(str::to_owned).collect();
    let rows = lines.lines().filter(|line| !line.starts_with('#'));
    let parts = rows.map(|line| line.split('\t').collect::<Vec<&str>>());
    let reports = parts.filter_map(|parts| {
        let [text, must, stage, threat] = parts.as_slice() else { return None };
        Some(Report {
            text: (*text).to_owned(),
            must: set(must),
            stage: (*stage).to_owned(),
            threat: set(threat),
            style: SHORT.to_owned(),
            ..Report::default()
        })
    });
    reports.collect()
}

/// Lines of a text, a tab, and the values in it that are an attacker's.
fn values(lines: &str) -> Vec<Report> {
    let rows = lines.lines().filter(|line| !line.starts_with('#'));
    let pairs = rows.filter_map(|line| line.split_once('\t'));
    let report = |(text, values): (&str, &str)| Report {
        text: text.replace("\\n", "\n"),
        observables: values.split_whitespace().map(|one| (String::new(), one.to_owned())).collect(),
        ..Report::default()
    };
    pairs.map(report).collect()
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

fn set(row: &Value, key: &str) -> BTreeSet<String> {
    let list = row[key].as_array().into_iter().flatten();
    let words = list.map(|one| one["value"].as_str().or(one.as_str()).unwrap_or_default());
    words.map(str::to_owned).collect()
}

fn report(row: &Value, gold: &Value) -> Report {
    let observables = gold["observables"].as_array().into_iter().flatten();
    Report {
        id: text(row, "id"),
        lang: text(row, "lang"),
        style: text(row, "style"),
        text: text(row, "text"),
        must: set(gold, "must"),
        may: set(gold, "may"),
        stage: text(gold, "stage"),
        threat: set(gold, "threat"),
        observables: observables.map(|one| (text(one, "type"), text(one, "value"))).collect(),
        may_observables: set(gold, "may_observables"),
        targets: targets(gold),
        places: set(gold, "places").iter().map(|one| Words::new(one).folded()).collect(),
    }
}

/// Targets by the key of a report, or the places that its labels name.
fn targets(gold: &Value) -> Vec<String> {
    const SLOTS: &[&str] = &["HUM TGT: NAME", "HUM TGT: DESCRIPTION", "PHYS TGT: ID"];
    let templates = gold["templates"].as_array().into_iter().flatten();
    let slots = templates.flat_map(|one| SLOTS.iter().map(|slot| &one[*slot]));
    let lines = slots.flat_map(|slot| slot.as_array().into_iter().flatten());
    let quoted =
        lines.filter_map(Value::as_str).flat_map(|line| line.split('"').skip(1).step_by(2));
    quoted.map(str::to_owned).chain(set(gold, "places")).collect()
}
