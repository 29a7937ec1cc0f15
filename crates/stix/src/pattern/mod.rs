//! STIX patterns (STIX 2.1 §9): parsed with the place of an error, printed in one form, compiled
//! once and held against observations many times.
//!
//! What a pattern asks goes one way: text, tokens (`lex`), tree (`parse`), compiled comparisons
//! (`compile`, `test`, with its
//! `constant`s), and a search for observations that meet them together
//! (`search`). No pattern and no input makes any of these take exponential time.

mod compile;
mod constant;
mod lex;
mod observed;
mod parse;
mod print;
mod regex;
mod search;
mod test;
#[cfg(test)]
mod tests;
mod tree;
mod work;

pub use compile::{Match, Pattern};
pub use observed::{Observed, observations};
pub use parse::{NotAPattern, parse};
pub use search::TooHard;

use std::collections::BTreeSet;

/// Longest pattern read, in bytes; the longest seen in public collections has some 20 kB.
pub const MAX_PATTERN_BYTES: usize = 256 << 10;
/// Deepest nesting of brackets read.
pub const MAX_DEPTH: usize = 64;

/// An observation expression (§9.5).
#[derive(Debug, Clone, PartialEq)]
pub enum Observation {
    /// `[ … ]`.
    Match(Comparison),
    /// All of them, by different observations.
    And(Vec<Observation>),
    /// Any of them.
    Or(Vec<Observation>),
    /// Each behind the one before it.
    FollowedBy(Vec<Observation>),
    /// With a qualifier (§9.5.1).
    Qualified(Box<Observation>, Qualifier),
}

/// When or how often (§9.5.1).
#[derive(Debug, Clone, PartialEq)]
pub enum Qualifier {
    /// So many times, at least 1.
    Repeats(u64),
    /// Within so many seconds.
    Within(f64),
    /// From, included, to, not included.
    StartStop(crate::Timestamp, crate::Timestamp),
}

/// A comparison expression (§9.6).
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    /// All of them, of one object.
    And(Vec<Comparison>),
    /// Any of them.
    Or(Vec<Comparison>),
    /// One test of one property.
    Test(Test),
}

/// One test of one property.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Which property.
    pub path: Path,
    /// `NOT` stands before the operator.
    pub negated: bool,
    /// What is held against it.
    pub operation: Operation,
}

/// An object path (§9.7): `file:hashes.'SHA-256'`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The object's type.
    pub object: String,
    /// The steps behind the colon; at least one.
    pub steps: Vec<PathStep>,
}

/// One step of an object path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// A property or dictionary key.
    Key(String),
    /// An element of a list.
    Index(u64),
    /// Any element of a list: `[*]`.
    Any,
}

/// A comparison operator with its right side (§9.6.1).
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// `=`.
    Equal(Literal),
    /// `!=`.
    NotEqual(Literal),
    /// `<`.
    Less(Literal),
    /// `<=`.
    LessOrEqual(Literal),
    /// `>`.
    Greater(Literal),
    /// `>=`.
    GreaterOrEqual(Literal),
    /// `IN`.
    In(Vec<Literal>),
    /// `LIKE`, with `%` and `_`.
    Like(String),
    /// `MATCHES`, a regular expression.
    Matches(String),
    /// `ISSUBSET`, a CIDR block.
    IsSubset(String),
    /// `ISSUPERSET`, a CIDR block.
    IsSuperset(String),
    /// `EXISTS`.
    Exists,
}

/// A constant (§9.4).
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `'text'`.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A number with a point.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// `h'ffc3'`, its digits.
    Hex(String),
    /// `b'dGV4dA=='`, its characters.
    Binary(String),
    /// `t'2017-12-15T09:30:00Z'`.
    Time(crate::Timestamp),
}

impl Observation {
    /// Every comparison of the pattern, in order.
    pub fn tests<'a>(&'a self, each: &mut dyn FnMut(&'a Test)) {
        match self {
            Observation::Match(comparison) => comparison.tests(each),
            Observation::Qualified(inner, _) => inner.tests(each),
            Observation::And(list) | Observation::Or(list) | Observation::FollowedBy(list) => {
                for inner in list {
                    inner.tests(each);
                }
            }
        }
    }

    /// Whether a qualifier of the same kind stands right behind the brackets already.
    fn has_qualifier(&self, like: &Qualifier) -> bool {
        let same = |one: &Qualifier| std::mem::discriminant(one) == std::mem::discriminant(like);
        match self {
            Observation::Qualified(inner, own) => same(own) || inner.has_qualifier(like),
            _ => false,
        }
    }

    /// Observation expressions of which an AND joins comparisons of types that no one object has:
    /// they can match nothing (§9.5).
    pub fn unsatisfiable(&self) -> Option<&Comparison> {
        match self {
            Observation::Match(comparison) => {
                comparison.types().is_some_and(|types| types.is_empty()).then_some(comparison)
            }
            Observation::Qualified(inner, _) => inner.unsatisfiable(),
            Observation::And(list) | Observation::Or(list) | Observation::FollowedBy(list) => {
                list.iter().find_map(Observation::unsatisfiable)
            }
        }
    }
}

impl Comparison {
    fn tests<'a>(&'a self, each: &mut dyn FnMut(&'a Test)) {
        match self {
            Comparison::Test(test) => each(test),
            Comparison::And(list) | Comparison::Or(list) => {
                for inner in list {
                    inner.tests(each);
                }
            }
        }
    }

    /// The types of object that could meet it.
    fn types(&self) -> Option<BTreeSet<&str>> {
        match self {
            Comparison::Test(test) => Some(BTreeSet::from([test.path.object.as_str()])),
            Comparison::Or(list) => {
                let all = list.iter().filter_map(Comparison::types).flatten();
                Some(all.collect())
            }
            Comparison::And(list) => {
                let mut all = list.iter().filter_map(Comparison::types);
                let first = all.next()?;
                Some(all.fold(first, |mut common, types| {
                    common.retain(|name| types.contains(name));
                    common
                }))
            }
        }
    }
}

/// One value that a pattern is about: an object path, and a text that it is to equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternValue {
    /// Such as `domain-name:value`.
    pub path: String,
    /// The text, unescaped.
    pub text: String,
}

/// Every text that a pattern asks a property to equal, in order; none of what it denies, likens
/// or leaves open. A pattern that cannot be parsed is about nothing.
pub fn values(pattern: &str) -> Vec<PatternValue> {
    let mut out = Vec::new();
    if let Ok(observation) = parse(pattern) {
        observation.tests(&mut |test| collect(test, &mut out));
    }
    out
}

fn collect(test: &Test, out: &mut Vec<PatternValue>) {
    let literals = match &test.operation {
        _ if test.negated => return,
        Operation::Equal(literal) => std::slice::from_ref(literal),
        Operation::In(literals) => literals.as_slice(),
        _ => return,
    };
    for literal in literals {
        if let Literal::Text(text) = literal {
            out.push(PatternValue { path: test.path.to_string(), text: text.clone() });
        }
    }
}

#[cfg(test)]
mod value_tests {
    use super::*;

    fn pairs(pattern: &str) -> Vec<(String, String)> {
        values(pattern).into_iter().map(|v| (v.path, v.text)).collect()
    }

    fn one(path: &str, text: &str) -> (String, String) {
        (path.to_owned(), text.to_owned())
    }

    #[test]
    fn values_come_out_with_their_paths() {
        assert_eq!(
            pairs(
                "[domain-name:value = 'example.org' OR ipv4-addr:value IN ('198.51.100.1','198.51.100.2')]"
            ),
            [
                one("domain-name:value", "example.org"),
                one("ipv4-addr:value", "198.51.100.1"),
                one("ipv4-addr:value", "198.51.100.2"),
            ]
        );
        assert_eq!(
            pairs(
                r"[file:hashes.'SHA-256' = 'aa' AND file:name='it\'s'] FOLLOWEDBY [url:value = 'u'] WITHIN 5 SECONDS"
            ),
            [one("file:hashes.'SHA-256'", "aa"), one("file:name", "it's"), one("url:value", "u")]
        );
        assert_eq!(
            pairs(
                "[a:b.c[0].d[*] = 'v'] START t'2020-01-01T00:00:00Z' STOP t'2021-01-01T00:00:00Z'"
            ),
            [one("a:b.c[0].d[*]", "v")]
        );
    }

    #[test]
    fn what_is_denied_or_only_likened_is_no_value() {
        for pattern in [
            "[domain-name:value != 'example.org']",
            "[url:value LIKE '%x%']",
            "[a:b NOT = 'c']",
            "[EXISTS a:b]",
            "garbage ' \\",
        ] {
            assert_eq!(pairs(pattern), [], "{pattern}");
        }
    }
}
