//! What a message says: a number, a clock and a link for each need. No title, no partner and no
//! text of anything stands in it, whoever reads it on its way.

use forewarn_exchange::need::State;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_exchange::telling::{Delivery, Notice};
use serde_json::{Value, json};

/// What every message says of the node.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    /// The node's name.
    pub(crate) node: String,
    /// Where its people look: the beginning of each link.
    pub(crate) link: String,
}

/// The status, where it is not meant: `EXERCISE `.
fn meant(status: Status) -> &'static str {
    match status {
        Status::Actual => "",
        Status::Exercise => "EXERCISE ",
        Status::Test => "TEST ",
    }
}

/// One need on one line: `IMMEDIATE finding case-3, due 2017-12-15T09:45:00Z`.
fn line(notice: &Notice) -> String {
    let urgency = notice.urgency.map(|urgency| format!("{} ", urgency.to_string().to_uppercase()));
    let state = match notice.state {
        State::Overdue => "OVERDUE ",
        State::Soon | State::Running => "",
    };
    let due = notice.due.as_ref().map(|due| format!(", due {}", second(due.as_str())));
    format!(
        "{}{state}{}{}{}",
        meant(notice.status),
        urgency.unwrap_or_default(),
        notice.name,
        due.unwrap_or_default()
    )
}

/// A time to the second, with its zone.
fn second(time: &str) -> String {
    time.get(..19).map_or_else(|| time.to_owned(), |start| format!("{start}Z"))
}

/// Where a need is looked at.
fn link(sender: &Sender) -> String {
    format!("{}/api/v1/needs?mine=true", sender.link.trim_end_matches('/'))
}

impl Sender {
    /// The message on one line: the subject of a mail, the line of a log.
    pub(crate) fn subject(&self, delivery: &Delivery) -> String {
        let first = delivery.needs.first().map_or_else(|| "a test message".to_owned(), line);
        match delivery.needs.len() {
            0 | 1 => format!("{}: {first}", self.node),
            count => format!("{}: {first}, and {} more", self.node, count - 1),
        }
    }

    /// The message for people.
    pub(crate) fn text(&self, delivery: &Delivery) -> String {
        let mut lines: Vec<String> = delivery.needs.iter().map(line).collect();
        if lines.is_empty() {
            lines.push("This is a test message: nothing is to be done.".to_owned());
        }
        for need in &delivery.needs {
            lines.push(format!("to take it: forewarn take {}", need.name));
        }
        lines.push(link(self));
        lines.join("\r\n")
    }

    /// The message for programs.
    pub(crate) fn json(&self, delivery: &Delivery) -> Value {
        let needs = delivery.needs.iter().map(|one| {
            json!({
                "need": one.name, "kind": one.kind, "status": one.status,
                "urgency": one.urgency, "due": one.due, "state": one.state,
            })
        });
        json!({
            "id": delivery.id, "node": self.node, "person": delivery.person,
            "address": delivery.means.address, "by": delivery.by, "at": delivery.at,
            "needs": needs.collect::<Vec<_>>(), "subject": self.subject(delivery),
            "link": link(self), "test": delivery.needs.is_empty(),
        })
    }

    /// Whether one of the needs is immediate.
    pub(crate) fn is_immediate(delivery: &Delivery) -> bool {
        delivery.needs.iter().any(|one| one.urgency == Some(Urgency::Immediate))
    }
}
