//! Who stands behind a source's handle: read by whom the organisation has named, each time on record;
//! kept from every partner; and nowhere else.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_store::Store;
use forewarn_testkit::desk::{Desk, give_password};
use forewarn_testkit::{Node, Pair, until};
use std::path::Path;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// West with somebody who may know who stands behind its sources, and who does behind one.
fn named() -> (Pair, String) {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    let west = &pair.west;
    west.good(&["user", "add", "sven", "--role", "source-officer"]);
    let file =
        west.write("named.txt", "name: Boris Orlow\ncontact: the café\ncover: A parcel came.\n");
    west.by("sven", &["source", "keep", "HERON-7", "--from", &file]);
    std::fs::remove_file(&file).unwrap();
    (pair, case)
}

fn files_with(folder: &Path, words: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_with(&path, words, found);
        } else if std::fs::read(&path)
            .is_ok_and(|bytes| bytes.windows(words.len()).any(|part| part == words.as_bytes()))
        {
            found.push(path.display().to_string());
        }
    }
}

fn look(node: &Node, person: &str) -> String {
    node.by(person, &["source", "look", "HERON-7", "--reason", "his flat was searched"])
}

#[test]
fn a_name_behind_a_handle_is_for_its_officer_and_each_reading_is_on_record() {
    let (pair, case) = named();
    let west = &pair.west;
    let shown = look(west, "sven");
    for words in ["Boris Orlow", "the café", "A parcel came.", "his flat was searched"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(
        west.refused(&["source", "look", "HERON-7", "--reason", " ", "--as", "sven"])
            .contains("why")
    );
    for person in ["ana", "otto"] {
        for act in [&["source", "look", "HERON-7", "--reason", "x"][..], &["source", "known"]] {
            let refused = west.refused(&[act, &["--as", person]].concat());
            assert!(!refused.contains("Orlow"), "{person}: {refused}");
        }
    }
    assert!(west.by("sven", &["source", "known"]).contains("HERON-7"));
    // No partner reads the name, in any spelling, and nobody is told whose it is.
    let words = ["--text", "Said by Борис Орлов.", "--valid-until", "2099-01-01T00:00:00Z"];
    west.by("ana", &[&["case", "draft", &case, "--title", "A bombing"][..], &words].concat());
    let refused = west.release_refused("otto", &case);
    assert!(refused.contains("a name that may reach nobody"), "{refused}");
    assert!(!refused.contains("Orlow") && !refused.contains("HERON"), "{refused}");
    let aside = ["case", "draft", &case, "--title", "A bombing", "--set-aside", "Boris Orlow"];
    let refused = west.refused(&[&aside[..], &words, &["--as", "ana"]].concat());
    assert!(refused.contains("no withheld text"), "{refused}");
    // The journal has the act and never the name; what is printed of it neither.
    let mut found = Vec::new();
    files_with(&west.home(), "Boris Orlow", &mut found);
    assert!(found.iter().all(|path| path.contains("forewarn.sqlite")), "{found:?}");
    assert!(!west.logged().contains("Orlow"));
    let mut pair = pair;
    pair.west.stop();
    let store = Store::open(&pair.west.home().join("forewarn.sqlite")).unwrap();
    let mut kept = 0;
    for index in 1..=store.db().journal_index().unwrap() {
        let record = store.db().record_at(index).unwrap().unwrap();
        // What people type elsewhere is theirs: a draft that was tried has the name in it.
        if record.act.contains("\"source-") {
            kept += usize::from(record.act.contains("source-keep"));
            let words = format!("{}{}", record.act, record.answer);
            assert!(!words.contains("Orlow") && !words.contains("parcel"), "{index}: {words}");
        }
    }
    assert_eq!(kept, 1);
    drop(store);
    // And it is done again from it all the same.
    crate::replayed::same_again(&pair.west);
}

#[test]
fn a_forgotten_name_is_gone_from_every_file_and_nothing_looks_for_it() {
    let (pair, case) = named();
    let west = &pair.west;
    let words = ["--text", "Said by Boris Orlow.", "--valid-until", "2099-01-01T00:00:00Z"];
    let draft = ["case", "draft", &case, "--title", "A bombing"];
    let forget =
        ["source", "forget", "HERON-7", "--reason", "by order of the court", "--as", "sven"];
    west.good(&forget);
    assert!(west.refused(&forget).contains("name behind source"));
    until("no file has it", || {
        let mut found = Vec::new();
        files_with(&west.home(), "Boris Orlow", &mut found);
        found.is_empty().then_some(())
    });
    west.by("ana", &[&draft[..], &words].concat());
    west.release("otto", &case);
    pair.receipted(&case);
}

#[test]
fn thanks_reaches_the_officer_with_what_may_be_said_instead() {
    let (pair, case) = named();
    pair.draft(&case, "Explosion in Kazan", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.east.by("dora", &["warning", "accept", "1"]);
    pair.east.agree_on_one("west.example");
    pair.east.by("dora", &["warning", "thank", "1", "--text", "Seven men were held."]);
    until("the thanks", || {
        pair.west.by("sven", &["thanks"]).contains("A parcel came.").then_some(())
    });
    let others = pair.west.by("ana", &["thanks"]);
    assert!(others.contains("HERON-7") && !others.contains("parcel"), "{others}");
}

#[test]
fn the_desk_shows_a_name_after_a_reason_was_given_and_to_nobody_else() {
    let (pair, _) = named();
    for person in ["sven", "ana"] {
        give_password(&pair.west, person);
    }
    let mut sven = Desk::sign_in(&pair.west, "sven");
    sven.open("/desk/sources").says("HERON-7").says_nothing_of("Orlow");
    sven.send_for("Read a name", &[("source", "HERON-7")], 422).says_nothing_of("Orlow");
    let typed = [("source", "HERON-7"), ("reason", "he is in danger")];
    sven.send("Read a name", &typed).says("Boris Orlow").says("he is in danger");
    let kept = [("source", "CRANE-1"), ("name", "Pavel Sokolov")];
    sven.send("Keep a name", &kept).says("CRANE-1").says_nothing_of("Sokolov");
    let gone = [("source", "CRANE-1"), ("reason", "over")];
    sven.send("Erase a name", &gone).says_nothing_of("CRANE-1");
    let ana = Desk::sign_in(&pair.west, "ana");
    assert_eq!(ana.ask("GET", "/desk/sources", &[], "").status, 403);
}
