//! The configuration is read again while the node runs: what can count at once does, the rest is named,
//! and a file that cannot be used changes nothing.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use crate::replayed::same_again;
use forewarn_testkit::{Node, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const SECOND: &str = "9f1c5a54-6c2e-4b8e-9a53-2f1f0c9b7a11";

fn keys(came: &Value, list: &str) -> Vec<String> {
    let all = came[list].as_array().unwrap();
    all.iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect()
}

/// Requests of a token that are let in, of twenty that come at once.
fn let_in(node: &Node, token: &str) -> usize {
    let bearer = format!("Bearer {token}");
    let mut connection = node.connect();
    let statuses = (0..20).map(|_| {
        connection.ask("GET", "/api/v1/account", &[("authorization", &bearer)], b"").status
    });
    let statuses: Vec<u16> = statuses.collect();
    assert!(statuses.iter().all(|status| [200, 429].contains(status)), "{statuses:?}");
    statuses.iter().filter(|status| **status == 200).count()
}

#[test]
fn a_limit_counts_at_once_what_needs_a_start_is_named_and_a_broken_file_changes_nothing() {
    let node = Node::start_new(PROGRAM, "west.example");
    let token = node.good(&["token", "add", "rita"]).trim().to_owned();
    assert_eq!(let_in(&node, &token), 20);
    node.configure("[limits]\nrequests_per_second = 1\n[node]\norganisation = \"Another\"\n");
    let came = &node.json(&["config", "reload"])[0];
    assert_eq!(keys(came, "changed"), ["limits.requests_per_second"]);
    assert_eq!(keys(came, "needs_start"), ["node.organisation"]);
    assert_eq!(let_in(&node, &token), 10);
    // As it is on the disk: checked as a whole, and refused as a whole.
    node.configure("[limits]\nrequests_per_second = 0\nconnections = 0\n");
    let words = node.refused(&["config", "reload"]);
    assert!(words.contains("nothing was changed"), "{words}");
    assert!(words.contains("limits.connections must be above 0"), "{words}");
    let of = |key: &str| {
        let values =
            node.connect_local().ask("GET", "/api/v1/settings", &[("forewarn-as", "nora")], b"");
        let values = values.json()["values"].as_array().unwrap().clone();
        values.into_iter().find(|one| one["key"] == key).unwrap()["value"].clone()
    };
    assert_eq!(of("limits.requests_per_second"), "1");
    node.configure("[limits]\nconnections = 64\n");
    node.hang_up();
    until("the file", || node.logged().contains("limits.connections").then_some(()));
    assert_eq!((of("limits.connections"), let_in(&node, &token)), (json!("64"), 20));
    assert_eq!(of("node.organisation"), "\"Service west.example\"");
    let words = node.good(&["config", "reload"]);
    assert!(words.starts_with("Nothing was changed.") && words.contains("node.organisation"));
}

#[test]
fn a_collection_and_its_readers_count_at_once_on_record_under_whoever_asked() {
    let mut node = Node::start_new(PROGRAM, "west.example");
    let (ana, rita) = (node.basic("ana"), node.basic("rita"));
    let path = format!("/taxii2/api/collections/{SECOND}/objects/");
    let envelope = json!({ "objects": [{
        "type": "identity", "spec_version": "2.1", "name": "A",
        "id": "identity--00000000-0000-4000-8000-000000000001",
        "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
    }] });
    let kind = "application/taxii+json;version=2.1";
    let ask = |node: &Node, method: &str, who: &str| {
        let headers = [("authorization", who), ("content-type", kind), ("accept", kind)];
        node.connect().ask(method, &path, &headers, envelope.to_string().as_bytes()).status
    };
    assert_eq!(ask(&node, "POST", &ana), 404);
    let with = |readers: &str| {
        format!(
            "[[collection]]\nid = \"{SECOND}\"\nalias = \"second\"\ntitle = \"T\"\n{readers}\
             [clocks]\nquestion = 61\n"
        )
    };
    node.configure(&with("readers = [\"ana\"]\nwriters = [\"ana\"]\n"));
    for person in ["rita", "ana"] {
        let words = node.refused(&["config", "reload", "--as", person]);
        assert!(words.contains("may not change users"), "{words}");
    }
    let came = node.by("nora", &["config", "reload"]);
    assert!(
        came.contains("collection second: alias") && came.contains("clocks.question"),
        "{came}"
    );
    assert_eq!(ask(&node, "POST", &ana), 202);
    until("the item", || (!node.json(&["item", "list"]).is_empty()).then_some(()));
    assert_eq!((ask(&node, "GET", &ana), ask(&node, "GET", &rita)), (200, 404));
    let text = std::fs::read_to_string(node.home().join("forewarn.toml")).unwrap();
    let text = text.replace("readers = [\"ana\"]", "readers = [\"ana\", \"rita\"]");
    std::fs::write(node.home().join("forewarn.toml"), text).unwrap();
    node.by("nora", &["config", "reload"]);
    assert_eq!(ask(&node, "GET", &rita), 200);
    // What decisions depend on is a command: the same rows come of the journal alone.
    node.stop();
    same_again(&node);
    node.start();
    assert_eq!(ask(&node, "GET", &rita), 200);
}

#[test]
fn a_notifier_that_is_added_tells_and_one_that_is_taken_away_does_not() {
    let node = Node::start_new(PROGRAM, "west.example");
    let folder = tempfile::tempdir().unwrap();
    let paged = folder.path().join("paged");
    let before = std::fs::read_to_string(node.home().join("forewarn.toml")).unwrap();
    node.configure(&format!(
        "[[notifier]]\nname = \"page\"\nkind = \"command\"\ncommand = [\"/bin/sh\", \"-c\", \
         \"cat >> {}\"]\n",
        paged.display()
    ));
    node.by("nora", &["config", "reload"]);
    node.by("nora", &["duty", "means", "nora", "--by", "page"]);
    node.by("nora", &["duty", "rule", "refused", "--who", "user:nora", "--kind", "quarantine"]);
    let broken = node.write("broken.json", "{\"type\":\"bundle\",\"id\":\"bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\",\"objects\":[{\"type\":\"indicator\"}]}");
    node.run(&["intake", &broken, "--as", "ana"]);
    let told = until("the page", || std::fs::read_to_string(&paged).ok().filter(|t| !t.is_empty()));
    assert!(told.contains("quarantine"), "{told}");
    std::fs::write(node.home().join("forewarn.toml"), before).unwrap();
    node.by("nora", &["config", "reload"]);
    let words = node.refused(&["notify", "test", "page", "--as", "nora"]);
    assert!(words.contains("page"), "{words}");
}
