//! Tables of contacts that the operator keeps: CSV with a header. One column says for what, the
//! others how to reach somebody.

use crate::query::Sought;
use crate::{Candidate, File};
use std::io;

/// Names of the column that says for what.
const ABOUT: &[&str] =
    &["value", "for", "domain", "host", "ip", "address", "cidr", "network", "prefix", "asn", "as"];
/// Names of columns that say how to reach somebody.
const CONTACTS: &[&str] = &["contact", "email", "e-mail", "mail", "phone", "telephone", "url"];
/// Names of the column that says who it is.
const NAMES: &[&str] = &["name", "organisation", "organization", "org"];
/// Most things that are told of one table.
const MAX_TOLD: usize = 20;

fn is(column: &str, known: &[&str]) -> bool {
    known.iter().any(|name| name.eq_ignore_ascii_case(column.trim()))
}

pub(crate) fn find(
    sought: &Sought,
    file: &dyn File,
    found: &mut Vec<Candidate>,
    told: &mut Vec<String>,
) -> io::Result<()> {
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(file.open()?);
    let columns: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let about: Vec<usize> = (0..columns.len())
        .filter(|at| columns.get(*at).is_some_and(|name| is(name, ABOUT)))
        .collect();
    if about.is_empty() {
        let names = ABOUT.join(", ");
        told.push(format!("{}: it has no column that says for what: {names}", file.name()));
        return Ok(());
    }
    let mut bad = 0;
    for (row, line) in reader.records().zip(2_u64..) {
        let row = row?;
        let Some((distance, value)) = about
            .iter()
            .filter_map(|at| {
                let value = row.get(*at)?.trim();
                Some((distance(sought, value, &mut bad)?, value.to_owned()))
            })
            .min()
        else {
            continue;
        };
        let (mut name, mut contacts, mut notes) = (String::new(), Vec::new(), Vec::new());
        for (at, (column, text)) in columns.iter().zip(row.iter()).enumerate() {
            let text = text.trim();
            if text.is_empty() || about.contains(&at) {
                continue;
            }
            if is(column, NAMES) {
                text.clone_into(&mut name);
            } else if is(column, CONTACTS) {
                contacts.push(text.to_owned());
            } else {
                notes.push(format!("{}: {text}", column.trim()));
            }
        }
        let line = row.position().map_or(line, csv::Position::line);
        let source = format!("{}, line {line}", file.name());
        found.push(Candidate { about: value, name, contacts, notes, source, distance });
    }
    if bad > 0 && told.len() < MAX_TOLD {
        told.push(format!("{}: {bad} rows are for nothing that is read", file.name()));
    }
    Ok(())
}

/// How close a row is; `None` when it is for something else.
fn distance(sought: &Sought, value: &str, bad: &mut usize) -> Option<u32> {
    if value.is_empty() {
        return None;
    }
    if let Ok(block) = value.parse::<ipnet::IpNet>() {
        return sought.within(&block);
    }
    let domain = value.strip_prefix("*.").unwrap_or(value);
    match domain.parse::<Sought>() {
        Ok(Sought::Name(domain)) => sought.below(&domain),
        Ok(same) => (same == *sought).then_some(0),
        Err(_) => {
            *bad += 1;
            None
        }
    }
}
