//! Two people who edit the same: the second one is told, and nothing of the first is lost.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Node, Pair};
use serde_json::{Value, json};
use std::sync::Barrier;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// An act by a person with `If-Match`; the status and what was answered.
fn act(node: &Node, person: &str, tag: &str, act: &Value) -> (u16, Value) {
    let body = json!({ "act": act }).to_string();
    let headers = [("forewarn-as", person), ("if-match", tag)];
    let answer = node.connect_local().ask("POST", "/api/v1/acts", &headers, body.as_bytes());
    (answer.status, answer.json())
}

fn tag(node: &Node, path: &str) -> String {
    let answer = node.connect_local().ask("GET", path, &[("forewarn-as", "nora")], b"");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header("etag").unwrap().to_owned()
}

fn finding(reason: &str) -> Value {
    json!({ "do": "case-finding", "case": 1, "finding": {
        "credible": true, "specific": true, "impending": true, "threat": "destruction",
        "target": "a cathedral", "nationality": "", "reason": reason,
    } })
}

fn a_case() -> Pair {
    let pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    pair.case("A report names shop.tickets.example.");
    pair
}

#[test]
fn an_act_on_another_version_is_refused_and_says_what_has_changed() {
    let pair = a_case();
    let west = &pair.west;
    let seen = tag(west, "/api/v1/cases/1");
    assert_eq!(act(west, "ana", &seen, &finding("first")).0, 200);
    let now = tag(west, "/api/v1/cases/1");
    assert_ne!(seen, now);
    let (status, problem) = act(west, "ana", &seen, &finding("second"));
    assert_eq!((status, problem["code"].clone()), (412, json!("stale")));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("by user:ana at 20") && detail.contains("it is found"), "{detail}");
    assert_eq!(problem["next"]["next"], "show-case");
    let shown = west.get("/api/v1/cases/1");
    assert!(shown.to_string().contains("first") && !shown.to_string().contains("second"));
    // A draft that is written anew is another version too.
    west.by("otto", &["case", "decide", "1", "warn", "--reason", "lives"]);
    west.draft("1", "Planned bombing", "A bombing is planned.", "Kazan");
    let seen = tag(west, "/api/v1/cases/1");
    west.draft("1", "Planned bombing", "A bombing is planned there.", "Kazan");
    assert_ne!(seen, tag(west, "/api/v1/cases/1"));
    // On the command line, by the version that was shown.
    let version = west.json(&["case", "show", "1"]).pop().unwrap()["version"].clone();
    assert!(west.good(&["case", "show", "1"]).contains(version.as_str().unwrap()));
    let draft = ["case", "draft", "1", "--title", "T", "--text", "X", "--valid-until", "+48h"];
    let on = |version: &str| [&draft[..], &["--seen", version, "--as", "ana"]].concat().join("\n");
    let run = |version: &str| west.run(&on(version).split('\n').collect::<Vec<_>>());
    let refused = run(seen.trim_matches('"'));
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(words.contains("was changed since you looked at it"), "{words}");
    assert_eq!(
        (refused.status.code(), run(version.as_str().unwrap()).status.code()),
        (Some(1), Some(0))
    );
}

#[test]
fn of_two_at_once_one_wins() {
    let pair = a_case();
    let (west, seen) = (&pair.west, tag(&pair.west, "/api/v1/cases/1"));
    for person in ["mara", "milo", "mona"] {
        west.good(&["user", "add", person, "--role", "analyst"]);
    }
    let together = Barrier::new(4);
    let statuses = std::thread::scope(|scope| {
        let all = ["ana", "mara", "milo", "mona"].map(|person| {
            let (together, seen) = (&together, seen.as_str());
            scope.spawn(move || {
                together.wait();
                act(west, person, seen, &finding(person)).0
            })
        });
        all.map(|one| one.join().unwrap())
    });
    let count = |status| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(200), count(412)), (1, 3), "{statuses:?}");
}

#[test]
fn users_partners_and_the_duty_have_versions_and_a_tag_is_for_what_it_is_of() {
    let mut pair = a_case();
    let west = &pair.west;
    let means = |to: &str| {
        let means = json!([{ "notifier": "mail", "address": to }]);
        json!({ "do": "person-means", "name": "dora", "means": means })
    };
    let telling = tag(west, "/api/v1/telling");
    let (status, answer) = act(west, "nora", &telling, &means("a@west.example"));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(act(west, "nora", &telling, &means("b@west.example")).0, 412);
    let user = tag(west, "/api/v1/users/rita");
    let suspend = json!({ "do": "user-suspend", "name": "rita", "reason": "on leave" });
    assert_eq!(act(west, "nora", &user, &suspend).0, 200);
    let remove = json!({ "do": "user-remove", "name": "rita", "reason": "left" });
    assert_eq!(act(west, "nora", &user, &remove).0, 412);
    let partner = tag(west, "/api/v1/partners/east.example");
    let suspend = json!({ "do": "partner-suspend", "name": "east.example", "reason": "x" });
    assert_eq!(act(west, "paul", &partner, &suspend).0, 200);
    assert_eq!(act(west, "paul", &partner, &suspend).0, 412);
    let case = tag(west, "/api/v1/cases/1");
    for (bad, act_on) in [
        (case.as_str(), remove.clone()),
        (user.as_str(), finding("x")),
        ("*", finding("x")),
        ("W/\"case-1.1\"", finding("x")),
        ("\"case-1.1\", \"case-1.2\"", finding("x")),
        ("\"case-2.1\"", finding("x")),
    ] {
        let person = if act_on == remove { "nora" } else { "ana" };
        let (status, answer) = act(west, person, bad, &act_on);
        assert_eq!((status, answer["code"].clone()), (400, json!("bad-request")), "{bad}");
    }
    // Where nobody looks at it, it is refused rather than passed over.
    let body = json!({ "user": "ana", "name": "x" }).to_string();
    let headers = [("forewarn-as", "nora"), ("if-match", user.as_str())];
    let answer = west.connect_local().ask("POST", "/api/v1/tokens", &headers, body.as_bytes());
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(answer.text().contains("judged at /api/v1/acts alone"), "{}", answer.text());
    pair.west.stop();
    crate::replayed::same_again(&pair.west);
}

#[test]
fn the_desk_keeps_what_was_typed_and_says_who_was_first() {
    let pair = a_case();
    give_password(&pair.west, "ana");
    let mut ana = Desk::sign_in(&pair.west, "ana");
    pair.west.good(&["user", "add", "mara", "--role", "analyst"]);
    ana.open("/desk/cases/1/finding");
    assert_eq!(pair.west.act("mara", &finding("hers")).0, 200);
    let typed = [
        ("parts", "credible"),
        ("threat", "destruction"),
        ("target", "the station"),
        ("reason", "what ana has typed"),
    ];
    ana.send_for("Record the finding for case 1", &typed, 412);
    ana.says("was changed since you looked at it").says("user:mara").says("what ana has typed");
    assert!(!pair.west.get("/api/v1/cases/1").to_string().contains("what ana has typed"));
    // The page shows what there is now: sent again, it is meant.
    ana.send("Record the finding for case 1", &[]);
    assert!(pair.west.get("/api/v1/cases/1").to_string().contains("what ana has typed"));
}
