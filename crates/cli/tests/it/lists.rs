//! Lists are paged, and one that is cut says so.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, Pair, made};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// Standard output's lines of JSON, and standard error.
fn run(node: &Node, words: &[&str]) -> (Vec<serde_json::Value>, String) {
    let output = node.run(words);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{words:?}: {told}");
    let lines = String::from_utf8(output.stdout).unwrap();
    (lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), told)
}

/// A list of 1,001 items was once one of 1,000, in silence.
#[test]
fn a_list_that_is_cut_says_so_and_goes_on() {
    let node = Node::start_new(PROGRAM, "west.example");
    let objects: Vec<String> = (0..2_005).map(made::indicator).collect();
    let path = node.write("many.json", made::envelope(&objects));
    node.by("ana", &["intake", &path]);
    let (rows, told) = run(&node, &["item", "list", "--json"]);
    assert_eq!(rows.len(), 1_000);
    let after = rows[999]["seq"].to_string();
    assert!(told.contains("there is more: the first 1000 are shown"), "{told}");
    assert!(told.contains(&format!("--after {after}")), "{told}");
    let (rest, told) =
        run(&node, &["item", "list", "--json", "--after", &after, "--limit", "5000"]);
    assert_eq!((rest.len(), told.as_str()), (1_005, ""));
    assert!(rest[0]["seq"].as_i64() > rows[999]["seq"].as_i64());
    let (all, told) = run(&node, &["item", "list", "--json", "--all"]);
    assert_eq!((all.len(), told.as_str()), (2_005, ""));
    assert_eq!(all, [rows, rest].concat());
    let (few, told) = run(&node, &["item", "list", "--json", "--limit", "2005"]);
    assert_eq!((few.len(), told.as_str()), (2_005, ""));
    for none in ["0", "-1", "many"] {
        let refused = node.run(&["item", "list", &format!("--limit={none}")]);
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(told.contains("a whole number from 1") && told.contains("--all"), "{none}: {told}");
        let path = format!("/api/v1/items?limit={none}");
        assert_eq!(node.connect_local().ask("GET", &path, &[], b"").status, 400, "{none}");
    }
    let none = node.connect_local().ask("GET", "/api/v1/items?limit=0", &[], b"");
    assert!(none.text().contains("a whole number from 1"), "{}", none.text());
    // The API says so by a link.
    let answer = node.connect_local().ask("GET", "/api/v1/items?limit=2", &[], b"");
    let link = answer.header("link").unwrap();
    let seq = all[1]["seq"].to_string();
    assert_eq!(link, format!("<?after={seq}&limit=2>; rel=\"next\""));
}

/// Every proposal was once in each answer, and what stands against each was computed anew.
#[test]
fn every_list_of_the_command_line_has_its_pages() {
    let pair = Pair::start(PROGRAM);
    pair.west
        .by("paul", &["partner", "agree", "east.example", "--sentences", "two", "--reason", "x"]);
    for n in 0..3 {
        let case = pair.case(&format!("Report {n}."));
        let words = ["case", "recall", &case, "--reason", "x", "--as", "ana"];
        // A case that was not released cannot be recalled: only the cases count here.
        assert_eq!(pair.west.run(&words).status.code(), Some(1));
    }
    for name in ["vera", "viola", "victor"] {
        pair.west.by("nora", &["user", "add", name, "--role", "approver"]);
    }
    for (words, number, count) in [
        (&["case", "list"][..], "number", 3),
        (&["proposal", "list"], "number", 4),
        (&["item", "list"], "seq", 3),
        (&["channel", "show", "east.example"], "index", 0),
    ] {
        let json = |more: &[&str]| run(&pair.west, &[words, &["--json"], more].concat());
        let (all, told) = json(&["--all"]);
        assert_eq!(told, "", "{words:?}");
        assert!(all.len() >= 2 && (count == 0 || all.len() == count), "{words:?}: {all:?}");
        let (one, told) = json(&["--limit", "1"]);
        assert_eq!(one, all[..1], "{words:?}");
        assert!(told.contains("there is more"), "{words:?}: {told}");
        let after = told.split("--after ").nth(1).unwrap().split(',').next().unwrap();
        let (rest, told) = json(&["--after", after]);
        assert_eq!((&rest[..], told.as_str()), (&all[1..], ""), "{words:?} {number}");
    }
}
