use super::{HOSTILE, hash, reference, row, shown};
use forewarn_view::channel::{
    ContradictionLine, EntryLine, LogChecked, LogCompared, LogLine, ProofKept, TranscriptTaken,
};
use serde_json::{Value, json};

const LOG: &str = "west.example/0a";

#[test]
fn logs_and_entries() {
    let known = json!({
        "log": LOG, "ours": true, "index": 3, "kind": "warning", "id": "w-1",
        "time": "2017-12-15T09:30:00.123Z", "status": "Actual", "answers": reference(LOG, 1),
        "withheld": 2, "subject": "case-1", "refused": null, "receipted": true,
    });
    let unknown = json!({
        "log": LOG, "ours": false, "index": 4, "kind": HOSTILE, "id": null, "time": null,
        "status": HOSTILE, "answers": null, "withheld": 0, "subject": null, "refused": HOSTILE,
        "receipted": false,
    });
    let all = [
        shown(
            &json!({ "log": LOG, "partner": "east.example", "ours": true, "size": 7,
                     "receipted": 5 }),
            row::<LogLine>,
        ),
        shown(&known, row::<EntryLine>),
        shown(&unknown, row::<EntryLine>),
        shown(&json!({ "log": LOG, "entries": 7, "damage": "entry 3" }), |_: &LogChecked| {
            String::new()
        }),
        shown(
            &json!({ "partner": "east.example", "entries": 7, "receipted": 5 }),
            TranscriptTaken::words,
        ),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

fn compared(verdict: &Value) -> Value {
    let log = json!({ "log": LOG, "entries_ours": 7, "entries_theirs": 7, "asked": 4 });
    let parts = [&log, verdict].into_iter().filter_map(Value::as_object);
    Value::Object(parts.flat_map(Clone::clone).collect())
}

#[test]
fn copies_compared() {
    let different = json!({
        "verdict": "different", "index": 3, "ours": "{}", "theirs": HOSTILE, "proven": true,
    });
    let claimed = json!({
        "verdict": "different", "index": 3, "ours": "{}", "theirs": null, "proven": false,
    });
    let all = [
        json!({ "verdict": "equal" }),
        json!({ "verdict": "behind", "who": "east.example", "by": 2 }),
        different,
        claimed,
    ];
    let all = all.each_ref().map(|verdict| shown(&compared(verdict), LogCompared::words));
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn proofs_of_a_log_written_twice() {
    let signed = |entry: Value| json!({ "checkpoint": "note\n", "entry": entry });
    let entry = json!({ "index": 3, "leaf": "{}", "path": [hash("b")] });
    let json = json!({
        "number": 1, "partner": "east.example", "log": LOG,
        "time": "2017-12-15T09:30:00.123456Z",
        "proof": {
            "format": "forewarn-contradiction/1", "genesis": "{}", "log": LOG,
            "signed": [signed(entry.clone()), signed(entry)],
        },
    });
    let all = [
        shown(&json, row::<ContradictionLine>),
        shown(&json!({ "new": true, "log": LOG }), |_: &ProofKept| String::new()),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}
