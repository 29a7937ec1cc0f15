//! What is in the file: the record, and the texts that the record tells of, in the order of time.

use super::{CaseFile, Cover, Fact, RELEASE};
use crate::case::{CaseParts, CaseShown};
use crate::{decision, text, told};
use forewarn_exchange::case::{CaseItem, Found, Recall, Release};
use forewarn_exchange::draft::Draft;
use forewarn_stix::bundle;
use forewarn_stix::marking::Tlp;
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) fn file(shown: &CaseShown, cover: &Cover<'_>, originals: Vec<Value>) -> CaseFile {
    let case = &shown.case;
    let mut facts = record(shown);
    facts.extend(written(case));
    facts.extend(said(case));
    // What was written at the same moment stays in the order of the record.
    facts.sort_by(|one, other| one.at.cmp(&other.at));
    let (objects, released) = objects(&case.stage.sent, originals);
    CaseFile {
        number: case.number,
        partner: case.partner.clone(),
        organisation: cover.organisation.to_owned(),
        reader: cover.reader.clone(),
        made: cover.at.clone(),
        status: case.status,
        marking: Tlp::AmberStrict,
        state: state(shown),
        items: case.items.iter().map(item).collect(),
        facts,
        receipts: receipts(shown),
        objects,
        released,
        kept_back: 0,
    }
}

fn plain(words: impl AsRef<str>) -> String {
    text::without_isolates(words.as_ref())
}

fn item(item: &CaseItem) -> (String, Vec<String>) {
    (item.id.clone(), item.why.iter().map(plain).collect())
}

/// Where it stands, and its clocks.
fn state(shown: &CaseShown) -> Vec<(&'static str, String)> {
    let case = &shown.case;
    let overdue = if shown.overdue { ", overdue" } else { "" };
    let mut all = vec![
        ("For", case.partner.to_string()),
        ("Stands at", plain(&shown.stage_name)),
        ("Urgency", case.urgency.to_string()),
        ("Opened", text::time(&case.opened)),
        ("Clock", format!("{} {}{overdue}", case.purpose, text::time(&case.due))),
    ];
    all.extend(case.ran_out.as_ref().map(|at| ("Time ran out", text::time(at))));
    all.extend(case.pause.as_ref().map(|pause| {
        let until = text::time(&pause.until);
        ("Paused", plain(format!("until {until} by {}: {}", pause.by, pause.reason)))
    }));
    all.extend(case.horizon.as_ref().map(|one| ("Holds until", text::time(&one.until))));
    all.extend(case.expired.as_ref().map(|at| ("Expired", text::time(at))));
    all.extend(case.threat.map(|first| ("Of the threat of", format!("case {first}"))));
    all
}

/// For each version, whether the partner holds it.
fn receipts(shown: &CaseShown) -> Vec<String> {
    let each = shown.case.stage.sent.iter().zip(1..).map(|(release, version)| {
        let held = shown.delivered.get(version - 1) == Some(&true);
        let held =
            if held { "the partner holds it, by its receipt" } else { "no receipt covers it" };
        format!(
            "version {version}: entry {} of {}, digest {}: {held}",
            release.entry.index, release.entry.log, release.draft.digest
        )
    });
    each.collect()
}

/// The history, a fact each.
fn record(shown: &CaseShown) -> Vec<Fact> {
    let each = shown.history.iter().map(|line| Fact {
        at: line.time.clone(),
        kind: "record",
        by: line.actor.to_string(),
        words: plain(&line.what),
        tlp: None,
        entry: None,
    });
    each.collect()
}

/// What our people have written: finding, decision, drafts, versions, recall, what was told.
fn written(case: &CaseParts) -> Vec<Fact> {
    let stage = &case.stage;
    let ours =
        |at: &forewarn_stix::Timestamp, kind, by: &dyn std::fmt::Display, words: String| Fact {
            at: at.clone(),
            kind,
            by: by.to_string(),
            words: plain(words),
            tlp: None,
            entry: None,
        };
    let mut all = Vec::new();
    if let Some(found @ Found { at, by, .. }) = &stage.finding {
        all.push(ours(at, "finding", by, decision::finding(found).join("\n")));
    }
    if let Some(decided) = &stage.decision {
        let words = decision::decision(decided).join("\n");
        all.push(ours(&decided.at, "decision", &decided.by, words));
    }
    for draft in stage.draft.iter().chain(&stage.next) {
        let tlp = Some(draft.tlp);
        all.push(Fact { tlp, ..ours(&draft.at, "draft", &draft.by, of_draft(draft)) });
    }
    for (release, version) in stage.sent.iter().zip(1..) {
        let Release { draft, approved_by, at, entry, .. } = release;
        let words = format!("version {version}, drafted by {}\n{}", draft.by, of_draft(draft));
        let fact = ours(at, RELEASE, approved_by, words);
        all.push(Fact { tlp: Some(draft.tlp), entry: Some(entry.index), ..fact });
    }
    if let Some(Recall { by, at, reason, entry }) = &stage.recall {
        let entry = Some(entry.index);
        all.push(Fact { entry, ..ours(at, "recall", by, reason.clone()) });
    }
    for one in &case.ahead {
        all.push(ours(&one.recorded, "told", &one.by, told::ahead(one).join("\n")));
    }
    all
}

/// Title, marking and words of a draft, as its bundle says them.
fn of_draft(draft: &Draft) -> String {
    let bundle: Value = serde_json::from_str(&draft.bundle).unwrap_or_default();
    let report = bundle::of_type(&bundle, "report").next();
    let words = report.and_then(|report| report.get("description")).and_then(Value::as_str);
    let until = text::time(&draft.valid_until);
    format!("{}\n{}\n{}, holds until {until}", draft.title, words.unwrap_or_default(), draft.tlp)
}

/// What both sides have said.
fn said(case: &CaseParts) -> Vec<Fact> {
    let each = case.talk.iter().map(|one| Fact {
        at: one.at.clone(),
        kind: if one.ours { "said by us" } else { "said by them" },
        by: plain(&one.by),
        words: plain(&one.words),
        tlp: None,
        entry: Some(one.entry.index),
    });
    each.collect()
}

/// The objects of what was released, then the originals; each once, and how many are of the former.
fn objects(sent: &[Release], originals: Vec<Value>) -> (Vec<Value>, usize) {
    let bundles = sent.iter().map(|release| release.draft.bundle.as_str());
    let released = bundles.flat_map(|bundle| {
        let bundle: Value = serde_json::from_str(bundle).unwrap_or_default();
        bundle.get("objects").and_then(Value::as_array).cloned().unwrap_or_default()
    });
    let mut known = BTreeSet::new();
    let mut is_new = |object: &Value| {
        let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
        known.insert((text("id").to_owned(), text("modified").to_owned()))
    };
    let mut all: Vec<Value> = released.filter(|object| is_new(object)).collect();
    let count = all.len();
    all.extend(originals.into_iter().filter(|object| is_new(object)));
    (all, count)
}
