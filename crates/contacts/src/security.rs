//! `security.txt` (RFC 9116), as somebody has saved it: whom to tell of a site, and until when that
//! holds. Whose it is, its `Canonical` says, or the name of the file.

use crate::found::Found;
use crate::lines::Lines;
use crate::query::Sought;
use crate::{Candidate, File};
use forewarn_stix::{Timestamp, offset};
use std::io;

/// Longest file: RFC 9116 §5.4 asks readers to have a bound.
const MAX_LINES: usize = 1_000;

/// The fields that the standard has.
const FIELDS: &[&str] = &[
    "contact",
    "expires",
    "encryption",
    "acknowledgments",
    "preferred-languages",
    "canonical",
    "policy",
    "hiring",
    "csaf",
];

/// Whether a line is a field of such a file.
pub(crate) fn is_field(line: &str) -> bool {
    let name = line.split_once(':').map_or("", |(name, _)| name.trim());
    FIELDS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

pub(crate) fn find(
    sought: &Sought,
    file: &dyn File,
    now: &Timestamp,
    found: &mut Found,
    told: &mut Vec<String>,
) -> io::Result<()> {
    let mut lines = Lines::of(file.open()?);
    let (mut contacts, mut hosts, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..MAX_LINES {
        let Some((_, line)) = lines.next_line()? else { break };
        // What was signed has a dash before lines with dashes; the signature ends it.
        if line.starts_with("-----BEGIN PGP SIGNATURE") {
            break;
        }
        let line = line.strip_prefix("- ").unwrap_or(&line);
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim().to_owned();
        match name.trim().to_ascii_lowercase().as_str() {
            "contact" => contacts.push(value),
            "canonical" => hosts.extend(host(&value)),
            "expires" => {
                let over = offset::in_utc(&value).map(|time| time <= *now);
                notes.push(match over {
                    Some(true) => format!("it does not hold any more: expired {value}"),
                    Some(false) => format!("it holds until {value}"),
                    None => format!("expires: {value}, which is no time"),
                });
            }
            "encryption" | "policy" | "preferred-languages" => {
                notes.push(format!("{}: {value}", name.trim().to_ascii_lowercase()));
            }
            _ => {}
        }
    }
    if hosts.is_empty() {
        hosts.extend(of_file(&file.name()));
    }
    if hosts.is_empty() {
        told.push(format!(
            "{}: it is not known of which site it is: it has no `Canonical`; name the file after its \
             host, such as example.org.txt",
            file.name()
        ));
    }
    // A site answers for itself and for what is below it (§3).
    let closest = hosts.iter().filter_map(|host| Some((sought.below(host)?, host))).min();
    if let Some((distance, host)) = closest {
        found.push(Candidate {
            about: host.clone(),
            name: String::new(),
            contacts,
            notes,
            source: file.name(),
            distance,
        });
    }
    Ok(())
}

/// The host of a URL.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let host = host.split(':').next()?.to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

/// The host that a file is named after.
fn of_file(name: &str) -> Option<String> {
    let name = name.rsplit('/').next()?.strip_suffix(".txt")?;
    let sought: Result<Sought, _> = name.parse();
    match sought {
        Ok(Sought::Name(name)) => Some(name),
        Ok(Sought::Address(_) | Sought::System(_)) | Err(_) => None,
    }
}
