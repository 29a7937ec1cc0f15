//! Whom reports concern.

use crate::boost::{self, Sample, Tree};
use crate::data::{Data, Report, SHORT};
use crate::joint::{self, Joint};
use crate::learn::{self, Hidden, Names, Row, Way};
use crate::score::{Tally, print};
use forewarn_extract::concern::{KINDS, STAGES, kinds_of};
use forewarn_extract::measures::Scored;
use forewarn_extract::model::Features;
use forewarn_extract::reading::Reading;
use std::collections::BTreeMap;

const RELEVANT: Way = Way { l2: 3.0, least: 2, rounds: 80, steady: 30.0 };
const CONCERN: Way = Way { l2: 7.0, least: 3, rounds: 80, steady: 30.0 };
const HIDDEN: Way = Way { l2: 5.0, least: 3, rounds: 80, steady: 30.0 };
const JOINT: Way = Way { l2: 3.0, least: 5, rounds: 80, steady: 30.0 };
const CHOICE: boost::Way =
    boost::Way { rounds: 300, depth: 2, rate: 0.06, l2: 4.0, least: 4.0, turns: 3 };
pub const STAGE: Way = Way { l2: 4.0, least: 2, rounds: 60, steady: 30.0 };
/// Learnt to the end, which stages are not: how likely there is no threat would be surer than it is right.
const KIND: Way = Way { l2: 4.0, least: 2, rounds: 500, steady: 500.0 };
/// In how many parts training data are cut, so that no model learns from its own answers.
const PARTS: usize = 5;
/// How many reports that follow each other stay in one part; each way of cutting gives its answers.
const BLOCKS: &[usize] = &[7, 4, 11, 5];
/// How much a name counts by itself that the labels call a threatened place.
const STRUCK: f32 = 1.0;
/// Log odds above which a country counts as concerned, as `extract` has it.
const LEAST: f32 = -0.7;

pub struct Judged<'a> {
    pub report: &'a Report,
    pub reading: Reading,
    pub whole: Row,
    pub countries: Vec<&'static str>,
    joint: Joint,
    fold: usize,
}

/// The names of features, of reports and of their sentences.
#[derive(Default)]
pub struct Known {
    pub wholes: Names,
    pub sentences: Names,
}

/// How much a report counts: a text of a sentence less.
fn counts(report: &Report) -> f32 {
    if report.style == SHORT { 0.3 } else { 1.0 }
}

fn judged<'a>(report: &'a Report, fold: usize, known: &mut Known) -> Judged<'a> {
    let reading = Reading::new(&report.text);
    let mut features = Features::new(true);
    reading.describe(&mut features);
    let weight = counts(report);
    let whole = Row { features: known.wholes.row(&features), is: !report.must.is_empty(), weight };
    let countries = reading.countries();
    let joint = joint::read(report, &reading, &features, &countries, &mut known.sentences);
    Judged { report, reading, whole, countries, joint, fold }
}

/// A country of a report, as two ways of judging see it.
struct Pair {
    row: Row,
    hidden: Hidden,
    /// Its names that the labels call a threatened place, each by itself.
    struck: Vec<Hidden>,
}

fn pairs(one: &Judged, relevance: f32, names: &mut Names) -> Vec<Pair> {
    let mut features = Features::new(true);
    let mut out = Vec::new();
    for country in &one.countries {
        let names_of = one.reading.describe_names(country, true);
        one.reading.describe_country(country, relevance, &names_of, &mut features);
        let is = one.report.must.contains(*country);
        let weight = if one.report.may.contains(*country) { 0.0 } else { counts(one.report) };
        let row = Row { features: names.row(&features), is, weight };
        one.reading.describe_whole(country, relevance, &mut features);
        let whole = Row { features: names.row(&features), is, weight };
        let parts: Vec<Vec<(u32, f32)>> = names_of.iter().map(|one| names.row(one)).collect();
        let places = one.reading.written_names(country);
        // Of telegrams, no label says which places are threatened.
        let is_told = is && !one.reading.is_in_capitals();
        let these =
            places.iter().zip(&parts).filter(|(name, _)| is_told && one.report.is_place(name));
        let whole_of = Row { features: Vec::new(), is: true, weight: STRUCK };
        let alone = |part: Vec<_>| Hidden { whole: whole_of.clone(), parts: vec![part] };
        let struck = these.map(|(_, part)| alone(part.clone())).collect();
        out.push(Pair { row, hidden: Hidden { whole, parts }, struck });
    }
    out
}

/// Classes of words that tell of a threat where nothing else is said.
const FOR: &[&str] = &[
    "attack", "bomb", "gun", "kill", "wound", "kidnap", "fire", "threat", "plan", "cyber", "phish",
    "ddos", "exploit", "perp", "hostile",
];
/// Classes of words that tell of none.
const AGAINST: &[&str] =
    &["court", "remember", "culture", "sport", "drill", "patch", "economy", "nature", "accident"];

/// What is known before any report is read: texts of few words, each of one class or two. Reports for
/// training are long, and none says only that a bomb went off.
pub fn known_before(names: &mut Names) -> Vec<Row> {
    let mut row = |classes: &[&str], is: bool| {
        let mut list = vec!["a report".to_owned(), "length 3".to_owned()];
        for class in classes {
            let forms = ["has {}", "has {} one", "begins with {}", "ends with {}"];
            list.extend(forms.iter().map(|form| form.replace("{}", class)));
        }
        let mut features: Vec<(u32, f32)> =
            list.iter().map(|name| (names.number(name), 1.0)).collect();
        features.sort_by_key(|(number, _)| *number);
        Row { features, is, weight: 0.2 }
    };
    let mut out = Vec::new();
    for class in FOR {
        out.push(row(&[class], true));
        out.extend(FOR.iter().filter(|other| *other > class).map(|o| row(&[class, o], true)));
        out.extend(AGAINST.iter().map(|other| row(&[class, other], false)));
    }
    out
}

/// Relevance of each, never learnt from itself.
fn relevances(all: &[&Judged], before: &[Row], features: usize, parts: usize) -> Vec<f32> {
    let mut out = vec![0.0; all.len()];
    for part in 0..parts {
        let rows: Vec<&Row> = all
            .iter()
            .enumerate()
            .filter(|(at, _)| at % parts != part)
            .map(|(_, one)| &one.whole)
            .chain(before)
            .collect();
        let weights = learn::learn(&rows, features, RELEVANT);
        for (at, one) in all.iter().enumerate().filter(|(at, _)| at % parts == part) {
            out[at] = learn::score(&weights, &one.whole);
        }
    }
    out
}

/// What is learnt from some reports.
struct Learnt {
    whole: Vec<f32>,
    names: Names,
    concern: Vec<f32>,
    hidden: Vec<f32>,
    joint: Vec<f32>,
    /// Of texts that are not in capitals, and of those that are.
    choice: [Vec<Tree>; 2],
}

impl Learnt {
    fn from(train: &[&Judged], before: &[Row], (whole, sentences): (usize, usize)) -> Learnt {
        let relevance = relevances(train, before, whole, PARTS);
        let rows: Vec<&Row> = train.iter().map(|one| &one.whole).chain(before).collect();
        let weights = learn::learn(&rows, whole, RELEVANT);
        let mut names = Names::default();
        let both = train.iter().zip(&relevance);
        let all: Vec<Vec<Pair>> =
            both.map(|(one, relevance)| pairs(one, *relevance, &mut names)).collect();
        let count = names.list.len();
        let models = |keep: &dyn Fn(usize) -> bool| {
            let these = (0..all.len()).filter(|at| keep(*at)).flat_map(|at| &all[at]);
            let these: Vec<&Pair> = these.filter(|pair| pair.row.weight > 0.0).collect();
            let rows: Vec<&Row> = these.iter().map(|pair| &pair.row).collect();
            let sure = these.iter().flat_map(|pair| &pair.struck);
            let hidden: Vec<&Hidden> = these.iter().map(|pair| &pair.hidden).chain(sure).collect();
            let joints: Vec<&Joint> =
                (0..train.len()).filter(|at| keep(*at)).map(|at| &train[at].joint).collect();
            (
                learn::learn(&rows, count, CONCERN),
                learn::learn_hidden(&hidden, count, HIDDEN),
                joint::learn(&joints, sentences, JOINT),
            )
        };
        let mut choices: Vec<Sample> = Vec::new();
        for (block, part) in BLOCKS.iter().flat_map(|n| (0..PARTS).map(move |part| (n, part))) {
            let is_apart = |at: usize| at / block % PARTS == part;
            let (concern, hidden, joint) = models(&|at| !is_apart(at));
            for at in (0..all.len()).filter(|at| is_apart(*at)) {
                let (scores, hiddens) = scores(&all[at], &concern, &hidden);
                let (tells, evidence) = joint::scores(&joint, &train[at].joint);
                let scored = Scored {
                    scores: &scores,
                    hidden: &hiddens,
                    evidence: &evidence,
                    relevance: relevance[at],
                    tells,
                };
                let measures = train[at].reading.measure_all(scored);
                let rows = all[at].iter().map(|pair| &pair.row).enumerate();
                choices.extend(rows.filter(|(_, row)| row.weight > 0.0).map(|(place, row)| {
                    Sample {
                        values: measures[place].clone(),
                        is: row.is,
                        weight: row.weight / BLOCKS.len() as f32,
                    }
                }));
            }
        }
        let at = forewarn_extract::measures::names().iter().position(|n| n == "capitals").unwrap();
        let (wire, modern): (Vec<Sample>, Vec<Sample>) =
            choices.into_iter().partition(|one| one.values[at] > 0.5);
        let choice = [boost::learn(&modern, CHOICE), boost::learn(&wire, CHOICE)];
        let (concern, hidden, joint) = models(&|_| true);
        Learnt { whole: weights, names, concern, hidden, joint, choice }
    }

    fn judge(&mut self, one: &Judged) -> (f32, Vec<f32>) {
        let relevance = learn::score(&self.whole, &one.whole);
        let pairs = pairs(one, relevance, &mut self.names);
        let (scores, hidden) = scores(&pairs, &self.concern, &self.hidden);
        let (tells, evidence) = joint::scores(&self.joint, &one.joint);
        let scored =
            Scored { scores: &scores, hidden: &hidden, evidence: &evidence, relevance, tells };
        let each = one.reading.measure_all(scored).into_iter();
        let choice = &self.choice[usize::from(one.reading.is_in_capitals())];
        let mut odds: Vec<f32> = each.map(|values| boost::score(choice, &values)).collect();
        one.reading.lower_sources(&mut odds);
        (relevance, odds)
    }
}

fn scores(pairs: &[Pair], concern: &[f32], hidden: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let of_rows = pairs.iter().map(|pair| learn::score(concern, &pair.row)).collect();
    let of_hidden = pairs.iter().map(|pair| learn::hidden_score(hidden, &pair.hidden)).collect();
    (of_rows, of_hidden)
}

/// The scores of the countries of `test`, learnt from `train`.
fn learnt(
    train: &[&Judged],
    test: &[&Judged],
    before: &[Row],
    whole: (usize, usize),
) -> Vec<(f32, Vec<f32>)> {
    let mut learnt = Learnt::from(train, before, whole);
    test.iter().map(|one| learnt.judge(one)).collect()
}

fn tally(one: &Judged, scores: &[f32], least: f32) -> Tally {
    let given: Vec<&str> =
        one.countries.iter().zip(scores).filter(|(_, s)| **s > least).map(|(c, _)| *c).collect();
    let right = given.iter().filter(|c| one.report.must.contains(**c)).count();
    let wrong = given
        .iter()
        .filter(|c| !one.report.must.contains(**c) && !one.report.may.contains(**c))
        .count();
    Tally { right, wrong, missed: one.report.must.len() - right }
}

fn show(on: &str, tests: &[&Judged], scores: &[(f32, Vec<f32>)]) {
    let mut best = (0.0, 0.0);
    let steps = (-60..40).map(|step| step as f32 / 20.0);
    for least in steps {
        let mut all = Tally::default();
        for (one, (_, scores)) in tests.iter().zip(scores) {
            all.add(tally(one, scores, least));
        }
        if all.f1() > best.1 {
            best = (least, all.f1());
        }
        if [-2.0, -0.85, LEAST, -0.5, 0.0, 0.5].contains(&least) {
            print(&format!("countries at log odds {least}"), on, all);
        }
    }
    println!("{{\"best\":{},\"f1\":{},\"on\":\"{on}\"}}", best.0, best.1);
    let mut quiet = (0, 0);
    let mut threats = (0, 0);
    for (one, (relevance, scores)) in tests.iter().zip(scores) {
        if one.report.must.is_empty() && one.report.may.is_empty() {
            quiet.1 += 1;
            quiet.0 += usize::from(scores.iter().all(|s| *s <= LEAST));
        }
        threats.1 += 1;
        threats.0 += usize::from((*relevance > 0.0) != one.report.must.is_empty());
    }
    println!(
        "{{\"measure\":\"reports without a threat left empty\",\"on\":\"{on}\",\"right\":{},\"of\":{},\"relevance right\":{},\"of all\":{}}}",
        quiet.0, quiet.1, threats.0, threats.1
    );
    let mut reach = Tally::default();
    for one in tests {
        let right = one.report.must.iter().filter(|c| one.countries.contains(&c.as_str())).count();
        reach.add(Tally {
            right,
            wrong: one.countries.len() - right,
            missed: one.report.must.len() - right,
        });
    }
    print("countries named", on, reach);
    if std::env::args().any(|word| word == "--errors") {
        for (one, (relevance, scores)) in tests.iter().zip(scores) {
            let this = tally(one, scores, LEAST);
            if this.wrong + this.missed > 0 {
                let spelt = |country: &str| {
                    let spans = one.reading.spans(country).into_iter();
                    let words: Vec<&str> =
                        spans.map(|s| one.report.text.get(s.start..s.end).unwrap()).collect();
                    words.join(",").replace(char::is_whitespace, "_")
                };
                let all: Vec<String> = one
                    .countries
                    .iter()
                    .zip(scores)
                    .map(|(c, s)| format!("{c}{s:+.1}({})", spelt(c)))
                    .collect();
                eprintln!(
                    "{on} {} {} must {:?} may {:?} relevance {relevance:.1} {}",
                    one.report.id,
                    one.report.lang,
                    one.report.must,
                    one.report.may,
                    all.join(" ")
                );
            }
        }
    }
}

pub fn bench(data: &Data) {
    let mut names = Known::default();
    let modern = data.modern();
    let all_modern: Vec<Judged> =
        modern.iter().enumerate().map(|(at, r)| judged(r, at, &mut names)).collect();
    let dev: Vec<Judged> =
        data.dev.iter().enumerate().map(|(at, r)| judged(r, at, &mut names)).collect();
    let tests: Vec<Judged> =
        data.tst1.iter().chain(&data.tst2).map(|r| judged(r, 0, &mut names)).collect();
    let before = known_before(&mut names.wholes);
    let whole = (names.wholes.list.len(), names.sentences.list.len());
    let (train, rest) = all_modern.split_at(data.train.len());
    let (handout, written) = rest.split_at(data.handout.len());
    let all: Vec<&Judged> = all_modern.iter().chain(&dev).collect();
    let more: Vec<&Judged> = written.iter().chain(&dev).collect();
    let both: Vec<&Judged> = train.iter().chain(more.iter().copied()).collect();
    let handout: Vec<&Judged> = handout.iter().collect();
    show("handout, learnt from train and dev", &handout, &learnt(&both, &handout, &before, whole));
    let (tst1, tst2) = tests.split_at(data.tst1.len());
    let mut of_all = Learnt::from(&all, &before, whole);
    for (name, set) in [("tst1", tst1), ("tst2", tst2)] {
        let set: Vec<&Judged> = set.iter().collect();
        let scores: Vec<(f32, Vec<f32>)> = set.iter().map(|one| of_all.judge(one)).collect();
        show(name, &set, &scores);
    }
    let folds = if std::env::args().any(|word| word == "--quick") { 3 } else { 10 };
    folded("train", (train, &more), folds, &before, whole);
    stages((train, written), folds, &before, whole.0);
    if !std::env::args().any(|word| word == "--modern") {
        let more: Vec<&Judged> = all_modern.iter().collect();
        folded("dev", (&dev, &more), folds, &before, whole);
    }
}

fn folded(
    name: &str,
    (part, more): (&[Judged], &[&Judged]),
    folds: usize,
    before: &[Row],
    whole: (usize, usize),
) {
    let (mut tests, mut scores): (Vec<&Judged>, Vec<(f32, Vec<f32>)>) = (Vec::new(), Vec::new());
    for fold in 0..folds {
        let these: Vec<&Judged> = part.iter().filter(|one| one.fold % folds == fold).collect();
        let others: Vec<&Judged> = part
            .iter()
            .filter(|one| one.fold % folds != fold)
            .chain(more.iter().copied())
            .collect();
        scores.extend(learnt(&others, &these, before, whole));
        tests.extend(these);
    }
    show(&format!("{name}, cross-validated"), &tests, &scores);
    let mut by: BTreeMap<&str, Tally> = BTreeMap::new();
    for (one, (_, scores)) in tests.iter().zip(&scores) {
        for part in [&one.report.lang, &one.report.style] {
            by.entry(part).or_default().add(tally(one, scores, LEAST));
        }
    }
    for (part, tally) in by.into_iter().filter(|(part, _)| !part.is_empty()) {
        print("countries", &format!("{name}, {part}"), tally);
    }
}

/// What is known before of a stage: only whether it is none.
pub fn before_stage(stage: &str, before: &[Row]) -> Vec<Row> {
    let none = |row: &Row| Row { is: !row.is, ..row.clone() };
    if stage == "none" { before.iter().map(none).collect() } else { Vec::new() }
}

/// Rows of each class, and how they are learnt.
fn class_rows(all: &[&Judged], is: &dyn Fn(&Report) -> bool) -> Vec<Row> {
    all.iter().map(|one| Row { is: is(one.report), ..one.whole.clone() }).collect()
}

fn class_weights(
    all: &[&Judged],
    before: &[Row],
    whole: usize,
    (way, is): (Way, &dyn Fn(&Report) -> bool),
) -> Vec<f32> {
    let mut rows = class_rows(all, is);
    rows.extend(before.iter().cloned());
    let rows: Vec<&Row> = rows.iter().collect();
    learn::learn(&rows, whole, way)
}

fn stages((train, more): (&[Judged], &[Judged]), folds: usize, before: &[Row], whole: usize) {
    let (mut right, mut kinds) = (0, Tally::default());
    for fold in 0..folds {
        let these: Vec<&Judged> = train.iter().filter(|one| one.fold % folds == fold).collect();
        let others = train.iter().filter(|one| one.fold % folds != fold);
        let others: Vec<&Judged> =
            others.chain(more).filter(|one| one.report.style != SHORT).collect();
        let models: Vec<Vec<f32>> = STAGES
            .iter()
            .map(|stage| {
                let before = before_stage(stage, before);
                class_weights(&others, &before, whole, (STAGE, &|r| r.stage == *stage))
            })
            .collect();
        let of_kinds: Vec<Vec<f32>> = KINDS
            .iter()
            .map(|kind| class_weights(&others, &[], whole, (KIND, &|r| r.threat.contains(*kind))))
            .collect();
        for one in these {
            let score = |model: &Vec<f32>| learn::score(model, &one.whole);
            let best = STAGES
                .iter()
                .zip(&models)
                .max_by(|a, b| score(a.1).total_cmp(&score(b.1)))
                .unwrap()
                .0;
            right += usize::from(one.reading.stage(best) == one.report.stage);
            let of = |kind: &str| {
                let place = KINDS.iter().position(|one| *one == kind);
                place.and_then(|at| of_kinds.get(at)).map_or(f32::MIN, score)
            };
            let given = kinds_of(&of, best, score(&models[0]));
            let hits = given.iter().filter(|kind| one.report.threat.contains(**kind)).count();
            kinds.add(Tally {
                right: hits,
                wrong: given.len() - hits,
                missed: one.report.threat.len() - hits,
            });
        }
    }
    println!(
        "{{\"measure\":\"stage\",\"on\":\"train, cross-validated\",\"right\":{right},\"of\":{}}}",
        train.len()
    );
    print("kinds of threat", "train, cross-validated", kinds);
}

pub fn train(data: &Data) {
    let mut known = Known::default();
    let modern = data.modern();
    let muc: Vec<Report> = data.dev.iter().chain(&data.tst1).chain(&data.tst2).cloned().collect();
    let all: Vec<Judged> = modern.iter().chain(&muc).map(|r| judged(r, 0, &mut known)).collect();
    let all: Vec<&Judged> = all.iter().collect();
    let before = known_before(&mut known.wholes);
    let (names, whole) = (&known.wholes, known.wholes.list.len());
    let learnt = Learnt::from(&all, &before, (whole, known.sentences.list.len()));
    let head = |what: &str| format!("# {what}: see CARD.md. Made by `make train`.\n");
    let write = |name: &str, text: String| {
        std::fs::write(format!("crates/extract/model/{name}.tsv"), text).unwrap();
    };
    write(
        "relevant",
        learn::file(&head("Whether a report tells of a threat"), names, &learnt.whole),
    );
    write(
        "concern",
        learn::file(&head("How a country stands in a report"), &learnt.names, &learnt.concern),
    );
    write(
        "names",
        learn::file(&head("How a name of a country stands"), &learnt.names, &learnt.hidden),
    );
    write("sentence", learn::file(&head("What a sentence tells"), &known.sentences, &learnt.joint));
    let measures = forewarn_extract::measures::names();
    for (name, choice) in ["choice", "choice-capitals"].iter().zip(&learnt.choice) {
        let mut trees = head("How it stands beside the others");
        for tree in choice {
            tree.write(&measures, &mut trees);
            trees.push('\n');
        }
        std::fs::write(format!("crates/extract/model/{name}.txt"), trees).unwrap();
    }
    let (modern, _) = all.split_at(modern.len());
    let modern: Vec<&Judged> =
        modern.iter().filter(|one| one.report.style != SHORT).copied().collect();
    let mut stages = head("How far a threat got");
    for stage in STAGES {
        let weights = class_weights(
            &modern,
            &before_stage(stage, &before),
            whole,
            (STAGE, &|r| r.stage == *stage),
        );
        stages += &learn::file(&format!("[{stage}]\n"), names, &weights);
    }
    write("stage", stages);
    let mut kinds = head("Of which kinds a threat is");
    for kind in KINDS {
        let weights = class_weights(&modern, &[], whole, (KIND, &|r| r.threat.contains(*kind)));
        kinds += &learn::file(&format!("[{kind}]\n"), names, &weights);
    }
    write("kind", kinds);
}
