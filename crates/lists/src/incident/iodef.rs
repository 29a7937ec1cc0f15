//! IODEF 2 (RFC 7970), in XML or in JSON (RFC 8727).

use super::tree::{of_json, own, said};
use super::{Case, Found, Role};
use crate::kind::Observable;
use crate::refused::Refused;
use crate::time;
use forewarn_cap::tree::Element;
use forewarn_stix::loss::Losses;

/// The namespaces of IODEF 2 and 1, which have the elements that are read.
const NAMESPACES: &[&str] =
    &["urn:ietf:params:xml:ns:iodef-2.0", "urn:ietf:params:xml:ns:iodef-1.0"];

/// Whether a text begins like IODEF.
pub(super) fn is_start(text: &str) -> bool {
    let text = text.trim_start();
    let is_xml = text.starts_with('<') && NAMESPACES.iter().any(|name| text.contains(name));
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    is_xml || (text.starts_with('{') && has("Incident") && has("IncidentID"))
}

/// Every incident of a document.
pub(super) fn read(bytes: &[u8], lost: &mut Losses) -> Result<Vec<Case>, Refused> {
    let start = bytes.trim_ascii_start();
    let mut root = if start.starts_with(b"{") {
        let value = forewarn_stix::json::read(start).map_err(|e| Refused::Form(e.to_string()))?;
        of_json("IODEF-Document", &value, 0)
    } else {
        Element::read(bytes).map_err(|e| Refused::Form(e.to_string()))?
    };
    if root.name != "IODEF-Document" {
        return Err(Refused::Form(format!(
            "it begins with `{}`, not with IODEF-Document",
            root.name
        )));
    }
    for known in ["version", "lang", "format-id"] {
        said(&mut root, known);
    }
    let mut cases = Vec::new();
    for mut one in root.take_all("Incident") {
        cases.push(incident(&mut one)?);
        one.left(&mut |at, why| lost.add(at, why));
    }
    root.left(&mut |at, why| lost.add(at, why));
    if cases.is_empty() {
        return Err(Refused::Form("there is no incident in it".to_owned()));
    }
    Ok(cases)
}

fn incident(one: &mut Element) -> Result<Case, Refused> {
    let mut case = Case::default();
    // What says nothing is private (RFC 7970 §3.2).
    let restriction = said(one, "restriction").unwrap_or_else(|| "private".to_owned());
    case.mark(&restriction)?;
    if let Some(mut id) = one.take("IncidentID") {
        let system = said(&mut id, "name").unwrap_or_else(|| "IODEF".to_owned());
        let name = match own(&mut id) {
            text if text.is_empty() => id.text("id").unwrap_or_default(),
            text => text,
        };
        case.title = format!("incident {name} of {system}");
        case.named = Some((system, name));
        give_back(one, &mut id);
    }
    for name in ["purpose", "status", "lang"] {
        if let Some(text) = said(one, name) {
            case.say(name, &text);
        }
    }
    let mut at = |name: &str| one.text(name).as_deref().and_then(time::read);
    (case.first, case.last) = (at("StartTime"), at("EndTime"));
    let detected = at("DetectTime");
    case.first = case.first.take().or(detected);
    let generated = at("GenerationTime");
    case.reported = at("ReportTime").or(generated);
    for text in one.texts("Description") {
        case.say("description", &text);
    }
    for name in ["Assessment", "Method", "Contact", "Discovery"] {
        for part in one.take_all(name) {
            case.say(&name.to_ascii_lowercase(), &flat(&part));
        }
    }
    for mut data in one.take_all("EventData") {
        event(&mut data, &mut case);
        give_back(one, &mut data);
    }
    for mut data in one.take_all("IndicatorData") {
        for mut indicator in data.take_all("Indicator") {
            watched(&mut indicator, &mut case);
            give_back(&mut data, &mut indicator);
        }
        give_back(one, &mut data);
    }
    Ok(case)
}

/// What is left of a part is told with the whole.
fn give_back(whole: &mut Element, part: &mut Element) {
    whole.children.append(&mut part.children);
    let line = part.line;
    let left = part.attributes.drain(..).map(|(name, text)| Element {
        name: format!("{}/@{name}", part.name),
        text,
        line,
        ..Element::default()
    });
    whole.children.extend(left);
}

/// An element as words: names with what stands in them.
fn flat(element: &Element) -> String {
    let attributes = element.attributes.iter().map(|(name, value)| format!("{name}={value}"));
    let text = Some(element.text.clone()).filter(|text| !text.is_empty());
    let children = element.children.iter().map(|child| format!("{}: {}", child.name, flat(child)));
    text.into_iter().chain(attributes).chain(children).collect::<Vec<_>>().join("; ")
}

fn event(data: &mut Element, case: &mut Case) {
    for text in data.texts("Description") {
        case.say("event", &text);
    }
    for name in ["StartTime", "DetectTime", "EndTime", "ReportTime"] {
        let Some(text) = data.text(name) else { continue };
        match (name, time::read(&text)) {
            ("EndTime", Some(at)) => case.last = case.last.take().max(Some(at)),
            ("StartTime" | "DetectTime", Some(at)) => {
                case.first = Some(case.first.take().map_or(at.clone(), |known| known.min(at)));
            }
            _ => case.say(name, &text),
        }
    }
    for mut flow in data.take_all("Flow") {
        for mut system in flow.take_all("System") {
            self::system(&mut system, case);
            give_back(data, &mut system);
        }
        give_back(data, &mut flow);
    }
    // Events stand in events.
    for mut inner in data.take_all("EventData") {
        event(&mut inner, case);
        give_back(data, &mut inner);
    }
    for name in ["Assessment", "Method", "Contact", "Expectation"] {
        for part in data.take_all(name) {
            case.say(&name.to_ascii_lowercase(), &flat(&part));
        }
    }
}

/// A machine, as the incident has it.
fn system(system: &mut Element, case: &mut Case) {
    let category = said(system, "category").unwrap_or_default();
    let role = match category.as_str() {
        "source" | "infrastructure" => Role::Source,
        "target" => Role::Victim,
        _ => Role::Seen,
    };
    let mut words = Vec::new();
    for service in system.take_all("Service") {
        words.push(format!("service: {}", flat(&service)));
    }
    for name in ["Description", "OperatingSystem", "Counter", "AssetID"] {
        words.extend(system.take_all(name).iter().map(flat));
    }
    let words = words.join("\n");
    for mut node in system.take_all("Node") {
        for mut address in node.take_all("Address") {
            found(&mut address, (role, &words), case);
        }
        for mut name in node.take_all("DomainData") {
            for text in name.texts("Name") {
                push(case, role, Some(Observable::Domain), text, &words, name.line);
            }
            give_back(system, &mut name);
        }
        for (name, line) in node.take_all("NodeName").into_iter().map(|one| (one.text, one.line)) {
            push(case, role, Some(Observable::Domain), name, &words, line);
        }
        for part in ["NodeRole", "Location", "Counter"] {
            for one in node.take_all(part) {
                case.say(&format!("{} {part}", role.word()), &flat(&one));
            }
        }
        give_back(system, &mut node);
    }
}

fn push(
    case: &mut Case,
    role: Role,
    kind: Option<Observable>,
    text: String,
    words: &str,
    line: usize,
) {
    let (words, at) = (words.to_owned(), format!("line {line}"));
    case.found.push(Found { role, kind, text, words, at });
}

/// The kind of an address (RFC 7970 §3.18.1).
fn category(word: &str) -> Option<Observable> {
    match word {
        "ipv4-addr" | "ipv4-net" | "ipv4-net-masked" => Some(Observable::Ipv4),
        "ipv6-addr" | "ipv6-net" | "ipv6-net-masked" => Some(Observable::Ipv6),
        "asn" => Some(Observable::System),
        "e-mail" | "email" => Some(Observable::Email),
        "mac" => Some(Observable::Mac),
        "site-uri" | "uri" | "url" => Some(Observable::Url),
        "fqdn" | "domain-name" => Some(Observable::Domain),
        _ => None,
    }
}

fn found(address: &mut Element, (role, words): (Role, &str), case: &mut Case) {
    let kind = said(address, "category").as_deref().and_then(category);
    let (text, line) = (own(address), address.line);
    push(case, role, kind, text, words, line);
}

/// What is to be watched for.
fn watched(indicator: &mut Element, case: &mut Case) {
    let mut words: Vec<String> = indicator.texts("Description");
    for name in ["IndicatorID", "StartTime", "EndTime", "Confidence", "Expectation"] {
        words.extend(indicator.take_all(name).iter().map(|one| format!("{name}: {}", flat(one))));
    }
    let words = words.join("\n");
    for mut observable in indicator.take_all("Observable") {
        of_observable(&mut observable, &words, case);
        give_back(indicator, &mut observable);
    }
}

fn of_observable(observable: &mut Element, words: &str, case: &mut Case) {
    let role = Role::Watched;
    for mut address in observable.take_all("Address") {
        found(&mut address, (role, words), case);
    }
    for mut name in observable.take_all("DomainData") {
        for text in name.texts("Name") {
            push(case, role, Some(Observable::Domain), text, words, name.line);
        }
        give_back(observable, &mut name);
    }
    for mut system in observable.take_all("System") {
        let category = said(&mut system, "category");
        case.say("system to be watched for", &category.unwrap_or_default());
        for mut node in system.take_all("Node") {
            for mut address in node.take_all("Address") {
                found(&mut address, (role, words), case);
            }
            give_back(&mut system, &mut node);
        }
        give_back(observable, &mut system);
    }
    for mut mail in observable.take_all("EmailData") {
        for text in mail.texts("EmailFrom") {
            push(case, role, Some(Observable::Email), text, words, mail.line);
        }
        give_back(observable, &mut mail);
    }
    for mut file in observable.take_all("FileData") {
        for mut one in file.take_all("File") {
            of_file(&mut one, words, case);
            give_back(&mut file, &mut one);
        }
        give_back(observable, &mut file);
    }
    for mut bulk in observable.take_all("BulkObservable") {
        let kind = said(&mut bulk, "type").as_deref().and_then(category);
        for list in bulk.take_all("BulkObservableList") {
            for (n, text) in list.text.split_whitespace().enumerate() {
                push(case, role, kind, text.to_owned(), words, list.line + n);
            }
        }
        give_back(observable, &mut bulk);
    }
}

/// Digests of a file; its name says which file they are of, and alone says little.
fn of_file(file: &mut Element, words: &str, case: &mut Case) {
    let name = file.text("FileName");
    let words = match &name {
        Some(name) => format!("file: {name}\n{words}"),
        None => words.to_owned(),
    };
    let before = case.found.len();
    for mut data in file.take_all("HashData") {
        said(&mut data, "scope");
        for mut hash in data.take_all("Hash") {
            // XML signature names its methods by URLs; which it is, its length shows.
            hash.take("DigestMethod");
            let line = hash.line;
            let text = hash.text("DigestValue").unwrap_or_default();
            let text = hex_of(&text).unwrap_or(text);
            push(case, Role::Watched, Some(Observable::Hash), text, &words, line);
            give_back(&mut data, &mut hash);
        }
        give_back(file, &mut data);
    }
    if let (true, Some(name)) = (case.found.len() == before, name) {
        push(case, Role::Watched, Some(Observable::FileName), name, &words, file.line);
    }
}

/// A digest in base64, as XML signature writes it, in hex. Some write hex there.
fn hex_of(text: &str) -> Option<String> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use std::fmt::Write as _;
    let text: String = text.split_whitespace().collect();
    let is_hex = text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex && matches!(text.len(), 32 | 40 | 64 | 128) {
        return Some(text);
    }
    let bytes = STANDARD.decode(&text).ok()?;
    Some(bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}
