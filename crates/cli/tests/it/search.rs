//! Search: what is on record is found by its words, by command line, API and desk; what somebody may
//! not read is not there.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Node, Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// The kinds and names of what somebody finds.
fn found(node: &Node, person: &str, words: &str) -> Vec<String> {
    let lines = node.json(&["search", words, "--as", person]);
    let member = |line: &Value, name: &str| line.get(name).unwrap().as_str().unwrap().to_owned();
    lines.iter().map(|line| format!("{} {}", member(line, "kind"), member(line, "about"))).collect()
}

fn finds(node: &Node, person: &str, words: &str, wanted: &str) {
    until(&format!("{wanted} by “{words}”"), || {
        found(node, person, words).iter().any(|one| one.starts_with(wanted)).then_some(())
    });
}

#[test]
fn items_drafts_warnings_talk_and_partners_are_found_by_their_words() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("Антон ВЕЛИКОВ хочет взорвать собор.");
    let (west, east) = (&pair.west, &pair.east);
    finds(west, "rita", "velikov", "item text--");
    finds(west, "rita", "взорвать собор", "item text--");
    pair.draft(&case, "Planned bombing", "Two men plan an explosion in the cathedral.");
    finds(west, "rita", "explosion", "case case-1");
    west.release("otto", &case);
    // To open it is an act: before that, its title is all that is found of it.
    finds(east, "rita", "bombing", "warning warning-1");
    assert_eq!(found(east, "rita", "explosion"), Vec::<String>::new());
    east.by("dora", &["warning", "open", "1"]);
    finds(east, "rita", "explosion", "warning warning-1");
    east.by("dora", &["warning", "ask", "1", "--text", "Is it in a garage?"]);
    finds(west, "rita", "garage", "talk case-1");
    finds(east, "rita", "garage", "talk warning-1");
    finds(west, "rita", "east.exa", "partner east.example");
    // What is withheld is looked for by the gate, and found by nobody.
    assert_eq!(found(east, "rita", "velikov"), Vec::<String>::new());
    let words = west.by("rita", &["search", "nothing-like-it"]);
    assert!(words.contains("nothing was found"), "{words}");
}

#[test]
fn any_text_is_a_search() {
    let node = Node::start_new(PROGRAM, "west.example");
    let long = "a ".repeat(5_000);
    for text in ["\"", "a AND NOT", "*", "NEAR(", "'; DROP TABLE found; --", "\u{202e}<b>", &long] {
        let query: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let path = format!("/api/v1/search?q={query}");
        let answer = node.connect_local().ask("GET", &path, &[("forewarn-as", "rita")], b"");
        assert_eq!(answer.status, 200, "{text}: {}", answer.text());
    }
    let broken = "/api/v1/search?q=%FF%00%C0%AF";
    let answer = node.connect_local().ask("GET", broken, &[("forewarn-as", "rita")], b"");
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn the_desk_shows_where_words_were_found_and_that_they_are_words() {
    let pair = Pair::start(PROGRAM);
    pair.case("They say <script>alert(1)</script> & the <b>market</b> of Kazan");
    give_password(&pair.west, "rita");
    let mut rita = Desk::sign_in(&pair.west, "rita");
    rita.wait_for("/desk/search?q=market", "all 1");
    rita.says("They say <script>alert(1)</script> & the");
    rita.says_nothing_of("<script>alert");
    assert!(rita.page.contains("<mark>market</mark>"), "{}", rita.page);
    assert!(rita.page.contains("value=\"market\""), "what was typed stays");
    rita.open("/desk/search?q=nothing-like-it").says("Nothing that you may read has these words.");
    rita.open("/desk/search");
    rita.says_nothing_of("Nothing that you may read");
}
