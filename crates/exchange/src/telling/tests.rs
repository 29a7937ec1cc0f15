use super::delivery::MAX_TRIES;
use super::*;
use crate::need::{About, Whom};
use crate::scale::Status;
use crate::user::{Permission, User};

fn at(second: i64) -> Timestamp {
    let start = Timestamp::parse("2017-12-15T09:30:00Z").unwrap().micros();
    Timestamp::from_micros(start + second * 1_000_000).unwrap()
}

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

fn need(number: i64, urgency: Urgency) -> Need {
    Need {
        kind: Kind::Finding,
        about: About::Case(crate::id::CaseNumber::new(number)),
        partner: None,
        status: Status::Actual,
        urgency: Some(urgency),
        whom: Whom::all(Permission::Draft),
        since: Some(at(0)),
        due: Some(at(900)),
    }
}

fn people(needs: &[Need]) -> Vec<Person> {
    let sees: std::collections::BTreeSet<String> = needs.iter().map(key).collect();
    let person = |text: &str, role| {
        let user = User::new(name(text), vec![role]).unwrap();
        Person { user, sees: sees.clone() }
    };
    vec![
        person("dora", Role::DutyOfficer),
        person("dina", Role::DutyOfficer),
        person("hanna", Role::Approver),
        person("feed", Role::Service),
    ]
}

/// Dora is on duty, Dina next, Hanna is the head.
fn telling() -> Telling {
    let means = |who: &str| {
        let address = Some(format!("{who}@west.example"));
        (name(who), vec![Means { notifier: "mail".into(), address }])
    };
    let shift = |who: &str, from, to| Shift { who: name(who), from: at(from), to: at(to) };
    let step = |who: &str, after| Step { who: who.parse().unwrap(), after };
    Telling {
        means: ["dora", "dina", "hanna", "feed"].into_iter().map(means).collect(),
        rota: vec![shift("dora", -100, 10_000), shift("dina", 10_000, 20_000)],
        rules: BTreeMap::new(),
        escalation: Some(Escalation {
            from: Urgency::Immediate,
            steps: vec![step("on-duty", 0), step("next", 300), step("user:hanna", 600)],
        }),
    }
}

/// Whom, by what; and it is told from then on.
fn tell(telling: &Telling, needs: &[Need], known: &mut Known, now: i64) -> Vec<String> {
    let now = at(now);
    let messages = due(telling, needs, &people(needs), known, &now);
    let mut lines = Vec::new();
    for Message { person, by, needs: places } in messages {
        for place in &places {
            let (need, person) = (key(&needs[*place]), person.clone());
            known.told.push(Told { need, person, by: by.clone(), at: now.clone() });
        }
        known.last.insert((person.clone(), by.clone()), now.clone());
        lines.push(format!("{person} {by} {}", places.len()));
    }
    lines
}

#[test]
fn an_immediate_need_wakes_the_duty_officer_and_escalates_until_somebody_takes_it() {
    let (telling, mut known) = (telling(), Known::default());
    let needs = [need(1, Urgency::Immediate), need(2, Urgency::Expected)];
    let tell = |known: &mut Known, now| tell(&telling, &needs, known, now);
    assert_eq!(tell(&mut known, 7), ["dora step 1 1"]);
    assert!(tell(&mut known, 306).is_empty());
    assert_eq!(tell(&mut known, 307), ["dina step 2 1"]);
    let mut taken = known.clone();
    assert_eq!(tell(&mut known, 607), ["hanna step 3 1"]);
    assert!(tell(&mut known, 100_000).is_empty());
    taken.taken.insert(needs[0].name(), Taken { by: name("dina"), at: at(400) });
    assert!(tell(&mut taken, 607).is_empty());
}

/// Nobody is on duty, or the one who is cannot be reached: the next one is woken at once.
#[test]
fn a_step_that_reaches_nobody_costs_no_time() {
    let mut telling = telling();
    telling.rota.remove(0);
    let mut known = Known::default();
    let needs = [need(1, Urgency::Immediate)];
    assert_eq!(tell(&telling, &needs, &mut known, 0), ["dina step 2 1"]);
    assert!(tell(&telling, &needs, &mut known, 299).is_empty());
    assert_eq!(tell(&telling, &needs, &mut known, 300), ["hanna step 3 1"]);
}

#[test]
fn what_waits_again_is_told_again_though_it_was_taken_before() {
    let (telling, mut known) = (telling(), Known::default());
    known.taken.insert("finding case-1".into(), Taken { by: name("dora"), at: at(50) });
    let before = [need(1, Urgency::Immediate)];
    assert!(tell(&telling, &before, &mut known, 60).is_empty());
    let again = [Need { since: Some(at(55)), ..need(1, Urgency::Immediate) }];
    assert_eq!(tell(&telling, &again, &mut known, 60), ["dora step 1 1"]);
}

#[test]
fn quiet_hours_hold_back_all_but_what_is_immediate() {
    let mut telling = telling();
    telling.escalation = None;
    // Half past ten in Berlin, in winter.
    let quiet = |from: &str, to: &str| {
        Some(Quiet { from: from.into(), to: to.into(), zone: "Europe/Berlin".into() })
    };
    let rule = |quiet, digest| Rule {
        name: "all".into(),
        who: Whose::Role(Role::DutyOfficer),
        kinds: vec![Kind::Finding],
        from: Some(Urgency::Expected),
        quiet,
        digest,
    };
    let needs = [need(1, Urgency::Immediate), need(2, Urgency::Expected), need(3, Urgency::Future)];
    for (hours, expected) in [
        (quiet("22:00", "10:31"), 2),
        (quiet("10:30", "11:00"), 2),
        (quiet("10:31", "10:30"), 4),
        (quiet("22:00", "10:30"), 4),
        (None, 4),
    ] {
        telling.rules.insert("all".into(), rule(hours.clone(), None));
        let messages = tell(&telling, &needs, &mut Known::default(), 0);
        assert_eq!(messages.len(), expected, "{hours:?}: {messages:?}");
    }
    telling.rules.insert("all".into(), rule(None, Some(60)));
    let mut known = Known::default();
    let all = [&needs[..], &[need(4, Urgency::Expected)]].concat();
    let each = ["dora rule all 1", "dora rule all 2", "dina rule all 1", "dina rule all 2"];
    assert_eq!(tell(&telling, &all, &mut known, 0), each);
    let more = [&all[..], &[need(5, Urgency::Expected)]].concat();
    assert!(tell(&telling, &more, &mut known, 3_599).is_empty());
    assert_eq!(tell(&telling, &more, &mut known, 3_601), ["dora rule all 1", "dina rule all 1"]);
}

#[test]
fn nobody_is_told_what_he_may_not_see_or_who_may_not_read() {
    let mut telling = telling();
    telling.escalation = None;
    let who = Whose::Person(name("feed"));
    let rule =
        Rule { name: "all".into(), who, kinds: Vec::new(), from: None, quiet: None, digest: None };
    telling.rules.insert("all".into(), rule.clone());
    let needs = [need(1, Urgency::Immediate)];
    assert!(tell(&telling, &needs, &mut Known::default(), 0).is_empty(), "a service reads nothing");
    telling.rules.insert("all".into(), Rule { who: Whose::Person(name("dora")), ..rule });
    let mut blind = people(&needs);
    blind[0].sees.clear();
    assert!(due(&telling, &needs, &blind, &Known::default(), &at(0)).is_empty());
    assert_eq!(tell(&telling, &needs, &mut Known::default(), 0), ["dora rule all 1"]);
}

#[test]
fn an_address_ends_no_header_and_no_argument() {
    let means = |address: &str| Means { notifier: "mail".into(), address: Some(address.into()) };
    assert!(means("dora+pager@west.example").checked().is_ok());
    for address in [
        "dora@west.example\r\nBcc: all@east.example",
        "dora@west.example\n",
        "dora@west.example, b@c",
        "<dora@west.example>",
        "-oX@west.example",
        "d\u{f6}ra@west.example",
        "",
    ] {
        let refused = means(address).checked().unwrap_err();
        assert!(!refused.message.contains(['\r', '\n']), "{}", refused.message);
    }
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let shift = Shift { who: name("dora"), from: at(5), to: at(5) };
    assert!(Telling::default().with_rota(vec![shift]).is_err());
    let step = |after| Step { who: Whose::OnDuty, after };
    let steps = vec![step(10), step(9)];
    assert!(Escalation { from: Urgency::Immediate, steps }.checked().is_err());
    for (from, to, zone) in
        [("25:00", "07:00", "UTC"), ("7:00", "8:00", "UTC"), ("22:00", "07:00", "Mars/Base")]
    {
        let quiet = Quiet { from: from.into(), to: to.into(), zone: zone.into() };
        assert!(quiet.check().is_err(), "{quiet:?}");
    }
    for whose in ["on-duty", "next", "user:dora", "role:approver"] {
        assert_eq!(whose.parse::<Whose>().unwrap().to_string(), whose);
    }
    assert!("dora".parse::<Whose>().is_err() && "role:king".parse::<Whose>().is_err());
}

#[test]
fn a_delivery_is_tried_at_growing_distances_and_given_up_in_the_end() {
    let mut delivery = Delivery {
        id: "1".into(),
        person: name("dora"),
        means: Means { notifier: "mail".into(), address: None },
        by: "step 1".into(),
        at: at(0),
        needs: Vec::new(),
        fate: Fate::Waiting { tries: 0, next: at(0), why: None },
    };
    let mut pauses = Vec::new();
    let failed = || Tried::Failed { why: "no".into() };
    for _ in 1..MAX_TRIES {
        delivery = delivery.tried(failed(), &at(0));
        pauses.push((delivery.next().unwrap().micros() - at(0).micros()) / 1_000_000);
    }
    assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
    let sent = delivery.clone().tried(Tried::Sent {}, &at(9));
    assert_eq!(sent.fate, Fate::Sent { at: at(9), tries: MAX_TRIES });
    let over = delivery.tried(failed(), &at(9));
    assert!(matches!(over.fate, Fate::GivenUp { tries: MAX_TRIES, .. }));
    assert_eq!(over.clone().tried(Tried::Sent {}, &at(10)), over);
}
