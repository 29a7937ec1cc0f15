//! Which form a list has, by its first bytes.

use crate::table::separator;
use crate::{hosts, incident, openioc, rules, value};
use std::fmt;

/// How many bytes of a file show what it is.
pub const FORM_BYTES: usize = 64 << 10;

/// The form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Rows of columns, between commas, tabs, semicolons or bars.
    Table,
    /// A value a line.
    Lines,
    /// An object of JSON for each row: one a line, or a list of them.
    Json,
    /// An address and names a line, as `/etc/hosts` has them.
    Hosts,
    /// Rules of Snort.
    Snort,
    /// Rules of Suricata.
    Suricata,
    /// Rules of Sigma, in YAML.
    Sigma,
    /// Rules of YARA.
    Yara,
    /// Trees of OpenIOC, in XML.
    OpenIoc,
    /// An alert of CAP 1.2.
    Cap,
    /// Incidents of IODEF 2, in XML or JSON.
    Iodef,
    /// A report of abuse as X-ARF: a mail, or JSON.
    Xarf,
    /// A report of abuse as a mail (ARF).
    Arf,
}

impl Form {
    /// Every form, by the name that people give it.
    pub const NAMED: [(&str, Form); 13] = [
        ("table", Form::Table),
        ("lines", Form::Lines),
        ("json", Form::Json),
        ("hosts", Form::Hosts),
        ("snort", Form::Snort),
        ("suricata", Form::Suricata),
        ("sigma", Form::Sigma),
        ("yara", Form::Yara),
        ("openioc", Form::OpenIoc),
        ("cap", Form::Cap),
        ("iodef", Form::Iodef),
        ("xarf", Form::Xarf),
        ("arf", Form::Arf),
    ];

    /// Whether somebody must say what its columns hold.
    pub fn has_columns(self) -> bool {
        match self {
            Form::Table | Form::Lines | Form::Json => true,
            Form::Hosts
            | Form::Snort
            | Form::Suricata
            | Form::Sigma
            | Form::Yara
            | Form::OpenIoc
            | Form::Cap
            | Form::Iodef
            | Form::Xarf
            | Form::Arf => false,
        }
    }

    /// What the beginning of a file shows; `None` where it is not surely a list.
    pub fn of(start: &[u8]) -> Option<Form> {
        let text = String::from_utf8_lossy(start);
        let text = text.trim_start_matches('\u{feff}');
        if let Some(format) = incident::is_start(text) {
            return Some(match format {
                incident::Format::Iodef => Form::Iodef,
                incident::Format::Xarf => Form::Xarf,
                incident::Format::Arf => Form::Arf,
            });
        }
        if text.trim_start().starts_with(['{', '[']) {
            return is_json_rows(text).then_some(Form::Json);
        }
        if text.trim_start().starts_with('<') {
            if forewarn_cap::is_start(text) {
                return Some(Form::Cap);
            }
            return openioc::is_start(text).then_some(Form::OpenIoc);
        }
        let mut lines: Vec<(u64, &str)> = (1..).zip(text.lines()).collect();
        // The last line may be cut off.
        if lines.len() > 1 && !text.ends_with('\n') && start.len() >= FORM_BYTES {
            lines.pop();
        }
        let is_comment = |text: &str| text.starts_with(['#', ';', '!']) || text.starts_with("//");
        let solid: Vec<&str> = lines
            .iter()
            .map(|(_, text)| text.trim())
            .filter(|text| !text.is_empty() && !is_comment(text))
            .collect();
        if let Some(form) = rule(text, &solid) {
            return Some(form);
        }
        let most = |is: &dyn Fn(&str) -> bool| {
            let count = solid.iter().filter(|line| is(line)).count();
            !solid.is_empty() && count * 10 >= solid.len() * 9
        };
        // A few lines of such a file may name machines of the network.
        let leads_nowhere = solid.iter().filter(|line| hosts::is_line(line)).count();
        if leads_nowhere > 0 && leads_nowhere * 2 > solid.len() {
            return Some(Form::Hosts);
        }
        let first = |line: &str| line.split([' ', '\t']).next().and_then(value::by_form).is_some();
        if separator(&lines).is_some() {
            return has_values(&solid).then_some(Form::Table);
        }
        (solid.len() > 1 && most(&first) && most(&|line| !is_prose(line))).then_some(Form::Lines)
    }
}

/// Whether a line has more than a value and a comment.
fn is_prose(line: &str) -> bool {
    let bare = [" #", "\t#", " //", " ;"].iter().filter_map(|sign| line.find(sign)).min();
    line.get(..bare.unwrap_or(line.len())).unwrap_or_default().trim().contains([' ', '\t'])
}

/// Whether one row in two or more has something that can be watched for.
fn has_values(solid: &[&str]) -> bool {
    let has = |line: &&&str| {
        line.split(crate::table::SEPARATORS).any(|field| value::by_form(field).is_some())
    };
    // The first may be the header.
    let rows = solid.get(1..).filter(|rows| !rows.is_empty()).unwrap_or(solid);
    rows.iter().filter(has).count() * 2 >= rows.len()
}

fn rule(text: &str, solid: &[&str]) -> Option<Form> {
    let first = solid.first()?;
    if rules::is_rule(first) {
        return Some(if rules::is_suricata(text) { Form::Suricata } else { Form::Snort });
    }
    let key = |name: &str| text.lines().any(|line| line.strip_prefix(name).is_some());
    if key("detection:") && key("logsource:") && key("title:") {
        return Some(Form::Sigma);
    }
    crate::yara::is_start(text).then_some(Form::Yara)
}

/// Whether JSON is rows: the first object has a value that can be watched for, and is neither STIX
/// nor MISP.
fn is_json_rows(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.strip_prefix('[').unwrap_or(text);
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    let Some(Ok(serde_json::Value::Object(first))) = values.next() else { return false };
    let others =
        ["objects", "spec_version", "Event", "Attribute", "response", "event_creator_email"];
    if others.iter().any(|key| first.contains_key(*key)) {
        return false;
    }
    let id = first.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
    let is_stix = forewarn_stix::StixId::type_of_any(id).is_ok();
    let texts = first.values().filter_map(serde_json::Value::as_str);
    !is_stix && texts.into_iter().any(|text| value::by_form(text).is_some())
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Table => "a table",
            Form::Lines => "a list of lines",
            Form::Json => "objects of JSON",
            Form::Hosts => "a hosts file",
            Form::Snort => "rules of Snort",
            Form::Suricata => "rules of Suricata",
            Form::Sigma => "rules of Sigma",
            Form::Yara => "rules of YARA",
            Form::OpenIoc => "OpenIOC",
            Form::Cap => "an alert of CAP",
            Form::Iodef => "IODEF",
            Form::Xarf => "X-ARF",
            Form::Arf => "a report of abuse (ARF)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_shows_which_form_a_list_has() {
        for (form, text) in [
            (Form::Table, "ip,seen\n198.51.100.7,2026-11-20\n"),
            (Form::Table, "# Drop\n1.10.16.0/20 ; SBL1\n1.19.0.0/16 ; SBL2\n"),
            (Form::Lines, "# bad ones\nevil.example\nworse.example # seen twice\n"),
            (Form::Json, "{\"ip\":\"198.51.100.7\"}\n{\"ip\":\"198.51.100.8\"}\n"),
            (Form::Json, "[{\"ioc\":\"evil.example\",\"n\":1}]"),
            (Form::Hosts, "127.0.0.1 localhost\n0.0.0.0 evil.example\n"),
            (Form::Snort, "alert tcp any any -> any 80 (msg:\"x\"; sid:1;)\n"),
            (
                Form::Suricata,
                "alert dns any any -> any any (msg:\"x\"; dns.query; content:\"a\"; sid:1;)\n",
            ),
            (Form::Sigma, "title: a\nlogsource:\n  product: windows\ndetection:\n  condition: a\n"),
            (Form::Yara, "import \"pe\"\nrule a { condition: true }\n"),
        ] {
            assert_eq!(Form::of(text.as_bytes()), Some(form), "{text}");
        }
        for text in [
            "",
            "The server is at evil.example.\nIt was seen twice.\n",
            "evil.example",
            "{\"type\":\"bundle\",\"objects\":[]}",
            "[{\"id\":\"url--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\",\"value\":\"http://a.example\"}]",
            "a,b\n1,2\n",
            "<html><body>evil.example</body></html>",
            "rule of law: a text about it",
        ] {
            assert_eq!(Form::of(text.as_bytes()), None, "{text}");
        }
    }
}
