//! Paths of properties, as the tables write them: `file:hashes.'SHA-256'`, `domain-name:value`,
//! `email-message:to_refs[*].value`, or `aliases[*]` within one object.

use crate::tables::{attribute, object};
use hashbrown::HashMap;
use std::sync::LazyLock;

/// One step: a key, and whether it holds a list of which any element is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) key: String,
    pub(crate) any: bool,
}

/// A path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    /// The type of the object; empty where the path stays within one.
    pub(crate) root: String,
    pub(crate) steps: Vec<Step>,
    /// As STIX's patterns write it.
    pub(crate) text: String,
}

impl Way {
    fn read(text: &str) -> Way {
        let (root, mut rest) = text.split_once(':').unwrap_or(("", text));
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (key, after) = match rest.strip_prefix('\'') {
                Some(quoted) => quoted.split_once('\'').unwrap_or((quoted, "")),
                None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
            };
            let (any, after) = match after.strip_prefix("[*]") {
                Some(after) => (true, after),
                None => (false, after),
            };
            steps.push(Step { key: key.to_owned(), any });
            rest = after.strip_prefix('.').unwrap_or_default();
        }
        Way { root: root.to_owned(), steps, text: text.to_owned() }
    }

    /// The last key, which says what kind of value the property has.
    pub(crate) fn last(&self) -> &str {
        self.steps.last().map_or("", |step| &step.key)
    }
}

static KNOWN: LazyLock<HashMap<String, Way, foldhash::fast::RandomState>> = LazyLock::new(|| {
    let mut texts: Vec<String> = vec![attribute::DATA.to_owned()];
    for row in attribute::ROWS {
        match &row.to {
            attribute::AttributeTo::Pattern(path) | attribute::AttributeTo::With(_, (path, _)) => {
                texts.push((*path).to_owned());
            }
            _ => {}
        }
        if let Some(found) = attribute::observed(row.name) {
            texts.extend(found.paths.iter().cloned());
        }
    }
    texts.extend(attribute::HASHES.iter().filter_map(|(name, ..)| attribute::hash_path(name)));
    for row in object::rows() {
        let all = row.fields.iter().chain(row.data).chain(row.fixed);
        texts.extend(all.map(|(_, path)| (*path).to_owned()));
        texts.extend(row.fixed.iter().map(|(path, _)| (*path).to_owned()));
    }
    texts.into_iter().map(|text| (text.clone(), Way::read(&text))).collect()
});

/// A path of the tables; another is read anew.
pub(crate) fn way(text: &str) -> std::borrow::Cow<'static, Way> {
    match KNOWN.get(text) {
        Some(way) => std::borrow::Cow::Borrowed(way),
        None => std::borrow::Cow::Owned(Way::read(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_step_by_step() {
        let way = way("file:hashes.'SHA-256'");
        assert_eq!((way.root.as_str(), way.last(), way.steps.len()), ("file", "SHA-256", 2));
        let way = Way::read("email-message:body_multipart[*].body_raw_ref.name");
        let steps: Vec<(&str, bool)> =
            way.steps.iter().map(|step| (step.key.as_str(), step.any)).collect();
        assert_eq!(steps, [("body_multipart", true), ("body_raw_ref", false), ("name", false)]);
    }

    #[test]
    fn every_path_of_the_tables_is_one_of_a_pattern() {
        for text in KNOWN.keys().filter(|text| text.contains(':')) {
            let pattern = format!("[{text} = 'x']");
            forewarn_stix::pattern::parse(&pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
        }
    }
}
