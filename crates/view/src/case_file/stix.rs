//! The file as STIX 2.1: a report of it, a note for each fact, and the objects of the case as they are.

use super::{CaseFile, Fact};
use forewarn_exchange::drawn::Ids;
use forewarn_stix::{Timestamp, canonical};
use forewarn_transcript::Hash;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) fn bundle(file: &CaseFile, seed: Hash) -> Vec<u8> {
    let mut ids = Ids::new(seed);
    let at = &moment(file);
    let marks = [file.marking.id().to_string()];
    let mut make = |kind: &str, more: Value| {
        let id = ids.id(kind);
        let mut object = json!({
            "type": kind, "spec_version": "2.1", "id": id, "object_marking_refs": marks,
            "created": at, "modified": at,
        });
        if let (Value::Object(to), Value::Object(from)) = (&mut object, more) {
            to.extend(from);
        }
        (id, object)
    };
    let (us, identity) =
        make("identity", json!({ "name": file.organisation, "identity_class": "organization" }));
    let of_case = file.objects.iter().filter_map(|one| one.get("id")?.as_str().map(str::to_owned));
    let refs: BTreeSet<String> = std::iter::once(us.clone()).chain(of_case).collect();
    let notice = [file.notice(), &file.left_out()].join(" ");
    let (report, of_file) = make(
        "report",
        json!({
            "name": file.title(), "published": at, "created_by_ref": us,
            "description": format!("{}\n{}", state(file), notice.trim()), "object_refs": refs,
        }),
    );
    let notes: Vec<Value> = file
        .facts
        .iter()
        .map(|fact| {
            let Fact { at: when, kind, by, words, tlp, entry } = fact;
            let entry = entry.map(|index| format!(", entry {index}")).unwrap_or_default();
            let marked = tlp.map(|tlp| format!(", {tlp}")).unwrap_or_default();
            let content = if words.is_empty() { "(no words)" } else { words.as_str() };
            let more = json!({
                "abstract": format!("{kind} at {when}{entry}{marked}"), "content": content,
                "authors": [by], "object_refs": [report], "created_by_ref": us,
            });
            make("note", more).1
        })
        .collect();
    let mut objects = vec![file.marking.definition(), identity, of_file];
    objects.extend(notes);
    let is_new = |one: &&Value| one.get("id") != file.marking.definition().get("id");
    objects.extend(file.objects.iter().filter(is_new).cloned());
    let id = ids.id("bundle");
    canonical::bytes(&json!({ "type": "bundle", "id": id, "objects": objects }))
}

/// With the milliseconds that STIX asks for (2.1 §2.2).
fn moment(file: &CaseFile) -> Timestamp {
    let millis = Timestamp::from_micros_with(file.made.micros() / 1000 * 1000, 3);
    millis.unwrap_or_else(|| file.made.clone())
}

fn state(file: &CaseFile) -> String {
    let lines = file.state.iter().map(|(name, words)| format!("{name}: {words}"));
    let receipts = file.receipts.iter().cloned();
    lines.chain(receipts).collect::<Vec<_>>().join("\n")
}
