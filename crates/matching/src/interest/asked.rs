//! What a STIX pattern asks for by value: whatever meets the pattern holds at least one of these.

use crate::normal;
use forewarn_stix::pattern::{self, Comparison, Literal, Observation, Operation, PathStep, Test};

/// A value at an object path, or an object of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// `domain-name:value` and the text that stands there, in its one form.
    Value(String, String),
    /// An object of this type: its values are left open.
    Type(String),
}

impl Asked {
    pub(crate) fn is_type(&self) -> bool {
        matches!(self, Asked::Type(_))
    }
}

/// A set of which every match holds one; empty when the text is not a pattern.
pub(crate) fn of(pattern: &str) -> Vec<Asked> {
    pattern::parse(pattern).map(|parsed| of_observation(&parsed)).unwrap_or_default()
}

fn of_observation(observation: &Observation) -> Vec<Asked> {
    match observation {
        Observation::Match(comparison) => of_comparison(comparison),
        Observation::Qualified(inner, _) => of_observation(inner),
        Observation::Or(list) => list.iter().flat_map(of_observation).collect(),
        Observation::And(list) | Observation::FollowedBy(list) => {
            rarest(list.iter().map(of_observation))
        }
    }
}

fn of_comparison(comparison: &Comparison) -> Vec<Asked> {
    match comparison {
        Comparison::Test(test) => of_test(test),
        Comparison::Or(list) => list.iter().flat_map(of_comparison).collect(),
        Comparison::And(list) => rarest(list.iter().map(of_comparison)),
    }
}

/// Values before types, few before many.
fn rarest(sets: impl Iterator<Item = Vec<Asked>>) -> Vec<Asked> {
    let cost = |set: &Vec<Asked>| (set.iter().any(Asked::is_type), set.len());
    sets.min_by_key(cost).unwrap_or_default()
}

fn of_test(test: &Test) -> Vec<Asked> {
    let literals = match &test.operation {
        Operation::Equal(literal) if !test.negated => std::slice::from_ref(literal),
        Operation::In(literals) if !test.negated => literals.as_slice(),
        _ => &[],
    };
    let value = |literal: &Literal| match literal {
        Literal::Text(text) => {
            let path = test.path.to_string();
            let form = normal::value_at(&path, text.as_str().into()).into_owned();
            Some(Asked::Value(path, form))
        }
        _ => None,
    };
    let values: Option<Vec<Asked>> = literals.iter().map(value).collect();
    match values.filter(|values| is_value(test) && !values.is_empty()) {
        Some(values) => values,
        None => vec![Asked::Type(test.path.object.clone())],
    }
}

/// Whether the path leads to a text of the observable itself, which is asked for as it stands
/// there: not through references or lists, not to what is coded or may be a number, and not to what
/// every object has.
fn is_value(test: &Test) -> bool {
    let plain = |key: &str| {
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        key.bytes().all(letters) && key.starts_with(|c: char| c.is_ascii_lowercase())
    };
    let coded = ["_ref", "_refs", "_bin", "_hex"];
    let common = ["id", "type", "spec_version", "defanged", "object_marking_refs"];
    match test.path.steps.as_slice() {
        [PathStep::Key(key)] => {
            plain(key)
                && !normal::is_number(key)
                && !coded.iter().any(|end| key.ends_with(end))
                && !common.contains(&key.as_str())
        }
        [PathStep::Key(key), PathStep::Key(name)] => {
            key == "hashes" && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pattern: &str) -> Vec<String> {
        let word = |asked| match asked {
            Asked::Value(path, text) => format!("{path}={text}"),
            Asked::Type(name) => name,
        };
        of(pattern).into_iter().map(word).collect()
    }

    #[test]
    fn every_match_holds_one_of_them() {
        assert_eq!(
            words("[domain-name:value = 'a' OR url:value IN ('b', 'c')]"),
            ["domain-name:value=a", "url:value=b", "url:value=c"]
        );
        assert_eq!(words("[file:name LIKE '%.exe' AND file:size > 1]"), ["file"]);
        assert_eq!(words("[file:size > 1 AND file:name = 'x']"), ["file:name=x"]);
        assert_eq!(words("[a:b = 'x'] AND [c:d NOT = 'y']"), ["a:b=x"]);
        assert_eq!(words("[file:hashes.'SHA-256' = 'a']"), ["file:hashes.'SHA-256'=a"]);
        assert_eq!(words("[file:id = 'x']"), ["file"]);
        assert_eq!(words("[artifact:payload_bin = 'x']"), ["artifact"]);
        assert_eq!(words("[network-traffic:src_ref.value = '198.51.100.1']"), ["network-traffic"]);
    }
}
