//! Lists of the API are narrowed and go on by one grammar: what they are narrowed by holds at once, and the
//! link to the next page says it again.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// One member of each row, page by page, and how many pages there were.
fn walk(node: &Node, path: &str, query: &str, member: &str) -> (Vec<String>, usize) {
    let (mut all, mut pages, mut next) = (Vec::new(), 0, Some(query.to_owned()));
    while let Some(query) = next {
        let answer = node.connect_local().ask("GET", &format!("{path}?{query}"), &[], b"");
        assert_eq!(answer.status, 200, "{path}?{query}: {}", answer.text());
        let rows = answer.json();
        let text = |row: &Value| row.get(member).unwrap().to_string().trim_matches('"').to_owned();
        all.extend(rows.as_array().unwrap().iter().map(text));
        pages += 1;
        let link = answer.header("link").map(str::to_owned);
        next = link.and_then(|link| Some(link.split_once("<?")?.1.split_once('>')?.0.to_owned()));
        assert!(pages < 20, "{path}?{query}");
    }
    (all, pages)
}

#[test]
fn each_list_is_narrowed_and_its_next_page_in_the_same_way() {
    let pair = Pair::start(PROGRAM);
    let west = &pair.west;
    for name in ["mara", "milo", "mona"] {
        west.good(&["user", "add", name, "--role", "analyst"]);
    }
    west.by("nora", &["user", "suspend", "milo", "--reason", "on leave"]);
    let users = |query| walk(west, "/api/v1/users", query, "name");
    let (all, pages) = users("");
    assert_eq!((all.len(), pages), (9, 1));
    assert!(all.is_sorted());
    assert_eq!(users("limit=2"), (all, 5));
    let analysts = ["ana", "mara", "milo", "mona"].map(str::to_owned).to_vec();
    assert_eq!(users("role=analyst&limit=1"), (analysts.clone(), 4));
    let active: Vec<String> = analysts.into_iter().filter(|name| name != "milo").collect();
    assert_eq!(users("role=analyst&active=true&limit=2"), (active, 2));

    for name in ["a.example", "b.example"] {
        west.by("paul", &["partner", "add-without-node", name, "--organisation", "A"]);
    }
    west.by("paul", &["partner", "suspend", "a.example", "--reason", "moved"]);
    let partners = |query| walk(west, "/api/v1/partners", query, "name");
    assert_eq!(partners("limit=1").1, 3);
    assert_eq!(partners("standing=suspended").0, ["a.example"]);
    assert!(partners("standing=confirmed&limit=1").0.contains(&"east.example".to_owned()));

    let feed = ["feed", "add", "http://127.0.0.1:9/root/collections/1/", "--name", "intel"];
    west.by("nora", &feed);
    let feeds = |query| walk(west, "/api/v1/feeds", query, "name");
    assert_eq!(feeds("limit=1").0, ["intel"]);
    let either = [feeds("trouble=true").0, feeds("trouble=false").0].concat();
    assert_eq!(either, ["intel"]);

    let waits = |query: &str| walk(west, "/api/v1/proposals", query, "by").0;
    assert_eq!(waits("waiting=false&by=paul"), ["paul"]);
    assert!(waits("waiting=true").is_empty() && waits("by=otto").is_empty());

    pair.interest("tickets.example");
    let case = pair.case("A report names shop.tickets.example.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    west.release("otto", &case);
    pair.receipted(&case);
    let warnings = |query| walk(&pair.east, "/api/v1/warnings", query, "number").0;
    assert_eq!(warnings("partner=west.example&only=unopened&order=urgency"), ["1"]);
    assert!(warnings("partner=north.example").is_empty());

    // What is no parameter is told, and not passed over.
    for bad in ["users?standing=x", "partners?standing=gone", "feeds?limit=0", "proposals?by=A B"] {
        let path = format!("/api/v1/{}", bad.replace(' ', "%20"));
        let answer = west.connect_local().ask("GET", &path, &[], b"");
        let code = answer.json().get("code").and_then(Value::as_str).map(str::to_owned);
        assert_eq!((answer.status, code.as_deref()), (400, Some("bad-parameter")), "{bad}");
    }
}
