//! What others write is shown harmlessly on every page of the desk: markup, scripts, pictures with
//! scripts, very long words, letters that run from right to left, nulls, letters that look alike, and
//! ten megabytes. And no page is heavy, whatever is on it.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Node, Pair, until};
use serde_json::json;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
/// A page is read at a bad place at night.
const MOST: usize = 60 << 10;

/// Each begins with a word by which it is found on a page.
fn corpus() -> Vec<String> {
    [
        "evil<script>alert(1)</script>",
        "evil\"><img src=x onerror=alert(1)>",
        "evil</textarea></bdi></td></main><svg onload=alert(1)>",
        "evil' onmouseover='alert(1)",
        "evil<a href=\"javascript:alert(1)\">x</a>",
        "evil{{ 7 * 7 }} ${7*7} <%= 7 %>",
        "evil\u{202e}txt.exe\u{2066}\u{200f}",
        "evil\u{200b}\u{feff}\u{ad}hidden",
        "еvіl\u{0456}ооо",
        "evil<!--<base href=\"https://evil.example/\">",
        "evil<meta http-equiv=refresh content=\"0;url=https://evil.example/\">",
        "evil&lt;script&gt;&#60;b&#62;",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain(["x".repeat(3_000), "م".repeat(2_000), format!("evil{}", "\u{301}".repeat(500))])
    .collect()
}

/// Two nodes whose every free text is hostile.
fn world() -> Pair {
    let pair = Pair::start(PROGRAM);
    let all = corpus();
    let objects: Vec<_> = (1..)
        .zip(&all)
        .map(|(n, text)| {
            json!({
                "type": "identity", "spec_version": "2.1",
                "id": format!("identity--00000000-0000-4000-8000-{n:012}"),
                "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
                "name": text, "description": all.join("\n"), "roles": [text],
                "created_by_ref": "identity--00000000-0000-4000-8000-000000000001",
            })
        })
        .collect();
    let id = "bundle--1b7f2f3e-7d0e-4b0a-9f8c-0c1d2e3f4a5b";
    let bundle = json!({"type": "bundle", "id": id, "objects": objects}).to_string();
    let west = &pair.west;
    let path = west.write("bundle.json", bundle);
    west.by("ana", &["intake", &path, "--source", "HERON-7"]);
    let broken = json!({"type": all.first(), "id": all.get(1), "name": all.join(" ")});
    let broken = json!({"type": "bundle", "id": id, "objects": vec![broken; 40]});
    let path = west.write("broken.json", broken.to_string());
    // All of it is refused.
    let _ = west.run(&["intake", &path, "--as", "ana"]);
    let text = format!("A report.\n{}", all.join("\n"));
    let case = pair.case(&text);
    for label in all.iter().filter(|text| text.len() < 200).take(6) {
        let add = ["interest", "add", "--partner", "west.example", "--domain", "a.example"];
        let _ = pair.east.run(&[&add[..], &["--label", label, "--as", "paul"]].concat());
    }
    let short: Vec<&str> =
        all.iter().filter(|text| text.len() < 200).map(String::as_str).take(5).collect();
    let title = short.first().unwrap().to_owned();
    pair.draft(&case, title, &short.join("\n"));
    west.release("otto", &case);
    pair.receipted(&case);
    let east = &pair.east;
    east.by("dora", &["warning", "open", "1"]);
    for text in &short {
        let _ = east.run(&["warning", "ask", "1", "--text", text, "--as", "dora"]);
    }
    until("what they ask", || {
        west.get("/api/v1/cases/1").to_string().contains("question").then_some(())
    });
    pair
}

/// Nothing of the corpus is a tag, and nothing that turns or hides text stands as itself.
fn is_harmless(path: &str, page: &str) {
    let body = page.split_once("<body").map_or(page, |(_, body)| body);
    let tags = ["<script>", "<script ", "<img", "<svg onload", "<meta", "<base", "<%=", "<!--"];
    for tag in tags {
        assert!(!body.contains(tag), "{path} has {tag}");
    }
    for tag in body.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        for attribute in [" onerror", " onmouseover", " onload", "javascript:", " style="] {
            // Within a value it is text: quotes cannot end it, so it holds none as themselves.
            let outside: String = tag.split('"').step_by(2).collect();
            assert!(!outside.contains(attribute), "{path}: <{tag}>");
        }
    }
    // Foreign text that runs from right to left is isolated by ourselves, with U+2068 and U+2069.
    let hides = |c: char| {
        matches!(
            c,
            '\0' | '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}' | '\u{200b}' | '\u{feff}'
        )
    };
    let near = body.split(hides).next().unwrap_or_default();
    let near: String = near.chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
    assert!(!body.contains(hides), "{path} has what turns or hides text after: {near}");
    assert!(page.len() < MOST, "{path} has {} bytes", page.len());
}

fn look(node: &Node, person: &str, pages: &[&str]) {
    give_password(node, person);
    for language in ["en", "de"] {
        let desk = Desk::sign_in(node, person).in_language(language);
        for path in pages {
            let answer = desk.ask("GET", path, &[], "");
            assert!(matches!(answer.status, 200 | 403 | 404), "{path}: {}", answer.status);
            is_harmless(path, &answer.text());
        }
    }
}

#[test]
fn hostile_text_is_shown_as_text_on_every_page_and_no_page_is_heavy() {
    let pair = world();
    let ours = [
        "/desk/",
        "/desk/cases",
        "/desk/cases/1",
        "/desk/cases/1/finding",
        "/desk/cases/1/decision",
        "/desk/cases/1/draft",
        "/desk/cases/1/release",
        "/desk/cases/1/recall",
        "/desk/cases/1/answer/1",
        "/desk/items",
        "/desk/items/identity--00000000-0000-4000-8000-000000000003",
        "/desk/quarantine",
        "/desk/partners",
        "/desk/partners/east.example",
        "/desk/partners/east.example/agreement",
        "/desk/channels/east.example",
        "/desk/channels/east.example/evidence",
        "/desk/interests",
        "/desk/audit",
        "/desk/proposals",
        "/desk/dangers",
        "/desk/exercises",
        "/desk/record",
        "/desk/record/case-1",
        "/desk/record/case-2",
        "/desk/record/identity--00000000-0000-4000-8000-000000000002",
        "/desk/readouts",
        "/desk/readouts/case-1",
        "/desk/charts",
        "/desk/map",
        "/desk/feeds",
        "/desk/users",
        "/desk/health",
        "/desk/account",
        "/desk/search?q=evil",
        "/desk/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/desk/search?q=%E2%80%AEevil%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&kind=%22%3E%3Cimg",
    ];
    look(&pair.west, "ana", &ours);
    let theirs = [
        "/desk/",
        "/desk/warnings",
        "/desk/warnings/1",
        "/desk/warnings/1/say/ask",
        "/desk/interests",
        "/desk/channels/west.example",
        "/desk/search?q=evil",
    ];
    look(&pair.east, "dora", &theirs);
}

#[test]
fn ten_megabytes_are_refused_and_the_largest_item_makes_no_page_heavy() {
    let node = Node::start_new(PROGRAM, "west.example");
    let object = |times: usize| {
        json!({
            "type": "identity", "spec_version": "2.1",
            "id": "identity--00000000-0000-4000-8000-000000000001",
            "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
            "name": "needle", "description": "<b>word</b> & \u{202e} ".repeat(times),
        })
        .to_string()
    };
    let id = "bundle--1b7f2f3e-7d0e-4b0a-9f8c-0c1d2e3f4a5b";
    let bundle = |object: &str| {
        let bundle = format!("{{\"type\":\"bundle\",\"id\":\"{id}\",\"objects\":[{object}]}}");
        node.write("large.json", bundle)
    };
    let path = bundle(&object(600_000));
    let refused = node.refused(&["intake", &path, "--as", "ana"]);
    assert!(refused.contains("is longer than 8388608 bytes"), "{refused}");
    let object = object(440_000);
    assert!(object.len() > 7_900_000, "{}", object.len());
    node.by("ana", &["intake", &bundle(&object)]);
    let items = node.json(&["item", "list"]);
    let id = items.last().unwrap().get("id").unwrap().as_str().unwrap().to_owned();
    give_password(&node, "rita");
    let mut rita = Desk::sign_in(&node, "rita");
    let item = format!("/desk/items/{id}");
    rita.wait_for("/desk/search?q=needle", "needle");
    for path in ["/desk/items", &item, "/desk/search?q=needle", "/desk/charts"] {
        let answer = rita.ask("GET", path, &[], "");
        assert_eq!(answer.status, 200, "{path}");
        is_harmless(path, &answer.text());
    }
    let kept = rita.ask("GET", &format!("/desk/bytes/{id}"), &[], "");
    assert!(kept.body == object.as_bytes(), "it is not as it came");
    assert!(kept.header("content-disposition").unwrap().starts_with("attachment"));
}
