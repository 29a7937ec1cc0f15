//! Keys that change, and the process that holds them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn released(pair: &Pair, title: &str) -> String {
    let case = pair.released(title);
    pair.receipted(&case);
    case
}

/// Makes new keys at west and has them announced; their words, once east has heard of them.
fn announced(pair: &mut Pair) -> String {
    let added = pair.west.json(&["key", "add"]);
    let words = added[0]["fingerprint"].as_str().unwrap().to_owned();
    let key = added[0]["key"].as_str().unwrap().to_owned();
    pair.west.stop();
    pair.west.start();
    pair.west.by("nora", &["key", "announce"]);
    let heard = until("the announcement", || {
        let partners = pair.east.json(&["partner", "list"]);
        partners[0]["new_key"].as_str().map(str::to_owned)
    });
    assert_eq!(heard, key);
    words
}

fn confirm(pair: &Pair, words: &str) {
    pair.east.by("paul", &["partner", "confirm", "west.example", "--fingerprint", words]);
    until("west to hear of it", || {
        let entries = pair.west.json(&["channel", "show", "east.example"]);
        entries.iter().any(|e| e["kind"] == "key-confirmed").then_some(())
    });
}

#[test]
fn keys_change_by_the_old_ones_word_and_a_person_s_and_evidence_follows_them() {
    let mut pair = Pair::start(PROGRAM);
    let before = released(&pair, "Before");
    let old_card = pair.west.file("old.card").display().to_string();
    pair.west.good(&["card", "-o", &old_card]);
    let words = announced(&mut pair);
    let wrong = ["partner", "confirm", "west.example", "--fingerprint", "acorn", "--as", "paul"];
    assert!(pair.east.refused(&wrong).contains("these are not the words"));
    // Until then the old keys sign.
    released(&pair, "Between");
    confirm(&pair, &words);
    let after = released(&pair, "After");
    pair.equal();

    let new_card = pair.west.file("new.card").display().to_string();
    pair.west.good(&["card", "-o", &new_card]);
    for (case, name) in [(&before, "before"), (&after, "after")] {
        let path = pair.west.file(&format!("{name}.json")).display().to_string();
        let subject = format!("case-{case}");
        pair.west.by("otto", &["evidence", "export", &subject, "--show", "title", "-o", &path]);
        for card in [&old_card, &new_card] {
            let account = pair.west.json(&["verify", &path, "--key", card]);
            assert_eq!(account[0]["valid"], Value::Bool(true), "{name} by {card}");
        }
        let party = |account: &Value| {
            let parties = account["evidence"]["parties"].as_array().unwrap().clone();
            parties.into_iter().find(|party| party["name"] == "west.example").unwrap()
        };
        let account = pair.west.json(&["verify", &path, "--key", &new_card]);
        assert_eq!(party(&account[0])["keys"].as_array().unwrap().len(), 2);
    }
    // The change itself can be asked for, on both sides, and is proven by the key before it.
    let change = pair.west.json(&["channel", "show", "east.example"]);
    let index = |kind: &str| {
        let found = change.iter().find(|entry| entry["kind"] == kind).unwrap();
        found["index"].to_string()
    };
    for node in [&pair.west, &pair.east] {
        let is_west = node.name == pair.west.name;
        let other = if is_west { "east.example" } else { "west.example" };
        let (announced, confirmed) =
            if is_west { ("--ours", "--theirs") } else { ("--theirs", "--ours") };
        let path = node.file("change.json").display().to_string();
        let wanted = ["evidence", "export", "--partner", other];
        let places =
            [announced, &index("key-change"), confirmed, &index("key-confirmed"), "-o", &path];
        node.good(&[&wanted[..], &places[..]].concat());
        let account = node.json(&["verify", &path, "--key", &old_card]);
        assert_eq!(account[0]["valid"], Value::Bool(true), "{account:?}");
    }

    // A node that starts anew reads all of it as before.
    pair.east.stop();
    pair.east.start();
    pair.west.stop();
    pair.west.start();
    released(&pair, "Much later");
    pair.equal();
}

#[test]
fn a_compromised_key_counts_no_more_until_a_new_one_is_confirmed() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let old = pair.east.json(&["partner", "list"])[0]["fingerprint"].as_str().unwrap().to_owned();
    let words = announced(&mut pair);
    let told = "somebody has copied the disk";
    let suspend = ["partner", "suspend", "west.example", "--reason", told, "--compromised"];
    pair.east.by("paul", &suspend);
    let case = pair.case("A report.");
    pair.draft(&case, "Stopped", "A bombing is planned.");
    pair.west.release("otto", &case);
    // The old words do not open it again; the new ones do, and the old key is over.
    let again = ["partner", "confirm", "west.example", "--fingerprint", &old, "--as", "paul"];
    assert!(pair.east.refused(&again).contains("these are not the words"));
    assert!(pair.titles().is_empty());
    confirm_over(&mut pair, &words);
    pair.receipted(&case);
    assert_eq!(pair.titles(), ["EXERCISE: Stopped"]);
}

/// West hears of the confirmation although its old key counts no more: the entry is pushed to it.
fn confirm_over(pair: &mut Pair, words: &str) {
    confirm(pair, words);
    pair.west.stop();
    pair.west.start();
}

#[test]
fn a_signer_that_was_killed_is_started_again_and_none_outlives_its_node() {
    let mut pair = Pair::start(PROGRAM);
    released(&pair, "One");
    let signer = pair.west.signer().unwrap();
    pair.west.kill_signer();
    released(&pair, "Two");
    let next = pair.west.signer().unwrap();
    assert_ne!(signer, next);
    pair.west.kill();
    until("its end", || (!std::path::Path::new(&format!("/proc/{next}")).exists()).then_some(()));
    pair.west.start();
    pair.equal();
}

/// A node that was restored to before its change of keys spoke by the old ones for ever: the partner
/// took nothing of it, and nobody was told why.
#[test]
fn a_node_restored_to_before_its_change_of_keys_comes_back() {
    const FILES: [&str; 2] = ["forewarn.sqlite", "forewarn.sqlite-wal"];
    let mut pair = Pair::start(PROGRAM);
    released(&pair, "Before");
    pair.equal();
    pair.west.save(&FILES);
    let words = announced(&mut pair);
    confirm(&pair, &words);
    released(&pair, "By the new key");
    pair.equal();
    pair.west.set_back(&FILES);
    let case = until("a release", || {
        let case = pair.case("A report after all this.");
        pair.draft(&case, "After", "A bombing is planned.");
        let done = pair.west.run_release("otto", &case);
        done.status.success().then_some(case)
    });
    pair.receipted(&case);
    pair.equal();
    assert!(pair.titles().contains(&"EXERCISE: After".to_owned()));
    assert!(pair.west.run(&["doctor"]).status.success());
}

/// A partner could once move only by becoming another partner.
#[test]
fn a_partner_moves_by_a_new_card_of_the_same_key_once_a_person_has_confirmed_it() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let shown = |node: &Node, field: &str| node.get("/api/v1/partners")[0][field].clone();
    let old = shown(&pair.west, "url");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    pair.east.stop();
    pair.east.configure(&format!("[node]\nurl = \"http://{address}\"\nlisten = \"{address}\"\n"));
    pair.east.address = address.clone();
    pair.east.start();
    let add = ["interest", "add", "--partner", "east.example", "--label", "x", "--domain"];
    pair.west.by("paul", &[&add[..], &["x.example"]].concat());
    let card = pair.west.write("new.card", pair.east.good(&["card"]));
    let told = pair.west.by("paul", &["partner", "add", &card]);
    assert!(told.contains(&address), "{told}");
    // Nothing moves before the words were compared; the same card again says nothing new.
    assert_eq!(shown(&pair.west, "url"), old);
    assert_eq!(shown(&pair.west, "new_url"), format!("http://{address}"));
    let wrong = ["partner", "confirm", "east.example", "--fingerprint", "acorn", "--as", "paul"];
    pair.west.refused(&wrong);
    assert_eq!(shown(&pair.west, "url"), old);
    let words = pair.east.json(&["card"])[0]["fingerprint"].as_str().unwrap().to_owned();
    pair.west.by("paul", &["partner", "confirm", "east.example", "--fingerprint", &words]);
    assert_eq!(shown(&pair.west, "url"), format!("http://{address}"));
    assert!(shown(&pair.west, "new_url").is_null());
    let again = pair.west.refused(&["partner", "add", &card, "--as", "paul"]);
    assert!(again.contains("says nothing new"), "{again}");
    until("what waited for the new place", || {
        pair.east.get("/api/v1/interests").to_string().contains("x.example").then_some(())
    });
    // A card of the same name by another key is nobody's.
    let other = Node::start_new(PROGRAM, "east.example");
    let card = pair.west.write("other.card", other.good(&["card"]));
    let refused = pair.west.refused(&["partner", "add", &card, "--as", "paul"]);
    assert!(refused.contains("other keys"), "{refused}");
}
