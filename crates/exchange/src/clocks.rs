//! How long there is for something: by its urgency, and in which hours.
//!
//! [`Clocks`] is the one thing that decides until when something is due. A case holds the result as
//! its [`Clock`](crate::case::Clock).

mod office;

pub use office::{BadOffice, Day, Office};

use crate::exercise::{InExercise, Speed};
use crate::scale::Urgency;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a clock is for: until when what is to be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Decide, and have the partner hold the warning where it is to warn.
    #[default]
    Warn,
    /// Answer a question, or say what becomes of what was referred.
    Answer,
    /// Look again at what was decided or released.
    Review,
    /// Answer whether something may be passed on.
    Permission,
}

impl Purpose {
    /// Whether it is to decide, and to have the partner hold the warning: what a clock is for when
    /// nothing else is said.
    pub fn is_warn(&self) -> bool {
        *self == Purpose::Warn
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Purpose::Warn => "warn by",
            Purpose::Answer => "answer by",
            Purpose::Review => "review by",
            Purpose::Permission => "permission by",
        })
    }
}

/// How long each urgency gives for a decision, in minutes, and in which hours they are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Clocks {
    /// For a threat that is immediate. Every hour counts, whatever `office` says.
    pub immediate: u32,
    /// For one that is expected within the hour: CAP's "Expected" means that the partner should act
    /// within it, so only a part of it is ours.
    pub expected: u32,
    /// For one in the near future.
    pub future: u32,
    /// For an answer to a follow-up question.
    pub question: u32,
    /// For an answer to whether something may be passed on.
    pub permission: u32,
    /// Until a waiver is looked at again, where whoever decided did not say when.
    pub review: u32,
    /// The hours that count; every hour, when no day is named.
    pub office: Office,
    /// How fast they run: in an exercise faster than elsewhere. No configuration says it.
    #[serde(skip)]
    pub speed: Speed,
}

impl Default for Clocks {
    fn default() -> Clocks {
        Clocks {
            immediate: 15,
            expected: 20,
            future: 24 * 60,
            question: 60,
            permission: 4 * 60,
            review: 30 * 24 * 60,
            office: Office::default(),
            speed: Speed::REAL,
        }
    }
}

impl Clocks {
    /// The same for what is of this exercise, if any: it keeps its own hours, and knows no office.
    #[must_use]
    pub fn of_exercise(self, exercise: Option<InExercise>) -> Clocks {
        match exercise {
            None => self,
            Some(InExercise { speed, .. }) => Clocks { speed, office: Office::default(), ..self },
        }
    }

    /// When a decision is due, counted from a time.
    pub fn due(&self, urgency: Urgency, from: &Timestamp) -> Timestamp {
        let minutes = match urgency {
            Urgency::Immediate => self.immediate,
            Urgency::Expected => self.expected,
            Urgency::Future => self.future,
        };
        self.later(urgency, from, i64::from(minutes))
    }

    /// So many minutes of the hours that count for this urgency after a time.
    pub fn later(&self, urgency: Urgency, from: &Timestamp, minutes: i64) -> Timestamp {
        match self.office_for(urgency) {
            Some(office) => office.after(from, minutes),
            None => self.after(from, minutes),
        }
    }

    /// So many minutes by these clocks after a time, in whatever hours.
    fn after(&self, from: &Timestamp, minutes: i64) -> Timestamp {
        if self.speed == Speed::REAL {
            return from.plus_minutes(minutes);
        }
        let micros = from.micros().saturating_add(self.speed.minutes(minutes));
        // Beyond the last time that can be written nothing is due.
        Timestamp::from_micros_with(micros, 3).unwrap_or_else(|| from.plus_minutes(minutes))
    }

    /// How many minutes of the hours that count lie between two times, at least 0, up to the next
    /// whole one.
    pub fn between(&self, urgency: Urgency, from: &Timestamp, to: &Timestamp) -> i64 {
        match self.office_for(urgency) {
            Some(office) => office.between(from, to),
            None => whole_minutes(self.speed.passes(to.micros().saturating_sub(from.micros()))),
        }
    }

    /// When a waiver is looked at again, where nobody has said when.
    pub fn review_due(&self, from: &Timestamp) -> Timestamp {
        self.after(from, i64::from(self.review))
    }

    /// When an answer is due that was asked for at a time.
    pub fn answer_due(&self, from: &Timestamp) -> Timestamp {
        self.after(from, i64::from(self.question))
    }

    /// When it is due to say whether something may be passed on that was asked at a time.
    pub fn permission_due(&self, from: &Timestamp) -> Timestamp {
        self.after(from, i64::from(self.permission))
    }

    /// An immediate threat knows no office hours.
    fn office_for(&self, urgency: Urgency) -> Option<&Office> {
        match urgency {
            Urgency::Immediate => None,
            Urgency::Expected | Urgency::Future => {
                Some(&self.office).filter(|office| office.is_set())
            }
        }
    }
}

const MINUTE: i64 = 60 * 1_000_000;

/// Microseconds in minutes, up to the next whole one; 0 when negative.
fn whole_minutes(micros: i64) -> i64 {
    micros.max(0).saturating_add(MINUTE - 1) / MINUTE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn office(zone: &str) -> Office {
        let days = vec![Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri];
        let closed = vec!["2026-12-25".to_owned()];
        Office::new(zone, days, ("09:00", "17:00"), closed).unwrap()
    }

    #[test]
    fn an_immediate_threat_knows_no_office_hours() {
        let clocks = Clocks { office: office("Europe/Berlin"), ..Clocks::default() };
        // A Saturday.
        let from = at("2026-11-28T10:00:00.000Z");
        assert_eq!(clocks.due(Urgency::Immediate, &from).as_str(), "2026-11-28T10:15:00.000Z");
        // Monday at nine, by the clocks of Berlin, and twenty minutes.
        assert_eq!(clocks.due(Urgency::Expected, &from).as_str(), "2026-11-30T08:20:00.000Z");
        let always = Clocks::default();
        assert_eq!(always.due(Urgency::Expected, &from).as_str(), "2026-11-28T10:20:00.000Z");
    }

    #[test]
    fn what_is_left_is_what_was_given() {
        let clocks = Clocks { office: office("Europe/Berlin"), ..Clocks::default() };
        for from in ["2026-11-27T15:50:00.000Z", "2026-11-28T10:00:00.000Z"] {
            let due = clocks.due(Urgency::Future, &at(from));
            assert_eq!(clocks.between(Urgency::Future, &at(from), &due), 24 * 60, "{from}");
            assert_eq!(clocks.between(Urgency::Future, &due, &at(from)), 0);
        }
    }
}
