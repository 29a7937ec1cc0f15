//! What is typed at the desk and not sent is kept: for its writer alone, through a restart, until it is
//! sent, thrown away, or erased.

use forewarn_testkit::desk::{PASSWORD, give_password};
use forewarn_testkit::{Desk, Pair, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const WRITE: &str = "Write the draft of case 1";

/// West has a case that it wants to warn of, and two who may draft.
fn pair() -> Pair {
    let pair = Pair::start(PROGRAM);
    pair.case("A bombing is planned.");
    pair.west.good(&["user", "add", "cleo", "--role", "analyst"]);
    for person in ["ana", "cleo"] {
        give_password(&pair.west, person);
    }
    pair
}

fn drafting(pair: &Pair, person: &str) -> Desk {
    let mut desk = Desk::sign_in(&pair.west, person);
    desk.open("/desk/cases/1/draft");
    desk
}

#[test]
fn what_was_typed_is_there_again_after_a_restart_until_it_is_sent() {
    let mut pair = pair();
    let mut ana = drafting(&pair, "ana");
    ana.says_nothing_of("Throw away");
    let typed = [("title", "Half a ti"), ("text", "They mean <b>Thursday</b>")];
    let kept = ana.keep(WRITE, &typed, "/desk/unsent");
    assert_eq!(kept.status, 200);
    assert!(kept.text().starts_with("Kept here since 20"), "{}", kept.text());
    pair.west.kill();
    pair.west.start();
    ana = Desk::sign_in(&pair.west, "ana");
    ana.says("Begun and not sent").says("Case 1, 20");
    ana.open("/desk/cases/1/draft").says("Kept here since").says("Throw away what was typed");
    assert!(ana.page.contains("value=\"Half a ti\""), "{}", ana.page);
    assert!(ana.page.contains("They mean &#60;b&#62;Thursday"), "{}", ana.page);
    // Another form of the same case is as it was.
    ana.open("/desk/cases/1/finding").says_nothing_of("Kept here since");
    // What was refused is kept too.
    ana.open("/desk/cases/1/draft").send_for(WRITE, &[("title", ""), ("text", "Half")], 422);
    ana.open("/desk/cases/1/draft").says("Half");
    ana.send(WRITE, &[("title", "A title"), ("text", "They mean Thursday")]);
    ana.open("/desk/").says_nothing_of("Begun and not sent");
    ana.open("/desk/cases/1/draft").says_nothing_of("Kept here since");
    ana.keep(WRITE, &[("title", "Another")], "/desk/unsent");
    assert_eq!(ana.keep(WRITE, &[], "/desk/unsent/drop").status, 303);
    ana.open("/desk/cases/1/draft").says_nothing_of("Another");
}

#[test]
fn two_who_write_in_one_form_know_of_each_other_and_read_nothing_of_it() {
    let pair = pair();
    let (mut ana, mut cleo) = (drafting(&pair, "ana"), drafting(&pair, "cleo"));
    ana.keep(WRITE, &[("title", "Quillfeather")], "/desk/unsent");
    let kept = cleo.keep(WRITE, &[("title", "Mine")], "/desk/unsent").text();
    assert!(kept.contains("ana is writing here too, last at 20"), "{kept}");
    cleo.open("/desk/cases/1/draft").says("ana is writing here too");
    cleo.says_nothing_of("Quillfeather");
    ana.open("/desk/cases/1/draft").says("cleo is writing here too").says_nothing_of("Mine");
    ana.open("/desk/cases/1/finding").says_nothing_of("cleo is writing");
}

#[test]
fn nothing_is_kept_of_other_forms_nor_about_what_its_writer_may_not_see() {
    let pair = pair();
    let ana = drafting(&pair, "ana");
    let post = |form: &str| {
        let token = ana.page.split_once("name=\"token\" value=\"").unwrap().1;
        let token = token.split_once('"').unwrap().0;
        ana.post("/desk/unsent", &[("token", token), ("form", form), ("title", "x")]).status
    };
    assert_eq!(post("/desk/cases/1/draft"), 200);
    for form in ["/desk/cases/1/release", "/desk/cases/2/draft", "/desk/warnings/1/say/ask", ""] {
        let status = post(form);
        assert!([403, 404].contains(&status), "{form}: {status}");
    }
    let forged = ana.post("/desk/unsent", &[("token", "x"), ("form", "/desk/cases/1/draft")]);
    assert_eq!(forged.status, 403);
    // Neither a token nor a password is in the file.
    let file = std::fs::read(pair.west.home().join("begun.sqlite")).unwrap();
    let has = |word: &str| file.windows(word.len()).any(|part| part == word.as_bytes());
    assert!(has("title=x") && !has("token="));
}

#[test]
fn a_session_that_ends_under_a_form_loses_nothing_of_it() {
    let pair = pair();
    let mut ana = drafting(&pair, "ana");
    let mut elsewhere = Desk::sign_in(&pair.west, "ana");
    pair.west.good(&["user", "suspend", "ana", "--reason", "a lost machine"]);
    pair.west.good(&["user", "resume", "ana"]);
    ana.send_for(WRITE, &[("title", "Half a title"), ("text", "Thursday & Friday")], 401);
    ana.says("You were signed out").says_nothing_of("name=\"token\"");
    ana.send_for("Sign in", &[("user", "ana"), ("password", "wrong")], 401);
    ana.send("Sign in", &[("user", "ana"), ("password", PASSWORD)]);
    assert_eq!(ana.at, "/desk/cases/1/draft");
    ana.says("Thursday & Friday").says("Kept here since");
    assert!(ana.page.contains("value=\"Half a title\""));
    elsewhere.send_for("Sign out", &[], 401);
}

#[test]
fn what_one_has_typed_comes_to_nobody_else_who_signs_in_on_that_page() {
    let pair = pair();
    let mut ana = drafting(&pair, "ana");
    pair.west.good(&["user", "suspend", "ana", "--reason", "a lost machine"]);
    let mut cleo = Desk::sign_in(&pair.west, "cleo");
    ana.send_for(WRITE, &[("title", "Quillfeather")], 401);
    ana.send("Sign in", &[("user", "cleo"), ("password", PASSWORD)]);
    ana.open("/desk/cases/1/draft").says_nothing_of("Quillfeather");
    cleo.open("/desk").says_nothing_of("Kept here since");
    let file = std::fs::read(pair.west.home().join("begun.sqlite")).unwrap_or_default();
    assert!(!file.windows(12).any(|part| part == b"Quillfeather"));
}

#[test]
fn what_is_erased_is_erased_of_what_was_begun_too() {
    let pair = pair();
    let west = &pair.west;
    west.good(&["user", "add", "vera", "--role", "approver"]);
    west.good(&["user", "add", "andy", "--role", "analyst"]);
    let item = west.json(&["item", "list"]).remove(0)["id"].as_str().unwrap().to_owned();
    west.by("andy", &["case", "open", "--partner", "east.example", "--item", &item]);
    let mut ana = drafting(&pair, "ana");
    ana.open("/desk/cases/2/finding");
    ana.keep("Record the finding for case 2", &[("reason", "Quillfeather")], "/desk/unsent");
    let path = west.home().join("begun.sqlite");
    let is_there = || {
        let file = std::fs::read(&path).unwrap();
        file.windows(12).any(|part| part == b"Quillfeather")
    };
    assert!(is_there());
    west.by("otto", &["case", "not-met", "2", "--reason", "a mistake"]);
    west.by("otto", &["record", "erase", "case-2", "--ground", "order", "--reason", "ordered"]);
    assert!(is_there());
    let proposals = west.get("/api/v1/proposals");
    let proposal = proposals.as_array().unwrap().last().unwrap();
    let digest = proposal["digest"].as_str().unwrap();
    west.by("vera", &["proposal", "approve", &proposal["number"].to_string(), "--digest", digest]);
    until("it is gone", || (!is_there()).then_some(()));
}

/// What nobody could find again is not kept: forms of what nobody asked, or of what cannot be said.
#[test]
fn a_form_of_a_page_that_is_none_is_not_kept() {
    let pair = pair();
    give_password(&pair.west, "otto");
    let ana = drafting(&pair, "ana");
    let token =
        ana.page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let kept = |form: &str| {
        let fields = [("token", token), ("text", "Quillfeather"), ("form", form)];
        ana.post("/desk/unsent", &fields).status
    };
    assert_eq!(kept("/desk/cases/1/draft"), 200);
    for form in [
        "/desk/cases/1/answer/99",
        "/desk/cases/1/permission/1",
        "/desk/warnings/1/say/nonsense",
        "/desk/cases/2/draft",
    ] {
        assert!(kept(form) >= 400, "{form}");
    }
}
