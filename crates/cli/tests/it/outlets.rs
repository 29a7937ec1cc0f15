//! Partners without a node: they fetch what was released to them, or have it pushed to their
//! server.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::scripted::Reply;
use forewarn_testkit::{Node, Scripted, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const TAXII: &str = "application/taxii+json;version=2.1";
const OUTLET: &str = "/taxii2/api/collections/cert-out/";
const CONFIG: &str = "
[[outlet]]
id = \"8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\"
alias = \"cert-out\"
title = \"For the CERT\"
partner = \"cert.example\"
readers = [\"cert-poller\"]
";

fn node() -> Node {
    let node = Node::start_configured(PROGRAM, "west.example", CONFIG);
    let add = ["partner", "add-without-node", "cert.example", "--organisation", "The CERT"];
    node.by("paul", &add);
    node.good(&["user", "add", "cert-poller", "--role", "subscriber"]);
    node
}

/// A case for the CERT on an item, found and decided: to warn. It is the first.
fn decided(node: &Node, item: &str) {
    node.by("ana", &["case", "open", "--partner", "cert.example", "--item", item, "--exercise"]);
    node.decide_to_warn("1");
}

/// A case for the CERT, decided and drafted; its number.
fn drafted(node: &Node) -> String {
    let path = node.write("item.txt", "A bombing is planned at the cathedral.");
    node.by("ana", &["intake", &path, "--source", "HERON-7"]);
    let item = node.json(&["item", "list"]).pop().unwrap();
    decided(node, item["id"].as_str().unwrap());
    node.draft("1", "Bombing planned", "A bombing is planned.", "Anton Velikov");
    "1".to_owned()
}

fn ask(node: &Node, auth: &str, method: &str, path: &str) -> (u16, Value) {
    let headers = [("authorization", auth), ("accept", TAXII), ("content-type", TAXII)];
    let answer = node.connect().ask(method, path, &headers, b"");
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

#[test]
fn a_partner_without_a_node_fetches_what_was_released_to_it_and_sees_nothing_else() {
    let node = node();
    let poller = node.basic("cert-poller");
    let objects = format!("{OUTLET}objects/");
    assert_eq!(ask(&node, &poller, "GET", &objects), (200, json!({})));
    let case = drafted(&node);
    node.release("otto", &case);
    let delivered = || node.get("/api/v1/cases/1")["delivered"][0] == true;
    assert!(!delivered());
    let undelivered = || node.get("/api/v1/cases")[0]["undelivered"] == true;
    assert!(undelivered());
    assert!(
        node.good(&["case", "show", "1"]).contains("no account of cert.example has fetched it")
    );
    let (status, page) = ask(&node, &poller, "GET", &objects);
    assert_eq!(status, 200);
    let report = page["objects"].as_array().unwrap().iter().find(|o| o["type"] == "report");
    assert_eq!(report.unwrap()["name"], "EXERCISE: Bombing planned");
    assert!(!page.to_string().contains("HERON"));
    // That it was fetched is on record.
    assert!(delivered() && !undelivered());
    let told = node.get("/api/v1/channels/cert.example").to_string();
    assert!(!told.contains("receipt\":true"), "{told}");

    let (_, collections) = ask(&node, &poller, "GET", "/taxii2/api/collections/");
    let all = collections["collections"].as_array().unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((&all[0]["can_read"], &all[0]["can_write"]), (&json!(true), &json!(false)));
    let inbox = node.collection();
    for (method, path, status) in [
        ("GET", inbox.as_str(), 404),
        ("POST", inbox.as_str(), 404),
        ("GET", "/taxii2/api/collections/inbox/manifest/", 404),
        ("POST", &objects, 403),
        ("GET", "/api/v1/items", 403),
        ("GET", "/api/v1/partners", 403),
    ] {
        assert_eq!(ask(&node, &poller, method, path).0, status, "{method} {path}");
    }
    // Nobody of the house reads it by TAXII: it is the partner's.
    let ana = node.basic("ana");
    assert_eq!(ask(&node, &ana, "GET", &objects).0, 404);
    // What was released is no item of ours: nothing matches it, nothing lists it.
    assert_eq!(node.json(&["item", "list"]).len(), 1);
}

#[test]
fn a_recall_reaches_whoever_fetches_as_a_revoked_version() {
    let node = node();
    let poller = node.basic("cert-poller");
    node.agree_on_one("cert.example");
    let case = drafted(&node);
    node.release("otto", &case);
    let objects = format!("{OUTLET}objects/?match[type]=report");
    let (_, before) = ask(&node, &poller, "GET", &objects);
    assert_eq!(before["objects"][0]["revoked"], Value::Null);
    node.by("otto", &["case", "recall", &case, "--reason", "it was a drill"]);
    let (_, after) = ask(&node, &poller, "GET", &objects);
    assert_eq!(after["objects"].as_array().unwrap().len(), 1);
    assert_eq!(after["objects"][0]["revoked"], true);
    assert_eq!(after["objects"][0]["id"], before["objects"][0]["id"]);
}

#[test]
fn what_is_released_is_pushed_to_the_partners_server_until_it_has_decided() {
    let node = node();
    // Busy at first; then it takes the push and has not decided; then it has, and refuses one.
    let server = Scripted::start(|count, request| {
        let id = "2d086da7-4bdc-4f91-900e-d77486753710";
        match (request.method.as_str(), count) {
            ("POST", 0) => Reply::new(503, "{}").with("retry-after", "0"),
            ("POST", _) => Reply::new(
                202,
                format!(
                    "{{\"id\":\"{id}\",\"status\":\"pending\",\"total_count\":2,\
                     \"success_count\":0,\"failure_count\":0,\"pending_count\":2}}"
                ),
            ),
            _ if request.path == format!("/root/status/{id}/") => Reply::new(
                200,
                format!(
                    "{{\"id\":\"{id}\",\"status\":\"complete\",\"total_count\":2,\
                     \"success_count\":1,\"failure_count\":1,\"failures\":[{{\"id\":\"x\",\
                     \"version\":\"y\",\"message\":\"no room\"}}],\"pending_count\":0}}"
                ),
            ),
            _ => Reply::new(404, "{}"),
        }
    });
    let url = format!("http://{}/root/collections/c/", server.address);
    let push = [
        "feed",
        "push",
        &url,
        "--name",
        "to-cert",
        "--partner",
        "cert.example",
        "--outlet",
        "cert-out",
        "--every",
        "1",
    ];
    node.by("nora", &push);
    let case = drafted(&node);
    node.release("otto", &case);
    let state = || node.get("/api/v1/feeds")[0]["state"].clone();
    until("the server's word", || (state()["refused"] == 1).then_some(()));
    assert_eq!((&state()["good"], &state()["objection"]), (&json!(1), &json!("x: no room")));
    let posts: Vec<_> = server.seen().into_iter().filter(|one| one.method == "POST").collect();
    assert_eq!(posts.len(), 2);
    assert_eq!(posts[0].body, posts[1].body);
    assert_eq!(posts[1].header("content-type"), Some(TAXII));
    let body: Value = serde_json::from_slice(&posts[1].body).unwrap();
    assert!(body["objects"].as_array().unwrap().iter().any(|one| one["type"] == "report"));
}

#[test]
fn a_later_release_leaves_the_earlier_one_revoked_in_the_outlet() {
    let node = node();
    let poller = node.basic("cert-poller");
    let case = drafted(&node);
    node.release("otto", &case);
    node.draft("1", "Moved to the station", "It is the station now.", "A bombing is planned.");
    node.release("otto", &case);
    let (_, page) = ask(&node, &poller, "GET", &format!("{OUTLET}objects/?match[type]=report"));
    let reports = page["objects"].as_array().unwrap();
    let is_revoked = |one: &&Value| one["revoked"] == true;
    let (old, new): (Vec<_>, Vec<_>) = reports.iter().partition(is_revoked);
    assert_eq!((old.len(), new.len()), (1, 1), "{page}");
    assert_eq!(new[0]["name"], "EXERCISE: Moved to the station");
    // The words that are withheld since are not said once more.
    assert_eq!(
        (&old[0]["name"], &old[0]["description"]),
        (&json!("EXERCISE: withdrawn"), &Value::Null)
    );
}

#[test]
fn a_suspended_partner_is_neither_served_nor_pushed_to() {
    let node = node();
    let poller = node.basic("cert-poller");
    let case = drafted(&node);
    node.release("otto", &case);
    let suspend = ["partner", "suspend", "cert.example", "--reason", "its desk was broken into"];
    node.by("paul", &suspend);
    let server = Scripted::start(|_, _| Reply::new(500, "{}"));
    let url = format!("http://{}/root/collections/c/", server.address);
    let push = [
        "feed",
        "push",
        &url,
        "--name",
        "to-cert",
        "--partner",
        "cert.example",
        "--outlet",
        "cert-out",
        "--every",
        "1",
    ];
    node.by("nora", &push);
    until("the feed's word", || {
        let trouble = node.get("/api/v1/feeds")[0]["trouble"].as_str()?.to_owned();
        trouble.contains("not a confirmed partner").then_some(())
    });
    assert!(server.seen().is_empty());
    assert_eq!(ask(&node, &poller, "GET", &format!("{OUTLET}objects/")).0, 404);
    assert_eq!(ask(&node, &poller, "GET", "/taxii2/api/collections/"), (200, json!({})));
}

/// An analyst deletes the object that a case is about: whom it came from is withheld all the same.
#[test]
fn what_was_deleted_from_its_collection_is_still_kept_back() {
    let node = node();
    let (ana, id) = (node.basic("ana"), "x-a--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
    let object = format!("{{\"objects\":[{{\"type\":\"x-a\",\"id\":\"{id}\",\"x_n\":1}}]}}");
    let path = node.write("item.json", object);
    for source in ["HERON-7", "EGRET-9"] {
        node.by("ana", &["intake", &path, "--source", source]);
    }
    decided(&node, id);
    let path = format!("/taxii2/api/collections/inbox/objects/{id}/");
    assert_eq!(ask(&node, &ana, "DELETE", &path).0, 200);
    node.draft("1", "Bombing planned", "EGRET-9 says so.", "Anton Velikov");
    let refused = node.release_refused("otto", "1");
    assert!(refused.contains("the gate is shut"), "{refused}");
}
