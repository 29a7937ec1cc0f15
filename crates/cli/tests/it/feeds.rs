//! Feeds: other people's servers, well and badly behaved, polled and pushed to.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::scripted::{Reply, Request};
use forewarn_testkit::{Node, Scripted, made, until};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const TAXII: &str = "application/taxii+json;version=2.1";
const LAST: &str = "x-taxii-date-added-last";

fn count(node: &Node) -> usize {
    node.json(&["item", "list"]).len()
}

/// Adds a feed that looks again every second.
fn add(node: &Node, name: &str, url: &str, more: &[&str]) {
    let mut words = vec!["feed", "add", url, "--name", name, "--every", "1"];
    words.extend(more);
    node.by("nora", &words);
}

fn feed(node: &Node, name: &str) -> Value {
    let feeds = node.get("/api/v1/feeds");
    let feeds = feeds.as_array().unwrap();
    feeds.iter().find(|feed| feed["name"] == name).unwrap().clone()
}

fn trouble(node: &Node, name: &str, words: &str) {
    until(words, || feed(node, name)["trouble"].as_str()?.contains(words).then_some(()));
}

fn page(numbers: std::ops::Range<u64>, next: Option<&str>) -> Vec<u8> {
    let objects: Vec<String> = numbers.map(made::indicator).collect();
    let next = next.map_or(String::new(), |next| format!("\"more\":true,\"next\":\"{next}\","));
    format!("{{{next}\"objects\":[{}]}}", objects.join(",")).into_bytes()
}

fn url(server: &Scripted) -> String {
    format!("http://{}/root/collections/c/", server.address)
}

#[test]
fn what_a_server_has_is_taken_in_and_what_it_gets_later_too() {
    let there = Node::start_new(PROGRAM, "there.example");
    let here = Node::start_new(PROGRAM, "here.example");
    let auth = there.basic("ana");
    let post = |numbers: std::ops::Range<u64>| {
        let objects: Vec<String> = numbers.map(made::indicator).collect();
        let headers = [("authorization", auth.as_str()), ("content-type", TAXII)];
        let body = made::envelope(&objects);
        let answer = there.connect().ask("POST", &there.collection(), &headers, body.as_bytes());
        assert_eq!(answer.status, 202);
    };
    post(0..1_000);
    post(1_000..2_300);
    let url = format!("http://{}{}", there.address, there.collection().replace("objects/", ""));
    let secret = there.secret_for("rita", &here);
    let more = ["--user", "rita", "--secret-file", &secret, "--source", "THERE", "--grade", "B2"];
    add(&here, "there", &url, &more);
    until("all of it", || (feed(&here, "there")["state"]["good"] == 2_300).then_some(()));
    let first = here.json(&["item", "list"]).remove(0);
    assert_eq!((&first["source"], &first["grade"]), (&json!("THERE"), &json!("B2")));
    post(2_300..2_301);
    until("the new one", || (feed(&here, "there")["state"]["good"] == 2_301).then_some(()));
    let shown = here.good(&["feed", "show", "there"]);
    assert!(shown.contains("taken in  2301") && !shown.contains("trouble"), "{shown}");
    crate::described::answers_are_as_described(&here);
    here.by("nora", &["feed", "remove", "there"]);
    assert!(here.json(&["feed", "list"]).is_empty());
}

#[test]
fn a_feed_goes_on_where_it_was_cut_by_a_kill() {
    let mut here = Node::start_new(PROGRAM, "here.example");
    let server = Scripted::start(|_, request: &Request| {
        let at: u64 = request.parameter("next").and_then(|n| n.parse().ok()).unwrap_or(0);
        if request.parameter("added_after").is_some() {
            return Reply::new(200, "{}");
        }
        let next = (at < 40).then(|| (at + 1).to_string());
        let time = format!("2026-01-01T00:00:{at:02}.000000Z");
        Reply::new(200, page(at * 10..at * 10 + 10, next.as_deref())).with(LAST, &time)
    });
    add(&here, "cut", &url(&server), &[]);
    for moment in 1..=4 {
        until("some pages", || (server.seen().len() > moment * 6).then_some(()));
        here.kill();
        here.start();
    }
    until("all of it", || (feed(&here, "cut")["state"]["good"] == 410).then_some(()));
    // It never began anew: all but a page for each cut were asked for once.
    let asked = server.seen().iter().filter(|one| one.parameter("added_after").is_none()).count();
    assert!(asked <= 41 + 2 * 4, "{asked} requests");
}

#[test]
fn a_server_that_repeats_itself_is_left_alone_and_that_is_said() {
    let here = Node::start_new(PROGRAM, "here.example");
    let server = Scripted::start(|_, _| Reply::new(200, page(0..5, Some("again"))));
    add(&here, "round", &url(&server), &[]);
    trouble(&here, "round", "the same page again and again");
    assert_eq!((count(&here), server.seen().len()), (5, 2));
}

#[test]
fn more_without_a_way_to_it_is_said_and_a_date_is_a_way() {
    let here = Node::start_new(PROGRAM, "here.example");
    let dead = Scripted::start(|_, _| {
        let body = String::from_utf8(page(0..5, None)).unwrap();
        Reply::new(200, body.replacen('{', "{\"more\":true,", 1))
    });
    add(&here, "dead", &url(&dead), &[]);
    trouble(&here, "dead", "neither a `next` nor an X-TAXII-Date-Added-Last");
    let dated = Scripted::start(|_, request| {
        let after = request.parameter("added_after").unwrap_or_default();
        let (range, time, more) = match after {
            "" => (10..15, "2026-01-01T00:00:01.000000Z", true),
            "2026-01-01T00%3A00%3A00.999999Z" => (15..20, "2026-01-01T00:00:02.000000Z", false),
            _ => return Reply::new(200, "{}"),
        };
        let body = String::from_utf8(page(range, None)).unwrap();
        let body = if more { body.replacen('{', "{\"more\":true,", 1) } else { body };
        Reply::new(200, body).with(LAST, time)
    });
    add(&here, "dated", &url(&dated), &["--overlap", "0"]);
    until("both pages", || (feed(&here, "dated")["state"]["good"] == 10).then_some(()));
}

#[test]
fn a_next_that_was_forgotten_begins_the_walk_anew() {
    let here = Node::start_new(PROGRAM, "here.example");
    let server = Scripted::start(|count, request| match (request.parameter("next"), count) {
        (None, _) => Reply::new(200, page(0..5, Some("n"))),
        (Some(_), 1) => Reply::new(404, "{}"),
        (Some(_), _) => Reply::new(200, page(5..10, None)),
    });
    add(&here, "short", &url(&server), &[]);
    until("all of it", || (feed(&here, "short")["state"]["good"] == 10).then_some(()));
}

#[test]
fn a_server_that_forgets_each_next_is_tried_again_once_it_is_mended() {
    let here = Node::start_new(PROGRAM, "here.example");
    let is_mended = Arc::new(AtomicBool::new(false));
    let looks = Arc::clone(&is_mended);
    let server = Scripted::start(move |_, request| {
        match (request.parameter("next"), looks.load(Ordering::SeqCst)) {
            (None, is_mended) => {
                Reply::new(200, page(0..5, Some(if is_mended { "new" } else { "old" })))
            }
            (Some("new"), _) => Reply::new(200, page(5..10, None)),
            (Some(_), _) => Reply::new(404, "{}"),
        }
    });
    add(&here, "forgets", &url(&server), &[]);
    trouble(&here, "forgets", "does not know the `next`");
    is_mended.store(true, Ordering::SeqCst);
    here.by("nora", &["feed", "now", "forgets"]);
    until("all of it", || (feed(&here, "forgets")["state"]["good"] == 10).then_some(()));
}

#[test]
fn a_server_that_asks_to_be_left_alone_is_and_a_redirect_is_not_followed() {
    let here = Node::start_new(PROGRAM, "here.example");
    let busy = Scripted::start(|count, _| match count {
        0 => Reply::new(503, "{}").with("retry-after", "1"),
        _ => Reply::new(200, page(0..5, None)),
    });
    let start = std::time::Instant::now();
    add(&here, "busy", &url(&busy), &[]);
    until("it after the pause", || (feed(&here, "busy")["state"]["good"] == 5).then_some(()));
    assert!(start.elapsed().as_millis() >= 1_000);
    let away = Scripted::start(|_, _| Reply::new(302, "").with("location", "http://127.0.0.1:1/"));
    add(&here, "away", &url(&away), &[]);
    trouble(&here, "away", "give the feed the URL that it really has");
    assert_eq!(away.seen().len(), 1);
}

/// A mark at the beginning of a page once stopped a feed for good.
#[test]
fn pages_of_every_form_are_read() {
    let here = Node::start_new(PROGRAM, "here.example");
    let marked = Scripted::start(|_, _| {
        let good = made::indicator(1);
        Reply::new(200, format!("\u{feff}{{\"objects\":[{good}]}}"))
    });
    add(&here, "marked", &url(&marked), &[]);
    until("one", || (feed(&here, "marked")["state"]["good"] == 1).then_some(()));
    let list = Scripted::start(|_, _| {
        let flawed = made::indicator(2).replace("[\"made\",\"for-tests\"]", "[]");
        Reply::new(200, format!("[{},{flawed}]", made::indicator(3)))
    });
    add(&here, "list", &url(&list), &[]);
    until("two", || (feed(&here, "list")["state"]["good"] == 2).then_some(()));
}

#[test]
fn what_is_broken_in_a_page_is_kept_aside_and_what_is_no_page_is_said() {
    let here = Node::start_new(PROGRAM, "here.example");
    let mixed = Scripted::start(|_, _| {
        let good = made::indicator(1);
        Reply::new(200, format!("{{\"objects\":[{good},{{\"type\":\"indicator\"}},7]}}"))
    });
    add(&here, "mixed", &url(&mixed), &[]);
    until("the good one", || (feed(&here, "mixed")["state"]["good"] == 1).then_some(()));
    assert_eq!(feed(&here, "mixed")["state"]["refused"], 2);
    assert_eq!(here.json(&["quarantine", "list"]).len(), 2);
    let page = Scripted::start(|_, _| Reply::new(200, "<html><title>Welcome</title></html>"));
    add(&here, "page", &url(&page), &[]);
    trouble(&here, "page", "the server answered with a web page, not TAXII: Welcome");
    let other = Scripted::start(|_, _| Reply::new(200, "{\"response\":[]}"));
    add(&here, "other", &url(&other), &[]);
    trouble(&here, "other", "no `objects` list in it, but `response`");
}

#[test]
fn a_feed_asks_as_the_standard_wants_it_with_a_secret_that_is_told_to_nobody_else() {
    let here = Node::start_new(PROGRAM, "here.example");
    let server = Scripted::start(|_, _| Reply::new(401, "{}"));
    let secret = here.secret("locked.secret", "open sesame\n");
    add(&here, "locked", &url(&server), &["--user", "us", "--secret-file", &secret]);
    trouble(&here, "locked", "the server answers 401");
    let asked = server.seen().remove(0);
    assert_eq!(asked.header("accept"), Some(TAXII));
    assert!(asked.header("user-agent").unwrap().starts_with("forewarn/"));
    // us:open sesame
    assert_eq!(asked.header("authorization"), Some("Basic dXM6b3BlbiBzZXNhbWU="));
    assert!(!here.get("/api/v1/feeds").to_string().contains("sesame"));
    for bad in ["http://169.254.169.254/root/collections/c/", "http://a.example/taxii2/"] {
        let words = ["feed", "add", bad, "--name", "x", "--every", "1", "--as", "nora"];
        let output = here.run(&words);
        let refused = output.status.code() == Some(1);
        assert!(
            refused || {
                trouble(&here, "x", "its address may not be called");
                true
            },
            "{bad}"
        );
    }
    assert!(
        here.refused(&["feed", "add", &url(&server), "--name", "y", "--as", "ana"])
            .contains("may not")
    );
}

/// One date of 2199 once froze a feed for good, and nobody was told.
#[test]
fn a_feed_whose_server_dates_things_in_the_future_goes_on() {
    let here = Node::start_new(PROGRAM, "here.example");
    let later = Arc::new(AtomicBool::new(false));
    let more = later.clone();
    let server = Scripted::start(move |_, request: &Request| {
        let time = "2199-01-01T00:00:00.000000Z";
        let ahead = request.parameter("added_after").is_some_and(|after| after > "2100");
        if ahead {
            return Reply::new(200, "{}");
        }
        let end = if more.load(Ordering::Relaxed) { 8 } else { 5 };
        Reply::new(200, page(0..end, None)).with(LAST, time)
    });
    add(&here, "ahead", &url(&server), &[]);
    until("the first", || (feed(&here, "ahead")["state"]["good"] == 5).then_some(()));
    later.store(true, Ordering::Relaxed);
    until("what came later", || (feed(&here, "ahead")["state"]["good"] == 8).then_some(()));
    let after = feed(&here, "ahead")["state"]["after"].as_str().unwrap().to_owned();
    assert!(after.as_str() < "2100", "{after}");
}

#[test]
fn a_feed_that_brings_more_than_its_quota_rests() {
    let few = "[feeds]\nobjects_per_day = 25\n";
    let here = Node::start_configured(PROGRAM, "here.example", few);
    let server = Scripted::start(|_, request: &Request| {
        let at: u64 = request.parameter("next").and_then(|n| n.parse().ok()).unwrap_or(0);
        let next = (at + 1).to_string();
        Reply::new(200, page(at * 10..at * 10 + 10, Some(&next)))
    });
    add(&here, "much", &url(&server), &[]);
    trouble(&here, "much", "more than its quota");
    assert_eq!((feed(&here, "much")["state"]["good"].as_u64(), server.seen().len()), (Some(30), 4));
}

/// One unreadable date once held up a feed for good, although its `next` led on.
#[test]
fn a_feed_goes_on_by_next_whatever_the_dates_say() {
    let here = Node::start_new(PROGRAM, "here.example");
    let first = "x-taxii-date-added-first";
    for (name, dates) in [
        ("none", [None, None]),
        ("words", [Some("yesterday"), Some("soon")]),
        ("day", [Some("2026-02-30T00:00:00Z"), Some("2026-01-01")]),
        ("ahead", [Some("2199-01-01T00:00:00Z"), Some("2199-01-01T00:00:00Z")]),
        ("back", [Some("2026-01-02T00:00:00.000000Z"), Some("1969-01-01T00:00:00.000000Z")]),
        ("offset", [Some("2026-01-01T02:00:01+02:00"), Some("2026-01-01T02:00:02.000000+02:00")]),
    ] {
        let server = Scripted::start(move |_, request: &Request| {
            let (numbers, next, date) = match request.parameter("next") {
                None if request.parameter("added_after").is_some() => return Reply::new(200, "{}"),
                None => (0..2, Some("n1"), dates[0]),
                Some("n1") => (2..4, None, dates[1]),
                Some(_) => return Reply::new(404, "{}"),
            };
            let reply = Reply::new(200, page(numbers, next));
            match date {
                Some(date) => reply.with(first, date).with(LAST, date),
                None => reply,
            }
        });
        add(&here, name, &url(&server), &["--overlap", "0"]);
        until(name, || {
            let shown = feed(&here, name);
            let all = server.seen().iter().any(|one| one.parameter("next") == Some("n1"));
            (all && shown["state"].get("walk").is_none()).then_some(())
        });
        assert_eq!(feed(&here, name)["trouble"], Value::Null, "{name}");
    }
    assert_eq!(count(&here), 4);
    until("the end in UTC", || {
        let after = feed(&here, "offset")["state"]["after"].as_str()?.to_owned();
        (after == "2026-01-01T00:00:02.000000Z").then_some(())
    });
}

/// Each of these URLs was once asked as it stood, and told 404 or nothing.
#[test]
fn the_url_of_a_feed_may_be_the_objects_or_the_api_root() {
    let there = Node::start_new(PROGRAM, "there.example");
    let here = Node::start_new(PROGRAM, "here.example");
    let headers = [("authorization", there.basic("ana")), ("content-type", TAXII.to_owned())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let body = made::envelope(&[made::indicator(1)]);
    let put = there.connect().ask("POST", &there.collection(), &headers, body.as_bytes());
    assert_eq!(put.status, 202);
    let secret = there.secret_for("rita", &here);
    let at = |path: &str| format!("http://{}{path}", there.address);
    let objects = there.collection();
    let collection = objects.trim_end_matches("objects/");
    let urls = [
        at(&objects),
        at(objects.trim_end_matches('/')),
        at(collection),
        at(collection.trim_end_matches('/')),
        at("/taxii2/api/collections/"),
        at("/taxii2/api/"),
        at("/taxii2/api"),
        at("/taxii2/"),
        at("/taxii2"),
        at(""),
    ];
    for (url, name) in urls.iter().zip(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]) {
        add(&here, name, url, &["--user", "rita", "--secret-file", &secret]);
        until(url, || {
            let shown = feed(&here, name);
            assert_eq!(shown["trouble"], Value::Null, "{url}");
            shown["state"].get("after").map(|_| ())
        });
    }
    assert_eq!(count(&here), 1);
    let within = format!("{}indicator--1/", at(&objects));
    let words = ["feed", "add", &within, "--name", "x", "--as", "nora"];
    assert!(here.refused(&words).contains("something within a collection"));
}

#[test]
fn an_api_root_of_several_collections_names_them() {
    let here = Node::start_new(PROGRAM, "here.example");
    let server = Scripted::start(|_, request: &Request| match request.path.as_str() {
        "/root/collections/" => {
            let one = |id: &str, can_read: bool| {
                json!({
                    "id": id, "title": format!("Title {id}"), "can_read": can_read,
                    "can_write": false, "media_types": [],
                })
            };
            let all = json!({ "collections": [one("1", true), one("2", true), one("3", false)] });
            Reply::new(200, all.to_string())
        }
        _ => Reply::new(404, "{}"),
    });
    add(&here, "several", &format!("http://{}/root/", server.address), &[]);
    trouble(&here, "several", "there are 2 collections");
    let words = feed(&here, "several")["trouble"].as_str().unwrap().to_owned();
    assert!(words.contains("/root/collections/2/ (Title 2)"), "{words}");
    assert!(!words.contains("Title 3"), "{words}");
}

/// A server that wants fewer objects at a time was once asked for the same 1,000 for ever.
#[test]
fn a_page_that_is_too_large_is_halved_and_grows_again() {
    let here = Node::start_new(PROGRAM, "here.example");
    let server = Scripted::start(|_, request: &Request| {
        let limit: u64 = request.parameter("limit").and_then(|text| text.parse().ok()).unwrap();
        if limit > 300 {
            return Reply::new(413, "{}");
        }
        Reply::new(200, page(0..5, None))
    });
    add(&here, "large", &url(&server), &[]);
    until("the page", || (feed(&here, "large")["state"]["good"] == 5).then_some(()));
    let limits = || -> Vec<u64> {
        let seen = server.seen();
        seen.iter().filter_map(|one| one.parameter("limit")?.parse().ok()).collect()
    };
    assert!(limits().starts_with(&[1_000, 500, 250]), "{:?}", limits());
    assert!(here.good(&["feed", "show", "large"]).contains("page size"));
    until("it to grow", || limits().contains(&265).then_some(()));
    until("it to be halved again", || limits().contains(&158).then_some(()));
}

/// Begun again without its `next`, a walk once came to the same page for ever.
#[test]
fn a_walk_goes_on_from_where_a_page_was_too_large() {
    let here = Node::start_new(PROGRAM, "here.example");
    let server = Scripted::start(|_, request: &Request| {
        let number = |name: &str| request.parameter(name).and_then(|text| text.parse().ok());
        let (start, limit) = (number("next").unwrap_or(0), number("limit").unwrap());
        // Later pages hold larger objects.
        if limit > 10 || (start >= 10 && limit > 4) {
            return Reply::new(413, "{}");
        }
        let end = (start + limit).min(25);
        let next = end.to_string();
        Reply::new(200, page(start..end, (end < 25).then_some(next.as_str())))
    });
    add(&here, "large", &url(&server), &[]);
    until("all of it", || (feed(&here, "large")["state"]["good"] == 25).then_some(()));
    assert!(server.seen().len() < 60, "{}", server.seen().len());
}

/// Whoever looked could once not tell a feed that waits from one that is dead.
#[test]
fn a_feed_says_when_it_asks_next_and_why_it_waits() {
    let here = Node::start_new(PROGRAM, "here.example");
    let good = Scripted::start(|_, _| Reply::new(200, page(0..5, None)));
    here.by("nora", &["feed", "add", &url(&good), "--name", "good", "--every", "3600"]);
    let away = Scripted::start(|_, _| Reply::new(429, "{}").with("retry-after", "1800"));
    let locked = Scripted::start(|_, _| Reply::new(403, "<html><h1>Not you</h1></html>"));
    let down = Scripted::start(|_, _| Reply::new(500, "{}"));
    for (name, server) in [("away", &away), ("locked", &locked), ("down", &down)] {
        add(&here, name, &url(server), &[]);
    }
    for (name, why, words) in [
        ("good", "regular", "its regular time"),
        ("away", "told-to", "stay away until then"),
        ("locked", "needs-somebody", "somebody has to change something"),
        ("down", "failed", "after a failure"),
    ] {
        until(name, || (feed(&here, name)["waits"] == why).then_some(()));
        let shown = here.good(&["feed", "show", name]);
        assert!(shown.contains("asks next 20") && shown.contains(words), "{shown}");
    }
    trouble(&here, "locked", "the server answers 403 with a web page, not TAXII: Not you");
}
