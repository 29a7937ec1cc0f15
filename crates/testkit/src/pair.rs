//! Two nodes that are partners.

use crate::http::Connection;
use crate::{Node, until};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Two partners whose channel is open both ways.
pub struct Pair {
    /// The first node, `west.example`.
    pub west: Node,
    /// The second node, `east.example`.
    pub east: Node,
}

/// Makes two nodes partners: each has the other's card, and the words were read aloud.
pub fn befriend(one: &Node, other: &Node) {
    befriend_up_to(one, other, "amber");
}

/// The same, each letting the other have what is marked up to this.
pub fn befriend_up_to(one: &Node, other: &Node, ceiling: &str) {
    for (here, there) in [(one, other), (other, one)] {
        let card = here.write("partner.card", there.good(&["card"]));
        here.by("paul", &["partner", "add", &card, "--ceiling", ceiling]);
    }
    for (here, there) in [(one, other), (other, one)] {
        let words = there.json(&["card"]);
        let words = words.first().and_then(|card| card.get("fingerprint")?.as_str()).unwrap();
        here.by("paul", &["partner", "confirm", &there.name, "--fingerprint", words]);
        here.agree_on_one(&there.name);
    }
}

impl Pair {
    /// Starts both nodes and makes them partners.
    pub fn start(program: &str) -> Pair {
        let west = Node::start_new(program, "west.example");
        Pair::of(west, Node::start_new(program, "east.example"))
    }

    /// Makes two nodes partners.
    pub fn of(west: Node, east: Node) -> Pair {
        befriend(&west, &east);
        Pair { west, east }
    }

    /// East registers an interest in a domain with west, and west has it.
    pub fn interest(&self, domain: &str) {
        let add = ["interest", "add", "--partner", "west.example", "--label", domain, "--domain"];
        let mut all = add.to_vec();
        all.extend([domain, "--urgency", "immediate"]);
        self.east.by("paul", &all);
        until("the interest", || {
            let known = self.west.get("/api/v1/interests");
            known.to_string().contains(domain).then_some(())
        });
    }

    /// East wants to be warned of a block of addresses, and two persons of west let warnings leave
    /// without a person: of what `sensor-4` reports of it, at most so many.
    pub fn authorise(&self, block: &str, rate: &str) {
        let add = ["interest", "add", "--partner", "west.example", "--label", "our addresses"];
        let clause = ["--block", block, "--urgency", "immediate"];
        self.east.by("paul", &[&add[..], &clause].concat());
        let interest = until("the interest", || {
            let known = self.west.get("/api/v1/interests");
            let rows = known.as_array()?;
            let found = rows.iter().find(|row| row.to_string().contains(block))?;
            Some(found.get("id")?.as_str()?.to_owned())
        });
        let whom = ["authority", "give", "--partner", "east.example", "--interest", &interest];
        let what = ["--kind", "address", "--source", "sensor-4", "--least", "B2", "--tlp", "amber"];
        let finding = ["--threat", "compromise", "--target", "machines of the partner"];
        let why = ["--reason", "they are under somebody else's control"];
        let title = ["--title", "Under control: {observables}"];
        let text = ["--text", "Look at {observables} at once.", "--until", "+30d", "--rate", rate];
        let parts = [&whom[..], &what, &finding, &why, &title, &text];
        self.west.by("ana", &parts.concat());
        self.west.approve("otto");
    }

    /// West opens a case on a text, and decides to warn; its number.
    pub fn case(&self, text: &str) -> String {
        let path = self.west.write("item.txt", text);
        self.west.by("ana", &["intake", &path, "--source", "HERON-7"]);
        let items = self.west.json(&["item", "list"]);
        let item = items.last().and_then(|item| item.get("id")?.as_str()).unwrap();
        let open = ["case", "open", "--partner", "east.example", "--item", item, "--exercise"];
        self.west.by("ana", &open);
        let cases = self.west.get("/api/v1/cases");
        let number = cases.as_array().and_then(|list| list.last()?.get("number")).unwrap();
        let number = number.to_string();
        self.west.decide_to_warn(&number);
        number
    }

    /// West drafts a warning for a case.
    pub fn draft(&self, case: &str, title: &str, text: &str) {
        self.west.draft(case, title, text, "Anton Velikov");
    }

    /// West warns of what a text of its own leads to; the case.
    pub fn released(&self, title: &str) -> String {
        let case = self.case(&format!("A report that leads to {title}."));
        self.draft(&case, title, "A bombing is planned.");
        self.west.release("otto", &case);
        case
    }

    /// West releases a drafted case, over a connection to its own socket; how long it took until
    /// east's receipt was here.
    pub fn release(&self, connection: &mut Connection, case: &str) -> Duration {
        let preview = self.west.get(&format!("/api/v1/cases/{case}/preview"));
        let number: i64 = case.parse().unwrap();
        let act = json!({ "act": { "do": "case-release", "case": number, "digest": preview.get("digest") }});
        let start = Instant::now();
        let headers = [("forewarn-as", "otto")];
        let answer = connection.ask("POST", "/api/v1/acts", &headers, act.to_string().as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
        let path = format!("/api/v1/cases/{case}");
        loop {
            let shown = connection.ask("GET", &path, &[], b"").json();
            if shown.pointer("/delivered/0") == Some(&Value::Bool(true)) {
                return start.elapsed();
            }
            assert!(start.elapsed() < crate::LIMIT, "no receipt came");
            // To ask without a pause would be a load of its own.
            crate::pause(Duration::from_micros(500));
        }
    }

    /// West takes in an item that a standing authorisation covers and that opens the case of this
    /// number; how long it took until east's receipt was here.
    pub fn let_out(&self, connection: &mut Connection, case: u64) -> Duration {
        let body = crate::made::envelope(&[crate::made::indicator(1 << 41 | case)]);
        let path = "/api/v1/intakes?source=sensor-4&grade=A1&format=stix";
        let start = Instant::now();
        let answer = connection.ask("POST", path, &[("forewarn-as", "ana")], body.as_bytes());
        assert!(answer.status < 300, "{}", answer.text());
        let path = format!("/api/v1/cases/{case}");
        loop {
            let shown = connection.ask("GET", &path, &[], b"");
            if shown.status == 200
                && shown.json().pointer("/delivered/0") == Some(&Value::Bool(true))
            {
                return start.elapsed();
            }
            assert!(start.elapsed() < crate::LIMIT, "no receipt came");
            // To ask without a pause would be a load of its own.
            crate::pause(Duration::from_micros(500));
        }
    }

    /// Waits until east's receipt covers the release of a case.
    pub fn receipted(&self, case: &str) {
        until("the receipt", || {
            let shown = self.west.get(&format!("/api/v1/cases/{case}"));
            (shown.pointer("/delivered/0") == Some(&Value::Bool(true))).then_some(())
        });
    }

    /// Titles of the warnings that east holds.
    pub fn titles(&self) -> Vec<String> {
        let warnings = self.east.get("/api/v1/warnings");
        let list = warnings.as_array().cloned().unwrap();
        list.iter().map(|w| w.get("title").and_then(Value::as_str).unwrap().to_owned()).collect()
    }

    /// Both sides say that both logs are equal.
    pub fn equal(&self) {
        for (here, there) in [(&self.west, "east.example"), (&self.east, "west.example")] {
            until("equal logs", || {
                let compared = here.run(&["channel", "reconcile", there]);
                let words = String::from_utf8(compared.stdout).unwrap();
                (words.matches(": equal,").count() == 2).then_some(())
            });
        }
    }
}
