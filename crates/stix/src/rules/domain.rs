//! Rules of domain and relationship objects (STIX 2.1 §4, §5).

use super::{Properties, add, text};
use crate::at::At;
use crate::check::is_property_name;
use crate::findings::Findings;
use crate::hashes;
use crate::id::{StixId, is_type_name};
use crate::pattern::{self, Literal, Operation, Path, PathStep, Test};
use crate::text::shortened;
use crate::types::{self, Family};
use crate::{relationship, rule};
use serde_json::Value;

/// §4.7: a STIX pattern must be valid, and should be one that an object can meet.
pub(super) fn check_indicator(map: &Properties, found: &mut Findings<'_>) {
    for name in ["name", "description"] {
        if !map.contains_key(name) {
            let message =
                format!("an indicator should have a `{name}`, so that people understand it");
            add(found, &rule::INDICATOR_TEXT, name, message);
        }
    }
    let (Some("stix"), Some(text)) = (text(map, "pattern_type"), text(map, "pattern")) else {
        return;
    };
    match pattern::parse(text) {
        Err(e) => add(found, &rule::PATTERN, "pattern", format!("is not a STIX pattern: {e}")),
        Ok(observation) => {
            observation.tests(&mut |test| {
                check_path(&test.path, found);
                check_hashes(test, found);
            });
            if let Some(comparison) = observation.unsatisfiable() {
                let message =
                    format!("no object can meet [{comparison}]: it would be of several types");
                add(found, &rule::UNSATISFIABLE, "pattern", message);
            }
        }
    }
}

/// Checks the hashes that a pattern compares with.
fn check_hashes(test: &Test, found: &mut Findings<'_>) {
    let Some(PathStep::Key(algorithm)) = test.path.steps.last() else { return };
    let of_hashes = test.path.steps.iter().any(|step| *step == PathStep::Key("hashes".to_owned()));
    let literals = match &test.operation {
        Operation::Equal(literal) | Operation::NotEqual(literal) => std::slice::from_ref(literal),
        Operation::In(literals) => literals,
        _ => return,
    };
    for literal in literals {
        if let Literal::Text(text) = literal
            && of_hashes
            && !hashes::is_hash(algorithm, text)
        {
            let message =
                format!("`{}` in the pattern is not a valid {algorithm} hash", shortened(text));
            add(found, &rule::PATTERN_HASH, "pattern", message);
        }
    }
}

fn check_path(path: &Path, found: &mut Findings<'_>) {
    if !is_type_name(&path.object) {
        let message = format!("`{}` in the pattern is not a type's name", path.object);
        add(found, &rule::PATTERN_NAME, "pattern", message);
    }
    if let Some(PathStep::Key(name)) = path.steps.first()
        && name != "id"
        && !is_property_name(name)
    {
        let message = format!("`{name}` in the pattern is not a property's name");
        add(found, &rule::PATTERN_NAME, "pattern", message);
    }
}

/// §4.10: a location has a region, a country, or both coordinates.
pub(super) fn check_location(map: &Properties, found: &mut Findings<'_>) {
    let has = |name: &str| map.contains_key(name);
    let lacks = if has("latitude") { "longitude" } else { "latitude" };
    if has("latitude") != has("longitude") {
        let message = "`latitude` and `longitude` must be given together";
        add(found, &rule::COORDINATES, lacks, message);
    } else if has("precision") && !has("latitude") {
        add(found, &rule::COORDINATES, "precision", "`precision` needs both coordinates");
    }
    if !(has("region") || has("country") || has("latitude") || has("longitude")) {
        let message = "a location needs a `region`, a `country`, or `latitude` and `longitude`";
        found.add(&rule::PLACE, &At::ROOT, message);
    }
}

/// §4.11: a malware family has a name.
pub(super) fn check_malware(map: &Properties, found: &mut Findings<'_>) {
    if map.get("is_family") == Some(&Value::Bool(true)) && !map.contains_key("name") {
        add(found, &rule::REQUIRED, "name", "a malware family must have a `name`");
    }
}

/// §4.14: an observed-data has either `object_refs` or the deprecated `objects`.
pub(super) fn check_observed_data(map: &Properties, found: &mut Findings<'_>) {
    if map.contains_key("objects") == map.contains_key("object_refs") {
        let message = "needs either `object_refs` or the deprecated `objects`, not both";
        add(found, &rule::EITHER_OR, "object_refs", message);
    }
    if map.contains_key("objects") {
        let message = "`objects` is deprecated; refer to separate observables by `object_refs`";
        add(found, &rule::DEPRECATED, "objects", message);
    }
    let Some(Value::Array(refs)) = map.get("object_refs") else { return };
    let mut any = false;
    for (n, name) in refs.iter().enumerate() {
        let Some(name) = name.as_str().and_then(|id| StixId::type_of(id).ok()) else {
            any = true; // malformed, which is reported already
            continue;
        };
        let known = types::find(name).map(|known| known.of.family);
        any |= known.is_none_or(|family| family == Family::Observable);
        let relation = matches!(name, "relationship" | "sighting");
        if known.is_some_and(|family| family != Family::Observable) && !relation {
            let message = format!("refers to `{name}`; expected an observable or a relationship");
            found.add(&rule::REFERENCE_TYPE, &At::ROOT.name("object_refs").index(n), message);
        }
    }
    if !any && !refs.is_empty() {
        let message = "must refer to at least one observable";
        add(found, &rule::NO_OBSERVABLE, "object_refs", message);
    }
}

/// §5.1: relationships should be those that the standard defines.
pub(super) fn check_relationship(map: &Properties, found: &mut Findings<'_>) {
    let of = |name: &str| text(map, name).and_then(|id| StixId::type_of(id).ok());
    let (Some(kind), Some(source), Some(target)) =
        (text(map, "relationship_type"), of("source_ref"), of("target_ref"))
    else {
        return;
    };
    if !relationship::is_defined(kind, source, target) {
        let message =
            format!("`{source} {kind} {target}` is not among the relationships of STIX 2.1");
        add(found, &rule::RELATIONSHIP, "relationship_type", message);
    }
}
