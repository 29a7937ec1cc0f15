//! Objects of JSON as rows of a list.

use crate::bounds::{MAX_COLUMNS, MAX_DEPTH};
use crate::refused::Refused;
use crate::row::{Next, Row};
use forewarn_stix::bundle::Objects;
use hashbrown::HashMap;
use serde_json::{Map, Value};
use std::io::Read;

/// Objects of JSON as rows: a field within a field is called `outer.inner`.
pub(crate) struct Json<R> {
    objects: Objects<R>,
    pub(crate) names: Vec<String>,
    places: HashMap<String, usize, foldhash::fast::FixedState>,
    count: u64,
}

impl<R: Read> Json<R> {
    pub(crate) fn open(input: R) -> Json<R> {
        let (names, places) = (Vec::new(), HashMap::default());
        Json { objects: Objects::any(input), names, places, count: 0 }
    }

    pub(crate) fn read(&mut self, row: &mut Row) -> Result<Next, Refused> {
        let next = self.objects.next_object();
        let Some(bytes) = next.map_err(|bad| Refused::Form(bad.to_string()))? else {
            return Ok(Next::End);
        };
        self.count += 1;
        let at = match self.objects.own_line() {
            Some(line) => format!("line {line}"),
            None => format!("object {}", self.count),
        };
        row.clear(self.objects.own_line().unwrap_or(self.count));
        let read = serde_json::from_slice::<Map<String, Value>>(&bytes);
        let object = match read {
            Ok(object) => object,
            Err(bad) => return Ok(Next::Bad(at, format!("is no object of JSON: {bad}"))),
        };
        if self.fields("", &object, MAX_DEPTH, row) {
            Ok(Next::Row)
        } else {
            Ok(Next::Bad(
                at,
                format!("has fields deeper than {MAX_DEPTH}, or more than {MAX_COLUMNS}"),
            ))
        }
    }

    fn fields(
        &mut self,
        outer: &str,
        of: &Map<String, Value>,
        depth: usize,
        row: &mut Row,
    ) -> bool {
        // By name: the same fields make the same columns, however they are ordered in an object.
        let mut of: Vec<(&String, &Value)> = of.iter().collect();
        of.sort_by_key(|(key, _)| *key);
        for (key, value) in of {
            let name = if outer.is_empty() { key.clone() } else { format!("{outer}.{key}") };
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                Value::Object(inner) => {
                    if depth == 0 || !self.fields(&name, inner, depth - 1, row) {
                        return false;
                    }
                    continue;
                }
                Value::Array(list) => {
                    let plain = |one: &Value| match one {
                        Value::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    list.iter().map(plain).collect::<Vec<_>>().join(", ")
                }
            };
            let column = match self.places.get(&name) {
                Some(column) => *column,
                None if self.names.len() >= MAX_COLUMNS => return false,
                None => {
                    self.names.push(name.clone());
                    self.places.insert(name, self.names.len() - 1);
                    self.names.len() - 1
                }
            };
            row.push(column, &text);
        }
        true
    }
}
