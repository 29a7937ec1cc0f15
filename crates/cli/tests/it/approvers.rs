//! Two approvers, from a marking on.

use forewarn_testkit::desk::{PASSWORD, give_password};
use forewarn_testkit::{Desk, Node, Pair};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const TWO: &str = "[release]\ntwo_approvers = \"amber\"\n";

fn pair() -> Pair {
    let west = Node::start_configured(PROGRAM, "west.example", TWO);
    west.good(&["user", "add", "vera", "--role", "approver"]);
    west.good(&["user", "add", "anton", "--role", "analyst", "--role", "approver"]);
    Pair::of(west, Node::start_new(PROGRAM, "east.example"))
}

fn drafted(pair: &Pair, by: &str, tlp: &str) -> String {
    let case = pair.case("A report.");
    let draft = ["case", "draft", &case, "--title", "x", "--text", "A bombing is planned."];
    let more = ["--valid-until", "2099-01-01T00:00:00Z", "--tlp", tlp];
    pair.west.by(by, &[&draft[..], &more].concat());
    case
}

#[test]
fn from_a_marking_on_a_release_takes_two_beside_who_drafted() {
    let pair = pair();
    let below = drafted(&pair, "ana", "green");
    pair.west.release("otto", &below);
    pair.receipted(&below);

    let case = drafted(&pair, "anton", "amber");
    pair.west.release("otto", &case);
    let shown = pair.west.get(&format!("/api/v1/cases/{case}"));
    assert_eq!(shown["case"]["stage"]["stage"], "drafted");
    let waiting = pair.west.json(&["proposal", "list"]).pop().unwrap();
    assert!(waiting["words"].as_str().unwrap().contains("release the draft of case 2"));
    // Not the same person again, nor whoever wrote it.
    pair.west.release("otto", &case);
    let number = waiting["number"].to_string();
    let digest = waiting["digest"].as_str().unwrap();
    let approve = ["proposal", "approve", &number, "--digest", digest, "--as"];
    let same = pair.west.refused(&[&approve[..], &["otto"]].concat());
    assert!(same.contains("second person"), "{same}");
    let author = pair.west.refused(&[&approve[..], &["anton"]].concat());
    assert!(author.contains("wrote this draft"), "{author}");
    assert_eq!(pair.titles().len(), 1);
    // Whoever releases the same too, approves it.
    pair.west.release("vera", &case);
    pair.receipted(&case);
    let shown = pair.west.good(&["case", "show", &case]);
    assert!(shown.contains("released by otto and vera"), "{shown}");
}

#[test]
fn an_approval_is_of_one_draft_and_of_no_other() {
    let pair = pair();
    let case = drafted(&pair, "ana", "amber");
    pair.west.release("otto", &case);
    let waiting = pair.west.json(&["proposal", "list"]).pop().unwrap();
    pair.west.by("ana", &["case", "update", &case, "--title", "Something else"]);
    let number = waiting["number"].to_string();
    let digest = waiting["digest"].as_str().unwrap();
    let approve = ["proposal", "approve", &number, "--digest", digest, "--as", "vera"];
    let other = pair.west.refused(&approve);
    assert!(other.contains("the draft was changed since you saw it"), "{other}");
    // The new draft begins anew.
    pair.west.release("vera", &case);
    assert_eq!(pair.titles().len(), 0);
    pair.west.release("otto", &case);
    pair.receipted(&case);
}

#[test]
fn at_the_desk_the_second_approver_sees_the_bytes_and_shows_who_it_is() {
    let pair = pair();
    let case = drafted(&pair, "ana", "amber");
    for person in ["otto", "vera"] {
        give_password(&pair.west, person);
    }
    for person in ["otto", "vera"] {
        let mut desk = Desk::sign_in(&pair.west, person);
        desk.open("/desk/proposals");
        if person == "vera" {
            desk.open("/desk/proposals/2").says("release the draft of case 1");
            let answer = desk.ask("GET", "/desk/proposals/2", &[], "");
            assert!(answer.text().contains(&format!("/desk/cases/{case}/release")));
        }
        desk.open(&format!("/desk/cases/{case}/release"));
        desk.says("Exactly this leaves");
        desk.send("Release to east.example", &[("secret", PASSWORD)]);
    }
    pair.receipted(&case);
}
