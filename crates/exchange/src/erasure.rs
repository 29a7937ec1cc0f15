//! What is erased by order or by rule, and what is held against that.
//!
//! Content goes: what was found, decided, drafted, said, told, received. What stays is that it was:
//! numbers, times, persons, markings, digests, the leaves of the logs with their proofs, the receipts.
//! See `docs/design/0023-erasure.md`.

mod blank;

use crate::actor::Actor;
use crate::case::{Case, Outward};
use crate::clocks::Purpose;
use crate::code::Code;
use crate::id::{CaseNumber, Subject, WarningNumber};
use crate::name::UserName;
use crate::owed::Owed;
use crate::refusal::{Hint, Refusal, give_reason};
use crate::told::AheadFate;
use crate::warning::{Standing, Warning};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What can be erased. Written `case-3`, `warning-2`, or as an item's id.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub enum Erasable {
    /// What we wrote about one of our cases, and what was said there.
    Case(CaseNumber),
    /// A warning that came to us, and what was said there.
    Warning(WarningNumber),
    /// Every version of an item that was taken in.
    Item(String),
}

/// Why content is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// It was kept as long as it may be.
    Retention,
    /// A court or an overseer has ordered it.
    Order,
    /// Somebody of whom it tells has asked for it, and may.
    Request,
    /// It may never have been held.
    Unlawful,
}

/// That content was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Erased {
    /// When.
    pub at: Timestamp,
    /// Who asked for it; the node, where a rule did.
    pub by: Actor,
    /// The second person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<UserName>,
    /// Why, by kind.
    pub ground: Ground,
    /// Why, in words that say nothing of the content.
    pub reason: String,
}

/// That nothing of something may be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hold {
    /// Since when.
    pub at: Timestamp,
    /// Who says so.
    pub by: UserName,
    /// Why: a court's file number, say.
    pub reason: String,
}

/// How many days something is kept after it is over; for ever, where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// A case, after whatever happened last about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<u32>,
    /// A warning that came to us, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warnings: Option<u32>,
    /// An item, after it last came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<u32>,
}

impl Retention {
    /// Whether it says nothing.
    pub fn is_default(&self) -> bool {
        *self == Retention::default()
    }

    /// For how many days something is kept.
    pub fn days(&self, what: &Erasable) -> Option<u32> {
        match what {
            Erasable::Case(_) => self.cases,
            Erasable::Warning(_) => self.warnings,
            Erasable::Item(_) => self.items,
        }
    }

    /// The days, when they are over for something of which nothing has happened since then.
    pub fn past(&self, what: &Erasable, since: &Timestamp, now: &Timestamp) -> Option<u32> {
        let days = self.days(what)?;
        (since.plus_minutes(i64::from(days) * 24 * 60) <= *now).then_some(days)
    }
}

/// Something that is held, or was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Kept {
    /// What.
    pub what: Erasable,
    /// What holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// That it was erased, last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erased>,
}

impl Erasable {
    /// The case or warning that it is.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Erasable::Case(number) => Some(Subject::Case(*number)),
            Erasable::Warning(number) => Some(Subject::Warning(*number)),
            Erasable::Item(_) => None,
        }
    }
}

impl From<Subject> for Erasable {
    fn from(subject: Subject) -> Erasable {
        match subject {
            Subject::Case(number) => Erasable::Case(number),
            Subject::Warning(number) => Erasable::Warning(number),
        }
    }
}

impl fmt::Display for Erasable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Erasable::Case(number) => Subject::Case(*number).fmt(f),
            Erasable::Warning(number) => Subject::Warning(*number).fmt(f),
            Erasable::Item(id) => f.write_str(id),
        }
    }
}

impl FromStr for Erasable {
    type Err = String;

    fn from_str(text: &str) -> Result<Erasable, String> {
        if let Ok(subject) = text.parse::<Subject>() {
            return Ok(subject.into());
        }
        if text.contains("--") {
            return Ok(Erasable::Item(text.to_owned()));
        }
        Err(format!("`{text}` is neither `case-N`, `warning-N`, nor the id of an item"))
    }
}

impl TryFrom<String> for Erasable {
    type Error = String;

    fn try_from(text: String) -> Result<Erasable, String> {
        text.parse()
    }
}

impl From<Erasable> for String {
    fn from(what: Erasable) -> String {
        what.to_string()
    }
}

impl Ground {
    /// Every ground.
    pub const ALL: &'static [Ground] =
        &[Ground::Retention, Ground::Order, Ground::Request, Ground::Unlawful];

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Ground::Retention => "retention",
            Ground::Order => "order",
            Ground::Request => "request",
            Ground::Unlawful => "unlawful",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Ground::Retention => "kept as long as it may be",
            Ground::Order => "ordered by a court or an overseer",
            Ground::Request => "asked for by somebody of whom it tells",
            Ground::Unlawful => "it may never have been held",
        }
    }

    /// The ground of this name.
    pub fn parse(text: &str) -> Option<Ground> {
        Ground::ALL.iter().copied().find(|ground| ground.name() == text)
    }

    /// Whether it does not wait for what a partner still owes us, or we it.
    fn presses(self) -> bool {
        match self {
            Ground::Order | Ground::Unlawful => true,
            Ground::Retention | Ground::Request => false,
        }
    }
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The reason of an erasure: there is one, and nothing holds what is erased.
///
/// # Errors
/// There is none, or something is held.
pub fn may_be_erased(hold: Option<&Hold>, reason: &str) -> Result<(), Refusal> {
    give_reason(reason, "say why it is erased, in words that say nothing of what it was")?;
    let Some(Hold { at, by, reason }) = hold else { return Ok(()) };
    let message = format!("it is held since {at}, says {by}: {reason}");
    Err(Refusal::new(Code::NotWaiting, message)
        .advice("lift the hold first: `forewarn record lift`, which takes two persons"))
}

impl Case {
    /// Whether what was written about it may be erased: it is over, and nobody waits for anything.
    ///
    /// # Errors
    /// It is not, with what it waits for.
    pub fn may_be_erased(&self, answered: bool, ground: Ground) -> Result<(), Refusal> {
        let case = self.number;
        let refuse = |why: &str| {
            Err(Refusal::new(Code::Stage, format!("case {case} is not over: {why}"))
                .hint(Hint::ShowCase { case }))
        };
        if self.is_decided_about(ground) {
            return refuse("its clock runs");
        }
        if self.awaits.is_some() {
            return refuse("the partner is not known to hold what was written last");
        }
        if let Some(holds) = self.holds_until() {
            let until = &holds.until;
            return refuse(&format!("the warning holds until {until}; take it back first"));
        }
        if self.ahead.iter().any(|one| one.fate == AheadFate::Waiting {}) {
            return refuse("what was told waits for a second person");
        }
        let owed = self.owed.as_ref().is_some_and(Owed::is_open)
            || (self.outward == Outward::Recalled && !answered);
        if owed && !ground.presses() {
            return refuse("the partner has not answered its end or recall");
        }
        Ok(())
    }
}

impl Case {
    /// Whether somebody still decides about it. A waiver is looked at again and again: for what must go,
    /// that review does not count.
    fn is_decided_about(&self, ground: Ground) -> bool {
        let reviewed = self.clock.purpose == Purpose::Review && self.is_waived();
        let goes = ground.presses() || ground == Ground::Retention;
        self.clock.runs() && !(reviewed && goes)
    }

    /// Whether it is under way: decided about, in force, or on its way to the partner.
    pub fn is_under_way(&self, ground: Ground) -> bool {
        self.is_decided_about(ground) || self.holds_until().is_some() || self.awaits.is_some()
    }
}

impl Warning {
    /// Whether it may be erased: it is over, and nothing is owed.
    ///
    /// # Errors
    /// It is not, with what is owed.
    pub fn may_be_erased(&self, ground: Ground) -> Result<(), Refusal> {
        let number = self.number;
        let refuse = |why: &str| {
            let message = format!("warning {number} is not over: {why}");
            Err(Refusal::new(Code::Stage, message).hint(Hint::ShowWarning { warning: number }))
        };
        if ground.presses() {
            return Ok(());
        }
        let declined = matches!(self.standing, Standing::Declined { .. });
        if self.recall.is_none() && self.expired.is_none() && !declined {
            return refuse("it holds");
        }
        if matches!(self.standing, Standing::New {}) && self.recall.is_none() {
            return refuse("nobody has opened it");
        }
        if self.owed.as_ref().is_some_and(Owed::is_open) {
            return refuse("its end is not answered");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_erased_is_written_as_people_say_it() {
        for text in ["case-3", "warning-12", "text--f1f9689e-5634-4cc6-9d27-510db97c7402"] {
            assert_eq!(text.parse::<Erasable>().unwrap().to_string(), text);
        }
        assert!("partner".parse::<Erasable>().is_err());
        for ground in Ground::ALL {
            assert_eq!(Ground::parse(ground.name()), Some(*ground));
        }
    }

    #[test]
    fn what_is_kept_for_days_is_kept_to_the_end_of_the_last_one() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let rules = Retention { cases: Some(2), ..Retention::default() };
        let (case, item) = (Erasable::Case(CaseNumber::new(1)), Erasable::Item("text--1".into()));
        let since = at("2026-11-26T10:00:00Z");
        assert_eq!(rules.past(&case, &since, &at("2026-11-28T09:59:59Z")), None);
        assert_eq!(rules.past(&case, &since, &at("2026-11-28T10:00:00Z")), Some(2));
        assert_eq!(rules.past(&item, &since, &at("2099-11-28T10:00:00Z")), None);
    }

    #[test]
    fn what_is_held_stays_and_a_reason_is_given() {
        let at = Timestamp::parse("2026-11-26T10:00:00Z").unwrap();
        let by = UserName::parse("otto").unwrap();
        let hold = Hold { at, by, reason: "file 7/26".into() };
        let held = may_be_erased(Some(&hold), "five years").unwrap_err();
        assert!(held.message.contains("file 7/26"));
        assert!(may_be_erased(None, "").is_err());
        assert!(may_be_erased(None, "five years").is_ok());
    }
}
