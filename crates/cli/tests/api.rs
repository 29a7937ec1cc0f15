//! The API as programs see it: its description, its events, acts that are sent twice.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, Pair};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn token(node: &Node, person: &str) -> String {
    format!("Bearer {}", node.good(&["token", "add", person]).trim())
}

/// Events as they come, over a connection of their own.
struct Events(BufReader<TcpStream>);

impl Events {
    fn open(node: &Node, token: &str, after: Option<i64>) -> Events {
        let mut stream = TcpStream::connect(&node.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let last = after.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        let head = format!(
            "GET /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: {token}\r\n{last}\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut events = Events(BufReader::new(stream));
        // What is sent at once: from then on nothing is missed.
        while events.line() != "retry: 1000" {}
        events
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.0.read_line(&mut line).unwrap() > 0, "the events have ended");
        line.trim_end().to_owned()
    }

    /// The next one: its id, and what it tells.
    fn next(&mut self) -> (i64, Value) {
        let mut id = 0;
        loop {
            let line = self.line();
            if let Some(number) = line.strip_prefix("id: ") {
                id = number.parse().unwrap();
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return (id, serde_json::from_str(data).unwrap());
            }
        }
    }

    fn until(&mut self, happened: &str) -> (i64, Value) {
        loop {
            let (id, data) = self.next();
            if data.get("happened").and_then(Value::as_str) == Some(happened) {
                return (id, data);
            }
        }
    }
}

#[test]
fn what_changes_is_told_as_it_does_and_nothing_is_missed() {
    let mut pair = Pair::start(PROGRAM);
    let (rita, nora) = (token(&pair.west, "rita"), token(&pair.west, "nora"));
    let mut events = Events::open(&pair.west, &rita, None);
    let mut of_admin = Events::open(&pair.west, &nora, None);
    let case = pair.case("They plan to set fire to the cathedral.");
    let (opened, data) = events.until("case-opened");
    assert_eq!(data, json!({ "about": format!("case-{case}"), "happened": "case-opened" }));
    // What is about accounts is the administrators' alone.
    pair.west.good(&["user", "add", "zoe", "--role", "reader"]);
    of_admin.until("user-set");
    pair.draft(&case, "Fire", "A fire is planned.");
    let (drafted, data) = events.next_about(&case);
    assert!(data.to_string().contains("draft"), "{data}");
    // Whoever comes back with the last id is told what was missed, and that alone.
    let mut again = Events::open(&pair.west, &rita, Some(opened));
    let mut missed = Vec::new();
    while missed.last() != Some(&drafted) {
        let (id, data) = again.next();
        assert_ne!(data.get("happened").unwrap(), "user-set");
        missed.push(id);
    }
    assert!(missed.iter().all(|id| *id > opened));
    // A node that stops does not wait for those who listen.
    let begun = std::time::Instant::now();
    pair.west.stop();
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}

impl Events {
    fn next_about(&mut self, case: &str) -> (i64, Value) {
        loop {
            let (id, data) = self.next();
            let is_draft = data.to_string().contains("draft");
            if data.get("about") == Some(&json!(format!("case-{case}"))) && is_draft {
                return (id, data);
            }
        }
    }
}

#[test]
fn the_api_describes_itself_to_whoever_may_ask() {
    let node = Node::start_new(PROGRAM, "west.example");
    let path = "/api/v1/openapi.json";
    assert_eq!(node.connect().ask("GET", path, &[], b"").status, 401);
    let rita = token(&node, "rita");
    let answer = node.connect().ask("GET", path, &[("authorization", &rita)], b"");
    let document = answer.json();
    assert_eq!(document.get("openapi").unwrap(), "3.1.0");
    let paths = document.get("paths").and_then(Value::as_object).unwrap();
    assert!(paths.len() > 40, "{}", paths.len());
    // Every GET without parameters that it names is there, and answers.
    for (path, operations) in paths {
        if operations.get("get").is_none() || path.contains('{') || path.ends_with("/events") {
            continue;
        }
        let asked = if path.ends_with("/matched") {
            format!("{path}?first=0&last=0")
        } else {
            path.clone()
        };
        let answer = node.connect().ask("GET", &asked, &[("authorization", &rita)], b"");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert!(answer.header("request-id").is_some_and(|id| id.len() == 12), "{path}");
    }
}

#[test]
fn an_act_that_is_sent_twice_with_its_key_is_done_once() {
    let node = Node::start_new(PROGRAM, "west.example");
    let nora = token(&node, "nora");
    let act = |key: &str, name: &str| {
        let act = json!({ "act": { "do": "user-add", "name": name, "roles": ["reader"] } });
        let headers = [("authorization", nora.as_str()), ("idempotency-key", key)];
        node.connect().ask("POST", "/api/v1/acts", &headers, act.to_string().as_bytes()).status
    };
    assert_eq!(act("one", "zoe"), 200);
    assert_eq!(act("one", "zoe"), 200);
    assert_eq!(act("one", "yan"), 422);
    assert_eq!(act("two", "yan"), 200);
    let sql = "SELECT count(*) FROM journal WHERE act LIKE '%user-add%zoe%'";
    let file = rusqlite::Connection::open(node.home().join("forewarn.sqlite")).unwrap();
    let count: i64 = file.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
}

#[test]
fn the_configuration_and_the_shell_are_told_by_the_program() {
    let node = Node::start_new(PROGRAM, "west.example");
    let shown = node.json(&["config", "show"]);
    let of = |key: &str| {
        let found = shown.iter().find(|one| one.get("key").unwrap() == key);
        found.unwrap().get("origin").unwrap().as_str().unwrap().to_owned()
    };
    assert_eq!(of("node.name"), "file");
    assert_eq!(of("quota.open_warnings"), "default");
    assert!(node.good(&["config", "check"]).contains("can be used"));
    node.configure("[limits]\nconnections = 0\n");
    let refused = node.refused(&["config", "check"]);
    assert!(refused.contains("limits.connections must be above 0"), "{refused}");
    for shell in ["bash", "zsh", "fish"] {
        assert!(node.good(&["completions", shell]).contains("evidence"), "{shell}");
    }
    let folder = node.file("man").display().to_string();
    node.good(&["man", &folder]);
    let page = std::fs::read_to_string(node.file("man").join("forewarn-case-release.1")).unwrap();
    assert!(page.contains(".TH forewarn"), "{page}");
}
