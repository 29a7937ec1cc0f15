//! Sentences and countries learnt together: what a sentence says, whether it tells of a threat at all, and whether
//! to the country. Which sentence decides is not said; labels of sentences are weak ones.

use crate::data::Report;
use crate::learn::{Names, Way, descend, frequent};
use forewarn_extract::model::Features;
use forewarn_extract::reading::Reading;
use forewarn_extract::words::Words;

type Row = Vec<(u32, f32)>;

/// A report by its sentences.
#[derive(Debug, Clone, Default)]
pub struct Joint {
    pub sentences: Vec<Row>,
    /// Of each sentence, whether it tells of a threat; `None` where nobody knows.
    pub labels: Vec<Option<bool>>,
    /// The report as a whole, which has no ties.
    pub report: Tied,
    /// Its countries.
    pub pairs: Vec<Tied>,
}

/// A country in a report, or the report.
#[derive(Debug, Clone, Default)]
pub struct Tied {
    pub whole: Row,
    pub ties: Vec<Row>,
    pub is: bool,
    pub weight: f32,
}

/// A report as it is learnt from. Only texts in capitals are judged so: of other ones there are too few.
pub fn read(
    report: &Report,
    reading: &Reading,
    whole: &Features,
    countries: &[&str],
    names: &mut Names,
) -> Joint {
    if !reading.is_in_capitals() {
        return Joint { pairs: vec![Tied::default(); countries.len()], ..Joint::default() };
    }
    let rows = |all: Vec<Features>, names: &mut Names| -> Vec<Row> {
        all.iter().map(|one| names.row(one)).collect()
    };
    let mut features = Features::new(true);
    let mut head = Features::new(true);
    reading.describe_head(&mut head);
    let head = names.row(&head);
    let and_head = |row: Row| -> Row { row.into_iter().chain(head.iter().copied()).collect() };
    let sentences = rows(reading.describe_sentences(true), names);
    let pairs = countries.iter().map(|country| {
        reading.describe_whole(country, 0.0, &mut features);
        Tied {
            whole: and_head(names.row(&features)),
            ties: rows(reading.describe_ties(country, true), names),
            is: report.must.contains(*country),
            weight: if report.may.contains(*country) { 0.0 } else { 1.0 },
        }
    });
    let pairs = pairs.collect();
    let whole = and_head(names.row(whole));
    let itself = Tied { whole, ties: Vec::new(), is: !report.must.is_empty(), weight: 1.0 };
    Joint { labels: labels(report, reading), sentences, report: itself, pairs }
}

/// Of each sentence, whether it holds what the key says is struck. Without a threat, no sentence does.
fn labels(report: &Report, reading: &Reading) -> Vec<Option<bool>> {
    let is_none = report.must.is_empty() && report.may.is_empty();
    let folded = report.targets.iter().map(|one| Words::new(one).folded());
    let targets: Vec<String> = folded.filter(|one| one.len() > 2).collect();
    let label = |text: String| {
        let holds = targets.iter().any(|target| text.contains(target));
        if is_none { Some(false) } else { holds.then_some(true) }
    };
    reading.sentence_texts().into_iter().map(label).collect()
}

/// How sharply the best sentence decides.
const SHARP: f32 = 2.0;
/// How much all labels of sentences count beside those of pairs.
const SENTENCES: f32 = 2.0;

fn sum(weights: &[f32], row: &[(u32, f32)]) -> f32 {
    row.iter().map(|(k, v)| weights.get(*k as usize).copied().unwrap_or(0.0) * v).sum()
}

fn odds(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// The score of a pair, and each sentence's share of it.
fn pair(weights: &[f32], sentences: &[f32], one: &Tied) -> (f32, Vec<f32>) {
    let mut parts: Vec<f32> = sentences.to_vec();
    for (part, tie) in parts.iter_mut().zip(&one.ties) {
        *part += sum(weights, tie);
    }
    let most = parts.iter().copied().fold(f32::MIN, f32::max);
    let mut all = 0.0;
    for part in &mut parts {
        *part = ((*part - most) * SHARP).exp();
        all += *part;
    }
    for part in &mut parts {
        *part /= all;
    }
    (sum(weights, &one.whole) + most + all.ln() / SHARP, parts)
}

/// The score of a report, and those of its countries.
pub fn scores(weights: &[f32], one: &Joint) -> (f32, Vec<f32>) {
    let sentences: Vec<f32> = one.sentences.iter().map(|row| sum(weights, row)).collect();
    let score = |tied: &Tied| {
        if sentences.is_empty() { 0.0 } else { pair(weights, &sentences, tied).0 }
    };
    (score(&one.report), one.pairs.iter().map(score).collect())
}

/// Features in fewer reports than `way.least` weigh nothing.
pub fn learn(reports: &[&Joint], features: usize, way: Way) -> Vec<f32> {
    let mut seen = vec![0usize; features];
    for one in reports {
        let all = one.pairs.iter().chain([&one.report]);
        let ties = all.flat_map(|pair| pair.ties.iter().chain([&pair.whole]));
        let mut all: Vec<u32> =
            one.sentences.iter().chain(ties).flatten().map(|(k, _)| *k).collect();
        all.sort_unstable();
        all.dedup();
        for k in all {
            seen[k as usize] += 1;
        }
    }
    let (places, kept) = frequent(&seen, way);
    let keep = |list: &Row| -> Row {
        let moved = list.iter().map(|(k, v)| (places[*k as usize], *v));
        moved.filter(|(k, _)| *k != u32::MAX).collect()
    };
    let kept_of = |pair: &Tied| Tied {
        whole: keep(&pair.whole),
        ties: pair.ties.iter().map(keep).collect(),
        ..*pair
    };
    let reports: Vec<Joint> = reports
        .iter()
        .filter(|one| !one.sentences.is_empty())
        .map(|one| Joint {
            sentences: one.sentences.iter().map(keep).collect(),
            labels: one.labels.clone(),
            report: kept_of(&one.report),
            pairs: one.pairs.iter().map(kept_of).collect(),
        })
        .collect();
    descend((features, kept), way, |weights, gradient| {
        for one in &reports {
            step(one, weights, gradient);
        }
    })
}

/// Adds what one report says of the weights.
fn step(one: &Joint, weights: &[f32], gradient: &mut [f32]) {
    let sentences: Vec<f32> = one.sentences.iter().map(|row| sum(weights, row)).collect();
    let known = one.labels.iter().flatten().count().max(1) as f32;
    let mut errors: Vec<f32> = sentences
        .iter()
        .zip(&one.labels)
        .map(|(score, label)| {
            label.map_or(0.0, |is| (odds(*score) - f32::from(u8::from(is))) * SENTENCES / known)
        })
        .collect();
    for tied in one.pairs.iter().chain([&one.report]).filter(|tied| tied.weight > 0.0) {
        let (score, shares) = pair(weights, &sentences, tied);
        let error = (odds(score) - f32::from(u8::from(tied.is))) * tied.weight;
        for (k, v) in &tied.whole {
            gradient[*k as usize] += error * v;
        }
        for (at, share) in shares.iter().enumerate() {
            errors[at] += error * share;
            for (k, v) in tied.ties.get(at).into_iter().flatten() {
                gradient[*k as usize] += error * share * v;
            }
        }
    }
    for (row, error) in one.sentences.iter().zip(errors) {
        for (k, v) in row {
            gradient[*k as usize] += error * v;
        }
    }
}
