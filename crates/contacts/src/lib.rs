//! Whom to tell of an address, a network or a name when no partner is there for it: candidates from
//! files that the operator has. Registry dumps as RIPE publishes them, `security.txt` (RFC 9116), and
//! tables of contacts.
//!
//! A candidate is proposed and nothing else: who it really is, a person finds out. Files are read line
//! by line and nothing of them is kept but what was found, so a dump of any length is read in the same
//! memory; it is read again for each step that leads from a network to whoever answers for it.
//!
//! Leaves to the caller: files, the time of day.

#![warn(missing_docs)]

mod found;
mod lines;
mod query;
mod rpsl;
mod security;
mod table;

pub use query::{NotSought, Sought};

use found::Found;

use forewarn_stix::Timestamp;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead};

/// Somebody who may answer for a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// What of the value they answer for: a block of addresses, a number of a network, a name.
    pub about: String,
    /// What they are called, where that is said.
    pub name: String,
    /// How they can be reached: addresses of e-mail, URLs, telephone numbers, as they stand there.
    pub contacts: Vec<String>,
    /// What else is said: the country, the language, until when it holds.
    pub notes: Vec<String>,
    /// The file that says so, with the line.
    pub source: String,
    /// How close it is: the smaller, the closer. Of addresses, how many bits the block leaves open.
    pub distance: u32,
}

/// A file that is read, as often as is needed.
pub trait File {
    /// What it is called.
    fn name(&self) -> String;
    /// Opens it from its beginning.
    ///
    /// # Errors
    /// It cannot be read.
    fn open(&self) -> io::Result<Box<dyn BufRead + '_>>;
}

/// What a file is, by its first lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rpsl,
    Security,
    Table,
}

/// Candidates for a value, the closest first, and what of the files could not be read.
///
/// # Errors
/// A file cannot be read at all.
pub fn find(
    sought: &Sought,
    files: &[Box<dyn File>],
    now: &Timestamp,
) -> io::Result<(Vec<Candidate>, Vec<String>)> {
    let (mut found, mut told) = (Found::default(), Vec::new());
    let mut dumps = Vec::new();
    for file in files {
        match kind(file.as_ref())? {
            Kind::Rpsl => dumps.push(file.as_ref()),
            Kind::Security => security::find(sought, file.as_ref(), now, &mut found, &mut told)?,
            Kind::Table => table::find(sought, file.as_ref(), &mut found, &mut told)?,
        }
    }
    if !dumps.is_empty() {
        rpsl::find(sought, &dumps, &mut found)?;
    }
    Ok((found.closest(&mut told), told))
}

/// Most lines at the beginning of a file that are looked at.
const MAX_LOOKED_AT: usize = 2_000;

fn kind(file: &dyn File) -> io::Result<Kind> {
    let mut lines = lines::Lines::of(file.open()?);
    for _ in 0..MAX_LOOKED_AT {
        let Some((_, line)) = lines.next_line()? else { break };
        let text = line.trim();
        if text.is_empty() || text.starts_with(['%', '#']) {
            continue;
        }
        if text.starts_with("-----BEGIN PGP") || security::is_field(text) {
            return Ok(Kind::Security);
        }
        return Ok(if rpsl::is_field(text) { Kind::Rpsl } else { Kind::Table });
    }
    Ok(Kind::Table)
}

#[cfg(test)]
mod tests;
