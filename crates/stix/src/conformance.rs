//! Generates `docs/conformance.md` from the catalogue of rules and the table of types; a test
//! checks that it is current. `FOREWARN_UPDATE=1 cargo test -p forewarn-stix conformance` writes
//! it.

use crate::finding::Severity;
use crate::rule::{Breach, DECIDING, NEEDED};
use crate::schema::{Least, Prop, Shape, ValueKind};
use crate::types::{self, Family};
use crate::{rule, vocabulary};
use std::fmt::Write as _;

/// The parts that are written by hand: how to read the document, what one object cannot show, and
/// where others differ.
const OPENING: &str = include_str!("conformance/opening.md");
const BEYOND: &str = include_str!("conformance/beyond.md");

fn named(list: &[&str]) -> String {
    list.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What a kind requires, in words, and the codes of its rules.
fn describe(kind: ValueKind) -> (String, String) {
    let of = |words: &str, codes: &str| (words.to_owned(), codes.to_owned());
    match kind {
        ValueKind::Any => of("any value", "null, empty-list"),
        ValueKind::Text => of("string", ""),
        ValueKind::Form(form) => (form.expected.to_owned(), form.rule.code.to_owned()),
        ValueKind::Bool => of("boolean", ""),
        ValueKind::Int(low, high) => (format!("integer, {low} to {high}"), "range".to_owned()),
        ValueKind::Num(low, _) if low <= f64::MIN => of("number", ""),
        ValueKind::Num(low, high) => (format!("number, {low} to {high}"), "range".to_owned()),
        ValueKind::Time => of("timestamp", "timestamp"),
        ValueKind::TimeMillis => {
            of("timestamp, with milliseconds at least", "timestamp, milliseconds")
        }
        ValueKind::TimeSeconds => {
            of("timestamp, without a fraction of a second", "timestamp, whole-seconds")
        }
        ValueKind::Ref([]) => of("identifier", "identifier"),
        ValueKind::Ref(types) => {
            (format!("identifier of {}", named(types)), "identifier, reference-type".to_owned())
        }
        ValueKind::RefBut(types) => (
            format!("identifier, not of {}", named(types)),
            "identifier, reference-type".to_owned(),
        ),
        ValueKind::Hashes => of("hashes", "hash, hash-name, hash-algorithm, empty-dictionary"),
        ValueKind::KnownHashes => {
            of("hashes of hash-algorithm-ov", "hash, hash-name, empty-dictionary")
        }
        ValueKind::List(inner) => {
            let (words, codes) = describe(*inner);
            (format!("list of: {words}"), join(&["empty-list", &codes]))
        }
        ValueKind::Dict => {
            of("dictionary", "empty-dictionary, dictionary-key, dictionary-key-case")
        }
        ValueKind::Keyed(keys, inner) => {
            let (words, codes) = describe(*inner);
            let codes = join(&["empty-dictionary, dictionary-key", keys.rule.code, &codes]);
            (format!("dictionary from {} to: {words}", keys.expected), codes)
        }
        ValueKind::Enum(values) => (format!("one of {}", named(values)), "enum".to_owned()),
        ValueKind::Open(words) => (
            format!("{} (§{})", words.name, words.clause),
            "open-vocabulary, open-vocabulary-case".to_owned(),
        ),
        ValueKind::Cased(rule) => {
            ("string in lower case with hyphens".to_owned(), rule.code.to_owned())
        }
        ValueKind::TextOrInt => of("string or integer", ""),
        ValueKind::TextOrTexts => of("string or list of strings", ""),
        ValueKind::Shape(shape) => {
            let names: Vec<_> = shape.props.iter().map(|prop| prop.name).collect();
            let least = if matches!(shape.least, Least::Nothing) { "" } else { "at-least-one" };
            (format!("object with {}", named(&names)), least.to_owned())
        }
        ValueKind::Selector => of("selector", "selector"),
        ValueKind::Extensions => {
            of("extensions", "extension-name, extension-type, extension-empty, custom-extension")
        }
        ValueKind::Container => of("observables by key", "container-reference, container-key"),
    }
}

fn join(codes: &[&str]) -> String {
    codes.iter().filter(|codes| !codes.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

fn rows(out: &mut String, props: &[Prop]) {
    for prop in props.iter().filter(|prop| !matches!(prop.name, "type" | "id")) {
        let (words, codes) = describe(prop.kind);
        let required = if prop.required { "required" } else { "" };
        let codes =
            join(&[if prop.required { "required-property" } else { "" }, "property-type", &codes]);
        writeln!(out, "| `{}` | {required} | {words} | {codes} |", prop.name).unwrap();
    }
}

fn least(out: &mut String, least: Least) {
    match least {
        Least::Nothing => {}
        Least::Own => writeln!(out, "\nAt least one property of its own (at-least-one).").unwrap(),
        Least::OneOf(names) => {
            writeln!(out, "\nAt least one of {} (at-least-one).", named(names)).unwrap();
        }
    }
}

const HEAD: &str = "| property | | value | rules |\n| --- | --- | --- | --- |\n";

fn shape(out: &mut String, title: &str, shape: &Shape) {
    write!(out, "\n#### {title}\n\n{HEAD}").unwrap();
    rows(out, shape.props);
    least(out, shape.least);
}

fn catalogue(out: &mut String) {
    out.push_str("\n## The rules\n\n| clause | | code | requirement | taken in when it is broken | test |\n| --- | --- | --- | --- | --- | --- |\n");
    for rule in rule::ALL {
        let level = if rule.severity() == Severity::Error { "must" } else { "should" };
        let clause = rule.clause.replace('§', "of the type");
        let test = match rule.code {
            "json" | "size" => "`object::tests::bytes_that_are_not_an_object_are_refused_as_such`",
            "version-conflict"
            | "duplicate"
            | "created-changed"
            | "creator-changed"
            | "version-after-revoked" => "`versions::tests::each_rule_between_versions_is_seen`",
            _ => "`violations::every_rule_is_broken_by_some_case_and_only_that_rule_is_found`",
        };
        let taken = match rule.breach {
            Breach::Should => "yes".to_owned(),
            Breach::Usable => format!("yes: {}", rule.because),
            Breach::UnlessNeeded => format!("not in a needed property: {}", rule.because),
            Breach::UnlessDeciding => {
                format!("not in a needed or deciding property: {}", rule.because)
            }
            Breach::Refused => format!("no: {}", rule.because),
        };
        let (code, asks) = (rule.code, rule.asks);
        writeln!(out, "| {clause} | {level} | `{code}` | {asks} | {taken} | {test} |").unwrap();
    }
}

fn type_tables(out: &mut String) {
    out.push_str("\n## The types\n\nEach rule of each row is broken once by `violations::each_property_of_each_type_and_extension_breaks_each_rule_of_its_kind`, `violations::each_required_property_is_missed`, `violations::each_open_vocabulary_warns_of_other_words_and_of_their_case` and `violations::each_span_of_time_is_held_to_its_order`.\n");
    for (title, family) in [
        ("Common to domain, relationship and most meta objects (§3.2)", Family::Versioned),
        ("Common to observables (§3.2)", Family::Observable),
        ("Common to marking definitions (§3.2, §7.2.1)", Family::Marking),
    ] {
        write!(out, "\n### {title}\n\n{HEAD}").unwrap();
        rows(out, family.common());
    }
    for of in types::all() {
        write!(out, "\n### {} (§{})\n\n{HEAD}", of.name, of.clause).unwrap();
        rows(out, of.props);
        least(out, of.least);
        for (first, second, later) in of.spans {
            let than = if *later { "later than" } else { "not before" };
            writeln!(out, "\n`{second}` is {than} `{first}` (time-order).").unwrap();
        }
        if !of.contributing.is_empty() {
            writeln!(out, "\nIts id is made from {} (deterministic-id).", named(of.contributing))
                .unwrap();
        }
        for (name, inner) in of.extensions {
            shape(out, &format!("{name} (§{})", inner.clause), inner);
        }
    }
}

fn vocabularies(out: &mut String) {
    out.push_str("\n## Open vocabularies\n\n| clause | name | values |\n| --- | --- | --- |\n");
    for one in vocabulary::ALL {
        writeln!(out, "| {} | {} | {} |", one.clause, one.name, one.values.join(", ")).unwrap();
    }
}

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/conformance.md");

/// Where the part about TAXII begins. `forewarn-taxii` generates it.
const TAXII: &str = "\n# TAXII 2.1\n";

fn made() -> String {
    let properties = format!(
        "Needed, since an object cannot be known, ordered or matched without them: {}. Deciding, since they say \
         who may see an object and whether it still holds: {}. A `modified` that is missing is told apart from \
         one that cannot be read: without one an object is its first version; with `null` or no time in its place \
         nobody can say which version it is, and it is refused.",
        named(NEEDED),
        named(DECIDING)
    );
    let mut made = OPENING.replace("{{PROPERTIES}}", &properties);
    catalogue(&mut made);
    made.push_str(BEYOND);
    type_tables(&mut made);
    vocabularies(&mut made);
    made
}

#[test]
fn the_document_is_what_would_be_made_now() {
    let kept = std::fs::read_to_string(PATH).unwrap_or_default();
    let end = kept.find(TAXII).unwrap_or(kept.len());
    let (stix, taxii) = kept.split_at(end);
    if std::env::var_os("FOREWARN_UPDATE").is_some() {
        std::fs::write(PATH, format!("{}{taxii}", made())).unwrap();
        return;
    }
    assert!(stix == made(), "docs/conformance.md is not current; run `make conformance`");
}

/// The document must not name a test that does not exist.
#[test]
fn every_test_that_the_document_names_exists() {
    let sources = [
        include_str!("bundle/tests.rs"),
        include_str!("canonical.rs"),
        include_str!("confidence.rs"),
        include_str!("json.rs"),
        include_str!("marking.rs"),
        include_str!("marking/tlp.rs"),
        include_str!("object.rs"),
        include_str!("observable_id.rs"),
        include_str!("pattern/mod.rs"),
        include_str!("pattern/parse.rs"),
        include_str!("pattern/regex.rs"),
        include_str!("pattern/tests.rs"),
        include_str!("time.rs"),
        include_str!("versions.rs"),
        include_str!("violations.rs"),
    ]
    .concat();
    let document = made();
    let names = document.split('`').filter(|part| part.contains("::") && !part.contains(' '));
    let mut count = 0;
    for name in names {
        let function = name.rsplit("::").next().unwrap();
        assert!(sources.contains(&format!("fn {function}(")), "{name} is not a test");
        count += 1;
    }
    assert!(count > 100);
}
