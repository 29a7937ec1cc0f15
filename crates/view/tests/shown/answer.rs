use super::{hash, reference, row, shown};
use forewarn_exchange::user::User;
use forewarn_view::answer::{
    CaseMoved, CaseSent, ChannelOpen, DoneOrWaits, FeedSet, FieldsShown, InterestSet,
    InterestsAdded, KeysAnnounced, PartnerAdded, PartnerSet, ProposalDropped, Proposed, UserSet,
    WarningSent,
};
use forewarn_view::hint::Surface;
use forewarn_view::user::{CertificateTaken, Invitation, SessionBegun, Token, TokenMade, Whoami};
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
    let ends = "2026-02-01T00:00:00Z";
    let made = json!({ "user": "ana", "name": "laptop", "token": "fwt_0", "ends": ends });
    let invited = json!({ "user": "ana", "invitation": "fwi_0", "ends": ends });
    let begun = json!({ "user": "ana", "session": "fws_0", "ends": ends });
    let who = json!({
        "actor": "user:ana", "node": "west.example", "display": "Ana B.", "roles": ["analyst"],
        "by": "session", "password": true, "second_factor": true, "recovery_codes": 9,
    });
    let nobody = json!({
        "actor": "owner", "node": "west.example", "roles": [], "by": "folder",
        "password": false, "second_factor": false, "recovery_codes": 0,
    });
    let token = json!({
        "user": "ana", "name": "laptop", "kind": "token", "made": "2025-11-03T00:00:00Z",
        "by": "owner", "ends": ends, "from": ["192.0.2.0/24"], "last_use": "2025-11-04T00:00:00Z",
    });
    let session = json!({ "user": "ana", "name": "session-1", "kind": "session", "second": true, "ends": ends });
    let suspended = json!({
        "name": "ana", "roles": ["analyst"], "display": "Ana B.",
        "standing": { "is": "suspended", "at": "2025-11-03T00:00:00Z", "reason": "on leave" },
    });
    let all = [
        shown(&made, |made: &TokenMade| made.token.clone()),
        shown(&invited, |made: &Invitation| format!("{made:?}")),
        shown(&begun, |begun: &SessionBegun| format!("{begun:?}")),
        shown(&who, Whoami::words),
        shown(&nobody, Whoami::words),
        shown(&token, row::<Token>),
        shown(&session, row::<Token>),
        shown(&json!({ "user": "ana", "certificate": hash("c") }), |_: &CertificateTaken| {
            String::new()
        }),
        shown(&json!({ "name": "ana", "roles": ["analyst", "duty-officer"] }), row::<User>),
        shown(&suspended, row::<User>),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}
