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

    /// Whether the last chunk comes (RFC 9112 §7.1) before another event does.
    fn has_ended(&mut self) -> bool {
        loop {
            let line = self.line();
            if line == "0" || line.starts_with("data: ") {
                return line == "0";
            }
        }
    }

    fn until(&mut self, is: impl Fn(&Value) -> bool) -> (i64, Value) {
        loop {
            let (id, data) = self.next();
            if is(&data) {
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
    // What is about accounts is the administrators' alone.
    pair.west.good(&["user", "add", "zoe", "--role", "reader"]);
    of_admin.until(|data| data["happened"] == "user-set");
    pair.draft(&case, "Fire", "A fire is planned.");
    let about = json!(format!("case-{case}"));
    // It was opened, found, decided on and drafted.
    let told: Vec<(i64, Value)> =
        (0..4).map(|_| events.until(|data| data["about"] == about)).collect();
    let ids: Vec<i64> = told.iter().map(|(id, _)| *id).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    assert_eq!(told[0].1, json!({ "about": about, "happened": "stage-reached" }));
    // Whoever comes back with the last id is told what was missed, and that alone.
    let mut again = Events::open(&pair.west, &rita, Some(ids[0]));
    let mut missed = Vec::new();
    while missed.last() != ids.last() {
        let (id, data) = again.next();
        assert_ne!(data["happened"], "user-set");
        missed.push(id);
    }
    assert_eq!(missed, ids[1..]);
    // To whom nothing is to be told any more, nothing is.
    let mut of_rita = Events::open(&pair.west, &rita, None);
    pair.west.by("nora", &["user", "suspend", "rita", "--reason", "has left"]);
    pair.west.by("ana", &["case", "update", &case, "--text", "A fire is planned for Sunday."]);
    assert!(of_rita.has_ended());
    // A node that stops does not wait for those who listen.
    let begun = std::time::Instant::now();
    pair.west.stop();
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}

#[test]
fn the_api_describes_itself_to_whoever_may_ask() {
    let node = Node::start_new(PROGRAM, "west.example");
    let path = "/api/v1/openapi.json";
    assert_eq!(node.connect().ask("GET", path, &[], b"").status, 401);
    let (rita, nora) = (token(&node, "rita"), token(&node, "nora"));
    let answer = node.connect().ask("GET", path, &[("authorization", &rita)], b"");
    let document = answer.json();
    assert_eq!(document.get("openapi").unwrap(), "3.1.0");
    let paths = document.get("paths").and_then(Value::as_object).unwrap();
    assert!(paths.len() > 40, "{}", paths.len());
    let odd = node.connect().ask(
        "GET",
        "/api/v1/items/%ff%fe/labelled",
        &[("authorization", &rita)],
        b"",
    );
    assert_eq!(odd.json()["code"], "bad-path", "{}", odd.text());
    crate::described::answers_are_as_described(&node);
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
        let who = match operations["get"]["x-permission"].as_str() {
            // No role of theirs has it.
            Some("see-sources") => continue,
            Some("administer") => &nora,
            Some(_) | None => &rita,
        };
        let answer = node.connect().ask("GET", &asked, &[("authorization", who)], b"");
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

#[test]
fn cases_are_listed_by_partner_stage_and_time_page_by_page() {
    let pair = Pair::start(PROGRAM);
    let west = &pair.west;
    west.by("paul", &["partner", "add-without-node", "cert.example", "--organisation", "CERT"]);
    let first = pair.case("A report.");
    let path = west.write("b.txt", "Another report.");
    let taken = west.json(&["intake", &path, "--as", "ana"]).remove(0);
    let item = taken["ids"][0].as_str().unwrap().to_owned();
    for _ in 0..2 {
        let open = ["case", "open", "--partner", "cert.example", "--item", &item];
        west.by("ana", &open);
    }
    let numbers = |narrowed: &[&str]| -> Vec<i64> {
        let all = west.json(&[&["case", "list"][..], narrowed].concat());
        all.iter().map(|one| one["number"].as_i64().unwrap()).collect()
    };
    let first: i64 = first.parse().unwrap();
    assert_eq!(numbers(&["--partner", "east.example"]), [first]);
    assert_eq!(numbers(&["--partner", "cert.example"]).len(), 2);
    assert_eq!(numbers(&["--partner", "cert.example", "--stage", "to-warn"]), [] as [i64; 0]);
    assert_eq!(numbers(&["--stage", "to-warn"]), [first]);
    assert_eq!(numbers(&["--overdue"]), [] as [i64; 0]);
    // The next page is narrowed as the first was.
    let ask = |path: &str| {
        let page = west.connect_local().ask("GET", path, &[], b"");
        let next =
            page.header("link").map(|link| link.split(['?', '>']).nth(1).unwrap().to_owned());
        (page.json()[0]["number"].as_i64().unwrap(), next)
    };
    let (one, next) = ask("/api/v1/cases?partner=cert.example&limit=1");
    let (other, none) = ask(&format!("/api/v1/cases?{}", next.unwrap()));
    assert!(one != other && none.is_none());
    let wrong = west.run(&["case", "list", "--stage", "lost"]);
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(said.contains("is no stage: open, found, to-warn"), "{said}");
}
