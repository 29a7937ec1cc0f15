use super::*;
use crate::clocks::{Clocks, Day, Office};
use crate::scale::Urgency;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn scenario(injects: &str) -> Result<Scenario, serde_json::Error> {
    serde_json::from_str(&format!(r#"{{"name": "Station", "speed": 10, "injects": {injects}}}"#))
}

fn exercise(injects: &str) -> Result<Exercise, Refusal> {
    let (by, begun) = (UserName::parse("ana").unwrap(), at("2026-11-27T10:00:00.000Z"));
    Exercise::begin(ExerciseNumber::new(1), scenario(injects).unwrap(), (&by, &begun))
}

#[test]
fn an_inject_comes_at_its_time_by_the_clock_of_the_exercise() {
    let two = r#"[{"at": "0:00", "content": {"text": "one"}}, {"at": "1:30", "content": {"stix": "{}"}, "source": "S"}]"#;
    let exercise = exercise(two).unwrap();
    let (first, _) = exercise.inject(1).unwrap();
    assert_eq!(first.as_str(), "2026-11-27T10:00:00.000Z");
    // An hour and a half at ten times the speed.
    let (second, inject) = exercise.inject(2).unwrap();
    assert_eq!(second.as_str(), "2026-11-27T10:09:00.000Z");
    assert_eq!(inject.content, Content::Stix("{}".into()));
    assert!(exercise.inject(3).is_none() && exercise.inject(0).is_none());
}

#[test]
fn a_scenario_that_cannot_be_played_is_refused() {
    for (injects, code) in [
        ("[]", Code::Empty),
        (r#"[{"at": "0:00", "content": {"text": " "}}]"#, Code::Empty),
        (
            r#"[{"at": "0:10", "content": {"text": "a"}}, {"at": "0:05", "content": {"text": "b"}}]"#,
            Code::Horizon,
        ),
    ] {
        assert_eq!(exercise(injects).unwrap_err().code, code, "{injects}");
    }
    let long = "x".repeat(MAX_SCENARIO_BYTES + 1);
    let refused =
        exercise(&format!(r#"[{{"at": "0:00", "content": {{"text": "{long}"}}}}]"#)).unwrap_err();
    assert_eq!(refused.code, Code::TooMany);
    for bad in ["1:60", "90", "-1:00", "1:5", "337:00", "+1:00", "99999999999:00"] {
        assert!(
            scenario(&format!(r#"[{{"at": "{bad}", "content": {{"text": "a"}}}}]"#)).is_err(),
            "{bad}"
        );
    }
    for speed in [0, Speed::MAX + 1] {
        assert!(Speed::try_from(speed).is_err());
    }
}

#[test]
fn the_clocks_of_an_exercise_run_at_its_speed_and_know_no_office_hours() {
    let of = |speed| {
        let speed = Speed::try_from(speed).unwrap();
        Some(InExercise { number: ExerciseNumber::new(1), speed })
    };
    let days = vec![Day::Mon];
    let office = Office::new("UTC", days, ("09:00", "17:00"), Vec::new()).unwrap();
    let ours = Clocks { office, ..Clocks::default() };
    let saturday = at("2026-11-28T10:00:00.000Z");
    let due = |exercise| ours.clone().of_exercise(exercise).due(Urgency::Expected, &saturday);
    assert_eq!(due(of(1)).as_str(), "2026-11-28T10:20:00.000Z");
    assert_eq!(due(None).as_str(), "2026-11-30T09:20:00.000Z");
    let clocks = ours.clone().of_exercise(of(60));
    let from = at("2026-11-28T10:00:00.000Z");
    // Fifteen minutes in fifteen seconds.
    assert_eq!(clocks.due(Urgency::Immediate, &from).as_str(), "2026-11-28T10:00:15.000Z");
    assert_eq!(clocks.answer_due(&from).as_str(), "2026-11-28T10:01:00.000Z");
    assert_eq!(clocks.permission_due(&from).as_str(), "2026-11-28T10:04:00.000Z");
    // What is left is told in minutes of the exercise.
    let due = clocks.due(Urgency::Future, &from);
    assert_eq!(clocks.between(Urgency::Future, &from, &due), 24 * 60);
}

#[test]
fn what_is_over_is_not_ended_again_and_says_how_it_went() {
    let exercise = exercise(r#"[{"at": "0:00", "content": {"text": "one"}}]"#).unwrap();
    let (by, now) = (UserName::parse("paul").unwrap(), at("2026-11-27T12:00:00.000Z"));
    assert_eq!(exercise.clone().end(" ", (&by, &now)).unwrap_err().code, Code::Reason);
    let over = exercise.end("all were warned in time", (&by, &now)).unwrap();
    assert!(over.is_over());
    assert_eq!(over.end("again", (&by, &now)).unwrap_err().code, Code::Stage);
}
