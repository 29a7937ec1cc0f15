//! Shelves: what our own tools take of the warnings that partners sent us.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, Pair, until};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const TAXII: &str = "application/taxii+json;version=2.1";
const SHELVES: &str = "
[[shelf]]
id = \"0f4f6c1c-5b8c-4b37-9a53-7f0f7a3a9a01\"
alias = \"firewall\"
title = \"What the firewall blocks\"
readers = [\"firewall\"]

[[shelf]]
id = \"0f4f6c1c-5b8c-4b37-9a53-7f0f7a3a9a02\"
alias = \"search\"
title = \"What is looked for in our logs\"
readers = [\"search\"]
marking = \"green\"
pap = \"red\"
from = \"received\"
";

const MEANT: &str = "[node]\nstatus = \"Actual\"\n";

/// A warning that is meant: west draft's title, with these observables; its case.
fn warned(pair: &Pair, observables: &[&str], more: &[&str]) -> String {
    let path = pair.west.write("item.txt", "Malware calls home.");
    pair.west.by("ana", &["intake", &path, "--source", "HERON-7"]);
    let item = pair.west.json(&["item", "list"]).pop().unwrap();
    let item = item["id"].as_str().unwrap();
    pair.west.by("ana", &["case", "open", "--partner", "east.example", "--item", item]);
    let cases = pair.west.get("/api/v1/cases");
    let case = cases.as_array().unwrap().last().unwrap()["number"].to_string();
    pair.west.decide_to_warn(&case);
    let mut draft =
        vec!["case", "draft", &case, "--title", "Calls home", "--text", "It is planned."];
    draft.extend(["--valid-until", "2099-01-01T00:00:00Z"]);
    draft.extend(observables.iter().flat_map(|one| ["--observable", one]));
    draft.extend(more);
    pair.west.by("ana", &draft);
    release(pair, &case);
    case
}

fn release(pair: &Pair, case: &str) {
    pair.west.release("otto", case);
    pair.receipted(case);
    pair.equal();
}

/// What an account finds on a shelf: the newest version of each indicator, by its pattern; whether it
/// holds.
fn found(node: &Node, account: &str, shelf: &str) -> BTreeMap<String, bool> {
    let objects = objects(node, account, shelf);
    let indicators = objects.iter().filter(|one| one["type"] == "indicator");
    let all = indicators.map(|one| {
        let holds = one.get("revoked").is_none();
        (one["pattern"].as_str().unwrap().to_owned(), holds)
    });
    all.filter(|(_, holds)| *holds).collect()
}

fn objects(node: &Node, account: &str, shelf: &str) -> Vec<Value> {
    let auth = node.basic(account);
    let path = format!("/taxii2/api/collections/{shelf}/objects/");
    let headers = [("authorization", auth.as_str()), ("accept", TAXII)];
    let answer = node.connect().ask("GET", &path, &headers, b"");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["objects"].as_array().cloned().unwrap_or_default()
}

fn pair() -> Pair {
    let west = Node::start_configured(PROGRAM, "west.example", MEANT);
    let east = Node::start_configured(PROGRAM, "east.example", SHELVES);
    for tool in ["firewall", "search", "other"] {
        east.good(&["user", "add", tool, "--role", "subscriber"]);
    }
    Pair::of(west, east)
}

fn patterns(of: &[&str]) -> BTreeMap<String, bool> {
    of.iter().map(|one| (format!("[domain-name:value = '{one}']"), true)).collect()
}

#[test]
fn what_a_partner_warns_of_reaches_our_tools_once_it_is_accepted_and_is_withdrawn_with_it() {
    let pair = pair();
    let case = warned(&pair, &["a.evil.example", "b.evil.example"], &["--tlp", "amber"]);
    // A partner alone makes our tools do nothing.
    assert_eq!(found(&pair.east, "firewall", "firewall"), BTreeMap::new());
    pair.east.by("dora", &["warning", "accept", "1"]);
    let both = patterns(&["a.evil.example", "b.evil.example"]);
    assert_eq!(found(&pair.east, "firewall", "firewall"), both);
    // They are objects of ours, valid, marked, and lead back.
    let all = objects(&pair.east, "firewall", "firewall");
    let path = pair.east.write("shelf.json", json!({"type": "bundle", "id": "bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "objects": all}).to_string());
    pair.east.good(&["stix", "validate", &path]);
    let one = all.iter().find(|one| one["type"] == "indicator").unwrap();
    let us = all.iter().find(|one| one["type"] == "identity").unwrap();
    assert_eq!(one["created_by_ref"], us["id"]);
    assert_eq!(us["name"], "Service east.example");
    assert_eq!(one["external_references"][0]["external_id"], "warning-1");
    assert_eq!(one["valid_until"], "2099-01-01T00:00:00Z");
    // AMBER is above what the other shelf takes.
    assert_eq!(found(&pair.east, "search", "search"), BTreeMap::new());

    // An update that nobody has read ends what it leaves out, and adds nothing.
    let changes = ["--without", "a.evil.example", "--observable", "c.evil.example"];
    pair.west.by("ana", &[&["case", "update", &case][..], &changes].concat());
    release(&pair, &case);
    assert_eq!(found(&pair.east, "firewall", "firewall"), patterns(&["b.evil.example"]));
    pair.east.by("dora", &["warning", "accept", "1"]);
    let newer = patterns(&["b.evil.example", "c.evil.example"]);
    assert_eq!(found(&pair.east, "firewall", "firewall"), newer);

    // What was there before the node started is there after it.
    let mut pair = pair;
    pair.east.stop();
    pair.east.start();
    assert_eq!(found(&pair.east, "firewall", "firewall"), newer);
    pair.west.by("otto", &["case", "recall", &case, "--reason", "it was a mistake"]);
    until("the recall", || found(&pair.east, "firewall", "firewall").is_empty().then_some(()));
    // A TAXII client is told so by a newer version, which says that it is revoked.
    let all = objects(&pair.east, "firewall", "firewall");
    let gone = all.iter().filter(|one| one["revoked"] == true).count();
    assert_eq!(gone, 3);
    pair.east.stop();
    crate::replayed::same_again(&pair.east);
}

#[test]
fn a_shelf_holds_what_may_be_acted_on_so_and_is_read_by_its_tools_alone() {
    let pair = pair();
    warned(&pair, &["quiet.example"], &["--tlp", "green", "--pap", "amber"]);
    // To block it would be noticed: PAP:AMBER forbids that, and allows to look.
    assert_eq!(found(&pair.east, "search", "search"), patterns(&["quiet.example"]));
    pair.east.by("dora", &["warning", "accept", "1"]);
    assert_eq!(found(&pair.east, "firewall", "firewall"), BTreeMap::new());
    // What was not taken on is not looked for either.
    warned(&pair, &["declined.example"], &["--tlp", "clear"]);
    let both = patterns(&["quiet.example", "declined.example"]);
    assert_eq!(found(&pair.east, "search", "search"), both);
    pair.east.by("dora", &["warning", "decline", "2", "--reason", "not ours"]);
    assert_eq!(found(&pair.east, "search", "search"), patterns(&["quiet.example"]));
    // An exercise is none of a tool's business.
    let case = pair.case("An exercise.");
    let draft =
        ["case", "draft", &case, "--title", "x", "--text", "It is planned.", "--tlp", "clear"];
    let more = ["--valid-until", "2099-01-01T00:00:00Z", "--observable", "exercise.example"];
    pair.west.by("ana", &[&draft[..], &more].concat());
    release(&pair, &case);
    assert_eq!(found(&pair.east, "search", "search"), patterns(&["quiet.example"]));
    for account in ["other", "firewall"] {
        let auth = pair.east.basic(account);
        let path = "/taxii2/api/collections/search/objects/";
        let headers = [("authorization", auth.as_str()), ("accept", TAXII)];
        assert_eq!(pair.east.connect().ask("GET", path, &headers, b"").status, 404);
    }
}

#[test]
fn a_shelf_that_is_new_holds_what_was_accepted_before() {
    let west = Node::start_configured(PROGRAM, "west.example", MEANT);
    let east = Node::start_new(PROGRAM, "east.example");
    let pair = Pair::of(west, east);
    warned(&pair, &["before.example"], &["--tlp", "green"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    let mut pair = pair;
    pair.east.stop();
    pair.east.configure(SHELVES);
    pair.east.start();
    for tool in ["firewall", "search"] {
        pair.east.good(&["user", "add", tool, "--role", "subscriber"]);
        assert_eq!(found(&pair.east, tool, tool), patterns(&["before.example"]));
    }
}

/// What a tool gets, and the entity tag of it.
fn list(node: &Node, account: &str, query: &str, known: &str) -> (u16, String, Option<String>) {
    let auth = node.basic(account);
    let headers = [("authorization", auth.as_str()), ("if-none-match", known)];
    let path = format!("/api/v1/shelves/firewall/list{query}");
    let answer = node.connect().ask("GET", &path, &headers, b"");
    let tag = answer.header("etag").map(str::to_owned);
    (answer.status, answer.text(), tag)
}

#[test]
fn a_shelf_is_a_list_at_one_address_for_its_tools_alone_and_a_recall_counts_at_once() {
    let pair = pair();
    let case = warned(&pair, &["a.evil.example", "198.51.100.7"], &["--tlp", "amber"]);
    let firewall = |query: &str, known: &str| list(&pair.east, "firewall", query, known);
    assert_eq!(firewall("", "").1, "", "nobody has accepted it");
    pair.east.by("dora", &["warning", "accept", "1"]);
    let (status, text, tag) = firewall("", "");
    assert_eq!((status, text.as_str()), (200, "198.51.100.7\na.evil.example\n"));
    let tag = tag.unwrap();
    assert_eq!(firewall("", &tag), (304, String::new(), Some(tag.clone())));
    assert_eq!(firewall("", &format!("\"other\", W/{tag}")).0, 304);
    assert_eq!(firewall("?types=domain-name", "").1, "a.evil.example\n");
    assert!(firewall("?form=hosts", "").1.ends_with("\n0.0.0.0 a.evil.example\n"));
    assert!(firewall("?form=rpz", "").1.contains("\na.evil.example CNAME .\n"));
    assert!(firewall("?form=suricata", "").1.contains("dns.query; content:\"a.evil.example\""));
    let csv = firewall("?form=csv", "").1;
    assert!(csv.contains("domain-name,a.evil.example,") && csv.contains(",warning-1\n"), "{csv}");
    for (query, status) in [("?form=xml", 400), ("?types=colour", 400), ("?colour=red", 400)] {
        assert_eq!(firewall(query, "").0, status, "{query}");
    }
    // Who does not read the shelf is told that there is none.
    for account in ["search", "other"] {
        let (status, text, _) = list(&pair.east, account, "", "");
        assert!(status == 404 && !text.contains("evil"), "{text}");
    }
    assert_eq!(
        pair.east.connect().ask("GET", "/api/v1/shelves/firewall/list", &[], b"").status,
        401
    );
    pair.west.by("otto", &["case", "recall", &case, "--reason", "it was a mistake"]);
    let start = std::time::Instant::now();
    until("the recall", || {
        firewall("", &tag)
            .1
            .is_empty()
            .then(|| firewall("", &tag).0)
            .filter(|status| *status == 200)
    });
    assert!(start.elapsed() < std::time::Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn red_is_never_for_tools() {
    let node = Node::start_new(PROGRAM, "east.example");
    node.configure(&SHELVES.replace("\"green\"\npap", "\"red\"\npap"));
    let told = node.run(&["config", "check"]);
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.contains("`red` is for named persons, and never for tools"), "{told}");
}

#[test]
fn a_shelf_is_a_feed_that_a_misp_server_fetches_and_a_recall_ends_it_there() {
    let pair = pair();
    let case = warned(&pair, &["a.evil.example", "198.51.100.7"], &["--tlp", "amber"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    let auth = pair.east.basic("firewall");
    let file = |name: &str, known: &str| {
        let headers = [("authorization", auth.as_str()), ("if-none-match", known)];
        let path = format!("/api/v1/shelves/firewall/misp/{name}");
        pair.east.connect().ask("GET", &path, &headers, b"")
    };
    let manifest = file("manifest.json", "");
    let tag = manifest.header("etag").unwrap().to_owned();
    let named = manifest.json();
    let (uuid, entry) = named.as_object().unwrap().iter().next().unwrap();
    assert_eq!(entry["info"], "a warning from a partner (warning-1)");
    let name = format!("{uuid}.json");
    let event = file(&name, "").json();
    assert_eq!(event["Event"]["timestamp"], entry["timestamp"].to_string());
    assert_eq!(event["Event"]["Attribute"].as_array().unwrap().len(), 2);
    assert_eq!(file("hashes.csv", "").text().lines().count(), 2);
    assert_eq!((file("manifest.json", &tag).status, file("other.json", "").status), (304, 404));
    let other = pair.east.basic("other");
    let path = "/api/v1/shelves/firewall/misp/manifest.json";
    let denied = pair.east.connect().ask("GET", path, &[("authorization", other.as_str())], b"");
    assert_eq!(denied.status, 404);
    pair.west.by("otto", &["case", "recall", &case, "--reason", "it was a mistake"]);
    until("the recall", || file(&name, "").text().contains("withdrawn (warning-1)").then_some(()));
    let text = file(&name, "").text();
    assert!(!text.contains("evil.example") && !text.contains("198.51.100.7"), "{text}");
    assert_eq!((file("hashes.csv", "").text().len(), file("manifest.json", &tag).status), (0, 200));
}

/// An organisation's own policy keeps warnings from its tools, and its people from some answers.
#[test]
fn a_policy_keeps_a_warning_from_a_shelf_and_an_answer_from_leaving() {
    const HOUSE: &str = r#"
@id("no-west-on-firewalls")
forbid (principal == Person::"shelf", action == Action::"shelve", resource)
when { resource.partner == "west.example" && resource.tlpLevel >= 2 };

@id("approvers-decline")
@words("An approver declines.")
forbid (principal, action == Action::"reply", resource)
when { resource.says == "decline" }
unless { principal.roles.contains("approver") };
"#;
    let mut pair = pair();
    warned(&pair, &["a.evil.example"], &["--tlp", "amber"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    assert_eq!(found(&pair.east, "firewall", "firewall"), patterns(&["a.evil.example"]));
    // What a policy forbids goes from the shelf when the policy counts.
    let path = pair.east.write("house.cedar", HOUSE);
    pair.east.stop();
    pair.east.configure(&format!("[policy]\nfiles = [\"{path}\"]\n"));
    pair.east.start();
    assert_eq!(found(&pair.east, "firewall", "firewall"), BTreeMap::new());
    warned(&pair, &["b.evil.example"], &["--tlp", "green"]);
    pair.east.by("dora", &["warning", "accept", "2"]);
    assert_eq!(found(&pair.east, "firewall", "firewall"), patterns(&["b.evil.example"]));
    warned(&pair, &["c.evil.example"], &["--tlp", "green"]);
    let decline = ["warning", "decline", "3", "--ground", "not-ours", "--as", "dora"];
    let refused = pair.east.refused(&decline);
    assert!(
        refused.contains("approvers-decline") && refused.contains("An approver declines."),
        "{refused}"
    );
    pair.east.stop();
    crate::replayed::same_again(&pair.east);
}
