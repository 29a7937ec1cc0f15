//! Linear models with features that can be read: `name <tab> weight`, a line each, in `model/`. They
//! are made by `make train`; `model/CARD.md` says from what, and where they fail.

use hashbrown::{HashMap, HashSet};
use std::collections::BTreeMap;
use std::fmt::{Arguments, Write as _};
use std::hash::{BuildHasher as _, Hasher as _};

/// The features of one thing that is judged, each with a value.
///
/// Names are kept only where somebody learns from them; a weight is found by its name's hash.
#[derive(Debug, Default)]
pub struct Features {
    list: Vec<(u64, f32)>,
    names: Option<Vec<String>>,
    name: String,
    once: HashSet<u64>,
    /// Whether the text is in capitals only: telegrams are judged by weights of their own.
    capitals: bool,
}

impl Features {
    /// No features yet; `is_named` keeps their names.
    pub fn new(is_named: bool) -> Features {
        Features { names: is_named.then(Vec::new), ..Features::default() }
    }

    pub(crate) fn add(&mut self, name: Arguments<'_>) {
        self.add_with(name, 1.0);
    }

    /// Adds a feature unless it is there.
    pub(crate) fn once(&mut self, name: Arguments<'_>) {
        let hash = self.write(name);
        if self.once.insert(hash) {
            self.push(hash, 1.0);
        }
    }

    pub(crate) fn add_with(&mut self, name: Arguments<'_>, value: f32) {
        let hash = self.write(name);
        self.push(hash, value);
    }

    /// Adds those of another thing that are not there.
    pub(crate) fn join(&mut self, other: &Features) {
        for (at, (hash, value)) in other.list.iter().enumerate() {
            if !self.once.insert(*hash) {
                continue;
            }
            self.list.push((*hash, *value));
            let name = other.names.as_ref().and_then(|names| names.get(at));
            if let (Some(names), Some(name)) = (&mut self.names, name) {
                names.push(name.clone());
            }
        }
    }

    /// Writes a name, and gives its hash.
    fn write(&mut self, name: Arguments<'_>) -> u64 {
        self.name.clear();
        if self.capitals {
            self.name.push_str("CAPITALS ");
        }
        // Writing to a string does not fail.
        let _ = self.name.write_fmt(name);
        hash(&self.name)
    }

    fn push(&mut self, hash: u64, value: f32) {
        self.list.push((hash, value));
        if let Some(names) = &mut self.names {
            names.push(self.name.clone());
        }
    }

    pub(crate) fn set_capitals(&mut self, capitals: bool) {
        self.capitals = capitals;
    }

    /// The names, where they are kept, with the values.
    pub fn named(&self) -> impl Iterator<Item = (&str, f32)> {
        let names = self.names.iter().flatten().map(String::as_str);
        names.zip(self.list.iter().map(|(_, value)| *value))
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.once.clear();
        if let Some(names) = &mut self.names {
            names.clear();
        }
    }
}

/// The weights of one model.
#[derive(Debug, Default)]
pub struct Model {
    weights: HashMap<u64, f32>,
}

impl Model {
    /// Reads a model; a line that is no weight is left out.
    pub fn parse(lines: &str) -> Model {
        let mut model = Model::default();
        for line in lines.lines() {
            let Some((name, weight)) = line.rsplit_once('\t') else { continue };
            if let Ok(weight) = weight.parse() {
                model.weights.insert(hash(name), weight);
            }
        }
        model
    }

    /// The names of the features that speak most for it, the strongest first.
    pub fn strongest(&self, features: &Features, most: usize) -> Vec<String> {
        let names = features.names.iter().flatten();
        let both = names.zip(&features.list);
        let weigh =
            |hash: &u64, value: &f32| self.weights.get(hash).map_or(0.0, |weight| weight * value);
        let mut all: Vec<(f32, &String)> = both
            .map(|(name, (hash, value))| (weigh(hash, value), name))
            .filter(|(w, _)| *w > 0.1)
            .collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all.into_iter().take(most).map(|(_, name)| name.clone()).collect()
    }

    /// How strongly the features speak for it, on the scale of log odds.
    pub fn score(&self, features: &Features) -> f32 {
        let weigh = |(hash, value): &(u64, f32)| {
            self.weights.get(hash).map_or(0.0, |weight| weight * value)
        };
        features.list.iter().map(weigh).sum()
    }

    /// The number of weights.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there are no weights.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }
}

/// Several models that judge the same thing.
#[derive(Debug, Default)]
pub struct Models {
    names: Vec<String>,
    weights: HashMap<u64, Vec<f32>>,
}

impl Models {
    /// Reads several models: `[name]` stands before the lines of each.
    pub fn parse(lines: &str) -> Models {
        let mut models = Models::default();
        let parts: Vec<(&str, &str)> =
            lines.split("\n[").skip(1).filter_map(|part| part.split_once("]\n")).collect();
        for (at, (name, lines)) in parts.iter().enumerate() {
            models.names.push((*name).to_owned());
            for line in lines.lines() {
                let Some((name, weight)) = line.rsplit_once('\t') else { continue };
                let Ok(weight) = weight.parse() else { continue };
                let all =
                    models.weights.entry(hash(name)).or_insert_with(|| vec![0.0; parts.len()]);
                if let Some(place) = all.get_mut(at) {
                    *place = weight;
                }
            }
        }
        models
    }

    /// How strongly the features speak for each, by name, on the scale of log odds.
    pub fn scores(&self, features: &Features) -> BTreeMap<&str, f32> {
        let mut sums = vec![0.0; self.names.len()];
        for (hash, value) in &features.list {
            for (sum, weight) in sums.iter_mut().zip(self.weights.get(hash).into_iter().flatten()) {
                *sum += weight * value;
            }
        }
        self.names.iter().map(String::as_str).zip(sums).collect()
    }
}

/// The probability that log odds stand for.
pub fn probability(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

fn hash(name: &str) -> u64 {
    let mut hasher = foldhash::fast::FixedState::with_seed(1).build_hasher();
    hasher.write(name.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_the_sum_of_the_weights_of_what_is_there() {
        let model = Model::parse("# a comment\na=1\t0.5\nb\t-2\n");
        let mut features = Features::new(true);
        features.add(format_args!("a={}", 1));
        features.add_with(format_args!("b"), 0.5);
        features.add(format_args!("unknown"));
        assert!((model.score(&features) + 0.5).abs() < 1e-6);
        assert_eq!(
            features.named().map(|(name, _)| name).collect::<Vec<_>>(),
            ["a=1", "b", "unknown"]
        );
    }
}
