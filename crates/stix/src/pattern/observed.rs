//! The observations that a pattern is matched against, each with its observables and its time.

use super::PathStep;
use super::work::Work;
use crate::time::{self, Moment};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// One observation: [`observations`] makes them from objects.
pub struct Observed<'a> {
    /// The id of the observed-data; or of the observable, if it is an observation by itself.
    pub id: &'a str,
    /// The observables that a path can begin at, each with its type.
    pub(super) roots: Vec<(&'a str, &'a Value)>,
    pub(super) scope: Scope<'a>,
    /// When it was first and last seen; unknown for an observable by itself.
    pub(super) seen: Option<(Moment, Moment)>,
    /// The number of times that it was seen. It counts as that many observations (§4.14).
    pub(super) times: u64,
}

/// The observables that references can lead to, by id or key.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    by_id: Arc<HashMap<&'a str, &'a Value>>,
}

/// The observations in a set of objects: each observed-data, with the observables that it refers to
/// or holds.
///
/// If there is no observed-data, each observable is an observation by itself, whose time is
/// unknown. Its references can lead to all others.
pub fn observations(objects: &[Value]) -> Vec<Observed<'_>> {
    let by_id: HashMap<&str, &Value> =
        objects.iter().filter_map(|o| Some((o.get("id")?.as_str()?, o))).collect();
    let data = objects.iter().filter(|object| type_of(object) == "observed-data");
    let observed: Vec<Observed<'_>> = data.filter_map(|data| observed(data, &by_id)).collect();
    if !observed.is_empty() {
        return observed;
    }
    let scope = Scope { by_id: Arc::new(by_id) };
    let alone = objects.iter().filter(|object| is_observable(object)).map(|object| Observed {
        id: object.get("id").and_then(Value::as_str).unwrap_or_default(),
        roots: vec![(type_of(object), object)],
        scope: scope.clone(),
        seen: None,
        times: 1,
    });
    alone.collect()
}

fn type_of(object: &Value) -> &str {
    object.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// Whether an object is an observable of the standard, or of a custom type without versions.
fn is_observable(object: &Value) -> bool {
    let name = type_of(object);
    match crate::types::find(name) {
        Some(known) => known.of.family == crate::types::Family::Observable,
        None => name != "bundle" && object.get("modified").is_none(),
    }
}

fn observed<'a>(data: &'a Value, by_id: &HashMap<&'a str, &'a Value>) -> Option<Observed<'a>> {
    let time = |name: &str| time::read_any(data.get(name)?.as_str()?).ok();
    let first = time("first_observed");
    let held = data.get("objects").and_then(Value::as_object).into_iter().flatten();
    let refs = data.get("object_refs").and_then(Value::as_array).into_iter().flatten();
    let referred = refs.filter_map(|id| by_id.get_key_value(id.as_str()?));
    let held = held.map(|(key, object)| (key.as_str(), object));
    let inner: HashMap<&str, &Value> = held.chain(referred.map(|(id, o)| (*id, *o))).collect();
    let mut roots: Vec<(&str, &Value)> = inner.iter().map(|(id, o)| (*id, *o)).collect();
    roots.sort_unstable_by_key(|(id, _)| *id);
    Some(Observed {
        id: data.get("id")?.as_str()?,
        roots: roots.into_iter().map(|(_, object)| (type_of(object), object)).collect(),
        scope: Scope { by_id: Arc::new(inner) },
        seen: first.map(|first| (first, time("last_observed").unwrap_or(first).max(first))),
        times: data.get("number_observed").and_then(Value::as_u64).unwrap_or(1).max(1),
    })
}

impl<'a> Scope<'a> {
    /// Whether `expected` accepts a value that the path leads to. A reference is followed when the
    /// path continues after it.
    pub(super) fn any(
        &self,
        root: &'a Value,
        steps: &[PathStep],
        work: &Work,
        expected: &mut dyn FnMut(&'a Value) -> bool,
    ) -> bool {
        // With at most one `[*]`, each value is reached in one way; with more, in many ways.
        let lists = steps.iter().filter(|step| **step == PathStep::Any).count();
        if lists <= 1 {
            self.walk(root, steps, 0, expected)
        } else {
            self.spread(root, steps, work, expected)
        }
    }

    fn walk(
        &self,
        at: &'a Value,
        steps: &[PathStep],
        done: usize,
        expected: &mut dyn FnMut(&'a Value) -> bool,
    ) -> bool {
        let Some(step) = steps.get(done) else { return expected(at) };
        let next = match step {
            PathStep::Key(key) => at.get(key),
            PathStep::Index(index) => {
                usize::try_from(*index).ok().and_then(|n| at.as_array()?.get(n))
            }
            PathStep::Any => {
                let list = at.as_array().into_iter().flatten();
                return list
                    .filter_map(|value| self.onward(value, steps, done))
                    .any(|value| self.walk(value, steps, done + 1, expected));
            }
        };
        next.and_then(|value| self.onward(value, steps, done))
            .is_some_and(|value| self.walk(value, steps, done + 1, expected))
    }

    /// Follows the path one step at a time with all values reached so far. Each place is kept once,
    /// where a walk would visit it many times.
    fn spread(
        &self,
        root: &'a Value,
        steps: &[PathStep],
        work: &Work,
        expected: &mut dyn FnMut(&'a Value) -> bool,
    ) -> bool {
        let mut at = vec![root];
        for done in 0..steps.len() {
            let mut next = Vec::new();
            let mut seen = HashSet::new();
            for value in at {
                let step = steps.get(done..=done).unwrap_or_default();
                self.walk(value, step, 0, &mut |reached| {
                    next.extend(self.onward(reached, steps, done));
                    !work.spend(1)
                });
            }
            next.retain(|value| seen.insert(std::ptr::from_ref::<Value>(value)));
            at = next;
        }
        at.into_iter().any(expected)
    }

    /// The value; or, if it is a reference and the path continues, the object that it refers to.
    fn onward(&self, value: &'a Value, steps: &[PathStep], done: usize) -> Option<&'a Value> {
        let goes_on = matches!(steps.get(done + 1), Some(PathStep::Key(_)));
        if goes_on && is_reference(steps.get(..=done).unwrap_or_default()) {
            return self.by_id.get(value.as_str()?).copied();
        }
        Some(value)
    }
}

/// Whether the last key of the steps is the name of a reference.
fn is_reference(steps: &[PathStep]) -> bool {
    let key = steps.iter().rev().find_map(|step| match step {
        PathStep::Key(key) => Some(key),
        _ => None,
    });
    key.is_some_and(|key| key.ends_with("_ref") || key.ends_with("_refs"))
}
