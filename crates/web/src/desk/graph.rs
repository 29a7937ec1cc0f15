//! What an item leads to, and what of its bundle leads to it: as a picture, and as a table that says
//! the same. References are followed one step, and shown only where their end may be seen.

use super::plain::{Row, Table};
use super::show::{cut, line};
use super::texts::Words;
use askama::Template;
use askama::filters::HtmlSafe;
use forewarn_store::sight::Sight;
use forewarn_store::{Db, StoreError};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Items of the same bundle, before and after it, that are looked at.
const NEAR: i64 = 200;
/// Most neighbours that are told, and that are drawn.
const MOST: usize = 60;
const DRAWN: usize = 14;
/// Height of a line of the picture, and bytes of a name there.
const LINE: usize = 26;
const NAME: usize = 60;

/// One step from an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Neighbour {
    /// Whether the item leads there; else it is led to.
    outwards: bool,
    /// By which member, or which kind of relationship.
    by: String,
    id: String,
    /// What it is called, where it is here.
    name: Option<String>,
}

/// The picture.
#[derive(Template)]
#[template(path = "desk/graph.html")]
pub(crate) struct Graph {
    label: String,
    height: usize,
    middle: usize,
    own: String,
    lines: Vec<Line>,
}

struct Line {
    y: usize,
    text_y: usize,
    class: &'static str,
    by: String,
    name: String,
}

impl HtmlSafe for Graph {}

/// What an item is next to, as far as the reader may see it.
pub(crate) fn neighbours(
    db: &Db<'_>,
    (seq, id, bytes): (i64, &str, &str),
    sight: &Sight,
) -> Result<Vec<Neighbour>, StoreError> {
    let Some(own) = object(bytes.as_bytes()) else { return Ok(Vec::new()) };
    let beside = db.came_with(seq, NEAR, sight)?;
    let beside: BTreeMap<String, Map<String, Value>> =
        beside.into_iter().filter_map(|(id, bytes)| Some((id, object(&bytes)?))).collect();
    let mut all = Vec::new();
    for (by, to) in references(&own) {
        all.push((true, by, to));
    }
    for (other, object) in beside.iter().filter(|(other, _)| *other != id) {
        let is = |name: &str| text(object, name) == id;
        let kind = text(object, "relationship_type");
        match (is("source_ref"), is("target_ref")) {
            (true, _) => all.push((true, kind.to_owned(), text(object, "target_ref").to_owned())),
            (false, true) => {
                all.push((false, kind.to_owned(), text(object, "source_ref").to_owned()));
            }
            (false, false) => {
                let leads = references(object).into_iter().filter(|(_, to)| to == id);
                all.extend(leads.map(|(by, _)| (false, by, other.clone())));
            }
        }
    }
    all.truncate(MOST);
    let mut out = Vec::new();
    for (outwards, by, id) in all {
        let name = match beside.get(&id) {
            Some(object) => name(object),
            None => db.item_seen(&id, sight)?.and_then(|item| name(&object(&item.bytes)?)),
        };
        // An end that is hidden is one that is not here.
        out.push(Neighbour { outwards, by, id, name });
    }
    Ok(out)
}

fn object(bytes: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(bytes).ok()? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

fn text<'o>(object: &'o Map<String, Value>, name: &str) -> &'o str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn name(object: &Map<String, Value>) -> Option<String> {
    let names = ["name", "value", "path", "pattern", "relationship_type", "type"];
    let found = names.iter().map(|name| text(object, name)).find(|text| !text.is_empty());
    found.map(str::to_owned)
}

/// Members that lead to objects: the member, without its ending, and the id.
fn references(object: &Map<String, Value>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (member, value) in object {
        let by = member.strip_suffix("_ref").or_else(|| member.strip_suffix("_refs"));
        // A marking is told as such.
        let Some(by) = by.filter(|by| *by != "object_marking") else { continue };
        let ids = match value {
            Value::String(id) => vec![id.clone()],
            Value::Array(ids) => {
                ids.iter().filter_map(|id| Some(id.as_str()?.to_owned())).collect()
            }
            _ => Vec::new(),
        };
        all.extend(ids.into_iter().map(|id| (by.replace('_', " "), id)));
    }
    all
}

impl Graph {
    /// The picture of an item and its neighbours; `None` where it has none.
    pub(crate) fn of(w: &Words, id: &str, all: &[Neighbour]) -> Option<Graph> {
        if all.is_empty() {
            return None;
        }
        let lines: Vec<Line> = (0..)
            .zip(all.iter().take(DRAWN))
            .map(|(n, one)| Line {
                y: n * LINE + LINE / 2,
                text_y: n * LINE + LINE / 2 + 4,
                class: if one.outwards { "out" } else { "in" },
                by: cut(&line(&one.by), NAME / 2),
                name: cut(&line(one.name.as_deref().unwrap_or(&one.id)), NAME),
            })
            .collect();
        let height = lines.len() * LINE;
        let own = id.split("--").next().unwrap_or_default();
        let label = w.know.graph_picture.to_owned();
        Some(Graph { label, height, middle: height / 2, own: cut(&line(own), NAME / 2), lines })
    }
}

/// The table that says the same, of all of them.
pub(crate) fn table(w: &'static Words, all: &[Neighbour]) -> Table {
    let row = |one: &Neighbour| Row {
        at: one.name.as_ref().map(|_| format!("/desk/items/{}", one.id)),
        cells: vec![
            line(&one.id),
            if one.outwards { w.know.leads_to } else { w.know.led_from }.to_owned(),
            line(&one.by),
            one.name.as_deref().map_or_else(|| w.know.not_here.to_owned(), line),
        ],
    };
    Table {
        heading: w.know.neighbours.to_owned(),
        heads: vec![w.know.id, w.know.direction, w.know.relation, w.know.called],
        rows: all.iter().map(row).collect(),
        none: w.know.no_neighbours,
        ..Table::default()
    }
}
