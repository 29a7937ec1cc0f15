//! What came from a partner is passed on to a third as its sender permits, and no further.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Node, Pair, befriend, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const TEXT: &str = "Two men drive north.\n\nThey meet at the mill.";

/// West has warned east, which is a partner of north's too.
fn warned() -> (Pair, Node) {
    let pair = Pair::start(PROGRAM);
    let north = Node::start_new(PROGRAM, "north.example");
    befriend(&pair.east, &north);
    let cert = ["partner", "add-without-node", "cert.example", "--organisation", "CERT"];
    pair.east.by("paul", &cert);
    let case = pair.case("A report.");
    let words = ["case", "draft", &case, "--title", "Fire", "--text", TEXT, "--handling", "H2"];
    let rest = ["--observable", "evil.example", "--valid-until", "2099-01-01T00:00:00Z"];
    pair.west.by("ana", &[&words[..], &rest].concat());
    pair.west.release("otto", &case);
    until("the warning", || (pair.titles().len() == 1).then_some(()));
    (pair, north)
}

/// East asks to pass parts on to north; where that stands in east's log.
fn asked(pair: &Pair, parts: &[&str]) -> String {
    let ask = ["warning", "ask-permission", "1", "--to", "north.example", "--reason", "they come"];
    let parts: Vec<&str> = parts.iter().flat_map(|part| ["--part", part]).collect();
    let answer = pair.east.by("dora", &[&ask[..], &parts, &["--json"]].concat());
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let index = answer["entry"]["index"].to_string();
    until("the request", || {
        pair.west.good(&["case", "show", "1"]).contains(&format!("at entry {index}")).then_some(())
    });
    index
}

fn permit<'a>(request: &'a str, parts: &[&'a str], until: &'a str) -> Vec<&'a str> {
    let permit = ["case", "permit", "1", "--request", request, "--to", "north.example"];
    let rest = ["--until", until, "--conditions", "not to the press"];
    let parts = parts.iter().flat_map(|part| ["--part", part]);
    permit.into_iter().chain(rest).chain(parts).collect()
}

fn open(node: &Node, to: &str) -> String {
    let open = ["case", "open", "--partner", to, "--item", "warning-1", "--as", "ana"];
    node.refused(&open)
}

fn drafts(node: &Node, text: &str) -> [String; 2] {
    let words = ["case", "draft", "1", "--title", "Arson", "--text", text, "--as", "ana"];
    let rest = ["--valid-until", "2098-01-01T00:00:00Z"];
    let output = node.run(&[&words[..], &rest].concat());
    [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Thanks goes back the same way, from each to whom it was warned by, and no further by itself.
fn thanks_goes_back(Pair { west, east }: &Pair, north: &Node) {
    north.agree_on_one("east.example");
    east.agree_on_one("west.example");
    north.by("dora", &["warning", "open", "1"]);
    north.by("dora", &["warning", "accept", "1"]);
    north.by("dora", &["warning", "thank", "1", "--text", "Nobody was hurt."]);
    until("the thanks for what east passed on", || {
        let thanks = east.json(&["thanks"]);
        thanks.iter().any(|one| one["source"] == "warning-1").then_some(())
    });
    let named = ["warning", "thank", "1", "--text", "north.example thanks you.", "--as", "dora"];
    assert!(east.refused(&named).contains("the partner's name"));
    east.by("dora", &["warning", "thank", "1", "--text", "It has helped others."]);
    until("the thanks for the source", || {
        let thanks = west.json(&["thanks"]);
        thanks.iter().any(|one| one["source"] == "HERON-7").then_some(())
    });
    assert!(!west.good(&["thanks"]).contains("north"));
}

#[test]
fn what_came_is_passed_on_to_whom_its_sender_permits_and_says_no_more() {
    let (pair, north) = warned();
    let Pair { west, east } = &pair;
    // Silence grants nothing.
    let told = open(east, "north.example");
    assert!(told.contains("its sender has not permitted it"), "{told}");
    let none = ["warning", "ask-permission", "1", "--to", "north.example", "--reason", "x"];
    let told = east.refused(&[&none[..], &["--part", "paragraph-9", "--as", "dora"]].concat());
    assert!(told.contains("paragraph-9"), "{told}");

    // Asked and denied: it stands on both sides, with its clock.
    let first = asked(&pair, &["whole"]);
    let needs = west.get("/api/v1/needs").to_string();
    assert!(needs.contains("permission case-1"), "{needs}");
    assert!(open(east, "north.example").contains("has not answered yet"));
    let deny = ["case", "deny", "1", "--request", &first, "--reason", "the source is in danger"];
    west.by("otto", &deny);
    assert!(!west.get("/api/v1/needs").to_string().contains("permission case-1"));
    until("the denial", || {
        open(east, "north.example").contains("denied it: the source is in danger").then_some(())
    });

    // Asked for less, and granted: no more than was asked, and only by who may.
    let second = asked(&pair, &["title", "paragraph-1"]);
    let told =
        west.refused(&[&permit(&second, &["paragraph-2"], "+2d")[..], &["--as", "otto"]].concat());
    assert!(told.contains("paragraph-2 was not asked for"), "{told}");
    let by_rita = [&permit(&second, &["title"], "+2d")[..], &["--as", "rita"]].concat();
    assert!(west.refused(&by_rita).contains("may not"));
    west.by("otto", &permit(&second, &["title", "paragraph-1"], "+2d"));
    until("the permission", || {
        let shown = east.good(&["warning", "show", "1", "--as", "dora"]);
        shown.contains("may be passed on to north.example").then_some(())
    });
    assert!(open(east, "cert.example").contains("has not permitted it"));
    east.by("ana", &["case", "open", "--partner", "north.example", "--item", "warning-1"]);
    east.decide_to_warn("1");

    // What leaves says granted parts and no others, and does not name who said it.
    for (text, part) in [
        ("They meet  at the Mill.", "paragraph-2"),
        ("Two men drive north. Block evil.example.", "this says"),
    ] {
        let [_, told] = drafts(east, text);
        assert!(told.contains(part) && told.contains("has not permitted"), "{text}: {told}");
    }
    drafts(east, "As west.example says: two men drive north.");
    assert_eq!(east.get("/api/v1/cases/1/preview")["passes"], false);
    let [done, told] = drafts(east, "Two men drive north.");
    assert!(told.is_empty(), "{done}{told}");
    let preview = east.good(&["case", "preview", "1"]);
    assert!(preview.contains("as west.example permits") && preview.contains("not to the press"));
    east.release("otto", "1");
    until("north's warning", || {
        let list = north.get("/api/v1/warnings").to_string();
        list.contains("Arson").then_some(())
    });

    thanks_goes_back(&pair, &north);

    // Whoever was told learns that it was taken back.
    west.by("otto", &["case", "recall", "1", "--reason", "the source was mistaken"]);
    until("the recall to be passed on", || {
        east.get("/api/v1/needs").to_string().contains("review case-1").then_some(())
    });
    let keep = ["case", "keep", "1", "--reason", "it may be true", "--as", "otto"];
    assert!(east.refused(&keep).contains("does not stand"));
    let [_, told] = drafts(east, "Two men drive north, still.");
    assert!(told.contains("has taken it back"), "{told}");
    east.by("otto", &["case", "recall", "1", "--reason", "it was a mistake"]);
    until("north to know", || {
        north.good(&["warning", "show", "1"]).contains("it was a mistake").then_some(())
    });
    crate::described::answers_are_as_described(east);
}

#[test]
fn a_permission_ends_and_nothing_is_passed_on_by_it_any_more() {
    let (pair, _north) = warned();
    let request = asked(&pair, &["paragraph-1"]);
    pair.west.by("otto", &permit(&request, &["paragraph-1"], "+15s"));
    until("the permission", || {
        let shown = pair.east.good(&["warning", "show", "1", "--as", "dora"]);
        shown.contains("may be passed on to north.example").then_some(())
    });
    let open_it = ["case", "open", "--partner", "north.example", "--item", "warning-1"];
    pair.east.by("ana", &open_it);
    pair.east.decide_to_warn("1");
    let [done, told] = drafts(&pair.east, "Two men drive north.");
    assert!(told.is_empty(), "{done}{told}");
    until("the end of the permission", || {
        let preview = pair.east.get("/api/v1/cases/1/preview");
        (preview["passes"] == false).then_some(())
    });
    let told = pair.east.release_refused("otto", "1");
    assert!(told.contains("permission has ended"), "{told}");
}

/// Asked on the command line, permitted in part at the desk.
#[test]
fn what_may_be_passed_on_is_ticked_at_the_desk() {
    let (pair, _north) = warned();
    let index = asked(&pair, &["title", "paragraph-2"]);
    give_password(&pair.west, "otto");
    let mut otto = Desk::sign_in(&pair.west, "otto");
    otto.wait_for("/desk/", "Permit or deny, case 1");
    otto.follow("Permit or deny, case 1").says("they come").says("north.example");
    let button = "Answer east.example";
    // Neither a grant to nobody nor a denial without a reason.
    otto.send_for(button, &[("parts", "title")], 422).says("Choose one");
    otto.send_for(button, &[("parts", "")], 422).says("Say something here");
    let granted = [("parts", "title"), ("recipients", "north.example")];
    let more = [("conditions", "not to the press"), ("reason", "the rest names a source")];
    otto.send(button, &[&granted[..], &more].concat());
    if let Some(proposal) = otto.at.strip_prefix("/desk/proposals/") {
        let digest = pair.west.get(&format!("/api/v1/proposals/{proposal}"))["digest"].clone();
        let approve = ["proposal", "approve", proposal, "--digest", digest.as_str().unwrap()];
        pair.west.by("dora", &approve);
    }
    until("the permission", || {
        pair.east.good(&["warning", "show", "1"]).contains("not to the press").then_some(())
    });
    assert!(pair.west.good(&["case", "show", "1"]).contains("the rest names a source"));
    otto.open("/desk/").says_nothing_of("Permit or deny");
    let none = otto.ask("GET", &format!("/desk/cases/1/permission/{index}9"), &[], "");
    assert_eq!(none.status, 404);
}
