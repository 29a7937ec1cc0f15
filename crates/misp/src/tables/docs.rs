//! The tables as a document: `docs/misp.md`.

use super::attribute::{self, AttributeTo};
use super::object::{self, ObjectTo};
use super::{ANALYSIS, CONFIDENCE, DEFAULTS, THREAT_LEVELS, foreign, galaxy};
use std::fmt::Write as _;

const OPENING: &str = include_str!("opening.md");

/// The tables of what becomes what, as `docs/misp.md` has them.
pub fn markdown() -> String {
    let mut out = OPENING.to_owned();
    attributes(&mut out);
    objects(&mut out);
    galaxies(&mut out);
    tags(&mut out);
    back(&mut out);
    out
}

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn attributes(out: &mut String) {
    out.push_str("\n## Attributes\n\nEvery other type becomes an `x-misp-attribute`.\n\n");
    out.push_str("| type | becomes | of what | sign by default |\n| --- | --- | --- | --- |\n");
    let mut rows: Vec<(String, &str, String, bool)> = Vec::new();
    for name in attribute::types() {
        let Some(found) = attribute::observed(name) else { continue };
        let fixed = found.fixed.map(|(path, value)| format!(", `{path}` = {value}"));
        let paths: Vec<String> = found.paths.iter().map(|path| format!("`{path}`")).collect();
        let of = format!("{}{}", paths.join(" and "), fixed.unwrap_or_default());
        rows.push((name.to_owned(), "observed, indicator", of, attribute::is_sign(name)));
    }
    for row in attribute::ROWS {
        let (becomes, of) = match &row.to {
            AttributeTo::Observed(_) | AttributeTo::With(..) => continue,
            AttributeTo::Pattern(path) => ("indicator", format!("`{path}`")),
            AttributeTo::Rule => ("indicator", "the rule as its pattern".to_owned()),
            AttributeTo::Named(kind, fixed) => {
                let fixed = fixed.map(|(key, value)| format!(", `{key}` = {value}"));
                (*kind, format!("`name`{}", fixed.unwrap_or_default()))
            }
        };
        rows.push((row.name.to_owned(), becomes, of, row.ids));
    }
    rows.sort();
    for (name, becomes, of, sign) in rows {
        let sign = if sign { "yes" } else { "" };
        let _ = writeln!(out, "| `{}` | {becomes} | {} | {sign} |", cell(&name), cell(&of));
    }
}

fn objects(out: &mut String) {
    out.push_str("\n## Objects\n\nEvery other template becomes an `x-misp-object`, and so does one of these that lacks ");
    out.push_str("what its type must have. Relations that are not named, and values that do not fit, stay with ");
    out.push_str("the object.\n\n| template | becomes | relations |\n| --- | --- | --- |\n");
    for row in object::rows() {
        let becomes = match &row.to {
            ObjectTo::Observed => "observed, indicator".to_owned(),
            ObjectTo::Domain(kind) if row.name == "script" => {
                format!("`{kind}`, or `malware` where its state is Malicious")
            }
            ObjectTo::Domain(kind) => format!("`{kind}`"),
            ObjectTo::Rule(language) => format!("indicator in the language `{language}`"),
        };
        let fields = row.fields.iter().map(|(relation, path)| format!("`{relation}`: `{path}`"));
        let data =
            row.data.iter().map(|(relation, path)| format!("the bytes of `{relation}`: `{path}`"));
        let fixed = row.fixed.iter().map(|(path, value)| format!("`{path}` = {value}"));
        let all: Vec<String> = fields.chain(data).chain(fixed).collect();
        let _ = writeln!(out, "| `{}` | {becomes} | {} |", row.name, cell(&all.join("; ")));
    }
}

fn galaxies(out: &mut String) {
    out.push_str(
        "\n## Galaxies\n\nEvery other galaxy's clusters become an `x-misp-galaxy-cluster`.\n\n",
    );
    out.push_str("| object | galaxies | fields of `meta` |\n| --- | --- | --- |\n");
    for row in galaxy::ROWS {
        let names: Vec<String> = row.names.iter().map(|name| format!("`{name}`")).collect();
        let fields = galaxy::META.iter().filter_map(|field| {
            galaxy::meta(row.to, field).map(|path| format!("`{field}`: `{path}`"))
        });
        let fields: Vec<String> = fields.collect();
        let _ = writeln!(out, "| `{}` | {} | {} |", row.to, names.join(", "), fields.join("; "));
    }
    out.push_str("\nA path that begins with `@` is an external reference of that source.\n");
}

fn tags(out: &mut String) {
    out.push_str("\n## Tags and other words\n\n| tag | confidence |\n| --- | --- |\n");
    for (tag, value) in CONFIDENCE {
        let _ = writeln!(out, "| `{tag}` | {value} |");
    }
    out.push_str("\nOf several the lowest counts. The tags stay labels too.\n\n");
    out.push_str("| field | number | label |\n| --- | --- | --- |\n");
    for (number, name) in THREAT_LEVELS {
        let _ = writeln!(out, "| `threat_level_id` | {number} | `misp:threat-level=\"{name}\"` |");
    }
    for (number, name) in ANALYSIS {
        let _ = writeln!(out, "| `analysis` | {number} | `misp:analysis=\"{name}\"` |");
    }
    out.push_str(
        "\nFields that need not be carried over where they say what holds without them:\n\n",
    );
    out.push_str("| field | value | says |\n| --- | --- | --- |\n");
    for (field, value, says) in DEFAULTS {
        let _ = writeln!(out, "| `{field}` | {value} | {says} |");
    }
}

fn back(out: &mut String) {
    out.push_str("\n## Others' objects as an event\n\n| object | becomes |\n| --- | --- |\n");
    for (kind, key, misp, category) in foreign::SINGLES {
        let _ =
            writeln!(out, "| `{kind}` with nothing but `{key}` | attribute `{misp}`, {category} |");
    }
    for (kind, template) in foreign::TEMPLATES {
        let _ = writeln!(out, "| `{kind}` | object `{template}` |");
    }
    for kind in foreign::CLUSTERS {
        let _ = writeln!(out, "| `{kind}` | cluster of the galaxy `stix-2.1-{kind}` |");
    }
    out.push_str("| `note`, `opinion`, further `report`s and `grouping`s | event report |\n");
    out.push_str("| `sighting` of an attribute | sighting |\n");
    out.push_str("| `relationship` from an attribute to a cluster | the cluster's tag |\n");
    out.push_str("| `relationship` from an object | reference |\n");
    let languages: Vec<String> =
        foreign::LANGUAGES.iter().map(|name| format!("`{name}`")).collect();
    let _ = writeln!(out, "| `indicator` in {} | attribute of that type |", languages.join(", "));
    out.push_str("| `indicator` in STIX's language | the attributes that say all of the pattern, or else `stix2-pattern` |\n");
}
