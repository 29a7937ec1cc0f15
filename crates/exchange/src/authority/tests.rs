use super::*;
use crate::draft::{Marks, ObservableKind as Kind};
use crate::name::NodeName;
use crate::scale::Grade;
use forewarn_extract::threat::Threat;
use forewarn_stix::marking::{Pap, Tlp};
use proptest::prelude::*;

fn at() -> Timestamp {
    Timestamp::parse("2026-03-01T12:00:00Z").unwrap()
}

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

fn class() -> Class {
    Class {
        partner: NodeName::parse("east.example").unwrap(),
        interests: vec!["interest--1".into()],
        kinds: vec![Kind::Address, Kind::Domain],
        sources: vec!["sensor-4".into()],
        least: Some(Grade::parse("B2").unwrap()),
        tlp: Tlp::Amber,
        threat: Threat::Compromise,
        target: "machines in the partner's networks".into(),
        reason: "an address of the partner's is in a list of machines under control".into(),
        title: "{observables} under control".into(),
        text: "Look at {observables}.".into(),
        holds: 24 * 60,
        rate: Rate { most: 2, minutes: 60 },
        until: at().plus_minutes(60),
    }
}

fn interest(id: &str, change: i64) -> AsGiven {
    AsGiven { id: id.into(), change }
}

fn given(class: Class) -> Authority {
    let persons = (&name("ana"), &name("otto"));
    let class = (class, vec![interest("interest--1", 7)]);
    Authority::give(AuthorityNumber::new(1), class, persons, &at()).unwrap()
}

fn met(partner: &NodeName) -> Met<'_> {
    Met {
        partner,
        interests: vec![interest("interest--1", 7)],
        sources: vec!["sensor-4".into()],
        grades: vec![Some(Grade::parse("A1").unwrap())],
        marking: Marks { tlp: Some(Tlp::Green), pap: Some(Pap::Clear) },
        whole: true,
        values: vec!["203.0.113.7".into(), "Anton Velikov".into(), "203.0.113.7".into()],
    }
}

#[test]
fn only_observables_of_its_kinds_leave_and_nothing_else_that_met() {
    let (authority, partner) = (given(class()), class().partner);
    assert_eq!(authority.covers(&met(&partner), &at()).unwrap(), ["203.0.113.7"]);
    let request = authority.class.request(vec!["203.0.113.7".into()], &at());
    assert_eq!(request.title, "203.0.113.7 under control");
    assert_eq!(request.valid_until, at().plus_minutes(24 * 60));
}

#[test]
fn whatever_is_not_of_the_class_is_left_to_a_person() {
    let (authority, partner) = (given(class()), class().partner);
    let other = NodeName::parse("north.example").unwrap();
    let whole = || met(&partner);
    let cases: Vec<(Met<'_>, NotCovered)> = vec![
        (Met { partner: &other, ..whole() }, NotCovered::Interest {}),
        (
            Met {
                interests: vec![interest("interest--1", 7), interest("interest--2", 8)],
                ..whole()
            },
            NotCovered::Interest {},
        ),
        // The partner has changed it since.
        (Met { interests: vec![interest("interest--1", 9)], ..whole() }, NotCovered::Interest {}),
        (
            Met { sources: vec!["sensor-4".into(), "HERON-7".into()], ..whole() },
            NotCovered::Source {},
        ),
        (Met { sources: Vec::new(), ..whole() }, NotCovered::Source {}),
        (Met { grades: vec![Some(Grade::parse("C2").unwrap())], ..whole() }, NotCovered::Grade {}),
        (Met { grades: vec![None], ..whole() }, NotCovered::Grade {}),
        (Met { marking: Tlp::Red.into(), ..whole() }, NotCovered::Marking { tlp: Tlp::Red }),
        (
            Met { marking: Marks { tlp: None, pap: Some(Pap::Green) }, ..whole() },
            NotCovered::Pap { pap: Pap::Green },
        ),
        (Met { whole: false, ..whole() }, NotCovered::Items {}),
        (Met { values: vec!["Anton Velikov".into()], ..whole() }, NotCovered::Nothing {}),
        (Met { values: vec!["https://a.example/x".into()], ..whole() }, NotCovered::Nothing {}),
    ];
    for (met, why) in cases {
        assert_eq!(authority.covers(&met, &at()), Err(why), "{met:?}");
    }
    assert_eq!(authority.has_left(2), Err(NotCovered::Rate {}));
    assert_eq!(authority.has_left(1), Ok(()));
    let late = at().plus_minutes(61);
    assert_eq!(authority.covers(&whole(), &late), Err(NotCovered::Ended {}));
    let revoked = authority.revoke(&name("otto"), "the list is full of mistakes", &at()).unwrap();
    assert_eq!(revoked.covers(&whole(), &at()), Err(NotCovered::Ended {}));
    let again = revoked.revoke(&name("ana"), "again", &at());
    assert_eq!(again.unwrap_err().code, Code::Stage);
}

#[test]
fn a_class_without_bounds_is_refused() {
    let refused = |class: Class| {
        let persons = (&name("ana"), &name("otto"));
        let class = (class, Vec::new());
        Authority::give(AuthorityNumber::new(1), class, persons, &at()).unwrap_err().code
    };
    assert_eq!(refused(Class { interests: Vec::new(), ..class() }), Code::BadRequest);
    assert_eq!(refused(Class { sources: Vec::new(), ..class() }), Code::BadRequest);
    assert_eq!(refused(Class { kinds: Vec::new(), ..class() }), Code::BadRequest);
    assert_eq!(refused(Class { title: " ".into(), ..class() }), Code::BadRequest);
    assert_eq!(refused(Class { holds: 0, ..class() }), Code::BadRequest);
    let rate = Rate { most: 0, minutes: 60 };
    assert_eq!(refused(Class { rate, ..class() }), Code::BadRequest);
    assert_eq!(refused(Class { until: at(), ..class() }), Code::Horizon);
    let until = at().plus_minutes(400 * 24 * 60);
    assert_eq!(refused(Class { until, ..class() }), Code::Horizon);
}

proptest! {
    /// Whatever met, what leaves is an observable of the class's kinds that was among it.
    #[test]
    fn nothing_leaves_that_did_not_meet(values in prop::collection::vec(".{0,30}", 0..8)) {
        let (authority, partner) = (given(class()), class().partner);
        let met = Met { values: values.clone(), ..met(&partner) };
        for one in authority.covers(&met, &at()).unwrap_or_default() {
            prop_assert!(values.contains(&one));
            let kind = Kind::of(&one);
            prop_assert!(matches!(kind, Some(Kind::Address | Kind::Domain)));
        }
    }
}
