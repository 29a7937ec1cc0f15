use super::{hash, reference, row, shown};
use forewarn_exchange::user::User;
use forewarn_view::answer::{
    CaseMoved, CaseSent, ChannelOpen, DoneOrWaits, FeedSet, FieldsShown, InterestSet,
    InterestsAdded, KeysAnnounced, PartnerAdded, PartnerSet, ProposalDropped, Proposed, UserSet,
    WarningSent,
};
use forewarn_view::hint::Surface;
use forewarn_view::user::{CertificateTaken, TokenMade};
use serde_json::json;

const LOG: &str = "west.example/0a";

#[test]
fn acts() {
    let all = [
        shown(&json!({ "user": "ana" }), |_: &UserSet| String::new()),
        shown(&json!({ "feed": "intel" }), |_: &FeedSet| String::new()),
        shown(&json!({ "partner": "east.example" }), PartnerAdded::words),
        shown(&json!({ "partner": "east.example", "channel": hash("b") }), ChannelOpen::words),
        shown(&json!({ "partner": "east.example" }), |_: &PartnerSet| String::new()),
        shown(&json!({ "partners": ["a.example", "b.example"] }), KeysAnnounced::words),
        shown(&json!({ "interest": "i-1", "partner": "east.example" }), |_: &InterestSet| {
            String::new()
        }),
        shown(
            &json!({ "interests": ["i-1", "i-2"], "partner": "east.example" }),
            |_: &InterestsAdded| String::new(),
        ),
        shown(
            &json!({ "case": 1, "stage": "to warn", "due": "2017-12-15T09:45:00.123456Z" }),
            CaseMoved::words,
        ),
        shown(&json!({ "case": 1, "entry": reference(LOG, 4), "id": "w-1" }), |sent: &CaseSent| {
            sent.words("released")
        }),
        shown(
            &json!({ "warning": 1, "entry": reference(LOG, 4), "id": "w-1" }),
            |sent: &WarningSent| sent.words("accepted"),
        ),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn what_waits_for_a_second_person() {
    let waits = json!({ "proposal": 1, "digest": hash("e") });
    let all = [
        shown(&waits, |proposed: &Proposed| proposed.words(Surface::CommandLine)),
        shown(&json!({ "dropped": 1 }), |_: &ProposalDropped| String::new()),
        shown(&json!({ "fields": ["title"] }), |_: &FieldsShown| String::new()),
        shown(&waits, |answer: &DoneOrWaits<UserSet>| format!("{answer:?}")),
        shown(&json!({ "user": "ana" }), |answer: &DoneOrWaits<UserSet>| format!("{answer:?}")),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
    assert!(serde_json::from_str::<DoneOrWaits<UserSet>>("{\"proposal\":1}").is_err());
}

#[test]
fn people() {
    let all = [
        shown(&json!({ "user": "ana", "token": "fwt_0" }), |made: &TokenMade| made.token.clone()),
        shown(&json!({ "user": "ana", "certificate": hash("c") }), |_: &CertificateTaken| {
            String::new()
        }),
        shown(&json!({ "name": "ana", "roles": ["analyst", "duty-officer"] }), row::<User>),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}
