//! Others' indicators.

use super::foreign::Adding;
use super::own::literal_text;
use super::text;
use crate::record::Record;
use crate::tables::attribute::{self, AttributeTo};
use crate::tables::foreign::{LANGUAGES, PREFERRED};
use crate::value;
use forewarn_stix::pattern::{self, Comparison, Observation, Operation, Path, Test};
use std::collections::HashMap;
use std::sync::LazyLock;

impl Adding<'_, '_> {
    pub(super) fn indicator(&mut self, mut object: Record) {
        let language = text(&object.map, "pattern_type").to_owned();
        let pattern = text(&object.map, "pattern").to_owned();
        for key in ["pattern", "pattern_type"] {
            object.map.remove(key);
        }
        if LANGUAGES.contains(&language.as_str()) {
            let is_rule = (language.as_str(), "Payload installation");
            self.attribute(&mut object, is_rule, &pattern, true);
        } else if language == "stix" {
            let found = values(&pattern);
            if found.is_empty() {
                self.attribute(
                    &mut object,
                    ("stix2-pattern", "Payload installation"),
                    &pattern,
                    true,
                );
            }
            // Words, times and tags are said with the first.
            let whole = object.clone();
            for (n, (kind, value)) in found.into_iter().enumerate() {
                let mut again = whole.clone();
                let one = if n == 0 { &mut object } else { &mut again };
                self.attribute(one, (kind, "Network activity"), &value, true);
            }
        } else {
            let why = format!("MISP has no type of attribute for patterns of `{language}`");
            self.losses.add(object.at, why);
            return;
        }
        self.close(object);
    }
}

/// The attributes that say a pattern; none where no attributes say all of it.
fn values(text: &str) -> Vec<(&'static str, String)> {
    let Ok(Observation::Match(comparison)) = pattern::parse(text) else { return Vec::new() };
    let parts = match &comparison {
        Comparison::Or(list) => list.iter().map(said).collect(),
        one => said(one).map(|one| vec![one]),
    };
    parts.unwrap_or_default()
}

/// The attribute that says a comparison.
fn said(comparison: &Comparison) -> Option<(&'static str, String)> {
    let tests: Vec<&Test> = match comparison {
        Comparison::Test(test) => vec![test],
        Comparison::And(list) => list
            .iter()
            .map(|one| if let Comparison::Test(test) = one { Some(test) } else { None })
            .collect::<Option<_>>()?,
        Comparison::Or(_) => return None,
    };
    let mut all = Vec::new();
    for test in tests {
        let Operation::Equal(literal) = &test.operation else { return None };
        if test.negated {
            return None;
        }
        let value = literal_text(literal);
        let path = path(&test.path);
        // The type of an address is seen from the address.
        if !path.ends_with("_ref.type") {
            all.push((path, value));
        }
    }
    if let [(path, value)] = all.as_slice()
        && matches!(path.as_str(), "ipv4-addr:value" | "ipv6-addr:value")
    {
        return Some(("ip-dst", value.clone()));
    }
    let (kind, paths) = BY_PATHS.get(&key(all.iter().map(|(path, _)| path.as_str())))?;
    let values: Option<Vec<String>> = paths
        .iter()
        .map(|path| Some(all.iter().find(|(known, _)| known == path)?.1.clone()))
        .collect();
    let values = values?;
    // What separates the parts must not be in them.
    let is_clear = values.len() == 1 || values.iter().all(|value| !value.contains('|'));
    let kind = of_kind(kind, values.first()?)?;
    let number = if kind == "AS" { "AS" } else { "" };
    is_clear.then(|| (kind, format!("{number}{}", values.join("|"))))
}

/// Where traffic goes to may be an address or a host, which MISP tells apart by types.
fn of_kind(kind: &'static str, value: &str) -> Option<&'static str> {
    let is_address = value::address(value).is_some();
    match kind {
        "ip-dst" | "hostname|port" | "ip-dst|port" => Some(match (kind, is_address) {
            ("ip-dst", true) => "ip-dst",
            ("ip-dst", false) => "hostname",
            (_, true) => "ip-dst|port",
            (_, false) => "hostname|port",
        }),
        "ip-src" | "ip-src|port" => is_address.then_some(kind),
        _ => Some(kind),
    }
}

fn path(path: &Path) -> String {
    path.to_string()
}

fn key<'a>(paths: impl Iterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = paths.collect();
    all.sort_unstable();
    all.join(" ")
}

/// The types of attributes by the properties that they are.
static BY_PATHS: LazyLock<HashMap<String, (&'static str, Vec<String>)>> = LazyLock::new(|| {
    let mut all: HashMap<String, (&'static str, Vec<String>)> = HashMap::new();
    let mut add = |name: &'static str, paths: &[String]| {
        // As the parser writes them.
        let paths: Vec<String> = paths.iter().map(|text| standard(text)).collect();
        let key = key(paths.iter().map(String::as_str));
        if PREFERRED.contains(&name) || !all.contains_key(&key) {
            all.insert(key, (name, paths));
        }
    };
    for name in attribute::types() {
        if let Some(found) = attribute::observed(name).filter(|found| found.fixed.is_none()) {
            add(name, &found.paths);
        }
    }
    for row in attribute::ROWS {
        if let AttributeTo::Pattern(path) = row.to {
            add(row.name, &[path.to_owned()]);
        }
    }
    all
});

fn standard(text: &str) -> String {
    let mut found = text.to_owned();
    if let Ok(parsed) = pattern::parse(&format!("[{text} = 'x']")) {
        parsed.tests(&mut |test| found = path(&test.path));
    }
    found
}
