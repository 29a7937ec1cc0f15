//! Where in a value words are looked for.

use super::characters;
use super::constant::{is_constant, is_published};
use super::search::Search;
use super::{Objection, Strength, object_to};
use serde_json::Value;

/// Properties whose names are STIX's or ours, and whose values are, as a rule, not people's words. Names and
/// handles are not looked for in what only machines write there (`constant.rs`), or a person called
/// Amber or Mark could never be kept back; in anything else they are.
const MACHINERY: &[&str] = &[
    "type",
    "id",
    "spec_version",
    "created",
    "modified",
    "published",
    "valid_from",
    "valid_until",
    "pattern_type",
    "pattern_version",
    "report_types",
    "indicator_types",
    "identity_class",
    "labels",
    "tlp_2_0",
    "extension_type",
    "severity",
    "certainty",
    "likelihood",
    "confidence",
    "handling",
    "pap",
    "tear_line",
    "iep_id",
    "iep_version",
    "start_date",
    "end_date",
    "encrypt_in_transit",
    "permitted_actions",
    "affected_party_notifications",
    "provider_attribution",
    "unmodified_resale",
    "first_observed",
    "last_observed",
    "number_observed",
    "country",
    "do",
    "kind",
    "partner",
    "urgency",
    "tlp",
    "case",
    "warning",
    "question",
    "digest",
    "answer",
];

/// Properties whose names are STIX's and whose values people write.
const WORDED: &[&str] = &[
    "name",
    "description",
    "abstract",
    "content",
    "authors",
    "value",
    "hashes",
    "sectors",
    "times",
    "handling_text",
    "persons",
    "objects",
    "pattern",
    "city",
    "extensions",
    "text",
    "note",
    "reason",
    "to",
    "facts",
    "count",
    "on",
    "label",
    "any",
    "interest",
    "place",
    "domain",
    "block",
];

/// References of the standard, which have ids.
const REFERENCES: &[&str] = &[
    "created_by_ref",
    "object_marking_refs",
    "object_refs",
    "marking_ref",
    "source_ref",
    "target_ref",
    "sighting_of_ref",
    "where_sighted_refs",
    "observed_data_refs",
    "sample_refs",
    "resolves_to_refs",
    "belongs_to_refs",
    "from_ref",
    "to_refs",
    "src_ref",
    "dst_ref",
];

/// Numbers with so many digits and more may be somebody's: a telephone's, a document's.
const NUMBER_OF: usize = 5;

/// Every place of a value at which something withheld stands. Every text is searched, every long number, and
/// every key that is not STIX's or ours; but for what only machines write where machines read. Original ids are looked
/// for everywhere.
pub(super) fn search(value: &Value, search: &Search, against: &mut Vec<Objection>) {
    visit(value, ("$", None), search, against);
}

/// `key` is set below a property that machines read, and is not inherited by what stands in objects there.
fn visit(
    value: &Value,
    (at, key): (&str, Option<&str>),
    search: &Search,
    found: &mut Vec<Objection>,
) {
    match value {
        Value::String(text) => {
            let machinery = key.is_some_and(|key| is_constant(key, text));
            search_text(text, at, machinery, search, found);
        }
        Value::Number(number) => {
            let text = number.to_string();
            if text.bytes().filter(u8::is_ascii_digit).count() >= NUMBER_OF {
                search_text(&text, at, false, search, found);
            }
        }
        Value::Array(list) => {
            for (n, inner) in list.iter().enumerate() {
                visit(inner, (&format!("{at}[{n}]"), key), search, found);
            }
        }
        Value::Object(map) => {
            let published = is_published(value);
            for (key, inner) in map {
                let at = format!("{at}.{key}");
                let name = key.as_str();
                let own = MACHINERY.contains(&name) || REFERENCES.contains(&name);
                search_text(key, &at, own || published || WORDED.contains(&name), search, found);
                if published {
                    ids_in(inner, &at, search, found);
                } else {
                    visit(inner, (&at, own.then_some(name)), search, found);
                }
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// Of what is published as it stands, only original ids can be anybody's secret.
fn ids_in(value: &Value, at: &str, search: &Search, found: &mut Vec<Objection>) {
    match value {
        Value::String(text) => search_text(text, at, true, search, found),
        Value::Array(list) => list.iter().for_each(|one| ids_in(one, at, search, found)),
        Value::Object(map) => map.values().for_each(|one| ids_in(one, at, search, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Every objection to one text. In machinery only original ids are looked for.
pub(super) fn search_text(
    text: &str,
    at: &str,
    machinery: bool,
    search: &Search,
    against: &mut Vec<Objection>,
) {
    if let Some(message) = characters::refused(text) {
        object_to(against, "character", at.to_owned(), message);
    }
    let judged = search.judge(text, machinery);
    if judged.cut {
        let message = "more is encoded in it than can be decoded; write it plainly".to_owned();
        object_to(against, "encoding", at.to_owned(), message);
    }
    for (label, read) in judged.unread {
        let message = format!(
            "“{label}” reads “{read}”, in the letters of a withheld name; see whom it means, or take \
             it out"
        );
        let rule = "punycode".to_owned();
        against.push(Objection { strength: Strength::Possible, rule, at: at.to_owned(), message });
    }
    for hit in judged.hits {
        let word = hit.withheld.what.word();
        let written = hit.written.as_ref().map(|w| format!(", written “{w}”")).unwrap_or_default();
        let strength = if hit.certain { Strength::Certain } else { Strength::Possible };
        let message = match (hit.withheld.what.may_be_named(), strength) {
            (true, _) => {
                format!("{word} “{}” stands here{written}; take it out", hit.withheld.text)
            }
            (false, Strength::Certain) => format!("{word} stands here; take it out"),
            // What is written here whoever has drafted it knows.
            (false, Strength::Possible) => {
                let as_written = hit.written.as_deref().unwrap_or(&hit.withheld.text);
                format!(
                    "“{as_written}” may mean {word}; take it out, or set it aside as it is written here"
                )
            }
        };
        if strength == Strength::Possible && hit.withheld.yields {
            continue;
        }
        against.push(Objection {
            strength,
            rule: "withheld".to_owned(),
            at: at.to_owned(),
            message,
        });
    }
}
