//! The search for observations that together meet a pattern.
//!
//! Each bracketed expression is tested against each observation once. Then every expression must
//! get an observation of its own, within the times that qualifiers and FOLLOWEDBY allow. Without
//! such times, this is a bipartite matching, which takes polynomial time. With them, it is a
//! backtracking search, which ends with an error after a million choices.

use super::observed::Observed;
use super::tree::Tree;
use crate::time::Moment;
use std::collections::{BTreeMap, VecDeque};

/// Most choices of one search. They take a few milliseconds.
const MAX_STEPS: u64 = 1 << 20;

/// Most observations that one search with times combines.
const MAX_TOGETHER: u64 = 512;

/// Matching a pattern would take too much work, so there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the pattern combines more observations than can be searched; narrow it, or match fewer at once"
)]
pub struct TooHard;

/// The times of the observations chosen so far: the latest time at which one was first seen, and
/// the earliest at which one was last seen. They tell whether each observation can be given a
/// moment so that the moments are in order, or close together.
#[derive(Debug, Clone, Copy)]
struct SeenSpan {
    /// Whether the times of all of them are known.
    known: bool,
    latest_first: Moment,
    earliest_last: Moment,
}

impl SeenSpan {
    const EMPTY: SeenSpan =
        SeenSpan { known: true, latest_first: Moment::MIN, earliest_last: Moment::MAX };

    fn with(self, other: SeenSpan) -> SeenSpan {
        SeenSpan {
            known: self.known && other.known,
            latest_first: self.latest_first.max(other.latest_first),
            earliest_last: self.earliest_last.min(other.earliest_last),
        }
    }
}

/// What one expression still needs: this many observations, from this place on in those that meet
/// it, and the times of those it has.
#[derive(Clone, Copy)]
struct Need {
    leaf: usize,
    times: u64,
    from: usize,
    span: SeenSpan,
}

/// What to do when a part of the pattern has been met. It returns whether the rest can be met too.
type Then<'t, 's, 'a> = &'t mut dyn FnMut(&mut Search<'s, 'a>, SeenSpan) -> Result<bool, TooHard>;

pub(super) struct Search<'s, 'a> {
    observed: &'s [Observed<'a>],
    /// The observations that meet each expression.
    fits: Vec<Vec<usize>>,
    steps: u64,
    /// The number of times that each observation is taken.
    used: Vec<u64>,
}

impl<'s, 'a> Search<'s, 'a> {
    pub(super) fn new(observed: &'s [Observed<'a>], fits: Vec<Vec<usize>>) -> Search<'s, 'a> {
        Search { observed, fits, steps: 0, used: vec![0; observed.len()] }
    }

    /// Marks the observations that take part in a match, and returns whether there is one.
    pub(super) fn collect(&mut self, tree: &Tree, met: &mut [bool]) -> Result<bool, TooHard> {
        match tree {
            Tree::Or(list) => {
                let mut any = false;
                let mut too_hard = None;
                for one in list {
                    // Each branch by itself, with all observations free and all choices left.
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

    /// The number of observations, counted as often as they were seen.
    fn seats(&self) -> u64 {
        self.observed.iter().fold(0, |all, one| all.saturating_add(one.times))
    }

    /// Gives each expression the number of observations that it needs, by augmenting paths.
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

    /// The number of times that an observation can still be given.
    fn free(&self, n: usize, given: &Given) -> u64 {
        let times = self.observed.get(n).map_or(0, |one| one.times);
        times.saturating_sub(given.held(n).map(|(_, count)| count).sum())
    }

    /// The nearest observation that can still be given, if expressions that hold others move on;
    /// and how each observation was reached.
    fn free_seat(&mut self, leaf: usize, given: &Given) -> Result<Option<Way>, TooHard> {
        let mut came_from: Vec<Option<Hop>> = vec![None; self.observed.len()];
        let mut open: VecDeque<Hop> = [Hop { leaf, seat: None }].into();
        while let Some(from) = open.pop_front() {
            let count = self.fits.get(from.leaf).map_or(0, Vec::len);
            // Sixteen observations looked at count as one step here, since each takes little time.
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

    /// Counts choices. Errs when there were too many.
    fn step(&mut self, count: u64) -> Result<(), TooHard> {
        self.steps = self.steps.saturating_add(count);
        if self.steps > MAX_STEPS { Err(TooHard) } else { Ok(()) }
    }

    /// Tries to meet the tree, then the rest. Leaves `used` as it was unless all of it is met.
    fn solve(
        &mut self,
        tree: &Tree,
        between: Option<(Moment, Moment)>,
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
                let apart = span.latest_first.since(span.earliest_last);
                if span.known && apart < *window { then(search, span) } else { Ok(false) }
            }),
            Tree::Between(inner, start, stop) => {
                let (from, to) = between.unwrap_or((*start, *stop));
                let (from, to) = (from.max(*start), to.min(*stop));
                // A window that ends before it begins contains no time.
                if from < to { self.solve(inner, Some((from, to)), then) } else { Ok(false) }
            }
        }
    }

    fn solve_leaf(
        &mut self,
        need: Need,
        between: Option<(Moment, Moment)>,
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
            // The same observation may be taken again, as often as it was seen; earlier ones may
            // not.
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

    /// Takes an observation if it is free and its time is in the window.
    fn take(&mut self, n: usize, between: Option<(Moment, Moment)>) -> Option<SeenSpan> {
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
        between: Option<(Moment, Moment)>,
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
        between: Option<(Moment, Moment)>,
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
        between: Option<(Moment, Moment)>,
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

/// An expression that moves to another observation, and the observation that it leaves, if any.
#[derive(Debug, Clone, Copy)]
struct Hop {
    leaf: usize,
    seat: Option<usize>,
}

/// An observation that can still be given, and how each observation was reached.
type Way = (usize, Vec<Option<Hop>>);

/// The expressions that each observation is given to, and how many times.
struct Given {
    by_seat: Vec<BTreeMap<usize, u64>>,
}

impl Given {
    fn held(&self, n: usize) -> impl Iterator<Item = (usize, u64)> {
        self.by_seat.get(n).into_iter().flatten().map(|(leaf, count)| (*leaf, *count))
    }

    /// Walks back along an augmenting path: each expression on it moves to the observation that it
    /// reached, as many times at once as every step allows, up to `most`. Returns that number.
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
