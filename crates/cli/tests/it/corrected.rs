//! A report in which the wrong country was found: an analyst corrects it, and what it meets changes.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Node, Pair, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const REPORT: &str = "A cell plans to bomb the old mill in Peru, the one near the river, on Saturday. \
                      The attackers' server is at c2.quillfeather.example.";

/// East registers an interest in a country, with what else the command takes.
fn country(pair: &Pair, code: &str, more: &[&str]) {
    let add = ["interest", "add", "--partner", "west.example", "--label", code, "--country", code];
    pair.east.by("paul", &[&add[..], more].concat());
    until("the interest", || {
        let known = pair.west.get("/api/v1/interests");
        known
            .as_array()?
            .iter()
            .any(|row| row["interest"]["label"] == code || row["label"] == code)
            .then_some(())
    });
}

fn taken_in(node: &Node, text: &str) -> String {
    let path = node.write("report.txt", text);
    let taken = node.json(&["intake", &path, "--as", "ana"]).remove(0);
    taken["ids"][0].as_str().unwrap().to_owned()
}

fn correct(node: &Node, item: &str, said: &[&str]) -> String {
    let what = ["item", "correct", item, "--reason", "the state of larkspur, by its river"];
    node.by("ana", &[&what[..], said].concat())
}

fn cases(node: &Node) -> usize {
    node.get("/api/v1/cases").as_array().unwrap().len()
}

#[test]
fn a_wrong_country_is_corrected_and_the_right_one_opens_its_case() {
    let mut pair = Pair::start(PROGRAM);
    country(&pair, "PE", &[]);
    country(&pair, "US", &[]);
    let item = taken_in(&pair.west, REPORT);
    until("the case of the country that was found", || (cases(&pair.west) == 1).then_some(()));

    let said = correct(&pair.west, &item, &["--wrong", "country:PE", "--right", "country:US"]);
    assert!(said.contains("correction 1") && said.contains("is on record"), "{said}");
    // One partner's matches of one item are one case: the right one joins it, the wrong one is told.
    let first = until("what it rests on now", || {
        let shown = pair.west.good(&["case", "show", "1"]);
        shown.contains("rested on").then_some(shown)
    });
    assert!(first.contains("correction 1") && first.contains("country US"), "{first}");
    assert_eq!(cases(&pair.west), 1);

    // Where nothing was met, the right country opens a case.
    let other = taken_in(&pair.west, "A cell plans to bomb the new mill in Chile on Sunday.");
    correct(&pair.west, &other, &["--wrong", "country:CL", "--right", "country:US"]);
    until("the case of the right country", || (cases(&pair.west) == 2).then_some(()));
    let second = pair.west.good(&["case", "show", "2"]);
    assert!(second.contains("correction 2") && second.contains("country US"), "{second}");

    // It holds for whatever reads the text, also after a restart.
    pair.west.stop();
    pair.west.start();
    let found = pair.west.json(&["item", "findings", &item]).remove(0);
    let of = |code: &str| {
        let all = found["findings"].as_array().unwrap();
        all.iter().find(|one| one["finding"] == format!("country:{code}")).cloned()
    };
    assert_eq!(of("US").unwrap()["correction"], 1, "{found}");
    assert_eq!(of("PE"), None, "{found}");
    assert_eq!(found["corrections"][0]["by"], "ana");

    // A later word says otherwise: the match holds again, and is told so.
    correct(&pair.west, &item, &["--right", "country:PE"]);
    until("that it holds again", || {
        pair.west.good(&["case", "show", "1"]).contains("it is met again").then_some(())
    });
    assert_eq!(cases(&pair.west), 2);

    exported(&pair.west, &item);
    crate::described::answers_are_as_described(&pair.west);
    refused(&pair.west, &item);
    erased(&pair.west);
    at_the_desk(&pair.west, &item);
}

/// A line of what is right, as the program that learns reads it.
fn exported(node: &Node, item: &str) {
    let lines = node.good(&["extract", "export-corrections"]);
    let all: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(all.len(), 2, "{lines}");
    let line = all.iter().find(|line| line["id"] == item).unwrap();
    assert_eq!((&line["id"], &line["text"]), (&json!(item), &json!(REPORT)));
    assert_eq!(line["gold"]["must"], json!(["PE", "US"]), "{line}");
    for key in ["may", "places", "threat", "stage", "observables", "not_observables"] {
        assert!(line["gold"].get(key).is_some(), "{key}: {line}");
    }
    assert!(line["lang"].is_string() && line["style"] == "corrected");
}

/// What cannot be said is refused with what to do, and changes nothing.
fn refused(node: &Node, item: &str) {
    let try_ = |said: &[&str]| {
        let what = ["item", "correct", item, "--reason", "x", "--as", "ana"];
        node.refused(&[&what[..], said].concat())
    };
    assert!(try_(&["--right", "country:QQ"]).contains("not a country"));
    assert!(try_(&["--wrong", "stage:planned"]).contains("say which one is right"));
    assert!(try_(&["--wrong", "country:US", "--right", "country:US"]).contains("wrong and right"));
    // What was not found cannot be wrong, and what was said is not said again.
    assert!(try_(&["--wrong", "observable:10.9.8.7"]).contains("was not found in the text"));
    assert!(try_(&["--right", "country:US"]).contains("was said of"));
    let said = node.run(&["item", "correct", item, "--reason", "x", "--as", "ana"]).stderr;
    assert!(String::from_utf8(said).unwrap().contains("--right"));
    let mia = ["item", "correct", item, "--reason", "x", "--wrong", "country:US", "--as", "paul"];
    assert!(node.refused(&mia).contains("may not"));
    assert_eq!(node.json(&["item", "corrections"]).len(), 3);
}

fn at_the_desk(node: &Node, item: &str) {
    give_password(node, "ana");
    let mut desk = Desk::sign_in(node, "ana").in_language("en");
    desk.open(&format!("/desk/items/{item}")).says("country:US").says("by correction 1");
    let fields = [("wrong", "observable:c2.quillfeather.example"), ("right", "no such thing")];
    desk.send_for("Put the correction on record", &fields, 422).says("That cannot be found");
    let fields =
        [("wrong", "observable:c2.quillfeather.example"), ("right", ""), ("reason", "ours")];
    desk.send("Put the correction on record", &fields);
    desk.open(&format!("/desk/items/{item}"));
    desk.says("observable:c2.quillfeather.example is wrong");
    desk.in_language("de").open(&format!("/desk/items/{item}")).says("Was gefunden wurde");
}

/// Whatever was said of an item goes with it; that somebody said something stays.
fn erased(node: &Node) {
    let item = taken_in(node, "Nobody threatens anybody at mossgate in Chile.");
    correct(node, &item, &["--right", "target:Brandywhist mill, CL"]);
    until("that it was looked at", || {
        let status = node.get("/api/v1/corrections");
        (status.as_array()?.len() == 4).then_some(())
    });
    node.good(&["user", "add", "vera", "--role", "approver"]);
    let erase = ["record", "erase", &item, "--ground", "order", "--reason", "order 12"];
    node.by("otto", &erase);
    let waiting = node.get("/api/v1/proposals");
    let last = waiting.as_array().unwrap().last().unwrap().clone();
    let digest = last["digest"].as_str().unwrap();
    node.by("vera", &["proposal", "approve", &last["number"].to_string(), "--digest", digest]);
    let all = node.json(&["item", "corrections"]);
    let left = all.iter().find(|one| one["item"] == item.as_str()).unwrap();
    assert_eq!((&left["reason"], &left["by"]), (&json!(""), &json!("ana")), "{left}");
    assert!(left.get("right").is_none(), "{left}");
    until("that no file has its words", || {
        crate::erased::files_with(&node.home(), &["Brandywhist"]).is_empty().then_some(())
    });
    let said = node.refused(&[
        "item",
        "correct",
        &item,
        "--right",
        "country:PE",
        "--reason",
        "x",
        "--as",
        "ana",
    ]);
    assert!(said.contains("there is no item"), "{said}");
    assert_eq!(node.good(&["extract", "export-corrections"]).lines().count(), 2);
}

/// An interest with a threshold is met by whom a report concerns, and not by whom it only names.
#[test]
fn a_threshold_of_concern_is_registered_with_the_partner_and_says_the_score() {
    let pair = Pair::start(PROGRAM);
    country(&pair, "RU", &["--concern", "30"]);
    let known = pair.west.get("/api/v1/interests").to_string();
    assert!(known.contains("\"concern\":30"), "{known}");
    let threatened = pair.west.write(
        "threatened.txt",
        "A cell plans to bomb the Kazan Cathedral in St. Petersburg; the attackers' server is at \
         198.51.100[.]7 and c2[.]example.org.",
    );
    let told = pair.west.good(&["interest", "test", &threatened]);
    assert!(told.contains("concern of RU") && told.contains("and 0.30 is wanted"), "{told}");
    let named =
        pair.west.write("named.txt", "The orchestra of Moscow plays in the park on Sunday.");
    let told = pair.west.good(&["interest", "test", &named, "--near"]);
    assert!(told.contains("concerned by less than 0.30"), "{told}");
    let bad = [
        "interest",
        "add",
        "--partner",
        "west.example",
        "--label",
        "x",
        "--country",
        "RU",
        "--concern",
        "101",
    ];
    assert!(!pair.east.run(&bad).status.success());
}
