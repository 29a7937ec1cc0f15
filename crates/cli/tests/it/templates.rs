//! Texts of the organisation's own to begin drafts with.

use forewarn_testkit::Pair;
use forewarn_testkit::desk::{Desk, give_password};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn with_templates() -> (Pair, String) {
    let pair = Pair::start(PROGRAM);
    let west = &pair.west;
    let text = west.write("text.txt", "An attack on {target} is planned for {day}. Ask {desk}.\n");
    let add = ["template", "add", "--title", "Attack on {target}", "--text-file", &text];
    for more in [
        &["bombing", "--threat", "destruction"][..],
        &["killing", "--threat", "killing"],
        &["bombing-east", "--threat", "destruction", "--partner", "east.example"],
        &["anything", "--language", "de"],
    ] {
        west.by("ana", &[&add[..], more].concat());
    }
    let case = pair.case("A report.");
    (pair, case)
}

#[test]
fn a_draft_begins_with_a_template_and_what_is_filled_in_goes_through_the_gate() {
    let (pair, case) = with_templates();
    let west = &pair.west;
    crate::described::answers_are_as_described(west);
    let offered = west.by("ana", &["template", "list", "--case", &case]);
    assert!(offered.contains("bombing") && offered.contains("anything"), "{offered}");
    assert!(offered.contains("bombing-east") && !offered.contains("killing"), "{offered}");
    let nobody = ["template", "add", "x", "--title", "x", "--partner", "north.example"];
    let path = west.write("x.txt", "x");
    let nobody = [&nobody[..], &["--text-file", &path, "--as", "ana"]].concat();
    assert!(west.refused(&nobody).contains("north.example"));
    let draft = ["case", "draft", &case, "--template", "bombing", "--as", "ana"];
    let more = ["--valid-until", "2099-01-01T00:00:00Z", "--withhold", "Anton Velikov"];
    let fill = |day: &'static str| {
        let all = ["--fill", "target=a cathedral", "--fill", "desk=the desk", "--fill", day];
        [&draft[..], &more, &all].concat()
    };
    let missing = west.refused(&[&draft[..], &more, &["--fill", "target=x"]].concat());
    assert!(missing.contains("nothing for day, desk"), "{missing}");
    assert!(west.refused(&fill("hour=x")).contains("day"));
    // What stands in a place is words like any other.
    west.good(&fill("day=Saturday, says Velikov"));
    assert!(west.release_refused("otto", &case).contains("Velikov"));
    west.good(&fill("day=Saturday"));
    let preview = west.good(&["case", "preview", &case]);
    assert!(
        preview.contains("An attack on a cathedral is planned for Saturday. Ask the desk."),
        "{preview}"
    );
    west.release("otto", &case);
    pair.receipted(&case);
    assert_eq!(pair.titles(), ["EXERCISE: Attack on a cathedral"]);
    // A place that was left as it is does not get into a draft.
    let left = ["case", "update", &case, "--text", "On {day}.", "--as", "ana"];
    assert!(west.refused(&left).contains("{day} is a place of a template"));
    assert!(west.refused(&["template", "remove", "bombing", "--as", "paul"]).contains("may not"));
    west.by("otto", &["template", "remove", "bombing"]);
    assert!(west.refused(&["template", "show", "bombing"]).contains("no template"));
}

#[test]
fn the_desk_offers_templates_beside_the_draft() {
    let (pair, case) = with_templates();
    give_password(&pair.west, "ana");
    let mut ana = Desk::sign_in(&pair.west, "ana");
    ana.open("/desk/templates").says("bombing-east").says("An attack on {target}");
    let typed = [("name", "fire"), ("language", "en"), ("title", "Fire"), ("text", "At {place}.")];
    ana.send("Write a template", &typed).says("At {place}.");
    ana.send("Remove a template", &[("name", "fire")]).says_nothing_of("At {place}.");
    ana.open(&format!("/desk/cases/{case}/draft")).says("bombing-east").says_nothing_of("killing");
    // What the template says stands in the form, and is not sent as it is.
    ana.open(&format!("/desk/cases/{case}/draft?template=bombing"));
    let button = format!("Write the draft of case {case}");
    ana.send_for(&button, &[], 422).says("{target} is a place of a template");
    let typed = [("title", "Attack"), ("text", "An attack is planned.")];
    ana.send(&button, &typed);
}
