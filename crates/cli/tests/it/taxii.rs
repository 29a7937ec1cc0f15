//! TAXII 2.1 by its clauses, against the real program (`docs/conformance.md` says which is where).

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::http::Answer;
use forewarn_testkit::{Node, made, until};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const TAXII: &str = "application/taxii+json;version=2.1";
const GONE: &str = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

/// Collections with readers and writers of their own, beside the inbox.
const CONFIG: &str = "
[taxii]
title = \"The desk\"
description = \"What comes in\"
contact = \"desk@west.example\"
max_content_length = 1048576

[[collection]]
id = \"472c94ae-3113-4e3e-a4dd-a9f4ac7471d4\"
alias = \"named\"
title = \"For two\"
marking = \"amber\"
accepts = [\"indicator\"]
readers = [\"rita\"]
writers = [\"sven\"]

[[collection]]
id = \"365fed99-08fa-4fcd-a1b3-fb247eb41d01\"
alias = \"nobody\"
title = \"For nobody\"
readers = []
writers = []
";

struct Server {
    node: Node,
    tokens: BTreeMap<&'static str, String>,
}

impl Server {
    fn start(config: &str) -> Server {
        let node = Node::start_configured(PROGRAM, "west.example", config);
        node.good(&["user", "add", "sven", "--role", "service"]);
        let tokens = ["ana", "rita", "sven", "nora"].map(|name| (name, node.basic(name)));
        Server { tokens: tokens.into_iter().collect(), node }
    }

    fn ask(
        &self,
        who: &str,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut headers = vec![("accept", TAXII), ("content-type", TAXII)];
        headers.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        headers.extend(more.iter().filter(|(_, value)| !value.is_empty()));
        if let Some(token) = self.tokens.get(who) {
            headers.push(("authorization", token));
        }
        self.node.connect().ask(method, path, &headers, body)
    }

    fn get(&self, who: &str, path: &str) -> Answer {
        self.ask(who, "GET", path, &[], b"")
    }

    fn post(&self, who: &str, collection: &str, objects: &[String]) -> Answer {
        let path = format!("/taxii2/api/collections/{collection}/objects/");
        self.ask(who, "POST", &path, &[], made::envelope(objects).as_bytes())
    }
}

/// An indicator in a version of its own.
fn version(number: u64, modified: &str) -> String {
    made::indicator(number).replace(
        "\"modified\":\"2024-01-26T21:28:21.013Z\"",
        &format!("\"modified\":\"{modified}\""),
    )
}

fn id(number: u64) -> String {
    format!("indicator--00000000-0000-4000-8000-{number:012x}")
}

fn ids(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let objects = body["objects"].as_array().cloned().unwrap_or_default();
    objects.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_endpoint_answers_by_its_table() {
    let server = Server::start(CONFIG);
    let posted = server.post("ana", "inbox", &[made::indicator(1), made::indicator(2)]);
    let status = posted.json()["id"].as_str().unwrap().to_owned();
    let (inbox, one) = ("/taxii2/api/collections/inbox", id(1));
    // Path; what else than 401 and 406 it may be answered with.
    let table: Vec<(&str, String, Vec<u16>)> = vec![
        ("GET", "/taxii2/".into(), vec![]),
        ("GET", "/taxii2/api/".into(), vec![]),
        ("GET", format!("/taxii2/api/status/{status}/"), vec![404]),
        ("GET", "/taxii2/api/collections/".into(), vec![]),
        ("GET", format!("{inbox}/"), vec![404]),
        ("GET", format!("{inbox}/manifest/"), vec![400, 403, 404]),
        ("GET", format!("{inbox}/objects/"), vec![400, 403, 404]),
        ("GET", format!("{inbox}/objects/{one}/"), vec![400, 403, 404]),
        ("GET", format!("{inbox}/objects/{one}/versions/"), vec![400, 403, 404]),
        ("POST", format!("{inbox}/objects/"), vec![403, 404]),
        ("DELETE", format!("{inbox}/objects/{one}/"), vec![400, 403, 404]),
    ];
    for (method, path, others) in &table {
        let body =
            if *method == "POST" { made::envelope(&[made::indicator(1)]) } else { String::new() };
        let ask = |who: &str, path: &str, more: &[(&str, &str)]| {
            server.ask(who, method, path, more, body.as_bytes())
        };
        let wrong = |answer: Answer, status: u16, what: &str| {
            let place = format!("{method} {path}: {what}: {}", answer.text());
            assert_eq!(answer.status, status, "{place}");
            assert_eq!(answer.header("content-type"), Some(TAXII), "{place}");
            let error = answer.json();
            assert!(error["title"].is_string() && error["description"].is_string(), "{place}");
            assert_eq!(error["http_status"], status.to_string(), "{place}");
        };
        let nobody = ask("nobody", path, &[]);
        assert!(nobody.header("www-authenticate").unwrap().starts_with("Basic "));
        wrong(nobody, 401, "nobody");
        wrong(ask("ana", path, &[("accept", "text/html")]), 406, "another type");
        wrong(ask("ana", path, &[("accept", "application/taxii+json;version=2.0")]), 406, "2.0");
        for accept in ["application/taxii+json", "application/taxii+json; version=2.1", "*/*", ""] {
            assert_ne!(ask("rita", path, &[("accept", accept)]).status, 406, "{path} {accept}");
        }
        for status in others {
            match (status, *method) {
                (400, _) => {
                    let bad = format!("{path}?match[version]=yesterday");
                    wrong(ask("ana", &bad, &[]), 400, "a malformed parameter");
                }
                // A feed's account may not read, a reader's not write, and neither may delete.
                (403, "GET") => wrong(ask("sven", path, &[]), 403, "not permitted"),
                (403, _) => {
                    wrong(ask("rita", path, &[]), 403, "not permitted");
                    if *method == "DELETE" {
                        wrong(ask("sven", path, &[]), 403, "not permitted");
                    }
                }
                (404, _) => {
                    let none = path.replace("/inbox/", "/none/").replace(&status_of(path), GONE);
                    wrong(ask("ana", &none, &[]), 404, "not there");
                    let hidden = path.replace("/inbox/", "/nobody/");
                    if hidden != *path {
                        wrong(ask("ana", &hidden, &[]), 404, "hidden");
                    }
                }
                _ => {}
            }
        }
        let good = ask("ana", path, &[]);
        let wanted = if *method == "POST" { 202 } else { 200 };
        assert_eq!((good.status, good.header("content-type")), (wanted, Some(TAXII)), "{path}");
        let dated = path.contains("/manifest/") || (path.contains("/objects/") && *method == "GET");
        for name in ["x-taxii-date-added-first", "x-taxii-date-added-last"] {
            let date = good.header(name);
            assert_eq!(date.is_some(), dated, "{path} {name}");
            assert!(date.is_none_or(|date| date.len() == 27 && date.ends_with('Z')), "{date:?}");
        }
    }
    assert!(server.get("nora", "/taxii2/").status == 200, "every account may ask what there is");
}

/// The id at the end of a status resource's path; else what no path holds.
fn status_of(path: &str) -> String {
    let rest = path.strip_prefix("/taxii2/api/status/").unwrap_or("/-/");
    rest.trim_end_matches('/').to_owned()
}

#[test]
fn resources_have_what_the_standard_names() {
    let server = Server::start(CONFIG);
    let discovery = server.get("ana", "/taxii2/").json();
    assert_eq!(discovery["title"], "The desk");
    assert_eq!(discovery["contact"], "desk@west.example");
    assert_eq!(discovery["default"], discovery["api_roots"][0]);
    assert_eq!(discovery["default"], "/taxii2/api/");
    let root = server.get("ana", "/taxii2/api/").json();
    assert_eq!(
        (&root["versions"], &root["max_content_length"]),
        (&json!([TAXII]), &json!(1 << 20))
    );
    let collections = server.get("ana", "/taxii2/api/collections/").json();
    assert_eq!(collections, server.get("ana", "/taxii2/api/collections/").json());
    let one = &collections["collections"][0];
    assert_eq!(one["media_types"], json!(["application/stix+json;version=2.1"]));
    let by_id = format!("/taxii2/api/collections/{}/", one["id"].as_str().unwrap());
    assert_eq!(server.get("ana", &by_id).json(), *one);
    assert_eq!(server.get("ana", "/taxii2/api/collections/inbox/").json(), *one);
    // Who may use none is told of none: the list is left out.
    assert_eq!(server.get("nora", "/taxii2/api/collections/nobody/").status, 404);
    let posted = server.post("ana", "inbox", &[made::indicator(1)]).json();
    for name in ["total_count", "success_count", "failure_count", "pending_count"] {
        assert!(posted[name].is_u64(), "{name}");
    }
    assert_eq!(
        (&posted["status"], &posted["successes"][0]["version"]),
        (&json!("complete"), &json!("2024-01-26T21:28:21.013Z"))
    );
    let path = format!("/taxii2/api/status/{}/", posted["id"].as_str().unwrap());
    assert_eq!(server.get("ana", &path).json(), posted);
    assert_eq!(server.get("rita", &path).status, 404);
}

#[test]
fn a_body_is_judged_by_its_type_size_and_form() {
    let server = Server::start(CONFIG);
    let path = "/taxii2/api/collections/inbox/objects/";
    let good = made::envelope(&[made::indicator(1)]);
    let typed = |kind: &str| {
        server.ask("ana", "POST", path, &[("content-type", kind)], good.as_bytes()).status
    };
    assert_eq!([typed("application/json"), typed("text/xml"), typed("")], [415; 3]);
    let known = ["application/taxii+json", "application/taxii+json; version=2.1", TAXII];
    assert_eq!(known.map(typed), [202; 3]);
    // Exactly as long as it may be, and one byte longer.
    let padded = |size: usize| format!("{good}{}", " ".repeat(size - good.len()));
    let sized = |size: usize| server.ask("ana", "POST", path, &[], padded(size).as_bytes()).status;
    assert_eq!((sized(1 << 20), sized((1 << 20) + 1)), (202, 413));
    let formed = |body: &str| server.ask("ana", "POST", path, &[], body.as_bytes()).status;
    assert_eq!([formed("{"), formed("x"), formed("[]")], [400; 3]);
    assert_eq!([formed("{}"), formed("{\"type\":\"report\",\"objects\":[1]}")], [422; 2]);
    let coded = server.ask("ana", "POST", path, &[("content-encoding", "gzip")], good.as_bytes());
    assert_eq!(coded.status, 415);
    // One that breaks off behind good objects: nothing of it is taken in.
    let before = server.get("ana", path).json();
    let broken = format!("{{\"objects\":[{},{},", made::indicator(7), made::indicator(8));
    assert_eq!(formed(&broken), 400);
    assert_eq!(server.get("ana", path).json(), before);
}

#[test]
fn filters_do_what_the_standard_says() {
    let server = Server::start(CONFIG);
    let malware = made::object(100);
    server.post("ana", "inbox", &[made::indicator(1), made::indicator(2), malware.clone()]);
    server.post("ana", "inbox", &[version(1, "2025-01-01T00:00:00.000Z")]);
    server.post("ana", "inbox", &[version(1, "2024-06-01T00:00:00.123456Z")]);
    let path = "/taxii2/api/collections/inbox/objects/";
    let get = |query: &str| server.get("ana", &format!("{path}?{query}"));
    let malware_id = "malware--00000000-0000-4000-8000-000000000064".to_owned();
    assert_eq!(ids(&get("")), [id(2), malware_id.clone(), id(1)]);
    assert_eq!(ids(&get("match[type]=malware")), [malware_id.as_str()]);
    assert_eq!(ids(&get(&format!("match[id]={},{}", id(1), id(2)))), [id(2), id(1)]);
    assert_eq!(ids(&get(&format!("match[id]={}&match[type]=malware", id(1)))), [""; 0]);
    assert_eq!(ids(&get("match[spec_version]=2.0")), [""; 0]);
    assert_eq!(ids(&get("match[spec_version]=2.0,2.1")).len(), 3);
    assert_eq!(ids(&get("match[type]=x-nothing")), [""; 0]);
    assert_eq!(ids(&get("match[colour]=red")).len(), 3);
    let of_one = |wanted: &str| {
        let page = get(&format!("match[id]={}&match[version]={wanted}", id(1))).json();
        let objects = page["objects"].as_array().cloned().unwrap_or_default();
        let day = |o: &Value| o["modified"].as_str().unwrap().split('T').next().unwrap().to_owned();
        objects.iter().map(day).collect::<Vec<_>>()
    };
    assert_eq!(of_one("first"), ["2024-01-26"]);
    assert_eq!(of_one("last"), ["2025-01-01"]);
    assert_eq!(of_one("first,last"), ["2024-01-26", "2025-01-01"]);
    assert_eq!(of_one("all").len(), 3);
    assert_eq!(of_one("2024-06-01T00:00:00.123456Z,last"), ["2025-01-01", "2024-06-01"]);
    let versions = server.get("ana", &format!("{path}{}/versions/", id(1))).json();
    assert_eq!(
        versions["versions"],
        json!([
            "2024-01-26T21:28:21.013Z",
            "2025-01-01T00:00:00.000Z",
            "2024-06-01T00:00:00.123456Z"
        ])
    );
    // added_after is exclusive, and about the time of addition.
    let first = get("limit=1");
    let added = first.header("x-taxii-date-added-last").unwrap().to_owned();
    assert_eq!(ids(&get(&format!("added_after={added}"))), [malware_id, id(1)]);
    assert_eq!(ids(&get("added_after=2000-01-01T00:00:00Z")).len(), 3);
    assert_eq!(get("added_after=2999-01-01T00:00:00Z").text(), "{}");
    for bad in [
        "limit=0",
        "limit=x",
        "limit=-1",
        "added_after=x",
        "next=x",
        "match[version]=x",
        "limit=1&limit=2",
        "match[version]=all,last",
    ] {
        assert_eq!(get(bad).status, 400, "{bad}");
    }
    // A `next` stays good: asked again, and behind a restart.
    let next = first.json()["next"].as_str().unwrap().to_owned();
    let page = get(&format!("limit=1&next={next}")).text();
    assert_eq!(get(&format!("limit=1&next={next}")).text(), page);
    let mut server = server;
    server.node.kill();
    server.node.start();
    let again = server.get("ana", &format!("{path}?limit=1&next={next}"));
    assert_eq!(again.text(), page);
}

#[test]
fn the_same_twice_is_one_and_the_same_version_with_other_content_is_refused() {
    let server = Server::start(CONFIG);
    server.post("ana", "inbox", &[made::indicator(1)]);
    let again = server.post("ana", "inbox", &[made::indicator(1)]).json();
    assert_eq!((&again["success_count"], &again["failure_count"]), (&json!(1), &json!(0)));
    let other = made::indicator(1).replace("Host 1", "Host one");
    let refused = server.post("ana", "inbox", &[other, made::indicator(2)]).json();
    assert_eq!((&refused["success_count"], &refused["failure_count"]), (&json!(1), &json!(1)));
    assert_eq!(refused["failures"][0]["id"], id(1));
    assert!(refused["failures"][0]["message"].as_str().unwrap().contains("later `modified`"));
    let page = server.get("ana", "/taxii2/api/collections/inbox/objects/").text();
    assert!(page.contains("Host 1") && !page.contains("Host one"));
}

#[test]
fn what_is_deleted_is_gone_from_everything_that_is_served_and_stays_on_record() {
    let server = Server::start(CONFIG);
    let path = format!("/taxii2/api/collections/inbox/objects/{}/", id(1));
    server.post("ana", "inbox", &[made::indicator(1), made::indicator(2)]);
    server.post("ana", "inbox", &[version(1, "2025-01-01T00:00:00.000Z")]);
    let delete = |query: &str| server.ask("ana", "DELETE", &format!("{path}{query}"), &[], b"");
    let gone = delete("?match[version]=2025-01-01T00:00:00.000Z");
    assert_eq!((gone.status, gone.text().as_str()), (200, ""));
    assert_eq!(
        server.get("ana", &format!("{path}?match[version]=2025-01-01T00:00:00.000Z")).status,
        404
    );
    let left = server.get("ana", &path).json();
    assert_eq!(left["objects"][0]["modified"], "2024-01-26T21:28:21.013Z");
    assert_eq!(delete("").status, 200);
    assert_eq!((delete("").status, server.get("ana", &path).status), (404, 404));
    assert_eq!(server.get("ana", &format!("{path}versions/")).status, 404);
    for list in ["objects", "manifest"] {
        let list = format!("/taxii2/api/collections/inbox/{list}/?match[version]=all");
        assert_eq!(ids(&server.get("ana", &list)), [id(2)]);
    }
    let items = server.node.json(&["item", "list"]);
    assert!(items.iter().any(|item| item["id"] == id(1) && item["deleted"] == true));
    // It may come again.
    assert_eq!(server.post("ana", "inbox", &[made::indicator(1)]).json()["success_count"], 1);
    assert_eq!(server.get("ana", &path).status, 200);
}

#[test]
fn what_an_account_may_not_read_is_not_there_for_it() {
    let server = Server::start(CONFIG);
    let seen = |who: &str| {
        let list = server.get(who, "/taxii2/api/collections/").json();
        let all = list["collections"].as_array().cloned().unwrap_or_default();
        all.iter()
            .map(|one| {
                let may = |name: &str| one[name].as_bool().unwrap();
                (one["alias"].as_str().unwrap().to_owned(), may("can_read"), may("can_write"))
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(seen("ana"), [("inbox".to_owned(), true, true)]);
    assert_eq!(
        seen("rita"),
        [("inbox".to_owned(), true, false), ("named".to_owned(), true, false)]
    );
    assert_eq!(
        seen("sven"),
        [("inbox".to_owned(), false, true), ("named".to_owned(), false, true)]
    );
    let taken = server.post("sven", "named", &[made::indicator(1), made::object(100)]).json();
    assert_eq!((&taken["success_count"], &taken["failure_count"]), (&json!(1), &json!(1)));
    assert!(taken["failures"][0]["message"].as_str().unwrap().contains("does not take"));
    let path = "/taxii2/api/collections/named/objects/";
    assert_eq!(ids(&server.get("rita", path)), [id(1)]);
    assert_eq!(server.node.json(&["item", "list"])[0]["marking"], "TLP:AMBER");
    // Whoever may not read is not told which of its objects were here before.
    let address = "{\"type\":\"indicator\"}".to_owned();
    let first = server.post("sven", "named", &[made::indicator(2), address.clone()]).json();
    let again = server.post("sven", "named", &[made::indicator(2), address]).json();
    assert!(first.get("successes").is_none());
    let plain = |status: &Value| {
        let mut status = status.clone();
        for name in ["id", "request_timestamp", "failures"] {
            status.as_object_mut().unwrap().remove(name);
        }
        status
    };
    assert_eq!(plain(&first), plain(&again));
    let status = format!("/taxii2/api/status/{}/", again["id"].as_str().unwrap());
    assert_eq!(plain(&server.get("sven", &status).json()), plain(&again));
    // Two nodes that differ only in what ana may not read answer her alike.
    let other = Server::start(CONFIG);
    for path in [
        "/taxii2/api/collections/",
        path,
        "/taxii2/api/collections/named/",
        "/taxii2/api/collections/named/manifest/",
        "/taxii2/api/collections/nothing/objects/",
    ] {
        let (here, there) = (server.get("ana", path), other.get("ana", path));
        let words = |answer: &Answer| answer.text().replace("named", "nothing");
        if path.ends_with("collections/") {
            continue;
        }
        assert_eq!((here.status, words(&here)), (there.status, words(&there)), "{path}");
        assert_eq!(here.status, 404);
    }
}

#[test]
fn answers_are_compressed_as_asked() {
    let server = Server::start(CONFIG);
    let objects: Vec<String> = (0..200).map(made::indicator).collect();
    server.post("ana", "inbox", &objects);
    let path = "/taxii2/api/collections/inbox/objects/";
    let plain = server.get("ana", path);
    assert_eq!(plain.header("content-encoding"), None);
    for coding in ["gzip", "zstd"] {
        let coded = server.ask("ana", "GET", path, &[("accept-encoding", coding)], b"");
        assert_eq!(coded.header("content-encoding"), Some(coding));
        assert_eq!(
            coded.header("x-taxii-date-added-last"),
            plain.header("x-taxii-date-added-last")
        );
        assert!(coded.body.len() < plain.body.len() / 5, "{coding}");
        let read = match coding {
            "gzip" => {
                let mut out = Vec::new();
                let mut decoder = flate2::read::GzDecoder::new(&coded.body[..]);
                std::io::Read::read_to_end(&mut decoder, &mut out).unwrap();
                out
            }
            _ => zstd::bulk::decompress(&coded.body, 1 << 20).unwrap(),
        };
        assert_eq!(read, plain.body);
    }
}

#[test]
fn an_account_over_its_limit_is_told_when_to_come_again() {
    let limits = "[limits]\nrequests_per_second = 2\nbytes_per_second = 0\n";
    let server = Server::start(limits);
    let mut last = server.get("ana", "/taxii2/");
    for _ in 0..25 {
        last = server.get("ana", "/taxii2/");
    }
    assert_eq!(last.status, 429);
    assert_eq!(last.header("content-type"), Some(TAXII));
    let wait: u64 = last.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    // Nobody else is held up by it, and it is let in again.
    assert_eq!(server.get("rita", "/taxii2/").status, 200);
    until("room again", || (server.get("ana", "/taxii2/").status == 200).then_some(()));
}

#[test]
fn a_large_envelope_streams_in_bounded_memory() {
    let server = Server::start("[taxii]\nmax_content_length = 268435456\n");
    let before = server.node.peak_memory_kib();
    let objects: Vec<String> = (0..60_000).map(made::indicator).collect();
    let envelope = made::envelope(&objects);
    assert!(envelope.len() > 50 << 20);
    let path = "/taxii2/api/collections/inbox/objects/";
    let taken = server.ask("ana", "POST", path, &[], envelope.as_bytes());
    assert_eq!(taken.status, 202, "{}", taken.text());
    let status = taken.json();
    assert_eq!((&status["success_count"], &status["failure_count"]), (&json!(60_000), &json!(0)));
    // Too many to be listed one by one: the list is left out, as clients want it to be.
    assert!(status.get("successes").is_none());
    let grown = server.node.peak_memory_kib() - before;
    assert!(grown < 150 << 10, "{grown} KiB for an envelope of {} KiB", envelope.len() >> 10);
    let path = format!("/taxii2/api/status/{}/", status["id"].as_str().unwrap());
    assert_eq!(server.get("ana", &path).json(), status);
}

/// Writers add and change, a deleter takes out, pagers walk by `next` and by `added_after`:
/// whatever was there all along is seen, and nothing is seen twice in the same place.
#[test]
fn pages_lose_and_repeat_nothing_while_others_write_and_delete() {
    const LASTING: u64 = 1_200;
    let server = Server::start("");
    let path = "/taxii2/api/collections/inbox/objects/";
    let done = AtomicBool::new(false);
    let (server, done) = (&server, &done);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer: u64| {
                scope.spawn(move || {
                    for round in 0..LASTING / 4 / 10 {
                        // What stays, what will go, and a later version of what stays.
                        let first = writer * LASTING / 4 + round * 10;
                        let lasting = (first..first + 10).map(made::indicator);
                        let going = (first..first + 10).map(|n| made::indicator(n + (1 << 20)));
                        let changed = version(first, "2025-01-01T00:00:00.000Z");
                        let all: Vec<String> = lasting.chain(going).chain([changed]).collect();
                        assert_eq!(server.post("ana", "inbox", &all).status, 202);
                    }
                })
            })
            .collect();
        scope.spawn(move || {
            while !done.load(Ordering::Relaxed) {
                let list = server.get("ana", &format!("{path}?limit=200"));
                for one in ids(&list).iter().filter(|one| one.contains("8000-000000100")) {
                    let gone = format!("{path}{one}/?match[version]=all");
                    server.ask("ana", "DELETE", &gone, &[], b"");
                }
            }
        });
        let pagers: Vec<_> = [true, false]
            .map(|by_next| {
                scope.spawn(move || {
                    let (mut seen, mut query) = (Vec::new(), String::new());
                    loop {
                        let finished = done.load(Ordering::Relaxed);
                        let page = server.get("ana", &format!("{path}?limit=37{query}"));
                        let body = page.json();
                        for one in body["objects"].as_array().into_iter().flatten() {
                            seen.push((one["id"].to_string(), one["modified"].to_string()));
                        }
                        if let Some(last) = page.header("x-taxii-date-added-last") {
                            query = match body["next"].as_str() {
                                Some(next) if by_next => format!("&next={next}"),
                                _ => format!("&added_after={last}"),
                            };
                        } else if finished {
                            return seen;
                        }
                    }
                })
            })
            .into_iter()
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        for pager in pagers {
            let seen = pager.join().unwrap();
            let once: BTreeSet<_> = seen.iter().collect();
            assert_eq!(once.len(), seen.len(), "something was seen twice");
            let objects: BTreeSet<&str> = seen.iter().map(|(id, _)| id.trim_matches('"')).collect();
            for number in 0..LASTING {
                assert!(objects.contains(id(number).as_str()), "{} was lost", id(number));
            }
        }
    });
}

#[test]
fn every_202_is_there_after_a_kill() {
    let mut server = Server::start("");
    let path = "/taxii2/api/collections/inbox/objects/";
    let mut acknowledged = 0;
    for round in 0..6u64 {
        let (address, token) = (server.node.address.clone(), server.tokens["ana"].clone());
        // Posts until the node dies under it; how many were acknowledged.
        let poster = std::thread::spawn(move || {
            let mut good = 0;
            let headers =
                [("authorization", token.as_str()), ("content-type", TAXII), ("accept", TAXII)];
            loop {
                let first = round * 100_000 + good * 10;
                let all: Vec<String> = (first..first + 10).map(made::indicator).collect();
                let asked = std::panic::catch_unwind(|| {
                    let mut connection = forewarn_testkit::http::Connection::network(&address);
                    connection.ask("POST", path, &headers, made::envelope(&all).as_bytes()).status
                });
                match asked {
                    Ok(202) => good += 1,
                    _ => return good,
                }
            }
        });
        forewarn_testkit::pause(std::time::Duration::from_millis(60 + 35 * round));
        server.node.kill();
        let good = poster.join().unwrap();
        server.node.start();
        for number in 0..good * 10 {
            let one = format!("{path}{}/", id(round * 100_000 + number));
            assert_eq!(server.get("ana", &one).status, 200, "round {round}: {number} of {good}0");
        }
        acknowledged += good;
        // What was not acknowledged is sent again, and is there once.
        let again: Vec<String> =
            (0..10).map(|n| made::indicator(round * 100_000 + good * 10 + n)).collect();
        assert_eq!(server.post("ana", "inbox", &again).json()["failure_count"], 0);
    }
    assert!(acknowledged > 20, "{acknowledged}");
    let mut seen = Vec::new();
    let mut query = "?limit=500".to_owned();
    loop {
        let page = server.get("ana", &format!("{path}{query}"));
        seen.extend(ids(&page));
        let Some(next) = page.json()["next"].as_str().map(str::to_owned) else { break };
        query = format!("?limit=500&next={next}");
    }
    let once: BTreeSet<&String> = seen.iter().collect();
    assert_eq!(once.len(), seen.len());
}
