//! Files of each format that was ever written open, are brought up to date, and say what they said.
//!
//! `vectors/formats/N/` holds databases of schema version N, as the program of that time left them, with
//! what it printed of them; and an evidence file of that time.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use flate2::read::GzDecoder;
use forewarn_exchange::case::Case;
use forewarn_exchange::id::{CaseNumber, Subject, WarningNumber};
use forewarn_exchange::warning::Warning;
use forewarn_stix::Timestamp;
use forewarn_store::{Readers, Store, StoreError};
use forewarn_transcript::evidence::Evidence;
use forewarn_view::case::{CaseLine, CaseParts};
use forewarn_view::history::Line;
use forewarn_view::partner::PartnerShown;
use forewarn_view::proposal::ProposalShown;
use forewarn_view::warning::{WarningLine, WarningShown};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

fn vector(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/formats").join(name)
}

/// What the program of that time printed: after each `## COMMAND`, its lines.
fn printed(name: &str) -> BTreeMap<String, Vec<Value>> {
    let text = std::fs::read_to_string(vector(name)).unwrap();
    let mut all = BTreeMap::new();
    let mut command = String::new();
    for line in text.lines() {
        if let Some(next) = line.strip_prefix("## ") {
            next.clone_into(&mut command);
            all.insert(command.clone(), Vec::new());
        } else {
            let value = serde_json::from_str(line).unwrap();
            all.get_mut(&command).unwrap().push(value);
        }
    }
    all
}

fn opened(name: &str) -> (tempfile::TempDir, Readers) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("forewarn.sqlite");
    let mut bytes = Vec::new();
    let file = std::fs::File::open(vector(name)).unwrap();
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    std::fs::write(&path, bytes).unwrap();
    // Brings the tables up to date.
    let readers = Store::open(&path).unwrap().readers();
    (folder, readers)
}

/// All that was there is there: members that are new may stand beside it.
fn says(new: &Value, old: &Value, at: &str) {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => {
            for (key, old) in old {
                let missing = Value::Null;
                let at = format!("{at}/{key}");
                // Lines of the history name who acted by kind now.
                if key != "actor" {
                    says(new.get(key).unwrap_or(&missing), old, &at);
                }
            }
        }
        (Value::Array(new), Value::Array(old)) => {
            assert_eq!(new.len(), old.len(), "{at}");
            for (n, (new, old)) in new.iter().zip(old).enumerate() {
                says(new, old, &format!("{at}/{n}"));
            }
        }
        _ => assert_eq!(new, old, "{at}"),
    }
}

/// The lists that a file shows to the program of today, by the commands that print them.
fn shown(readers: &Readers, now: &Timestamp) -> BTreeMap<String, Vec<Value>> {
    let shown = readers.read(|db| {
        let questions = db.open_questions()?;
        let open = |subject: Subject| questions.get(&subject).copied().unwrap_or(0);
        let case = |one: &Case| CaseLine::of(one, open(one.number.into()), now);
        let warning = |one: &Warning| WarningLine::of(one, open(one.number.into()), true);
        let mut shown: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let cases = db.cases()?.iter().map(|one| json(&case(one))).collect();
        shown.insert("case list".into(), cases);
        let warnings = db.warnings()?.iter().map(|one| json(&warning(one))).collect();
        shown.insert("warning list".into(), warnings);
        let partners = db.partners()?.into_iter().map(PartnerShown::of);
        shown.insert("partner list".into(), partners.map(|one| json(&one)).collect());
        shown.insert("user list".into(), db.users()?.iter().map(json).collect());
        shown.insert(
            "thanks".into(),
            db.thanks(0, 1_000)?.iter().map(|(_, one)| json(one)).collect(),
        );
        let proposals = db.proposals_after(0, 1_000)?.into_iter();
        let proposals = proposals.map(|one| json(&ProposalShown::of(one, None, None)));
        shown.insert("proposal list".into(), proposals.collect());
        for number in 1..=3 {
            let case = CaseNumber::new(number);
            if let Some(found) = db.case(case)? {
                let (items, outgoing) = (db.case_items(case)?, db.outgoing(case)?);
                let parts = CaseParts::of(&found, items, outgoing, &db.talk(case.into())?);
                let whole = serde_json::json!({
                    "case": parts, "matches": db.matches_of_case(case)?,
                    "stage_name": found.stage().to_string(),
                });
                shown.insert(format!("case show {number}"), vec![whole]);
            }
            let warning = WarningNumber::new(number);
            if let (Some(found), Some(content)) = (db.warning(warning)?, db.content(warning)?) {
                let talk = db.talk(warning.into())?;
                let subject = Subject::Warning(warning);
                let lines = db.history(subject)?.into_iter();
                let lines = lines.map(|one| Line::new(one.time, one.actor, subject, one.happened));
                let whole = WarningShown::of(found, (content, None), &talk, lines.collect());
                shown.insert(format!("warning show {number}"), vec![json(&whole)]);
            }
        }
        Ok::<_, StoreError>(shown)
    });
    shown.unwrap()
}

#[test]
fn databases_of_earlier_formats_say_what_they_said() {
    // With each, an instant at which it was printed, by which no clock had run out.
    let formats = [
        ("4", "2026-11-26T11:54:00Z", 7),
        ("6", "2026-11-26T18:30:08Z", 8),
        ("8", "2026-11-26T22:50:54Z", 8),
        ("11", "2026-11-27T06:52:37Z", 8),
    ];
    for (format, now, least) in formats {
        for side in ["west", "east"] {
            let printed = printed(&format!("{format}/{side}.lists.txt"));
            let (_folder, readers) = opened(&format!("{format}/{side}.sqlite.gz"));
            let shown = shown(&readers, &Timestamp::parse(now).unwrap());
            let mut compared = 0;
            for (command, old) in &printed {
                let Some(new) = shown.get(command) else { continue };
                let mut old = old.clone();
                for one in old.iter_mut().filter_map(Value::as_object_mut) {
                    // What needs a running node, or is told of by a question of its own.
                    let beside: &[&str] = match command.as_str() {
                        case if case.starts_with("case show") => {
                            &["delivered", "overdue", "history"]
                        }
                        "proposal list" => &["objection", "tlp"],
                        _ => &[],
                    };
                    for key in beside {
                        one.remove(*key);
                    }
                }
                let at = format!("{format}/{side}: {command}");
                says(&Value::from(new.clone()), &Value::from(old), &at);
                compared += 1;
            }
            assert!(compared >= least, "{format}/{side}: {compared}");
        }
    }
}

#[test]
fn what_was_withheld_before_is_one_set_now() {
    let (_folder, readers) = opened("4/west.sqlite.gz");
    let withheld = readers.read(|db| db.withheld(&"east.example".parse().unwrap())).unwrap();
    let texts: Vec<&str> = withheld.iter().map(|one| one.text.as_str()).collect();
    for text in ["Anton Velikov", "HERON-7"] {
        assert!(texts.contains(&text), "{texts:?}");
    }
}

/// A token that was made before tokens had names lets its user in, and has one now.
#[test]
fn tokens_of_before_have_names_and_no_end() {
    let (_folder, readers) = opened("8/west.sqlite.gz");
    let granted = readers.read(|db| db.grants(None)).unwrap();
    let mut names: Vec<String> =
        granted.iter().map(|one| format!("{} {}", one.user, one.grant.name)).collect();
    names.sort();
    assert_eq!(names, ["ana token-1", "ana token-2", "otto token-1"]);
    assert!(granted.iter().all(|one| one.grant.ends.is_none()));
}

#[test]
fn evidence_of_before_verifies() {
    for format in ["4", "6", "8", "11"] {
        let bytes = std::fs::read(vector(&format!("{format}/evidence.json"))).unwrap();
        let evidence: Evidence = serde_json::from_slice(&bytes).unwrap();
        assert!(!evidence.verify(&[]).unwrap().entries.is_empty(), "{format}");
    }
}

fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}
