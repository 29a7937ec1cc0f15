//! An interest as it is judged: its clauses by number, in one row, and what else it asks of an
//! item.

use crate::interest::{Clause, Expression, Interest};
use crate::scale::{Grade, Urgency};
use forewarn_stix::Timestamp;

/// A clause by its number, or how those up to `end` are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Node {
    Atom(u32),
    Any { end: u32 },
    All { end: u32 },
    Not { end: u32 },
    AtLeast { count: u16, end: u32 },
}

/// What an item must be to meet an interest.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) label: Box<str>,
    pub(crate) urgency: Urgency,
    pub(crate) threshold: u8,
    /// Microseconds: items added from here, and before there.
    pub(crate) from: i64,
    pub(crate) until: i64,
    pub(crate) credibility: Option<Grade>,
    /// How likely a country that a free text names must be concerned, in percent.
    pub(crate) concern: u8,
    pub(crate) nodes: Box<[Node]>,
}

impl Rule {
    pub(crate) fn of(interest: &Interest, nodes: Vec<Node>) -> Rule {
        Rule {
            label: interest.label.as_str().into(),
            urgency: interest.urgency,
            threshold: interest.threshold,
            from: interest.valid_from.as_ref().map_or(i64::MIN, Timestamp::micros),
            until: interest.valid_until.as_ref().map_or(i64::MAX, Timestamp::micros),
            credibility: interest.credibility,
            concern: interest.concern,
            nodes: nodes.into(),
        }
    }

    /// How strongly it is met, 1 to 100: of `any` the strongest, of `all` the weakest, of
    /// `at-least` the last one needed; `not` adds nothing. A clause counts from `threshold` on.
    /// `strength` gives that of a clause.
    pub(crate) fn strength(
        &self,
        threshold: u8,
        strength: &dyn Fn(u32) -> Option<u8>,
    ) -> Option<u8> {
        self.strength_of(0, threshold, strength)
    }

    /// How strongly the part is met that begins at a node.
    pub(crate) fn strength_of(
        &self,
        at: usize,
        threshold: u8,
        strength: &dyn Fn(u32) -> Option<u8>,
    ) -> Option<u8> {
        let counts = |atom| strength(atom).filter(|strength| *strength >= threshold);
        Walk { nodes: &self.nodes, at }.next(&counts)
    }

    /// The parts that the node at a place joins.
    pub(crate) fn parts(&self, at: usize) -> Vec<usize> {
        let mut parts = Vec::new();
        let end = self.end(at);
        let mut next = at + 1;
        while next < end {
            parts.push(next);
            next = self.end(next);
        }
        parts
    }

    /// The place after the part that begins at a node.
    pub(crate) fn end(&self, at: usize) -> usize {
        self.nodes.get(at).map_or(at + 1, |node| node.end(at))
    }
}

impl Node {
    /// The place after this node, which is at `at`, and all that it joins.
    fn end(self, at: usize) -> usize {
        match self {
            Node::Atom(_) => at + 1,
            Node::Any { end }
            | Node::All { end }
            | Node::Not { end }
            | Node::AtLeast { end, .. } => end as usize,
        }
    }
}

struct Walk<'n> {
    nodes: &'n [Node],
    at: usize,
}

impl Walk<'_> {
    fn next(&mut self, counts: &dyn Fn(u32) -> Option<u8>) -> Option<u8> {
        let node = *self.nodes.get(self.at)?;
        let end = node.end(self.at);
        self.at += 1;
        let met = match node {
            Node::Atom(atom) => counts(atom),
            Node::Not { .. } => self.next(counts).map_or(Some(100), |_| None),
            Node::All { .. } => self.all(end, counts),
            Node::AtLeast { count, .. } => self.at_least(usize::from(count), end, counts),
            Node::Any { .. } => self.at_least(1, end, counts),
        };
        self.at = end;
        met
    }

    fn all(&mut self, end: usize, counts: &dyn Fn(u32) -> Option<u8>) -> Option<u8> {
        let mut weakest = 100;
        while self.at < end {
            weakest = weakest.min(self.next(counts)?);
        }
        Some(weakest)
    }

    fn at_least(
        &mut self,
        count: usize,
        end: usize,
        counts: &dyn Fn(u32) -> Option<u8>,
    ) -> Option<u8> {
        if count == 1 {
            let mut best = None;
            while self.at < end {
                best = best.max(self.next(counts));
            }
            return best;
        }
        let mut met = Vec::new();
        while self.at < end {
            met.extend(self.next(counts));
        }
        met.sort_unstable_by(|a, b| b.cmp(a));
        met.get(count.checked_sub(1)?).copied()
    }
}

/// The row of an expression; `number` gives the number of a clause, each time it stands there.
pub(crate) fn compile(
    expression: &Expression,
    number: &mut dyn FnMut(&Clause) -> u32,
) -> Vec<Node> {
    let mut nodes = Vec::new();
    push(expression, number, &mut nodes);
    nodes
}

fn push(expression: &Expression, number: &mut dyn FnMut(&Clause) -> u32, nodes: &mut Vec<Node>) {
    let at = nodes.len();
    let inner = match expression {
        Expression::Clause(clause) => {
            nodes.push(Node::Atom(number(clause)));
            return;
        }
        Expression::Not(inner) => std::slice::from_ref(&**inner),
        Expression::Any(list) | Expression::All(list) | Expression::AtLeast(_, list) => list,
    };
    // Its end is known only once its parts are in.
    nodes.push(Node::Any { end: 0 });
    for one in inner {
        push(one, number, nodes);
    }
    let end = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    if let Some(place) = nodes.get_mut(at) {
        *place = match expression {
            Expression::All(_) => Node::All { end },
            Expression::Not(_) => Node::Not { end },
            Expression::AtLeast(count, _) => {
                Node::AtLeast { count: u16::try_from(*count).unwrap_or(u16::MAX), end }
            }
            Expression::Any(_) | Expression::Clause(_) => Node::Any { end },
        };
    }
}
