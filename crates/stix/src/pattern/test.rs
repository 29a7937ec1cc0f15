//! One compiled comparison: a path, and what is asked of the values that it leads to.

use super::constant::{Constant, Native};
use super::observed::Scope;
use super::regex::Regex;
use super::work::Work;
use super::{NotAPattern, Operation, Path, PathStep, Test};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::HashSet;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) object: String,
    steps: Vec<PathStep>,
    /// The last key of the path, which tells whether the value is binary.
    property: String,
    negated: bool,
    question: Question,
}

#[derive(Debug)]
enum Question {
    /// Which orders are accepted: less, equal, greater.
    Compare(Constant, [bool; 3]),
    NotEqual(Constant),
    OneOf(HashSet<String>, Vec<Constant>),
    Like(Vec<Wild>),
    Matches(Box<Regex>),
    Subset(ipnet::IpNet),
    Superset(ipnet::IpNet),
    Exists,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Wild {
    Char(char),
    One,
    Many,
}

impl Compiled {
    pub(super) fn new(test: &Test) -> Result<Compiled, NotAPattern> {
        let mut keys = test.path.steps.iter().rev();
        let property =
            keys.find_map(|step| if let PathStep::Key(key) = step { Some(key) } else { None });
        Ok(Compiled {
            object: test.path.object.clone(),
            steps: test.path.steps.clone(),
            property: property.cloned().unwrap_or_default(),
            negated: test.negated,
            question: question(&test.operation, &test.path)?,
        })
    }

    /// Whether the comparison holds for an observable of its type.
    ///
    /// If the path leads nowhere, it does not hold, whatever is asked (§9.6). With `[*]`, one value
    /// for which it holds is enough.
    pub(super) fn holds<'a>(&self, root: &'a Value, scope: &Scope<'a>, work: &Work) -> bool {
        if let Question::Exists = self.question {
            return scope.any(root, &self.steps, work, &mut |_| true) != self.negated;
        }
        scope.any(root, &self.steps, work, &mut |value| {
            work.spend(1) && self.answer(&Native::of(value, &self.property), work) != self.negated
        })
    }

    fn answer(&self, value: &Native<'_>, work: &Work) -> bool {
        match &self.question {
            Question::Exists => true,
            Question::Compare(constant, [less, equal, greater]) => match constant.compare(value) {
                Some(Ordering::Less) => *less,
                Some(Ordering::Equal) => *equal,
                Some(Ordering::Greater) => *greater,
                None => false,
            },
            Question::NotEqual(constant) => constant.compare(value) != Some(Ordering::Equal),
            Question::OneOf(texts, others) => {
                let listed = matches!(value, Native::Text(text) if texts.contains(*text));
                work.spend(others.len() as u64);
                listed || others.iter().any(|one| one.compare(value) == Some(Ordering::Equal))
            }
            Question::Like(pattern) => match value {
                Native::Text(text) => is_like(normal(text).chars(), pattern, work),
                Native::Bytes(bytes) => {
                    is_like(bytes.iter().map(|b| char::from(*b)), pattern, work)
                }
                _ => false,
            },
            Question::Matches(regex) => match value {
                Native::Text(text) => regex.is_in_text(&normal(text), work),
                Native::Bytes(bytes) => regex.is_in_bytes(bytes, work),
                _ => false,
            },
            Question::Subset(outer) => net(value).is_some_and(|inner| outer.contains(&inner)),
            Question::Superset(inner) => net(value).is_some_and(|outer| outer.contains(inner)),
        }
    }
}

fn question(operation: &Operation, path: &Path) -> Result<Question, NotAPattern> {
    let bad = |why: String| NotAPattern { at: 1, why: format!("at `{path}`: {why}") };
    let compare = |literal, orders| Question::Compare(Constant::of(literal), orders);
    Ok(match operation {
        Operation::Equal(literal) => compare(literal, [false, true, false]),
        Operation::Less(literal) => compare(literal, [true, false, false]),
        Operation::LessOrEqual(literal) => compare(literal, [true, true, false]),
        Operation::Greater(literal) => compare(literal, [false, false, true]),
        Operation::GreaterOrEqual(literal) => compare(literal, [false, true, true]),
        Operation::NotEqual(literal) => Question::NotEqual(Constant::of(literal)),
        Operation::In(literals) => {
            let constants: Vec<Constant> = literals.iter().map(Constant::of).collect();
            let texts = constants.iter().filter_map(|constant| match constant {
                Constant::Text(text) => Some(text.clone()),
                _ => None,
            });
            let texts = texts.collect();
            let others = constants.into_iter().filter(|one| !matches!(one, Constant::Text(_)));
            Question::OneOf(texts, others.collect())
        }
        Operation::Like(text) => Question::Like(text.nfc().map(wild).collect()),
        Operation::Matches(text) => Question::Matches(Box::new(Regex::new(text).map_err(bad)?)),
        Operation::IsSubset(text) => {
            Question::Subset(block(text).ok_or_else(|| bad(no_block(text)))?)
        }
        Operation::IsSuperset(text) => {
            Question::Superset(block(text).ok_or_else(|| bad(no_block(text)))?)
        }
        Operation::Exists => Question::Exists,
    })
}

fn no_block(text: &str) -> String {
    format!("`{text}` is not an address or a block of addresses")
}

fn normal(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.into(),
        _ => text.nfc().collect::<String>().into(),
    }
}

fn wild(c: char) -> Wild {
    match c {
        '%' => Wild::Many,
        '_' => Wild::One,
        c => Wild::Char(c),
    }
}

/// Whether the whole text fits the whole pattern. On a mismatch, only the last `%` takes one
/// character more, so that the time is at most the product of both lengths.
fn is_like(mut text: impl Iterator<Item = char> + Clone, pattern: &[Wild], work: &Work) -> bool {
    let mut next = 0;
    let mut last_many = None;
    loop {
        if !work.spend(1) {
            return false;
        }
        let ahead = text.clone();
        let Some(c) = text.next() else { break };
        match pattern.get(next) {
            Some(Wild::Many) => {
                next += 1;
                last_many = Some((next, ahead.clone()));
                text = ahead;
                continue;
            }
            Some(Wild::One) => {}
            Some(Wild::Char(expected)) if *expected == c => {}
            _ => {
                let Some((after, mut from)) = last_many else { return false };
                from.next();
                text = from.clone();
                next = after;
                last_many = Some((after, from));
                continue;
            }
        }
        next += 1;
    }
    pattern.get(next..).is_some_and(|rest| rest.iter().all(|wild| *wild == Wild::Many))
}

fn net(value: &Native<'_>) -> Option<ipnet::IpNet> {
    if let Native::Text(text) = value { block(text) } else { None }
}

fn block(text: &str) -> Option<ipnet::IpNet> {
    let address = || text.parse::<std::net::IpAddr>().ok().map(ipnet::IpNet::from);
    text.parse::<ipnet::IpNet>().ok().map(|net| net.trunc()).or_else(address)
}
