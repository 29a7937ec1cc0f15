//! How the expressions of a pattern stand together, and how many observations they need.

use jiff::{SignedDuration, Timestamp};

/// How the expressions of a pattern stand together.
#[derive(Debug)]
pub(super) enum Tree {
    /// A bracketed expression, by its number, so many times.
    Leaf(usize, u64),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    FollowedBy(Vec<Tree>),
    Repeats(Box<Tree>, u64),
    Within(Box<Tree>, SignedDuration),
    Between(Box<Tree>, Timestamp, Timestamp),
}

impl Tree {
    /// How many observations it needs at the least.
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

    /// How many observations it can bring together at the most.
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

    /// The expressions with their counts, where nothing depends on times.
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
