//! Where in a value words are looked for.

use super::characters;
use super::search::Search;
use super::{Objection, Strength, WithheldKind, object_to};
use forewarn_stix::marking::{Pap, Tlp};
use serde_json::Value;

/// Properties whose names and values are STIX's or ours and not people's words. Names and handles
/// are not looked for in them, or a person called Amber or Mark could never be kept back.
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

/// Every place of a value at which something withheld stands. Every text is searched, and every key
/// that is not STIX's or ours. Original ids are looked for everywhere.
pub(super) fn search(value: &Value, search: &Search, against: &mut Vec<Objection>) {
    visit(value, "$", false, search, against);
}

fn visit(value: &Value, at: &str, machinery: bool, search: &Search, found: &mut Vec<Objection>) {
    match value {
        Value::String(text) => search_text(text, at, machinery, search, found),
        Value::Array(list) => {
            for (n, inner) in list.iter().enumerate() {
                visit(inner, &format!("{at}[{n}]"), machinery, search, found);
            }
        }
        Value::Object(map) => {
            let id = map.get("id").and_then(Value::as_str).unwrap_or_default();
            let published = Tlp::of_id(id).is_some() || Pap::of_id(id).is_some();
            for (key, inner) in map {
                let at = format!("{at}.{key}");
                let reference = key.ends_with("_ref") || key.ends_with("_refs");
                let own = MACHINERY.contains(&key.as_str()) || reference || published;
                let known = own || WORDED.contains(&key.as_str());
                search_text(key, &at, machinery || known, search, found);
                visit(inner, &at, machinery || own, search, found);
            }
        }
        _ => {}
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
        let written = hit.written.map(|w| format!(", written “{w}”")).unwrap_or_default();
        let message = if hit.withheld.what == WithheldKind::SourceName {
            format!("{word} stands here; take it out")
        } else {
            format!("{word} “{}” stands here{written}; take it out", hit.withheld.text)
        };
        let strength = if hit.certain { Strength::Certain } else { Strength::Possible };
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
