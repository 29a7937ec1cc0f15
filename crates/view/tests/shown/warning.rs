use super::{HOSTILE, RIGHT_TO_LEFT, reference, row, shown};
use forewarn_view::hint::Surface;
use forewarn_view::warning::{WarningLine, WarningShown};
use serde_json::{Value, json};

const THEIRS: &str = "east.example/0b";

#[test]
fn a_warning_in_a_list() {
    let line = |title: &str, standing: Value| {
        json!({
            "number": 1, "partner": "east.example", "status": "Actual", "title": title,
            "urgency": "immediate", "tlp": "amber", "valid_until": "2017-12-22T09:30:00.000Z",
            "received": "2017-12-15T09:30:00.123Z", "standing": standing, "recalled": true,
            "id": "w-1", "open_questions": 0, "version": 1,
        })
    };
    let at = "2017-12-15T09:31:00.000Z";
    let all = [
        line(HOSTILE, json!({ "standing": "new" })),
        line(RIGHT_TO_LEFT, json!({ "standing": "declined", "by": "dora", "at": at })),
    ];
    let all = all.each_ref().map(|json| shown(json, row::<WarningLine>));
    insta::assert_snapshot!(all.join("\n\n"));
}

/// A title could once print a line that looked like the node's own.
#[test]
fn a_warning_with_all_that_belongs_to_it() {
    let bundle = json!({ "type": "bundle", "objects": [
        { "type": "report", "description": HOSTILE },
        { "type": "location", "name": RIGHT_TO_LEFT, "country": "IL" },
        { "type": "location", "region": "western-asia" },
        { "type": "indicator", "pattern": HOSTILE },
    ] });
    let json = json!({
        "text": format!("{HOSTILE}\n{RIGHT_TO_LEFT}"),
        "changes": [{ "part": "title", "before": [HOSTILE], "after": [RIGHT_TO_LEFT] }],
        "history": [{
            "time": "2017-12-15T09:30:00.000Z", "actor": "partner:east.example",
            "subject": "warning-1", "what": "the warning was changed",
            "event": { "happened": "warning-changed" },
        }],
        "warning": {
            "number": 1, "partner": "east.example", "status": "Actual",
            "entry": reference(THEIRS, 1), "id": "w-1", "received": "2017-12-15T09:30:00.123Z",
            "version": 2,
            "content": {
                "title": HOSTILE, "urgency": "immediate", "tlp": "amber",
                "valid_until": "2017-12-22T09:30:00.000Z", "bundle": bundle,
            },
            "standing": { "standing": "opened", "by": "dora", "at": "2017-12-15T09:31:00.000Z" },
            "recall": {
                "reason": HOSTILE, "at": "2017-12-15T10:00:00.000Z",
                "entry": reference(THEIRS, 5), "answered": null,
            },
            "talk": [{
                "what": { "what": "opened" }, "words": "opened", "by": "dora",
                "at": "2017-12-15T09:31:00.000Z", "ours": true,
                "entry": reference("west.example/0a", 2),
            }],
        },
    });
    let words = |shown: &WarningShown| {
        format!("{}\n\n{}", shown.words(Surface::CommandLine), shown.words(Surface::Api))
    };
    insta::assert_snapshot!(shown(&json, words));
}
