//! TLP:RED is for persons by name: whoever is not named learns that a warning is there, from whom,
//! how urgent and for whom, and nothing that it says, by no way that the node has.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use crate::hostile::forge;
use forewarn_testkit::desk::{PASSWORD, give_password};
use forewarn_testkit::{Desk, Node, Pair, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const SECRET: &str = "Planned bombing";

/// Partners that may send each other anything.
pub(crate) fn pair() -> Pair {
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

/// The answer to a request with a body.
fn posted(node: &Node, person: &str, path: &str, body: &Value) -> (u16, String) {
    let headers = [("forewarn-as", person)];
    let body = body.to_string();
    let answer = node.connect_local().ask("POST", path, &headers, body.as_bytes());
    (answer.status, answer.text())
}

fn act(node: &Node, person: &str, act: &Value) -> (u16, String) {
    posted(node, person, "/api/v1/acts", &json!({ "act": act }))
}

/// West has released a warning at TLP:RED to these persons; Olga Ek is one of east's people.
fn sent(to: &[&str]) -> (Pair, String) {
    let pair = pair();
    pair.east.good(&["user", "add", "olga", "--role", "duty-officer", "--display", "Olga Ek"]);
    let case = pair.case("A report.");
    let words = ["case", "draft", &case, "--title", SECRET, "--text", "It is planned."];
    let until_then = ["--tlp", "red", "--valid-until", "2099-01-01T00:00:00Z"];
    let to: Vec<&str> = to.iter().flat_map(|name| ["--to", name]).collect();
    pair.west.by("ana", &[&words[..], &until_then, &to].concat());
    pair.west.release("otto", &case);
    until("the warning", || {
        let list = pair.east.get("/api/v1/warnings");
        (list.as_array().unwrap().len() == 1).then_some(())
    });
    (pair, case)
}

fn readings(node: &Node, person: &str) -> usize {
    asked(node, person, "/api/v1/warnings/1").1.matches("was shown, at TLP:RED").count()
}

#[test]
fn a_red_warning_is_read_by_whom_it_names_and_each_time_is_on_record() {
    let (pair, _) = sent(&["Anna Orlova", "Olga  EK"]);
    let east = &pair.east;

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
    for person in ["olga", "dora"] {
        // Even for whom it is, a list that anybody can ask for is no place for it.
        let (status, words) = asked(east, person, "/api/v1/search?q=bombing");
        assert!(status == 200 && !words.contains(SECRET), "{words}");
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
    // It takes an administrator too.
    let opened = east.refused(&["warning", "open", "1", "--as", "dora"]);
    assert!(opened.contains("TLP:RED"), "{opened}");
    east.approve("nora");
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

/// A text about a warning states what that says: readouts once asked only whether it is there.
#[test]
fn a_readout_of_what_is_red_is_for_the_named_alone() {
    let (pair, _) = sent(&["Olga Ek"]);
    let east = &pair.east;
    east.by("olga", &["warning", "open", "1"]);
    let fact = "theirs/1/title=The plan";
    let write = ["readout", "write", "warning-1", "--text", "The plan.", "--fact", fact];
    east.by("olga", &write);
    east.by("olga", &["readout", "commit", "warning-1"]);
    for person in ["dora", "otto", "rita"] {
        assert_eq!(asked(east, person, "/api/v1/readouts").1, "[]", "{person}");
        for path in ["readouts/warning-1", "readouts/warning-1/published", "proposals"] {
            let (_, told) = asked(east, person, &format!("/api/v1/{path}"));
            assert!(!told.contains(SECRET) && !told.contains("The plan"), "{person}: {told}");
        }
        for does in [
            json!({ "do": "readout-write", "subject": "warning-1", "text": "x", "facts": [
                { "words": "x", "ours": false, "index": 1,
                  "shows": { "shows": "field", "name": "title", "path": "" } }] }),
            json!({ "do": "readout-note", "subject": "warning-1" }),
            json!({ "do": "evidence-show", "reason": "x",
                "showing": { "subject": "warning-1", "fields": ["title"] } }),
        ] {
            let (status, told) = act(east, person, &does);
            assert!(matches!(status, 403 | 404) && !told.contains(SECRET), "{person}: {told}");
        }
    }
    let proposals = asked(east, "olga", "/api/v1/proposals").1;
    let waiting: Value = serde_json::from_str(&proposals).unwrap();
    let last = waiting.as_array().unwrap().last().unwrap();
    let approve =
        json!({ "do": "proposal-approve", "proposal": last["number"], "digest": last["digest"] });
    assert_eq!(act(east, "otto", &approve).0, 404);
    let before = readings(east, "olga");
    assert!(asked(east, "olga", "/api/v1/readouts/warning-1").1.contains(SECRET));
    assert!(readings(east, "olga") >= before + 2);
}

/// A later version at TLP:AMBER once opened the earlier one to everybody.
#[test]
fn an_earlier_version_stays_with_whom_it_names_when_a_later_one_is_for_all() {
    let (pair, case) = sent(&["Olga Ek"]);
    let east = &pair.east;
    east.by("olga", &["warning", "open", "1"]);
    east.by("paul", &["partner", "agree", "west.example", "--sentences", "one", "--reason", "§"]);
    east.approve("otto");
    east.by("olga", &["warning", "ask", "1", "--text", "who of the bombers?"]);
    let update = ["case", "update", &case, "--title", "For all", "--text", "Be careful."];
    pair.west.by("ana", &[&update[..], &["--tlp", "amber"]].concat());
    pair.west.release("otto", &case);
    until("the second version", || {
        let list = east.get("/api/v1/warnings");
        (list[0]["version"] == 2).then_some(())
    });
    let (status, shown) = asked(east, "dora", "/api/v1/warnings/1");
    assert!(status == 200 && shown.contains("For all"), "{shown}");
    assert!(!shown.contains(SECRET) && !shown.contains("bombers"), "{shown}");
    let words = east.by("dora", &["warning", "show", "1"]);
    assert!(words.contains("an earlier version"), "{words}");
    for wanted in [
        json!({ "subject": "warning-1", "show": ["title"] }),
        json!({ "partner": "west.example", "theirs": [1], "show": ["title"] }),
    ] {
        let (_, told) = posted(east, "dora", "/api/v1/evidence", &wanted);
        let titles = evidence_titles(&told);
        assert!(!titles.contains(SECRET), "{titles}");
    }
    assert_eq!(asked(east, "dora", "/api/v1/channels/west.example/transcript").0, 403);
    // What is said from now on is for all.
    east.by("dora", &["warning", "ask", "1", "--text", "what may we tell the hotel?"]);
    let (_, shown) = asked(east, "dora", "/api/v1/warnings/1");
    assert!(shown.contains("the hotel") && !shown.contains("bombers"), "{shown}");

    // Olga reads all of it, and each time that is on record.
    let shown = east.by("olga", &["warning", "show", "1"]);
    assert!(shown.contains("bombers") && !shown.contains("an earlier version"), "{shown}");
    let before = readings(east, "olga");
    let wanted = json!({ "partner": "west.example", "theirs": [1], "show": ["title"] });
    let (status, told) = posted(east, "olga", "/api/v1/evidence", &wanted);
    assert!(status == 200 && evidence_titles(&told).contains(SECRET), "{told}");
    assert_eq!(asked(east, "olga", "/api/v1/channels/west.example/transcript").0, 200);
    // By the evidence, by the transcript (its version and what was said of it), and by looking.
    assert!(readings(east, "olga") >= before + 3);
}

/// What the disclosures of evidence say.
fn evidence_titles(evidence: &str) -> String {
    use forewarn_transcript::evidence::Evidence;
    let Ok(evidence) = Evidence::parse(evidence.as_bytes()) else { return String::new() };
    let all = evidence.entries.iter().flat_map(|entry| &entry.carried.disclosures);
    all.map(|one| one.open().unwrap().value.to_string()).collect()
}

/// What our node did not understand belongs to no warning, and once was everybody's.
#[test]
fn a_red_warning_that_was_refused_is_read_by_nobody() {
    let mut pair = pair();
    pair.east.good(&["user", "add", "olga", "--role", "duty-officer", "--display", "Olga Ek"]);
    let warning = [
        ("title", SECRET.into()),
        ("tlp", "red".into()),
        ("persons", json!(["Olga Ek"])),
        ("urgency", SECRET.into()),
    ];
    let recall = [("reason", SECRET.into())];
    let push = forge(
        &mut pair,
        &[("warning", "warning--1", &warning, None), ("recall", "recall--2", &recall, Some(0))],
    );
    let answer = push.send(&pair.east);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let east = &pair.east;
    let refused = east.json(&["channel", "show", "west.example"]);
    assert_eq!(refused.iter().filter(|entry| !entry["refused"].is_null()).count(), 2);
    for person in ["olga", "dora", "rita"] {
        let (_, entries) = asked(east, person, "/api/v1/channels/west.example");
        assert!(!entries.contains(SECRET), "{entries}");
        for (index, field) in [(1, "title"), (2, "reason")] {
            let wanted = json!({ "partner": "west.example", "theirs": [index], "show": [field] });
            let (status, told) = posted(east, person, "/api/v1/evidence", &wanted);
            assert!(status == 404 && evidence_titles(&told).is_empty(), "{told}");
        }
        let (_, history) = asked(east, person, "/api/v1/partners/west.example/history");
        assert!(!history.contains(SECRET), "{history}");
        // Our own answer to it holds why it was refused.
        let wanted = json!({ "partner": "west.example", "ours": [1], "show": ["reason"] });
        let (_, told) = posted(east, person, "/api/v1/evidence", &wanted);
        assert!(!evidence_titles(&told).contains(SECRET), "{told}");
    }
    // It goes without its fields, and is proven all the same; our answer to it is not given out.
    let (status, told) = asked(east, "olga", "/api/v1/channels/west.example/transcript");
    assert!(!told.contains(SECRET) && matches!(status, 200 | 403), "{status}: {told}");
}

/// One administrator once made an account with the name that a partner had written.
#[test]
fn nobody_alone_makes_himself_the_person_that_is_named() {
    let (pair, _) = sent(&["Anna Orlova"]);
    let east = &pair.east;
    east.good(&["user", "add", "nils", "--role", "node-admin"]);
    let add = ["user", "add", "mole", "--role", "reader", "--display", "Anna Orlova"];
    east.by("nora", &add);
    assert!(!east.good(&["user", "list"]).contains("mole"));
    // Nor by a name that somebody had before, nor by saying so.
    east.by("nora", &["user", "add", "mole", "--role", "reader"]);
    let named = ["warning", "name-person", "1", "Anna Orlova", "--user", "mole"];
    assert!(east.refused(&[&named[..], &["--as", "nora"]].concat()).contains("may not"));
    assert_eq!(asked(east, "mole", "/api/v1/warnings/1").0, 403);
    east.by("dora", &named);
    let own = ["user", "add", "nora", "--role", "node-admin", "--role", "reader"];
    east.good(&own);
    let told = east.json(&["proposal", "list"]).pop().unwrap();
    let (number, digest) = (&told["number"], &told["digest"]);
    let approve = json!({ "do": "proposal-approve", "proposal": number, "digest": digest });
    assert_eq!(act(east, "olga", &approve).0, 403);
    assert_eq!(asked(east, "mole", "/api/v1/warnings/1").0, 403);
    // Two persons say it; and nobody else is called like somebody who is named.
    east.good(&["user", "add", "anna", "--role", "reader", "--display", "Anna Orlova"]);
    assert!(asked(east, "anna", "/api/v1/warnings/1").1.contains(SECRET));
    let twice = ["user", "add", "other", "--role", "reader", "--display", "anna  orlova"];
    assert!(east.refused(&twice).contains("`anna` is called so already"));
    // A token that another one makes would be the other's eyes.
    let token = ["token", "add", "anna", "--as", "nora"];
    assert!(east.refused(&token).contains("may not make a token"));
}

/// At both desks, without a command of theirs: drafted for two persons, released, read by one of them,
/// and by nobody else who is at the desk beside her.
#[test]
fn a_red_warning_to_two_persons_is_drafted_released_and_read_at_the_desk() {
    let pair = pair();
    pair.east.good(&["user", "add", "olga", "--role", "duty-officer", "--display", "Olga Ek"]);
    pair.case("A report.");
    for (node, people) in [(&pair.west, ["ana", "otto"]), (&pair.east, ["olga", "dora"])] {
        for person in people {
            give_password(node, person);
        }
    }
    let mut ana = Desk::sign_in(&pair.west, "ana");
    let draft = [("title", SECRET), ("text", "It is planned."), ("tlp", "red"), ("persons", "")];
    ana.open("/desk/cases/1/draft");
    // Nobody is named: at TLP:RED nobody could read it.
    ana.send_for("Write the draft of case 1", &draft, 422);
    let draft = [&draft[..3], &[("persons", "Anna Orlova\nOlga Ek")]].concat();
    ana.send("Write the draft of case 1", &draft);
    let mut otto = Desk::sign_in(&pair.west, "otto");
    otto.open("/desk/cases/1/release").says("Anna Orlova").says("Olga Ek");
    otto.send("Release to east.example", &[("secret", PASSWORD)]);
    let mut olga = Desk::sign_in(&pair.east, "olga");
    olga.wait_for("/desk/warnings", "TLP:RED");
    let mut dora = Desk::sign_in(&pair.east, "dora");
    for path in ["/desk/", "/desk/warnings", "/desk/warnings/1", "/desk/search?q=bombing"] {
        let answer = dora.ask("GET", path, &[], "");
        assert!(!answer.text().contains(SECRET), "{path}: {}", answer.text());
    }
    dora.open("/desk/warnings").says("TLP:RED");
    for path in ["/desk/", "/desk/warnings", "/desk/warnings/1"] {
        olga.open(path).says_nothing_of(SECRET);
    }
    olga.send("Open warning 1", &[]).says(SECRET).says("It is planned.");
    // The one who was named has opened it; that opened it to nobody else.
    let answer = dora.ask("GET", "/desk/warnings/1", &[], "");
    assert!(!answer.text().contains(SECRET), "{}", answer.text());
}
