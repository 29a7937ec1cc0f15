use super::{HOSTILE, RIGHT_TO_LEFT, hash, reference, row, shown, visible};
use forewarn_view::case::{CaseLine, CaseShown, Preview};
use forewarn_view::hint::Surface;
use serde_json::{Value, json};

const OURS: &str = "west.example/0a";

#[test]
fn a_case_in_a_list() {
    let json = json!({
        "number": 1, "partner": "east.example", "urgency": "immediate", "status": "Exercise",
        "stage": "to warn", "opened": "2017-12-15T09:30:00.123Z",
        "due": "2017-12-15T09:45:00.123Z", "overdue": true, "items": 2, "open_questions": 1, "undelivered": true, "review": true,
    });
    insta::assert_snapshot!(shown(&json, row::<CaseLine>));
}

fn draft(title: &str) -> Value {
    json!({
        "by": "ana", "at": "2017-12-15T09:31:00.000Z", "title": title, "tlp": "amber+strict",
        "valid_until": "2017-12-22T09:30:00.000Z", "bundle": "{}", "digest": hash("d"),
        "withheld": [{ "what": "name", "text": "Anton Velikov" }],
    })
}

fn said(what: &Value, words: &str, index: u64, ours: bool) -> Value {
    let by = if ours { "otto" } else { HOSTILE };
    json!({
        "what": what, "words": words, "by": by, "at": "2017-12-15T09:40:00.5Z", "ours": ours,
        "entry": reference(OURS, index),
    })
}

fn talk() -> Value {
    let due = "2017-12-15T10:40:00.500Z";
    json!([
        said(&json!({ "what": "opened" }), "opened", 2, false),
        said(&json!({ "what": "accepted", "note": "" }), "accepted. ", 3, false),
        said(
            &json!({ "what": "declined", "ground": "known-already", "reason": "by phone" }),
            "",
            4,
            false
        ),
        said(
            &json!({ "what": "question", "text": HOSTILE, "due": due }),
            &format!("question at entry 5: {HOSTILE} (answer due {due})"),
            5,
            false,
        ),
        said(
            &json!({ "what": "answer", "question": 5, "text": "in a flat" }),
            "answer to entry 5: in a flat",
            6,
            true,
        ),
        said(&json!({ "what": "action", "text": "raids" }), "action: raids", 7, false),
        said(
            &json!({ "what": "outcome", "text": RIGHT_TO_LEFT, "facts": [
                { "kind": "arrested", "count": 7, "on": "2017-12-15" },
                { "kind": "false-alarm", "count": 1 },
            ] }),
            "",
            8,
            false,
        ),
        said(&json!({ "what": "thanks", "to": "you", "text": "well done" }), "", 9, false),
        said(
            &json!({ "what": "recall-answered", "answer": "could-not", "text": "too late" }),
            "",
            10,
            false,
        ),
        said(&json!({ "what": "refused", "reason": HOSTILE }), "", 11, false),
    ])
}

#[test]
fn a_case_with_all_that_belongs_to_it() {
    let release = json!({
        "draft": draft(RIGHT_TO_LEFT), "approved_by": "otto", "at": "2017-12-15T09:35:00.000Z",
        "entry": reference(OURS, 1), "id": "w-1",
    });
    let json = json!({
        "overdue": true, "stage_name": "released",
        "matches": [{
            "partner": "east.example", "interest": "i-1", "label": "our city",
            "urgency": "immediate", "strength": 80,
            "why": [{ "clause": "place", "words": "St Petersburg", "at": "1-2", "strength": 80 }],
        }],
        "delivered": [true], "undelivered": HOSTILE,
        "ended": [{ "id": "text--1", "ended": "revoked" }],
        "history": [{
            "time": "2017-12-15T09:30:00.000Z", "actor": "node:matcher", "subject": "case-1",
            "what": "match with “our city”: x",
            "event": { "happened": "matched", "label": "our city", "why": "x" },
        }],
        "case": {
            "number": 1, "partner": "east.example",
            "items": [
                { "id": HOSTILE, "source": "HERON-7", "why": [HOSTILE] },
                { "id": "text--1", "source": null, "why": [] },
            ],
            "urgency": "immediate", "status": "Actual", "opened": "2017-12-15T09:30:00.000Z",
            "due": "2017-12-15T09:45:00.000Z", "ran_out": "2017-12-15T09:45:00.100Z",
            "review": { "since": "2017-12-15T09:40:00.000Z", "revoked": ["text--1"] },
            "stage": {
                "stage": "released",
                "finding": {
                    "credible": true, "specific": true, "impending": false,
                    "threat": "destruction", "target": "visitors", "reason": "a source",
                    "by": "ana", "at": "2017-12-15T09:31:00.000Z",
                },
                "decision": {
                    "decision": "waive", "code": "already-aware", "reason": "they know",
                    "by": "otto", "at": "2017-12-15T09:32:00.000Z",
                },
                "sent": [release.clone(), release],
                "next": draft("next"),
            },
            "talk": talk(),
        },
    });
    insta::assert_snapshot!(shown(&json, |one: &CaseShown| one.words(Surface::CommandLine)));
}

fn preview(objection: &Value, lowering: &Value) -> Value {
    json!({
        "case": 1, "to": "east.example", "ceiling": "amber", "title": RIGHT_TO_LEFT,
        "tlp": "green", "digest": hash("d"), "drafted_by": "ana",
        "valid_until": "2017-12-22T09:30:00.000Z",
        "originals": "amber", "lowering": lowering, "passes": objection.is_null(),
        "versions": 1, "changes": [{ "part": "text", "before": [HOSTILE], "after": ["new"] }],
        "objection": objection,
        "withheld": [
            { "what": "source", "text": "HERON-7" }, { "what": "original-id", "text": HOSTILE },
        ],
        "bundle": "{\"type\":\"bundle\",\"name\":\"\u{202e}x\"}",
    })
}

#[test]
fn a_draft_for_its_approver() {
    let objection = json!({ "code": "gate", "message": "the gate is shut:\nits marking" });
    let words = |surface| move |preview: &Preview| preview.words(surface);
    let lowering = json!({ "permission": "the originator", "reason": HOSTILE });
    let open = preview(&Value::Null, &lowering);
    let read: Preview = serde_json::from_value(open.clone()).unwrap();
    insta::assert_snapshot!(
        [
            shown(&open, words(Surface::CommandLine)),
            visible(&read.words(Surface::Api)),
            shown(&preview(&objection, &Value::Null), words(Surface::CommandLine)),
        ]
        .join("\n\n")
    );
}
