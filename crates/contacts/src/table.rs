//! Tables of contacts that the operator keeps: CSV with a header. One column says for what, the
//! others how to reach somebody.

use crate::found::Found;
use crate::query::Sought;
use crate::{Candidate, File};
use csv::StringRecord;
use std::cell::Cell;
use std::io::{self, BufRead, Read};

/// Names of the column that says for what.
const ABOUT: &[&str] =
    &["value", "for", "domain", "host", "ip", "address", "cidr", "network", "prefix", "asn", "as"];
/// Names of columns that say how to reach somebody.
const CONTACTS: &[&str] = &["contact", "email", "e-mail", "mail", "phone", "telephone", "url"];
/// Names of the column that says who it is.
const NAMES: &[&str] = &["name", "organisation", "organization", "org"];
/// Longest row, in bytes: a quote that nobody closes would take the rest of the file into one.
const MAX_ROW_BYTES: usize = 256 << 10;
/// Most things that are told of one table.
const MAX_TOLD: usize = 20;

/// A file of which a row may take so many bytes more.
struct Rationed<'a> {
    input: Box<dyn BufRead + 'a>,
    left: &'a Cell<usize>,
}

impl Read for Rationed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            let why = format!("a row has more than {MAX_ROW_BYTES} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let read = self.input.read(into)?;
        self.left.set(self.left.get().saturating_sub(read));
        Ok(read)
    }
}

fn is(column: &str, known: &[&str]) -> bool {
    known.iter().any(|name| name.eq_ignore_ascii_case(column.trim()))
}

pub(crate) fn find(
    sought: &Sought,
    file: &dyn File,
    found: &mut Found,
    told: &mut Vec<String>,
) -> io::Result<()> {
    let left = Cell::new(MAX_ROW_BYTES);
    let rationed = Rationed { input: file.open()?, left: &left };
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(rationed);
    let columns: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(str::to_owned).collect(),
        Err(why) => {
            told.push(unreadable(file, &why));
            return Ok(());
        }
    };
    let about: Vec<usize> = (0..columns.len())
        .filter(|at| columns.get(*at).is_some_and(|name| is(name, ABOUT)))
        .collect();
    if about.is_empty() {
        let names = ABOUT.join(", ");
        told.push(format!("{}: it has no column that says for what: {names}", file.name()));
        return Ok(());
    }
    let mut bad = 0;
    let mut row = StringRecord::new();
    for line in 2_u64.. {
        left.set(MAX_ROW_BYTES);
        match reader.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(why) => {
                told.push(unreadable(file, &why));
                return Ok(());
            }
        }
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

/// The rest of a table is not read, and that is told; other files are.
fn unreadable(file: &dyn File, why: &csv::Error) -> String {
    format!("{}: the rest of it is not read: {why}", file.name())
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
