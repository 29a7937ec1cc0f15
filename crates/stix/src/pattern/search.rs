//! The search for observations that meet a pattern together.
//!
//! Each bracketed expression is held against each observation once. What remains is to give every
//! expression an observation of its own, within the times that qualifiers and FOLLOWEDBY allow.
//! Without such times it is a matching of two sides, done in polynomial time; with them it is a
//! search that goes back on its choices, and gives up aloud after a million of them.

use super::observed::Observed;
use super::tree::Tree;
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// Most choices of one search: a few milliseconds.
const MAX_STEPS: u64 = 1 << 20;

/// Most observations that one search with times brings together.
const MAX_TOGETHER: u64 = 512;

/// A search that was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the pattern brings more observations together than can be searched; narrow it, or give it fewer"
)]
pub struct TooHard;

/// The times of the observations chosen: the latest first sight and the earliest last one. With
/// both it is known whether moments can be chosen that lie in order, or close together.
#[derive(Debug, Clone, Copy)]
struct SeenSpan {
    /// The time of every one of them is known.
    known: bool,
    latest_first: Timestamp,
    earliest_last: Timestamp,
}

impl SeenSpan {
    const EMPTY: SeenSpan =
        SeenSpan { known: true, latest_first: Timestamp::MIN, earliest_last: Timestamp::MAX };

    fn with(self, other: SeenSpan) -> SeenSpan {
        SeenSpan {
            known: self.known && other.known,
            latest_first: self.latest_first.max(other.latest_first),
            earliest_last: self.earliest_last.min(other.earliest_last),
        }
    }
}

/// What is still to be found for one expression: so many, from this place on, beside those found.
#[derive(Clone, Copy)]
struct Need {
    leaf: usize,
    times: u64,
    from: usize,
    span: SeenSpan,
}

/// What to do with a part that has been met; answers whether the rest could be met too.
type Then<'t, 's, 'a> = &'t mut dyn FnMut(&mut Search<'s, 'a>, SeenSpan) -> Result<bool, TooHard>;

pub(super) struct Search<'s, 'a> {
    observed: &'s [Observed<'a>],
    /// By expression: the observations that meet it.
    fits: Vec<Vec<usize>>,
    steps: u64,
    /// By observation: how many expressions it stands for.
    used: Vec<u64>,
}

impl<'s, 'a> Search<'s, 'a> {
    pub(super) fn new(observed: &'s [Observed<'a>], fits: Vec<Vec<usize>>) -> Search<'s, 'a> {
        Search { observed, fits, steps: 0, used: vec![0; observed.len()] }
    }

    /// Marks the observations that take part in a match; answers whether there is one.
    pub(super) fn collect(&mut self, tree: &Tree, met: &mut [bool]) -> Result<bool, TooHard> {
        match tree {
            Tree::Or(list) => {
                let mut any = false;
                let mut too_hard = None;
                for one in list {
                    // Each way for itself: with all observations free and all choices left.
                    self.used.fill(0);
                    self.steps = 0;
                    match self.collect(one, met) {
                        Ok(found) => any |= found,
                        Err(e) => too_hard = Some(e),
                    }
                }
                too_hard.filter(|_| !any).map_or(Ok(any), Err)
            }
            Tree::Leaf(leaf, 1) => {
                let fits = self.fits.get(*leaf).cloned().unwrap_or_default();
                for n in &fits {
                    if let Some(met) = met.get_mut(*n) {
                        *met = true;
                    }
                }
                Ok(!fits.is_empty())
            }
            tree => {
                if tree.slots() > self.seats() {
                    return Ok(false);
                }
                if let Some(leaves) = tree.flat() {
                    return self.pair(&leaves, met);
                }
                if tree.most() > MAX_TOGETHER {
                    return Err(TooHard);
                }
                self.solve(tree, None, &mut |search, _| {
                    for (met, used) in met.iter_mut().zip(&search.used) {
                        *met |= *used > 0;
                    }
                    Ok(true)
                })
            }
        }
    }

    /// How many observations there are to give away.
    fn seats(&self) -> u64 {
        self.observed.iter().fold(0, |all, one| all.saturating_add(one.times))
    }

    /// Gives each expression as many observations as it needs, by augmenting paths.
    fn pair(&mut self, leaves: &[(usize, u64)], met: &mut [bool]) -> Result<bool, TooHard> {
        let mut given = Given { by_seat: vec![BTreeMap::new(); self.observed.len()] };
        for (leaf, times) in leaves {
            let mut lacks = *times;
            while lacks > 0 {
                let Some((end, came_from)) = self.free_seat(*leaf, &given)? else {
                    return Ok(false);
                };
                lacks -= given.settle(end, &came_from, lacks.min(self.free(end, &given)));
            }
        }
        for (met, held) in met.iter_mut().zip(&given.by_seat) {
            *met |= !held.is_empty();
        }
        Ok(true)
    }

    /// How many more an observation can stand for.
    fn free(&self, n: usize, given: &Given) -> u64 {
        let times = self.observed.get(n).map_or(0, |one| one.times);
        times.saturating_sub(given.held(n).map(|(_, count)| count).sum())
    }

    /// The nearest observation with room, reached by moving on what others hold; and by which way
    /// each observation was reached.
    fn free_seat(&mut self, leaf: usize, given: &Given) -> Result<Option<Way>, TooHard> {
        let mut came_from: Vec<Option<Hop>> = vec![None; self.observed.len()];
        let mut open: VecDeque<Hop> = [Hop { leaf, seat: None }].into();
        while let Some(from) = open.pop_front() {
            let count = self.fits.get(from.leaf).map_or(0, Vec::len);
            // A step stands for sixteen looks here: each is short.
            self.step(1 + count as u64 / 16)?;
            let fits = self.fits.get(from.leaf).into_iter().flatten().copied();
            let fresh: Vec<usize> =
                fits.filter(|n| came_from.get(*n).is_some_and(Option::is_none)).collect();
            for n in &fresh {
                if let Some(place) = came_from.get_mut(*n) {
                    *place = Some(from);
                }
            }
            if let Some(free) = fresh.iter().find(|n| self.free(**n, given) > 0) {
                return Ok(Some((*free, came_from)));
            }
            for n in fresh {
                open.extend(given.held(n).map(|(leaf, _)| Hop { leaf, seat: Some(n) }));
            }
        }
        Ok(None)
    }

    /// Counts choices made; says when there were too many.
    fn step(&mut self, count: u64) -> Result<(), TooHard> {
        self.steps = self.steps.saturating_add(count);
        if self.steps > MAX_STEPS { Err(TooHard) } else { Ok(()) }
    }

    /// Tries to meet the tree, then the rest; leaves `used` as it was unless all of it is met.
    fn solve(
        &mut self,
        tree: &Tree,
        between: Option<(Timestamp, Timestamp)>,
        then: Then<'_, 's, 'a>,
    ) -> Result<bool, TooHard> {
        self.step(1)?;
        match tree {
            Tree::Leaf(leaf, times) => {
                let need = Need { leaf: *leaf, times: *times, from: 0, span: SeenSpan::EMPTY };
                self.solve_leaf(need, between, then)
            }
            Tree::And(list) => self.solve_all(list, between, SeenSpan::EMPTY, then),
            Tree::FollowedBy(list) => self.solve_in_order(list, between, SeenSpan::EMPTY, then),
            Tree::Or(list) => {
                for one in list {
                    if self.solve(one, between, then)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Tree::Repeats(inner, n) => self.solve_again(inner, *n, between, SeenSpan::EMPTY, then),
            Tree::Within(inner, window) => self.solve(inner, between, &mut |search, span| {
                let apart = span.latest_first.duration_since(span.earliest_last);
                if span.known && apart < *window { then(search, span) } else { Ok(false) }
            }),
            Tree::Between(inner, start, stop) => {
                let (from, to) = between.unwrap_or((*start, *stop));
                let (from, to) = (from.max(*start), to.min(*stop));
                // No time is in a window that ends before it begins.
                if from < to { self.solve(inner, Some((from, to)), then) } else { Ok(false) }
            }
        }
    }

    fn solve_leaf(
        &mut self,
        need: Need,
        between: Option<(Timestamp, Timestamp)>,
        then: Then<'_, 's, 'a>,
    ) -> Result<bool, TooHard> {
        if need.times == 0 {
            return then(self, need.span);
        }
        let count = self.fits.get(need.leaf).map_or(0, Vec::len);
        for at in need.from..count {
            self.step(1)?;
            let n = self.fits.get(need.leaf).and_then(|fits| fits.get(at)).copied();
            let Some(n) = n else { continue };
            let Some(seen) = self.take(n, between) else { continue };
            // The same observation may be taken again as often as it was seen, no earlier one.
            let (times, span) = (need.times - 1, need.span.with(seen));
            if self.solve_leaf(Need { times, from: at, span, ..need }, between, then)? {
                return Ok(true);
            }
            if let Some(used) = self.used.get_mut(n) {
                *used -= 1;
            }
        }
        Ok(false)
    }

    /// Takes an observation, if it is free and its time is right.
    fn take(&mut self, n: usize, between: Option<(Timestamp, Timestamp)>) -> Option<SeenSpan> {
        let one = self.observed.get(n)?;
        let used = self.used.get_mut(n).filter(|used| **used < one.times)?;
        let span = match (one.seen, between) {
            (None, Some(_)) => return None,
            (Some((first, last)), Some((start, stop))) if last < start || first >= stop => {
                return None;
            }
            (None, None) => SeenSpan { known: false, ..SeenSpan::EMPTY },
            (Some((latest_first, earliest_last)), _) => {
                SeenSpan { known: true, latest_first, earliest_last }
            }
        };
        *used += 1;
        Some(span)
    }

    fn solve_all(
        &mut self,
        list: &[Tree],
        between: Option<(Timestamp, Timestamp)>,
        span: SeenSpan,
        then: Then<'_, 's, 'a>,
    ) -> Result<bool, TooHard> {
        let Some((first, rest)) = list.split_first() else { return then(self, span) };
        self.solve(first, between, &mut |search, own| {
            search.solve_all(rest, between, span.with(own), then)
        })
    }

    fn solve_in_order(
        &mut self,
        list: &[Tree],
        between: Option<(Timestamp, Timestamp)>,
        before: SeenSpan,
        then: Then<'_, 's, 'a>,
    ) -> Result<bool, TooHard> {
        let Some((first, rest)) = list.split_first() else { return then(self, before) };
        self.solve(first, between, &mut |search, own| {
            if !own.known || before.latest_first > own.earliest_last {
                return Ok(false);
            }
            search.solve_in_order(rest, between, before.with(own), then)
        })
    }

    fn solve_again(
        &mut self,
        inner: &Tree,
        times: u64,
        between: Option<(Timestamp, Timestamp)>,
        span: SeenSpan,
        then: Then<'_, 's, 'a>,
    ) -> Result<bool, TooHard> {
        if times == 0 {
            return then(self, span);
        }
        self.solve(inner, between, &mut |search, own| {
            search.solve_again(inner, times - 1, between, span.with(own), then)
        })
    }
}

/// An expression on its way to another observation, and the one that it leaves.
#[derive(Debug, Clone, Copy)]
struct Hop {
    leaf: usize,
    seat: Option<usize>,
}

/// An observation with room, and by which way each observation was reached.
type Way = (usize, Vec<Option<Hop>>);

/// By observation: which expressions it stands for, and how often.
struct Given {
    by_seat: Vec<BTreeMap<usize, u64>>,
}

impl Given {
    fn held(&self, n: usize) -> impl Iterator<Item = (usize, u64)> {
        self.by_seat.get(n).into_iter().flatten().map(|(leaf, count)| (*leaf, *count))
    }

    /// Walks an augmenting path back, so many at once as each step allows: each expression on it
    /// moves to the observation that it reached. Answers how many moved.
    fn settle(&mut self, end: usize, came_from: &[Option<Hop>], most: u64) -> u64 {
        let step = |seat: usize| came_from.get(seat).copied().flatten();
        let mut amount = most;
        let mut seat = Some(end);
        while let Some(from) = seat.and_then(step) {
            if let Some(left) = from.seat {
                let held = self.held(left).find(|(leaf, _)| *leaf == from.leaf);
                amount = amount.min(held.map_or(0, |(_, count)| count));
            }
            seat = from.seat;
        }
        let mut seat = Some(end);
        while let Some((reached, from)) = seat.and_then(|seat| Some((seat, step(seat)?))) {
            if let Some(held) = self.by_seat.get_mut(reached) {
                *held.entry(from.leaf).or_default() += amount;
            }
            let left = from.seat.and_then(|left| self.by_seat.get_mut(left));
            if let Some(held) = left {
                if let Some(count) = held.get_mut(&from.leaf) {
                    *count -= amount;
                }
                held.retain(|_, count| *count > 0);
            }
            seat = from.seat;
        }
        amount
    }
}
