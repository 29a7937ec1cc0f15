//! STIX patterns of interests, held against the observables of the items that may meet them.

use crate::asking::Observables;
use crate::constants;
use crate::hit::{Hit, Seen};
use crate::terms::{Leads, Standing, Terms};
use crate::window::{Format, Item, Read, Window};
use forewarn_stix::pattern::{Comparison, Literal, Observation, Operation, Path, PathStep, Test};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Most observables that are made of one indicator's pattern: one each of the longest lists.
const MAX_MADE: usize = 10_000;
/// Most ways in which the tests of one AND are joined; with more, each stands by itself.
const MAX_WAYS: usize = 64;
/// Most objects that the references of an observable lead to.
const MAX_REFERRED: usize = 200;

/// Decides every pattern that was possible.
pub(crate) fn decide(window: &mut Window<'_, '_>) {
    let possible: Vec<BTreeSet<u32>> = window.read.iter().map(possible).collect();
    if possible.iter().all(BTreeSet::is_empty) {
        return;
    }
    let by_id: HashMap<String, usize> =
        window.read.iter().enumerate().map(|(at, r)| (r.id.to_string(), at)).collect();
    let index = window.index();
    for at in 0..window.read.len() {
        let Some(read) = window.read.get(at) else { continue };
        // What an observed-data refers to is seen together.
        let with: Vec<usize> = match read.leads.as_deref() {
            Some(Leads::About(of)) if read.kind == "observed-data" => {
                of.iter().filter_map(|id| by_id.get(&**id).copied()).collect()
            }
            _ => Vec::new(),
        };
        let atoms: BTreeSet<u32> = with
            .iter()
            .chain([&at])
            .filter_map(|at| possible.get(*at))
            .flatten()
            .copied()
            .collect();
        if atoms.is_empty() {
            continue;
        }
        let mut objects = objects(read.terms.as_deref(), &read.kind, &read.item);
        let together = with.iter().filter_map(|at| window.read.get(*at));
        let together = together.flat_map(|read| objects_of(read));
        objects.extend(together);
        // The references of an observable by itself lead to others, which are not seen with it.
        let own = if with.is_empty() { referred(window, &by_id, at, &mut objects) } else { None };
        let observables = Observables::of(objects);
        let met = atoms.into_iter().filter(|atom| {
            index.pattern(*atom).is_some_and(|asking| asking.is_met(&observables, own.as_deref()))
        });
        let item = u32::try_from(at).unwrap_or(u32::MAX);
        let met: Vec<Hit> = met
            .map(|atom| Hit { item, ..Hit::new(atom, Standing::Stated, Seen::Pattern) })
            .collect();
        if let Some(read) = window.read.get_mut(at) {
            read.hits.extend(met);
        }
    }
    for read in &mut window.read {
        read.hits.retain(|hit| hit.seen != Seen::Possible);
    }
}

fn possible(read: &Read<'_>) -> BTreeSet<u32> {
    let possible = read.hits.iter().filter(|hit| hit.seen == Seen::Possible);
    possible.map(|hit| hit.atom).collect()
}

fn objects_of(read: &Read<'_>) -> Vec<Value> {
    objects(read.terms.as_deref(), &read.kind, &read.item)
}

/// Adds what the references of an observable lead to; its id, where there is any.
fn referred(
    window: &Window<'_, '_>,
    by_id: &HashMap<String, usize>,
    at: usize,
    objects: &mut Vec<Value>,
) -> Option<String> {
    let own = window.read.get(at).filter(|read| read.kind != "indicator" && !read.id.is_empty())?;
    let mut known = HashSet::from([at]);
    let mut next = 0;
    while let Some(object) = objects.get(next) {
        next += 1;
        let mut ids = Vec::new();
        references(object, &mut ids);
        let places: Vec<usize> = ids.iter().filter_map(|id| by_id.get(id).copied()).collect();
        for place in places {
            if objects.len() <= MAX_REFERRED && known.insert(place) {
                let read = window.read.get(place);
                let is_object = |read: &&Read<'_>| read.item.format == Format::Stix;
                objects.extend(read.filter(is_object).and_then(|read| parsed(&read.item)));
            }
        }
    }
    (objects.len() > 1).then(|| own.id.to_string())
}

/// The references of an observable, in its lists and extensions too.
fn references(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                match inner {
                    Value::String(id) if key.ends_with("_ref") => out.push(id.clone()),
                    Value::Array(list) if key.ends_with("_refs") => {
                        out.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    inner => references(inner, out),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| references(inner, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The observables of an item by itself.
pub(crate) fn observables(terms: Option<&Terms<'_>>, kind: &str, item: &Item<'_>) -> Observables {
    Observables::of(objects(terms, kind, item))
}

/// An item's object; of an indicator, observables that have what it asks for.
fn objects(terms: Option<&Terms<'_>>, kind: &str, item: &Item<'_>) -> Vec<Value> {
    if kind == "indicator" {
        let pattern = terms.and_then(Terms::stix_pattern).map(constants::read);
        return pattern.and_then(Result::ok).map(|parsed| made(&parsed)).unwrap_or_default();
    }
    if item.format != Format::Stix {
        return Vec::new();
    }
    parsed(item).into_iter().collect()
}

fn parsed(item: &Item<'_>) -> Option<Value> {
    serde_json::from_slice(item.bytes).ok()
}

/// What one test asks to be there.
type Wanted<'p> = (&'p Path, Value);

/// Observables that have what a pattern asks for: of tests that are joined by AND one that has all,
/// of others one each.
fn made(pattern: &Observation) -> Vec<Value> {
    let mut out = Vec::new();
    make(pattern, &mut out);
    out
}

fn make(observation: &Observation, out: &mut Vec<Value>) {
    match observation {
        Observation::Match(comparison) => {
            for way in ways(comparison) {
                if out.len() < MAX_MADE {
                    built(&way, out);
                }
            }
        }
        Observation::Qualified(inner, _) => make(inner, out),
        Observation::And(list) | Observation::Or(list) | Observation::FollowedBy(list) => {
            for inner in list {
                make(inner, out);
            }
        }
    }
}

/// The ways in which a comparison can be met, each by all that it asks for.
fn ways(comparison: &Comparison) -> Vec<Vec<Wanted<'_>>> {
    match comparison {
        Comparison::Test(test) => asked(test).into_iter().map(|one| vec![one]).collect(),
        Comparison::Or(list) => list.iter().flat_map(ways).collect(),
        Comparison::And(list) => {
            // What asks for nothing leaves the others as they are.
            let parts: Vec<Vec<Vec<Wanted<'_>>>> =
                list.iter().map(ways).filter(|ways| !ways.is_empty()).collect();
            let count = parts.iter().try_fold(1usize, |all, part| all.checked_mul(part.len()));
            if count.is_none_or(|count| count > MAX_WAYS) {
                return parts.into_iter().flatten().collect();
            }
            let all = parts.into_iter().reduce(|all, part| {
                let joined = all.iter().flat_map(|way| {
                    part.iter().map(|more| [way.as_slice(), more.as_slice()].concat())
                });
                joined.collect()
            });
            all.unwrap_or_default()
        }
    }
}

fn asked(test: &Test) -> Vec<Wanted<'_>> {
    if test.negated {
        return Vec::new();
    }
    let literals = match &test.operation {
        Operation::Equal(literal) => std::slice::from_ref(literal),
        Operation::In(literals) => literals.as_slice(),
        // One address of the block, which is the block where it is asked for as such.
        Operation::IsSubset(block) => return vec![(&test.path, Value::from(block.as_str()))],
        Operation::NotEqual(_)
        | Operation::Less(_)
        | Operation::LessOrEqual(_)
        | Operation::Greater(_)
        | Operation::GreaterOrEqual(_)
        | Operation::Like(_)
        | Operation::Matches(_)
        | Operation::IsSuperset(_)
        | Operation::Exists => &[],
    };
    let value = |literal: &Literal| match literal {
        Literal::Text(text) => Some(Value::from(text.as_str())),
        Literal::Integer(number) => Some(Value::from(*number)),
        Literal::Float(number) => Some(Value::from(*number)),
        Literal::Bool(value) => Some(Value::from(*value)),
        // In whichever form the property holds it.
        Literal::Hex(digits) if test.path.to_string().ends_with("_hex") => {
            Some(Value::from(digits.as_str()))
        }
        Literal::Binary(text) if test.path.to_string().ends_with("_bin") => {
            Some(Value::from(text.as_str()))
        }
        Literal::Hex(_) | Literal::Binary(_) => {
            Some(Value::from(literal.bytes()?.into_iter().map(char::from).collect::<String>()))
        }
        Literal::Time(time) => Some(Value::from(time.to_string())),
    };
    literals.iter().filter_map(value).map(|value| (&test.path, value)).collect()
}

/// One observable of each type that has these, and what its references lead to.
fn built(way: &[Wanted<'_>], out: &mut Vec<Value>) {
    let mut by_type: Vec<(&str, usize)> = Vec::new();
    for (path, value) in way {
        let known = by_type.iter().find(|(name, _)| *name == path.object).map(|(_, at)| *at);
        let at = known.unwrap_or_else(|| {
            by_type.push((&path.object, out.len()));
            out.push(Value::Object(Map::from_iter([(
                "type".to_owned(),
                Value::from(&*path.object),
            )])));
            out.len() - 1
        });
        put(at, &path.steps, value, out);
    }
}

/// Puts a value at the end of a path that begins at one of the objects.
fn put(at: usize, steps: &[PathStep], value: &Value, out: &mut Vec<Value>) {
    let follows = steps.iter().enumerate().find_map(|(n, step)| {
        let PathStep::Key(key) = step else { return None };
        let end = match steps.get(n + 1) {
            Some(PathStep::Index(_) | PathStep::Any) if key.ends_with("_refs") => n + 2,
            _ if key.ends_with("_ref") => n + 1,
            _ => return None,
        };
        matches!(steps.get(end), Some(PathStep::Key(_))).then_some(end)
    });
    let Some(end) = follows else {
        if let Some(place) = out.get_mut(at) {
            join(place, &nested(steps, value.clone()));
        }
        return;
    };
    let (before, after) = steps.split_at_checked(end).unwrap_or_default();
    // What the same reference leads to is one object.
    let known = out.get(at).and_then(|object| reached(object, before)).and_then(Value::as_str);
    let number = known.and_then(|id| id.strip_prefix(MADE)?.parse().ok());
    let next = number.unwrap_or_else(|| {
        let id = Value::from(format!("{MADE}{}", out.len()));
        if let Some(place) = out.get_mut(at) {
            join(place, &nested(before, id.clone()));
        }
        out.push(Value::Object(Map::from_iter([("id".to_owned(), id)])));
        out.len() - 1
    });
    put(next, after, value, out);
}

/// How the ids of made objects begin; the place in the list follows.
const MADE: &str = "made--";

fn reached<'v>(object: &'v Value, steps: &[PathStep]) -> Option<&'v Value> {
    steps.iter().try_fold(object, |value, step| match step {
        PathStep::Key(key) => value.get(key),
        PathStep::Index(index) => value.get(usize::try_from(*index).ok()?),
        PathStep::Any => value.get(0),
    })
}

fn nested(steps: &[PathStep], value: Value) -> Value {
    steps.iter().rev().fold(value, |value, step| match step {
        PathStep::Key(key) => Value::Object(Map::from_iter([(key.clone(), value)])),
        PathStep::Index(index) => {
            // As many as a list may have; one that is looked for further on is not met.
            let before = usize::try_from(*index).unwrap_or(0).min(MAX_INDEX);
            let mut list = vec![Value::Null; before];
            list.push(value);
            Value::Array(list)
        }
        PathStep::Any => Value::Array(vec![value]),
    })
}

/// Farthest place of a list at which something is put.
const MAX_INDEX: usize = 100;

/// Adds what one value has to another; what both have stays as it was first.
fn join(into: &mut Value, more: &Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                match into.get_mut(key) {
                    Some(known) => join(known, value),
                    None => drop(into.insert(key.clone(), value.clone())),
                }
            }
        }
        (Value::Array(into), Value::Array(more)) => {
            for (at, value) in more.iter().enumerate() {
                match into.get_mut(at) {
                    // Any element will do: another is added where this one is taken.
                    Some(known) if known.is_null() || known.is_object() && value.is_object() => {
                        join(known, value);
                    }
                    Some(known) if known == value || value.is_null() => {}
                    Some(_) | None => into.push(value.clone()),
                }
            }
        }
        (into, more) if into.is_null() => *into = more.clone(),
        _ => {}
    }
}
