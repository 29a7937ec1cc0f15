//! What is told beside the channel: by telephone while it is down, or in imminent danger.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::desk::{PASSWORD, give_password};
use forewarn_testkit::{Desk, Node, Pair, befriend_up_to, until};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn needs(node: &Node) -> Vec<Value> {
    node.get("/api/v1/needs")["needs"].as_array().cloned().unwrap()
}

fn kinds(node: &Node) -> Vec<String> {
    needs(node).iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

/// A case that was drafted.
fn drafted(pair: &Pair) -> String {
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    case
}

fn tell<'a>(case: &'a str, to: &'a str) -> Vec<&'a str> {
    vec!["case", "tell", case, "--way", "telephone", "--to", to]
}

fn imminent<'a>(case: &'a str, words: &'a str) -> Vec<&'a str> {
    [&tell(case, "duty desk")[..], &["--imminent", "--words", words]].concat()
}

fn refused(node: &Node, person: &str, command: &[&str]) -> String {
    node.refused(&[command, &["--as", person]].concat())
}

#[test]
fn what_was_released_is_read_out_while_the_channel_is_down_and_stands_in_it_when_it_is_back() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    let case = drafted(&pair);
    // Nothing was released that could be read out.
    let early = refused(&pair.west, "ana", &tell(&case, "duty desk"));
    assert!(early.contains("nothing is released yet") && early.contains("--imminent"), "{early}");
    pair.east.kill();
    pair.west.release("otto", &case);
    assert!(
        needs(&pair.west).iter().any(|one| one["kind"] == "undelivered" && one["due"].is_string())
    );
    for (more, why) in [
        (["--at", "2017-01-01T00:00:00Z"], "before"),
        (["--at", "2099-01-01T00:00:00Z"], "is not past"),
        (["--deliverer", ""], "who told it"),
    ] {
        let told = refused(&pair.west, "ana", &[&tell(&case, "duty desk")[..], &more].concat());
        assert!(told.contains(why), "{told}");
    }
    a_letter_on_its_way_stops_no_clock(&pair, &case);
    pair.west.by("ana", &[&tell(&case, "Dora Ek")[..], &["--deliverer", "I. Orlov"]].concat());
    // They know: the clock stands, and it is still said that the channel has not brought it.
    let undelivered = needs(&pair.west);
    let undelivered = undelivered.iter().find(|one| one["kind"] == "undelivered").unwrap();
    assert!(undelivered["due"].is_null(), "{undelivered}");
    let shown = pair.west.good(&["case", "show", &case]);
    assert!(
        shown.contains("told otherwise at") && shown.contains("read out to Dora Ek"),
        "{shown}"
    );

    pair.east.start();
    pair.receipted(&case);
    pair.equal();
    let shown = pair.east.good(&["warning", "show", "1"]);
    assert!(shown.contains("told by telephone") && shown.contains("Dora Ek"), "{shown}");
    // Who telephoned is committed to, and has not crossed.
    let theirs = pair.east.get("/api/v1/warnings/1").to_string();
    assert!(!theirs.contains("Orlov"), "{theirs}");
    let entry = pair.east.get("/api/v1/warnings/1");
    let talk = entry["warning"]["talk"].as_array().unwrap();
    let told = talk.iter().find(|one| one["what"]["what"] == "told").unwrap();
    let entry = told["entry"]["index"].to_string();
    let answer = ["warning", "told", "1", "--entry", &entry];
    let empty = refused(&pair.east, "dora", &[&answer[..], &["no"]].concat());
    assert!(empty.contains("say what is not so"), "{empty}");
    pair.east.by("dora", &[&answer[..], &["yes"]].concat());
    let again = refused(&pair.east, "dora", &[&answer[..], &["yes"]].concat());
    assert!(again.contains("answered already"), "{again}");
    let other = ["warning", "told", "1", "--entry", "0", "yes"];
    assert!(refused(&pair.east, "dora", &other).contains("does not say that anybody"));
    until("the answer", || {
        pair.west.good(&["case", "show", &case]).contains("we were told so").then_some(())
    });
    // A next version has to be brought to them anew.
    pair.west.by("ana", &["case", "update", &case, "--title", "Bombing on Friday"]);
    pair.west.release("otto", &case);
    let told = pair.west.get(&format!("/api/v1/cases/{case}"));
    assert!(told["case"]["told_at"].is_null());
    pair.receipted(&case);
    pair.equal();
    pair.west.stop();
    pair.east.stop();
    crate::replayed::same_again(&pair.west);
    crate::replayed::same_again(&pair.east);
}

/// Nobody has heard it yet.
fn a_letter_on_its_way_stops_no_clock(pair: &Pair, case: &str) {
    let letter = ["case", "tell", case, "--way", "letter", "--to", "Dora Ek"];
    pair.west.by("ana", &letter);
    let undelivered = needs(&pair.west);
    let undelivered = undelivered.iter().find(|one| one["kind"] == "undelivered").unwrap();
    assert!(undelivered["due"].is_string(), "{undelivered}");
}

#[test]
fn what_is_told_in_imminent_danger_is_loud_until_a_second_person_has_decided() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    // The source's handle leaves by telephone as little as by any other way.
    let shut = refused(&pair.west, "ana", &imminent(&case, "HERON-7 says: leave the station."));
    assert!(shut.contains("the gate is shut"), "{shut}");
    assert!(!kinds(&pair.west).contains(&"confirm-told".to_owned()));
    pair.west.by("ana", &imminent(&case, "Leave the station now."));
    let all = needs(&pair.west);
    let need = all.iter().find(|one| one["kind"] == "confirm-told").unwrap();
    assert_eq!(need["urgency"], "immediate");
    assert_eq!(need["not"], json!(["ana"]), "{need}");
    assert!(need["due"].is_string());
    // Whoever may not release is no second person, nor is whoever told it.
    let confirm = ["case", "confirm", &case, "--told", "1"];
    assert!(refused(&pair.west, "dora", &confirm).contains("may not"), "dora");
    pair.west.by("otto", &imminent(&case, "The north hall too."));
    let own = refused(&pair.west, "otto", &["case", "confirm", &case, "--told", "2"]);
    assert!(own.contains("not the second person"), "{own}");
    assert!(
        refused(&pair.west, "otto", &["case", "confirm", &case, "--told", "3"])
            .contains("nothing numbered 3")
    );
    pair.west.by("otto", &confirm);
    assert!(refused(&pair.west, "otto", &confirm).contains("was confirmed by otto"));
    let strike = ["case", "strike", &case, "--told", "2", "--reason", "it was the south hall"];
    let strike = [&strike[..], &["--taken-back", "called again at once"]].concat();
    pair.west.good(&["user", "add", "vera", "--role", "approver"]);
    pair.west.by("vera", &strike);
    assert!(!kinds(&pair.west).contains(&"confirm-told".to_owned()));

    // With the release both stand in the channel: what holds, and what does not.
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.equal();
    let shown = pair.east.good(&["warning", "show", "1"]);
    let lines: Vec<&str> =
        shown.lines().filter(|line| line.contains("told by telephone")).collect();
    assert_eq!(lines.len(), 2, "{shown}");
    assert!(lines[0].contains("confirmed since: “Leave the station now.”"), "{shown}");
    assert!(lines[1].contains("IT DOES NOT HOLD: it was the south hall"), "{shown}");
    assert!(!shown.contains("called again"), "{shown}");
    let ours = pair.west.good(&["case", "show", &case]);
    assert!(ours.contains("STRUCK by vera") && ours.contains("called again at once"), "{ours}");
}

#[test]
fn what_is_withheld_after_it_was_told_does_not_cross_and_who_told_it_is_no_second_person() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    pair.west.good(&["user", "add", "vera", "--role", "approver"]);
    let told = [&imminent(&case, "Ask Anton Velikov.")[..], &["--deliverer", "otto"]].concat();
    pair.west.by("ana", &told);
    let strike = ["case", "strike", &case, "--told", "1", "--reason", "Anton Velikov is in prison"];
    let strike = [&strike[..], &["--taken-back", "called again"]].concat();
    assert!(refused(&pair.west, "otto", &strike).contains("not the second person"));
    pair.west.by("vera", &strike);
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.equal();
    let shown = pair.east.good(&["warning", "show", "1"]);
    assert!(shown.contains("IT DOES NOT HOLD") && !shown.contains("Velikov"), "{shown}");
    let mut pair = pair;
    pair.west.stop();
    crate::replayed::same_again(&pair.west);
}

#[test]
fn red_is_told_to_whom_it_names_and_the_public_only_what_is_clear() {
    let west = Node::start_new(PROGRAM, "west.example");
    let east = Node::start_new(PROGRAM, "east.example");
    befriend_up_to(&west, &east, "red");
    let pair = Pair { west, east };
    let case = pair.case("A report.");
    let draft = ["case", "draft", &case, "--title", "x", "--text", "A bombing is planned."];
    let more = ["--valid-until", "2099-01-01T00:00:00Z", "--tlp", "amber"];
    pair.west.by("ana", &[&draft[..], &more].concat());
    pair.west.release("otto", &case);
    let public = ["case", "tell", &case, "--way", "public-alert", "--to", "the city"];
    let told = refused(&pair.west, "ana", &public);
    assert!(told.contains("a public alert is TLP:CLEAR"), "{told}");
    let ahead = [&public[..], &["--imminent", "--words", "Leave the station."]].concat();
    assert!(refused(&pair.west, "ana", &ahead).contains("takes two persons"));
    pair.west.by("ana", &["case", "update", &case, "--tlp", "clear"]);
    pair.west.release("otto", &case);
    pair.west.by("ana", &public);

    let case = pair.case("Another report.");
    let red = ["case", "draft", &case, "--title", "x", "--text", "A bombing is planned."];
    let more = ["--valid-until", "2099-01-01T00:00:00Z", "--tlp", "red", "--to", "Dora Ek"];
    pair.west.by("ana", &[&red[..], &more].concat());
    pair.west.release("otto", &case);
    let desk = refused(&pair.west, "ana", &tell(&case, "duty desk"));
    assert!(desk.contains("for Dora Ek only"), "{desk}");
    pair.west.by("ana", &tell(&case, "dora  EK"));
}

#[test]
fn at_the_desk_what_is_told_is_typed_first_and_confirmed_by_the_other_person() {
    let pair = Pair::start(PROGRAM);
    let case = drafted(&pair);
    for (node, person) in [(&pair.west, "ana"), (&pair.west, "otto"), (&pair.east, "dora")] {
        give_password(node, person);
    }
    let mut ana = Desk::sign_in(&pair.west, "ana");
    ana.open(&format!("/desk/cases/{case}")).follow("Record that they were told otherwise");
    ana.says("In imminent danger you may telephone first");
    let button = format!("Record it for case {case}");
    let said = |words| [("to", "duty desk"), ("imminent", "yes"), ("words", words)];
    ana.send_for(&button, &said("HERON-7 says: leave the station."), 422);
    ana.says("the gate is shut");
    ana.send(&button, &said("Leave the station now."));
    ana.says("before a second person had agreed: “Leave the station now.”");
    let mut otto = Desk::sign_in(&pair.west, "otto");
    otto.open("/desk/").says("Told in imminent danger, before a second person had agreed");
    otto.follow("Confirm or strike it").says("You are the second person");
    otto.send_for("Decide number 1", &[("verdict", "strike")], 422);
    otto.send("Decide number 1", &[("verdict", "confirm")]);
    otto.says_nothing_of("To be confirmed or struck");

    otto.open(&format!("/desk/cases/{case}/release"));
    otto.send("Release to east.example", &[("secret", PASSWORD)]);
    pair.receipted(&case);
    pair.equal();
    let mut dora = Desk::sign_in(&pair.east, "dora");
    dora.open("/desk/warnings/1");
    dora.send("Open warning 1", &[]);
    dora.says("told by telephone");
    dora.follow("Were you told so?").says("What they say they told us");
    dora.send_for("Tell west.example", &[("so", "no")], 422);
    dora.send("Tell west.example", &[("so", "yes")]);
    dora.says("we were told so").says_nothing_of("Were you told so?");
}
