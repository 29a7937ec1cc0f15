//! Later versions of a warning: nothing of the one before is dropped in silence, and what changed is
//! shown to whoever releases it and to whoever receives it.

use forewarn_testkit::{Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

#[test]
fn an_update_starts_from_the_last_version_and_both_sides_see_what_changed() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report about the cathedral.");
    let first = ["case", "draft", &case, "--title", "Planned bombing", "--text"];
    let rest = ["--place", "Kazan Cathedral", "--observable", "203.0.113.7", "--withhold"];
    let last = ["Anton Velikov", "--valid-until", "2090-01-01T00:00:00Z", "--likelihood"];
    let text = ["It is planned\nfor Saturday."];
    pair.west.by("ana", &[&first[..], &text, &rest, &last, &["likely"]].concat());
    let none = pair.west.refused(&["case", "update", "99", "--text", "x", "--as", "ana"]);
    assert!(none.contains("there is no case"), "{none}");
    pair.west.release("otto", &case);
    pair.receipted(&case);

    let update = ["case", "update", &case, "--text", "It is planned\nfor Friday.", "--place"];
    let told =
        pair.west.by("ana", &[&update[..], &["Moscow", "--without", "203.0.113.7"]].concat());
    for line in
        ["- for Saturday.", "+ for Friday.", "+ Moscow", "- [ipv4-addr:value = '203.0.113.7']"]
    {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(!told.contains("title:") && !told.contains("It is planned"), "{told}");
    let preview = pair.west.good(&["case", "preview", &case]);
    assert!(preview.contains("changed since version 1:"), "{preview}");
    // A second change goes on from the draft that waits.
    let more = pair.west.by("ana", &["case", "update", &case, "--title", "Bombing on Friday"]);
    assert!(more.contains("+ for Friday.") && more.contains("title:"), "{more}");
    let named = ["case", "update", &case, "--text", "Velikov plans it.", "--as", "ana"];
    pair.west.good(&named);
    assert!(pair.west.good(&["case", "preview", &case]).contains("Velikov"));
    assert!(pair.west.release_refused("otto", &case).contains("Anton Velikov"), "still withheld");
    let same = ["case", "update", &case, "--text", "Velikov plans it.", "--as", "ana"];
    assert!(pair.west.refused(&same).contains("nothing would be otherwise"));
    let gone = ["case", "update", &case, "--without", "198.51.100.9", "--as", "ana"];
    assert!(pair.west.refused(&gone).contains("198.51.100.9"));
    pair.west.by("ana", &["case", "update", &case, "--text", "It is planned\nfor Friday."]);
    pair.west.release("otto", &case);

    until("the second version", || {
        let shown = pair.east.get("/api/v1/warnings/1");
        (shown.pointer("/warning/version")? == 2).then_some(())
    });
    let shown = pair.east.get("/api/v1/warnings/1");
    let parts: Vec<&Value> =
        shown["changes"].as_array().unwrap().iter().map(|change| &change["part"]).collect();
    assert_eq!(parts, ["title", "text", "places", "observables"]);
    let words = pair.east.good(&["warning", "show", "1"]);
    assert!(words.contains("CHANGED in version 2, since version 1:"), "{words}");
    assert!(words.contains("- for Saturday.") && words.contains("+ for Friday."), "{words}");
    // What was not changed is there still.
    assert!(words.contains("Kazan Cathedral") && words.contains("likely"), "{words}");
}

/// A second person is one who has written none of it.
#[test]
fn who_wrote_the_words_of_a_draft_does_not_release_it_after_another_s_update() {
    let pair = Pair::start(PROGRAM);
    pair.west.good(&["user", "add", "ana", "--role", "analyst", "--role", "approver"]);
    pair.west.good(&["user", "add", "tom", "--role", "analyst", "--role", "approver"]);
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "The words of Ana.");
    pair.west.by("tom", &["case", "update", &case, "--title", "Planned bombing today"]);
    for author in ["ana", "tom"] {
        let refused = pair.west.release_refused(author, &case);
        assert!(refused.contains(&format!("`{author}` wrote this draft")), "{refused}");
    }
    pair.west.release("otto", &case);
    // What was released had its second person: from there on only who writes is barred.
    pair.west.by("tom", &["case", "update", &case, "--title", "Planned bombing tomorrow"]);
    pair.west.release("ana", &case);
}
