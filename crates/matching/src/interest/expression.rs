//! Clauses joined by and, or, not and "at least N of".

use super::clause::Clause;
use crate::interest::BadInterest;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::fmt;

/// Deepest nesting.
pub(crate) const MAX_DEPTH: usize = 8;

/// What an item is held against.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expression {
    /// One clause: met when some term or some words of the item meet it.
    Clause(Clause),
    /// At least one of them is met; never met when there is none.
    Any(Vec<Expression>),
    /// Each of them is met.
    All(Vec<Expression>),
    /// It is not met. Counts only beside something that must be met.
    Not(Box<Expression>),
    /// At least this many of them are met.
    AtLeast(usize, Vec<Expression>),
}

impl From<Clause> for Expression {
    fn from(clause: Clause) -> Expression {
        Expression::Clause(clause)
    }
}

impl Expression {
    pub(crate) fn checked(self, depth: usize) -> Result<Expression, BadInterest> {
        if depth >= MAX_DEPTH {
            let message = format!("clauses are nested more than {MAX_DEPTH} deep");
            return Err(BadInterest::new("depth", message).hint("register several interests"));
        }
        let all = |list: Vec<Expression>, word: &str| {
            if list.is_empty() {
                return Err(BadInterest::new(word, format!("`{word}` holds no clause")));
            }
            list.into_iter().map(|inner| inner.checked(depth + 1)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match self {
            Expression::Clause(clause) => Expression::Clause(clause.checked()?),
            Expression::Any(list) => Expression::Any(all(list, "any")?),
            Expression::All(list) => Expression::All(all(list, "all")?),
            Expression::Not(inner) => Expression::Not(Box::new(inner.checked(depth + 1)?)),
            Expression::AtLeast(count, list) => {
                if count == 0 || count > list.len() {
                    let message = format!("`at-least` wants {count} of {} clauses", list.len());
                    return Err(BadInterest::new("at-least", message).hint("`count` is 1 or more"));
                }
                Expression::AtLeast(count, all(list, "at-least")?)
            }
        })
    }

    /// Every clause, in order.
    pub fn clauses<'a>(&'a self, each: &mut dyn FnMut(&'a Clause)) {
        match self {
            Expression::Clause(clause) => each(clause),
            Expression::Not(inner) => inner.clauses(each),
            Expression::Any(list) | Expression::All(list) | Expression::AtLeast(_, list) => {
                for inner in list {
                    inner.clauses(each);
                }
            }
        }
    }

    /// Clauses of which every item that meets this meets one, the rarest found; none when an item
    /// could meet it by what it is *not* about.
    pub(crate) fn sure<'a>(&'a self) -> Option<Vec<&'a Clause>> {
        match self {
            Expression::Clause(clause) => Some(vec![clause]),
            Expression::Not(_) => None,
            Expression::Any(list) => {
                let parts: Option<Vec<Vec<&'a Clause>>> = list.iter().map(Self::sure).collect();
                Some(parts?.concat())
            }
            Expression::All(list) => list.iter().filter_map(Self::sure).min_by_key(|p| cost(p)),
            // Of n of which k are met, every n - k + 1 hold one that is.
            Expression::AtLeast(count, list) => {
                let mut parts: Vec<Vec<&'a Clause>> = list.iter().filter_map(Self::sure).collect();
                parts.sort_by_key(|part| cost(part));
                let wanted = list.len() - count.saturating_sub(1);
                (parts.len() >= wanted).then(|| parts.into_iter().take(wanted).flatten().collect())
            }
        }
    }
}

fn cost(clauses: &[&Clause]) -> u32 {
    clauses.iter().map(|clause| clause.commonness()).sum()
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Expression::Clause(clause) => clause.serialize(serializer),
            Expression::Any(list) => json!({ "any": list }).serialize(serializer),
            Expression::All(list) => json!({ "all": list }).serialize(serializer),
            Expression::Not(inner) => json!({ "not": inner }).serialize(serializer),
            Expression::AtLeast(count, of) => {
                json!({ "at-least": { "count": count, "of": of } }).serialize(serializer)
            }
        }
    }
}

/// As [`Expression`] is written: a clause, or an object of one member that joins some.
impl JsonSchema for Expression {
    fn schema_name() -> Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let clause = generator.subschema_for::<Clause>();
        let inner = generator.subschema_for::<Expression>();
        let joined = |word: &str, schema: Schema| {
            json_schema!({
                "type": "object",
                "required": [word],
                "additionalProperties": false,
                "properties": { word: schema },
            })
        };
        let list = json_schema!({ "type": "array", "minItems": 1, "items": inner });
        let count = json_schema!({
            "type": "object",
            "required": ["count", "of"],
            "additionalProperties": false,
            "properties": { "count": { "type": "integer", "minimum": 1 }, "of": list },
        });
        json_schema!({
            "description": "Clauses, joined by and, or, not and at least so many of some",
            "anyOf": [
                clause,
                joined("any", list.clone()),
                joined("all", list),
                joined("not", inner),
                joined("at-least", count),
            ],
        })
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Expression, D::Error> {
        let map = Map::deserialize(deserializer)?;
        read(map, 0).map_err(D::Error::custom)
    }
}

/// A table with one key: the name of a clause, or how those in it are joined.
fn read(map: Map<String, Value>, depth: usize) -> Result<Expression, String> {
    if depth > MAX_DEPTH {
        return Err(format!("clauses are nested more than {MAX_DEPTH} deep"));
    }
    if map.len() != 1 {
        let keys: Vec<&str> = map.keys().map(String::as_str).collect();
        return Err(format!(
            "a clause is a table with one key, such as {{ country = \"RU\" }}; this one has {}: {}",
            keys.len(),
            keys.join(", "),
        ));
    }
    let Some((key, value)) = map.into_iter().next() else { return Err(String::new()) };
    match key.as_str() {
        "any" => Ok(Expression::Any(list(value, &key, depth)?)),
        "all" => Ok(Expression::All(list(value, &key, depth)?)),
        "not" => Ok(Expression::Not(Box::new(one(value, &key, depth)?))),
        "at-least" => at_least(value, depth),
        _ => {
            let value = Value::Object(Map::from_iter([(key.clone(), value)]));
            let clause = serde_json::from_value(value);
            clause.map(Expression::Clause).map_err(|e| format!("`{key}`: {e}"))
        }
    }
}

fn one(value: Value, key: &str, depth: usize) -> Result<Expression, String> {
    match value {
        Value::Object(map) => read(map, depth + 1),
        _ => Err(format!("`{key}` holds a clause, such as {{ country = \"RU\" }}")),
    }
}

fn list(value: Value, key: &str, depth: usize) -> Result<Vec<Expression>, String> {
    match value {
        Value::Array(list) => list.into_iter().map(|value| one(value, key, depth)).collect(),
        _ => Err(format!("`{key}` holds a list of clauses")),
    }
}

fn at_least(value: Value, depth: usize) -> Result<Expression, String> {
    let bad = || "`at-least` holds `count`, a number, and `of`, a list of clauses".to_owned();
    let Value::Object(mut map) = value else { return Err(bad()) };
    let count = map.remove("count").and_then(|count| count.as_u64()).ok_or_else(bad)?;
    let of = map.remove("of").ok_or_else(bad)?;
    if !map.is_empty() {
        return Err(bad());
    }
    let count = usize::try_from(count).map_err(|_| bad())?;
    Ok(Expression::AtLeast(count, list(of, "of", depth)?))
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |list: &[Expression], word: &str| {
            let parts: Vec<String> = list.iter().map(ToString::to_string).collect();
            parts.join(word)
        };
        match self {
            Expression::Clause(clause) => write!(f, "{clause}"),
            Expression::Any(list) => write!(f, "({})", joined(list, " or ")),
            Expression::All(list) => write!(f, "({})", joined(list, " and ")),
            Expression::Not(inner) => write!(f, "not {inner}"),
            Expression::AtLeast(count, list) => {
                write!(f, "at least {count} of ({})", joined(list, ", "))
            }
        }
    }
}
