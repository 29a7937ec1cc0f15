//! MISP servers and feeds of MISP, polled. The server is one that is scripted by MISP's own source:
//! PHP MISP is not run here.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::misp::{KEY, Misp, event};
use forewarn_testkit::scripted::Reply;
use forewarn_testkit::{Node, Scripted, until};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
/// 2026-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_767_225_600;

fn add(node: &Node, kind: &str, url: &str) {
    let mut words = vec!["feed", "add", url, "--kind", kind, "--name", "theirs", "--every", "1"];
    let secret = node.secret("misp.key", KEY);
    if kind == "misp" {
        words.extend([
            "--secret-file",
            &secret,
            "--overlap",
            "0",
            "--source",
            "HERON",
            "--grade",
            "B2",
        ]);
    }
    node.by("nora", &words);
}

fn feed(node: &Node) -> Value {
    node.get("/api/v1/feeds").as_array().unwrap()[0].clone()
}

fn good(node: &Node, count: u64) {
    until("all of it", || (feed(node)["state"]["good"] == count).then_some(()));
}

fn ids(node: &Node, of: &str) -> usize {
    let items = node.json(&["item", "list", "--limit", "1000"]);
    items.iter().filter(|one| one["id"].as_str().unwrap().starts_with(of)).count()
}

fn trouble(node: &Node, words: &str) {
    until(words, || feed(node)["trouble"].as_str()?.contains(words).then_some(()));
}

#[test]
fn a_misp_server_is_polled_page_by_page_and_what_it_publishes_later_comes_too() {
    let node = Node::start_new(PROGRAM, "here.example");
    let events = (1..=70).map(|n| event(n, NEW_YEAR, NEW_YEAR + i64::from(n)));
    let misp = Misp::start(events.collect());
    // One that is not published is a draft.
    misp.held().events[3]["Event"]["published"] = false.into();
    // It limits how often it is asked, and says for how long.
    misp.held().limited = 1;
    add(&node, "misp", &misp.url());
    until("the end of the walk", || feed(&node)["state"]["after"].as_str().map(drop));
    assert_eq!((ids(&node, "report--"), ids(&node, "indicator--")), (69, 138));
    let item = node.json(&["item", "list", "--limit", "1"]).remove(0);
    assert_eq!((&item["source"], &item["grade"]), (&json!("HERON"), &json!("B2")));
    let pages: Vec<i64> =
        misp.asked("/events/restSearch").iter().map(|one| one["page"].as_i64().unwrap()).collect();
    assert_eq!(pages[..4], [1, 1, 2, 3]);
    let after = feed(&node)["state"]["after"].as_str().unwrap().to_owned();
    assert!(after.starts_with("2026-01-01T00:01:10"), "{after}");
    // It was made elsewhere long ago, and is published here now: its own time is before the last.
    misp.held().events.push(event(71, NEW_YEAR - 1_000_000, NEW_YEAR + 500));
    until("the new one", || (ids(&node, "report--") == 70).then_some(()));
    let last = misp.asked("/events/restSearch").pop().unwrap();
    assert!(last["publish_timestamp"].as_i64().unwrap() >= NEW_YEAR + 70);
    let shown = node.good(&["feed", "show", "theirs"]);
    assert!(shown.contains("kind      misp") && !shown.contains("trouble"), "{shown}");
}

#[test]
fn one_event_that_cannot_be_obeyed_does_not_keep_the_others_out() {
    let node = Node::start_new(PROGRAM, "here.example");
    let mut events: Vec<Value> = (1..=3).map(|n| event(n, NEW_YEAR, NEW_YEAR)).collect();
    let tags = json!([{ "name": "tlp:red" }, { "name": "tlp:clear" }]);
    events[1]["Event"]["Tag"] = tags;
    // Its date has not come yet.
    events[2]["Event"]["publish_timestamp"] = "7226582400".into();
    let misp = Misp::start(events);
    add(&node, "misp", &misp.url());
    until("the end of the walk", || feed(&node)["state"]["after"].as_str().map(drop));
    assert_eq!(ids(&node, "report--"), 2);
    let after = feed(&node)["state"]["after"].as_str().unwrap().to_owned();
    assert!(after.starts_with("20") && *after < *"2100", "{after}");
    let quarantine = node.good(&["quarantine", "list"]);
    assert!(quarantine.contains("00000000-0000-4000-8000-000000000002"), "{quarantine}");
    assert_eq!(feed(&node)["state"]["refused"], 1);
}

#[test]
fn a_page_that_is_too_long_is_asked_for_in_halves_and_one_event_that_is_is_passed_over() {
    let node = Node::start_new(PROGRAM, "here.example");
    let misp = Misp::start((1..=40).map(|n| event(n, NEW_YEAR, NEW_YEAR)).collect());
    misp.held().most = Some(4);
    add(&node, "misp", &misp.url());
    until("the end of the walk", || feed(&node)["state"]["after"].as_str().map(drop));
    assert_eq!(ids(&node, "report--"), 40);
    let sizes: Vec<i64> =
        misp.asked("/events/restSearch").iter().map(|one| one["limit"].as_i64().unwrap()).collect();
    assert_eq!(sizes[..4], [32, 16, 8, 4]);

    let other = Node::start_new(PROGRAM, "other.example");
    let misp = Misp::start(vec![event(1, NEW_YEAR, NEW_YEAR)]);
    misp.held().most = Some(0);
    add(&other, "misp", &misp.url());
    until("it is told", || (feed(&other)["state"]["refused"] == 1).then_some(()));
    let quarantine = other.good(&["quarantine", "list"]);
    assert!(quarantine.contains("cannot be fetched"), "{quarantine}");
}

#[test]
fn a_key_that_is_not_known_is_said_in_the_servers_own_words() {
    let node = Node::start_new(PROGRAM, "here.example");
    let misp = Misp::start(Vec::new());
    let secret = node.secret("misp.key", "another");
    let url = misp.url();
    let words =
        ["feed", "add", &url, "--kind", "misp", "--name", "theirs", "--secret-file", &secret];
    node.by("nora", &words);
    trouble(&node, "403: Authentication failed");
    assert_eq!(misp.server.seen()[0].header("authorization"), Some("another"));
    assert_eq!(misp.server.seen()[0].header("accept"), Some("application/json"));
}

#[test]
fn a_feed_goes_on_where_it_was_cut_in_the_middle_of_a_long_event() {
    let mut node = Node::start_new(PROGRAM, "here.example");
    let mut long = event(1, NEW_YEAR, NEW_YEAR);
    let one = long["Event"]["Attribute"][0].clone();
    let all = (0..3_000).map(|n| {
        let mut one = one.clone();
        one["uuid"] = format!("00000001-0000-4000-9000-{n:012x}").into();
        one["value"] = format!("10.9.{}.{}", n / 256, n % 256).into();
        one
    });
    long["Event"]["Attribute"] = all.collect();
    let misp = Misp::start(vec![long]);
    add(&node, "misp", &misp.url());
    until("a part", || (feed(&node)["state"]["good"].as_u64()? > 0).then_some(()));
    node.kill();
    node.start();
    until("the end of the walk", || feed(&node)["state"]["after"].as_str().map(drop));
    for n in [0, 1_499, 2_999] {
        node.good(&["item", "show", &format!("indicator--00000001-0000-4000-9000-{n:012x}")]);
    }
    assert_eq!(feed(&node)["state"]["refused"], 0);
}

/// A folder: the manifest, and a file for each event.
fn folder(events: Arc<Mutex<Vec<Value>>>) -> Scripted {
    Scripted::start(move |_, request| {
        let events = events.lock().unwrap();
        if request.path == "/feed/manifest.json" {
            let all = events.iter().map(|one| {
                let event = &one["Event"];
                let timestamp: i64 = event["timestamp"].as_str().unwrap().parse().unwrap();
                let uuid = event["uuid"].as_str().unwrap().to_owned();
                (uuid, json!({ "info": event["info"], "timestamp": timestamp, "Tag": [] }))
            });
            let all: serde_json::Map<String, Value> = all.collect();
            return Reply::new(200, Value::Object(all).to_string());
        }
        let found = events.iter().find(|one| {
            request.path == format!("/feed/{}.json", one["Event"]["uuid"].as_str().unwrap())
        });
        match found.filter(|one| one["Event"]["info"] != "gone") {
            Some(event) => Reply::new(200, event.to_string()),
            None => Reply::new(404, "<html><title>404 Not Found</title></html>"),
        }
    })
}

#[test]
fn a_feed_of_misp_is_fetched_event_by_event_and_only_what_is_new() {
    let node = Node::start_new(PROGRAM, "here.example");
    let mut events: Vec<Value> = (1..=5).map(|n| event(n, NEW_YEAR, NEW_YEAR)).collect();
    events[4]["Event"]["info"] = "gone".into();
    let events = Arc::new(Mutex::new(events));
    let server = folder(events.clone());
    add(&node, "misp-feed", &format!("http://{}/feed/manifest.json", server.address));
    until("the end", || feed(&node)["state"]["page"].as_str().map(drop));
    assert_eq!(ids(&node, "report--"), 4);
    let unread = feed(&node)["state"]["unread"].as_array().unwrap().clone();
    assert_eq!(unread, [json!(format!("00000000-0000-4000-8000-000000000005@{NEW_YEAR}"))]);
    let asked = |server: &Scripted| {
        let seen = server.seen();
        seen.iter().filter(|one| !one.path.ends_with("manifest.json")).count()
    };
    assert_eq!(asked(&server), 5);
    // One has changed, one is new: those two are fetched, and no other.
    {
        let mut events = events.lock().unwrap();
        events[0] = event(1, NEW_YEAR + 60, NEW_YEAR + 60);
        events[0]["Event"]["info"] = "event 1, later".into();
        events.push(event(6, NEW_YEAR - 60, NEW_YEAR - 60));
    }
    until("the new one", || (ids(&node, "report--") >= 5).then_some(()));
    until("the end", || (asked(&server) == 7).then_some(()));
    let report = "report--00000000-0000-4000-8000-000000000001";
    until("the later version", || {
        node.good(&["item", "show", report]).contains("event 1, later").then_some(())
    });
    good(&node, feed(&node)["state"]["good"].as_u64().unwrap());
}

#[test]
fn a_manifest_that_leads_elsewhere_is_not_followed() {
    let node = Node::start_new(PROGRAM, "here.example");
    let server = Scripted::start(|_, _| Reply::new(200, r#"{"../../admin":{"timestamp":1}}"#));
    add(&node, "misp-feed", &format!("http://{}/feed/", server.address));
    trouble(&node, "is not the UUID of an event");
    assert!(server.seen().iter().all(|one| one.path == "/feed/manifest.json"));
}
