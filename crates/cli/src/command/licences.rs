//! `forewarn licences`: on which terms this program, what it is made of, and its data may be used.

use crate::failure::Failed;
use crate::output;
use flate2::read::DeflateDecoder;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Written by `build.rs`.
const LICENCES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/licences.json.deflate"));

#[derive(Debug, clap::Args)]
pub(crate) struct Licences {
    /// Print the texts of the licences too
    #[arg(long)]
    texts: bool,
}

#[derive(Debug, Deserialize)]
struct Whole {
    ours: Vec<String>,
    data: Vec<Data>,
    dependencies: Dependencies,
}

#[derive(Debug, Deserialize, Serialize)]
struct Data {
    what: String,
    terms: String,
}

#[derive(Debug, Deserialize)]
struct Dependencies {
    packages: Vec<Package>,
    texts: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    licence: Option<String>,
    repository: Option<String>,
    texts: Vec<usize>,
}

/// A line of `--json`.
#[derive(Debug, Serialize)]
struct Line<'a> {
    name: &'a str,
    version: &'a str,
    licence: Option<&'a str>,
    repository: Option<&'a str>,
    /// Whole texts, with `--texts`.
    texts: Vec<&'a str>,
}

pub(crate) fn run(asked: &Licences, as_json: bool) -> Result<(), Failed> {
    let whole: Whole = serde_json::from_reader(DeflateDecoder::new(LICENCES)).map_err(|e| {
        Failed::internal(format!("the licences in this program cannot be read: {e}"))
    })?;
    if as_json { lines(&whole, asked.texts) } else { words(&whole, asked.texts) }
}

fn lines(whole: &Whole, texts: bool) -> Result<(), Failed> {
    output::json(&Line {
        name: "forewarn",
        version: env!("CARGO_PKG_VERSION"),
        licence: Some(env!("CARGO_PKG_LICENSE")),
        repository: None,
        texts: if texts { whole.ours.iter().map(String::as_str).collect() } else { Vec::new() },
    })?;
    for one in &whole.dependencies.packages {
        let texts = if texts { texts_of(whole, one) } else { Vec::new() };
        output::json(&Line {
            name: &one.name,
            version: &one.version,
            licence: one.licence.as_deref(),
            repository: one.repository.as_deref(),
            texts,
        })?;
    }
    whole.data.iter().try_for_each(output::json)
}

fn texts_of<'a>(whole: &'a Whole, one: &Package) -> Vec<&'a str> {
    let all = &whole.dependencies.texts;
    one.texts.iter().filter_map(|number| all.get(*number)).map(String::as_str).collect()
}

fn words(whole: &Whole, texts: bool) -> Result<(), Failed> {
    let licence = env!("CARGO_PKG_LICENSE");
    let mut out = format!("forewarn {}: {licence}\n\nData in it:\n", env!("CARGO_PKG_VERSION"));
    for one in &whole.data {
        let _ = writeln!(out, "\n{}\n{}", one.what, indented(&one.terms));
    }
    let packages = &whole.dependencies.packages;
    let _ = writeln!(out, "\n{} libraries are compiled into it:\n", packages.len());
    for one in packages {
        let licence = one.licence.as_deref().unwrap_or("see its texts");
        let _ = writeln!(out, "{} {}: {licence}", one.name, one.version);
    }
    if !texts {
        out.push_str("\n`forewarn licences --texts` prints the texts of these licences.\n");
        return output::bytes(out.as_bytes());
    }
    for text in &whole.ours {
        let _ = writeln!(out, "\n== forewarn\n\n{text}");
    }
    for (number, text) in whole.dependencies.texts.iter().enumerate() {
        let of = packages.iter().filter(|one| one.texts.contains(&number));
        let of: BTreeSet<&str> = of.map(|one| one.name.as_str()).collect();
        let of: Vec<&str> = of.into_iter().collect();
        let _ = writeln!(out, "\n== {}\n\n{text}", of.join(", "));
    }
    output::bytes(out.as_bytes())
}

fn indented(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let _ = writeln!(out, "    {line}");
    }
    out
}
