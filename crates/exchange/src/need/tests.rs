use super::*;
use crate::case::{Case, Outward, Review};
use crate::scale::Clocks;

fn at(minute: i64) -> Timestamp {
    Timestamp::parse("2017-12-15T09:30:00Z").unwrap().plus_minutes(minute)
}

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

fn case(number: i64, urgency: Urgency, status: Status) -> Case {
    let partner = NodeName::parse("east.example").unwrap();
    let number = CaseNumber::new(number);
    Case::open(number, &partner, 1, (urgency, status), &at(0), &Clocks::default())
}

fn one(case: &Case) -> Need {
    of_case(case, &CaseKnown::default(), &Clocks::default(), &at(0)).remove(0)
}

#[test]
fn what_is_meant_comes_first_then_what_is_due_first_and_what_has_no_deadline_last() {
    let exercise = one(&case(1, Urgency::Immediate, Status::Exercise));
    let test = one(&case(2, Urgency::Immediate, Status::Test));
    let later = one(&case(3, Urgency::Future, Status::Actual));
    let first = one(&case(4, Urgency::Immediate, Status::Actual));
    let refused = of_quarantine(3, 1, at(-90));
    let mut all = [exercise, later, refused, test, first];
    sort(&mut all);
    let names: Vec<String> = all.iter().map(Need::name).collect();
    let expected =
        ["finding case-4", "finding case-3", "quarantine", "finding case-1", "finding case-2"];
    assert_eq!(names, expected);
}

#[test]
fn a_need_is_soon_before_it_is_overdue_and_without_a_deadline_neither() {
    let need = one(&case(1, Urgency::Expected, Status::Actual));
    assert_eq!(need.state(&at(0)), State::Running);
    assert_eq!(need.state(&at(20 - SOON_MINUTES)), State::Soon);
    assert_eq!(need.state(&at(20)), State::Soon);
    assert_eq!(need.state(&at(21)), State::Overdue);
    assert_eq!(of_quarantine(1, 1, at(0)).state(&at(1_000_000)), State::Running);
}

#[test]
fn a_released_case_needs_what_is_to_be_looked_at_delivered_and_released_next() {
    let mut case = case(1, Urgency::Expected, Status::Actual);
    case.outward = Outward::Released;
    case.clock = case.clock.stop();
    assert!(of_case(&case, &CaseKnown::default(), &Clocks::default(), &at(0)).is_empty());
    case.awaits = Some(7);
    case.review = Some(Review { since: at(5), revoked: Vec::new(), joined: Vec::new() });
    let draft = Some(Written { by: vec![name("ana"), name("anton")], at: at(20) });
    let known = CaseKnown { draft, sent: Some(at(10)), ..CaseKnown::default() };
    let needs = of_case(&case, &known, &Clocks::default(), &at(0));
    let kinds: Vec<Kind> = needs.iter().map(|need| need.kind).collect();
    assert_eq!(kinds, [Kind::Release, Kind::Review, Kind::Undelivered]);
    assert_eq!(needs[0].due, Some(at(40)), "its clock has stopped: it has the same time again");
    assert_eq!(needs[0].whom.not, [name("ana"), name("anton")]);
    assert_eq!(needs[2].since, Some(at(10)));
}

#[test]
fn a_recall_waits_for_its_answer_once_the_partner_holds_it() {
    let mut case = case(1, Urgency::Expected, Status::Actual);
    case.outward = Outward::Recalled;
    case.clock = case.clock.stop();
    let mut known = CaseKnown { sent: Some(at(10)), ..CaseKnown::default() };
    case.awaits = Some(3);
    assert_eq!(of_case(&case, &known, &Clocks::default(), &at(0))[0].kind, Kind::Undelivered);
    case.awaits = None;
    let need = of_case(&case, &known, &Clocks::default(), &at(0)).remove(0);
    assert_eq!((need.kind, need.due), (Kind::RecallUnanswered, Some(at(70))));
    known.recall_answered = true;
    assert!(of_case(&case, &known, &Clocks::default(), &at(0)).is_empty());
}

#[test]
fn every_kind_has_a_word_of_its_own() {
    let words: std::collections::BTreeSet<&str> =
        Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(words.len(), Kind::ALL.len());
    for kind in Kind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
    }
}
