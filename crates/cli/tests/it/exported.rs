//! The file of a case: what its reader may read of it, in several forms, without what is withheld, with
//! its marking, and on record.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_document::{Pdfs, read};
use forewarn_stix::object;
use forewarn_testkit::desk::{Desk, give_password};
use forewarn_testkit::{Node, Pair, until};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// A case that was released, asked about and answered; somebody has written what is withheld into its
/// reasons.
fn told() -> (Pair, String) {
    let pair = Pair::start(PROGRAM);
    let path = pair.west.write("item.txt", "Anton Velikov plans a bombing.");
    pair.west.by("ana", &["intake", &path, "--source", "HERON-7"]);
    let item = pair.west.json(&["item", "list"]).pop().unwrap();
    let item = item["id"].as_str().unwrap();
    pair.west
        .by("ana", &["case", "open", "--partner", "east.example", "--item", item, "--exercise"]);
    let case = "1".to_owned();
    let finding = ["case", "finding", &case, "--credible", "--threat", "destruction"];
    let words = ["--target", "a cathedral", "--reason", "Velikov said so to HERON-7"];
    pair.west.by("ana", &[&finding[..], &words].concat());
    pair.west.by("otto", &["case", "decide", &case, "warn", "--reason", "lives"]);
    pair.draft(&case, "Explosion in Kazan", "A bombing of Казанский собор is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.east.by("dora", &["warning", "open", "1"]);
    pair.east.agree_on_one("west.example");
    pair.east.by("dora", &["warning", "ask", "1", "--text", "=HYPERLINK(\"x\") at 王府?"]);
    until("the question", || {
        pair.west.good(&["case", "show", &case]).contains("HYPERLINK").then_some(())
    });
    (pair, case)
}

fn file(node: &Node, case: &str, form: &str) -> Vec<u8> {
    let out = node.file(&format!("file.{form}")).display().to_string();
    let said = node.by("rita", &["case", "export", case, "--to", form, "--out", &out]);
    assert!(said.contains("SHA-256"), "{said}");
    std::fs::read(out).unwrap()
}

#[test]
fn a_case_is_carried_away_as_table_bundle_and_pages_without_what_is_withheld() {
    let (pair, case) = told();
    pair.west.good(&["user", "add", "rita", "--role", "reader"]);
    let secrets = ["Velikov", "HERON"];

    let table = String::from_utf8(file(&pair.west, &case, "csv")).unwrap();
    assert!(table.starts_with("time,kind,who,what,entry,marked,file\n"), "{table}");
    for words in ["Explosion in Kazan", "Казанский собор", "(not shown", "=HYPERLINK", "EXERCISE"]
    {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert!(!secrets.iter().any(|secret| table.contains(secret)), "{table}");
    let times: Vec<&str> = table
        .lines()
        .filter(|line| {
            line.starts_with("20") && !line.contains(",state,") && !line.contains(",note,")
        })
        .filter_map(|line| line.get(..19))
        .collect();
    assert!(times.len() > 10 && times.is_sorted(), "{times:?}");

    let bundle: Value = serde_json::from_slice(&file(&pair.west, &case, "stix")).unwrap();
    let objects = bundle["objects"].as_array().unwrap();
    let of = |kind: &str| objects.iter().filter(|one| one["type"] == kind).count();
    assert!(of("note") > 10 && of("report") == 2, "{bundle}");
    for one in objects {
        let judged = object::judge(one.to_string().as_bytes());
        assert_eq!(judged.errors().count(), 0, "{one}: {judged:?}");
    }
    let words = bundle.to_string();
    assert!(!secrets.iter().any(|secret| words.contains(secret)), "{words}");
    // What our own people have written is for our organisation, whatever the warning is marked.
    let strict = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003";
    assert!(words.contains(strict), "{words}");

    let pdf = file(&pair.west, &case, "pdf");
    // For `make case-file`, which has other readers of PDF look at it.
    if let Ok(folder) = std::env::var("CASE_FILE_FOLDER") {
        std::fs::write(std::path::Path::new(&folder).join("case.pdf"), &pdf).unwrap();
    }
    let pages = read(&pdf, Pdfs::Read).unwrap().text;
    let words = ["File of case 1 for east.example", "TLP:AMBER+STRICT", "[U+738B]", "Receipts"];
    for words in words.into_iter().chain(["Казанский собор", "the partner holds it"])
    {
        assert!(pages.contains(words), "{words}: {pages}");
    }
    assert!(!secrets.iter().any(|secret| pages.contains(secret)), "{pages}");
    assert!(String::from_utf8_lossy(&pdf).contains("pdfaid:part"));

    // Each was put on record before rita had it, with its digest.
    let history = pair.west.get(&format!("/api/v1/cases/{case}")).to_string();
    let digest = forewarn_transcript::Hash::of(&pdf).to_string();
    assert!(history.contains(&format!("as pdf, TLP:AMBER+STRICT, SHA-256 {digest}")), "{history}");
    assert_eq!(history.matches("the case's file was carried away").count(), 3, "{history}");
}

/// Whoever feeds us writes under any key; and what was set aside in a warning means nothing else in a finding.
#[test]
fn a_name_under_a_key_of_machines_and_one_that_was_set_aside_elsewhere_stand_in_no_file() {
    let pair = Pair::start(PROGRAM);
    let west = &pair.west;
    west.good(&["user", "add", "rita", "--role", "reader"]);
    let indicator = serde_json::json!({
        "type": "indicator", "spec_version": "2.1", "id": "indicator--11111111-1111-4111-8111-111111111111",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "valid_from": "2026-01-01T00:00:00Z", "pattern_type": "stix",
        "pattern": "[domain-name:value = 'quillfeather.example']",
        "labels": ["source-heron-7", "hope-miller"], "handling": "told by Hope Miller",
    });
    let path = west.write("item.json", indicator.to_string());
    west.by("ana", &["intake", &path, "--source", "HERON-7"]);
    let id = indicator["id"].as_str().unwrap();
    west.by("ana", &["case", "open", "--partner", "east.example", "--item", id, "--exercise"]);
    let finding = ["case", "finding", "1", "--credible", "--threat", "destruction"];
    let words = ["--target", "a mill", "--reason", "Hope told us so at the station"];
    west.by("ana", &[&finding[..], &words].concat());
    west.by("otto", &["case", "decide", "1", "warn", "--reason", "lives"]);
    west.draft("1", "A bombing", "A bombing is planned.", "Hope Miller");
    let draft =
        ["case", "draft", "1", "--title", "A bombing", "--text", "There is hope that it fails."];
    let aside = ["--withhold", "Hope Miller", "--set-aside", "Hope Miller"];
    let until = ["--valid-until", "2099-01-01T00:00:00Z"];
    west.by("ana", &[&draft[..], &aside, &until].concat());
    let digest = west.digest("1");
    let release = ["case", "release", "1", "--digest", &digest, "--set-aside", "Hope Miller"];
    west.by("otto", &release);
    for form in ["csv", "stix", "pdf"] {
        let bytes = file(west, "1", form);
        let text = match form {
            "pdf" => read(&bytes, Pdfs::Read).unwrap().text,
            _ => String::from_utf8(bytes).unwrap(),
        };
        let lower = text.to_lowercase();
        for secret in ["miller", "heron", "told us so"] {
            assert!(!lower.contains(secret), "{form} {secret}: {text}");
        }
        // Where two persons have said that it means nothing, it stands.
        assert!(text.contains("There is hope that it fails."), "{form}: {text}");
    }
}

#[test]
fn a_version_is_exported_as_cap_on_record_and_one_that_is_not_there_is_refused() {
    let (pair, case) = told();
    pair.west.by("ana", &["case", "update", &case, "--title", "Explosion on Friday"]);
    pair.west.release("otto", &case);
    let export = ["case", "export", &case, "--to", "cap", "--as", "otto", "--version"];
    let version = |number: &'static str| [&export[..], &[number]].concat();
    let first = pair.west.good(&version("1"));
    assert!(first.contains("Alert") && first.contains("Explosion in Kazan"), "{first}");
    assert!(pair.west.good(&version("2")).contains("Update"));
    assert!(pair.west.refused(&version("3")).contains("no version `3`"));
    let table = ["case", "export", &case, "--to", "csv", "--version", "1", "--as", "otto"];
    assert!(pair.west.refused(&table).contains("CAP alone"));
    let history = pair.west.get(&format!("/api/v1/cases/{case}")).to_string();
    assert_eq!(history.matches("carried away as cap, TLP:AMBER, SHA-256").count(), 2, "{history}");
}

#[test]
fn the_desk_gives_the_file_as_an_attachment() {
    let (pair, case) = told();
    give_password(&pair.west, "ana");
    let mut ana = Desk::sign_in(&pair.west, "ana");
    let at = format!("/desk/cases/{case}/export");
    ana.open(&format!("/desk/cases/{case}")).follow("Export the file of this case");
    for (form, media) in
        [("pdf", "application/pdf"), ("csv", "text/csv; charset=utf-8; header=present")]
    {
        let answer = ana.keep("Make the file", &[("to", form)], &at);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some(media));
        let name = format!("attachment; filename=\"case-{case}.{form}\"");
        assert_eq!(answer.header("content-disposition"), Some(&*name));
        assert!(answer.body.len() > 1_000, "{form}");
    }
    ana.send_for("Make the file", &[], 422).says("Choose one");
    ana.open(&format!("/desk/cases/{case}")).says("carried away as pdf, TLP:AMBER+STRICT");
}
