//! A MISP server as its source has it, and a folder as MISP writes feeds: as far as others talk with
//! it over REST. PHP MISP itself is not run.
//!
//! From `EventsController`, `Event::filterEventIds`, `Event::_edit` and `RestResponseComponent`: events
//! are found by `publish_timestamp` or later, counted before the page is cut (`X-Result-Count`), and
//! errors are `{"name", "message", "url"}`.

#![expect(clippy::indexing_slicing, reason = "what is not there is null, as a server takes it")]

use crate::scripted::{Reply, Request, Scripted};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard};

/// The key that it answers.
pub const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";

/// What it holds.
#[derive(Debug, Default)]
pub struct Held {
    /// Each `{"Event": …}`, in the order of their numbers.
    pub events: Vec<Value>,
    /// Requests that are answered with 429 before it works.
    pub limited: usize,
    /// Most events that it gives at once before it answers 413.
    pub most: Option<usize>,
    /// An error that every write is answered with: status and message.
    pub refuses: Option<(u16, String)>,
}

/// A server that holds events.
pub struct Misp {
    /// Where it listens, and what it was asked.
    pub server: Scripted,
    held: Arc<Mutex<Held>>,
}

impl Misp {
    /// Starts one with these events.
    pub fn start(events: Vec<Value>) -> Misp {
        let held = Arc::new(Mutex::new(Held { events, ..Held::default() }));
        let answering = held.clone();
        let server =
            Scripted::start(move |_, request| answer(&mut answering.lock().unwrap(), request));
        Misp { server, held }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("http://{}/", self.server.address)
    }

    /// What it holds, to look at and to change.
    pub fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap()
    }

    /// The bodies of the requests to a path so far.
    pub fn asked(&self, path: &str) -> Vec<Value> {
        let seen = self.server.seen();
        let to = seen.iter().filter(|one| one.path.starts_with(path));
        to.filter_map(|one| serde_json::from_slice(&one.body).ok()).collect()
    }
}

/// An event with one address and one domain, as a server writes it: numbers in quotes.
pub fn event(n: u32, timestamp: i64, published: i64) -> Value {
    let uuid = |kind: u32| format!("0000{kind:04x}-0000-4000-8000-{n:012x}");
    let attribute = |kind: u32, of: &str, value: String| {
        json!({
            "id": format!("{}", n * 10 + kind), "event_id": n.to_string(), "object_id": "0",
            "object_relation": null, "category": "Network activity", "type": of, "to_ids": true,
            "uuid": uuid(kind), "timestamp": timestamp.to_string(), "distribution": "5",
            "sharing_group_id": "0", "comment": "", "deleted": false,
            "disable_correlation": false, "first_seen": null, "last_seen": null, "value": value,
        })
    };
    let organisation = json!({
        "id": "1", "name": "THERE", "uuid": "55f6ea5e-2c60-40e5-964f-47a8950d210f", "local": true
    });
    json!({ "Event": {
        "id": n.to_string(), "orgc_id": "1", "org_id": "1", "date": "2026-01-01",
        "threat_level_id": "2", "info": format!("event {n}"), "published": true,
        "uuid": uuid(0), "attribute_count": "2", "analysis": "2",
        "timestamp": timestamp.to_string(), "distribution": "3",
        "proposal_email_lock": false, "locked": false,
        "publish_timestamp": published.to_string(), "sharing_group_id": "0",
        "disable_correlation": false, "extends_uuid": "", "protected": null,
        "Org": organisation, "Orgc": organisation,
        "Attribute": [
            attribute(1, "ip-dst", format!("198.51.{}.{}", n / 256, n % 256)),
            attribute(2, "domain", format!("host-{n}.example")),
        ],
        "ShadowAttribute": [], "RelatedEvent": [], "Galaxy": [], "Object": [], "EventReport": [],
        "CryptographicKey": [],
        "Tag": [{ "id": "1", "name": "tlp:green", "colour": "#339900", "local": 0 }],
    } })
}

fn number(value: &Value) -> i64 {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(0)
}

fn said(status: u16, message: &str, path: &str) -> Reply {
    let body = json!({ "name": message, "message": message, "url": path });
    Reply::new(status, body.to_string()).with("content-type", "application/json")
}

fn answer(held: &mut Held, request: &Request) -> Reply {
    let path = request.path.as_str();
    if request.header("authorization") != Some(KEY) {
        let message = "Authentication failed. Please make sure you pass the API key of an API \
                       enabled user along in the Authorization header.";
        return said(403, message, path);
    }
    if held.limited > 0 {
        held.limited -= 1;
        return said(429, "Rate limit exceeded.", path).with("X-Rate-Limit-Reset", "1");
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    if path == "/events/restSearch" {
        return search(held, &body);
    }
    if let Some((status, message)) = &held.refuses {
        return said(*status, message, path);
    }
    let mut parts = path.trim_matches('/').split('/').skip(1);
    match (parts.next(), parts.next()) {
        (Some("add"), None) => add(held, &body),
        (Some("edit"), Some(id)) => edit(held, id, &body),
        (Some("view"), Some(id)) => {
            match held.events.iter().find(|one| one["Event"]["uuid"] == *id) {
                Some(event) => Reply::new(200, event.to_string()),
                None => said(404, "Invalid event", path),
            }
        }
        (Some("unpublish"), Some(id)) => on(held, id, path, |held, at| {
            held.events[at]["Event"]["published"] = false.into();
        }),
        (Some("publish"), Some(id)) => on(held, id, path, |held, at| {
            held.events[at]["Event"]["published"] = true.into();
        }),
        (Some("delete"), Some(id)) => on(held, id, path, |held, at| {
            held.events.remove(at);
        }),
        _ => said(404, "Not found", path),
    }
}

fn on(held: &mut Held, id: &str, path: &str, act: impl FnOnce(&mut Held, usize)) -> Reply {
    let at = held.events.iter().position(|one| one["Event"]["uuid"] == *id);
    let Some(at) = at else { return said(404, "Invalid event", path) };
    act(held, at);
    Reply::new(200, json!({ "saved": true, "success": true, "message": "done" }).to_string())
}

fn search(held: &Held, query: &Value) -> Reply {
    let from = number(&query["publish_timestamp"]);
    let all: Vec<&Value> = held
        .events
        .iter()
        .filter(|one| one["Event"]["published"] == true)
        .filter(|one| number(&one["Event"]["publish_timestamp"]) >= from)
        .collect();
    let limit = usize::try_from(number(&query["limit"])).unwrap_or(0).max(1);
    let page = usize::try_from(number(&query["page"])).unwrap_or(0).max(1);
    let shown: Vec<&Value> = all.iter().skip((page - 1) * limit).take(limit).copied().collect();
    if held.most.is_some_and(|most| shown.len() > most) {
        return said(413, "Too large", "/events/restSearch");
    }
    Reply::new(200, json!({ "response": shown }).to_string())
        .with("content-type", "application/json")
        .with("X-Result-Count", &all.len().to_string())
}

/// One that is there already is not added (`EventsController::add`).
fn add(held: &mut Held, event: &Value) -> Reply {
    let uuid = event["Event"]["uuid"].clone();
    if held.events.iter().any(|one| one["Event"]["uuid"] == uuid) {
        let message = "Event already exists, if you would like to edit it, use the url in the location header.";
        return said(404, message, "/events/add");
    }
    held.events.push(event.clone());
    Reply::new(200, event.to_string())
}

/// One that is not newer than what is there is not taken (`Event::_edit`).
fn edit(held: &mut Held, id: &str, event: &Value) -> Reply {
    let at = held.events.iter().position(|one| one["Event"]["uuid"] == *id);
    let Some(at) = at else { return said(404, "Invalid event", "/events/edit") };
    let of = |event: &Value| number(&event["Event"]["timestamp"]);
    if of(event) <= of(&held.events[at]) {
        let body = json!({
            "saved": false, "name": "Could not edit Event", "message": "Could not edit Event",
            "url": "/events/edit",
            "errors": "Event could not be saved: Event in the request not newer than the local copy.",
        });
        return Reply::new(403, body.to_string());
    }
    held.events[at] = event.clone();
    Reply::new(200, event.to_string())
}
