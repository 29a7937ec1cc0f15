//! What one item is about, reduced once: places, domains, addresses, and its texts.

use forewarn_extract::{self as extract, gazetteer, observable};
use forewarn_stix::pattern;
use ipnet::IpNet;
use serde_json::Value;

/// Most terms kept of one item: a blocklist of ten thousand values is one indicator each.
pub const MAX_TERMS: usize = 10_000;

/// One thing that an item is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    Country(&'static str),
    Place(&'static str),
    Domain(String),
    Address(IpNet),
}

/// A term and where it stands: a JSON path, or a span of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub term: Term,
    pub at: String,
    /// The words that stand there.
    pub words: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    pub found: Vec<Found>,
    /// Every text of the item with its place, for names to be looked for in.
    pub texts: Vec<(String, String)>,
}

/// Types whose name and description are free text about a threat, to be read as a report is.
const TOLD_IN_WORDS: &[&str] =
    &["report", "note", "incident", "grouping", "campaign", "opinion", "observed-data"];

impl Terms {
    /// Of a free text.
    pub fn of_text(text: &str) -> Terms {
        let mut terms = Terms::default();
        terms.read_text(text, "text");
        terms.texts.push(("text".to_owned(), text.to_owned()));
        terms
    }

    /// Of a STIX object's properties.
    pub fn of_object(object: &Value) -> Terms {
        let mut terms = Terms::default();
        let type_name = text(object, "type");
        match type_name {
            "location" => terms.read_location(object),
            "indicator" if text(object, "pattern_type") == "stix" => {
                for value in pattern::values(text(object, "pattern")) {
                    terms.read_value(&value.path, &value.text, "$.pattern");
                }
            }
            "domain-name" | "ipv4-addr" | "ipv6-addr" | "url" | "email-addr" => {
                terms.read_value(&format!("{type_name}:value"), text(object, "value"), "$.value");
            }
            name if TOLD_IN_WORDS.contains(&name) => {
                for property in ["name", "description", "content", "abstract", "explanation"] {
                    terms.read_text(text(object, property), &format!("$.{property}"));
                }
            }
            _ => {}
        }
        collect_texts(object, "$", &mut terms.texts);
        terms
    }

    fn push(&mut self, term: Term, at: &str, words: &str) {
        if self.found.len() < MAX_TERMS {
            self.found.push(Found { term, at: at.to_owned(), words: words.to_owned() });
        }
    }

    /// A place stands for its country, and a site for its city, too.
    fn push_place(&mut self, place: gazetteer::Place, at: &str, words: &str) {
        if !matches!(place.kind, gazetteer::Kind::Country | gazetteer::Kind::Nationality) {
            self.push(Term::Place(place.name), at, words);
        }
        if let Some(city) = place.within {
            self.push(Term::Place(city), at, words);
        }
        self.push(Term::Country(place.country), at, words);
    }

    fn read_text(&mut self, text: &str, at: &str) {
        if text.is_empty() {
            return;
        }
        let found = extract::extract(text);
        for mention in found.places {
            let span = mention.span;
            let words = text.get(span.start..span.end).unwrap_or_default();
            let at = format!("{at}, characters {} to {}", span.start, span.end);
            let gazetteer::Mention { name, kind, country, within, .. } = mention;
            self.push_place(gazetteer::Place { name, kind, country, within }, &at, words);
        }
        for seen in found.observables {
            let at = format!("{at}, characters {} to {}", seen.span.start, seen.span.end);
            let path = match seen.kind {
                observable::Kind::Url => "url:value",
                observable::Kind::EmailAddr => "email-addr:value",
                observable::Kind::Ipv4Addr => "ipv4-addr:value",
                observable::Kind::DomainName => "domain-name:value",
                observable::Kind::FileHash | observable::Kind::Vulnerability => continue,
            };
            self.read_value(path, &seen.value, &at);
        }
    }

    fn read_location(&mut self, object: &Value) {
        for (property, at) in [("country", "$.country"), ("city", "$.city"), ("name", "$.name")] {
            let words = text(object, property);
            let place = match property {
                "country" => gazetteer::country(words),
                _ => gazetteer::place(words),
            };
            if let Some(place) = place {
                self.push_place(place, at, words);
            }
        }
    }

    /// A value of an observable, by the object path that it stands at in a pattern.
    fn read_value(&mut self, path: &str, value: &str, at: &str) {
        match path {
            "domain-name:value" => self.push_domain(value, at),
            "email-addr:value" => {
                if let Some((_, domain)) = value.rsplit_once('@') {
                    self.push_domain(domain, at);
                }
            }
            "url:value" => {
                let rest = value.split_once("://").map_or("", |(_, rest)| rest);
                let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
                let host = authority.rsplit('@').next().unwrap_or_default();
                let host = host.split(':').next().unwrap_or_default();
                self.push_host(host, at);
            }
            "ipv4-addr:value" | "ipv6-addr:value" => self.push_host(value, at),
            _ if path.ends_with("_ref.value") => self.push_host(value, at),
            _ => {}
        }
    }

    fn push_host(&mut self, host: &str, at: &str) {
        match network(host) {
            Some(net) => self.push(Term::Address(net.trunc()), at, host),
            None => self.push_domain(host, at),
        }
    }

    fn push_domain(&mut self, domain: &str, at: &str) {
        let name = domain.trim_matches('.').to_ascii_lowercase();
        if name.contains('.') {
            self.push(Term::Domain(name), at, domain);
        }
    }
}

/// A block of addresses, or one address as the block of itself.
pub(crate) fn network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<std::net::IpAddr>().ok().map(IpNet::from);
    text.parse::<IpNet>().ok().or_else(address)
}

fn text<'a>(object: &'a Value, property: &str) -> &'a str {
    object.get(property).and_then(Value::as_str).unwrap_or_default()
}

/// Every string that people wrote; identifiers, references, times and markings are passed over.
fn collect_texts(value: &Value, at: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) if out.len() < MAX_TERMS => out.push((at.to_owned(), text.clone())),
        Value::Array(list) => {
            for (n, element) in list.iter().enumerate() {
                collect_texts(element, &format!("{at}[{n}]"), out);
            }
        }
        Value::Object(map) => {
            for (key, element) in map {
                if !is_machinery(key) {
                    collect_texts(element, &format!("{at}.{key}"), out);
                }
            }
        }
        _ => {}
    }
}

fn is_machinery(key: &str) -> bool {
    matches!(key, "id" | "type" | "spec_version" | "created" | "modified" | "granular_markings")
        || key.ends_with("_ref")
        || key.ends_with("_refs")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn terms(object: &Value) -> Vec<Term> {
        Terms::of_object(object).found.into_iter().map(|f| f.term).collect()
    }

    #[test]
    fn an_indicator_is_about_the_values_of_its_pattern() {
        let object = json!({
            "type": "indicator", "pattern_type": "stix",
            "pattern": "[domain-name:value = 'A.Example.org' OR ipv4-addr:value = '198.51.100.0/25' \
                        OR url:value = 'http://u@c2.example.net:8080/x' OR network-traffic:dst_ref.value = '2001:db8::1']"
        });
        assert_eq!(
            terms(&object),
            [
                Term::Domain("a.example.org".into()),
                Term::Address("198.51.100.0/25".parse().unwrap()),
                Term::Domain("c2.example.net".into()),
                Term::Address("2001:db8::1/128".parse().unwrap()),
            ]
        );
    }

    #[test]
    fn a_location_stands_for_its_country_too() {
        let object = json!({"type": "location", "city": "St Petersburg", "country": "RU"});
        assert_eq!(
            terms(&object),
            [Term::Country("RU"), Term::Place("Saint Petersburg"), Term::Country("RU")]
        );
    }

    #[test]
    fn a_text_says_where() {
        let terms = Terms::of_text("They mean the Kazan Cathedral.");
        assert_eq!(terms.found[0].term, Term::Place("Kazan Cathedral"));
        assert_eq!(terms.found[0].at, "text, characters 14 to 29");
        assert!(terms.found.iter().any(|f| f.term == Term::Place("Saint Petersburg")));
    }

    #[test]
    fn identifiers_are_no_texts() {
        let object = json!({"type": "identity", "id": "identity--x", "name": "Acme", "created_by_ref": "y", "aliases": ["Z"]});
        let texts = Terms::of_object(&object).texts;
        assert_eq!(
            texts,
            [("$.aliases[0]".into(), "Z".into()), ("$.name".to_owned(), "Acme".to_owned())]
        );
    }
}
