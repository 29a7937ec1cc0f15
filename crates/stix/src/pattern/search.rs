//! The search for observations that meet a pattern together.
//!
//! Each bracketed expression is held against each observation once. What remains is to give every
//! expression an observation of its own, within the times that qualifiers and FOLLOWEDBY allow.
//! Without such times it is a matching of two sides, done in polynomial time; with them it is a
//! search that goes back on its choices, and gives up aloud after a million of them.

use super::observed::Observed;
use super::test::Compiled;
use super::{Comparison, NotAPattern, Observation, Qualifier, parse};
use jiff::{SignedDuration, Timestamp};

/// Most choices of one search: a few milliseconds.
const MAX_STEPS: u64 = 1 << 20;

/// Most observations that one search with times brings together.
const MAX_TOGETHER: u64 = 512;

/// A pattern, compiled.
#[derive(Debug)]
pub struct Pattern {
    tree: Tree,
    leaves: Vec<Node>,
}

/// What met a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Match {
    /// The ids of the observations, in the order of the input: every one that meets a pattern of
    /// one expression, and one set that does for each way of others.
    pub ids: Vec<String>,
}

/// A search that was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the pattern brings more observations together than can be searched; narrow it, or give it fewer"
)]
pub struct TooHard;

#[derive(Debug)]
enum Tree {
    /// A bracketed expression, by its number, so many times.
    Leaf(usize, u64),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    FollowedBy(Vec<Tree>),
    Repeats(Box<Tree>, u64),
    Within(Box<Tree>, SignedDuration),
    Between(Box<Tree>, Timestamp, Timestamp),
}

/// Comparisons of one object.
#[derive(Debug)]
enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Test(Box<Compiled>),
}

impl Pattern {
    /// Parses and compiles. Regular expressions and blocks of addresses are checked here.
    pub fn compile(text: &str) -> Result<Pattern, NotAPattern> {
        Pattern::of(&parse(text)?)
    }

    /// Compiles what has been parsed.
    pub fn of(observation: &Observation) -> Result<Pattern, NotAPattern> {
        let mut leaves = Vec::new();
        let tree = tree(observation, &mut leaves)?;
        Ok(Pattern { tree, leaves })
    }

    /// Holds the pattern against observations; `None` when they do not meet it.
    pub fn find(&self, observed: &[Observed<'_>]) -> Result<Option<Match>, TooHard> {
        let fits = self.leaves.iter().map(|leaf| {
            let meets = |one: &&usize| {
                observed
                    .get(**one)
                    .is_some_and(|one| one.roots.iter().any(|root| leaf.holds(root, one)))
            };
            let all: Vec<usize> = (0..observed.len()).collect();
            all.iter().filter(meets).copied().collect()
        });
        let mut search =
            Search { observed, fits: fits.collect(), steps: 0, used: vec![0; observed.len()] };
        let mut met = vec![false; observed.len()];
        let found = search.collect(&self.tree, &mut met)?;
        let ids =
            observed.iter().zip(&met).filter(|(_, met)| **met).map(|(one, _)| one.id.to_owned());
        Ok(found.then(|| Match { ids: ids.collect() }))
    }
}

fn tree(observation: &Observation, leaves: &mut Vec<Node>) -> Result<Tree, NotAPattern> {
    let mut list = |list: &[Observation]| -> Result<Vec<Tree>, NotAPattern> {
        list.iter().map(|one| tree(one, leaves)).collect()
    };
    Ok(match observation {
        Observation::And(all) => Tree::And(list(all)?),
        Observation::Or(all) => Tree::Or(list(all)?),
        Observation::FollowedBy(all) => Tree::FollowedBy(list(all)?),
        Observation::Match(comparison) => {
            leaves.push(node(comparison)?);
            Tree::Leaf(leaves.len() - 1, 1)
        }
        Observation::Qualified(inner, qualifier) => {
            let inner = tree(inner, leaves)?;
            match (inner, qualifier) {
                (Tree::Leaf(leaf, times), Qualifier::Repeats(n)) => {
                    Tree::Leaf(leaf, times.saturating_mul(*n))
                }
                (inner, Qualifier::Repeats(n)) => Tree::Repeats(Box::new(inner), *n),
                (inner, Qualifier::Within(seconds)) => {
                    let window = SignedDuration::try_from_secs_f64(*seconds);
                    Tree::Within(Box::new(inner), window.unwrap_or(SignedDuration::MAX))
                }
                (inner, Qualifier::StartStop(start, stop)) => {
                    Tree::Between(Box::new(inner), start.instant(), stop.instant())
                }
            }
        }
    })
}

fn node(comparison: &Comparison) -> Result<Node, NotAPattern> {
    Ok(match comparison {
        Comparison::And(list) => Node::And(list.iter().map(node).collect::<Result<_, _>>()?),
        Comparison::Or(list) => Node::Or(list.iter().map(node).collect::<Result<_, _>>()?),
        Comparison::Test(test) => Node::Test(Box::new(Compiled::new(test)?)),
    })
}

impl Node {
    /// Whether one observable meets it: every comparison begins at that one (§9.5).
    fn holds<'a>(&self, root: &'a serde_json::Value, one: &Observed<'a>) -> bool {
        match self {
            Node::And(list) => list.iter().all(|node| node.holds(root, one)),
            Node::Or(list) => list.iter().any(|node| node.holds(root, one)),
            Node::Test(test) => {
                let of_type = root.get("type").is_some_and(|name| *name == test.object);
                of_type && test.holds(root, &one.scope)
            }
        }
    }
}

/// The times of the observations chosen: the latest first sight and the earliest last one. With
/// both it is known whether moments can be chosen that lie in order, or close together.
#[derive(Debug, Clone, Copy)]
struct Span {
    /// The time of every one of them is known.
    known: bool,
    latest_first: Timestamp,
    earliest_last: Timestamp,
}

impl Span {
    const EMPTY: Span =
        Span { known: true, latest_first: Timestamp::MIN, earliest_last: Timestamp::MAX };

    fn with(self, other: Span) -> Span {
        Span {
            known: self.known && other.known,
            latest_first: self.latest_first.max(other.latest_first),
            earliest_last: self.earliest_last.min(other.earliest_last),
        }
    }
}

/// What to do with a part that has been met; answers whether the rest could be met too.
type Then<'t, 's, 'a> = &'t mut dyn FnMut(&mut Search<'s, 'a>, Span) -> Result<bool, TooHard>;

struct Search<'s, 'a> {
    observed: &'s [Observed<'a>],
    /// By expression: the observations that meet it.
    fits: Vec<Vec<usize>>,
    steps: u64,
    /// By observation: how many expressions it stands for.
    used: Vec<u64>,
}

impl<'s, 'a> Search<'s, 'a> {
    /// Marks the observations that take part in a match; answers whether there is one.
    fn collect(&mut self, tree: &Tree, met: &mut [bool]) -> Result<bool, TooHard> {
        match tree {
            Tree::Or(list) => {
                let mut any = false;
                for one in list {
                    any |= self.collect(one, met)?;
                }
                Ok(any)
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
                if self.slots(tree) > self.seats() {
                    return Ok(false);
                }
                if let Some(leaves) = flat(tree) {
                    return Ok(self.pair(&leaves, met));
                }
                if self.slots(tree) > MAX_TOGETHER {
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

    /// How many observations the tree needs at the least.
    fn slots(&self, tree: &Tree) -> u64 {
        match tree {
            Tree::Leaf(_, times) => *times,
            Tree::And(list) | Tree::FollowedBy(list) => {
                list.iter().fold(0, |all, one| all.saturating_add(self.slots(one)))
            }
            Tree::Or(list) => list.iter().map(|one| self.slots(one)).min().unwrap_or(0),
            Tree::Repeats(inner, n) => self.slots(inner).saturating_mul(*n),
            Tree::Within(inner, _) | Tree::Between(inner, ..) => self.slots(inner),
        }
    }

    /// Gives each expression as many observations as it needs, by augmenting paths.
    fn pair(&mut self, leaves: &[(usize, u64)], met: &mut [bool]) -> bool {
        let mut given: Vec<Vec<usize>> = vec![Vec::new(); self.observed.len()];
        for (leaf, times) in leaves {
            let capacity = self.fits.get(*leaf).into_iter().flatten();
            let most = capacity
                .filter_map(|n| self.observed.get(*n))
                .fold(0_u64, |all, one| all.saturating_add(one.times));
            if most < *times {
                return false;
            }
            for _ in 0..*times {
                let mut tried = vec![false; self.observed.len()];
                if !self.seat(*leaf, &mut given, &mut tried) {
                    return false;
                }
            }
        }
        for (met, given) in met.iter_mut().zip(&given) {
            *met |= !given.is_empty();
        }
        true
    }

    /// Finds a seat for one more of an expression, moving others on where that makes room.
    fn seat(&self, leaf: usize, given: &mut [Vec<usize>], tried: &mut [bool]) -> bool {
        let mut came_from: Vec<Option<(usize, usize)>> = vec![None; given.len()];
        let mut open: std::collections::VecDeque<(usize, Option<usize>)> = [(leaf, None)].into();
        while let Some((leaf, freed)) = open.pop_front() {
            for n in self.fits.get(leaf).into_iter().flatten().copied() {
                let Some(tried) = tried.get_mut(n) else { continue };
                if std::mem::replace(tried, true) {
                    continue;
                }
                if let Some(place) = came_from.get_mut(n) {
                    *place = Some((leaf, freed.unwrap_or(usize::MAX)));
                }
                let times = self.observed.get(n).map_or(0, |one| one.times);
                let held = given.get(n).map_or(&[][..], Vec::as_slice);
                if (held.len() as u64) < times {
                    settle(n, &came_from, given);
                    return true;
                }
                open.extend(held.iter().map(|other| (*other, Some(n))));
            }
        }
        false
    }

    /// Tries to meet the tree, then the rest; leaves `used` as it was unless all of it is met.
    fn solve(
        &mut self,
        tree: &Tree,
        between: Option<(Timestamp, Timestamp)>,
        then: Then<'_, 's, 'a>,
    ) -> Result<bool, TooHard> {
        match tree {
            Tree::Leaf(leaf, times) => {
                self.solve_leaf(*leaf, *times, 0, between, Span::EMPTY, then)
            }
            Tree::And(list) => self.solve_all(list, between, Span::EMPTY, then),
            Tree::FollowedBy(list) => self.solve_in_order(list, between, Span::EMPTY, then),
            Tree::Or(list) => {
                for one in list {
                    if self.solve(one, between, then)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Tree::Repeats(inner, n) => self.solve_again(inner, *n, between, Span::EMPTY, then),
            Tree::Within(inner, window) => self.solve(inner, between, &mut |search, span| {
                let apart = span.latest_first.duration_since(span.earliest_last);
                if span.known && apart < *window { then(search, span) } else { Ok(false) }
            }),
            Tree::Between(inner, start, stop) => {
                let (from, to) = between.unwrap_or((*start, *stop));
                self.solve(inner, Some((from.max(*start), to.min(*stop))), then)
            }
        }
    }

    fn solve_leaf(
        &mut self,
        leaf: usize,
        times: u64,
        from: usize,
        between: Option<(Timestamp, Timestamp)>,
        span: Span,
        then: Then<'_, 's, 'a>,
    ) -> Result<bool, TooHard> {
        if times == 0 {
            return then(self, span);
        }
        let count = self.fits.get(leaf).map_or(0, Vec::len);
        for at in from..count {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err(TooHard);
            }
            let Some(n) = self.fits.get(leaf).and_then(|fits| fits.get(at)).copied() else {
                continue;
            };
            let Some(seen) = self.take(n, between) else { continue };
            // The same observation may be taken again as often as it was seen, no earlier one.
            let met = self.solve_leaf(leaf, times - 1, at, between, span.with(seen), then)?;
            if met {
                return Ok(true);
            }
            if let Some(used) = self.used.get_mut(n) {
                *used -= 1;
            }
        }
        Ok(false)
    }

    /// Takes an observation, if it is free and its time is right.
    fn take(&mut self, n: usize, between: Option<(Timestamp, Timestamp)>) -> Option<Span> {
        let one = self.observed.get(n)?;
        let used = self.used.get_mut(n).filter(|used| **used < one.times)?;
        let span = match (one.seen, between) {
            (None, Some(_)) => return None,
            (Some((first, last)), Some((start, stop))) if last < start || first >= stop => {
                return None;
            }
            (None, None) => Span { known: false, ..Span::EMPTY },
            (Some((latest_first, earliest_last)), _) => {
                Span { known: true, latest_first, earliest_last }
            }
        };
        *used += 1;
        Some(span)
    }

    fn solve_all(
        &mut self,
        list: &[Tree],
        between: Option<(Timestamp, Timestamp)>,
        span: Span,
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
        before: Span,
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
        span: Span,
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

/// The expressions with their counts, where nothing depends on times.
fn flat(tree: &Tree) -> Option<Vec<(usize, u64)>> {
    match tree {
        Tree::Leaf(leaf, times) => Some(vec![(*leaf, *times)]),
        Tree::And(list) => Some(list.iter().map(flat).collect::<Option<Vec<_>>>()?.concat()),
        Tree::Repeats(inner, n) => {
            let again = |(leaf, times): (usize, u64)| (leaf, times.saturating_mul(*n));
            Some(flat(inner)?.into_iter().map(again).collect())
        }
        Tree::Or(_) | Tree::FollowedBy(_) | Tree::Within(..) | Tree::Between(..) => None,
    }
}

/// Walks an augmenting path back: each expression on it moves to the seat that it reached.
fn settle(end: usize, came_from: &[Option<(usize, usize)>], given: &mut [Vec<usize>]) {
    let mut seat = end;
    while let Some((leaf, freed)) = came_from.get(seat).copied().flatten() {
        if let Some(held) = given.get_mut(seat) {
            held.push(leaf);
        }
        let Some(left) = given.get_mut(freed) else { return };
        if let Some(at) = left.iter().position(|held| *held == leaf) {
            left.swap_remove(at);
        }
        seat = freed;
    }
}
