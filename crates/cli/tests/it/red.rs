//! TLP:RED is for persons by name: whoever is not named learns that a warning is there, from whom,
//! how urgent and for whom, and nothing that it says, by no way that the node has.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair, until};
use serde_json::json;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const SECRET: &str = "Planned bombing";

/// Partners that may send each other anything.
fn pair() -> Pair {
    let west = Node::start_new(PROGRAM, "west.example");
    let east = Node::start_new(PROGRAM, "east.example");
    for (here, there) in [(&west, &east), (&east, &west)] {
        let card = here.write("partner.card", there.good(&["card"]));
        here.by("paul", &["partner", "add", &card, "--ceiling", "red"]);
    }
    for (here, there) in [(&west, &east), (&east, &west)] {
        let words = there.json(&["card"]);
        let words = words.first().and_then(|card| card.get("fingerprint")?.as_str()).unwrap();
        here.by("paul", &["partner", "confirm", &there.name, "--fingerprint", words]);
        here.agree_on_one(&there.name);
    }
    Pair { west, east }
}

/// What a person is answered, whatever it is.
fn asked(node: &Node, person: &str, path: &str) -> (u16, String) {
    let answer = node.connect_local().ask("GET", path, &[("forewarn-as", person)], b"");
    (answer.status, answer.text())
}

#[test]
fn a_red_warning_is_read_by_whom_it_names_and_each_time_is_on_record() {
    let pair = pair();
    let east = &pair.east;
    east.good(&["user", "add", "olga", "--role", "duty-officer", "--display", "Olga Ek"]);
    let case = pair.case("A report.");
    let words = ["case", "draft", &case, "--title", SECRET, "--text", "It is planned."];
    let rest = ["--tlp", "red", "--to", "Anna Orlova", "--to", "Olga  EK"];
    let until_then = ["--valid-until", "2099-01-01T00:00:00Z"];
    pair.west.by("ana", &[&words[..], &rest, &until_then].concat());
    pair.west.release("otto", &case);
    until("the warning", || {
        let list = east.get("/api/v1/warnings");
        (list.as_array().unwrap().len() == 1).then_some(())
    });

    // Nobody whom it does not name reads it, by any way; that it is there is no secret.
    for person in ["dora", "rita", "paul"] {
        let list = east.by(person, &["warning", "list"]);
        assert!(list.contains("Anna Orlova") && !list.contains(SECRET), "{list}");
        let (status, words) = asked(east, person, "/api/v1/warnings/1");
        assert!(
            status == 403 && words.contains("Anna Orlova") && !words.contains(SECRET),
            "{words}"
        );
        let needs = east.by(person, &["needs"]);
        assert!(needs.contains("warning 1") && !needs.contains(SECRET), "{needs}");
        let (status, _) = asked(east, person, "/api/v1/channels/west.example/transcript");
        assert_eq!(status, 403);
        let evidence = json!({ "subject": "warning-1", "show": ["title"] }).to_string();
        let headers = [("forewarn-as", person)];
        let answer =
            east.connect_local().ask("POST", "/api/v1/evidence", &headers, evidence.as_bytes());
        assert!(answer.status == 404 && !answer.text().contains(SECRET), "{}", answer.text());
        let entries = json!({ "partner": "west.example", "theirs": [1], "show": ["title"] });
        let entries = entries.to_string();
        let answer =
            east.connect_local().ask("POST", "/api/v1/evidence", &headers, entries.as_bytes());
        assert!(answer.status >= 400 && !answer.text().contains(SECRET), "{}", answer.text());
    }
    let opened = east.refused(&["warning", "open", "1", "--as", "dora"]);
    assert!(opened.contains("TLP:RED") && !opened.contains(SECRET), "{opened}");

    // She is called so; and he is said to be, by somebody else who does not see it.
    assert!(east.by("olga", &["warning", "show", "1"]).contains(SECRET));
    let own = ["warning", "name-person", "1", "Anna Orlova", "--user", "dora", "--as", "dora"];
    assert!(east.refused(&own).contains("may not say"));
    let other = ["warning", "name-person", "1", "Berta B", "--user", "dora", "--as", "olga"];
    assert!(east.refused(&other).contains("Berta B"));
    let named = ["warning", "name-person", "1", "anna orlova", "--user", "dora"];
    let told = east.by("olga", &named);
    assert!(!told.contains(SECRET), "{told}");
    assert!(east.by("dora", &["warning", "open", "1"]).contains(SECRET));
    assert_eq!(asked(east, "dora", "/api/v1/channels/west.example/transcript").0, 200);

    // What is said on it is approved by one of them too.
    east.by("paul", &["partner", "agree", "west.example", "--sentences", "two", "--reason", "§ 5"]);
    east.by("dora", &["warning", "ask", "1", "--text", "who of the bombers?"]);
    for person in ["otto", "rita"] {
        let (_, list) = asked(east, person, "/api/v1/proposals");
        assert!(!list.contains("bombers"), "{list}");
    }

    // Each reading is on our own record, and none of it is sent.
    let (_, shown) = asked(east, "olga", "/api/v1/warnings/1");
    let readings = shown.matches("was shown, at TLP:RED").count();
    assert!(readings >= 3, "{shown}");
    let theirs = pair.west.good(&["case", "show", "1"]);
    assert!(!theirs.contains("shown"), "{theirs}");
}
