//! Two worlds that differ only in a collection that Rita may not read: she is answered the same bytes
//! by every route.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Node, Pair, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const SECRET: &str = "9f1c5a54-6c2e-4b8e-9a53-2f1f0c9b7a11";
const CONFIG: &str = r#"
[[collection]]
id = "9f1c5a54-6c2e-4b8e-9a53-2f1f0c9b7a11"
alias = "secret"
title = "Secret"
readers = ["ana"]
writers = ["ana"]
"#;

fn object(n: u64, name: &str) -> Value {
    json!({
        "type": "identity", "spec_version": "2.1",
        "id": format!("identity--00000000-0000-4000-8000-{n:012}"),
        "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
        "name": name,
    })
}

/// A world with things that Rita may see; in one of them, things that she may not.
fn world(with_secret: bool) -> (Node, String) {
    let node = Node::start_configured(PROGRAM, "west.example", CONFIG);
    let add = ["partner", "add-without-node", "cert.example", "--organisation", "CERT"];
    node.by("paul", &add);
    let open = node.write("open.json", json!({"type": "bundle", "id": "bundle--1b7f2f3e-7d0e-4b0a-9f8c-0c1d2e3f4a5b", "objects": [object(1, "Kazan")]}).to_string());
    node.by("ana", &["intake", &open, "--source", "PUBLIC-1"]);
    let id = object(1, "x")["id"].as_str().unwrap().to_owned();
    node.by("ana", &["case", "open", "--partner", "cert.example", "--item", &id]);
    let token = node.good(&["token", "add", "rita"]).trim().to_owned();
    node.good(&["user", "add", "mara", "--role", "analyst", "--role", "approver"]);
    if with_secret {
        let basic = node.basic("ana");
        let envelope = json!({"objects": [object(2, "Velikov in Kazan"), {"type": "broken"}]});
        let path = format!("/taxii2/api/collections/{SECRET}/objects/");
        let headers = [
            ("authorization", basic.as_str()),
            ("content-type", "application/taxii+json;version=2.1"),
            ("accept", "application/taxii+json;version=2.1"),
        ];
        let answer = node.connect().ask("POST", &path, &headers, envelope.to_string().as_bytes());
        assert_eq!(answer.status, 202, "{}", answer.text());
        let id = object(2, "x")["id"].as_str().unwrap().to_owned();
        until("the secret item", || {
            let all = node.json(&["item", "list"]);
            all.iter().any(|item| item["id"] == id).then_some(())
        });
        node.by("ana", &["case", "open", "--partner", "cert.example", "--item", &id]);
        let not_met = ["case", "decide", "2", "not-met", "--reason", "noise"];
        node.by("ana", &not_met);
    }
    (node, token)
}

/// What differs between any two nodes: times, and what is drawn.
fn without_times(text: &str) -> String {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map.iter_mut() {
                    let drawn =
                        ["time", "at", "opened", "due", "seq", "key", "card", "url", "log", "hash"];
                    let is_drawn = key == "id" && !inner.to_string().contains("identity--");
                    if drawn.contains(&key.as_str()) || key == "fingerprint" || is_drawn {
                        *inner = Value::Null;
                    } else {
                        strip(inner);
                    }
                }
            }
            Value::Array(list) => list.iter_mut().for_each(strip),
            Value::String(text) if text.starts_with("20") && text.ends_with('Z') => text.clear(),
            _ => {}
        }
    }
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) => {
            strip(&mut value);
            value.to_string()
        }
        Err(_) => text.to_owned(),
    }
}

/// A page without its times and what is drawn for a form.
fn without_drawn(page: &str) -> String {
    let mut out = String::new();
    for part in page.split('<') {
        let drawn = [
            "name=\"token\"",
            "name=\"once\"",
            "data-due=",
            "datetime=",
            "data-now=",
            "data-after=",
            "data-state=",
        ];
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        // What is left of a time is told in words, and stands in a bar.
        let is_time = tag.starts_with("p class=\"left\"") || tag.starts_with("time");
        let is_bar = tag.starts_with("rect class=\"fill\"");
        let tag = tag.split(' ').next().unwrap_or_default();
        if drawn.iter().any(|one| part.contains(one)) || is_time || is_bar {
            out.push_str(tag);
        } else {
            out.push_str(tag);
            let words =
                text.split(' ').filter(|word| !(word.starts_with("20") && word.contains('T')));
            words.for_each(|word| out.push_str(word));
        }
    }
    out
}

/// Every page of the desk is the same in both worlds to her.
fn pages_tell_rita_the_same(plain: &Node, other: &Node) {
    let pages = [
        "/desk/",
        "/desk/cases",
        "/desk/cases/1",
        "/desk/cases/2",
        "/desk/cases/1/decision",
        "/desk/cases/2/decision",
        "/desk/cases/1/release",
        "/desk/cases/2/release",
        "/desk/cases/1/recall",
        "/desk/cases/2/recall",
        "/desk/warnings",
        "/desk/warnings/1",
        "/desk/proposals",
        "/desk/proposals/1",
        "/desk/partners",
        "/desk/partners/cert.example",
        "/desk/partners/cert.example/agreement",
        "/desk/channels/cert.example",
        "/desk/channels/cert.example/evidence",
        "/desk/interests",
        "/desk/interests?order=most",
        "/desk/quarantine",
        "/desk/audit",
        "/desk/dangers",
        "/desk/exercises",
        "/desk/record",
        "/desk/record/case-1",
        "/desk/record/case-2",
        "/desk/cases/2/export",
        "/desk/record/identity--00000000-0000-4000-8000-000000000002",
        "/desk/readouts",
        "/desk/readouts/case-1",
        "/desk/readouts/case-2",
        "/desk/users",
        "/desk/users/rita",
        "/desk/charts",
        "/desk/map",
        "/desk/feeds",
        "/desk/health",
        "/desk/settings",
        "/desk/search?q=Kazan",
        "/desk/search?q=Velikov",
        "/desk/items",
        "/desk/items/identity--00000000-0000-4000-8000-000000000002",
        "/desk/bytes/identity--00000000-0000-4000-8000-000000000002",
        "/desk/original/identity--00000000-0000-4000-8000-000000000002",
    ];
    for node in [plain, other] {
        give_password(node, "rita");
    }
    let (here, there) = (Desk::sign_in(plain, "rita"), Desk::sign_in(other, "rita"));
    for path in pages {
        let seen = |desk: &Desk| {
            let answer = desk.ask("GET", path, &[], "");
            // Keys are drawn by each node: our own card, and what stands for a partner without one.
            let text = answer.text();
            let text = text.split("Our own words").next().unwrap_or_default();
            let text = text.split("<dt>Key</dt>").next().unwrap_or_default();
            (answer.status, without_drawn(text))
        };
        assert_eq!(seen(&here), seen(&there), "{path}");
    }
}

/// She may ask for all that is held about somebody, and is told of what she may see.
fn mara_finds_the_same_about_anybody(plain: &Node, other: &Node) {
    for name in ["Kazan", "Velikov"] {
        let about = ["record", "about", name, "--reason", "request 4/26", "--as", "mara"];
        assert_eq!(plain.json(&about), other.json(&about), "{name}");
    }
}

/// What rita asks for: lists, and what she may not see by its name.
fn asked(hidden: &str) -> Vec<String> {
    let mut paths: Vec<String> = [
        "users",
        "feeds",
        "items",
        "items?limit=1",
        "needs",
        "needs?mine=true",
        "notifiers",
        "deliveries",
        "telling",
        "quarantine",
        "records",
        "thanks",
        "card",
        "partners",
        "partners/cert.example/history",
        "interests",
        "interests?order=most",
        "interests?order=never",
        "interests/trial",
        "cases",
        "cases/1",
        "cases/1/preview",
        "cases/2",
        "cases/2/preview",
        "places",
        "mutes",
        "mutes/1",
        "proposals",
        "proposals/1",
        "warnings",
        "warnings/1",
        "channels",
        "channels/cert.example",
        "contradictions",
        "status",
        "statistics",
        "policies",
        "dangers",
        "corrections",
        "search?q=Kazan",
        "search?q=Velikov",
        "search?q=identity--00000000-0000-4000-8000-000000000002",
        "search?q=kazan&kind=item&limit=1",
    ]
    .map(|path| format!("/api/v1/{path}"))
    .into();
    paths.extend(["secret", SECRET].map(|name| format!("/api/v1/shelves/{name}/list")));
    paths.extend(
        ["secret", SECRET].map(|name| format!("/api/v1/shelves/{name}/misp/manifest.json")),
    );
    paths.extend(
        ["", "/original", "/findings", "/labelled"]
            .map(|more| format!("/api/v1/items/{hidden}{more}")),
    );
    paths.extend(["/taxii2/", "/taxii2/api/collections/"].map(str::to_owned));
    paths.push(format!("/taxii2/api/collections/{SECRET}/"));
    paths.push(format!("/taxii2/api/collections/{SECRET}/objects/"));
    paths
}

#[test]
fn what_rita_may_not_read_changes_no_byte_of_what_she_is_answered() {
    let (plain, plain_token) = world(false);
    let (other, other_token) = world(true);
    let hidden = object(2, "x")["id"].as_str().unwrap().to_owned();
    let paths = asked(&hidden);
    let ask = |node: &Node, token: &str, path: &str| {
        let bearer = format!("Bearer {token}");
        let accept = if path.starts_with("/taxii2") {
            "application/taxii+json;version=2.1"
        } else {
            "application/json"
        };
        let headers = [("authorization", bearer.as_str()), ("accept", accept)];
        let answer = node.connect().ask("GET", path, &headers, b"");
        (answer.status, without_times(&answer.text()))
    };
    for path in &paths {
        let (here, there) = (ask(&plain, &plain_token, path), ask(&other, &other_token, path));
        assert_eq!(here, there, "{path}");
    }
    pages_tell_rita_the_same(&plain, &other);
    // Ana, who may read it, sees all of it.
    assert_eq!(other.json(&["item", "list", "--as", "ana"]).len(), 2);
    assert_eq!(other.json(&["case", "list", "--as", "ana"]).len(), 2);
    assert_eq!(other.json(&["proposal", "list", "--as", "ana"]).len(), 1);
}

/// Asks a node for something as a person: the status, and what was said but for times.
fn post(node: &Node, person: &str, path: &str, body: &Value) -> (u16, String) {
    let token = node.good(&["token", "add", person]).trim().to_owned();
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let answer = node.connect().ask("POST", path, &headers, body.to_string().as_bytes());
    (answer.status, without_times(&answer.text()))
}

/// Files of a case that may not be seen, and evidence of it.
fn files_tell_the_same((plain, other): (&Node, &Node), person: &str) {
    for form in ["stix", "csv", "pdf", "cap"] {
        let ask = |node| post(node, person, "/api/v1/cases/2/export", &json!({"to": form}));
        let (here, there) = (ask(plain), ask(other));
        assert!(here == there && here.0 == 404, "{person}: {form}: {here:?}");
    }
    for wanted in [json!({"subject": "case-2"}), json!({"partner": "cert.example", "ours": [1]})] {
        // The name of the channel is each node's own.
        let ask = |node: &Node| {
            let (status, text) = post(node, person, "/api/v1/evidence", &wanted);
            (status, text.split("/forewarn/").next().unwrap_or_default().to_owned())
        };
        assert_eq!(ask(plain), ask(other), "{person}: {wanted}");
    }
}

/// Of somebody who may do them all, and of somebody who may do none.
#[test]
fn acts_on_what_may_not_be_seen_are_answered_as_on_what_is_not_there() {
    let ((plain, _), (other, _)) = (world(false), world(true));
    mara_finds_the_same_about_anybody(&plain, &other);
    let hidden = object(2, "x")["id"].as_str().unwrap().to_owned();
    let acts = [
        json!({"do": "case-finding", "case": 2, "finding": {"credible": true, "specific": true,
            "impending": true, "threat": "killing", "target": "x", "reason": "x"}}),
        json!({"do": "case-decide", "case": 2, "decision": {"decision": "warn", "reason": "x"}}),
        json!({"do": "case-decide", "case": 2, "decision": {"decision": "waive",
            "code": "already-aware", "reason": "x"}}),
        json!({"do": "case-reopen", "case": 2, "reason": "x"}),
        json!({"do": "case-decide", "case": 1, "also": [2],
            "decision": {"decision": "not-met", "reason": "x"}}),
        json!({"do": "case-urgency", "case": 2, "urgency": "future", "reason": "x"}),
        json!({"do": "case-pause", "case": 2, "until": "2030-01-01T00:00:00Z", "reason": "x"}),
        json!({"do": "case-resume", "case": 2}),
        json!({"do": "case-merge", "case": 2, "into": 1, "reason": "x"}),
        json!({"do": "case-merge", "case": 1, "into": 2, "reason": "x"}),
        json!({"do": "case-join", "case": 1, "item": hidden, "reason": "x"}),
        json!({"do": "case-join", "case": 2, "item": hidden, "reason": "x"}),
        json!({"do": "case-link", "case": 1, "with": [2]}),
        json!({"do": "mute-remove", "mute": 1, "reason": "x"}),
        json!({"do": "record-read", "case": 2}),
        json!({"do": "record-export", "case": 2, "form": "csv", "digest": "00".repeat(32),
            "marking": "red"}),
        json!({"do": "item-correct", "correction": {"item": hidden, "wrong": "country:RU", "reason": "x"}}),
        json!({"do": "match-dismiss", "partner": "cert.example", "interest": "none",
            "item": hidden, "reason": "x"}),
        json!({"do": "case-update", "case": 2, "changes": {"title": "x"}}),
        json!({"do": "case-release", "case": 2, "digest": "00".repeat(32)}),
        json!({"do": "case-recall", "case": 2, "reason": "x"}),
        json!({"do": "case-answer", "case": 2, "question": 1, "text": "x"}),
        json!({"do": "case-open", "partner": "cert.example", "items": [hidden],
            "urgency": "expected", "status": "Actual"}),
        json!({"do": "case-open", "partner": "nobody.example", "items": [hidden],
            "urgency": "expected", "status": "Actual"}),
        json!({"do": "proposal-approve", "proposal": 1, "digest": "00".repeat(32)}),
        json!({"do": "proposal-drop", "proposal": 1, "reason": "x"}),
        json!({"do": "need-take", "need": "finding case-2"}),
        json!({"do": "need-take", "need": "decision case-2"}),
        json!({"do": "record-erase", "what": "case-2", "ground": "order", "reason": "x"}),
        json!({"do": "record-erase", "what": hidden, "ground": "order", "reason": "x"}),
        json!({"do": "record-hold", "what": "case-2", "reason": "x"}),
        json!({"do": "record-hold", "what": hidden, "reason": "x"}),
        json!({"do": "record-lift", "what": hidden, "reason": "x"}),
        json!({"do": "evidence-show", "showing": {"subject": "case-2", "fields": ["names"]},
            "reason": "x"}),
    ];
    for person in ["mara", "rita"] {
        for act in &acts {
            let body = json!({"act": act});
            let ask = |node: &Node| post(node, person, "/api/v1/acts", &body);
            let (here, there) = (ask(&plain), ask(&other));
            assert_eq!(here, there, "{person}: {act}");
            assert!(matches!(here.0, 403 | 404), "{person}: {act}: {here:?}");
        }
        files_tell_the_same((&plain, &other), person);
    }
}

/// With a partner that runs a node, and a warning that was made from what Rita may not read.
#[test]
fn a_transcript_tells_nothing_of_what_may_not_be_seen() {
    let config = CONFIG.replace("readers = [\"ana\"]", "readers = [\"ana\", \"otto\"]");
    let west = Node::start_configured(PROGRAM, "west.example", &config);
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    let basic = pair.west.basic("ana");
    let path = format!("/taxii2/api/collections/{SECRET}/objects/");
    let headers = [
        ("authorization", basic.as_str()),
        ("content-type", "application/taxii+json;version=2.1"),
        ("accept", "application/taxii+json;version=2.1"),
    ];
    let body = json!({"objects": [object(2, "Velikov in Kazan")]}).to_string();
    assert_eq!(pair.west.connect().ask("POST", &path, &headers, body.as_bytes()).status, 202);
    let id = object(2, "x")["id"].as_str().unwrap().to_owned();
    until("the secret item", || {
        pair.west.json(&["item", "list"]).iter().any(|item| item["id"] == id).then_some(())
    });
    pair.west.by("ana", &["case", "open", "--partner", "east.example", "--item", &id]);
    let finding = "case finding 1 --credible --threat destruction --target x --reason y";
    pair.west.by("ana", &finding.split(' ').collect::<Vec<_>>());
    pair.west.by("otto", &["case", "decide", "1", "warn", "--reason", "lives"]);
    pair.draft("1", "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", "1");
    pair.receipted("1");
    pair.west.good(&["user", "add", "mara", "--role", "analyst", "--role", "approver"]);
    let show =
        ["evidence", "show", "--partner", "east.example", "--ours", "1", "--field", "sources"];
    for person in ["rita", "mara"] {
        let entries = pair.west.json(&["channel", "show", "east.example", "--as", person]);
        assert!(!json!(entries).to_string().contains("case-1"), "{person}: {entries:?}");
        let out = pair.west.file("out.json").display().to_string();
        let export = ["channel", "export", "east.example", "-o", &out, "--as", person];
        assert!(pair.west.refused(&export).contains("you may not read all"), "{person}");
        let wanted = ["evidence", "export", "--partner", "east.example", "--ours", "1", "-o", &out];
        let told = pair.west.refused(&[&wanted[..], &["--as", person]].concat());
        assert!(told.contains("there is no entry"), "{person}: {told}");
    }
    let told = pair.west.refused(&[&show[..], &["--reason", "x", "--as", "mara"]].concat());
    assert!(told.contains("there is no entry"), "{told}");
    // Ana reads all of it; what she proposes is not there for Mara.
    pair.west.by("ana", &[&show[..], &["--reason", "x"]].concat());
    assert_eq!(pair.west.json(&["proposal", "list", "--as", "ana"]).len(), 2);
    assert_eq!(pair.west.json(&["proposal", "list", "--as", "mara"]).len(), 1);
    assert!(
        json!(pair.west.json(&["channel", "show", "east.example", "--as", "ana"]))
            .to_string()
            .contains("case-1")
    );
}

/// Histories once named what was hidden: in what a mute and a dismissal tell, and by numbers of cases.
#[test]
fn a_history_names_nothing_that_may_not_be_seen() {
    let west = Node::start_configured(PROGRAM, "west.example", CONFIG);
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    pair.interest("tickets.example");
    let west = &pair.west;
    let cert = ["partner", "add-without-node", "cert.example", "--organisation", "CERT"];
    west.by("paul", &cert);
    let basic = west.basic("ana");
    let path = format!("/taxii2/api/collections/{SECRET}/objects/");
    let headers = [
        ("authorization", basic.as_str()),
        ("content-type", "application/taxii+json;version=2.1"),
        ("accept", "application/taxii+json;version=2.1"),
    ];
    let body = json!({"objects": [object(2, "Velikov in Kazan")]}).to_string();
    assert_eq!(west.connect().ask("POST", &path, &headers, body.as_bytes()).status, 202);
    let secret = object(2, "x")["id"].as_str().unwrap().to_owned();
    until("the secret item", || {
        west.json(&["item", "list"]).iter().any(|item| item["id"] == secret).then_some(())
    });
    let open = json!({"type": "bundle", "id": "bundle--1b7f2f3e-7d0e-4b0a-9f8c-0c1d2e3f4a5b",
        "objects": [object(1, "Kazan")]});
    let open = west.write("open.json", open.to_string());
    west.by("ana", &["intake", &open, "--source", "PUBLIC-1"]);
    let seen = object(1, "x")["id"].as_str().unwrap().to_owned();
    west.by("ana", &["case", "open", "--partner", "east.example", "--item", &seen]);
    west.by("ana", &["case", "open", "--partner", "cert.example", "--item", &secret]);
    west.by("ana", &["case", "link", "1", "2"]);
    let dismiss = ["case", "dismiss", &secret, "--interest", "tickets.example"];
    west.by("ana", &[&dismiss[..], &["--reason", "a secret near miss"]].concat());
    let mute = ["mute", "add", "--source", "SECRET-9", "--interest", "tickets.example"];
    let rest = ["--until", "+2d", "--reason", "noise", "--immediate"];
    west.by("otto", &[&mute[..], &rest].concat());
    let ask = |person: &str, path: &str| {
        let headers = [("forewarn-as", person)];
        west.connect_local().ask("GET", &format!("/api/v1/{path}"), &headers, b"").text()
    };
    let history = "partners/east.example/history";
    let (told, all) = (ask("rita", history), ask("ana", history));
    for words in ["near miss", "SECRET-9", &secret] {
        assert!(!told.contains(words) && all.contains(words), "{words}: {told}\n{all}");
    }
    let lines = |person: &str| {
        let shown: Value = serde_json::from_str(&ask(person, "cases/1")).unwrap();
        shown["history"].to_string()
    };
    let (told, all) = (lines("rita"), lines("ana"));
    assert!(!told.contains("linked") && all.contains("linked"), "{told}\n{all}");
}

/// What came in publicly came by a collection too that Rita may not read, from a source of its own.
#[test]
fn a_source_of_a_hidden_collection_is_told_in_no_thanks_history_or_preview() {
    let config = format!("{CONFIG}source = \"SECRET-BIRD\"\n");
    let west = Node::start_configured(PROGRAM, "west.example", &config);
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    let west = &pair.west;
    let same = object(1, "Kazan");
    let bundle = json!({"type": "bundle", "id": "bundle--1b7f2f3e-7d0e-4b0a-9f8c-0c1d2e3f4a5b", "objects": [same]});
    let open = west.write("open.json", bundle.to_string());
    west.by("ana", &["intake", &open, "--source", "PUBLIC-1"]);
    let basic = west.basic("ana");
    let kind = "application/taxii+json;version=2.1";
    let headers = [("authorization", basic.as_str()), ("content-type", kind), ("accept", kind)];
    let path = format!("/taxii2/api/collections/{SECRET}/objects/");
    let body = json!({"objects": [same]}).to_string();
    assert_eq!(west.connect().ask("POST", &path, &headers, body.as_bytes()).status, 202);
    let id = same["id"].as_str().unwrap();
    west.by("ana", &["case", "open", "--partner", "east.example", "--item", id]);
    west.decide_to_warn("1");
    pair.draft("1", "Planned bombing", "A bombing is planned.");
    west.release("otto", "1");
    pair.receipted("1");
    let warned = until("the warning", || pair.east.json(&["warning", "list"]).pop());
    let number = warned["number"].to_string();
    let thank = ["warning", "thank", &number, "--to", "the source", "--text", "Lives were saved."];
    pair.east.by("dora", &thank);
    let seen = |person: &str, path: &str| {
        let answer = west.connect_local().ask("GET", path, &[("forewarn-as", person)], b"");
        assert_eq!(answer.status, 200, "{person}: {path}: {}", answer.text());
        answer.text()
    };
    let thanks = "/api/v1/thanks";
    until("both thanks", || {
        let text = seen("ana", thanks);
        (text.contains("SECRET-BIRD") && text.contains("PUBLIC-1")).then_some(())
    });
    west.by("ana", &["case", "update", "1", "--title", "Planned bombing, again"]);
    let danger = ["source", "danger", "SECRET-BIRD", "--reason", "followed", "--as", "ana"];
    west.good(&danger);
    let preview = "/api/v1/cases/1/preview";
    for path in [thanks, "/api/v1/cases/1", preview] {
        let (rita, ana) = (seen("rita", path), seen("ana", path));
        assert!(ana.contains("SECRET-BIRD"), "{path}: {ana}");
        assert!(rita.contains("PUBLIC-1") && !rita.contains("SECRET-BIRD"), "{path}: {rita}");
    }
    assert!(seen("ana", preview).contains("source-danger"));
    assert!(!seen("rita", preview).contains("source-danger"));
    // What rests on it does not leave, whoever asks.
    assert!(west.release_refused("otto", "1").contains("danger"));
}
