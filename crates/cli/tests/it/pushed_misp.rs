//! What is released goes to a partner's MISP server: added, edited, withdrawn. The server is one that
//! is scripted by MISP's own source: PHP MISP is not run here.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::misp::{KEY, Misp};
use forewarn_testkit::{Node, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const CONFIG: &str = "
[[outlet]]
id = \"8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\"
alias = \"cert-out\"
title = \"For the CERT\"
partner = \"cert.example\"
readers = [\"cert-poller\"]
";

/// A node with a partner whose MISP server is pushed to, and a case that is drafted.
fn node(misp: &Misp) -> Node {
    let node = Node::start_configured(PROGRAM, "west.example", CONFIG);
    let add = ["partner", "add-without-node", "cert.example", "--organisation", "The CERT"];
    node.by("paul", &add);
    node.agree_on_one("cert.example");
    let (url, secret) = (misp.url(), node.secret("misp.key", KEY));
    let push = ["feed", "push", &url, "--kind", "misp", "--name", "to-cert", "--every", "1"];
    let more = ["--partner", "cert.example", "--outlet", "cert-out", "--secret-file", &secret];
    node.by("nora", &[&push[..], &more].concat());
    let path = node.write("item.txt", "A bombing is planned at the cathedral.");
    node.by("ana", &["intake", &path, "--source", "HERON-7"]);
    let item = node.json(&["item", "list"]).pop().unwrap();
    let item = item["id"].as_str().unwrap();
    node.by("ana", &["case", "open", "--partner", "cert.example", "--item", item, "--exercise"]);
    node.decide_to_warn("1");
    node.draft("1", "Bombing planned", "A bombing is planned.", "Anton Velikov");
    node
}

fn state(node: &Node) -> Value {
    node.get("/api/v1/feeds")[0]["state"].clone()
}

fn sent(node: &Node, count: u64) {
    until("the event", || (state(node)["good"] == count).then_some(()));
}

#[test]
fn a_release_is_an_event_an_update_edits_it_and_a_recall_withdraws_it() {
    let misp = Misp::start(Vec::new());
    let node = node(&misp);
    node.release("otto", "1");
    sent(&node, 1);
    let event = misp.held().events[0].clone();
    let first = event["Event"].clone();
    assert_eq!(first["info"], "EXERCISE: Bombing planned");
    assert_eq!((&first["published"], &first["distribution"]), (&json!(true), &json!("1")));
    let written = event.to_string();
    assert!(
        written.contains("tlp:amber") && written.contains("A bombing is planned."),
        "{written}"
    );
    assert!(!written.contains("HERON") && !written.contains("Velikov"), "{written}");
    assert_eq!(misp.server.seen()[0].header("authorization"), Some(KEY));

    node.draft("1", "Bombing planned, later", "It is planned for Monday.", "Anton Velikov");
    node.release("otto", "1");
    until("the later text", || {
        misp.held().events[0].to_string().contains("for Monday").then_some(())
    });
    let second = misp.held().events[0]["Event"].clone();
    assert_eq!(second["uuid"], first["uuid"]);
    let time = |event: &Value| event["timestamp"].as_str().unwrap().parse::<i64>().unwrap();
    assert!(time(&second) > time(&first));
    // What it said first is told as deleted, and not said again.
    let reports = second["EventReport"].as_array().unwrap();
    let gone = reports.iter().find(|one| one["uuid"] == first["EventReport"][0]["uuid"]).unwrap();
    assert_eq!((&gone["deleted"], &gone["content"]), (&json!(true), &json!("withdrawn")));

    node.by("otto", &["case", "recall", "1", "--reason", "it was a drill"]);
    until("the withdrawal", || {
        (misp.held().events[0]["Event"]["info"] == "EXERCISE: withdrawn").then_some(())
    });
    let unpublish = format!("/events/unpublish/{}", first["uuid"].as_str().unwrap());
    until("unpublished", || {
        misp.server.seen().iter().any(|one| one.path == unpublish).then_some(())
    });
    let last = misp.held().events[0].to_string();
    assert!(!last.contains("Bombing") && !last.contains("Monday"), "{last}");
}

/// A server that is down, while a warning is released to it.
fn down() -> (Misp, Node) {
    let misp = Misp::start(Vec::new());
    let node = node(&misp);
    misp.held().refuses = Some((503, "Maintenance".to_owned()));
    node.release("otto", "1");
    until("the failure", || {
        node.get("/api/v1/feeds")[0]["trouble"].as_str()?.contains("503").then_some(())
    });
    (misp, node)
}

#[test]
fn a_server_that_is_down_is_tried_again_and_one_that_refuses_is_told() {
    let (misp, node) = down();
    misp.held().refuses = None;
    sent(&node, 1);
    assert_eq!(misp.held().events.len(), 1);

    misp.held().refuses = Some((400, "Could not add Event".to_owned()));
    node.draft("1", "Bombing planned, later", "It is planned for Monday.", "Anton Velikov");
    node.release("otto", "1");
    until("the refusal", || (state(&node)["refused"] == 1).then_some(()));
    let objection = state(&node)["objection"].as_str().unwrap().to_owned();
    assert!(objection.contains("Could not add Event"), "{objection}");
}

#[test]
fn nothing_that_is_withheld_since_goes_to_a_server() {
    let (misp, node) = down();
    // Before the server is up again, the title has become a name that the partner must not read.
    node.draft("1", "Another title", "Another text.", "Bombing planned");
    misp.held().refuses = None;
    until("the gate", || {
        state(&node)["objection"].as_str()?.contains("the gate is shut").then_some(())
    });
    assert!(misp.held().events.is_empty());
}
