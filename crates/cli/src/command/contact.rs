//! `forewarn contact`: whom to tell of a value when no partner is there for it, from files that the
//! operator has. It proposes, and writes to nobody.

use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use flate2::read::MultiGzDecoder;
use forewarn_contacts::{Candidate, File, NotSought, Sought, find};
use forewarn_node::{clock, disk};
use serde_json::json;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Most files of one folder, and of one question.
const MAX_FILES: usize = 1_000;
/// Bytes of a file that are in memory at a time.
const BLOCK: usize = 1 << 20;

#[derive(Debug, Subcommand)]
pub(crate) enum Contact {
    /// Propose contacts for an address, a network or a name; nobody is told
    Find {
        /// An address, a network such as AS64496, or the name of a host
        #[arg(value_parser = sought)]
        value: Sought,
        /// A registry's dump (also .gz), a security.txt, a table (CSV), or a folder of these
        #[arg(long = "in", required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

fn sought(text: &str) -> Result<Sought, String> {
    text.parse().map_err(|why: NotSought| why.to_string())
}

/// A file on the disk, compressed or not.
struct OnDisk(PathBuf);

impl File for OnDisk {
    fn name(&self) -> String {
        self.0.display().to_string()
    }

    fn open(&self) -> io::Result<Box<dyn BufRead + '_>> {
        let file = disk::open_regular(&self.0)?;
        Ok(if self.0.extension().is_some_and(|end| end == "gz") {
            Box::new(BufReader::with_capacity(BLOCK, MultiGzDecoder::new(file)))
        } else {
            Box::new(BufReader::with_capacity(BLOCK, file))
        })
    }
}

pub(crate) fn run(contact: &Contact, as_json: bool) -> Result<(), Failed> {
    let Contact::Find { value, files } = contact;
    let mut all: Vec<Box<dyn File>> = Vec::new();
    for path in files {
        for path in within(path)? {
            all.push(Box::new(OnDisk(path)));
        }
    }
    if all.len() > MAX_FILES {
        return Err(Failed::usage(format!("there are more than {MAX_FILES} files")));
    }
    let (found, told) = find(value, &all, &clock::now())
        .map_err(|e| Failed::refused(format!("a file cannot be read: {e}")))?;
    for line in told {
        output::aside(line);
    }
    if as_json {
        return output::json(&json!({ "candidates": found }));
    }
    if found.is_empty() {
        let what = "no file says whom to tell of it";
        return Err(Failed::refused(what).hint("ask its registry, or whoever routes it"));
    }
    for (n, one) in found.iter().enumerate() {
        output::line(words(n + 1, one))?;
    }
    output::aside("proposed from files, and told nobody: look who that is before you write");
    Ok(())
}

/// The regular files of a folder, or the file itself.
fn within(path: &Path) -> Result<Vec<PathBuf>, Failed> {
    let bad = |e: io::Error| Failed::refused(format!("`{}` cannot be read: {e}", path.display()));
    let kind = std::fs::metadata(path).map_err(bad)?;
    if kind.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !kind.is_dir() {
        let what = format!("`{}` is neither a file nor a folder", path.display());
        return Err(Failed::refused(what));
    }
    let mut files = Vec::new();
    for one in std::fs::read_dir(path).map_err(bad)? {
        let one = one.map_err(bad)?.path();
        if one.is_file() {
            files.push(one);
        }
        if files.len() > MAX_FILES {
            return Err(Failed::usage(format!("there are more than {MAX_FILES} files")));
        }
    }
    files.sort();
    Ok(files)
}

fn words(n: usize, one: &Candidate) -> String {
    let mut lines = vec![format!("{n}. {}  {}", line(&one.about), line(&one.name))];
    lines.extend(one.contacts.iter().map(|contact| format!("   {}", line(contact))));
    if one.contacts.is_empty() {
        lines.push("   nothing says how to reach them".to_owned());
    }
    lines.extend(one.notes.iter().map(|note| format!("   {}", line(note))));
    lines.push(format!("   said by {}", line(&one.source)));
    lines.join("\n")
}

/// What others wrote, for one line of a terminal.
fn line(text: &str) -> String {
    forewarn_view::text::line(text)
}
