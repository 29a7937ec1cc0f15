//! What the items of a case say that a warning may have to say too: places, times, targets,
//! observables, sectors. Nothing of it goes in by itself; whoever drafts takes one by one.

use super::include::{Include, Target, TargetClass, sectors};
use super::observable;
use forewarn_extract::words::Words;
use forewarn_extract::{Span, extract, gazetteer, time};
use forewarn_stix::canonical;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// Most suggestions for one case: more than anybody looks through.
pub(crate) const MAX_SUGGESTIONS: usize = 500;

/// Characters of an item that are shown on each side of what was found.
const CONTEXT: usize = 60;

/// An item, as far as it is read for suggestions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supposed {
    /// Its id.
    pub item: String,
    /// A STIX object, or a free text.
    pub bytes: Vec<u8>,
    /// Whether it is a STIX object.
    pub is_object: bool,
}

/// What could be put in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Suggested {
    /// A place of the gazetteer.
    Place {
        /// Its name there.
        name: String,
    },
    /// When it may come about.
    Time {
        /// As the item has it.
        words: String,
    },
    /// Whom or what it is against.
    Target {
        /// What it is called, and what it is.
        target: Target,
    },
    /// Something to watch for.
    Observable {
        /// Not defanged.
        value: String,
    },
    /// A sector.
    Sector {
        /// In the words of STIX.
        sector: String,
    },
}

/// What could be put in, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What.
    pub what: Suggested,
    /// The item in which it stands first.
    pub item: String,
    /// The words around it.
    pub excerpt: String,
}

impl Suggested {
    /// Puts it where a draft has it.
    pub fn put_into(
        &self,
        places: &mut Vec<String>,
        observables: &mut Vec<String>,
        include: &mut Include,
    ) {
        match self {
            Suggested::Place { name } => places.push(name.clone()),
            Suggested::Time { words } => include.times.push(words.clone()),
            Suggested::Target { target } => include.targets.push(target.clone()),
            Suggested::Observable { value } => observables.push(value.clone()),
            Suggested::Sector { sector } => include.sectors.push(sector.clone()),
        }
    }

    fn key(&self) -> String {
        String::from_utf8(canonical::bytes(&serde_json::to_value(self).unwrap_or_default()))
            .unwrap_or_default()
    }
}

/// What the items suggest, each once, in the order of the items. A further item adds to the end: the
/// numbers of the others stay.
pub fn suggest(items: &[Supposed]) -> Vec<Suggestion> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for item in items {
        let mut found = Found { item: &item.item, all: Vec::new() };
        if item.is_object {
            let object = serde_json::from_slice(&item.bytes).unwrap_or_default();
            found.object(&object);
        } else {
            found.text(&String::from_utf8_lossy(&item.bytes));
        }
        all.extend(found.all.into_iter().filter(|one| seen.insert(one.what.key())));
    }
    all.truncate(MAX_SUGGESTIONS);
    all
}

struct Found<'a> {
    item: &'a str,
    all: Vec<Suggestion>,
}

impl Found<'_> {
    fn add(&mut self, what: Suggested, excerpt: String) {
        self.all.push(Suggestion { what, item: self.item.to_owned(), excerpt });
    }

    fn text(&mut self, text: &str) {
        let found = extract(text);
        for place in &gazetteer::find_everywhere(text, &Words::new(text), None) {
            self.add(Suggested::Place { name: place.name.to_owned() }, around(text, place.span));
        }
        for time in time::find(text) {
            self.add(Suggested::Time { words: time.words.clone() }, around(text, time.span));
        }
        for one in &found.observables {
            // What has no form that a sensor meets could not be put in.
            if observable::read(&one.value).is_some() {
                let value = one.value.clone();
                self.add(Suggested::Observable { value }, around(text, one.span));
            }
        }
    }

    /// The properties of an object that say what it is about; its words like those of a text.
    fn object(&mut self, object: &Value) {
        let word = |name: &str| object.get(name).and_then(Value::as_str);
        let name = word("name").unwrap_or_default();
        if word("type") == Some("identity") && !name.is_empty() {
            let class = object.get("identity_class").cloned();
            let class = class.and_then(|c| serde_json::from_value::<TargetClass>(c).ok());
            let target = Target { name: name.to_owned(), class };
            self.add(Suggested::Target { target }, format!("name: {name}"));
        }
        let listed = object.get("sectors").and_then(Value::as_array);
        for sector in listed.into_iter().flatten().filter_map(Value::as_str) {
            if sectors().any(|known| known == sector) {
                let what = Suggested::Sector { sector: sector.to_owned() };
                self.add(what, format!("sectors: {sector}"));
            }
        }
        for property in ["first_seen", "last_seen", "first_observed", "last_observed", "start_time"]
        {
            if let Some(time) = word(property) {
                self.add(Suggested::Time { words: time.to_owned() }, format!("{property}: {time}"));
            }
        }
        for property in ["name", "description", "abstract", "content", "pattern", "value", "city"] {
            if let Some(text) = word(property) {
                self.text(text);
            }
        }
        if let Some(country) = word("country")
            && let Some(place) = gazetteer::place(country)
        {
            let what = Suggested::Place { name: place.name.to_owned() };
            self.add(what, format!("country: {country}"));
        }
    }
}

/// The words around a place of a text, in one line.
fn around(text: &str, span: Span) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    let found = text.get(span.start..span.end).unwrap_or_default();
    let from: String =
        before.chars().rev().take(CONTEXT).collect::<Vec<_>>().into_iter().rev().collect();
    let to: String = after.chars().take(CONTEXT).collect();
    let cut = |whole: &str, part: &str| if whole.len() > part.len() { "…" } else { "" };
    let (start, end) = (cut(before, &from), cut(after, &to));
    let words = format!("{from}{found}{to}").split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{start}{words}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(item: &str, words: &str) -> Supposed {
        Supposed { item: item.into(), bytes: words.into(), is_object: false }
    }

    fn of(items: &[Supposed]) -> Vec<Suggested> {
        suggest(items).into_iter().map(|one| one.what).collect()
    }

    #[test]
    fn a_report_suggests_its_places_times_and_observables_with_the_words_around_them() {
        let words =
            "A cell plans to bomb the Kazan Cathedral on 16 December; see c2[.]example[.]org.";
        let all = suggest(&[text("text--1", words)]);
        let place = Suggested::Place { name: "Kazan Cathedral".into() };
        let found = all.iter().find(|one| one.what == place).unwrap();
        assert_eq!(found.item, "text--1");
        assert!(found.excerpt.contains("to bomb the Kazan Cathedral on"), "{}", found.excerpt);
        let what = of(&[text("text--1", words)]);
        assert!(what.contains(&Suggested::Time { words: "16 December".into() }), "{what:?}");
        assert!(
            what.contains(&Suggested::Observable { value: "c2.example.org".into() }),
            "{what:?}"
        );
    }

    /// Whoever has read "2" must still mean the same when another item has joined.
    #[test]
    fn an_item_that_joins_changes_no_number_and_repeats_nothing() {
        let first = text("text--1", "A bomb at the Kazan Cathedral.");
        let next = text("text--2", "The Kazan Cathedral, on Saturday.");
        let before = of(std::slice::from_ref(&first));
        let after = of(&[first, next]);
        assert_eq!(after[..before.len()], before[..]);
        assert_eq!(after.len(), before.len() + 1);
    }

    #[test]
    fn an_identity_suggests_a_target_and_its_known_sectors() {
        let object = json!({
            "type": "identity", "name": "Acme Power", "identity_class": "organization",
            "sectors": ["energy", "magic"],
        });
        let bytes = object.to_string().into_bytes();
        let what = of(&[Supposed { item: "identity--1".into(), bytes, is_object: true }]);
        let target = Target { name: "Acme Power".into(), class: Some(TargetClass::Organization) };
        assert_eq!(
            what,
            [Suggested::Target { target }, Suggested::Sector { sector: "energy".into() }]
        );
    }
}
