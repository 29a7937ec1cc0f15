//! Whatever is tried with a case, in any order.

use super::*;
use crate::draft::{Include, Target};
use crate::handling::{Handling, HandlingCode, Iep};
use forewarn_stix::bundle;
use proptest::prelude::*;

/// What anybody may try with a case.
#[derive(Debug, Clone)]
enum Step {
    Find,
    Warn,
    Waive,
    Refer,
    NotMet,
    Reopen,
    Keep,
    Draft,
    Release,
    Recall,
    Ring,
    Arrive,
    Revoke,
    Joins(Urgency),
    Regrade(Urgency),
    Pause(i64),
    Resume,
    Hurry,
}

fn urgency() -> impl Strategy<Value = Urgency> {
    prop_oneof![Just(Urgency::Future), Just(Urgency::Expected), Just(Urgency::Immediate)]
}

fn steps() -> impl Strategy<Value = Vec<(Step, bool, i64)>> {
    let step = prop_oneof![
        3 => Just(Step::Find),
        2 => Just(Step::Warn),
        1 => Just(Step::Waive),
        1 => Just(Step::Refer),
        1 => Just(Step::NotMet),
        2 => Just(Step::Reopen),
        1 => Just(Step::Keep),
        2 => Just(Step::Draft),
        2 => Just(Step::Release),
        1 => Just(Step::Recall),
        2 => Just(Step::Ring),
        1 => Just(Step::Arrive),
        1 => Just(Step::Revoke),
        1 => urgency().prop_map(Step::Joins),
        1 => urgency().prop_map(Step::Regrade),
        1 => (1_i64..20_000).prop_map(Step::Pause),
        1 => Just(Step::Resume),
        1 => Just(Step::Hurry),
    ];
    // Some minutes pass before each.
    prop::collection::vec((step, any::<bool>(), 0_i64..40), 1..40)
}

struct Now<'a> {
    who: &'a str,
    at: &'a Timestamp,
}

impl Now<'_> {
    fn does<T>(&self, step: impl FnOnce(&mut Acting) -> T) -> T {
        let by = user(self.who);
        let mut ids = Ids::new(Hash::of(self.who.as_bytes()));
        step(&mut Acting { by: &by, at: self.at, ids: &mut ids })
    }

    fn decides(&self, case: Case, decision: Decision) -> Result<Case, Refusal> {
        let named = |name: &str| User::new(user(name), vec![Role::Approver]).unwrap();
        let (by, second, waivers) = (named(self.who), named("hanna"), WaiverRules::default());
        let second = matches!(decision, Decision::Waive { .. }).then_some(&second);
        let deciding = Deciding { clocks: &CLOCKS, waivers: &waivers, by: &by, second };
        self.does(|acting| case.decide(decision, deciding, acting))
    }
}

fn taken(
    (case, outgoing): (Case, Outgoing),
    step: &Step,
    now: &Now,
) -> Result<(Case, Outgoing), Refusal> {
    let papers = outgoing.clone();
    let with = |case: Case| (case, papers);
    let reason = || "x".to_owned();
    match step {
        Step::Find => now.does(|a| case.find(finding(), &CLOCKS, a)).map(with),
        Step::Warn => now.decides(case, Decision::Warn { reason: reason() }).map(with),
        Step::Waive => now.decides(case, waive()).map(with),
        Step::Refer => {
            let (to, reason, answer_by) = ("the police".into(), reason(), None);
            now.decides(case, Decision::Refer { to, reason, answer_by }).map(with)
        }
        Step::NotMet => now.decides(case, Decision::NotMet { reason: reason() }).map(with),
        Step::Reopen => now.does(|a| case.reopen("x", &CLOCKS, a)).map(with),
        Step::Keep => now.does(|a| case.keep(("x", None), &CLOCKS, a)).map(with),
        Step::Draft => {
            let until = now.at.plus_minutes(10_000);
            let request = DraftRequest { valid_until: until, ..request() };
            now.does(|a| case.draft(outgoing, &request, &originals(), a))
        }
        Step::Release => {
            release((case, outgoing), now.who, &mut post()).map(|sent| (sent.case, sent.outgoing))
        }
        Step::Recall => now
            .does(|a| case.recall(outgoing, ("x", &[]), (&mut post(), delivery()), a))
            .map(|sent| (sent.case, sent.outgoing)),
        Step::Ring => case.ring(now.at, &CLOCKS).map(|(case, _)| with(case)),
        Step::Arrive if case.awaits.is_some() => Ok(with(case.arrived())),
        Step::Arrive => Ok((case, outgoing)),
        Step::Revoke => Ok(with(case.original_revoked("indicator--1", now.at, &CLOCKS))),
        Step::Joins(urgency) if case.is_undecided() => {
            Ok(with(case.join(*urgency, now.at, &CLOCKS)))
        }
        Step::Joins(urgency) => Ok(with(case.new_fact("report--1", *urgency, now.at, &CLOCKS))),
        Step::Regrade(urgency) => case.regrade((*urgency, "x"), &CLOCKS).map(with),
        Step::Pause(minutes) => {
            let until = now.at.plus_minutes(*minutes);
            now.does(|a| case.pause((&until, "x"), &CLOCKS, a)).map(with)
        }
        Step::Resume => now.does(|a| case.resume(&CLOCKS, a)).map(with),
        Step::Hurry => Ok(with(case.hurried(now.at))),
    }
}

/// What holds of a case and its papers at any time.
fn check(case: &Case, outgoing: &Outgoing) -> Result<(), TestCaseError> {
    prop_assert_eq!(case.outward, outgoing.outward());
    let decided = case.assessment.decision();
    let warns = decided.is_some_and(|one| matches!(one.decision, Decision::Warn { .. }));
    // No release without a finding, a decision to warn and a second person.
    prop_assert!(case.outward == Outward::Nothing || warns);
    prop_assert!(!warns || case.assessment.finding().is_some());
    for release in outgoing.releases() {
        prop_assert_ne!(&release.draft.by, &release.approved_by);
    }
    let left = !outgoing.releases().is_empty();
    prop_assert!(case.awaits.is_none() || left);
    // A waiver has a finding, a second person, and a time at which it is looked at again.
    if case.is_waived() {
        prop_assert!(case.assessment.finding().is_some());
        prop_assert!(decided.is_some_and(|one| one.seconded_by.is_some() && one.waived.is_some()));
        prop_assert_eq!(case.clock.purpose, Purpose::Review);
        prop_assert!(case.clock.runs());
    }
    prop_assert!(case.review.is_none() || case.is_waived() || case.stage() == Stage::Released);
    // No clock is lost: it stands only where nothing is awaited of anybody.
    let closed = case.stage() == Stage::Closed;
    let waits = case.awaits.is_some() || case.review.is_some();
    let is_open = !closed && (!left || waits);
    let is_looked_at = case.is_waived() || case.is_referred();
    prop_assert_eq!(case.clock.runs(), is_open || is_looked_at);
    // One that is paused runs on by itself; one that runs and is not out will be looked at.
    let is_next = case.clock.next().is_some() || case.clock.is_out() || !case.clock.runs();
    prop_assert!(is_next);
    if let Some(pause) = case.clock.pause() {
        prop_assert!(!pause.reason.is_empty());
        prop_assert!(pause.until <= pause.since.plus_minutes(MAX_PAUSE_MINUTES));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is tried by whomever, whenever: nothing is released without finding, decision to warn
    /// and a second person; no clock is lost; a waiver is looked at again; what is on record stays.
    #[test]
    fn a_case_keeps_its_rules(steps in steps()) {
        let (mut now, mut minutes) = ((case(), Outgoing::Nothing), 0);
        for (step, by_ana, passed) in steps {
            minutes += passed;
            let (who, at) = (if by_ana { "ana" } else { "otto" }, at().plus_minutes(minutes));
            let acting = Now { who, at: &at };
            let Ok(next) = taken(now.clone(), &step, &acting) else { continue };
            let (case, outgoing) = &next;
            check(case, outgoing)?;
            prop_assert!(now.0.clock.ran_out().is_none() || case.clock.ran_out().is_some());
            prop_assert!(outgoing.releases().starts_with(now.1.releases()));
            // Nobody but time and people's reasons gives more time for an undecided case.
            let gives = now.0.clock.pause().is_some()
                || matches!(step, Step::Regrade(_) | Step::Reopen);
            if now.0.is_undecided() && case.is_undecided() && !gives {
                prop_assert!(case.clock.due() <= now.0.clock.due());
            }
            let text = serde_json::to_string(case).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Case>(&text).unwrap(), case);
            now = next;
        }
    }
}

/// What is withheld since stood in the extension, in a target or in a policy of the last version: the
/// recall was once lost from the outlet with it.
#[test]
fn a_recall_reaches_the_outlet_whatever_the_last_version_says() {
    let include = Include {
        targets: vec![Target { name: "Pavel Sorokin".into(), class: None }],
        times: vec!["when Sorokin comes back".into()],
        ..Include::default()
    };
    let iep = crate::handling::tests_policy("amber", "may");
    let iep = Iep { description: "as agreed with Sorokin".into(), ..iep };
    let handling = Handling {
        codes: [HandlingCode::H3].into(),
        text: "ask Sorokin before you act".into(),
        iep: Some(iep),
        ..Handling::default()
    };
    let text = "Pavel Sorokin plans it.".into();
    let request = DraftRequest { text, handling, include, ..request() };
    let sent = release(draft(to_warn(), Outgoing::Nothing, &request), "otto", &mut post()).unwrap();
    let recalled = by("otto", |a| {
        sent.case.recall(sent.outgoing, ("it is over", &[]), (&mut post(), delivery()), a)
    });
    let Sending { case, outgoing, .. } = recalled.unwrap();
    let since = [Withheld::new(WithheldKind::Name, "Pavel Sorokin")];
    let partner = partner(Tlp::Amber);
    let offered = case.offered(&outgoing, (&partner, "Service A"), &since, &at()).unwrap();
    let [released] = offered.as_slice() else { panic!("one bundle: {}", offered.len()) };
    let reports: Vec<&Value> = bundle::of_type(released.bundle(), "report").collect();
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0]["revoked"], true);
    assert_eq!(reports[0]["id"].as_str(), outgoing.releases()[0].report_id().as_deref());
    assert!(!released.bundle().to_string().contains("Sorokin"));
}

/// An outlet has readers that nobody has named: what is for named persons is not there, nor what it withdraws.
#[test]
fn what_is_for_named_persons_is_in_no_outlet_and_goes_to_no_partner_without_a_node() {
    let red = DraftRequest { tlp: Tlp::Red, persons: vec!["Olga Ek".into()], ..request() };
    let first =
        release(draft(to_warn(), Outgoing::Nothing, &request()), "otto", &mut post()).unwrap();
    let partner = partner(Tlp::Red);
    let offered = |case: &Case, outgoing: &Outgoing| {
        let all = case.offered(outgoing, (&partner, "Service A"), &[], &at()).unwrap();
        all.iter()
            .map(|one| one.bundle()["objects"].to_string().contains("\"revoked\":true"))
            .collect::<Vec<_>>()
    };
    assert_eq!(offered(&first.case, &first.outgoing), [false]);
    // The earlier version is withdrawn, the red one is not there.
    let second = draft(first.case, first.outgoing, &red);
    let judged = second.1.judge(&second.0, &partner, "Service A", &[]);
    assert!(judged.is_ok(), "{judged:?}");
    let second = release_to(&partner, second, "otto", &mut post()).unwrap();
    assert_eq!(offered(&second.case, &second.outgoing), [true]);
    // What follows for all withdraws nothing that was not there.
    let third = draft(second.case, second.outgoing, &request());
    let third = release_to(&partner, third, "otto", &mut post()).unwrap();
    assert_eq!(offered(&third.case, &third.outgoing), [false]);
    let without = Partner { without_node: true, ..partner.clone() };
    let (case, outgoing) = draft(to_warn(), Outgoing::Nothing, &red);
    let refused = outgoing.judge(&case, &without, "Service A", &[]).unwrap_err();
    assert_eq!(refused.code, Code::Persons);
    assert!(refused.message.contains("runs no node"), "{refused:?}");
}
