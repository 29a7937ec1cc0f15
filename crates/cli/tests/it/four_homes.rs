//! A warning's whole life by four people over HTTPS, each from a home of his or her own, signed in there
//! and with nothing of a node but its address: an analyst and a second person on each side.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test helpers fail by panic")]

use forewarn_testkit::{Authority, Node, Pair, fed, until};
use serde_json::Value;
use std::process::{Command, Output};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// Somebody at a machine of his or her own.
struct Person {
    home: TempDir,
}

impl Person {
    /// Comes in by an invitation, and sets a password.
    fn new(node: &Node, name: &str, authority: &Authority) -> Person {
        let person = Person { home: tempfile::tempdir().unwrap() };
        person.keeps("ca.pem", &authority.pem());
        let invited = node.json(&["user", "invite", name]);
        let invitation = invited.first().unwrap()["invitation"].as_str().unwrap().to_owned();
        let typed = format!("{invitation}\n{name} has seven copper fences\n");
        let url = node.secure_url();
        let words = ["login", &url, "--as", name, "--authority", "ca.pem", "--invited"];
        let output = fed(&mut person.program(&words), &typed);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        person
    }

    fn keeps(&self, name: &str, text: &str) {
        std::fs::write(self.home.path().join(name), text).unwrap();
    }

    fn program(&self, words: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(words).env_clear().env("HOME", self.home.path());
        command.current_dir(self.home.path());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.program(words).output().unwrap()
    }

    fn does(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What is refused, in words.
    fn may_not(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!(output.status.code(), Some(1), "{words:?} went well");
        String::from_utf8(output.stderr).unwrap()
    }

    fn sees(&self, words: &[&str]) -> Vec<Value> {
        let lines = self.does(&[words, &["--json"]].concat());
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Approves what waits, as it is read.
    fn approves(&self) {
        let waits = self.sees(&["proposal", "list"]).pop().unwrap();
        let (number, digest) = (waits["number"].to_string(), waits["digest"].as_str().unwrap());
        self.does(&["proposal", "approve", &number, "--digest", digest]);
    }
}

/// Two partners over HTTPS, of which neither has agreed that one person is enough.
fn partners(authority: &Authority) -> Pair {
    let node = |name| Node::start_secure(PROGRAM, name, authority, "");
    let (west, east) = (node("west.example"), node("east.example"));
    for (here, there) in [(&west, &east), (&east, &west)] {
        let card = here.write("partner.card", there.good(&["card"]));
        here.by("paul", &["partner", "add", &card, "--ceiling", "amber"]);
    }
    for (here, there) in [(&west, &east), (&east, &west)] {
        let card = there.json(&["card"]).pop().unwrap();
        let words = card["fingerprint"].as_str().unwrap();
        here.by("paul", &["partner", "confirm", &there.name, "--fingerprint", words]);
    }
    east.good(&["user", "add", "vera", "--role", "approver"]);
    Pair { west, east }
}

#[test]
fn a_warning_lives_its_life_by_four_people_over_https_from_four_homes() {
    let authority = Authority::new();
    let pair = partners(&authority);
    pair.interest("tickets.example");
    let [ana, otto] = ["ana", "otto"].map(|name| Person::new(&pair.west, name, &authority));
    let [dora, vera] = ["dora", "vera"].map(|name| Person::new(&pair.east, name, &authority));

    // West: what came in is found, decided, written and released, each by whom it takes.
    ana.keeps("report.txt", "A report names shop.tickets.example.");
    ana.does(&["intake", "report.txt", "--source", "HERON-7"]);
    until("the case", || ana.sees(&["case", "list"]).pop());
    let parts = ["case", "finding", "1", "--credible", "--specific", "--impending"];
    let because = ["--threat", "destruction", "--target", "a station", "--reason", "a source"];
    ana.does(&[&parts[..], &because].concat());
    otto.does(&["case", "decide", "1", "warn", "--reason", "lives"]);
    let draft = ["case", "draft", "1", "--title", "Planned bombing", "--text", "It is planned."];
    ana.does(&[&draft[..], &["--valid-until", "+48h"]].concat());
    let digest = otto.sees(&["case", "preview", "1"]).pop().unwrap();
    let digest = digest["digest"].as_str().unwrap().to_owned();
    ana.may_not(&["case", "release", "1", "--digest", &digest]);
    otto.does(&["case", "release", "1", "--digest", &digest]);

    // East: it is opened and accepted; what is asked in words takes the second person.
    until("the warning", || dora.sees(&["warning", "list"]).pop());
    dora.does(&["warning", "open", "1"]);
    dora.does(&["warning", "accept", "1"]);
    dora.does(&["warning", "ask", "1", "--text", "At what hour?"]);
    assert!(!ana.does(&["case", "show", "1"]).contains("At what hour?"));
    vera.approves();
    let question = until("the question", || {
        let shown = ana.does(&["case", "show", "1"]);
        let rest = shown.split_once("question at entry ")?.1.to_owned();
        Some(rest.split_once(':')?.0.to_owned())
    });
    let answer = ["case", "answer", "1", "--question", &question, "--text", "In the evening."];
    ana.does(&answer);
    otto.approves();
    until("the answer", || {
        dora.does(&["warning", "show", "1"]).contains("In the evening.").then_some(())
    });

    // What came of it goes back, and the thanks reach the source by its handle.
    dora.does(&["warning", "outcome", "1", "--fact", "detained=2"]);
    dora.does(&["warning", "thank", "1", "--to", "the source", "--text", "Lives were saved."]);
    vera.approves();
    let thanks = until("the thanks", || ana.sees(&["thanks"]).pop());
    assert_eq!(
        (&thanks["source"], &thanks["text"]),
        (&"HERON-7".into(), &"Lives were saved.".into())
    );

    // It is over, and east says that it knows.
    ana.does(&["case", "recall", "1", "--reason", "They were held."]);
    otto.approves();
    until("the recall", || {
        dora.does(&["warning", "show", "1"]).contains("They were held.").then_some(())
    });
    dora.does(&["warning", "answer", "1", "complied"]);
    until("their answer", || ana.does(&["case", "show", "1"]).contains("complied").then_some(()));
    pair.equal();
    let shown = pair.west.get("/api/v1/cases/1").to_string();
    for name in ["ana", "otto"] {
        assert!(shown.contains(&format!("\"actor\":\"user:{name}\"")), "{name}: {shown}");
    }
    for person in [&ana, &otto, &dora, &vera] {
        person.does(&["logout"]);
        assert!(!person.run(&["whoami"]).status.success());
    }
}
