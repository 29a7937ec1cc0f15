//! Exercises and their after-action reports, as they are shown.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::exercise::{After, Exercise, Speed};
use forewarn_exchange::id::{CaseNumber, ExerciseNumber};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::scale::Urgency;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Seconds, as microseconds.
const SECOND: i64 = 1_000_000;

/// An exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExerciseLine {
    /// Which.
    pub number: ExerciseNumber,
    /// What people call it.
    pub name: String,
    /// How fast its clocks run.
    pub speed: Speed,
    /// Who began it.
    pub by: UserName,
    /// When.
    pub begun: Timestamp,
    /// That it is over: who ended it, when, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// How many injects it has.
    pub injects: usize,
}

/// An exercise was ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ended {
    /// Who.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Why, or how it went.
    pub reason: String,
}

/// The after-action report: what came, and what was done about it by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AfterAction {
    /// Which exercise.
    pub exercise: ExerciseLine,
    /// Its injects, in their order.
    pub injects: Vec<InjectLine>,
    /// Its cases, by number, as far as they may be seen.
    pub cases: Vec<CaseCourse>,
}

/// An inject, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InjectLine {
    /// Its place, counted from 1.
    pub place: u32,
    /// When it comes, by the exercise's clock.
    pub at: After,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it is due, by everybody's.
    pub due: Timestamp,
    /// When it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub played: Option<Timestamp>,
    /// How many items it brought.
    pub items: u64,
    /// How many things in it were refused.
    pub refused: u64,
    /// Cases that name what it brought.
    pub cases: Vec<CaseNumber>,
    /// Partners who were to be warned of it, and were not, so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<NodeName>,
}

/// How a case of an exercise went. Times are everybody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseCourse {
    /// Which case.
    pub case: CaseNumber,
    /// For whom.
    pub partner: NodeName,
    /// How urgent.
    pub urgency: Urgency,
    /// When the first of its items came.
    pub came: Timestamp,
    /// When it was opened: by a match, or by hand.
    pub opened: Timestamp,
    /// Until when the partner was to hold the warning, or to be decided about.
    pub due: Timestamp,
    /// What was decided last, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<DecidedAt>,
    /// When a warning was first released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Timestamp>,
    /// When the partner's node held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Timestamp>,
    /// When somebody there first took it on, or declined it, by their clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Timestamp>,
    /// When the partner first said what came of it, by their clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Timestamp>,
    /// Whether it was done by its deadline; `None` while that is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
}

/// What was decided, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecidedAt {
    /// What: to warn, to waive …
    pub what: String,
    /// When.
    pub at: Timestamp,
}

impl ExerciseLine {
    /// An exercise as it stands.
    pub fn of(exercise: &Exercise) -> ExerciseLine {
        let Exercise { number, scenario, by, begun, ended } = exercise;
        ExerciseLine {
            number: *number,
            name: scenario.name.clone(),
            speed: scenario.speed,
            by: by.clone(),
            begun: begun.clone(),
            ended: ended.as_ref().map(|over| Ended {
                by: over.by.clone(),
                at: over.at.clone(),
                reason: over.reason.clone(),
            }),
            injects: scenario.injects.len(),
        }
    }

    /// How it stands, in a word.
    pub fn state(&self) -> &'static str {
        if self.ended.is_some() { "over" } else { "running" }
    }
}

impl Row for ExerciseLine {
    const COLUMNS: &'static [Column<ExerciseLine>] = &[
        ("EXERCISE", |one| one.number.to_string()),
        ("STATE", |one| one.state().to_owned()),
        ("SPEED", |one| format!("{}x", one.speed)),
        ("INJECTS", |one| one.injects.to_string()),
        ("BEGUN", |one| text::time(&one.begun)),
        ("BY", |one| one.by.to_string()),
        ("NAME", |one| text::line(&one.name)),
    ];
}

impl AfterAction {
    /// The report, without a line break at the end.
    pub fn words(&self) -> String {
        let ExerciseLine { number, name, speed, by, begun, ended, .. } = &self.exercise;
        let state = self.exercise.state();
        let mut lines = vec![
            format!("EXERCISE {number}, {}: {state}", text::line(name)),
            format!("begun by {by}, {}; {}", text::time(begun), pace(*speed)),
        ];
        lines.extend(ended.as_ref().map(|Ended { by, at, reason }| {
            format!("ended by {by}, {}: {}", text::time(at), text::block(reason))
        }));
        lines.push("injects:".to_owned());
        lines.extend(self.injects.iter().map(InjectLine::words));
        if self.cases.is_empty() {
            lines.push("no case was opened".to_owned());
        } else {
            lines.push("cases, by the exercise's clock, from when it came:".to_owned());
            lines.extend(self.cases.iter().map(|case| case.words(*speed)));
        }
        for inject in &self.injects {
            for partner in &inject.missing {
                let place = inject.place;
                lines.push(format!(
                    "{partner} was to be warned of inject {place}, and is not so far"
                ));
            }
        }
        lines.join("\n")
    }
}

/// How fast the clocks run, in words.
pub fn pace(speed: Speed) -> String {
    match speed.times() {
        1 => "its clocks run as everybody's".to_owned(),
        times => format!("{times} minutes of it pass in one"),
    }
}

impl InjectLine {
    fn words(&self) -> String {
        let InjectLine { place, at, title, due, played, items, refused, cases, .. } = self;
        let title = title.as_ref().map_or(String::new(), |title| format!(" {}", text::line(title)));
        let Some(played) = played else {
            return format!("  {place}  {at}{title}: due {}", text::time(due));
        };
        let mut came = vec![format!("came {}, {items} items", text::time(played))];
        if *refused > 0 {
            came.push(format!("{refused} refused: forewarn quarantine list"));
        }
        came.extend(cases.iter().map(|case| format!("case-{case}")));
        let came = came.join(", ");
        format!("  {place}  {at}{title}: {came}")
    }
}

impl CaseCourse {
    /// How long after what came, by the exercise's clock: `0:09:30`.
    pub fn after(&self, at: &Timestamp, speed: Speed) -> String {
        let passed = speed.passes(at.micros().saturating_sub(self.came.micros())).max(0);
        let seconds = passed / SECOND;
        format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    fn words(&self, speed: Speed) -> String {
        let mut steps = vec![format!("matched {}", self.after(&self.opened, speed))];
        if let Some(DecidedAt { what, at }) = &self.decided {
            steps.push(format!("{what} {}", self.after(at, speed)));
        }
        for (word, at) in [
            ("released", &self.released),
            ("received", &self.received),
            ("acknowledged", &self.acknowledged),
            ("outcome", &self.outcome),
        ] {
            steps.extend(at.as_ref().map(|at| format!("{word} {}", self.after(at, speed))));
        }
        let CaseCourse { case, partner, in_time, .. } = self;
        let due = self.after(&self.due, speed);
        let judged = match in_time {
            Some(true) => "in time",
            Some(false) => "late",
            None => "open",
        };
        let urgency = self.urgency;
        format!("  case-{case} {partner}, {urgency}: {}; due {due}: {judged}", steps.join(", "))
    }
}
