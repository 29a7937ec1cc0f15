//! Drafts, composed and changed.

use super::*;
use crate::estimate::{Band, Confidence};
use crate::gate::{Limits, check};
use crate::handling::tests_policy as policy;
use crate::handling::{Handling, HandlingCode};
use crate::scale::{Certainty, Severity};

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
    made_from(request, &[])
}

/// Made from an item that names these.
fn made_from(request: &DraftRequest, lineage: &[String]) -> Draft {
    let at = Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap();
    let origin = Origin {
        organisation: "Service A",
        by: &crate::name::UserName::parse("ana").unwrap(),
        at: &at,
        urgency: Urgency::Immediate,
        status: Status::Exercise,
        lineage,
        sources: &["HERON".into()],
        marking: Marks::default(),
    };
    compose(request, &origin, &mut Ids::new(Hash::of(b"s"))).unwrap()
}

#[test]
fn a_draft_of_our_own_objects_passes_the_gate_and_says_exercise() {
    let draft = made(&request());
    let limits = Limits {
        own_name: "Service A".into(),
        ceiling: Tlp::Amber,
        handling: HandlingCode::ALL.into(),
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
        handling: HandlingCode::ALL.into(),
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
        marking: Marks::default(),
    };
    for bad in [
        DraftRequest { places: vec!["Atlantisgrad".into()], ..request() },
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
    let many: Vec<String> =
        (0..=crate::named::MAX_PERSONS).map(|n| format!("Person {n}")).collect();
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

fn passes(draft: &Draft, ceiling: Tlp) -> Result<(), Vec<crate::gate::Objection>> {
    let own_name = "Service A".into();
    let (handling, withheld) = (HandlingCode::ALL.into(), draft.withheld.clone());
    let limits = Limits { own_name, ceiling, handling, withheld };
    check(draft.bundle.as_bytes(), &limits).map(drop)
}

fn full() -> DraftRequest {
    let at = |text: &str| Timestamp::parse(text).unwrap();
    DraftRequest {
        grading: Grading {
            severity: Some(Severity::Extreme),
            certainty: Some(Certainty::Likely),
            confidence: Some(Confidence::Moderate),
        },
        handling: Handling {
            codes: [HandlingCode::H1, HandlingCode::H2, HandlingCode::H3].into(),
            text: "call before you act".into(),
            pap: Some(Pap::Amber),
            iep: Some(policy("amber", "may")),
            notify_reason: String::new(),
        },
        include: Include {
            targets: vec![Target {
                name: "visitors of the cathedral".into(),
                class: Some(TargetClass::Group),
            }],
            sectors: vec!["government".into()],
            incidents: vec!["a search of a flat".into()],
            observed: vec![Observed {
                value: "c2.example.org".into(),
                count: 3,
                first: at("2017-12-14T10:00:00Z"),
                last: at("2017-12-15T08:00:00Z"),
            }],
            times: vec!["Saturday, 16 December".into()],
        },
        tear_line: Some(TearLine { text: "Be careful at churches.".into(), tlp: Tlp::Green }),
        ..request()
    }
}

/// Everything that may be put in, at once: valid, within the marking, and nothing refers out of it.
#[test]
fn a_draft_with_everything_is_valid_and_reads_back() {
    let draft = made(&full());
    assert_eq!(passes(&draft, Tlp::Amber), Ok(()));
    let bundle: Value = serde_json::from_str(&draft.bundle).unwrap();
    let read = extension::Graded::read(&bundle);
    assert_eq!(read.severity, Some(Severity::Extreme));
    assert_eq!(read.certainty, Some(Certainty::Likely));
    assert_eq!(read.confidence, Some(Confidence::Moderate));
    assert_eq!(read.likelihood, request().likelihood);
    assert_eq!(read.urgency, Some(Urgency::Immediate));
    assert_eq!(read.valid_until, Some(request().valid_until));
    assert_eq!(read.handling, [HandlingCode::H1, HandlingCode::H2, HandlingCode::H3]);
    assert_eq!((read.handling_text.as_str(), read.pap), ("call before you act", Some(Pap::Amber)));
    assert_eq!(read.iep.unwrap()["affected_party_notifications"], "may");
    let kinds: Vec<&str> = bundle["objects"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["type"].as_str())
        .collect();
    for kind in ["identity", "location", "indicator", "incident", "observed-data", "domain-name"] {
        assert!(kinds.contains(&kind), "{kind}");
    }
    // What a partner's node asks of it.
    let content = crate::message::Content {
        title: draft.title.clone(),
        urgency: Urgency::Immediate,
        tlp: draft.tlp,
        valid_until: draft.valid_until.clone(),
        persons: Vec::new(),
        bundle,
    };
    assert_eq!(content.check(), Ok(()));
}

/// Whoever has no program of ours reads them in the text, likelihood and confidence apart.
#[test]
fn the_text_says_in_words_what_the_extension_says() {
    let draft = made(&full());
    let bundle: Value = serde_json::from_str(&draft.bundle).unwrap();
    let report = bundle["objects"].as_array().unwrap().iter().find(|one| one["type"] == "report");
    let text = report.unwrap()["description"].as_str().unwrap();
    for words in [
        "\n\nWhen: Saturday, 16 December",
        "\n\nLikelihood: very likely (80-95 %)\n\nConfidence: moderate",
        "\n\nSeverity: extreme",
        "Not to be disclosed in judicial proceedings",
        "Handling H3: Other restrictions: call before you act",
        "PAP:AMBER",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// The tear line has a marking of its own, says EXERCISE like the rest, and is looked through.
#[test]
fn a_tear_line_is_an_object_of_its_own_and_passes_the_same_gate() {
    let bundle: Value = serde_json::from_str(&made(&full()).bundle).unwrap();
    let torn = extension::TearLineRead::read(&bundle);
    assert_eq!(torn.len(), 1);
    assert_eq!(
        (torn[0].text.as_str(), torn[0].tlp),
        ("EXERCISE: Be careful at churches.", Tlp::Green)
    );
    let said = TearLine { text: "Petrov is in town.".into(), tlp: Tlp::Green };
    let leaks = made(&DraftRequest { tear_line: Some(said), ..request() });
    assert_eq!(passes(&leaks, Tlp::Amber).unwrap_err()[0].rule, "withheld");
}

/// What is written for wider handling needs the originator's permission as much as a lower marking.
#[test]
fn a_tear_line_below_the_originals_is_a_decision_too() {
    let at = Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap();
    let by = crate::name::UserName::parse("ana").unwrap();
    let origin = Origin {
        organisation: "A",
        by: &by,
        at: &at,
        urgency: Urgency::Future,
        status: Status::Actual,
        lineage: &[],
        sources: &[],
        marking: Tlp::Amber.into(),
    };
    let torn = Some(TearLine { text: "Be careful.".into(), tlp: Tlp::Clear });
    let request = DraftRequest { tear_line: torn, ..request() };
    let refused = compose(&request, &origin, &mut Ids::new(Hash::of(b"s"))).unwrap_err();
    assert_eq!(refused.code, Code::Marking);
    let lowering = Lowering { permission: "theirs".into(), reason: "the public is at risk".into() };
    let said = DraftRequest { lowering: Some(lowering), ..request };
    let draft = compose(&said, &origin, &mut Ids::new(Hash::of(b"s"))).unwrap();
    assert!(draft.still_marked(Tlp::Amber.into()).is_ok());
    assert!(draft.still_marked(Tlp::Red.into()).is_err());
}

/// That the originals allowed no noticed action once got lost on the way to the partner.
#[test]
fn a_draft_that_lets_actions_be_noticed_more_than_its_originals_is_a_decision() {
    let at = Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap();
    let by = crate::name::UserName::parse("ana").unwrap();
    let origin = Origin {
        organisation: "A",
        by: &by,
        at: &at,
        urgency: Urgency::Future,
        status: Status::Actual,
        lineage: &[],
        sources: &[],
        marking: Marks { tlp: None, pap: Some(Pap::Amber) },
    };
    let drafted = |pap: Option<Pap>, lowering: Option<Lowering>| {
        let handling = Handling { pap, ..Handling::default() };
        let request = DraftRequest { lowering, handling, ..request() };
        compose(&request, &origin, &mut Ids::new(Hash::of(b"s")))
    };
    for looser in [None, Some(Pap::Green)] {
        let refused = drafted(looser, None).unwrap_err();
        assert_eq!(refused.code, Code::Marking);
        assert!(refused.message.contains("the originals are PAP:AMBER"), "{}", refused.message);
    }
    let strict = drafted(Some(Pap::Amber), None).unwrap();
    assert_eq!((strict.originals_pap, strict.lowering), (Some(Pap::Amber), None));
    let lowering = Lowering { permission: "theirs".into(), reason: "it is blocked".into() };
    let loose = drafted(None, Some(lowering)).unwrap();
    assert!(loose.lowering.is_some());
    let now = |pap: Pap| Marks { tlp: None, pap: Some(pap) };
    assert!(loose.still_marked(now(Pap::Amber)).is_ok());
    assert!(loose.still_marked(now(Pap::Red)).is_err());
}

#[test]
fn likelihood_and_confidence_in_one_sentence_are_refused_in_the_tear_line_too() {
    let text = "We judge with high confidence that an attack is very likely.";
    let torn = TearLine { text: text.into(), tlp: Tlp::Green };
    for request in [
        DraftRequest { text: text.into(), ..request() },
        DraftRequest { tear_line: Some(torn), ..request() },
    ] {
        assert_eq!(super::text::check(&request).unwrap_err().code, Code::Wording);
    }
}

/// A program of before has written drafts and journals without any of this.
#[test]
fn what_was_drafted_before_still_reads() {
    let old = json!({
        "title": "t", "text": "x", "tlp": "amber", "valid_until": "2017-12-20T00:00:00Z",
        "likelihood": "very-likely", "places": [], "observables": [], "withhold": [],
    });
    let read: DraftRequest = serde_json::from_value(old.clone()).unwrap();
    assert_eq!(read.likelihood, request().likelihood);
    // And what says no more than they could is written as they wrote it.
    assert_eq!(serde_json::to_value(&read).unwrap(), old);
}

/// The permission was for one tear line; it once let another go out too.
#[test]
fn a_permission_for_a_tear_line_ends_with_it() {
    let line = |text: &str| Some(TearLine { text: text.into(), tlp: Tlp::Clear });
    let lowering = Some(Lowering { permission: "theirs".into(), reason: "lives".into() });
    let last = DraftRequest { lowering, tear_line: line("Be careful."), ..request() };
    let text = DraftChanges { text: Some("Tonight.".into()), ..DraftChanges::default() };
    assert_eq!(text.of(&last).unwrap().lowering, last.lowering);
    let other = DraftChanges { tear_line: line("Stay at home."), ..DraftChanges::default() };
    assert_eq!(other.of(&last).unwrap().lowering, None);
    let gone = DraftChanges { without: vec!["tear-line".into()], ..DraftChanges::default() };
    let gone = gone.of(&last).unwrap();
    assert_eq!((gone.tear_line, gone.lowering), (None, None));
}

/// A likelihood, a tear line and handling could once be said, and never be taken back.
#[test]
fn every_part_that_is_said_can_be_left_out_of_the_next_version() {
    let tear_line = Some(TearLine { text: "Be careful.".into(), tlp: Tlp::Clear });
    let last = DraftRequest { tear_line, ..full() };
    for part in PARTS {
        let without = vec![(*part).to_owned()];
        let changes = DraftChanges { without, ..DraftChanges::default() };
        let next = changes.of(&last).unwrap();
        assert_ne!(next, last, "{part}");
        assert_eq!(changes.of(&next).unwrap_err().code, Code::NotFound, "{part} is gone");
    }
    let without = PARTS.iter().map(|&part| part.to_owned()).collect();
    let bare = DraftChanges { without, ..DraftChanges::default() }.of(&last).unwrap();
    let rest = DraftRequest { include: last.include.clone(), ..request() };
    assert_eq!(bare, DraftRequest { likelihood: None, ..rest });
}

/// `--pap` in an update once dropped the handling codes and the policy.
#[test]
fn handling_that_is_not_named_stays() {
    let last = full();
    let handling = Some(Handling { pap: Some(Pap::Red), ..Handling::default() });
    let next = DraftChanges { handling, ..DraftChanges::default() }.of(&last).unwrap();
    assert_eq!(next.handling, Handling { pap: Some(Pap::Red), ..last.handling.clone() });
    let codes = [HandlingCode::H1].into();
    let handling = Some(Handling { codes, ..Handling::default() });
    let next = DraftChanges { handling, ..DraftChanges::default() }.of(&last).unwrap().handling;
    assert_eq!((next.codes.len(), next.text.as_str()), (1, ""), "codes go with their words");
    assert_eq!((next.pap, next.iep), (last.handling.pap, last.handling.iep));
}

/// The address of an original's observable is what the warning is about, also as what was observed.
#[test]
fn what_was_observed_does_not_shut_the_gate_as_the_id_of_an_original() {
    let at = Timestamp::parse("2017-12-15T09:30:00.000Z").unwrap();
    let value = "http://c2.example.org/a".to_owned();
    let observed = Observed { value: value.clone(), count: 1, first: at.clone(), last: at };
    let include = Include { observed: vec![observed], ..Include::default() };
    let request = DraftRequest { include, ..request() };
    assert_eq!(passes(&made_from(&request, &[value]), Tlp::Amber), Ok(()));
}
