use super::*;
use crate::alert::{Category, Certainty, Severity, Urgency};
use crate::check::check;
use forewarn_stix::Timestamp;
use proptest::prelude::*;

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn at() -> Timestamp {
    Timestamp::parse("2017-12-15T09:30:00Z").unwrap()
}

fn info() -> Info {
    Info {
        language: Some("en".into()),
        categories: vec![Category::Security],
        event: "destruction".into(),
        urgency: Urgency::Immediate,
        severity: Severity::Severe,
        certainty: Certainty::Likely,
        effective: at(),
        expires: at().plus_minutes(60),
        sender_name: "Service of the West".into(),
        headline: "Planned bombing".into(),
        description: "It is planned for <Saturday> & Sunday.".into(),
        parameters: vec![Pair { name: "TLP".into(), value: "TLP:AMBER".into() }],
        resources: vec![Resource {
            description: "STIX 2.1 bundle".into(),
            mime_type: "application/stix+json;version=2.1".into(),
            size: 1_024,
            digest: "da39a3ee5e6b4b0d3255bfef95601890afd80709".into(),
        }],
        areas: vec![Area {
            description: "Kazan Cathedral".into(),
            geocodes: vec![Pair { name: "ISO3166-1".into(), value: "RU".into() }],
        }],
    }
}

fn alert(message: MessageType) -> Alert {
    Alert {
        identifier: name("warning--1"),
        sender: name("west.example"),
        sent: at(),
        status: Status::Exercise,
        message,
        scope: Scope::Private { addresses: vec![name("east.example")] },
        codes: vec![],
        note: Some("EXERCISE".into()),
        references: Vec::new(),
        info: vec![info()],
    }
}

fn reference() -> Reference {
    Reference { sender: name("west.example"), identifier: name("warning--0"), sent: at() }
}

#[test]
fn what_is_written_is_what_the_schema_asks_for() {
    let alert = alert(MessageType::Alert);
    let xml = write(&alert).unwrap();
    assert_eq!(check(&xml), []);
    let text = String::from_utf8(xml).unwrap();
    for line in [
        "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">",
        "<sent>2017-12-15T09:30:00-00:00</sent>",
        "<status>Exercise</status>",
        "<scope>Private</scope>",
        "<addresses>east.example</addresses>",
        "<description>It is planned for &lt;Saturday&gt; &amp; Sunday.</description>",
        "<expires>2017-12-15T10:30:00-00:00</expires>",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let restricted = Scope::Restricted { restriction: "TLP:AMBER".into() };
    let other = Alert { scope: restricted, ..alert };
    assert_eq!(check(&write(&other).unwrap()), []);
}

#[test]
fn what_is_about_another_alert_names_it_and_an_error_says_why() {
    for message in [MessageType::Update, MessageType::Cancel, MessageType::Ack, MessageType::Error]
    {
        assert!(write(&alert(message)).is_err(), "{message:?}");
        let named = Alert { references: vec![reference(), reference()], ..alert(message) };
        let text = String::from_utf8(write(&named).unwrap()).unwrap();
        let one = "west.example,warning--0,2017-12-15T09:30:00-00:00";
        assert!(text.contains(&format!("<references>{one} {one}</references>")), "{text}");
        assert_eq!(check(text.as_bytes()), []);
        let silent = Alert { note: None, status: Status::Actual, ..named };
        assert_eq!(write(&silent).is_err(), message == MessageType::Error, "{message:?}");
    }
}

#[test]
fn an_exercise_says_so_and_nothing_is_written_that_xml_cannot_hold() {
    let silent = Alert { note: None, ..alert(MessageType::Alert) };
    assert!(matches!(write(&silent), Err(NotWritten::Missing(_))));
    let mut bad = alert(MessageType::Alert);
    bad.info[0].description = "a bell \u{7}".into();
    let refused = NotWritten::Character { element: "description", character: 7 };
    assert_eq!(write(&bad), Err(refused));
}

proptest! {
    /// Whatever the words are: it is refused, or the schema takes it and the words come back.
    #[test]
    fn any_words_are_written_so_that_the_schema_takes_them(words in "\\PC{0,60}", note in ".{1,30}") {
        let mut one = alert(MessageType::Alert);
        one.info[0].headline = words;
        one.note = Some(format!("EXERCISE {note}"));
        if let Ok(xml) = write(&one) {
            prop_assert_eq!(check(&xml), []);
        }
    }
}
