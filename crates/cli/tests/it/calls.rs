//! Calls that were once understood wrongly, or not at all: words of the command line.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, Pair};
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// Runs the program with no variables but these.
fn run(variables: &[(&str, &str)], words: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    for name in ["FOREWARN_HOME", "FOREWARN_USER", "FOREWARN_URL", "FOREWARN_TOKEN"] {
        command.env_remove(name);
    }
    let variables = variables.iter().copied();
    command.args(words).envs(variables).current_dir(std::env::temp_dir()).output().unwrap()
}

fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_command_line_beats_the_environment_and_a_token_is_no_place_for_a_name() {
    let west = Node::start_new(PROGRAM, "west.example");
    let east = Node::start_new(PROGRAM, "east.example");
    let home = west.home().display().to_string();
    let (url, token) = (format!("http://{}", east.address), east.good(&["token", "add", "ana"]));
    let token = token.trim();
    let elsewhere = [("FOREWARN_URL", url.as_str()), ("FOREWARN_TOKEN", token)];
    // What is set leads to east; the command line names west.
    let words = ["card", "--json", "--home", &home];
    let card = run(&elsewhere, &words);
    assert!(String::from_utf8(card.stdout).unwrap().contains("west.example"));
    let card = run(&elsewhere, &["card", "--json"]);
    assert!(String::from_utf8(card.stdout).unwrap().contains("east.example"));
    for (variables, words) in [
        (&elsewhere[..], &["case", "list", "--as", "otto"][..]),
        (&[], &["case", "list", "--url", &url, "--token", token, "--as", "otto"]),
        (&[("FOREWARN_USER", "otto")], &["case", "list", "--url", &url, "--token", token]),
    ] {
        let refused = run(variables, words);
        assert_eq!(refused.status.code(), Some(2), "{words:?}");
        assert!(error(&refused).contains("a token says who acts"), "{}", error(&refused));
    }
    // Nor does the node pass over such a name.
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("forewarn-as", "otto")];
    let answer = east.connect().ask("GET", "/api/v1/cases", &headers, b"");
    assert_eq!(answer.status, 400, "{}", answer.text());
}

/// Whoever added a card was shown the words that `confirm` asks for, and could copy them.
#[test]
fn the_words_that_confirm_a_partner_come_from_the_partner() {
    let west = Node::start_new(PROGRAM, "west.example");
    let east = Node::start_new(PROGRAM, "east.example");
    let card = west.file("east.card").display().to_string();
    east.good(&["card", "-o", &card]);
    let shown = east.json(&["card"]);
    let words = shown.first().and_then(|card| card.get("fingerprint")?.as_str()).unwrap();
    let told = west.by("paul", &["partner", "add", &card]);
    assert!(told.contains("the words that you heard") && !told.contains(words), "{told}");
    for command in [
        &["partner", "show", "east.example"][..],
        &["partner", "show", "east.example", "--json"],
        &["partner", "list", "--json"],
        &["partner", "add", &card, "--as", "paul", "--json"],
    ] {
        let output = west.run(command);
        let all = [output.stdout, output.stderr].concat();
        assert!(!String::from_utf8(all).unwrap().contains(words), "{command:?}");
    }
    west.by("paul", &["partner", "confirm", "east.example", "--fingerprint", words]);
    assert!(west.good(&["partner", "show", "east.example"]).contains(words));
}

#[test]
fn a_draft_takes_every_kind_of_observable_and_a_time_from_now() {
    let pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    let sha = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let draft = ["case", "draft", &case, "--title", "T", "--text", "Watch for these."];
    let observables = ["--observable", sha, "--observable", "mule@mail.example"];
    let more = ["--observable", "CVE-2021-44228", "--valid-until", "+48h"];
    pair.west.by("ana", &[&draft[..], &observables, &more].concat());
    let preview = pair.west.good(&["case", "preview", &case]);
    for part in [sha, "email-addr:value", "\"vulnerability\"", "CVE-2021-44228"] {
        assert!(preview.contains(part), "{part}: {preview}");
    }
    pair.west.release("otto", &case);
    pair.receipted(&case);
    let wrong = ["--observable", "a van", "--valid-until", "2099-01-01T02:00:00+02:00"];
    let wrong = [&draft[..], &wrong, &["--as", "ana"]].concat();
    assert!(pair.west.refused(&wrong).contains("hash of a file"));
}
