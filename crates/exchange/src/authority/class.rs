//! A class of warning: whom it concerns, what it covers, what it says.

use crate::code::Code;
use crate::draft::{DraftRequest, ObservableKind};
use crate::name::NodeName;
use crate::refusal::{Field, Hint, Refusal};
use crate::scale::Grade;
use forewarn_extract::threat::Threat;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Stands in a title or text for the observables that are let out.
pub const OBSERVABLES: &str = "{observables}";
/// Most interests, sources or kinds that a class names: what two persons can look through.
const MAX_NAMED: usize = 100;
/// Longest title and text, in characters.
const MAX_TITLE: usize = 300;
const MAX_TEXT: usize = 10_000;
/// Longest time that an authorisation is given for, in days: it is looked at again each year.
const MAX_DAYS: i64 = 366;
/// Longest time that a warning made by it holds, in minutes: 90 days.
const MAX_HOLDS: u32 = 90 * 24 * 60;
/// Most warnings of one window, and the longest window in minutes (a day).
const MAX_RATE: u32 = 100_000;
const MAX_WINDOW: u32 = 24 * 60;

/// A class of warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Whom it warns.
    pub partner: NodeName,
    /// Ids of the partner's interests whose matches it covers; at least one.
    pub interests: Vec<String>,
    /// Kinds of observables that may leave; at least one.
    pub kinds: Vec<ObservableKind>,
    /// Handles of the sources whose items it covers; at least one. An item that somebody else
    /// brought too is not covered.
    pub sources: Vec<String>,
    /// The least grade of an item, where one is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Grade>,
    /// The marking of the warnings. Items that are marked more strictly are not covered.
    pub tlp: Tlp,
    /// The kind of threat, as the finding says it.
    pub threat: Threat,
    /// Who or what is threatened, as the finding says it.
    pub target: String,
    /// Why there is a duty to warn, whenever it applies.
    pub reason: String,
    /// The title of each warning.
    pub title: String,
    /// The text of each warning.
    pub text: String,
    /// How long each warning holds, in minutes.
    pub holds: u32,
    /// Most warnings in a time.
    pub rate: Rate,
    /// Until when it is given.
    pub until: Timestamp,
}

/// At most so many warnings in so many minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// So many warnings …
    pub most: u32,
    /// … in any window of so many minutes.
    pub minutes: u32,
}

impl Class {
    /// Whether it says all that it must, within its bounds.
    pub(super) fn check(&self, at: &Timestamp) -> Result<(), Refusal> {
        let bad = |message: String| Err(Refusal::new(Code::BadRequest, message));
        for (what, count) in [
            ("interest", self.interests.len()),
            ("kind of observable", self.kinds.len()),
            ("source", self.sources.len()),
        ] {
            if count == 0 || count > MAX_NAMED {
                return bad(format!(
                    "name 1 to {MAX_NAMED} of each: a {what} is missing, or there are too many"
                ));
            }
        }
        for (what, text, most) in [
            ("title", &self.title, MAX_TITLE),
            ("text", &self.text, MAX_TEXT),
            ("target", &self.target, MAX_TITLE),
            ("reason", &self.reason, MAX_TEXT),
        ] {
            let length = text.chars().count();
            if text.trim().is_empty() || length > most {
                return bad(format!("the {what} has {length} characters; it needs 1 to {most}"));
            }
        }
        let Rate { most, minutes } = self.rate;
        if !(1..=MAX_RATE).contains(&most) || !(1..=MAX_WINDOW).contains(&minutes) {
            return bad(format!(
                "the rate is {most} in {minutes} minutes; it may be 1 to {MAX_RATE} in 1 to {MAX_WINDOW}"
            ));
        }
        if !(1..=MAX_HOLDS).contains(&self.holds) {
            return bad(format!("a warning holds 1 to {MAX_HOLDS} minutes, not {}", self.holds));
        }
        if self.until <= *at || self.until > at.plus_minutes(MAX_DAYS * 24 * 60) {
            let message = format!("it ends at {}: that must be within {MAX_DAYS} days", self.until);
            return Err(
                Refusal::new(Code::Horizon, message).hint(Hint::Give { field: Field::ValidUntil })
            );
        }
        Ok(())
    }

    /// Which of these values may leave, each once: those that are observables of its kinds.
    pub(super) fn of_its_kinds(&self, values: &[String]) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for value in values {
            let covered = ObservableKind::of(value).is_some_and(|kind| self.kinds.contains(&kind));
            if covered && !all.contains(value) {
                all.push(value.clone());
            }
        }
        all
    }

    /// The draft of a warning with these observables, at this time.
    pub fn request(&self, observables: Vec<String>, at: &Timestamp) -> DraftRequest {
        let listed = observables.join(", ");
        let words = |text: &str| text.replace(OBSERVABLES, &listed);
        let valid_until = at.plus_minutes(i64::from(self.holds));
        let (title, text) = (words(&self.title), words(&self.text));
        let request = DraftRequest::new(title, text, self.tlp, valid_until);
        DraftRequest { observables, ..request }
    }
}
