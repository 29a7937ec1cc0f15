//! X-ARF: reports of abuse as mails with a part of fields (versions 0.1 and 0.2), or as JSON (versions
//! 3 and 4), alone or in a mail.

use super::arf::{date, message, of_mail, pairs, part};
use super::tree::of_json;
use super::{Case, Found, Role, arf};
use crate::bounds::shown;
use crate::kind::Observable;
use crate::refused::Refused;
use forewarn_cap::tree::Element;
use forewarn_stix::loss::Losses;
use serde_json::Value;

/// Whether a text begins like X-ARF.
pub(super) fn is_start(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with('{') {
        return is_json(text);
    }
    let lower = text.to_ascii_lowercase();
    let named = |name: &str| lower.lines().any(|line| line.starts_with(name));
    arf::is_header(text) && (named("x-arf:") || named("x-xarf:"))
}

fn is_json(text: &str) -> bool {
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    has("xarf_version") || (has("ReporterInfo") && has("Report"))
}

/// Reads one.
pub(super) fn read(bytes: &[u8], lost: &mut Losses) -> Result<Case, Refused> {
    if bytes.trim_ascii_start().starts_with(b"{") {
        return json(bytes.trim_ascii(), Case::default(), lost);
    }
    let mail = message(bytes)?;
    let case = of_mail(&mail);
    if let Some(text) = part(&mail, "application", "json") {
        return json(text.trim().as_bytes(), case, lost);
    }
    // One part of text is for people, the other holds the fields.
    let is_fields =
        |text: &str| text.lines().any(|line| line.to_ascii_lowercase().starts_with("source:"));
    let texts = mail.parts.iter().filter(|part| part.is_text());
    let mut texts = texts.map(|part| String::from_utf8_lossy(part.contents()));
    let Some(text) = texts.find(|text| is_fields(text)) else {
        return Err(Refused::Form("the mail has no part with the fields of X-ARF".to_owned()));
    };
    for (at, part) in mail.attachments().enumerate() {
        if !is_fields(&String::from_utf8_lossy(part.contents())) {
            lost.add(format!("attachment {}", at + 1), "what is complained of is not carried over");
        }
    }
    fields(&pairs(&text), case, lost)
}

/// A value with the kind that the report says, where it is one that is read.
fn kind(word: &str) -> Option<Observable> {
    match word.to_ascii_lowercase().as_str() {
        "ip-address" | "ipv4" | "ipv6" | "ip" => Some(Observable::Address),
        "uri" | "url" => Some(Observable::Url),
        "domain" | "domain-name" | "hostname" => Some(Observable::Domain),
        "email" | "e-mail" | "mailbox" => Some(Observable::Email),
        "as" | "asn" => Some(Observable::System),
        _ => None,
    }
}

fn fields(all: &[(String, String)], mut case: Case, lost: &mut Losses) -> Result<Case, Refused> {
    let typed = |name: &str| {
        let found = all.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.and_then(|(_, word)| kind(unquoted(word)))
    };
    let (source, destination) = (typed("source-type"), typed("destination-type"));
    let mut title = Vec::new();
    for (line, (name, text)) in (1..).zip(all) {
        let (text, at) = (unquoted(text).to_owned(), format!("field {line}, `{}`", shown(name)));
        let mut found = |role, kind| {
            case.found.push(Found {
                role,
                kind,
                text: text.clone(),
                words: String::new(),
                at: at.clone(),
            });
        };
        match name.to_ascii_lowercase().as_str() {
            "source" => found(Role::Source, source),
            "destination" => found(Role::Victim, destination),
            "date" => match date(&text) {
                Some(time) => case.first = Some(time),
                None => lost.add(at, format!("`{}` is no time", shown(&text))),
            },
            "report-id" => case.named = Some(("X-ARF".to_owned(), text)),
            "category" | "report-type" => title.push(text),
            "tlp" => case.mark(&text)?,
            "source-type" | "destination-type" => {}
            _ => case.say(name, &text),
        }
    }
    case.title = format!("report of abuse ({}): {}", title.join(", "), case.title);
    Ok(case)
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// Fields of version 4, and of version 3 where they stand in `Report`; what is left is said in words.
fn json(bytes: &[u8], mut case: Case, lost: &mut Losses) -> Result<Case, Refused> {
    let value: Value =
        forewarn_stix::json::read(bytes).map_err(|e| Refused::Form(e.to_string()))?;
    let mut root = of_json("report", &value, 0);
    if let Some(tlp) = root.text("tlp").or_else(|| root.text("TLP")) {
        case.mark(&tlp)?;
    }
    let mut report = match root.take("Report") {
        Some(report) => report,
        None => std::mem::take(&mut root),
    };
    let mut title = Vec::new();
    for name in ["category", "type", "ReportClass", "ReportType"] {
        title.extend(report.text(name));
    }
    for name in ["timestamp", "Date", "date"] {
        if let Some(text) = report.text(name) {
            match date(&text) {
                Some(time) => case.first = Some(time),
                None => lost.add(name, format!("`{}` is no time", shown(&text))),
            }
        }
    }
    if let Some(id) = report.text("report_id").or_else(|| report.text("ReportID")) {
        case.named = Some(("X-ARF".to_owned(), id));
    }
    let known: &[(&str, Role, Option<Observable>)] = &[
        ("source_identifier", Role::Source, None),
        ("SourceIp", Role::Source, Some(Observable::Address)),
        ("SourceUrl", Role::Source, Some(Observable::Url)),
        ("Url", Role::Source, Some(Observable::Url)),
        ("url", Role::Source, Some(Observable::Url)),
        ("domain", Role::Source, Some(Observable::Domain)),
        ("Domain", Role::Source, Some(Observable::Domain)),
        ("sender", Role::Source, Some(Observable::Email)),
        ("smtp_from", Role::Source, Some(Observable::Email)),
        ("destination_ip", Role::Victim, Some(Observable::Address)),
        ("DestinationIp", Role::Victim, Some(Observable::Address)),
        ("target", Role::Victim, None),
    ];
    for (name, role, kind) in known {
        for text in report.texts(name) {
            let (words, at) = (String::new(), (*name).to_owned());
            case.found.push(Found { role: *role, kind: *kind, text, words, at });
        }
    }
    for name in ["evidence", "Samples", "Attachments"] {
        for part in report.take_all(name) {
            let what = part.children.iter().find(|one| one.name.contains("escription"));
            let what = what.map_or("", |one| one.text.as_str());
            lost.add(name, format!("what is complained of is not carried over: {}", shown(what)));
        }
    }
    case.title = format!("report of abuse ({}): {}", title.join(", "), case.title);
    say_all(&report, "", &mut case);
    say_all(&root, "", &mut case);
    Ok(case)
}

/// What is left, in words: names with what stands in them.
fn say_all(element: &Element, before: &str, case: &mut Case) {
    for child in &element.children {
        let name = format!("{before}{}", child.name);
        if !child.text.is_empty() {
            case.say(&name, &child.text);
        }
        say_all(child, &format!("{name}."), case);
    }
}
