//! One record of an event, such as an attribute. What is understood is taken out of it; the rest
//! stays. So nothing that it says can be forgotten: what nobody took is still there at the end.

use crate::loss::{Refused, below};
use crate::tables::says_nothing;
use forewarn_stix::json;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A record and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) map: Map<String, Value>,
    pub(crate) at: String,
}

impl Record {
    /// Reads a record strictly: a key that occurs twice, or nesting beyond bounds, is refused.
    pub(crate) fn read(bytes: &[u8], at: String) -> Result<Record, Refused> {
        match json::read(bytes) {
            Ok(value) => Record::of(value, at),
            Err(why) => Err(Refused::form(at, why.to_string())),
        }
    }

    pub(crate) fn of(value: Value, at: String) -> Result<Record, Refused> {
        match value {
            Value::Object(map) => Ok(Record { map, at }),
            _ => Err(Refused::form(at, "is not a JSON object, as a record of MISP must be")),
        }
    }

    /// A field as text, whether it is written as a text, a number or a truth value.
    pub(crate) fn text(&self, key: &str) -> Option<Cow<'_, str>> {
        self.map.get(key).and_then(scalar)
    }

    /// Takes a field out as text; what is no text stays.
    pub(crate) fn take(&mut self, key: &str) -> Option<String> {
        let text = match self.map.get_mut(key)? {
            Value::String(text) => std::mem::take(text),
            other => scalar(other)?.into_owned(),
        };
        self.map.remove(key);
        (!text.is_empty()).then_some(text)
    }

    /// Takes a list of records out. What is no list of objects is refused, since it would be lost.
    pub(crate) fn take_list(&mut self, key: &str) -> Result<Vec<Record>, Refused> {
        match self.map.remove(key) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(list)) if list.is_empty() => Ok(Vec::new()),
            Some(Value::Array(list)) => {
                let at = below(&self.at, key);
                let read = |(n, value)| Record::of(value, format!("{at}/{n}"));
                list.into_iter().enumerate().map(read).collect()
            }
            Some(_) => Err(Refused::form(below(&self.at, key), "is not a list")),
        }
    }

    /// What nobody took and that says something.
    pub(crate) fn rest(self) -> Map<String, Value> {
        let mut map = self.map;
        map.retain(|key, value| !says_nothing(key, value));
        map.values_mut().for_each(without_nothing);
        map
    }
}

/// STIX has no null inside of values (§2.12), and MISP's nulls say nothing.
fn without_nothing(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.retain(|value| !value.is_null());
            list.iter_mut().for_each(without_nothing);
        }
        Value::Object(map) => {
            map.retain(|_, value| !is_empty(value));
            map.values_mut().for_each(without_nothing);
        }
        _ => {}
    }
}

/// Whether a value has nothing in it.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.iter().all(Value::is_null),
        Value::Object(map) => map.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The text of a single value.
pub(crate) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        _ => None,
    }
}

/// Whether a text says yes: MISP writes true, 1 and "1".
pub(crate) fn is_yes(text: &str) -> bool {
    matches!(text, "1" | "true" | "True" | "yes")
}
