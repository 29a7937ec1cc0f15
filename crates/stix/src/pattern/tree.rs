//! How the expressions of a pattern combine, and how many observations they need.

use crate::time::Moment;
use jiff::SignedDuration;

/// How the bracketed expressions of a pattern combine.
#[derive(Debug)]
pub(super) enum Tree {
    /// A bracketed expression, by its number, and how many times it must be met.
    Leaf(usize, u64),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    FollowedBy(Vec<Tree>),
    Repeats(Box<Tree>, u64),
    Within(Box<Tree>, SignedDuration),
    Between(Box<Tree>, Moment, Moment),
}

impl Tree {
    /// The smallest number of observations that can meet it.
    pub(super) fn slots(&self) -> u64 {
        match self {
            Tree::Leaf(_, times) => *times,
            Tree::And(list) | Tree::FollowedBy(list) => {
                list.iter().fold(0, |all, one| all.saturating_add(one.slots()))
            }
            Tree::Or(list) => list.iter().map(Tree::slots).min().unwrap_or(0),
            Tree::Repeats(inner, n) => inner.slots().saturating_mul(*n),
            Tree::Within(inner, _) | Tree::Between(inner, ..) => inner.slots(),
        }
    }

    /// The largest number of observations that a match can combine.
    pub(super) fn most(&self) -> u64 {
        match self {
            Tree::Leaf(_, times) => *times,
            Tree::And(list) | Tree::FollowedBy(list) => {
                list.iter().fold(0, |all, one| all.saturating_add(one.most()))
            }
            Tree::Or(list) => list.iter().map(Tree::most).max().unwrap_or(0),
            Tree::Repeats(inner, n) => inner.most().saturating_mul(*n),
            Tree::Within(inner, _) | Tree::Between(inner, ..) => inner.most(),
        }
    }

    /// The expressions with the numbers of observations that they need; `None` when times or an OR
    /// matter.
    pub(super) fn flat(&self) -> Option<Vec<(usize, u64)>> {
        match self {
            Tree::Leaf(leaf, times) => Some(vec![(*leaf, *times)]),
            Tree::And(list) => {
                Some(list.iter().map(Tree::flat).collect::<Option<Vec<_>>>()?.concat())
            }
            Tree::Repeats(inner, n) => {
                let again = |(leaf, times): (usize, u64)| (leaf, times.saturating_mul(*n));
                Some(inner.flat()?.into_iter().map(again).collect())
            }
            Tree::Or(_) | Tree::FollowedBy(_) | Tree::Within(..) | Tree::Between(..) => None,
        }
    }
}
