//! The organisation's own policy for what leaves.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, Pair, until};
use std::path::Path;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

const HOUSE: &str = r#"
@id("no-bots-by-machine")
@words("Addresses with a grade below A go through people.")
forbid (principal, action == Action::"release", resource)
when { resource.standing && resource.kinds.contains("address") }
unless { resource.grades.contains("A1") };

@id("amber-for-approvers-named-otto")
@words("Otto releases what is amber.")
forbid (principal, action in [Action::"release", Action::"tell"], resource)
when { resource.partner == "east.example" && resource.tlpLevel >= 2 }
unless { principal == Person::"otto" };

@id("no-early-recall")
forbid (principal, action == Action::"sentence", resource)
when { resource.says == "recall" && resource.exercise };
"#;

fn policies(folder: &Path, text: &str) -> String {
    let path = folder.join("house.cedar");
    std::fs::write(&path, text).unwrap();
    format!("[policy]\nfiles = [\"{}\"]\n", path.display())
}

#[test]
fn a_policy_shuts_the_gate_and_is_named_before_and_when_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let west = Node::start_configured(PROGRAM, "west.example", &policies(folder.path(), HOUSE));
    west.good(&["user", "add", "vera", "--role", "approver"]);
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    let case = pair.case("A report.");
    let draft = ["case", "draft", &case, "--title", "x", "--text", "A bombing is planned."];
    let more = ["--valid-until", "2099-01-01T00:00:00Z", "--tlp", "amber"];
    pair.west.by("ana", &[&draft[..], &more].concat());
    // The preview says beforehand what the release says, to whoever looks.
    let said = "`amber-for-approvers-named-otto`";
    let preview = pair.west.good(&["case", "preview", &case, "--as", "vera"]);
    assert!(
        preview.contains(said) && preview.contains("Otto releases what is amber."),
        "{preview}"
    );
    let preview = pair.west.good(&["case", "preview", &case, "--as", "otto"]);
    assert!(!preview.contains("policy forbids"), "{preview}");
    let digest = pair.west.json(&["case", "preview", &case, "--as", "otto"])[0]["digest"].clone();
    let digest = digest.as_str().unwrap();
    let release = ["case", "release", &case, "--digest", digest, "--as"];
    let refused = pair.west.refused(&[&release[..], &["vera"]].concat());
    assert!(refused.contains(said), "{refused}");
    let tell = ["case", "tell", &case, "--way", "telephone", "--to", "the duty desk"];
    let tell =
        [&tell[..], &["--imminent", "--words", "A bombing is planned.", "--as", "vera"]].concat();
    let refused = pair.west.refused(&tell);
    assert!(refused.contains(said), "{refused}");
    assert_eq!(pair.titles().len(), 0);
    pair.west.release("otto", &case);
    pair.receipted(&case);
    // A sentence is held to it too.
    let refused =
        pair.west.refused(&["case", "recall", &case, "--reason", "wrong", "--as", "otto"]);
    assert!(refused.contains("`no-early-recall`"), "{refused}");
    let listed = pair.west.good(&["policy", "list", "--as", "ana"]);
    // Nor does a line have the conditions; the name of the file is a random one here.
    let conditions = ["\"A1\"", "grades", "standing"];
    assert!(listed.contains("no-bots-by-machine"), "{listed}");
    assert!(!conditions.iter().any(|word| listed.contains(word)), "{listed}");
}

#[test]
fn a_standing_authorisation_is_held_to_it_and_the_case_says_by_which() {
    let folder = tempfile::tempdir().unwrap();
    let west = Node::start_configured(PROGRAM, "west.example", &policies(folder.path(), HOUSE));
    let pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    pair.authorise("203.0.113.0/24", "20/1h");
    for (name, text, grade) in
        [("a.txt", "203.0.113.7 is a bot.", "B1"), ("b.txt", "203.0.113.8 is a bot.", "A1")]
    {
        let path = pair.west.write(name, text);
        pair.west.by("ana", &["intake", &path, "--source", "sensor-4", "--grade", grade]);
    }
    until("the warning", || {
        (pair.titles() == ["EXERCISE: Under control: 203.0.113.8"]).then_some(())
    });
    let case = pair.west.good(&["case", "show", "1"]);
    assert!(case.contains("`no-bots-by-machine`"), "{case}");
}

#[test]
fn policies_that_cannot_be_used_stop_the_start_and_are_told_by_check() {
    let folder = tempfile::tempdir().unwrap();
    let configured = policies(folder.path(), HOUSE);
    let mut node = Node::start_configured(PROGRAM, "west.example", &configured);
    let good = node.good(&["policy", "check"]);
    assert!(good.contains("3 policies can be used"), "{good}");
    let bad = "@id(\"typo\") forbid(principal, action, resource) when { resource.tpl == \"red\" };";
    policies(folder.path(), bad);
    let refused = node.refused(&["policy", "check"]);
    assert!(refused.contains("house.cedar") && refused.contains("tpl"), "{refused}");
    // Whoever asks whether it would start is told the same.
    let refused = node.refused(&["config", "check"]);
    assert!(refused.contains("house.cedar") && refused.contains("tpl"), "{refused}");
    let doctor = String::from_utf8(node.run(&["doctor"]).stdout).unwrap();
    assert!(doctor.contains("WRONG  configuration: ") && doctor.contains("tpl"), "{doctor}");
    node.stop();
    let ended = node.run(&["serve"]);
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && told.contains("tpl"), "{told}");
}

#[test]
fn cases_are_tried_without_a_node_and_the_deciding_policy_is_named() {
    let node = Node::start_new(PROGRAM, "west.example");
    let house = node.write("house.cedar", HOUSE);
    let cases = r#"
[[case]]
name = "amber by otto"
by = { name = "otto", roles = ["approver"] }
release = { partner = "east.example", tlp = "amber", urgency = "expected" }
expect = "pass"
[[case]]
name = "amber by vera"
by = { name = "vera" }
tell = { partner = "east.example", tlp = "amber", urgency = "expected" }
expect = "forbid"
policy = "amber-for-approvers-named-otto"
"#;
    let path = node.write("cases.toml", cases);
    let said = node.good(&["policy", "test", &path, "--policy", &house]);
    assert!(said.contains("ok     amber by otto: passes"), "{said}");
    assert!(said.contains("is forbidden by amber-for-approvers-named-otto"), "{said}");
    let wrong = cases.replacen("\"pass\"", "\"forbid\"", 1);
    let path = node.write("cases.toml", wrong);
    let said = node.refused(&["policy", "test", &path, "--policy", &house]);
    assert!(said.contains("1 of 2 cases went otherwise than expected"), "{said}");
    let path = node.write("cases.toml", cases.replace("named-otto\"", "named-oto\""));
    let said = node.refused(&["policy", "test", &path, "--policy", &house]);
    assert!(said.contains("no policy has the id `amber-for-approvers-named-oto`"), "{said}");
    let empty = node.write("empty.cedar", "");
    let said = node.refused(&["policy", "test", &path, "--policy", &empty]);
    assert!(said.contains("there is no policy to be tried"), "{said}");
    let said = node.good(&["policy", "check", &empty]);
    assert!(said.contains("no policy is named"), "{said}");
    let said = node.refused(&["policy", "check", "/dev/zero"]);
    assert!(said.contains("it is a device, not a file"), "{said}");
    let path = node.write("cases.toml", cases.replace("tlp = ", "tpl = "));
    let said = node.refused(&["policy", "test", &path, "--policy", &house]);
    assert!(said.contains("tpl"), "{said}");
}
