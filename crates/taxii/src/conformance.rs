//! The part of `docs/conformance.md` that is about TAXII. It is generated from the table of
//! statements by `make conformance`; a test checks that it is current.

use std::fmt::Write as _;

const OPENING: &str = include_str!("conformance/opening.md");
const STATEMENTS: &str = include_str!("conformance/statements.tsv");
const DIFFERENCES: &str = include_str!("../../../interop/differences.json");
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/conformance.md");
/// Where this part begins. `forewarn-stix` generates the part before it.
const BEGIN: &str = "\n# TAXII 2.1\n";
/// Where the next part begins. `forewarn-exchange` generates it.
const END: &str = "\n# The duty to warn\n";

/// The sources of the tests that the statements name.
const SOURCES: &[(&str, &str)] = &[
    ("taxii", include_str!("../../cli/tests/it/taxii.rs")),
    ("intake", include_str!("../../cli/tests/it/intake.rs")),
    ("feeds", include_str!("../../cli/tests/it/feeds.rs")),
    ("outlets", include_str!("../../cli/tests/it/outlets.rs")),
    ("tls", include_str!("../../cli/tests/it/tls.rs")),
    ("history", include_str!("../../store/tests/history.rs")),
    ("config", include_str!("../../node/src/config/mod.rs")),
    ("filter", include_str!("filter.rs")),
    ("media", include_str!("media.rs")),
    ("envelope", include_str!("envelope.rs")),
    ("poll", include_str!("poll.rs")),
];

struct Statement<'a> {
    clause: &'a str,
    side: &'a str,
    level: &'a str,
    says: &'a str,
    place: &'a str,
}

fn statements() -> Vec<Statement<'static>> {
    let read = |line: &'static str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [clause, side, level, says, place] = cells[..] else { panic!("{line}") };
        Statement { clause, side, level, says, place }
    };
    STATEMENTS.lines().map(read).collect()
}

fn is_test(place: &str) -> bool {
    place.contains("::")
}

fn made() -> String {
    let mut out = format!("\n{OPENING}## The statements\n\n");
    out.push_str(
        "| clause | side | | requirement | where it is met |\n| --- | --- | --- | --- | --- |\n",
    );
    for Statement { clause, side, level, says, place } in statements() {
        let place = if is_test(place) || place.starts_with("interop/") {
            format!("`{place}`")
        } else {
            place.to_owned()
        };
        writeln!(out, "| {clause} | {side} | {level} | {says} | {place} |").unwrap();
    }
    out.push_str(
        "\n## Where we differ from medallion\n\nThe same requests go to a node and to PyPI's \
         `medallion` 3.0.0 (`interop/compare.py`, in `make test`). What differs:\n\n\
         | requests | clause | Forewarn | medallion | why |\n| --- | --- | --- | --- | --- |\n",
    );
    let differences: Vec<serde_json::Value> = serde_json::from_str(DIFFERENCES).unwrap();
    for one in &differences {
        let requests: Vec<&str> =
            one["requests"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
        let cell = |name: &str| one[name].as_str().unwrap().to_owned();
        let cells =
            [requests.join("; "), cell("clause"), cell("ours"), cell("theirs"), cell("why")];
        writeln!(out, "| {} |", cells.join(" | ")).unwrap();
    }
    out
}

#[test]
fn the_document_is_what_would_be_made_now() {
    let kept = std::fs::read_to_string(PATH).unwrap();
    let (stix, rest) = kept.split_once(BEGIN).unwrap_or((&kept, ""));
    let (part, duty) = rest.split_at(rest.find(END).unwrap_or(rest.len()));
    if std::env::var_os("FOREWARN_UPDATE").is_some() {
        std::fs::write(PATH, format!("{stix}{}{duty}", made())).unwrap();
        return;
    }
    assert!(
        format!("{BEGIN}{part}") == made(),
        "docs/conformance.md is not current; run `make conformance`"
    );
}

/// A statement must not name a test that does not exist.
#[test]
fn every_test_that_the_statements_name_exists() {
    let mut count = 0;
    for Statement { place, says, .. } in statements().iter().filter(|one| is_test(one.place)) {
        let (file, function) = (place.split("::").next(), place.rsplit("::").next().unwrap());
        let source = SOURCES.iter().find(|(name, _)| Some(*name) == file);
        let (_, source) = source.unwrap_or_else(|| panic!("{place} is not in a known file"));
        assert!(source.contains(&format!("fn {function}(")), "{place} ({says}) is not a test");
        count += 1;
    }
    assert!(count > 300);
}
