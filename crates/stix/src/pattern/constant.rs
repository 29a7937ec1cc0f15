//! Compares a constant of a pattern with a value of an observable.

use super::Literal;
use base64::Engine as _;
use serde_json::Value;
use std::cmp::Ordering;

/// A decoded literal.
#[derive(Debug, Clone)]
pub(super) enum Constant {
    Text(String),
    Number(f64),
    Bool(bool),
    Bytes(Vec<u8>),
    Time(crate::time::Moment),
}

/// A property's value in its native form (§9.6.4).
pub(super) enum Native<'a> {
    Text(&'a str),
    Number(f64),
    Bool(bool),
    Bytes(Vec<u8>),
    /// A list, a dictionary, or bytes that cannot be decoded.
    Other,
}

impl<'a> Native<'a> {
    /// The native form of a JSON value. The name of the property shows whether it is binary.
    pub(super) fn of(value: &'a Value, property: &str) -> Native<'a> {
        match value {
            Value::String(text) if property.ends_with("_hex") => {
                unhex(text).map_or(Native::Other, Native::Bytes)
            }
            Value::String(text) if property.ends_with("_bin") => {
                unbase64(text).map_or(Native::Other, Native::Bytes)
            }
            Value::String(text) => Native::Text(text),
            Value::Number(n) => n.as_f64().map_or(Native::Other, Native::Number),
            Value::Bool(b) => Native::Bool(*b),
            _ => Native::Other,
        }
    }
}

impl Constant {
    pub(super) fn of(literal: &Literal) -> Constant {
        match literal {
            Literal::Text(text) => Constant::Text(text.clone()),
            #[expect(clippy::cast_precision_loss, reason = "integers of patterns are within 2^53")]
            Literal::Integer(n) => Constant::Number(*n as f64),
            Literal::Float(n) => Constant::Number(*n),
            Literal::Bool(b) => Constant::Bool(*b),
            Literal::Hex(digits) => Constant::Bytes(unhex(digits).unwrap_or_default()),
            Literal::Binary(text) => Constant::Bytes(unbase64(text).unwrap_or_default()),
            Literal::Time(time) => Constant::Time(time.moment()),
        }
    }

    /// How the value compares to the constant; `None` when their types do not compare.
    pub(super) fn compare(&self, value: &Native<'_>) -> Option<Ordering> {
        match (value, self) {
            (Native::Text(value), Constant::Text(text)) => Some((*value).cmp(text)),
            (Native::Number(value), Constant::Number(n)) => value.partial_cmp(n),
            (Native::Bool(value), Constant::Bool(b)) => Some(value.cmp(b)),
            (Native::Bytes(value), Constant::Bytes(bytes)) => Some(value.cmp(bytes)),
            (Native::Bytes(value), Constant::Text(text)) => Some(value.cmp(&latin1(text)?)),
            (Native::Text(value), Constant::Bytes(bytes)) => Some(latin1(value)?.cmp(bytes)),
            (Native::Text(value), Constant::Time(time)) => {
                crate::time::read_any(value).ok().map(|value| value.cmp(time))
            }
            _ => None,
        }
    }
}

/// The code points as bytes; `None` unless all are below U+0100 (§9.2).
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    let byte = |[high, low]: &[u32; 2]| u8::try_from(high * 16 + low).ok();
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

pub(super) fn unbase64(text: &str) -> Option<Vec<u8>> {
    let plain: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    base64::engine::general_purpose::STANDARD.decode(plain).ok()
}
