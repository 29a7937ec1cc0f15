//! STIX patterns (STIX 2.1 §9): parsed with the place of an error, printed in one form, compiled
//! once and matched against observations many times.
//!
//! A pattern goes through these stages: text, tokens (`lex`), syntax tree (`parse`), compiled
//! comparisons (`compile`, `test`, with their `constant`s), and a search for observations that meet
//! them together (`search`). No pattern and no input makes any of these take exponential time.

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
pub use parse::{NotAPattern, parse, parse_lenient};
pub use search::TooHard;

use std::collections::BTreeSet;

/// Longest pattern read, in bytes. The longest seen in public collections has about 20 kB.
pub const MAX_PATTERN_BYTES: usize = 256 << 10;
/// Deepest nesting of brackets read. It also bounds the steps of a path and the qualifiers of an
/// expression.
pub const MAX_DEPTH: usize = 64;

/// An observation expression (§9.5). Its `Display` writes it in one canonical form.
#[derive(Debug, Clone, PartialEq)]
pub enum Observation {
    /// `[ … ]`: one observation has an object that meets the comparison.
    Match(Comparison),
    /// `AND`: different observations meet all of them.
    And(Vec<Observation>),
    /// `OR`: observations meet at least one of them.
    Or(Vec<Observation>),
    /// `FOLLOWEDBY`: different observations meet all of them, in this order of time.
    FollowedBy(Vec<Observation>),
    /// An expression with a qualifier (§9.5.1).
    Qualified(Box<Observation>, Qualifier),
}

/// When or how many times an expression must be met (§9.5.1).
#[derive(Debug, Clone, PartialEq)]
pub enum Qualifier {
    /// `REPEATS`: this many times, at least 1, by different observations.
    Repeats(u64),
    /// `WITHIN`: by observations that are less than this many seconds apart.
    Within(f64),
    /// `START … STOP …`: from the first time, included, to the second, not included.
    StartStop(crate::Timestamp, crate::Timestamp),
}

/// A comparison expression (§9.6). One object must meet all of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    /// `AND`: all of them hold.
    And(Vec<Comparison>),
    /// `OR`: at least one of them holds.
    Or(Vec<Comparison>),
    /// One test of one property.
    Test(Test),
}

/// One test of one property, such as `file:size > 10`.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The property.
    pub path: Path,
    /// Whether the operator is preceded by `NOT`, which turns its answer round (§9.6.1).
    pub negated: bool,
    /// The operator and the constants that the property is compared with.
    pub operation: Operation,
}

/// An object path (§9.7): `file:hashes.'SHA-256'`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The type of the object, before the colon.
    pub object: String,
    /// The steps after the colon; at least one, and the first is a key.
    pub steps: Vec<PathStep>,
}

/// One step of an object path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// The name of a property, or a key of a dictionary.
    Key(String),
    /// `[n]`: one element of a list, from 0.
    Index(u64),
    /// `[*]`: any element of a list.
    Any,
}

/// A comparison operator with its right side (§9.6.1).
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// `=`, also written `==`.
    Equal(Literal),
    /// `!=`, also written `<>`. Values of types that do not compare are not equal.
    NotEqual(Literal),
    /// `<`. Texts are ordered by code points, in this and the next three.
    Less(Literal),
    /// `<=`.
    LessOrEqual(Literal),
    /// `>`.
    Greater(Literal),
    /// `>=`.
    GreaterOrEqual(Literal),
    /// `IN`: the property equals one of these constants, which are of one type.
    In(Vec<Literal>),
    /// `LIKE`: the whole text fits; `%` stands for any characters, `_` for one.
    Like(String),
    /// `MATCHES`: this regular expression is found in the text.
    Matches(String),
    /// `ISSUBSET`: the address or block is in this CIDR block.
    IsSubset(String),
    /// `ISSUPERSET`: the block contains this address or CIDR block.
    IsSuperset(String),
    /// `EXISTS`: the object has the property.
    Exists,
}

/// A constant (§9.4).
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `'text'`, without quotes and escapes.
    Text(String),
    /// An integer of at most 2^53 − 1 in size (§2.10).
    Integer(i64),
    /// A number with a decimal point.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// The hexadecimal digits of `h'ffc3'`.
    Hex(String),
    /// The base64 text of `b'dGV4dA=='`.
    Binary(String),
    /// The time of `t'2017-12-15T09:30:00Z'`.
    Time(crate::Timestamp),
}

impl Literal {
    /// The bytes of `h'…'` and `b'…'`; `None` of others, and of digits or base64 that are none.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Literal::Hex(digits) => constant::unhex(digits),
            Literal::Binary(text) => constant::unbase64(text),
            Literal::Text(_)
            | Literal::Integer(_)
            | Literal::Float(_)
            | Literal::Bool(_)
            | Literal::Time(_) => None,
        }
    }
}

impl Observation {
    /// Calls `each` for every test in the expression, in the order of the text.
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

    /// Calls `each` for every test in the expression, to be changed.
    pub fn tests_mut(&mut self, each: &mut dyn FnMut(&mut Test)) {
        match self {
            Observation::Match(comparison) => comparison.tests_mut(each),
            Observation::Qualified(inner, _) => inner.tests_mut(each),
            Observation::And(list) | Observation::Or(list) | Observation::FollowedBy(list) => {
                for inner in list {
                    inner.tests_mut(each);
                }
            }
        }
    }

    /// Whether the expression already has a qualifier of the same kind.
    fn has_qualifier(&self, like: &Qualifier) -> bool {
        let same = |one: &Qualifier| std::mem::discriminant(one) == std::mem::discriminant(like);
        match self {
            Observation::Qualified(inner, own) => same(own) || inner.has_qualifier(like),
            _ => false,
        }
    }

    /// The first comparison that no object can meet, because an AND in it joins tests of different
    /// types of object (§9.5). The pattern can still match if an OR leaves another way.
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

    fn tests_mut(&mut self, each: &mut dyn FnMut(&mut Test)) {
        match self {
            Comparison::Test(test) => each(test),
            Comparison::And(list) | Comparison::Or(list) => {
                for inner in list {
                    inner.tests_mut(each);
                }
            }
        }
    }

    /// The types of object that can meet the comparison.
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

/// One text that a pattern looks for, and the property in which it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternValue {
    /// The object path in canonical form, such as `domain-name:value`.
    pub path: String,
    /// The text, without quotes and escapes.
    pub text: String,
}

/// Every text that a pattern requires a property to equal (`=`, `IN`), in order. Texts of other
/// operators or after `NOT` are left out. A pattern that cannot be parsed gives nothing.
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
    fn values_that_are_negated_or_only_similar_are_left_out() {
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
