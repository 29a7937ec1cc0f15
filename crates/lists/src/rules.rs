//! Rules of Snort and Suricata: one a line, or over several that end with a backslash.
//!
//! A rule is valid by form when it has an action, a protocol, two sides with ports, and options in
//! brackets, `sid` among them (Snort 2.9 manual §3.2; Suricata 7 documentation, "Rules Format"). Whether
//! the program takes every option is its own to say.

use crate::bounds::{MAX_ROW_BYTES, shown};
use crate::comments::Comments;
use crate::kind::Observable;
use crate::lines::{Line, Lines};
use crate::made::Rule;
use crate::refused::Refused;
use crate::{time, value};
use forewarn_stix::loss::Losses;
use std::io::Read;

const ACTIONS: &[&str] = &[
    "alert",
    "block",
    "drop",
    "log",
    "pass",
    "react",
    "reject",
    "rejectboth",
    "rejectdst",
    "rejectsrc",
    "rewrite",
    "sdrop",
];

/// Words that Suricata alone has: protocols of applications in the header, and buffers.
const SURICATA: &[&str] = &[
    "alert dns ",
    "alert tls ",
    "alert smb ",
    "alert ssh ",
    "alert ftp ",
    "alert tcp-pkt ",
    "http.",
    "dns.",
    "dns_query",
    "tls.",
    "tls_",
    "ja3",
    "file.",
    "ssh.",
    "krb5",
    "target:",
    "bsize:",
    "datasets:",
    "dataset:",
    "filestore",
    "app-layer-",
    "requires:",
];

/// Whether a line begins like a rule.
pub(crate) fn is_rule(line: &str) -> bool {
    let action = line.split_whitespace().next().unwrap_or_default();
    ACTIONS.contains(&action)
        && line.contains('(')
        && (line.contains("->") || line.contains("<>") || line.ends_with('\\'))
}

/// Whether rules are Suricata's: both read most of the other's.
pub(crate) fn is_suricata(text: &str) -> bool {
    let rules = text.lines().map(str::trim_start).filter(|line| is_rule(line));
    rules.into_iter().any(|line| SURICATA.iter().any(|word| line.contains(word)))
}

/// What comes next of a file of rules.
pub(crate) enum Next {
    Rule(Box<Rule>),
    Bad(String, String),
    End,
}

pub(crate) struct Rules<R> {
    lines: Lines<R>,
    kind: &'static str,
    pub(crate) comments: Comments,
}

impl<R: Read> Rules<R> {
    /// The rules of a file, of this type of pattern.
    pub(crate) fn open(input: R, kind: &'static str) -> Rules<R> {
        Rules { lines: Lines::new(input), kind, comments: Comments::default() }
    }

    pub(crate) fn read(&mut self, lost: &mut Losses) -> Result<Next, Refused> {
        loop {
            let (number, mut text) = match self.lines.read()? {
                None => return Ok(Next::End),
                Some(Line::Bad(number, why)) => {
                    return Ok(Next::Bad(format!("line {number}"), why));
                }
                Some(Line::Text(number, text)) => (number, text),
            };
            let bare = text.trim();
            if bare.is_empty() {
                continue;
            }
            if let Some(comment) = bare.strip_prefix('#') {
                if is_rule(comment.trim_start_matches('#').trim_start()) {
                    let why = "a rule that is switched off: it is not converted";
                    lost.add(format!("line {number}"), why);
                } else {
                    self.comments.add(number, comment, lost)?;
                }
                continue;
            }
            self.comments.is_late = true;
            while text.ends_with('\\') && text.len() < MAX_ROW_BYTES {
                text.pop();
                match self.lines.read()? {
                    Some(Line::Text(_, more)) => text.push_str(more.trim_start()),
                    Some(Line::Bad(..)) | None => break,
                }
            }
            return Ok(match rule(self.kind, text.trim()) {
                Ok(rule) => Next::Rule(Box::new(rule)),
                Err(why) => Next::Bad(format!("line {number}"), why),
            });
        }
    }
}

/// Reads one rule.
fn rule(kind: &'static str, text: &str) -> Result<Rule, String> {
    let (header, rest) = text
        .split_once('(')
        .ok_or_else(|| format!("has no options in brackets: `{}`", shown(text)))?;
    let options =
        rest.trim_end().strip_suffix(')').ok_or("its options have no bracket at their end")?;
    check_header(header)?;
    let mut rule = Rule::new(kind, text);
    let mut has_sid = false;
    for option in options_of(options)? {
        let (key, value) = option.split_once(':').unwrap_or((option, ""));
        let value = value.trim();
        match key.trim() {
            "sid" => {
                let is_number = value.parse::<u64>().is_ok();
                if !is_number {
                    return Err(format!("`sid` is not a number: `{}`", shown(value)));
                }
                has_sid = true;
            }
            "msg" => rule.name = Some(unquoted(value)),
            "reference" => rule.references.extend(reference(value)),
            "classtype" => rule.labels.push(value.to_owned()),
            "metadata" => metadata(value, &mut rule),
            _ => {}
        }
    }
    if has_sid { Ok(rule) } else { Err("has no `sid`".to_owned()) }
}

fn check_header(header: &str) -> Result<(), String> {
    // Lists of addresses and ports may have spaces in their brackets.
    let mut depth = 0;
    let words = header.split(|c: char| {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        c.is_whitespace() && depth == 0
    });
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let (action, arrow) = match words.as_slice() {
        [action, _, _, _, arrow, _, _] => (*action, *arrow),
        // Snort 3 knows headers of an action and a protocol.
        [action, _] => (*action, "->"),
        _ => {
            let why = "its header is not ACTION PROTOCOL ADDRESS PORT -> ADDRESS PORT";
            return Err(format!("{why}: `{}`", shown(header)));
        }
    };
    if !ACTIONS.contains(&action) {
        return Err(format!("`{}` is no action of a rule", shown(action)));
    }
    if depth != 0 {
        return Err("a square bracket of its header is not closed".to_owned());
    }
    if !["->", "<>", "=>"].contains(&arrow) {
        return Err(format!("`{}` is no direction: -> or <>", shown(arrow)));
    }
    Ok(())
}

/// The options, each without the semicolon after it; semicolons in quotes, and after a backslash, are
/// letters like others.
fn options_of(text: &str) -> Result<Vec<&str>, String> {
    let (mut all, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                all.push(text.get(start..at).unwrap_or_default().trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    if quoted {
        return Err("a quote is not closed".to_owned());
    }
    let rest = text.get(start..).unwrap_or_default().trim();
    if !rest.is_empty() {
        return Err(format!("an option has no semicolon after it: `{}`", shown(rest)));
    }
    Ok(all)
}

fn unquoted(text: &str) -> String {
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    bare.replace("\\\"", "\"").replace("\\;", ";").replace("\\:", ":").replace("\\\\", "\\")
}

/// `cve,2017-0144` and `url,acme.example/x`. The pattern says the others.
fn reference(value: &str) -> Option<(String, String)> {
    let (system, what) = value.split_once(',')?;
    let what = what.trim().trim_matches('"');
    match system.trim() {
        "cve" => {
            let number = what.trim_start_matches("CVE-").trim_start_matches("cve-");
            link("cve", &format!("CVE-{number}"))
        }
        "url" => {
            let scheme = if what.contains("://") { "" } else { "https://" };
            link("url", &format!("{scheme}{what}"))
        }
        _ => None,
    }
}

/// A reference to a CVE number or URL that is one, by its form.
pub(crate) fn link(system: &'static str, what: &str) -> Option<(String, String)> {
    let kind = if system == "cve" { Observable::Vulnerability } else { Observable::Url };
    let value = value::read(kind, what)?;
    // As it stands: nothing in a rule is defanged.
    let is_same = value.text.eq_ignore_ascii_case(what);
    is_same.then(|| (system.to_owned(), value.text.into_owned()))
}

/// `created_at 2010_07_30, updated_at 2019_10_08`.
fn metadata(value: &str, rule: &mut Rule) {
    for pair in value.split(',') {
        let Some((key, value)) = pair.trim().split_once(' ') else { continue };
        let time = || time::read(&value.trim().replace('_', "-"));
        match key {
            "created_at" => rule.created = time(),
            "updated_at" => rule.modified = time(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"alert tcp $HOME_NET any -> [198.51.100.7, 198.51.100.8] 443 (msg:"calls \"home\"; again"; content:"a|3b|\;b"; reference:cve,2017-0144; reference:url,acme.example/x; classtype:trojan-activity; sid:2000001; rev:2; metadata:created_at 2026_11_20, updated_at 2026_11_21;)"#;

    #[test]
    fn a_rule_says_its_name_references_and_times() {
        let rule = rule("suricata", GOOD).unwrap();
        assert_eq!(rule.name.as_deref(), Some("calls \"home\"; again"));
        assert_eq!(rule.pattern, GOOD);
        let [cve, url] = rule.references.as_slice() else { panic!("{:?}", rule.references) };
        assert_eq!((cve.1.as_str(), url.1.as_str()), ("CVE-2017-0144", "https://acme.example/x"));
        assert_eq!(rule.created.unwrap().as_str(), "2026-11-20T00:00:00Z");
        assert_eq!(rule.labels, ["trojan-activity"]);
    }

    #[test]
    fn what_is_no_rule_is_told_and_why() {
        for (text, why) in [
            ("alert tcp any any -> any any msg:\"x\";", "no options"),
            ("alert tcp any any -> any any (sid:1;", "no bracket at their end"),
            ("alert tcp any any -> any any (msg:\"x;)", "quote is not closed"),
            ("alert tcp any any -> any any (msg:\"x\";)", "has no `sid`"),
            ("alert tcp any any -> any any (sid:x;)", "not a number"),
            ("alert tcp any any -> any any (msg:\"x\"; sid:1)", "no semicolon"),
            ("alarm tcp any any -> any any (sid:1;)", "no action"),
            ("alert tcp any -> any (sid:1;)", "its header"),
            ("alert tcp any any -- any any (sid:1;)", "no direction"),
            ("alert tcp [1,2 any -> any any (sid:1;)", "its header"),
        ] {
            let told = rule("snort", text).unwrap_err();
            assert!(told.contains(why), "{text}: {told}");
        }
    }
}
