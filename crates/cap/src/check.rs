//! Whether XML is what the schema of CAP 1.2 asks for: which elements, in which order, how many
//! times, with which texts. The facts are those of the standard (§3.2, §3.4); its schema file is not
//! ours to hand on, so it is not here. `make cap XSD=FILE` holds what the tests export
//! against it.

use crate::alert::{Certainty, MessageType, Severity, Urgency};
use crate::time::is_written;
use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

/// Deepest nesting that is read: the schema has four levels.
const MAX_DEPTH: usize = 8;
/// The namespace of CAP 1.2.
const NAMESPACE: Namespace<'static> = Namespace("urn:oasis:names:tc:emergency:cap:1.2");

/// What is not as the schema asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what}")]
pub struct Fault {
    /// The element, from the root: `alert/info/event`.
    pub at: String,
    /// What is wrong.
    pub what: String,
}

/// How many times an element stands.
#[derive(Clone, Copy)]
enum Times {
    Once,
    AtMostOnce,
    Any,
    AtLeastOnce,
}
use Times::{Any, AtLeastOnce, AtMostOnce, Once};

/// What an element holds.
#[derive(Clone, Copy)]
enum Holds {
    Text,
    One(&'static [&'static str]),
    Time,
    Language,
    Integer,
    Decimal,
    Elements(&'static [Row]),
}

type Row = (&'static str, Times, Holds);

const STATUS: &[&str] = &["Actual", "Exercise", "System", "Test", "Draft"];
const SCOPE: &[&str] = &["Public", "Restricted", "Private"];
const CATEGORY: &[&str] = &[
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
];
const RESPONSE: &[&str] = &[
    "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None",
];

const PAIR: &[Row] = &[("valueName", Once, Holds::Text), ("value", Once, Holds::Text)];

const RESOURCE: &[Row] = &[
    ("resourceDesc", Once, Holds::Text),
    ("mimeType", Once, Holds::Text),
    ("size", AtMostOnce, Holds::Integer),
    ("uri", AtMostOnce, Holds::Text),
    ("derefUri", AtMostOnce, Holds::Text),
    ("digest", AtMostOnce, Holds::Text),
];

const AREA: &[Row] = &[
    ("areaDesc", Once, Holds::Text),
    ("polygon", Any, Holds::Text),
    ("circle", Any, Holds::Text),
    ("geocode", Any, Holds::Elements(PAIR)),
    ("altitude", AtMostOnce, Holds::Decimal),
    ("ceiling", AtMostOnce, Holds::Decimal),
];

const INFO: &[Row] = &[
    ("language", AtMostOnce, Holds::Language),
    ("category", AtLeastOnce, Holds::One(CATEGORY)),
    ("event", Once, Holds::Text),
    ("responseType", Any, Holds::One(RESPONSE)),
    ("urgency", Once, Holds::One(Urgency::WORDS)),
    ("severity", Once, Holds::One(Severity::WORDS)),
    ("certainty", Once, Holds::One(Certainty::WORDS)),
    ("audience", AtMostOnce, Holds::Text),
    ("eventCode", Any, Holds::Elements(PAIR)),
    ("effective", AtMostOnce, Holds::Time),
    ("onset", AtMostOnce, Holds::Time),
    ("expires", AtMostOnce, Holds::Time),
    ("senderName", AtMostOnce, Holds::Text),
    ("headline", AtMostOnce, Holds::Text),
    ("description", AtMostOnce, Holds::Text),
    ("instruction", AtMostOnce, Holds::Text),
    ("web", AtMostOnce, Holds::Text),
    ("contact", AtMostOnce, Holds::Text),
    ("parameter", Any, Holds::Elements(PAIR)),
    ("resource", Any, Holds::Elements(RESOURCE)),
    ("area", Any, Holds::Elements(AREA)),
];

const ALERT: &[Row] = &[
    ("identifier", Once, Holds::Text),
    ("sender", Once, Holds::Text),
    ("sent", Once, Holds::Time),
    ("status", Once, Holds::One(STATUS)),
    ("msgType", Once, Holds::One(MessageType::WORDS)),
    ("source", AtMostOnce, Holds::Text),
    ("scope", Once, Holds::One(SCOPE)),
    ("restriction", AtMostOnce, Holds::Text),
    ("addresses", AtMostOnce, Holds::Text),
    ("code", Any, Holds::Text),
    ("note", AtMostOnce, Holds::Text),
    ("references", AtMostOnce, Holds::Text),
    ("incidents", AtMostOnce, Holds::Text),
    ("info", Any, Holds::Elements(INFO)),
];

/// An element as it was read.
#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

/// Everything that is not as the schema asks for; nothing when it is valid.
pub fn check(xml: &[u8]) -> Vec<Fault> {
    let root = match read(xml) {
        Ok(root) => root,
        Err(what) => return vec![Fault { at: String::new(), what }],
    };
    let mut faults = Vec::new();
    if root.name == "alert" {
        elements(&root, ALERT, "alert", &mut faults);
        beyond_schema(&root, &mut faults);
    } else {
        let what = "the root is not an alert".to_owned();
        faults.push(Fault { at: root.name.clone(), what });
    }
    faults
}

/// What the standard says in words beside its schema (§3.2.1): a restriction with scope Restricted,
/// addresses with Private.
fn beyond_schema(root: &Element, faults: &mut Vec<Fault>) {
    let text = |name: &str| root.children.iter().find(|one| one.name == name).map(|one| &*one.text);
    for (scope, needs) in [("Restricted", "restriction"), ("Private", "addresses")] {
        if text("scope") == Some(scope) && text(needs).is_none_or(|text| text.trim().is_empty()) {
            let what = format!("scope {scope} needs `{needs}`");
            faults.push(Fault { at: "alert/scope".to_owned(), what });
        }
    }
}

/// Each row in its order, as many times as it may stand.
fn elements(parent: &Element, rows: &[Row], at: &str, faults: &mut Vec<Fault>) {
    let mut left = parent.children.as_slice();
    for (name, times, holds) in rows {
        let count = left.iter().take_while(|one| one.name == *name).count();
        let (these, rest) = left.split_at(count);
        left = rest;
        let wrong = match times {
            Once if count != 1 => Some("must stand once"),
            AtMostOnce if count > 1 => Some("stands more than once"),
            AtLeastOnce if count == 0 => Some("must stand at least once"),
            Once | AtMostOnce | Any | AtLeastOnce => None,
        };
        let at = format!("{at}/{name}");
        if let Some(wrong) = wrong {
            faults.push(Fault { at: at.clone(), what: wrong.to_owned() });
        }
        for one in these {
            holds_what_it_should(one, *holds, &at, faults);
        }
    }
    if let Some(next) = left.first() {
        let what = "is not known here, or stands in another order".to_owned();
        faults.push(Fault { at: format!("{at}/{}", next.name), what });
    }
}

fn holds_what_it_should(one: &Element, holds: Holds, at: &str, faults: &mut Vec<Fault>) {
    let text = one.text.as_str();
    let fits = match holds {
        Holds::Elements(rows) => {
            elements(one, rows, at, faults);
            text.trim().is_empty()
        }
        Holds::Text => true,
        Holds::One(words) => words.contains(&text),
        Holds::Time => is_written(text),
        Holds::Language => is_language(text),
        Holds::Integer => text.trim().parse::<i64>().is_ok(),
        Holds::Decimal => is_decimal(text.trim()),
    };
    let is_parent = matches!(holds, Holds::Elements(_));
    if !fits || (!is_parent && !one.children.is_empty()) {
        faults.push(Fault { at: at.to_owned(), what: format!("`{text}` may not stand there") });
    }
}

/// `xs:language`: letters, then parts of letters and digits, of one to eight each.
fn is_language(text: &str) -> bool {
    let part = |part: &str| (1..=8).contains(&part.len());
    let mut parts = text.split('-');
    parts.next().is_some_and(|one| part(one) && one.chars().all(|c| c.is_ascii_alphabetic()))
        && parts.all(|one| part(one) && one.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// `xs:decimal`: digits, perhaps with a sign and a point; no exponent.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.chars().any(|c| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1
}

fn read(xml: &[u8]) -> Result<Element, String> {
    let mut reader = NsReader::from_reader(xml);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut buffer = Vec::new();
    loop {
        let (resolved, event) =
            reader.read_resolved_event_into(&mut buffer).map_err(|e| e.to_string())?;
        match event {
            Event::Start(start) => {
                if open.len() > MAX_DEPTH {
                    return Err("it is nested too deeply".to_owned());
                }
                open.push(named(&resolved, &start)?);
            }
            Event::Empty(start) => {
                let one = named(&resolved, &start)?;
                open.last_mut().ok_or("it has no root")?.children.push(one);
            }
            Event::End(_) => {
                let done = open.pop().ok_or("it ends too early")?;
                open.last_mut().ok_or("it ends too early")?.children.push(done);
            }
            Event::Text(text) => {
                open.last_mut().ok_or("it has no root")?.text.push_str(&text.xml10_content());
            }
            Event::GeneralRef(reference) => {
                let c = match reference.resolve_char_ref().map_err(|e| e.to_string())? {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&reference)
                        .ok_or_else(|| format!("the entity `{}` is not known", &*reference))?
                        .to_owned(),
                };
                open.last_mut().ok_or("it has no root")?.text.push_str(&c);
            }
            Event::DocType(_) => return Err("it has a document type".to_owned()),
            Event::Eof => break,
            Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
        buffer.clear();
    }
    let mut top = open.pop().ok_or("it ends too early")?;
    if !open.is_empty() || top.children.len() != 1 {
        return Err("it has not one root".to_owned());
    }
    top.children.pop().ok_or_else(|| "it is empty".to_owned())
}

fn named(resolved: &ResolveResult<'_>, start: &BytesStart<'_>) -> Result<Element, String> {
    let name = start.local_name().as_ref().to_owned();
    if *resolved != ResolveResult::Bound(NAMESPACE) {
        return Err(format!("`{name}` is not of the namespace of CAP 1.2"));
    }
    Ok(Element { name, ..Element::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\
        <identifier>1</identifier><sender>a.example</sender>\
        <sent>2017-12-15T09:30:00-00:00</sent><status>Actual</status>\
        <msgType>Alert</msgType><scope>Private</scope><addresses>b</addresses></alert>";

    #[test]
    fn each_thing_that_the_schema_does_not_allow_is_found() {
        assert_eq!(check(GOOD.as_bytes()), []);
        for (from, to, at) in [
            ("<status>Actual</status>", "", "alert/status"),
            ("<status>Actual", "<status>actual", "alert/status"),
            ("-00:00", "Z", "alert/sent"),
            ("<msgType>Alert", "<msgType>Alarm", "alert/msgType"),
            ("<sender>a.example</sender>", "<source>x</source>", "alert/sender"),
            ("</alert>", "<more>x</more></alert>", "alert/more"),
            ("</alert>", "<note>a</note><note>b</note></alert>", "alert/note"),
            ("<addresses>b</addresses>", "", "alert/scope"),
            ("</alert>", "<info><event>x</event></info></alert>", "alert/info/category"),
            ("cap:1.2", "cap:1.1", ""),
            ("<alert", "<!DOCTYPE alert><alert", ""),
        ] {
            let bad = GOOD.replacen(from, to, 1);
            let found = check(bad.as_bytes());
            assert!(found.iter().any(|fault| fault.at == at), "{from} → {to}: {found:?}");
        }
        assert!(!check(b"<alert").is_empty() && !check(b"").is_empty());
    }

    #[test]
    fn types_are_those_of_xml_schema() {
        for (text, good) in [("en", true), ("en-US", true), ("englishlanguage", false), ("", false)]
        {
            assert_eq!(is_language(text), good, "{text}");
        }
        for (text, good) in [("1.5", true), ("-2", true), ("1e3", false), ("", false), (".", false)]
        {
            assert_eq!(is_decimal(text), good, "{text}");
        }
    }
}
