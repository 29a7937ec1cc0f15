//! Rules of Sigma: documents of YAML, each an indicator. A rule is valid by form when it is YAML, has a
//! title, a source of logs, and a detection with a condition (Sigma specification 2.0).

use crate::made::Rule;
use crate::rules::link;
use crate::time;
use saphyr_parser::{Event, Parser};
use std::borrow::Cow;

/// What came of a file of rules: rules, and what is none, with its place.
pub(crate) type Read = (Vec<Rule>, Vec<(String, String)>);

/// Reads a file, document by document. What is wrong in one does not hide the others.
pub(crate) fn read(text: &str) -> Read {
    let (mut rules, mut bad) = (Vec::new(), Vec::new());
    for (line, document) in documents(text) {
        if document.lines().all(|line| line.trim().is_empty() || line.starts_with('#')) {
            continue;
        }
        match rule(line, document) {
            Ok(rule) => rules.push(rule),
            Err((at, why)) => bad.push((format!("line {at}"), why)),
        }
    }
    (rules, bad)
}

/// The documents of a stream, each with its first line.
fn documents(text: &str) -> Vec<(u64, &str)> {
    let (mut all, mut start, mut first, mut at) = (Vec::new(), 0, 1, 0);
    for (number, line) in (1_u64..).zip(text.split_inclusive('\n')) {
        let end = at + line.len();
        if line.trim_end() == "---" {
            all.push((first, text.get(start..at).unwrap_or_default()));
            (start, first) = (end, number + 1);
        }
        at = end;
    }
    all.push((first, text.get(start..).unwrap_or_default()));
    all
}

/// What a rule says at its top.
#[derive(Default)]
struct Top {
    title: Option<String>,
    description: Option<String>,
    date: Option<String>,
    modified: Option<String>,
    logsource: bool,
    condition: bool,
    detection: bool,
    labels: Vec<String>,
    references: Vec<String>,
}

fn rule(line: u64, text: &str) -> Result<Rule, (u64, String)> {
    let top = top(text).map_err(|(at, why)| (line + at, why))?;
    let missing = match &top {
        Top { title: None, .. } => Some("`title`"),
        Top { logsource: false, .. } => Some("`logsource`"),
        Top { detection: false, .. } => Some("`detection`"),
        Top { condition: false, .. } => Some("a `condition` in `detection`"),
        Top { .. } => None,
    };
    if let Some(missing) = missing {
        return Err((line, format!("this is no rule of Sigma: it has no {missing}")));
    }
    let mut rule = Rule::new("sigma", text.trim());
    let time = |text: Option<String>| text.and_then(|text| time::read(&text));
    (rule.name, rule.description) = (top.title, top.description);
    (rule.created, rule.modified) = (time(top.date), time(top.modified));
    rule.labels = top.labels;
    rule.references = top.references.iter().filter_map(|url| link("url", url)).collect();
    Ok(rule)
}

/// Walks over the events of a document. An error has the line, counted from 0.
fn top(text: &str) -> Result<Top, (u64, String)> {
    let mut found = Top::default();
    // For each collection that is open: whether it is a mapping, and the key that is waiting.
    let mut open: Vec<(bool, Option<String>)> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|bad| {
            let line = u64::try_from(bad.marker().line()).unwrap_or(1);
            (line.saturating_sub(1), format!("this is no YAML: {}", bad.info()))
        })?;
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                let is_mapping = matches!(event, Event::MappingStart(..));
                if let [(true, Some(key))] = open.as_slice() {
                    found.logsource |= key == "logsource" && is_mapping;
                    found.detection |= key == "detection" && is_mapping;
                }
                open.push((is_mapping, None));
            }
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                close(&mut open);
            }
            Event::Scalar(value, ..) => found.scalar(&mut open, value),
            Event::Alias(_) => close(&mut open),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
    }
    Ok(found)
}

/// A value has ended: the next scalar of a mapping is a key.
fn close(open: &mut [(bool, Option<String>)]) {
    if let Some((true, key)) = open.last_mut() {
        *key = None;
    }
}

impl Top {
    fn scalar(&mut self, open: &mut [(bool, Option<String>)], value: Cow<'_, str>) {
        if let Some((true, None)) = open.last_mut() {
            let value = value.into_owned();
            if let [(_, Some(outer)), (true, None)] = open
                && outer == "detection"
                && value == "condition"
            {
                self.condition = true;
            }
            if let Some((_, key)) = open.last_mut() {
                *key = Some(value);
            }
            return;
        }
        match open {
            [(true, Some(key))] => {
                let slot = match key.as_str() {
                    "title" => Some(&mut self.title),
                    "description" => Some(&mut self.description),
                    "date" => Some(&mut self.date),
                    "modified" => Some(&mut self.modified),
                    _ => None,
                };
                if let Some(slot) = slot {
                    *slot = Some(value.trim().to_owned());
                }
            }
            [(true, Some(key)), (false, _)] => match key.as_str() {
                "tags" => self.labels.push(value.into_owned()),
                "references" => self.references.push(value.into_owned()),
                _ => {}
            },
            _ => {}
        }
        close(open);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "title: Evil starts\nid: 6f2b\ndescription: |\n  Two\n  lines\ndate: 2026/11/20\n\
        tags:\n  - attack.execution\nreferences:\n  - https://acme.example/x\nlogsource:\n  product: windows\n\
        detection:\n  selection:\n    Image|endswith: '\\evil.exe'\n  condition: selection\n";

    #[test]
    fn each_document_is_a_rule_and_a_bad_one_hides_no_other() {
        let text = format!(
            "# ours\n---\n{GOOD}---\ntitle: [a\n---\ntitle: b\nlogsource:\n  a: b\n---\n{GOOD}"
        );
        let (rules, bad) = read(&text);
        assert_eq!(rules.len(), 2);
        let first = rules.first().unwrap();
        assert_eq!(first.name.as_deref(), Some("Evil starts"));
        assert_eq!(first.description.as_deref(), Some("Two\nlines"));
        assert_eq!(first.labels, ["attack.execution"]);
        assert_eq!(first.pattern, GOOD.trim());
        let words: Vec<String> = bad.iter().map(|(at, why)| format!("{at}: {why}")).collect();
        assert_eq!(words.len(), 2, "{words:?}");
        assert!(words.iter().any(|one| one.contains("no YAML")), "{words:?}");
        assert!(words.iter().any(|one| one.contains("no `detection`")), "{words:?}");
    }

    #[test]
    fn a_condition_elsewhere_is_none() {
        let text = GOOD.replace("  condition: selection\n", "condition: selection\n");
        let (rules, bad) = read(&text);
        assert!(rules.is_empty());
        assert!(bad.iter().any(|(_, why)| why.contains("a `condition` in `detection`")), "{bad:?}");
    }
}
