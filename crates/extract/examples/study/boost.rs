//! Gradient boosting of small trees (Friedman, 2001; second-order steps as in Chen and Guestrin, 2016): the
//! same rows in the same order give the same trees.

use std::fmt::Write as _;

/// What is learnt from.
pub struct Sample {
    pub values: Vec<f32>,
    pub is: bool,
    pub weight: f32,
}

/// How it is learnt.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    pub rounds: usize,
    pub depth: usize,
    pub rate: f32,
    pub l2: f32,
    pub least: f32,
    /// Each tree leaves one measure in so many out, by turns.
    pub turns: usize,
}

pub enum Tree {
    Leaf(f32),
    Fork { measure: usize, bound: f32, below: Box<Tree>, above: Box<Tree> },
}

impl Tree {
    pub fn answer(&self, values: &[f32]) -> f32 {
        match self {
            Tree::Leaf(value) => *value,
            Tree::Fork { measure, bound, below, above } => {
                if values[*measure] < *bound { below } else { above }.answer(values)
            }
        }
    }

    pub fn write(&self, names: &[String], out: &mut String) {
        match self {
            Tree::Leaf(value) => write!(out, "{value:.4}").unwrap(),
            Tree::Fork { measure, bound, below, above } => {
                write!(out, "{}<{bound}?", names[*measure]).unwrap();
                below.write(names, out);
                out.push(':');
                above.write(names, out);
            }
        }
    }
}

pub fn score(trees: &[Tree], values: &[f32]) -> f32 {
    trees.iter().map(|tree| tree.answer(values)).sum()
}

/// Most bounds that are tried of one measure.
const BOUNDS: usize = 24;

pub fn learn(samples: &[Sample], way: Way) -> Vec<Tree> {
    let Some(first) = samples.first() else { return Vec::new() };
    let measures = first.values.len();
    let bounds: Vec<Vec<f32>> = (0..measures)
        .map(|measure| {
            let mut all: Vec<f32> = samples.iter().map(|one| one.values[measure]).collect();
            all.sort_by(f32::total_cmp);
            let mut some: Vec<f32> = (1..=BOUNDS)
                .map(|n| all[(all.len() - 1) * n / (BOUNDS + 1)])
                .map(|bound| (bound * 1_000.0).round() / 1_000.0)
                .collect();
            some.dedup();
            some
        })
        .collect();
    let mut scores = vec![0.0f32; samples.len()];
    let mut trees = Vec::new();
    for round in 0..way.rounds {
        let steps: Vec<(f32, f32)> = samples
            .iter()
            .zip(&scores)
            .map(|(one, score)| {
                let p = 1.0 / (1.0 + (-score).exp());
                let is = f32::from(u8::from(one.is));
                ((p - is) * one.weight, (p * (1.0 - p)).max(1e-4) * one.weight)
            })
            .collect();
        let all: Vec<usize> = (0..samples.len()).collect();
        let seen =
            |measure: usize| way.turns < 2 || !(measure * 7 + round * 5).is_multiple_of(way.turns);
        let tree = grow(samples, &steps, &bounds, &all, (way, way.depth), &seen);
        for (one, score) in samples.iter().zip(&mut scores) {
            *score += tree.answer(&one.values);
        }
        trees.push(tree);
    }
    trees
}

fn grow(
    samples: &[Sample],
    steps: &[(f32, f32)],
    bounds: &[Vec<f32>],
    these: &[usize],
    (way, depth): (Way, usize),
    seen: &dyn Fn(usize) -> bool,
) -> Tree {
    let (g, h) = these.iter().fold((0.0, 0.0), |(g, h), at| (g + steps[*at].0, h + steps[*at].1));
    let leaf = || Tree::Leaf(-way.rate * g / (h + way.l2));
    if depth == 0 || h < 2.0 * way.least {
        return leaf();
    }
    let gain = |g: f32, h: f32| g * g / (h + way.l2);
    let mut best: Option<(f32, usize, f32)> = None;
    for (measure, bounds) in bounds.iter().enumerate().filter(|(measure, _)| seen(*measure)) {
        let mut below = vec![(0.0f32, 0.0f32); bounds.len() + 1];
        for at in these {
            let bin = bounds.partition_point(|bound| *bound <= samples[*at].values[measure]);
            below[bin].0 += steps[*at].0;
            below[bin].1 += steps[*at].1;
        }
        let (mut gl, mut hl) = (0.0, 0.0);
        for (bin, bound) in bounds.iter().enumerate() {
            gl += below[bin].0;
            hl += below[bin].1;
            let (gr, hr) = (g - gl, h - hl);
            if hl < way.least || hr < way.least {
                continue;
            }
            let gained = gain(gl, hl) + gain(gr, hr) - gain(g, h);
            if gained > best.map_or(1e-3, |best| best.0) {
                best = Some((gained, measure, *bound));
            }
        }
    }
    let Some((_, measure, bound)) = best else { return leaf() };
    let (low, high): (Vec<usize>, Vec<usize>) =
        these.iter().partition(|at| samples[**at].values[measure] < bound);
    let below = grow(samples, steps, bounds, &low, (way, depth - 1), seen);
    let above = grow(samples, steps, bounds, &high, (way, depth - 1), seen);
    Tree::Fork { measure, bound, below: Box::new(below), above: Box::new(above) }
}
