//! Drafts, composed and changed.

use super::*;
use crate::estimate::Band;
use crate::gate::{Limits, check};

pub(crate) fn request() -> DraftRequest {
    DraftRequest {
        likelihood: Some(Band::VeryLikely.first()),
        places: vec!["Kazan Cathedral".into()],
        observables: vec!["c2.example.org".into(), "198.51.100.7".into()],
        withhold: vec!["Ivan Petrov".into()],
        ..DraftRequest::new(
            "Planned bombing",
            "A group plans a bombing at a cathedral.",
            Tlp::Amber,
            Timestamp::parse("2017-12-20T00:00:00Z").unwrap(),
        )
    }
}

pub(crate) fn made(request: &DraftRequest) -> Draft {
    let at = Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap();
    let origin = Origin {
        organisation: "Service A",
        by: &crate::name::UserName::parse("ana").unwrap(),
        at: &at,
        urgency: Urgency::Immediate,
        status: Status::Exercise,
        lineage: &[],
        sources: &["HERON".into()],
        marking: None,
    };
    compose(request, &origin, &mut Ids::new(Hash::of(b"s"))).unwrap()
}

#[test]
fn a_draft_of_our_own_objects_passes_the_gate_and_says_exercise() {
    let draft = made(&request());
    let limits = Limits {
        own_name: "Service A".into(),
        ceiling: Tlp::Amber,
        withheld: draft.withheld.clone(),
    };
    let released = check(draft.bundle.as_bytes(), &limits).unwrap();
    assert_eq!(released.digest(), draft.digest);
    assert!(draft.bundle.contains("EXERCISE: Planned bombing"));
    assert!(draft.bundle.contains("[ipv4-addr:value = '198.51.100.7']"));
}

/// A hash, an e-mail address or a CVE could once only be told in the text.
#[test]
fn observables_of_every_kind_are_valid_and_pass_the_gate() {
    let observables = [
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "mule@mail.example",
        "CVE-2021-44228",
    ];
    let observables = observables.map(str::to_owned).to_vec();
    let draft = made(&DraftRequest { observables, ..request() });
    let limits = Limits {
        own_name: "Service A".into(),
        ceiling: Tlp::Amber,
        withheld: draft.withheld.clone(),
    };
    check(draft.bundle.as_bytes(), &limits).unwrap();
    for part in [
        "[file:hashes.'MD5' = 'd41d8cd98f00b204e9800998ecf8427e']",
        "file:hashes.'SHA-1'",
        "file:hashes.'SHA-256'",
        "[email-addr:value = 'mule@mail.example']",
        r#"{"external_id":"CVE-2021-44228","source_name":"cve"}"#,
    ] {
        assert!(draft.bundle.contains(part), "{part}: {}", draft.bundle);
    }
}

#[test]
fn a_next_version_starts_from_the_last_and_drops_nothing_in_silence() {
    let last = DraftRequest {
        lowering: Some(Lowering { permission: "theirs".into(), reason: "lives".into() }),
        ..request()
    };
    let changes = DraftChanges {
        text: Some("It is planned for Friday.".into()),
        places: vec!["Moscow".into(), "Kazan Cathedral".into()],
        without: vec!["198.51.100.7".into()],
        withhold: vec!["Anna Orlova".into()],
        ..DraftChanges::default()
    };
    let next = changes.of(&last).unwrap();
    let expected = DraftRequest {
        text: "It is planned for Friday.".into(),
        places: vec!["Kazan Cathedral".into(), "Moscow".into()],
        observables: vec!["c2.example.org".into()],
        withhold: vec!["Ivan Petrov".into(), "Anna Orlova".into()],
        ..last.clone()
    };
    assert_eq!(next, expected);
    // Whose permission was for one marking has said nothing of another.
    let clear = DraftChanges { tlp: Some(Tlp::Clear), ..DraftChanges::default() };
    assert_eq!(clear.of(&last).unwrap().lowering, None);
    let nothing = DraftChanges { title: Some(last.title.clone()), ..DraftChanges::default() };
    assert_eq!(nothing.of(&last).unwrap_err().code, Code::EmptyDraft);
    let unknown = DraftChanges { without: vec!["198.51.100.8".into()], ..nothing };
    assert_eq!(unknown.of(&last).unwrap_err().code, Code::NotFound);
}

#[test]
fn a_place_or_observable_that_is_none_is_refused() {
    let at = Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap();
    let origin = Origin {
        organisation: "A",
        by: &crate::name::UserName::parse("ana").unwrap(),
        at: &at,
        urgency: Urgency::Future,
        status: Status::Actual,
        lineage: &[],
        sources: &[],
        marking: None,
    };
    for bad in [
        DraftRequest { places: vec!["Atlantis".into()], ..request() },
        DraftRequest { observables: vec!["not one".into()], ..request() },
        DraftRequest { valid_until: at.clone(), ..request() },
        DraftRequest { text: " ".into(), ..request() },
    ] {
        assert!(compose(&bad, &origin, &mut Ids::new(Hash::of(b"s"))).is_err());
    }
}

/// TLP 2.0 §1: RED is for the eyes of individual recipients.
#[test]
fn what_is_red_names_persons_and_nothing_else_does() {
    let red = DraftRequest { tlp: Tlp::Red, ..request() };
    let named = |persons: &[&str]| {
        persons::check(&DraftRequest {
            persons: persons.iter().map(|&name| name.to_owned()).collect(),
            ..red.clone()
        })
    };
    assert_eq!(named(&["Dora Ek", "Emil Berg"]), Ok(()));
    let many: Vec<String> = (0..=persons::MAX_PERSONS).map(|n| format!("Person {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for bad in [&[][..], &[""], &[" Dora Ek"], &["Dora\nEk"], &["Dora Ek", "Dora Ek"], &many] {
        assert_eq!(named(bad).unwrap_err().code, Code::Persons, "{bad:?}");
    }
    let amber = DraftRequest { persons: vec!["Dora Ek".into()], ..request() };
    assert_eq!(persons::check(&amber).unwrap_err().code, Code::Persons);
    // Another marking is another circle of readers.
    let last = DraftRequest { persons: vec!["Dora Ek".into()], ..red };
    let amber = DraftChanges { tlp: Some(Tlp::Amber), ..DraftChanges::default() };
    assert_eq!(amber.of(&last).unwrap().persons, [] as [&str; 0]);
    let text = DraftChanges { text: Some("Tonight.".into()), ..DraftChanges::default() };
    assert_eq!(text.of(&last).unwrap().persons, ["Dora Ek"]);
}
