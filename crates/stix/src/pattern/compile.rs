//! A compiled pattern: its bracketed expressions, and how they combine.

use super::observed::Observed;
use super::search::{Search, TooHard};
use super::test::Compiled;
use super::tree::Tree;
use super::work::Work;
use super::{Comparison, NotAPattern, Observation, Operation, Qualifier, parse};
use jiff::SignedDuration;
use serde_json::Value;

/// Most regular expressions in one pattern: each may take up to 10 MiB of memory.
const MAX_REGEXES: usize = 16;

/// A compiled pattern, which can be matched many times.
#[derive(Debug)]
pub struct Pattern {
    tree: Tree,
    leaves: Vec<Node>,
}

/// The observations that met a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Match {
    /// The ids of the observations, in the order of the input. For a single expression, these are
    /// all that meet it; otherwise, one set of observations that meet the pattern together, for
    /// each branch of an OR at the top.
    pub ids: Vec<String>,
}

/// A compiled comparison expression.
#[derive(Debug)]
enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Test(Box<Compiled>),
}

impl Pattern {
    /// Parses and compiles a pattern. Errs with the place when it cannot be parsed, or as
    /// [`Pattern::of`] does.
    pub fn compile(text: &str) -> Result<Pattern, NotAPattern> {
        Pattern::of(&parse(text)?)
    }

    /// Compiles a parsed pattern. Errs when a regular expression or a block of addresses in it is
    /// invalid, or there are more than 16 regular expressions.
    pub fn of(observation: &Observation) -> Result<Pattern, NotAPattern> {
        let mut count = 0;
        observation.tests(&mut |test| {
            count += usize::from(matches!(test.operation, Operation::Matches(_)));
        });
        if count > MAX_REGEXES {
            let why =
                format!("it has {count} regular expressions; at most {MAX_REGEXES} may be used");
            return Err(NotAPattern { at: 1, why });
        }
        let mut leaves = Vec::new();
        let tree = tree(observation, &mut leaves)?;
        Ok(Pattern { tree, leaves })
    }

    /// Matches the pattern against observations; `None` when they do not meet it.
    ///
    /// Errs with [`TooHard`] when the answer would take too much work. No answer is given then, not
    /// even for a part of the observations.
    pub fn find(&self, observed: &[Observed<'_>]) -> Result<Option<Match>, TooHard> {
        let work = Work::default();
        let fits = self.leaves.iter().map(|leaf| {
            let all = observed.iter().enumerate();
            let meets =
                |one: &Observed<'_>| one.roots.iter().any(|root| leaf.holds(*root, one, &work));
            all.filter(|(_, one)| meets(one)).map(|(n, _)| n).collect()
        });
        let fits = fits.collect();
        if work.is_spent() {
            return Err(TooHard);
        }
        let mut met = vec![false; observed.len()];
        let found = Search::new(observed, fits).collect(&self.tree, &mut met)?;
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
                    Tree::Between(Box::new(inner), start.moment(), stop.moment())
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
    /// Whether one observable meets the expression: all paths begin at that one (§9.5).
    fn holds<'a>(&self, root: (&'a str, &'a Value), one: &Observed<'a>, work: &Work) -> bool {
        match self {
            Node::And(list) => list.iter().all(|node| node.holds(root, one, work)),
            Node::Or(list) => list.iter().any(|node| node.holds(root, one, work)),
            Node::Test(test) => {
                work.spend(1);
                test.object == root.0 && test.holds(root.1, &one.scope, work)
            }
        }
    }
}
