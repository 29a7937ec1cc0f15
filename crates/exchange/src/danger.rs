//! A source in danger: as long as nobody has looked at it, nothing leaves that rests on what the
//! source said.

use crate::code::Code;
use crate::name::UserName;
use crate::refusal::{Refusal, give_reason};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// Most sources that are in danger at the same time: each is looked at by hand.
pub const MAX_HOLDING: usize = 100;
/// Most dangers that are kept, those that were lifted included: the oldest lifted ones go first. The
/// journal has them all.
const MAX_KEPT: usize = 200;

/// A danger's number. It names no source, so that it may be said where the handle may not.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct DangerNumber(pub u32);

impl fmt::Display for DangerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for DangerNumber {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<DangerNumber, Self::Err> {
        text.parse().map(DangerNumber)
    }
}

/// Somebody has said that a source is in danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Danger {
    /// Its number.
    pub number: DangerNumber,
    /// The source's handle.
    pub source: String,
    /// Who said so.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Who has looked at it, when, and what was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<Lifted>,
}

/// A danger was looked at, and stops nothing any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lifted {
    /// Who.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// What was found.
    pub reason: String,
}

/// All dangers that are kept, by number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dangers(Vec<Danger>);

impl Danger {
    /// Whether it stops what rests on the source.
    pub fn holds(&self) -> bool {
        self.lifted.is_none()
    }
}

impl Dangers {
    /// Each, by number.
    pub fn all(&self) -> &[Danger] {
        &self.0
    }

    /// Those that stop what rests on their sources.
    pub fn holding(&self) -> impl Iterator<Item = &Danger> {
        self.0.iter().filter(|one| one.holds())
    }

    /// A source is in danger.
    ///
    /// # Errors
    /// It is in danger already, a reason is missing, or too many are.
    pub fn raise(
        &self,
        source: &str,
        reason: &str,
        (by, at): (&UserName, &Timestamp),
    ) -> Result<Danger, Refusal> {
        give_reason(reason, "say what endangers the source")?;
        if let Some(known) = self.holding().find(|one| one.source == source) {
            let message = format!("`{source}` is in danger already: number {}", known.number);
            return Err(Refusal::new(Code::Known, message));
        }
        if self.holding().count() >= MAX_HOLDING {
            let message = format!("{MAX_HOLDING} sources are in danger already");
            return Err(Refusal::new(Code::TooMany, message).advice("look at some first"));
        }
        let number = self.0.last().map_or(1, |last| last.number.0.saturating_add(1));
        let (by, at) = (by.clone(), at.clone());
        let (source, reason) = (source.to_owned(), reason.to_owned());
        Ok(Danger { number: DangerNumber(number), source, by, at, reason, lifted: None })
    }

    /// Somebody has looked at one.
    ///
    /// # Errors
    /// There is none of this number that holds, or it is not said what was found.
    pub fn lift(
        &self,
        number: DangerNumber,
        reason: &str,
        (by, at): (&UserName, &Timestamp),
    ) -> Result<Danger, Refusal> {
        let known = self.holding().find(|one| one.number == number);
        let known = known.ok_or_else(|| Refusal::unknown("danger that holds", number))?;
        give_reason(reason, "say what you have found")?;
        if known.by == *by {
            let message = format!("`{by}` has said that the source is in danger");
            return Err(
                Refusal::new(Code::SamePerson, message).advice("a second person must look at it")
            );
        }
        let lifted = Lifted { by: by.clone(), at: at.clone(), reason: reason.to_owned() };
        Ok(Danger { lifted: Some(lifted), ..known.clone() })
    }

    /// The same with one that is new or another now.
    #[must_use]
    pub fn with(mut self, danger: Danger) -> Dangers {
        match self.0.iter_mut().find(|one| one.number == danger.number) {
            Some(known) => *known = danger,
            None => self.0.push(danger),
        }
        // The newest stays, whatever it is: the next number follows from it.
        while self.0.len() > MAX_KEPT
            && let Some(oldest) = self.0.iter().position(|one| !one.holds())
        {
            self.0.remove(oldest);
        }
        self
    }

    /// Whether what rests on these sources may leave.
    ///
    /// # Errors
    /// [`Code::SourceDanger`]: one of them is in danger. The message names no source: not everybody
    /// who releases may know them.
    pub fn let_out(&self, sources: &BTreeSet<String>) -> Result<(), Refusal> {
        let stops: Vec<String> = self
            .holding()
            .filter(|one| sources.contains(&one.source))
            .map(|one| format!("number {}, since {}", one.number, one.at))
            .collect();
        if stops.is_empty() {
            return Ok(());
        }
        let message = format!(
            "a source that this rests on is in danger ({}): nothing leaves that could be traced to it",
            stops.join("; ")
        );
        Err(Refusal::new(Code::SourceDanger, message).advice(
            "somebody who may know the source looks at it, and lifts it: forewarn source lift",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> UserName {
        UserName::parse(name).unwrap()
    }

    fn at(minute: u32) -> Timestamp {
        Timestamp::parse(&format!("2017-12-15T09:{minute:02}:00.000Z")).unwrap()
    }

    fn sources(all: &[&str]) -> BTreeSet<String> {
        all.iter().map(|one| (*one).to_owned()).collect()
    }

    #[test]
    fn what_rests_on_a_source_in_danger_waits_until_a_second_person_has_looked() {
        let (ana, otto) = (name("ana"), name("otto"));
        let none = Dangers::default();
        assert_eq!(none.let_out(&sources(&["HERON-7"])), Ok(()));
        assert_eq!(none.raise("HERON-7", " ", (&ana, &at(1))).unwrap_err().code, Code::Reason);
        let raised = none.raise("HERON-7", "asked where he was", (&ana, &at(1))).unwrap();
        let one = none.with(raised);
        let refusal = one.let_out(&sources(&["press", "HERON-7"])).unwrap_err();
        assert_eq!(refusal.code, Code::SourceDanger);
        assert!(!refusal.message.contains("HERON"), "{refusal}");
        assert_eq!(one.let_out(&sources(&["press"])), Ok(()));
        assert_eq!(one.raise("HERON-7", "again", (&otto, &at(2))).unwrap_err().code, Code::Known);
        let number = DangerNumber(1);
        let own = one.lift(number, "it was nothing", (&ana, &at(2))).unwrap_err();
        assert_eq!(own.code, Code::SamePerson);
        assert_eq!(one.lift(number, "", (&otto, &at(2))).unwrap_err().code, Code::Reason);
        let lifted = one.lift(number, "he is abroad and safe", (&otto, &at(3))).unwrap();
        let one = one.with(lifted);
        assert_eq!(one.let_out(&sources(&["HERON-7"])), Ok(()));
        assert_eq!(one.lift(number, "x", (&otto, &at(4))).unwrap_err().code, Code::NotFound);
        assert_eq!(one.raise("HERON-7", "again", (&ana, &at(5))).unwrap().number, DangerNumber(2));
    }

    #[test]
    fn a_bound_on_what_is_kept_forgets_what_was_lifted_and_never_what_holds() {
        let (ana, otto) = (name("ana"), name("otto"));
        let mut all = Dangers::default();
        let first = all.raise("kept", "x", (&ana, &at(0))).unwrap();
        all = all.with(first);
        for n in 0..MAX_KEPT + 5 {
            let raised = all.raise(&format!("s{n}"), "x", (&ana, &at(1))).unwrap();
            let number = raised.number;
            all = all.with(raised);
            let lifted = all.lift(number, "x", (&otto, &at(2))).unwrap();
            all = all.with(lifted);
        }
        assert_eq!(all.all().len(), MAX_KEPT);
        assert_eq!(all.holding().map(|one| one.source.as_str()).collect::<Vec<_>>(), ["kept"]);
        let next = all.raise("next", "x", (&ana, &at(3))).unwrap();
        assert_eq!(next.number.0, u32::try_from(MAX_KEPT).unwrap() + 7);
    }

    #[test]
    fn no_more_are_in_danger_at_once_than_are_looked_at() {
        let ana = name("ana");
        let mut all = Dangers::default();
        for n in 0..MAX_HOLDING {
            let raised = all.raise(&format!("s{n}"), "x", (&ana, &at(1))).unwrap();
            all = all.with(raised);
        }
        assert_eq!(all.raise("more", "x", (&ana, &at(1))).unwrap_err().code, Code::TooMany);
    }
}
