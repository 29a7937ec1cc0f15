//! The part of `docs/conformance.md` that is about the duty to warn. It is generated from the table
//! of norms by `make conformance`; a test checks that it is current.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

const OPENING: &str = include_str!("conformance/opening.md");
const NORMS: &str = include_str!("conformance/norms.tsv");
const CRATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/conformance.md");
/// Where this part begins. `forewarn-stix` and `forewarn-taxii` generate the parts before it.
const BEGIN: &str = "\n# The duty to warn\n";

struct Norm<'a> {
    source: &'a str,
    read: &'a str,
    asks: &'a str,
    met: &'a str,
    tests: Vec<&'a str>,
}

fn norms() -> Vec<Norm<'static>> {
    let read = |line: &'static str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [source, read, asks, met, tests] = cells[..] else { panic!("{line}") };
        Norm { source, read, asks, met, tests: tests.split(", ").collect() }
    };
    NORMS.lines().map(read).collect()
}

fn made() -> String {
    let mut out = format!("\n{OPENING}");
    out.push_str("| norm | read | asks | here | tests |\n| --- | --- | --- | --- | --- |\n");
    for Norm { source, read, asks, met, tests } in norms() {
        let tests: Vec<String> = tests.iter().map(|test| format!("`{test}`")).collect();
        writeln!(out, "| {source} | {read} | {asks} | {met} | {} |", tests.join(", ")).unwrap();
    }
    out
}

#[test]
fn the_document_is_what_would_be_made_now() {
    let kept = std::fs::read_to_string(PATH).unwrap();
    let (before, part) = kept.split_once(BEGIN).unwrap_or((&kept, ""));
    if std::env::var_os("FOREWARN_UPDATE").is_some() {
        std::fs::write(PATH, format!("{before}{}", made())).unwrap();
        return;
    }
    assert!(
        format!("{BEGIN}{part}") == made(),
        "docs/conformance.md is not current; run `make conformance`"
    );
}

/// Every source file below `crates/`, by its name without the ending.
fn sources(folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.entry(name).or_default().push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// A norm must not name a test that does not exist, and says how far its text was read.
#[test]
fn every_norm_has_a_test_that_exists() {
    let mut files = BTreeMap::new();
    sources(Path::new(CRATES), &mut files);
    for Norm { source, read, asks, tests, .. } in norms() {
        assert!(["text", "quoted"].contains(&read), "{source}: {read}");
        for place in tests {
            let (file, test) = place.split_once("::").unwrap_or_else(|| panic!("{asks}: {place}"));
            let known = files.get(file).is_some_and(|all| all.contains(&format!("fn {test}(")));
            assert!(known, "{place} ({asks}) is not a test");
        }
    }
    assert!(norms().len() > 20);
}
