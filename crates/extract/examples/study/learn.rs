//! Logistic regression with L2, by coordinates: the same rows in the same order give the same weights.

use forewarn_extract::model::Features;
use std::collections::HashMap;

/// The names of features, by number.
#[derive(Default)]
pub struct Names {
    pub list: Vec<String>,
    known: HashMap<String, u32>,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub features: Vec<(u32, f32)>,
    pub is: bool,
    pub weight: f32,
}

impl Names {
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let number = u32::try_from(self.list.len()).unwrap();
        self.list.push(name.to_owned());
        self.known.insert(name.to_owned(), number);
        number
    }

    pub fn row(&mut self, features: &Features) -> Vec<(u32, f32)> {
        let mut sum: Vec<(u32, f32)> =
            features.named().map(|(name, value)| (self.number(name), value)).collect();
        sum.sort_by_key(|(number, _)| *number);
        sum.dedup_by(|next, first| {
            let is_same = next.0 == first.0;
            if is_same {
                first.1 += next.1;
            }
            is_same
        });
        sum
    }
}

/// How it is learnt.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// The strength of L2.
    pub l2: f32,
    /// In how many rows a feature must be.
    pub least: usize,
    pub rounds: usize,
    /// After how many rounds the steps are half as long.
    pub steady: f32,
}

/// The weight of each feature, by full gradients with a step for each feature (AdaGrad).
pub fn learn(rows: &[&Row], features: usize, way: Way) -> Vec<f32> {
    let mut seen = vec![0usize; features];
    for row in rows {
        for (number, _) in &row.features {
            seen[*number as usize] += 1;
        }
    }
    // Features that are rare are left out before.
    let (places, kept) = frequent(&seen, way);
    let dense: Vec<Row> = rows
        .iter()
        .map(|row| {
            let list = row.features.iter().map(|(k, v)| (places[*k as usize], *v));
            Row {
                features: list.filter(|(k, _)| *k != u32::MAX).collect(),
                is: row.is,
                weight: row.weight,
            }
        })
        .collect();
    descend((features, kept), way, |weights, gradient| {
        for row in &dense {
            let error = (1.0 / (1.0 + (-score(weights, row)).exp()) - f32::from(u8::from(row.is)))
                * row.weight;
            for (k, v) in &row.features {
                gradient[*k as usize] += error * v;
            }
        }
    })
}

/// The features that are not rare, and the place of each among them; none for those that are.
pub fn frequent(seen: &[usize], way: Way) -> (Vec<u32>, Vec<usize>) {
    let mut places = vec![u32::MAX; seen.len()];
    let mut kept = Vec::new();
    for (number, count) in seen.iter().enumerate() {
        if *count >= way.least {
            places[number] = u32::try_from(kept.len()).unwrap();
            kept.push(number);
        }
    }
    (places, kept)
}

/// The weights to which a gradient leads (AdaGrad), of all features, where those that were kept have
/// others than 0.
pub fn descend(
    (features, kept): (usize, Vec<usize>),
    way: Way,
    gradient_of: impl Fn(&[f32], &mut [f32]),
) -> Vec<f32> {
    let mut weights = vec![0.0f32; kept.len()];
    let mut history = vec![1e-2f32; kept.len()];
    let mut gradient = vec![0.0f32; kept.len()];
    for round in 0..way.rounds {
        gradient.fill(0.0);
        gradient_of(&weights, &mut gradient);
        let step = 0.5 / (1.0 + round as f32 / way.steady);
        for k in 0..kept.len() {
            let g = gradient[k] + way.l2 * weights[k];
            history[k] += g * g;
            weights[k] -= step * g / history[k].sqrt();
        }
    }
    let mut all = vec![0.0f32; features];
    for (number, weight) in kept.into_iter().zip(weights) {
        all[number] = weight;
    }
    all
}

/// A thing of which one of several parts decides, though nobody says which.
#[derive(Debug, Clone)]
pub struct Hidden {
    pub whole: Row,
    pub parts: Vec<Vec<(u32, f32)>>,
}

/// How sharply the best part decides.
const SHARP: f32 = 2.0;

fn sum(weights: &[f32], features: &[(u32, f32)]) -> f32 {
    features.iter().map(|(k, v)| weights.get(*k as usize).copied().unwrap_or(0.0) * v).sum()
}

/// The score of a thing of which the best parts decide.
pub fn hidden_score(weights: &[f32], one: &Hidden) -> f32 {
    let sums: Vec<f32> = one.parts.iter().map(|part| sum(weights, part) * SHARP).collect();
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    let all: f32 = sums.iter().map(|sum| (sum - most).exp()).sum();
    sum(weights, &one.whole.features) + (most + all.ln()) / SHARP
}

/// As [`learn`], of things of which the best parts decide.
pub fn learn_hidden(rows: &[&Hidden], features: usize, way: Way) -> Vec<f32> {
    let mut seen = vec![0usize; features];
    for row in rows {
        let all = row.parts.iter().flatten().chain(&row.whole.features).map(|(k, _)| *k);
        for number in all.collect::<std::collections::BTreeSet<u32>>() {
            seen[number as usize] += 1;
        }
    }
    let keep = |list: &[(u32, f32)]| -> Vec<(u32, f32)> {
        list.iter().filter(|(k, _)| seen[*k as usize] >= way.least).copied().collect()
    };
    let rows: Vec<Hidden> = rows
        .iter()
        .map(|row| Hidden {
            whole: Row { features: keep(&row.whole.features), ..row.whole.clone() },
            parts: row.parts.iter().map(|part| keep(part)).collect(),
        })
        .collect();
    descend((features, (0..features).collect()), way, |weights, gradient| {
        for row in &rows {
            let sums: Vec<f32> = row.parts.iter().map(|part| sum(weights, part) * SHARP).collect();
            let most = sums.iter().copied().fold(f32::MIN, f32::max);
            let all: f32 = sums.iter().map(|sum| (sum - most).exp()).sum();
            let z = sum(weights, &row.whole.features) + (most + all.ln()) / SHARP;
            let error =
                (1.0 / (1.0 + (-z).exp()) - f32::from(u8::from(row.whole.is))) * row.whole.weight;
            for (k, v) in &row.whole.features {
                gradient[*k as usize] += error * v;
            }
            for (part, sum) in row.parts.iter().zip(&sums) {
                let share = (sum - most).exp() / all;
                for (k, v) in part {
                    gradient[*k as usize] += error * share * v;
                }
            }
        }
    })
}

pub fn score(weights: &[f32], row: &Row) -> f32 {
    row.features.iter().map(|(k, v)| weights.get(*k as usize).copied().unwrap_or(0.0) * v).sum()
}

/// The model as a file: what weighs least is left out.
pub fn file(head: &str, names: &Names, weights: &[f32]) -> String {
    let mut lines: Vec<String> = names
        .list
        .iter()
        .zip(weights)
        .filter(|(_, weight)| weight.abs() >= 0.02)
        .map(|(name, weight)| format!("{name}\t{weight:.3}"))
        .collect();
    lines.sort();
    format!("{head}{}\n", lines.join("\n"))
}
