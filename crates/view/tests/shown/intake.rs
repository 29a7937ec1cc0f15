use super::{HOSTILE, RIGHT_TO_LEFT, row, shown};
use forewarn_view::feed::FeedShown;
use forewarn_view::item::{
    FlawedObject, ItemLine, QuarantineLine, RefusedObject, TakenIn, ThanksLine,
};
use serde_json::{Value, json};

#[test]
fn items() {
    let all = [
        shown(
            &json!({
                "seq": 1_513_330_200_000_001_u64, "id": "text--1", "version": 0,
                "written": null, "flawed": false, "size": 120,
                "source": "HERON-7", "grade": "B2", "time": "2017-12-15T09:30:00.123456Z",
                "marking": "amber", "deleted": false,
            }),
            row::<ItemLine>,
        ),
        shown(
            &json!({
                "seq": 2, "id": HOSTILE, "version": 1_513_330_200_000_000_u64,
                "written": "2017-12-15T09:30:00Z", "flawed": true, "size": 120, "source": null, "grade": null,
                "time": "2017-12-15T09:30:00.123456Z", "marking": null, "deleted": true,
            }),
            row::<ItemLine>,
        ),
        shown(
            &json!({
                "source": "HERON-7", "partner": "east.example", "case": 1,
                "time": "2017-12-15T09:30:00.123456Z", "text": RIGHT_TO_LEFT,
            }),
            row::<ThanksLine>,
        ),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

fn reasons() -> Value {
    json!([
        { "path": "$.id", "rule": "identifier", "message": HOSTILE },
        { "path": "$.name", "rule": "required-property", "message": "is missing" },
    ])
}

#[test]
fn refusals() {
    let taken = json!({
        "first": 7, "added": 2, "known": 1, "flawed": 1, "refused": 1, "ids": ["a", "b"], "format": "stix",
        "flaws": [{ "position": 2, "id": HOSTILE, "flaws": reasons() }],
        "reasons": [{ "position": 3, "id": null, "reasons": reasons() }],
    });
    let first = |taken: &TakenIn| {
        let words: Vec<String> = taken.reasons.iter().map(RefusedObject::words).collect();
        words
            .into_iter()
            .chain(taken.flaws.iter().map(FlawedObject::words))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let quarantined = json!({
        "number": 1, "position": 3, "id": HOSTILE, "reasons": reasons(), "name": "a.json",
        "time": "2017-12-15T09:30:00.123456Z", "bytes": HOSTILE,
    });
    let all = [
        shown(&taken, first),
        shown(&quarantined, row::<QuarantineLine>),
        shown(&quarantined, QuarantineLine::words),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn feeds() {
    let poll = json!({
        "name": "intel", "kind": "taxii", "url": "https://a.example/root/collections/1/",
        "way": { "way": "poll", "into": "inbox", "source": "A", "overlap": 10 },
        "every": 60, "user": null,
        "state": {
            "after": "2017-12-15T09:30:00.123456Z", "walk": { "after": "x", "next": "y", "restarts": 0 },
            "page": "d", "collection": HOSTILE, "size": 500, "pushed": 0, "good": 7, "refused": 1, "objection": HOSTILE,
            "moved": "2017-12-15T09:30:00.123456Z",
        },
        "answered": "2017-12-15T09:31:00.123456Z", "trouble": HOSTILE,
        "next": "2017-12-15T09:46:00.123456Z", "waits": "needs-somebody",
    });
    let push = json!({
        "name": "east", "kind": "taxii", "url": "https://b.example/root/collections/2/",
        "way": { "way": "push", "partner": "east.example", "outlet": "east" },
        "every": 60, "user": "west",
        "state": {
            "pushed": 5, "waiting": { "status": "s", "to": 7 }, "good": 0, "refused": 0,
        },
        "answered": null, "trouble": null, "next": null, "waits": null,
    });
    let all = [&poll, &push].map(|json| {
        let words = |feed: &FeedShown| format!("{}\n\n{}", row(feed), feed.words());
        shown(json, words)
    });
    insta::assert_snapshot!(all.join("\n\n"));
}
