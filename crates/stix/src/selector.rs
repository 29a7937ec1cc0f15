//! Selectors, which say what a granular marking applies to (STIX 2.1 §7.2.3).

use serde_json::{Map, Value};

/// One step of a selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SelectorStep<'a> {
    Key(&'a str),
    Index(usize),
}

/// The steps of a selector such as `external_references.[0].url`; `None` when it is malformed.
///
/// A key that contains a dot cannot be selected: the standard has no way to write it.
pub(crate) fn steps(selector: &str) -> Option<Vec<SelectorStep<'_>>> {
    let step = |text| match text {
        "" => None,
        text if text.starts_with('[') => {
            let digits = text.strip_prefix('[')?.strip_suffix(']')?;
            let plain = digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse().ok().filter(|_| plain).map(SelectorStep::Index)
        }
        text => Some(SelectorStep::Key(text)),
    };
    selector.split('.').map(step).collect()
}

/// Whether the steps lead to something in the object.
pub(crate) fn resolves(map: &Map<String, Value>, steps: &[SelectorStep<'_>]) -> bool {
    let Some((SelectorStep::Key(first), rest)) = steps.split_first() else { return false };
    let mut at = map.get(*first);
    for step in rest {
        at = match (at, step) {
            (Some(Value::Array(list)), SelectorStep::Index(n)) => list.get(*n),
            (Some(Value::Object(inner)), SelectorStep::Key(key)) => inner.get(*key),
            _ => None,
        };
    }
    at.is_some()
}
