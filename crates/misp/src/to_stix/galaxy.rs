//! Clusters of galaxies: each becomes an object once, to which all that it stands with refer.

use super::domain;
use super::mark::Marks;
use crate::loss::Refused;
use crate::made::{self, Out, head, relationship};
use crate::record::{Record, is_empty, scalar};
use crate::tables::galaxy;
use crate::way::way;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What of a cluster belongs to its use, and not to itself.
const OF_USE: &[&str] =
    &["tag_id", "attribute_tag_id", "event_tag_id", "local", "relationship_type"];

/// The clusters that are out, with what each said.
#[derive(Debug, Default)]
pub(super) struct Galaxies {
    gone: BTreeMap<String, Value>,
}

impl Galaxies {
    /// The names of the tags that clusters stand for.
    pub(super) fn covered(galaxies: &[Record]) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for galaxy in galaxies {
            let kind = galaxy.text("type").unwrap_or_default();
            let clusters = galaxy.map.get("GalaxyCluster").and_then(Value::as_array);
            for cluster in clusters.into_iter().flatten() {
                if let Some(name) = cluster.get("tag_name").and_then(Value::as_str) {
                    names.insert(name.to_owned());
                } else if let Some(value) = cluster.get("value").and_then(Value::as_str) {
                    names.insert(format!("misp-galaxy:{kind}=\"{value}\""));
                }
            }
        }
        names
    }

    /// Lets the clusters of a record go. Returns for each the id of its object, and what belongs to
    /// its use.
    pub(super) fn take(
        &mut self,
        galaxies: Vec<Record>,
        created: &str,
        marks: &Marks,
        out: &mut Out<'_>,
    ) -> Result<Vec<Value>, Refused> {
        let mut used = Vec::new();
        for mut galaxy in galaxies {
            let clusters = galaxy.take_list("GalaxyCluster")?;
            let galaxy = galaxy.rest();
            for mut cluster in clusters {
                let mut of_use = Map::new();
                for key in OF_USE {
                    if let Some(value) = cluster.map.remove(*key).filter(|value| !is_empty(value)) {
                        of_use.insert((*key).to_owned(), value);
                    }
                }
                let said = json!({ "cluster": cluster.map, "galaxy": galaxy });
                let id = id_of(&cluster, &galaxy);
                match self.gone.get(&id) {
                    Some(before) if *before == said => {}
                    // It is told otherwise than before: both are kept.
                    Some(_) => {
                        of_use.insert("cluster".to_owned(), Value::Object(cluster.rest()));
                        of_use.insert("galaxy".to_owned(), Value::Object(galaxy.clone()));
                    }
                    None => {
                        out.alone(object(&id, cluster, galaxy.clone(), created, marks));
                        self.gone.insert(id.clone(), said);
                    }
                }
                of_use.insert("object".to_owned(), Value::String(id));
                used.push(Value::Object(of_use));
            }
        }
        Ok(used)
    }
}

fn text<'a>(map: &'a Map<String, Value>, key: &str) -> &'a str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn id_of(cluster: &Record, galaxy: &Map<String, Value>) -> String {
    let of =
        if galaxy.contains_key("type") { text(galaxy, "type") } else { text(&cluster.map, "type") };
    let kind = galaxy::find(of).unwrap_or("x-misp-galaxy-cluster");
    let name = format!("cluster {of} {}", text(&cluster.map, "value"));
    let uuid = cluster.text("uuid");
    format!("{kind}--{}", made::uuid_of(uuid.as_deref(), name.as_bytes()))
}

/// The object of a cluster.
fn object(
    id: &str,
    mut cluster: Record,
    mut galaxy: Map<String, Value>,
    created: &str,
    marks: &Marks,
) -> Map<String, Value> {
    let mut object = head(id, created, None);
    let kind = id.split_once("--").map_or("", |(kind, _)| kind).to_owned();
    let is_ours = kind.starts_with("x-misp-");
    let mut labels = Vec::new();
    for (map, key, label) in
        [(&mut galaxy, "name", "galaxy-name"), (&mut cluster.map, "type", "galaxy-type")]
    {
        if let Some(Value::String(name)) = map.get(key).cloned() {
            labels.push(format!("misp:{label}=\"{name}\""));
            map.remove(key);
            if is_ours {
                let own = if key == "name" { "x_misp_name" } else { "x_misp_type" };
                object.insert(own.to_owned(), Value::String(name));
            }
        }
    }
    object.insert("labels".to_owned(), json!(labels));
    if cluster.text("uuid").is_some_and(|uuid| id.ends_with(&*uuid)) {
        cluster.map.remove("uuid");
    }
    let value = cluster.text("value").unwrap_or_default().into_owned();
    let name = name(&value, &galaxy, &labels);
    if name == value {
        cluster.map.remove("value");
    }
    let (name_key, words_key) = keys(&kind);
    object.insert(name_key.to_owned(), Value::String(name.to_owned()));
    let description = cluster.take("description");
    object.extend(description.map(|text| (words_key.to_owned(), Value::String(text))));
    if let Some(Value::Object(meta)) = cluster.map.remove("meta") {
        let meta = take_meta(meta, &mut object, &kind);
        cluster.map.insert("meta".to_owned(), Value::Object(meta));
    }
    let country = country(&cluster);
    match kind.as_str() {
        "identity" => {
            object.insert("identity_class".to_owned(), "class".into());
        }
        "location" => {
            domain::place(&mut object, country.as_deref().unwrap_or(name));
        }
        "malware" => {
            object.insert("is_family".to_owned(), Value::Bool(true));
        }
        _ => {}
    }
    marks.put(&mut object);
    made::extend(&mut object, "cluster", cluster.rest());
    let galaxy = Record { map: galaxy, at: String::new() }.rest();
    made::extend(&mut object, "galaxy", galaxy);
    object
}

/// The properties of a cluster's name and description; those of a type of our own are called as
/// misp-stix calls them.
pub(crate) fn keys(kind: &str) -> (&'static str, &'static str) {
    if kind.starts_with("x-misp-") {
        ("x_misp_value", "x_misp_description")
    } else {
        ("name", "description")
    }
}

/// ATT&CK's clusters have their number behind the name.
fn name<'a>(value: &'a str, galaxy: &Map<String, Value>, labels: &[String]) -> &'a str {
    let is_mitre = text(galaxy, "type").starts_with("mitre-")
        || labels.iter().any(|label| label.starts_with("misp:galaxy-type=\"mitre-"));
    match value.split_once(" - ") {
        Some((name, _)) if is_mitre => name.trim(),
        _ => value,
    }
}

/// Makes properties of what a cluster says of itself. Returns the rest.
fn take_meta(
    meta: Map<String, Value>,
    object: &mut Map<String, Value>,
    kind: &str,
) -> Map<String, Value> {
    let mut rest = Map::new();
    phases(&meta, object, kind);
    for (key, value) in meta {
        let Some(path) = galaxy::meta(kind, &key) else {
            rest.insert(key, value);
            continue;
        };
        let texts: Option<Vec<String>> = match &value {
            Value::Array(list) => list.iter().map(|one| scalar(one).map(Cow::into_owned)).collect(),
            value => scalar(value).map(|text| vec![text.into_owned()]),
        };
        let way = way(path);
        let all = texts.is_some_and(|texts| {
            let fits = |text: &String| !text.is_empty() && (path != "@url" || !text.contains(' '));
            !object.contains_key(way.last())
                && !texts.is_empty()
                && texts.iter().all(fits)
                && texts.iter().all(|text| domain::plant(object, &way, text))
        });
        // A single text becomes a list of one, so that it stays as well.
        if !all || !value.is_array() {
            rest.insert(key, value);
        }
    }
    rest
}

/// The phases that a cluster is of: the first and the last word of each. What stands between them, such
/// as a platform, stays with the cluster, and so do they.
fn phases(meta: &Map<String, Value>, object: &mut Map<String, Value>, kind: &str) {
    let Some(Value::Array(list)) = meta.get("kill_chain") else { return };
    let phase = |one: &Value| {
        let (chain, rest) = one.as_str()?.split_once(':')?;
        let phase = rest.rsplit(':').next()?;
        Some(json!({ "kill_chain_name": chain, "phase_name": phase }))
    };
    let phases: Vec<Value> = list.iter().filter_map(phase).collect();
    if !phases.is_empty() && matches!(kind, "attack-pattern" | "malware" | "tool") {
        object.insert("kill_chain_phases".to_owned(), Value::Array(phases));
    }
}

/// The code of the country that a cluster is of.
fn country(cluster: &Record) -> Option<String> {
    let meta = cluster.map.get("meta")?;
    let codes = ["ISO", "iso-code", "country"];
    let found = codes.iter().find_map(|key| match meta.get(key)? {
        Value::Array(list) => list.first().and_then(Value::as_str),
        value => value.as_str(),
    })?;
    (found.len() == 2 && found.bytes().all(|b| b.is_ascii_alphabetic()))
        .then(|| found.to_ascii_uppercase())
}

impl super::event::Conversion {
    /// Relates an object to a cluster.
    pub(super) fn relate(
        &mut self,
        source: &str,
        target: &str,
        created: &str,
        marks: &Marks,
        out: &mut Out<'_>,
    ) {
        let kind = |id: &str| id.split_once("--").map_or("", |(kind, _)| kind).to_owned();
        let relation = galaxy::relation(&kind(source), &kind(target));
        let mut object = relationship(source, relation, target, (created, self.by.as_deref()));
        marks.put(&mut object);
        let said = Map::from_iter([("of".to_owned(), Value::String("galaxy".to_owned()))]);
        made::extend(&mut object, "relation", said);
        out.object(object);
    }
}
