use super::{HOSTILE, hash, row, shown};
use forewarn_view::hint::Surface;
use forewarn_view::proposal::ProposalShown;
use serde_json::{Value, json};

fn proposal(fate: &Value, objection: &Value) -> Value {
    let rest = json!({
        "number": 1, "words": format!("on warning 1: action: {HOSTILE}"),
        "partner": "east.example", "tlp": "amber", "by": "dora",
        "at": "2017-12-15T09:30:00.123Z", "digest": hash("e"), "objection": objection,
        "act": { "do": "warning-act", "warning": 1, "text": HOSTILE },
    });
    let parts = [&rest, fate].into_iter().filter_map(Value::as_object);
    Value::Object(parts.flat_map(Clone::clone).collect())
}

/// What an approved one was proposed by, and by whom it was approved, had one name once: the answer
/// had two members `by`.
#[test]
fn proposals() {
    let words =
        |one: &ProposalShown| format!("{}\n\n{}", row(one), one.words(Surface::CommandLine));
    let at = "2017-12-15T09:40:00.123Z";
    let objection = json!({ "code": "gate", "message": "the gate is shut" });
    let mut shows = proposal(&json!({ "fate": "waiting" }), &Value::Null);
    let field = |index: u64, field: &str, value: Value, withheld: bool| {
        json!({
            "log": "west.example/forewarn/x", "ours": true, "index": index, "kind": "warning",
            "field": field, "value": value, "withheld": withheld,
        })
    };
    shows["shows"] = json!([
        field(1, "names", json!([HOSTILE, "Anton Velikov"]), true),
        field(2, "title", json!("Planned bombing"), false),
    ]);
    let all = [
        shows,
        proposal(&json!({ "fate": "waiting" }), &Value::Null),
        proposal(&json!({ "fate": "waiting" }), &objection),
        proposal(
            &json!({ "fate": "approved", "decided_by": "otto", "decided_at": at }),
            &Value::Null,
        ),
        proposal(
            &json!({
                "fate": "dropped", "decided_by": "otto", "decided_at": at, "reason": HOSTILE,
            }),
            &Value::Null,
        ),
    ];
    let all = all.each_ref().map(|json| shown(json, words));
    insta::assert_snapshot!(all.join("\n\n"));
}
