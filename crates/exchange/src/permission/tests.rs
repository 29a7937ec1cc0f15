use super::*;
use serde_json::json;

fn name(text: &str) -> NodeName {
    NodeName::parse(text).unwrap()
}

fn at() -> Timestamp {
    Timestamp::parse("2026-03-01T12:00:00Z").unwrap()
}

const INDICATOR: &str = "indicator--00000000-0000-4000-8000-000000000001";

fn content() -> Content {
    Content {
        title: "A bombing is planned".into(),
        urgency: crate::scale::Urgency::Immediate,
        tlp: Tlp::Amber,
        valid_until: at().plus_minutes(60),
        persons: Vec::new(),
        bundle: json!({ "type": "bundle", "objects": [
            { "type": "marking-definition", "id": Tlp::Amber.id() },
            { "type": "report", "id": "report--00000000-0000-4000-8000-000000000002",
              "description": "Two men drive north.\n\nThey meet at the mill." },
            { "type": "indicator", "id": INDICATOR,
              "pattern": "[domain-name:value = 'evil.example']" },
        ]}),
    }
}

fn part(text: &str) -> Part {
    text.parse().unwrap()
}

fn request() -> Request {
    Request {
        parts: vec![part("title"), part("paragraph-1"), part(INDICATOR)],
        recipients: vec![name("north.example"), name("south.example")],
        reason: "they are concerned".into(),
    }
}

fn grant(parts: &[&str]) -> Grant {
    Grant {
        parts: parts.iter().map(|text| part(text)).collect(),
        recipients: vec![name("north.example")],
        conditions: "not to be named".into(),
        until: at().plus_minutes(10),
    }
}

#[test]
fn a_part_reads_back_and_one_that_is_not_there_is_not_asked_for() {
    for text in ["whole", "title", "paragraph-2", INDICATOR] {
        assert_eq!(part(text).to_string(), text);
    }
    for bad in ["paragraph-0", "paragraph--1", "", "all", "title "] {
        assert!(bad.parse::<Part>().is_err(), "{bad}");
    }
    let all = parts(&content());
    assert_eq!(all, ["title", "paragraph-1", "paragraph-2", INDICATOR].map(part));
    assert!(request().is_of(&content()).is_ok());
    let third = Request { parts: vec![part("paragraph-3")], ..request() };
    assert_eq!(third.is_of(&content()).unwrap_err().code, Code::NotFound);
    assert!(Request { reason: " ".into(), ..request() }.check().is_err());
    assert!(Request { recipients: Vec::new(), ..request() }.check().is_err());
    assert!(Request { parts: vec![part("title"); MAX_PARTS + 1], ..request() }.check().is_err());
}

#[test]
fn a_verdict_grants_no_more_than_was_asked_and_says_why_it_denies() {
    let answers = |grants: Vec<Grant>, reason: &str| {
        Verdict { grants, reason: reason.into() }.answers(&request(), &at())
    };
    assert!(answers(vec![grant(&["title", INDICATOR])], "").is_ok());
    assert!(answers(Vec::new(), "the source is in danger").is_ok());
    assert!(answers(Vec::new(), " ").is_err());
    assert!(answers(vec![grant(&["paragraph-2"])], "").is_err());
    assert!(answers(vec![grant(&["whole"])], "").is_err());
    let other = Grant { recipients: vec![name("west.example")], ..grant(&["title"]) };
    assert!(answers(vec![other], "").is_err());
    let past = Grant { until: at(), ..grant(&["title"]) };
    assert!(answers(vec![past], "").is_err());
    let all = Request { parts: vec![Part::Whole], ..request() };
    let verdict = Verdict { grants: vec![grant(&["paragraph-2"])], reason: String::new() };
    assert!(verdict.answers(&all, &at()).is_ok());
}

#[test]
fn what_leaves_says_granted_parts_and_no_others() {
    let content = content();
    let says = |grants: &[&Grant], text: &str| {
        let leaves = json!({ "objects": [{ "description": text }] });
        let number = WarningNumber::new(1);
        Granted(grants.to_vec()).must_cover((number, &content), &leaves).is_ok()
    };
    let some = grant(&["paragraph-1", "title"]);
    assert!(says(&[&some], "Look out: two men drive  NORTH."));
    assert!(!says(&[&some], "They meet at the\nmill."));
    assert!(!says(&[&some], "Block evil.example at once."));
    assert!(says(&[&some, &grant(&[INDICATOR])], "Block evil.example at once."));
    assert!(says(&[&grant(&["whole"])], "They meet at the mill: evil.example."));
}
