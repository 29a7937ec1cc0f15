//! What comes in: over TAXII and by hand, good and bad; kept and given back byte for byte.

use forewarn_testkit::http::Answer;
use forewarn_testkit::{Node, made};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const TAXII: &str = "application/taxii+json;version=2.1";

fn post(node: &Node, auth: &str, body: &[u8]) -> Answer {
    let headers = [("authorization", auth), ("content-type", TAXII), ("accept", TAXII)];
    node.connect().ask("POST", &node.collection(), &headers, body)
}

fn get(node: &Node, auth: &str, path: &str) -> Answer {
    node.connect().ask("GET", path, &[("authorization", auth), ("accept", TAXII)], b"")
}

/// Objects with white space, escapes and key orders that no writer of ours would choose.
fn odd_objects() -> Vec<String> {
    vec![
        "{ \"id\":\"x-odd--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\",\n\t\"type\" : \"x-odd\", \"x_n\":1.50, \"x_s\":\"\\u00e9\\/}\" }".into(),
        "{\"type\":\"domain-name\",\"id\":\"domain-name--11111111-2222-5333-8444-555555555555\",\"value\":\"b\\u00fccher.example\"}".into(),
        made::indicator(1),
        made::indicator(2),
    ]
}

#[test]
fn objects_posted_over_taxii_come_back_byte_for_byte_page_by_page() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let objects = odd_objects();
    let answer = post(&node, &auth, made::envelope(&objects).as_bytes());
    assert_eq!(answer.status, 202, "{}", answer.text());
    let status = answer.json();
    assert_eq!((&status["total_count"], &status["success_count"]), (&4.into(), &4.into()));
    let mut path = format!("{}?limit=1", node.collection());
    for (n, object) in objects.iter().enumerate() {
        let page = get(&node, &auth, &path);
        let last = n + 1 == objects.len();
        let next = page.json()["next"].as_str().map(str::to_owned);
        let wanted = match &next {
            Some(next) => format!("{{\"more\":true,\"next\":\"{next}\",\"objects\":[{object}]}}"),
            None => format!("{{\"more\":false,\"objects\":[{object}]}}"),
        };
        assert_eq!(page.text(), wanted);
        assert_eq!(next.is_none(), last);
        assert!(page.header("x-taxii-date-added-last").is_some());
        path = format!("{}?limit=1&next={}", node.collection(), next.unwrap_or_default());
    }
    let asked = format!("/taxii2/api/status/{}/", status["id"].as_str().unwrap());
    let again = get(&node, &auth, &asked).json();
    assert_eq!(again["success_count"], 4);
    let id = "x-odd--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
    assert_eq!(node.good(&["item", "show", id]), objects[0]);
}

#[test]
fn one_broken_object_among_good_ones_is_refused_alone_and_said() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let good = made::indicator(1);
    let late = good.replace("\"pattern\":\"[", "\"pattern\":\"");
    let other = good.replace("Host 1", "Host one");
    let twice = "{\"a\":1,\"a\":2}".to_owned();
    let objects = [good.clone(), late, good.clone(), other, twice, made::indicator(2)];
    let status = post(&node, &auth, made::envelope(&objects).as_bytes()).json();
    assert_eq!((&status["success_count"], &status["failure_count"]), (&3.into(), &3.into()));
    let words = status["failures"].to_string();
    for why in ["is not a STIX pattern", "here already with other content", "`a` occurs twice"] {
        assert!(words.contains(why), "{words}");
    }
    let listed = node.json(&["quarantine", "list"]);
    assert_eq!(listed.len(), 3);
    assert!(node.good(&["quarantine", "show", "1"]).contains("(pattern)"));
    assert_eq!(node.json(&["item", "list"]).len(), 2);
}

#[test]
fn an_envelope_that_cannot_be_read_is_refused_whole_with_the_place() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let whole = made::envelope(&[made::indicator(1), made::indicator(2)]);
    let cases: [(&[u8], u16, &str); 6] = [
        (b"hello", 400, "at byte 0"),
        (whole.get(..whole.len() - 40).unwrap().as_bytes(), 400, "it is cut off"),
        (b"[1,2]", 400, "at byte 0"),
        (b"{\"type\":\"report\",\"objects\":[]}", 422, "is no STIX bundle"),
        (b"{\"Event\":{\"info\":\"x\",\"Attribute\":[]}}", 422, "MISP events cannot be taken in"),
        (b"{}", 422, "no `objects` list"),
    ];
    for (body, status, words) in cases {
        let answer = post(&node, &auth, body);
        assert_eq!((answer.status, answer.header("content-type")), (status, Some(TAXII)));
        assert!(answer.text().contains(words), "{}", answer.text());
    }
    assert!(node.json(&["item", "list"]).is_empty());
}

#[test]
fn a_body_beyond_the_bound_is_refused_at_once_and_the_node_goes_on() {
    let bound = "[taxii]\nmax_content_length = 33554432\n";
    let node = Node::start_configured(PROGRAM, "west.example", bound);
    let auth = node.basic("ana");
    let before = node.peak_memory_kib();
    // A gigabyte is announced; the answer comes before it is sent.
    let mut stream = std::net::TcpStream::connect(&node.address).unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\nauthorization: {auth}\r\ncontent-type: {TAXII}\r\n\
         content-length: 1073741824\r\n\r\n{{\"objects\":[",
        node.collection()
    );
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    let mut answer = [0; 12];
    std::io::Read::read_exact(&mut stream, &mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    // One that does not announce its length is cut off at the bound.
    let large = vec![b' '; (32 << 20) + 1];
    let refused = post(&node, &auth, &large);
    assert_eq!(refused.status, 413);
    assert!(refused.text().contains("larger than 33554432 bytes"), "{}", refused.text());
    let grown = node.peak_memory_kib() - before;
    assert!(grown < 150 << 10, "{grown} KiB were taken for bodies that were refused");
    assert_eq!(post(&node, &auth, made::envelope(&odd_objects()).as_bytes()).status, 202);
}

#[test]
fn taxii_says_what_it_is_who_may_and_what_it_takes() {
    let node = Node::start_new(PROGRAM, "west.example");
    let (ana, rita) = (node.basic("ana"), node.basic("rita"));
    let discovery = get(&node, &rita, "/taxii2/").json();
    assert!(discovery["api_roots"][0].as_str().unwrap().ends_with("/taxii2/api/"));
    let root = get(&node, &rita, "/taxii2/api/").json();
    assert_eq!(root["max_content_length"], 256 << 20);
    let collections = get(&node, &rita, "/taxii2/api/collections/").json();
    let one = &collections["collections"][0];
    assert_eq!((&one["can_read"], &one["can_write"]), (&Value::Bool(true), &Value::Bool(false)));
    assert_eq!(post(&node, &rita, b"{}").status, 403);
    let wrong = format!("{ana}x");
    assert_eq!(get(&node, &wrong, "/taxii2/").status, 401);
    let asks = |accept: &str| {
        let headers = [("authorization", ana.as_str()), ("accept", accept)];
        node.connect().ask("GET", "/taxii2/", &headers, b"").status
    };
    assert_eq!(asks("*/*"), 200);
    assert_eq!(asks("application/taxii+json; version=2.1"), 200);
    assert_eq!(asks("application/taxii+json;version=2.0"), 406);
    assert_eq!(asks("text/html"), 406);
    let headers = [("authorization", ana.as_str()), ("content-type", "application/json")];
    assert_eq!(node.connect().ask("POST", &node.collection(), &headers, b"{}").status, 415);
    let unreadable = get(&node, &ana, "/taxii2/api/collections/%ff/");
    assert_eq!((unreadable.status, unreadable.header("content-type")), (400, Some(TAXII)));
    node.good(&["token", "revoke", "rita"]);
    assert_eq!(get(&node, &rita, "/taxii2/").status, 401);
    let missing = "/taxii2/api/collections/00000000-0000-4000-8000-000000000000/objects/";
    assert_eq!(get(&node, &ana, missing).status, 404);
    let bad = format!("{}?limit=no", node.collection());
    assert_eq!(get(&node, &ana, &bad).status, 400);
    assert_eq!(get(&node, &ana, &node.collection()).text(), "{}");
}

#[test]
fn a_large_bundle_goes_in_parts_and_what_went_in_before_a_cut_stays() {
    let node = Node::start_new(PROGRAM, "west.example");
    let objects: Vec<String> = (0..2_500).map(made::indicator).collect();
    let whole = format!(
        "{{\"type\":\"bundle\",\"id\":\"bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\",\"objects\":[\n{}\n]}}",
        objects.join(",\n")
    );
    let cut = node.write("cut.json", whole.get(..2_200 * 1_000).unwrap());
    let refused = node.refused(&["intake", &cut, "--as", "ana"]);
    assert!(refused.contains("it is cut off") && refused.contains("were taken in"), "{refused}");
    let path = node.write("whole.json", &whole);
    let again = node.by("ana", &["intake", &path, "--source", "feed", "--grade", "B2"]);
    assert!(again.contains("were here already"), "{again}");
    let auth = node.basic("ana");
    let page = get(&node, &auth, &node.collection());
    assert_eq!(page.text(), format!("{{\"more\":false,\"objects\":[{}]}}", objects.join(",")));
}

#[test]
fn bad_files_and_options_are_refused_in_words() {
    let node = Node::start_new(PROGRAM, "west.example");
    let two =
        "{\"Event\":{\"info\":\"x\",\"Tag\":[{\"name\":\"tlp:red\"},{\"name\":\"tlp:green\"}]}}";
    let misp = node.write("event.json", two);
    let empty = node.write("empty.txt", " \n");
    let bad = node.write("bad.json", "{\"objects\":[}");
    let mut told = String::new();
    for (file, more) in [
        (misp.as_str(), &[][..]),
        (&empty, &[]),
        (&bad, &[]),
        ("missing.json", &[]),
        (&empty, &["--grade", "Z9"]),
    ] {
        let all = [&["intake", file, "--as", "ana"][..], more].concat();
        told = format!("{told}{}", node.refused(&all));
    }
    let nobody = node.refused(&["intake", &empty, "--as", "nobody"]);
    let unnamed = node.refused(&["intake", &empty]);
    let reader = node.refused(&["intake", &empty, "--as", "rita"]);
    let told = format!("{told}{nobody}{unnamed}{reader}");
    insta::assert_snapshot!(told.replace(&node.file("").display().to_string(), ""));
}

/// A manifest with more and without `next` once sent clients round for ever.
#[test]
fn a_manifest_and_versions_are_paged_to_their_end() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let objects: Vec<String> = (0..5).map(made::indicator).collect();
    post(&node, &auth, made::envelope(&objects).as_bytes());
    let newer = made::indicator(1).replace("\"modified\":\"2024", "\"modified\":\"2025");
    post(&node, &auth, made::envelope(&[newer]).as_bytes());
    let mut path = node.collection().replace("/objects/", "/manifest/?limit=2");
    let mut ids = Vec::new();
    loop {
        let page = get(&node, &auth, &path).json();
        let list = page["objects"].as_array().cloned().unwrap_or_default();
        ids.extend(list.iter().map(|line| line["id"].to_string()));
        let Some(next) = page["next"].as_str() else { break };
        path = node.collection().replace("/objects/", &format!("/manifest/?limit=2&next={next}"));
    }
    assert_eq!(ids.len(), 5, "each object once, its newest version: {ids:?}");
    let id = "indicator--00000000-0000-4000-8000-000000000001";
    let versions = get(&node, &auth, &format!("{}{id}/versions/", node.collection())).json();
    assert_eq!(versions["versions"].as_array().unwrap().len(), 2);
    let missing = format!("{}indicator--{}/versions/", node.collection(), "0".repeat(8));
    assert_eq!(get(&node, &auth, &missing).status, 404);
    let none = node.collection().replace("/objects/", "/manifest/?match%5Bspec_version%5D=2.0");
    assert_eq!(get(&node, &auth, &none).text(), "{}");
}

#[test]
fn an_object_without_a_version_of_its_own_has_one_everywhere() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let domain = odd_objects().swap_remove(1);
    let posted = post(&node, &auth, made::envelope(&[domain]).as_bytes()).json();
    let version = posted["successes"][0]["version"].as_str().unwrap().to_owned();
    let status = format!("/taxii2/api/status/{}/", posted["id"].as_str().unwrap());
    let again = get(&node, &auth, &status).json();
    assert_eq!(again["successes"][0]["version"], version.as_str());
    let manifest = get(&node, &auth, &node.collection().replace("/objects/", "/manifest/")).json();
    assert_eq!(manifest["objects"][0]["version"], version.as_str());
    let asked = format!("{}?match%5Bversion%5D={version}", node.collection());
    assert_eq!(get(&node, &auth, &asked).json()["objects"].as_array().unwrap().len(), 1);
}

#[test]
fn an_envelope_without_objects_is_no_success() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    for body in [
        "{}",
        "{\"object\":[]}",
        "{\"objects\":{\"type\":\"indicator\"}}",
        "{\"objects\":null}",
        "{\"objects\":[]}",
    ] {
        let status = post(&node, &auth, body.as_bytes()).status;
        assert!(matches!(status, 400 | 422), "{body}: {status}");
    }
}

#[test]
fn a_feed_may_post_and_follow_its_own_requests_and_read_nothing() {
    let node = Node::start_new(PROGRAM, "west.example");
    node.good(&["user", "add", "feed", "--role", "service"]);
    let (feed, ana) = (node.basic("feed"), node.basic("ana"));
    let collection = get(&node, &feed, &node.collection().replace("/objects/", "/")).json();
    assert_eq!((&collection["can_read"], &collection["can_write"]), (&false.into(), &true.into()));
    let status = |auth: &str| {
        let posted = post(&node, auth, made::envelope(&odd_objects()).as_bytes()).json();
        format!("/taxii2/api/status/{}/", posted["id"].as_str().unwrap())
    };
    assert_eq!(get(&node, &feed, &status(&feed)).status, 200);
    assert_eq!(get(&node, &feed, &status(&ana)).status, 404);
    assert_eq!(get(&node, &feed, &node.collection()).status, 403);
}

#[test]
fn a_filter_of_any_length_gets_an_answer() {
    let node = Node::start_new(PROGRAM, "west.example");
    let auth = node.basic("ana");
    let ask = |name: &str, one: &str, n: usize| {
        let path = format!("{}?match%5B{name}%5D={}", node.collection(), vec![one; n].join(","));
        get(&node, &auth, &path).status
    };
    assert_eq!(ask("version", "2020-01-01T00:00:00Z", 900), 200);
    assert_eq!(ask("type", "a", 100), 200);
    assert_eq!(ask("type", "a", 101), 400);
    assert_eq!(ask("id", "a", 1_000), 200);
}
