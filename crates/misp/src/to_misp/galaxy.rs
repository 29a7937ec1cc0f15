//! Clusters of galaxies, back into the records that they stood with.

use super::own::{kept, put};
use super::{Bundle, text, texts, uuid};
use crate::record::is_empty;
use crate::tables::galaxy;
use crate::to_stix::{keys, pluck_domain};
use crate::way::way;
use serde_json::{Map, Value};

/// Puts the galaxies of a record back, of which our extension has the ids.
pub(super) fn put_back(bundle: &Bundle<'_>, record: &mut Map<String, Value>) {
    let Some(Value::Array(used)) = record.get("Galaxy") else { return };
    if !used.iter().all(|one| one.get("object").is_some()) {
        return;
    }
    let mut galaxies: Vec<Map<String, Value>> = Vec::new();
    for one in used.clone() {
        let Value::Object(mut of_use) = one else { continue };
        let id = of_use.remove("object");
        let id = id.as_ref().and_then(Value::as_str).unwrap_or_default();
        let Some(object) = bundle.get(id) else { continue };
        bundle.take(id);
        let own = |map: &mut Map<String, Value>, key: &str| match map.remove(key) {
            Some(Value::Object(map)) => Some(map),
            _ => None,
        };
        let mut cluster = own(&mut of_use, "cluster").unwrap_or_else(|| cluster(object));
        let galaxy = own(&mut of_use, "galaxy").unwrap_or_else(|| galaxy_of(object));
        cluster.extend(of_use);
        let same = galaxies.last_mut().filter(|last| {
            last.iter().filter(|(key, _)| *key != "GalaxyCluster").eq(galaxy.iter())
        });
        if let Some(Value::Array(list)) = same.and_then(|last| last.get_mut("GalaxyCluster")) {
            list.push(Value::Object(cluster));
        } else {
            let mut galaxy = galaxy;
            put(&mut galaxy, "GalaxyCluster", Value::Array(vec![Value::Object(cluster)]));
            galaxies.push(galaxy);
        }
    }
    let galaxies = galaxies.into_iter().map(Value::Object).collect();
    put(record, "Galaxy", Value::Array(galaxies));
}

fn label(object: &Map<String, Value>, name: &str) -> Option<Value> {
    texts(object, "labels").find_map(|label| {
        let value = label.strip_prefix("misp:")?.strip_prefix(name)?.strip_prefix("=\"")?;
        Some(Value::String(value.strip_suffix('"')?.to_owned()))
    })
}

fn galaxy_of(object: &Map<String, Value>) -> Map<String, Value> {
    let mut galaxy = kept(object, "galaxy");
    galaxy.extend(label(object, "galaxy-name").map(|name| ("name".to_owned(), name)));
    galaxy
}

fn cluster(object: &Map<String, Value>) -> Map<String, Value> {
    let mut cluster = kept(object, "cluster");
    let (name_key, words_key) = keys(text(object, "type"));
    if !cluster.contains_key("uuid") {
        put(&mut cluster, "uuid", uuid(text(object, "id")));
    }
    if !cluster.contains_key("value") {
        put(&mut cluster, "value", text(object, name_key));
    }
    cluster.extend(label(object, "galaxy-type").map(|name| ("type".to_owned(), name)));
    if object.contains_key(words_key) {
        put(&mut cluster, "description", text(object, words_key));
    }
    let mut meta = match cluster.remove("meta") {
        Some(Value::Object(meta)) => meta,
        _ => Map::new(),
    };
    for field in galaxy::META {
        if let Some(values) = meta_of(object, field)
            && !meta.contains_key(*field)
        {
            put(&mut meta, field, values);
        }
    }
    if !meta.values().all(is_empty) {
        put(&mut cluster, "meta", Value::Object(meta));
    }
    cluster
}

/// A field of a cluster's `meta`, of the property that says it.
pub(super) fn meta_of(object: &Map<String, Value>, field: &str) -> Option<Value> {
    let way = way(galaxy::meta(text(object, "type"), field)?);
    let values: Vec<Value> =
        (0..).map_while(|n| pluck_domain(object, &way, n)).map(Value::String).collect();
    (!values.is_empty()).then_some(Value::Array(values))
}
