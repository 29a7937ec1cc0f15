//! A collection that some may not read stays closed: when it is taken out of the file, and at another node
//! of the same journal whose file says otherwise.

use forewarn_testkit::{Node, Postgres, until};
use serde_json::json;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const SECRET: &str = "9f1c5a54-6c2e-4b8e-9a53-2f1f0c9b7a11";
const ITEM: &str = "identity--00000000-0000-4000-8000-000000000002";
const CLOSED: &str = "readers = [\"ana\"]\nwriters = [\"ana\"]\n";

fn section(more: &str) -> String {
    format!("[[collection]]\nid = \"{SECRET}\"\nalias = \"secret\"\ntitle = \"Secret\"\n{more}")
}

/// Whether an item comes in by the collection `secret`.
fn posts(node: &Node) {
    let basic = node.basic("ana");
    let kind = "application/taxii+json;version=2.1";
    let headers = [("authorization", basic.as_str()), ("content-type", kind), ("accept", kind)];
    let path = format!("/taxii2/api/collections/{SECRET}/objects/");
    let object = json!({
        "type": "identity", "spec_version": "2.1", "id": ITEM, "name": "Velikov",
        "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
    });
    let envelope = json!({ "objects": [object] }).to_string();
    let answer = node.connect().ask("POST", &path, &headers, envelope.as_bytes());
    assert_eq!(answer.status, 202, "{}", answer.text());
}

/// Whether somebody sees the item: by its id, and whoever searches.
fn sees(node: &Node, person: &str) -> (bool, bool) {
    let shown = node.run(&["item", "show", ITEM, "--as", person]).status.success();
    let found = node.run(&["search", "Velikov", "--as", person]).stdout;
    (shown, String::from_utf8_lossy(&found).contains(ITEM))
}

const YES: (bool, bool) = (true, true);
const NO: (bool, bool) = (false, false);

fn file(node: &Node) -> String {
    std::fs::read_to_string(node.home().join("forewarn.toml")).unwrap_or_default()
}

fn reload(node: &Node, text: &str) -> String {
    assert!(std::fs::write(node.home().join("forewarn.toml"), text).is_ok());
    node.by("nora", &["config", "reload"])
}

#[test]
fn a_collection_that_is_taken_out_of_the_file_stays_as_closed_as_it_was() {
    let mut node = Node::start_new(PROGRAM, "west.example");
    let without = file(&node);
    node.configure(&section(CLOSED));
    let with = file(&node);
    reload(&node, &with);
    posts(&node);
    until("the item", || (sees(&node, "ana") == YES).then_some(()));
    assert_eq!(sees(&node, "rita"), NO);
    let said = reload(&node, &without);
    assert!(said.contains("collection secret is in the file no more"), "{said}");
    assert!(said.contains("open to ana alone, as it was"), "{said}");
    assert_eq!((sees(&node, "ana"), sees(&node, "rita")), (YES, NO));
    node.stop();
    node.start();
    assert_eq!((sees(&node, "ana"), sees(&node, "rita")), (YES, NO));
    // Put back with other words, it is as open as they say.
    reload(&node, &with.replace("readers = [\"ana\"]", ""));
    assert_eq!(sees(&node, "rita"), YES);
    // One that everybody may read stays so when it is taken out.
    let said = reload(&node, &without);
    assert!(said.contains("open to everybody who may read"), "{said}");
    assert_eq!(sees(&node, "rita"), YES);
}

#[test]
fn another_node_of_a_journal_shows_a_collection_to_whom_it_is_open_by_the_record() {
    let plain = Postgres::start(&[]);
    let mut west = Node::start_on(PROGRAM, "west.example", &plain.url());
    west.stop();
    west.copy_home("second");
    west.start();
    west.configure(&section(CLOSED));
    west.by("nora", &["config", "reload"]);
    posts(&west);
    // Its file knows the collection and names no readers.
    let mut second = west.prepare_copy("second");
    second.configure(&format!("[journal]\nnode = \"second\"\n{}", section("")));
    second.start();
    until("the item at the second node", || (sees(&second, "ana") == YES).then_some(()));
    assert_eq!(sees(&second, "rita"), NO);
    // What is recorded while it runs counts there too.
    reload(&west, &file(&west).replace("readers = [\"ana\"]", "readers = [\"rita\"]"));
    until("that rita sees it", || (sees(&second, "rita") == YES).then_some(()));
    assert_eq!(sees(&second, "ana"), NO);
}
