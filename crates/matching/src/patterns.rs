//! STIX patterns of interests, held against the observables of the items that may meet them.

use crate::hit::{Hit, Seen};
use crate::terms::{Leads, Standing, Term, Terms};
use crate::window::{Format, Item, Read, Window};
use forewarn_stix::pattern::{self, Observation, PathStep};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};

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
        let seen = |read: &Read<'_>| observables(read.terms.as_deref(), &read.kind, &read.item);
        let mut objects = seen(read);
        objects.extend(with.iter().filter_map(|at| window.read.get(*at)).flat_map(seen));
        let observed = pattern::observations(&objects);
        let met = atoms.into_iter().filter(|atom| {
            // A search that is given up is not a match: the pattern is bounded, so the item is
            // hostile.
            let found = index.pattern(*atom).map(|pattern| pattern.find(&observed));
            matches!(found, Some(Ok(Some(_))))
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

/// The observables of an item; of an indicator, one for each value that it asks for.
pub(crate) fn observables(terms: Option<&Terms<'_>>, kind: &str, item: &Item<'_>) -> Vec<Value> {
    if kind == "indicator" {
        let found = terms.into_iter().flat_map(|terms| &terms.found);
        let values = found.filter_map(|found| match &found.term {
            Term::Value(path, text) => made(path, text),
            _ => None,
        });
        return values.collect();
    }
    if item.format != Format::Stix {
        return Vec::new();
    }
    serde_json::from_slice(item.bytes).into_iter().collect()
}

/// An observable that has this text at this path.
fn made(path: &str, text: &str) -> Option<Value> {
    let parsed = pattern::parse(&format!("[EXISTS {path}]")).ok()?;
    let mut found = None;
    let Observation::Match(_) = &parsed else { return None };
    parsed.tests(&mut |test| found = Some(test.path.clone()));
    let path = found?;
    let mut value = Value::String(text.to_owned());
    for step in path.steps.iter().rev() {
        value = match step {
            PathStep::Key(key) => Value::Object(Map::from_iter([(key.clone(), value)])),
            PathStep::Index(_) | PathStep::Any => Value::Array(vec![value]),
        };
    }
    value.as_object_mut()?.insert("type".to_owned(), path.object.into());
    Some(value)
}
