//! OpenIOC: a tree of what is looked for, joined by AND and OR, as patterns of STIX.
//!
//! Each branch of an OR at the top is an indicator of its own. What is looked for by a term that STIX has
//! no property for is told: alone it is left out, and where it stands in an AND the whole of that is,
//! since the rest would find more than was meant.

use crate::bounds::MAX_TOLD;
use crate::kind::Observable;
use crate::made::Rule;
use crate::{time, value};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::fmt::Write as _;

/// Rules, and what is none, with its place.
pub(crate) type Read = (Vec<Rule>, Vec<(String, String)>);

/// How deep ANDs and ORs may stand in each other.
const MAX_NESTED: usize = 50;

/// What a term of OpenIOC looks for: a property of STIX, and what its value must be.
const TERMS: &[(&str, &str, Constant)] = &[
    ("FileItem/Md5sum", "file:hashes.MD5", Constant::Value(Observable::Md5)),
    ("FileItem/Sha1sum", "file:hashes.'SHA-1'", Constant::Value(Observable::Sha1)),
    ("FileItem/Sha256sum", "file:hashes.'SHA-256'", Constant::Value(Observable::Sha256)),
    ("FileItem/FileName", "file:name", Constant::Text),
    ("FileItem/FilePath", "file:parent_directory_ref.path", Constant::Text),
    ("FileItem/SizeInBytes", "file:size", Constant::Number),
    ("Network/DNS", "domain-name:value", Constant::Value(Observable::Domain)),
    ("DnsEntryItem/Host", "domain-name:value", Constant::Value(Observable::Domain)),
    ("DnsEntryItem/RecordName", "domain-name:value", Constant::Value(Observable::Domain)),
    ("PortItem/remoteIP", "", Constant::Value(Observable::Address)),
    ("RouteEntryItem/Destination", "", Constant::Value(Observable::Address)),
    ("UrlHistoryItem/URL", "url:value", Constant::Text),
    ("Network/URI", "url:value", Constant::Text),
    ("Email/From", "email-message:from_ref.value", Constant::Text),
    ("Email/Subject", "email-message:subject", Constant::Text),
    ("RegistryItem/Path", "windows-registry-key:key", Constant::Text),
    ("RegistryItem/KeyPath", "windows-registry-key:key", Constant::Text),
    ("ProcessItem/arguments", "process:command_line", Constant::Text),
    (
        "Network/UserAgent",
        "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'",
        Constant::Text,
    ),
];

#[derive(Debug, Clone, Copy)]
enum Constant {
    Text,
    Number,
    /// A value that has a form.
    Value(Observable),
}

#[derive(Debug)]
enum Node {
    Item { at: usize, search: String, condition: String, is_not: bool, content: String },
    Group { at: usize, is_and: bool, nodes: Vec<Node> },
}

/// What a file says.
#[derive(Default)]
struct Ioc {
    name: Option<String>,
    description: Option<String>,
    authored: Option<String>,
    modified: Option<String>,
    top: Vec<Node>,
}

/// Whether a text begins like OpenIOC.
pub(crate) fn is_start(text: &str) -> bool {
    let text = text.trim_start();
    let names = ["schemas.mandiant.com/2010/ioc", "openioc.org/schemas"];
    text.starts_with('<') && names.iter().any(|name| text.contains(name))
}

/// Reads a file.
pub(crate) fn read(text: &str) -> Read {
    let line = |at: usize| {
        format!("line {}", 1 + text.get(..at).unwrap_or_default().matches('\n').count())
    };
    let ioc = match parse(text) {
        Ok(ioc) => ioc,
        Err((at, why)) => return (Vec::new(), vec![(line(at), why)]),
    };
    let (mut rules, mut bad, mut untold) = (Vec::new(), Vec::new(), 0_usize);
    let time = |text: &Option<String>| time::read(text.as_deref()?);
    // The definition is one OR, most often: each of its branches stands for itself.
    let branches = ioc.top.iter().flat_map(|top| match top {
        Node::Group { is_and: false, nodes, .. } => nodes.iter().collect::<Vec<_>>(),
        one => vec![one],
    });
    for branch in branches {
        let mut tell = |at: usize, why: String| {
            if bad.len() < MAX_TOLD {
                bad.push((line(at), why));
            } else {
                untold += 1;
            }
        };
        let Some(pattern) = pattern(branch, &mut tell) else { continue };
        let mut rule = Rule::new("stix", &pattern);
        rule.name.clone_from(&ioc.name);
        rule.description.clone_from(&ioc.description);
        (rule.created, rule.modified) = (time(&ioc.authored), time(&ioc.modified));
        rules.push(rule);
    }
    if untold > 0 {
        bad.push(("below".to_owned(), format!("{untold} more that cannot be said")));
    }
    if rules.is_empty() && bad.is_empty() {
        bad.push(("line 1".to_owned(), "there is nothing in it that is looked for".to_owned()));
    }
    (rules, bad)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|one| one.key.as_ref() == name)?;
    Some(found.value.to_string())
}

/// Reads the tree. Errs with the place of what is no XML.
fn parse(text: &str) -> Result<Ioc, (usize, String)> {
    let mut reader = Reader::from_str(text);
    let mut ioc = Ioc::default();
    let mut open: Vec<Node> = Vec::new();
    let (mut words, mut depth) = (String::new(), 0_usize);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(0);
        let event = reader.read_event().map_err(|e| (at, format!("this is no XML: {e}")))?;
        match event {
            Event::Start(tag) => {
                depth += 1;
                words.clear();
                begin(&tag, at, &mut open, &mut ioc)?;
                if open.len() > MAX_NESTED {
                    return Err((at, format!("its parts stand deeper than {MAX_NESTED}")));
                }
            }
            Event::Empty(tag) => {
                words.clear();
                begin(&tag, at, &mut open, &mut ioc)?;
                end(tag.local_name().as_ref(), "", &mut open, &mut ioc);
            }
            Event::Text(text) => words.push_str(&text),
            Event::CData(text) => words.push_str(&text),
            Event::GeneralRef(name) => words.push_str(&entity(&name)),
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                end(tag.local_name().as_ref(), words.trim(), &mut open, &mut ioc);
                words.clear();
            }
            Event::Eof => {
                let is_whole = depth == 0 && open.is_empty();
                return is_whole.then_some(ioc).ok_or_else(|| (at, "it is cut off".to_owned()));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn begin(
    tag: &BytesStart<'_>,
    at: usize,
    open: &mut Vec<Node>,
    ioc: &mut Ioc,
) -> Result<(), (usize, String)> {
    match tag.local_name().as_ref() {
        "ioc" | "OpenIOC" => ioc.modified = attribute(tag, "last-modified"),
        "Indicator" => {
            let word = attribute(tag, "operator").unwrap_or_default();
            let is_and = word.eq_ignore_ascii_case("and");
            if !is_and && !word.eq_ignore_ascii_case("or") {
                return Err((at, format!("its `operator` is AND or OR, not `{word}`")));
            }
            open.push(Node::Group { at, is_and, nodes: Vec::new() });
        }
        "IndicatorItem" => {
            let condition = attribute(tag, "condition").unwrap_or_default();
            let is_not = attribute(tag, "negate").is_some_and(|word| word == "true");
            let (search, content) = (String::new(), String::new());
            open.push(Node::Item { at, search, condition, is_not, content });
        }
        "Context" => {
            if let Some(Node::Item { search, .. }) = open.last_mut() {
                *search = attribute(tag, "search").unwrap_or_default();
            }
        }
        _ => {}
    }
    Ok(())
}

fn end(name: &str, words: &str, open: &mut Vec<Node>, ioc: &mut Ioc) {
    let slot = match name {
        "Content" => {
            if let Some(Node::Item { content, .. }) = open.last_mut() {
                words.clone_into(content);
            }
            return;
        }
        "Indicator" | "IndicatorItem" => {
            if let Some(node) = open.pop() {
                match open.last_mut() {
                    Some(Node::Group { nodes, .. }) => nodes.push(node),
                    _ => ioc.top.push(node),
                }
            }
            return;
        }
        "short_description" => &mut ioc.name,
        "description" => &mut ioc.description,
        "authored_date" => &mut ioc.authored,
        _ => return,
    };
    if !words.is_empty() {
        *slot = Some(words.to_owned());
    }
}

/// What a reference stands for; one that nobody knows stays as it stands.
fn entity(name: &str) -> String {
    if let Some(text) = quick_xml::escape::resolve_predefined_entity(name) {
        return text.to_owned();
    }
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    });
    number.and_then(char::from_u32).map_or_else(|| format!("&{name};"), String::from)
}

/// A part of the tree as a pattern; `None` where it cannot be said, which was told.
fn pattern(node: &Node, told: &mut dyn FnMut(usize, String)) -> Option<String> {
    match node {
        Node::Item { at, .. } => match comparison(node) {
            Ok((_, text)) => Some(format!("[{text}]")),
            Err(why) => {
                told(*at, why);
                None
            }
        },
        Node::Group { is_and: false, nodes, .. } => {
            let all: Vec<String> = nodes.iter().filter_map(|one| pattern(one, told)).collect();
            joined(&all, " OR ")
        }
        Node::Group { is_and: true, nodes, at } => {
            // What is said of one object together stands in one pair of brackets.
            let mut objects: Vec<(String, String)> = Vec::new();
            let mut all = Vec::new();
            let mut is_whole = true;
            for one in nodes {
                if let Node::Group { .. } = one {
                    let inner = pattern(one, told);
                    is_whole &= inner.is_some();
                    all.extend(inner);
                    continue;
                }
                match comparison(one) {
                    Ok((object, text)) => {
                        match objects.iter_mut().find(|(known, _)| *known == object) {
                            Some((_, known)) => {
                                let _ = write!(known, " AND {text}");
                            }
                            None => objects.push((object, text)),
                        }
                    }
                    Err(why) => {
                        told(*at, format!("the whole AND is left out: {why}"));
                        is_whole = false;
                    }
                }
            }
            all.extend(objects.into_iter().map(|(_, text)| format!("[{text}]")));
            joined(&all, " AND ").filter(|_| is_whole)
        }
    }
}

fn joined(all: &[String], by: &str) -> Option<String> {
    match all {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(format!("({})", all.join(by))),
    }
}

/// One item as a comparison, with the type of object that it is of.
fn comparison(node: &Node) -> Result<(String, String), String> {
    let Node::Item { search, condition, is_not, content, .. } = node else {
        return Err("is no item".to_owned());
    };
    let term = TERMS.iter().find(|(name, _, _)| name == search);
    let (_, path, constant) =
        term.ok_or_else(|| format!("the term `{search}` is none that is read"))?;
    let content = content.trim();
    let is_none = || format!("`{content}` is none of what `{search}` looks for");
    let mut path = (*path).to_owned();
    let mut text = content.to_owned();
    match constant {
        Constant::Number => {
            content.parse::<u64>().map_err(|_| is_none())?;
        }
        // A part of a value has another form.
        Constant::Value(kind) if condition == "is" || condition == "isnot" || path.is_empty() => {
            let read = value::read(*kind, content).ok_or_else(is_none)?;
            if path.is_empty() {
                read.exact.path().clone_into(&mut path);
            }
            text = read.text.into_owned();
        }
        Constant::Value(_) | Constant::Text if content.is_empty() => return Err(is_none()),
        Constant::Value(_) | Constant::Text => {}
    }
    let is_number = matches!(constant, Constant::Number);
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    let (is_not, word) = match condition.strip_suffix("not") {
        Some(word) => (!is_not, word),
        None => (*is_not, condition.as_str()),
    };
    let (operator, constant) = match word {
        "is" if is_number => ("=", text),
        "greater-than" if is_number => (">", text),
        "less-than" if is_number => ("<", text),
        "is" => ("=", quoted(&text)),
        "contains" if !is_number => ("MATCHES", quoted(&literal(&text))),
        "starts-with" if !is_number => ("MATCHES", quoted(&format!("^{}", literal(&text)))),
        "ends-with" if !is_number => ("MATCHES", quoted(&format!("{}$", literal(&text)))),
        "matches" if !is_number => ("MATCHES", quoted(&text)),
        _ => return Err(format!("the condition `{condition}` is none that is read")),
    };
    let not = if is_not { " NOT" } else { "" };
    let object = path.split_once(':').map_or("", |(object, _)| object).to_owned();
    let text = format!("{path}{not} {operator} {constant}");
    // Whether all of it is a pattern, the pattern's own reader says.
    forewarn_stix::pattern::Pattern::compile(&format!("[{text}]"))
        .map_err(|why| format!("`{content}`: {}", why.why))?;
    Ok((object, text))
}

/// A text as a regular expression that finds it.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() && c != '_' {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"<?xml version="1.0"?>
<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="1" last-modified="2026-11-21T00:00:00">
  <short_description>Bad &amp; worse</short_description>
  <description>Calls home.</description>
  <authored_date>2026-11-20T00:00:00</authored_date>
  <definition><Indicator operator="OR" id="2">
    <IndicatorItem id="3" condition="is"><Context document="Network" search="Network/DNS" type="mir"/><Content type="string">evil[.]example</Content></IndicatorItem>
    <IndicatorItem id="4" condition="is"><Context search="ProcessItem/HandleList/Handle/Name"/><Content>x</Content></IndicatorItem>
    <Indicator operator="AND" id="5">
      <IndicatorItem condition="contains"><Context search="FileItem/FileName"/><Content>it's_%.exe</Content></IndicatorItem>
      <IndicatorItem condition="is"><Context search="FileItem/SizeInBytes"/><Content>5</Content></IndicatorItem>
      <IndicatorItem condition="isnot"><Context search="PortItem/remoteIP"/><Content>198.51.100.7</Content></IndicatorItem>
    </Indicator>
    <Indicator operator="AND">
      <IndicatorItem condition="is"><Context search="FileItem/Md5sum"/><Content>d41d8cd98f00b204e9800998ecf8427e</Content></IndicatorItem>
      <IndicatorItem condition="is"><Context search="DriverItem/DeviceItem/DeviceName"/><Content>x</Content></IndicatorItem>
    </Indicator>
  </Indicator></definition>
</ioc>"#;

    #[test]
    fn each_branch_is_an_indicator_and_what_cannot_be_said_is_told_by_its_line() {
        assert!(is_start(FILE));
        let (rules, bad) = read(FILE);
        let patterns: Vec<&str> = rules.iter().map(|rule| rule.pattern.as_str()).collect();
        assert_eq!(
            patterns,
            [
                "[domain-name:value = 'evil.example']",
                "([file:name MATCHES 'it\\\\\\'s_\\\\%\\\\.exe' AND file:size = 5] AND [ipv4-addr:value NOT = '198.51.100.7'])",
            ]
        );
        let first = rules.first().unwrap();
        assert_eq!(first.name.as_deref(), Some("Bad & worse"));
        assert_eq!(first.created.as_ref().unwrap().as_str(), "2026-11-20T00:00:00Z");
        let told: Vec<String> = bad.iter().map(|(at, why)| format!("{at}: {why}")).collect();
        assert_eq!(
            told,
            [
                "line 8: the term `ProcessItem/HandleList/Handle/Name` is none that is read",
                "line 14: the whole AND is left out: the term `DriverItem/DeviceItem/DeviceName` is none that is read",
            ]
        );
    }

    /// An AND never loses a part in silence.
    #[test]
    fn a_part_that_says_nothing_takes_its_and_with_it() {
        let item = "<IndicatorItem condition='is'><Context search='DnsEntryItem/Host'/><Content>evil.example</Content></IndicatorItem>";
        let file = |operator: &str, more: &str| {
            format!(
                "<ioc><definition><Indicator operator='{operator}'>{item}{more}</Indicator></definition></ioc>"
            )
        };
        assert_eq!(read(&file("AND", "")).0.len(), 1);
        for (operator, more) in [
            ("AND", "<IndicatorItem condition='is'/>"),
            ("AND", "<Indicator operator='OR'/>"),
            ("XOR", ""),
            ("", ""),
        ] {
            let (rules, bad) = read(&file(operator, more));
            assert_eq!((rules.len(), bad.is_empty()), (0, false), "{operator} {more}: {bad:?}");
        }
    }

    #[test]
    fn what_is_wrong_a_thousand_times_is_told_by_its_number() {
        let item = "<IndicatorItem condition='is'><Context search='No/Term'/><Content>x</Content></IndicatorItem>\n";
        let many = item.repeat(20_000);
        let (_, bad) = read(&format!("<ioc><Indicator operator='OR'>{many}</Indicator></ioc>"));
        assert_eq!(bad.len(), MAX_TOLD + 1);
        assert!(bad.last().unwrap().1.contains("19800 more"), "{:?}", bad.last());
    }

    #[test]
    fn what_is_broken_is_told_and_not_half_read() {
        for (end, why) in [("</definition>", "cut off"), ("<ioc", "nothing in it")] {
            let cut = FILE.find(end).unwrap();
            let (rules, bad) = read(FILE.get(..cut).unwrap());
            assert!(rules.is_empty(), "{rules:?}");
            assert!(bad.iter().any(|(_, told)| told.contains(why)), "{bad:?}");
        }
        let deep = "<Indicator operator='AND'>".repeat(100);
        assert!(read(&deep).1.iter().any(|(_, told)| told.contains("deeper")));
    }
}
