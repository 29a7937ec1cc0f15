use super::{HOSTILE, row, shown};
use forewarn_transcript::SecretKey;
use forewarn_view::interest::{InterestLine, InterestTried, TrialProgress};
use forewarn_view::partner::{OwnCard, PartnerShown};
use serde_json::{Value, json};

#[test]
fn partners() {
    let at = "2017-12-15T09:30:00.123Z";
    let key = SecretKey::from_seed(&[7; 32]).keys().ed25519;
    let partner = |standing: Value| {
        json!({
            "name": "east.example", "organisation": HOSTILE, "url": "https://east.example",
            "key": key, "fingerprint": standing["standing"].eq("confirmed").then_some("one two"),
            "new_url": null, "new_key": standing["standing"].eq("suspended").then_some(key),
            "ceiling": "amber+strict",
            "standing": standing, "sentences": "two", "without_node": false,
        })
    };
    let words = |partner: &PartnerShown| format!("{}\n\n{}", row(partner), partner.words());
    let all = [
        shown(
            &json!({ "card": "card\n", "name": "west.example", "fingerprint": "one two" }),
            OwnCard::words,
        ),
        shown(&partner(json!({ "standing": "added", "by": "paul", "at": at })), words),
        shown(&partner(json!({ "standing": "confirmed", "by": "paul", "at": at })), words),
        shown(
            &partner(json!({
                "standing": "suspended", "by": "paul", "at": at, "reason": HOSTILE,
                "compromised": true,
            })),
            words,
        ),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn interests() {
    let claimed = json!({
        "seq": 1, "partner": "east.example", "ours": false, "id": "i-1", "label": HOSTILE,
        "urgency": "immediate", "any": [{ "country": "RU" }, { "words": "x".repeat(150) }],
        "threshold": 50, "ownership": "claimed", "change": 4, "matches": 7,
        "last_match": "2017-12-15T09:30:00.123456Z",
    });
    let confirmed = json!({
        "seq": 2, "partner": "east.example", "ours": true, "id": "i-2", "label": "ours",
        "urgency": "future", "all": [{ "domain": "tickets.example" }], "ownership": "confirmed",
        "by": "paul", "how": "dns-record", "at": "2017-12-15T09:30:00.123Z", "note": "seen",
        "change": 5, "matches": 0, "last_match": null,
    });
    let all = [&claimed, &confirmed].map(|json| shown(json, row::<InterestLine>));
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn trials() {
    let reasons = json!([
        { "clause": "country RU", "words": HOSTILE, "at": "3-9", "strength": 80 },
        { "clause": "grade", "words": "B2 is good enough", "at": "", "strength": 0 },
    ]);
    let met = json!({
        "item": "text--1",
        "match": {
            "partner": "east.example", "interest": "i-1", "label": "our city",
            "urgency": "immediate", "strength": 80, "why": reasons,
        },
    });
    let near = json!({
        "item": "text--1",
        "near": {
            "partner": "east.example", "interest": "i-2", "label": "our banks",
            "lacking": "the threshold is 50", "found": reasons,
        },
    });
    let waits = json!({ "waiting": 3, "from": 0, "at": 0, "until": 0 });
    let begun = json!({
        "waiting": 3, "from": 1_513_330_200_000_001_i64, "at": 1_513_330_225_000_000_i64,
        "until": 1_513_330_300_000_000_i64,
    });
    let all = [
        shown(&met, InterestTried::words),
        shown(&near, InterestTried::words),
        shown(&waits, TrialProgress::words),
        shown(&begun, TrialProgress::words),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}
