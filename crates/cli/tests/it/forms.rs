//! The forms in which people bring things: what is read, by whatever way it comes, and what is
//! refused by its name.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, made};
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const TAXII: &str = "application/taxii+json;version=2.1";

fn run(folder: &std::path::Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM).current_dir(folder).args(arguments).output().unwrap()
}

fn bundle(objects: &[String]) -> String {
    format!(
        "{{\"type\":\"bundle\",\"id\":\"bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\",\"objects\":[{}]}}",
        objects.join(",")
    )
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn one_reader_reads_every_form_for_the_intake_and_for_the_validator() {
    let node = Node::start_new(PROGRAM, "west.example");
    let folder = tempfile::tempdir().unwrap();
    let forms: [fn(String, String) -> Vec<u8>; 13] = [
        |a, b| format!("\u{feff}{}", bundle(&[a, b])).into(),
        |a, b| format!("\u{feff}\u{feff}{}", bundle(&[a, b])).into(),
        |a, b| format!("\u{1e}{a}\n\u{1e}{b}\n").into(),
        |a, b| format!("\u{feff}{a}\n\u{feff}{b}\n").into(),
        |a, b| utf16(&bundle(&[a, b]), false).split_off(2),
        |a, b| utf16(&bundle(&[a, b]), true),
        |a, b| utf16(&format!("[{a},{b}]"), false),
        |a, b| format!("[\n{a},\n{b}]\n").into(),
        |a, b| format!("[{},{}]", bundle(&[a]), bundle(&[b])).into(),
        |a, b| format!("{a}\n{b}\n").into(),
        |a, b| format!("{}\n{}\n", bundle(&[a]), bundle(&[b])).into(),
        |a, b| format!("{{\"objects\":[{a},{b}]}}").into(),
        |a, b| format!("{{\"more\":true,\"objects\":[{a},{b}],\"next\":\"1\"}}").into(),
    ];
    for (n, form) in (0..).zip(forms) {
        let objects = [made::indicator(2 * n), made::indicator(2 * n + 1)];
        let [a, b] = objects.clone();
        std::fs::write(folder.path().join("form.json"), form(a, b)).unwrap();
        let valid = run(folder.path(), &["stix", "validate", "form.json"]);
        let told = String::from_utf8_lossy(&valid.stdout).into_owned();
        assert!(told.ends_with("2 valid, 0 not valid\n"), "form {n}: {told}");
        let path = folder.path().join("form.json").display().to_string();
        let taken = node.by("ana", &["intake", &path]);
        assert!(taken.contains("2 taken in"), "form {n}: {taken}");
        let id = format!("indicator--00000000-0000-4000-8000-{:012x}", 2 * n);
        assert_eq!(node.good(&["item", "show", &id]), objects[0], "form {n}");
    }
    let one = node.write("one.json", made::indicator(1_000));
    assert!(node.by("ana", &["intake", &one]).contains("1 taken in"));
    // TAXII has the envelope only; its mark is passed over.
    let auth = node.basic("ana");
    let headers = [("authorization", auth.as_str()), ("content-type", TAXII), ("accept", TAXII)];
    let marked = format!("\u{feff}{{\"objects\":[{}]}}", made::indicator(1_001));
    for (body, status) in [
        (marked, 202),
        (made::indicator(1_002), 422),
        (format!("[{}]", made::indicator(1_003)), 400),
    ] {
        let answer = node.connect().ask("POST", &node.collection(), &headers, body.as_bytes());
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    let text = node.write("text.txt", utf16("Угроза в Киеве", false));
    let taken = node.json(&["intake", &text, "--as", "ana"]).remove(0);
    let id = taken["ids"][0].as_str().unwrap();
    assert_eq!(node.good(&["item", "show", id]), "Угроза в Киеве");
}

#[test]
fn a_pattern_is_held_against_lists_of_bundles_too() {
    let folder = tempfile::tempdir().unwrap();
    let address = r#"{"type":"ipv4-addr","id":"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4","value":"198.51.100.3"}"#;
    for form in [format!("[{}]", bundle(&[address.into()])), format!("{address}\n")] {
        std::fs::write(folder.path().join("a.json"), form).unwrap();
        let met = run(
            folder.path(),
            &["stix", "match", "[ipv4-addr:value = '198.51.100.3']", "a.json", "--json"],
        );
        let told = String::from_utf8_lossy(&met.stdout).into_owned();
        assert!(told.contains("\"match\":true"), "{told}");
    }
}

/// What is not read, each with what it is called.
fn foreign() -> Vec<(Vec<u8>, &'static str)> {
    let mut tar = vec![0; 257];
    tar.extend(b"ustar\x0000");
    vec![
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0".to_vec(), "an Office document or Outlook message"),
        (b"\x1f\x8b\x08\0\0\0\0\0".to_vec(), "a gzip file"),
        (b"7z\xbc\xaf\x27\x1c\0\x04".to_vec(), "a 7z archive"),
        (tar, "a tar archive"),
        (
            b"<?xml version=\"1.0\"?><stix:STIX_Package xmlns:stix=\"http://stix.mitre.org/stix-1\"/>".to_vec(),
            "STIX 1 (XML)",
        ),
        (b"<?xml version=\"1.0\"?><alert><identifier>1</identifier></alert>".to_vec(), "XML"),
        (
            b"{\"8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\":{\"Orgc\":{\"name\":\"x\"}}}".to_vec(),
            "a MISP feed",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "an image (PNG)"),
        (b"{\"response\":[{\"objects\":[{}]}]}".to_vec(), "but `response`"),
        (b"{\"bundle\":{\"type\":\"bundle\"}}".to_vec(), "but `bundle`"),
        (b"{\"objects\":{}}".to_vec(), "`objects` must be a list"),
        (b"null\n".to_vec(), "the JSON value null"),
        (b"17".to_vec(), "a number"),
        (b"\"a threat\"".to_vec(), "a JSON string"),
        (b"{}".to_vec(), "it is an empty object"),
        (b"[]".to_vec(), "the list is empty"),
    ]
}

/// Documents, events of MISP, STIX 2.0 and lists, which people bring: where tools bring objects, they are refused.
fn documents() -> Vec<(Vec<u8>, &'static str)> {
    vec![
        (b"<!doctype html><html><body>A threat</body></html>".to_vec(), "a web page (HTML)"),
        (
            b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\nText"
                .to_vec(),
            "an e-mail message",
        ),
        (b"PK\x03\x04\x14\0\0\0bundle.json".to_vec(), "a zip archive"),
        (b"PK\x03\x04\x14\0\0\0[Content_Types].xml".to_vec(), "an Office document"),
        (b"PK\x03\x04\x14\0\0\0\x08\0content.xml".to_vec(), "an Office document"),
        (b"{\\rtf1\\ansi A threat}".to_vec(), "rich text (RTF)"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), "a PDF document"),
        (b"\r\n%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), "a PDF document"),
        (
            b"{\"type\":\"bundle\",\"spec_version\":\"2.0\",\"objects\":[{\"type\":\"tool\"}]}"
                .to_vec(),
            "STIX 2.0",
        ),
        (b"{\"Event\":{\"info\":\"x\",\"Attribute\":[]}}".to_vec(), "MISP events"),
        (b"indicator,type,date\n198.51.100.7,ip,2026-01-02\n".to_vec(), "a table (CSV)"),
    ]
}

#[test]
fn what_is_not_read_is_refused_by_its_name_on_every_way() {
    let node = Node::start_new(PROGRAM, "west.example");
    let (ana, auth) = ("ana", node.basic("ana"));
    let headers = [("authorization", auth.as_str()), ("content-type", TAXII), ("accept", TAXII)];
    for (bytes, name) in foreign().into_iter().chain(documents()) {
        let path = node.write("foreign", &bytes);
        if !documents().contains(&(bytes.clone(), name)) {
            let intake = node.refused(&["intake", &path, "--as", ana]);
            assert!(intake.contains(name), "{name}: {intake}");
        }
        let taxii = node.connect().ask("POST", &node.collection(), &headers, &bytes);
        assert!(matches!(taxii.status, 400 | 422), "{name}: {}", taxii.text());
        let validated = node.run(&["stix", "validate", &path]);
        let told = String::from_utf8_lossy(&validated.stdout).into_owned();
        assert_eq!(validated.status.code(), Some(1), "{name}: {told}");
        let named = told.contains(name) || name == "`objects` must be a list";
        assert!(named, "{name}: {told}");
    }
    assert!(node.json(&["item", "list"]).is_empty());
    assert!(node.json(&["quarantine", "list"]).is_empty());
}

#[test]
fn a_bad_line_is_named_and_kept_apart_and_the_others_are_taken_in() {
    let node = Node::start_new(PROGRAM, "west.example");
    let lines = |from: u64, bad: &str| {
        let (a, b, c) =
            (made::indicator(from), made::indicator(from + 1), made::indicator(from + 2));
        format!("{a}\n{bad}\n{b}\n\n{c}\n")
    };
    let cut = r#"{"type":"indicator","pattern":"[a:b ="#;
    for (n, bad) in (0..).zip([cut, r#"{"type":tru}"#, "and so on"]) {
        let path = node.write("lines.jsonl", lines(10 * n, bad));
        let told = node.run(&["intake", &path, "--as", "ana"]);
        let words = String::from_utf8_lossy(&told.stdout).into_owned();
        assert_eq!(told.status.code(), Some(1), "{words}");
        assert!(words.contains("3 taken in, 1 refused") && words.contains("line 2: "), "{words}");
        let kept = node.good(&["quarantine", "show", &(n + 1).to_string()]);
        assert!(kept.contains("line 2: ") && kept.contains(bad), "{kept}");
    }
    // Over the API, too, and for the validator.
    let auth = node.basic("ana");
    let headers = [("authorization", auth.as_str()), ("content-type", "application/json")];
    let body = lines(100, cut);
    let answer = node.connect().ask("POST", "/api/v1/intakes", &headers, body.as_bytes());
    let taken: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!((&taken["added"], &taken["refused"]), (&3.into(), &1.into()), "{taken}");
    assert!(taken["reasons"][0].to_string().contains("line 2: "), "{taken}");
    let path = node.write("lines.jsonl", lines(200, cut));
    let valid = node.run(&["stix", "validate", &path]);
    let told = String::from_utf8_lossy(&valid.stdout).into_owned();
    assert!(told.contains("3 valid, 1 not valid"), "{told}");
}

#[test]
fn a_text_stays_a_text() {
    let node = Node::start_new(PROGRAM, "west.example");
    for (n, text) in [
        "{TLP:AMBER} A source reports, with some doubt, that an attack is near.",
        "<urgent> Call back today; they, and others, are moving.",
        "[UPDATE] The group, again, has changed.",
        "From: the desk\nTo: all\nSubject: a threat\n\nThey move on Monday.",
        "Kyiv, Odesa, Lviv\nKharkiv, Dnipro, Sumy\nPoltava, Rivne, Lutsk\n",
    ]
    .iter()
    .enumerate()
    {
        let path = node.write(&format!("{n}.txt"), text);
        let taken = node.json(&["intake", &path, "--as", "ana"]).remove(0);
        assert!(taken["ids"][0].as_str().unwrap().starts_with("text--"), "{text}");
    }
    // A person may say that it is one.
    let table = node.write("table", "ip,type\n198.51.100.7,ip\n");
    assert!(node.refused(&["intake", &table, "--as", "ana"]).contains("--format text"));
    assert!(node.by("ana", &["intake", &table, "--format", "text"]).contains("1 taken in"));
    let pdf = node.write("pdf", "%PDF-1.4 of letters only");
    let told = node.refused(&["intake", &pdf, "--as", "ana", "--format", "text"]);
    assert!(told.contains("a PDF document"), "{told}");
}

#[test]
fn a_trial_says_what_would_be_refused_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "i.toml",
        "[[interest]]\nlabel = \"x\"\nurgency = \"expected\"\nany = [{ domain = \"a.example\" }]\n",
    );
    let good = made::indicator(1).replace("h1.example.net", "a.example");
    let bad = made::indicator(2).replace("\"pattern\":\"[", "\"pattern\":\"");
    write("mixed.json", &bundle(&[good, bad]));
    let told = run(folder.path(), &["interest", "test", "mixed.json", "--against", "i.toml"]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("strength") && told.contains("would be refused, because"), "{told}");
    assert!(told.contains("is not a STIX pattern"), "{told}");
    for (name, text, why) in [
        ("page.html", "<html></html>", "a page of HTML, and has no text"),
        ("wrapped.json", "{\"response\":[]}", "but `response`"),
    ] {
        write(name, text);
        let output = run(folder.path(), &["interest", "test", name, "--against", "i.toml"]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains("would be refused, because") && told.contains(why), "{told}");
    }
}
