//! Finding, waiver, referral, pause, urgency, merging: the rules of a case before anything is written.

use super::*;
use crate::clocks::Office;
use crate::estimate::Band;
use crate::estimate::Confidence;

fn after(minutes: i64) -> Timestamp {
    at().plus_minutes(minutes)
}

/// Runs one step as one person, so many minutes later.
fn later<T>(minutes: i64, name: &str, step: impl FnOnce(&mut Acting) -> T) -> T {
    let (at, by) = (after(minutes), user(name));
    let mut ids = Ids::new(Hash::of(name.as_bytes()));
    step(&mut Acting { by: &by, at: &at, ids: &mut ids })
}

fn waived() -> Case {
    decide(found(case()).unwrap(), waive(), "otto").unwrap()
}

fn find(finding: Finding) -> Result<Case, Refusal> {
    by("ana", |acting| case().find(finding, &CLOCKS, acting))
}

#[test]
fn each_part_of_a_finding_may_have_its_own_reason() {
    let none = Finding { reason: " ".into(), ..finding() };
    assert_eq!(code(find(none.clone())), Code::Finding);
    let mut reasons = Reasons {
        credible: "two sources".into(),
        specific: "the place is named".into(),
        impending: String::new(),
    };
    assert_eq!(code(find(Finding { reasons: reasons.clone(), ..none.clone() })), Code::Finding);
    reasons.impending = "it is to be tomorrow".into();
    assert!(find(Finding { reasons, ..none }).is_ok());
}

#[test]
fn nationality_is_on_record_and_never_a_ground() {
    for nationality in ["", "any", "Russian and others", "stateless"] {
        let finding = Finding { nationality: nationality.into(), ..finding() };
        let case = find(finding.clone()).unwrap();
        assert_eq!(case.assessment.finding().unwrap().finding, finding);
    }
}

#[test]
fn a_basis_must_cover_the_threat() {
    let basis = |duty_basis, threat| {
        let (duty_basis, more) = (Some(duty_basis), finding());
        find(Finding { threat, duty_basis, ..more })
    };
    assert_eq!(code(basis(DutyBasis::Icd191, Threat::Compromise)), Code::Finding);
    assert!(basis(DutyBasis::Icd191, Threat::Kidnapping).is_ok());
    assert!(basis(DutyBasis::Nis2Art23, Threat::Compromise).is_ok());
    let words = ["icd191", "echr-art2", "nis2-23", "cra-14", "agreement", "voluntary"];
    for word in words {
        let read: DutyBasis = serde_json::from_value(word.into()).unwrap();
        assert_eq!(read.word(), word);
        assert_eq!(serde_json::to_value(read).unwrap(), word);
    }
}

#[test]
fn how_likely_and_how_sure_are_two_things() {
    let (likelihood, confidence) = (Some(Band::Likely.second()), Some(Confidence::Low));
    let both = Finding { likelihood, confidence, ..finding() };
    assert!(find(both).is_ok());
    let reason = "with high confidence, an attack is likely".to_owned();
    assert_eq!(code(find(Finding { reason, ..finding() })), Code::Wording);
    let mixed = Finding { reason: "It is likely. A second is improbable.".into(), ..finding() };
    assert_eq!(mixed.wording().len(), 1);
    assert!(find(mixed).is_ok());
}

/// Legal clocks run from awareness, not from when something came in.
#[test]
fn the_clock_counts_from_when_we_were_aware() {
    let aware = |minutes| find(Finding { aware_at: Some(after(minutes)), ..finding() });
    assert_eq!(*aware(-10).unwrap().clock.due(), after(5));
    assert_eq!(*aware(0).unwrap().clock.due(), after(15));
    assert_eq!(code(aware(1)), Code::Future);
}

#[test]
fn a_waiver_is_looked_at_again() {
    assert_eq!(code(decide(case(), waive(), "otto")), Code::NoFinding);
    let case = waived();
    assert_eq!((case.stage(), case.clock.purpose), (Stage::Closed, Purpose::Review));
    assert_eq!(*case.clock.due(), after(i64::from(CLOCKS.review)));
    let draft = by("ana", |a| case.clone().draft(Outgoing::Nothing, &request(), &originals(), a));
    assert_eq!(code(draft), Code::Stage);
    // Kept, with a reason and another time …
    let keep = |case: &Case, reason: &str, at: Option<i64>| {
        let at = at.map(after);
        later(9, "otto", |a| case.clone().keep((reason, at.as_ref()), &CLOCKS, a))
    };
    assert_eq!(code(keep(&case, " ", None)), Code::Reason);
    assert_eq!(code(keep(&case, "they still know", Some(8))), Code::Horizon);
    assert_eq!(code(keep(&case, "they still know", Some(600_000))), Code::Horizon);
    let kept = keep(&case, "they still know", Some(90)).unwrap();
    assert_eq!((kept.clock.due(), kept.is_waived()), (&after(90), true));
    // … or taken up again, with its finding and a clock.
    assert_eq!(code(by("otto", |a| case.clone().reopen(" ", &CLOCKS, a))), Code::Reason);
    let again = by("otto", |a| case.reopen("they do not know", &CLOCKS, a)).unwrap();
    assert_eq!((again.stage(), again.clock.purpose), (Stage::Found, Purpose::Warn));
    assert!(again.clock.runs());
    assert_eq!(code(by("otto", |a| again.reopen("again", &CLOCKS, a))), Code::Stage);
}

#[test]
fn a_new_fact_has_a_waiver_looked_at_at_once() {
    let urgent = waived().new_fact("report--1", Urgency::Immediate, &after(60), &CLOCKS);
    assert_eq!(*urgent.clock.due(), after(75));
    assert_eq!(urgent.review.as_ref().unwrap().joined, ["report--1"]);
    let (out, rang) = urgent.clone().ring(&after(75), &CLOCKS).unwrap();
    assert_eq!((rang, out.clock.is_out()), (Rang::RanOut, true));
    // A further fact adds no time.
    let more = out.new_fact("report--2", Urgency::Future, &after(80), &CLOCKS);
    assert_eq!(*more.clock.due(), after(75));
    assert_eq!(more.review.as_ref().unwrap().joined.len(), 2);
    let kept = by("otto", |a| more.keep(("nothing new in it", None), &CLOCKS, a)).unwrap();
    assert_eq!((kept.review, kept.clock.purpose), (None, Purpose::Review));
    // What was not waived has nothing to be looked at.
    let not_met = decide(case(), Decision::NotMet { reason: "x".into() }, "otto").unwrap();
    assert_eq!(not_met.clone().new_fact("x", Urgency::Future, &at(), &CLOCKS), not_met);
}

#[test]
fn what_is_referred_waits_for_an_answer() {
    let refer = |to: &str, answer_by: Option<i64>| {
        let (to, reason, answer_by) = (to.into(), "theirs".into(), answer_by.map(after));
        decide(case(), Decision::Refer { to, reason, answer_by }, "otto")
    };
    assert_eq!(code(refer(" ", None)), Code::Empty);
    assert_eq!(code(refer("the police", Some(-1))), Code::Horizon);
    let case = refer("the police", Some(30)).unwrap();
    assert_eq!((case.clock.purpose, case.clock.due()), (Purpose::Answer, &after(30)));
    assert!(case.is_referred());
    let answered = by("otto", |a| case.keep(("they have warned", None), &CLOCKS, a)).unwrap();
    assert!(!answered.is_referred() && !answered.clock.runs());
}

#[test]
fn a_pause_has_a_reason_and_an_end_and_loses_no_time() {
    let pause = |case: Case, until: i64, reason: &str| {
        later(5, "otto", |a| case.pause((&after(until), reason), &CLOCKS, a))
    };
    assert_eq!(code(pause(case(), 60, " ")), Code::Reason);
    assert_eq!(code(pause(case(), 5, "x")), Code::Clock);
    assert_eq!(code(pause(case(), 5 + MAX_PAUSE_MINUTES + 1, "x")), Code::Clock);
    let paused = pause(case(), 60, "their desk is closed").unwrap();
    assert_eq!(paused.clock.pause().unwrap().reason, "their desk is closed");
    assert!(paused.clock.runs() && !paused.clock.is_overdue(&after(600)));
    assert_eq!(paused.clock.next(), Some(&after(60)));
    assert_eq!(code(pause(paused.clone(), 70, "x")), Code::Stage);
    // Ten of fifteen minutes were left.
    assert_eq!(code(paused.clone().ring(&after(59), &CLOCKS)), Code::Clock);
    let (on, rang) = paused.clone().ring(&after(60), &CLOCKS).unwrap();
    assert_eq!((rang, on.clock.due()), (Rang::RunsOn, &after(70)));
    let on = later(20, "ana", |a| paused.clone().resume(&CLOCKS, a)).unwrap();
    assert_eq!(*on.clock.due(), after(30));
    assert_eq!(code(later(20, "ana", |a| on.resume(&CLOCKS, a))), Code::Stage);
    // A node that did not run for hours makes the time that was left no longer.
    let (on, _) = paused.clone().ring(&after(600), &CLOCKS).unwrap();
    assert_eq!(*on.clock.due(), after(70));
    let on = later(600, "ana", |a| paused.clone().resume(&CLOCKS, a)).unwrap();
    assert_eq!(*on.clock.due(), after(70));
    // What must be done by a time before it would have run out again runs, and by then.
    let hurried = paused.clone().hurried(&after(69));
    assert_eq!((hurried.clock.pause(), hurried.clock.due()), (None, &after(69)));
    assert_eq!(paused.clone().hurried(&after(70)), paused);
    // Something more urgent does not wait for the end of a pause.
    let future = Case { urgency: Urgency::Future, ..paused };
    let joined = future.join(Urgency::Immediate, &after(30), &CLOCKS);
    assert_eq!((joined.clock.pause(), joined.clock.due()), (None, &after(45)));
    // What has run out is not made to stand.
    let late = case().ring(&after(15), &CLOCKS).unwrap().0;
    assert_eq!(code(later(16, "otto", |a| late.pause((&after(60), "x"), &CLOCKS, a))), Code::Stage);
}

/// A pause is of the time before a release: after it, the clock runs until the partner has it.
#[test]
fn what_is_released_is_not_paused_any_more() {
    let pause = |a: &mut Acting| case().pause((&after(600), "x"), &CLOCKS, a);
    let paused = later(5, "otto", |a| pause(a)).unwrap().clock;
    assert!(paused.pause().is_some());
    let again = paused.again(after(30));
    assert_eq!((again.pause(), again.deadline()), (None, Some(&after(30))));
}

#[test]
fn the_clock_follows_the_urgency() {
    let regrade = |case: Case, urgency, reason: &str| case.regrade((urgency, reason), &CLOCKS);
    assert_eq!(code(regrade(case(), Urgency::Future, "")), Code::Reason);
    assert_eq!(code(regrade(case(), Urgency::Immediate, "x")), Code::Stage);
    let future = regrade(case(), Urgency::Future, "the plan was put off").unwrap();
    assert_eq!(*future.clock.due(), after(24 * 60));
    let again = regrade(future, Urgency::Immediate, "it is today").unwrap();
    assert_eq!(*again.clock.due(), after(15));
    assert_eq!(code(regrade(waived(), Urgency::Future, "x")), Code::Stage);
}

#[test]
fn two_cases_of_one_partner_become_one() {
    let other = Case { number: CaseNumber::new(2), urgency: Urgency::Future, ..case() };
    let other = Case { clock: Clock::start(Purpose::Warn, after(500)), ..other };
    let merge = |from: Case, into: Case, reason: &str| {
        by("ana", |a| from.merge(into, (3, reason), &CLOCKS, a))
    };
    assert_eq!(code(merge(case(), other.clone(), " ")), Code::Reason);
    assert_eq!(code(merge(case(), case(), "x")), Code::Stage);
    let theirs = Case { partner: NodeName::parse("c.example").unwrap(), ..other.clone() };
    assert_eq!(code(merge(case(), theirs, "x")), Code::Stage);
    assert_eq!(code(merge(case(), waived(), "x")), Code::Stage);
    let many = Case { items: MAX_ITEMS - 2, ..other.clone() };
    assert_eq!(code(merge(case(), many, "x")), Code::TooMany);
    let (gone, on) = merge(case(), other, "one plot").unwrap();
    assert_eq!((gone.stage(), gone.clock.runs()), (Stage::Closed, false));
    assert_eq!((on.items, on.urgency, on.clock.due()), (4, Urgency::Immediate, &after(15)));
    assert_eq!(code(found(gone.clone())), Code::Stage);
    assert_eq!(code(decide(gone, Decision::NotMet { reason: "x".into() }, "otto")), Code::Stage);
}

#[test]
fn what_is_linked_is_decided_in_the_same_time() {
    let slow = Case { clock: Clock::start(Purpose::Warn, after(500)), ..case() };
    assert_eq!(*slow.clone().hurried(&after(7)).clock.due(), after(7));
    assert_eq!(*case().hurried(&after(500)).clock.due(), after(15));
    let closed = decide(slow, Decision::NotMet { reason: "x".into() }, "otto").unwrap();
    assert_eq!(closed.clone().hurried(&after(7)), closed);
    assert_eq!(case().threat(), case().number);
    assert_eq!(case().of_threat(CaseNumber::new(9)).threat(), CaseNumber::new(9));
}

/// A clock that was set back, or forward, loses nothing: what is due is a time, and what is on record
/// stays.
#[test]
fn a_clock_survives_steps_of_the_systems_clock() {
    let (out, _) = case().ring(&after(20), &CLOCKS).unwrap();
    // Set back by an hour: it is on record once, and not again.
    assert_eq!(code(out.clone().ring(&after(-40), &CLOCKS)), Code::Clock);
    assert_eq!(code(out.clone().ring(&after(30), &CLOCKS)), Code::Clock);
    assert_eq!(out.clock.ran_out(), Some(&after(20)));
    // Kept and read again, as after a restart.
    let paused = later(1, "otto", |a| case().pause((&after(60), "x"), &CLOCKS, a)).unwrap();
    for case in [case(), out, paused, waived()] {
        let text = serde_json::to_string(&case).unwrap();
        assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), case);
    }
}

/// A case of an earlier version says the same: its clock had no purpose.
#[test]
fn a_case_of_an_earlier_version_is_read() {
    let mut value = serde_json::to_value(case()).unwrap();
    let clock = &value["clock"];
    assert_eq!(*clock, serde_json::json!({"clock": "running", "due": clock["due"]}));
    value["assessment"] = serde_json::json!({
        "assessment": "decided",
        "finding": {"credible": true, "specific": true, "impending": true, "threat": "killing",
            "target": "x", "reason": "y", "by": "ana", "at": at()},
        "decision": {"decision": "waive", "code": "already-aware", "reason": "z", "by": "otto",
            "at": at()},
    });
    value["clock"] = serde_json::json!({"clock": "stopped", "due": at(), "ran_out": null});
    let read: Case = serde_json::from_value(value).unwrap();
    assert!(read.is_waived() && !read.clock.runs());
    // A new fact has it looked at all the same.
    let again = read.new_fact("report--1", Urgency::Immediate, &after(60), &CLOCKS);
    assert_eq!((again.clock.purpose, again.clock.due()), (Purpose::Review, &after(75)));
}

#[test]
fn office_hours_move_what_is_not_immediate() {
    let days = serde_json::from_value(serde_json::json!(["mon", "tue"])).unwrap();
    let office = Office::new("UTC", days, ("09:00", "17:00"), Vec::new()).unwrap();
    let clocks = Clocks { office, ..Clocks::default() };
    let open = |urgency| {
        let partner = NodeName::parse("b.example").unwrap();
        let grade = (urgency, Status::Exercise);
        let case = Case::open(CaseNumber::new(1), &partner, 1, grade, &at(), &clocks);
        case.clock.due().to_string()
    };
    // A Friday.
    assert_eq!(open(Urgency::Immediate), "2017-12-15T09:45:00.000Z");
    assert_eq!(open(Urgency::Expected), "2017-12-18T09:20:00.000Z");
}
