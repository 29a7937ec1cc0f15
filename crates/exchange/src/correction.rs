//! What a person says of the findings of an item's text: one is wrong, one is missing, one is another.
//!
//! A finding is made anew each time that a text is read, and a correction is kept: it holds for whatever
//! reads the text later. It is never taken back; a later one says otherwise.

use crate::code::Code;
use crate::id::CorrectionNumber;
use crate::name::UserName;
use crate::refusal::{Refusal, give_reason, short};
use forewarn_extract::corrected::{Change, Changes, Finding};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most corrections of one item: each is laid over what is found whenever it is read.
pub const MAX_CORRECTIONS: usize = 200;
/// Most of them by one person, so that nobody takes the places of all others.
pub const MAX_BY_ONE: usize = 100;

/// What is said of an item's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRequest {
    /// The item's id.
    pub item: String,
    /// What was found and is wrong; without it, something is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<Finding>,
    /// What is right; without it, nothing is in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<Finding>,
    /// Why.
    pub reason: String,
}

/// What was said of an item's text, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Correction {
    /// Which.
    pub number: CorrectionNumber,
    /// The item's id.
    pub item: String,
    /// What was found and is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<Finding>,
    /// What is right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<Finding>,
    /// Why.
    pub reason: String,
    /// Who said it.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
}

impl CorrectionRequest {
    /// The same, each finding in its one form.
    ///
    /// # Errors
    /// It says nothing, or of what cannot be found; or nobody says why.
    pub fn checked(self) -> Result<CorrectionRequest, Refusal> {
        let CorrectionRequest { item, wrong, right, reason } = self;
        give_reason(&reason, "say why: what the text says in so many words")?;
        short(&reason)?;
        let checked = |one: Option<Finding>| {
            let checked = one.map(Finding::checked).transpose();
            checked.map_err(|e| Refusal::new(Code::BadRequest, e.to_string()))
        };
        let (wrong, right) = (checked(wrong)?, checked(right)?);
        match (&wrong, &right) {
            (None, None) => {
                let message = "a correction says what is wrong, what is right, or both";
                return Err(Refusal::new(Code::Empty, message));
            }
            (Some(wrong), Some(right)) if wrong == right => {
                let message = format!("{wrong} cannot be wrong and right");
                return Err(Refusal::new(Code::BadRequest, message));
            }
            (Some(Finding::Stage(_)), right) if !matches!(right, Some(Finding::Stage(_))) => {
                let message = "a report has a stage: say which one is right";
                return Err(Refusal::new(Code::BadRequest, message));
            }
            (Some(_), _) | (None, Some(_)) => {}
        }
        Ok(CorrectionRequest { item, wrong, right, reason })
    }

    /// A correction from now on.
    ///
    /// # Errors
    /// See [`CorrectionRequest::checked`].
    pub fn made(
        self,
        number: CorrectionNumber,
        (by, at): (&UserName, &Timestamp),
    ) -> Result<Correction, Refusal> {
        let CorrectionRequest { item, wrong, right, reason } = self.checked()?;
        let (by, at) = (by.clone(), at.clone());
        Ok(Correction { number, item, wrong, right, reason, by, at })
    }
}

/// Whether one more may be said beside those that were.
///
/// # Errors
/// There are too many; or it changes nothing of what was said.
pub fn may_be_said(all: &[Correction], one: &Correction) -> Result<(), Refusal> {
    let too_many = |why: String| Err(Refusal::new(Code::TooMany, why));
    let item = &one.item;
    if all.len() >= MAX_CORRECTIONS {
        return too_many(format!("{item} has {MAX_CORRECTIONS} corrections already"));
    }
    if all.iter().filter(|known| known.by == one.by).count() >= MAX_BY_ONE {
        return too_many(format!("{item} has {MAX_BY_ONE} corrections by `{}` already", one.by));
    }
    let before = Changes::of(&all.iter().map(Correction::change).collect::<Vec<_>>());
    let standing = |finding: &Finding| before.said_of(finding);
    let news = one.wrong.as_ref().is_some_and(|wrong| standing(wrong) != Some(false))
        || one.right.as_ref().is_some_and(|right| standing(right) != Some(true));
    if news {
        return Ok(());
    }
    let message = format!("that was said of {item} already");
    Err(Refusal::new(Code::Known, message).advice("`forewarn item findings` tells what was said"))
}

impl Correction {
    /// As it is laid over what is found.
    pub fn change(&self) -> Change {
        let (wrong, right) = (self.wrong.clone(), self.right.clone());
        Change { number: self.number.get(), wrong, right }
    }

    /// Its words go; that it was made, by whom and when stays.
    pub fn blank(&mut self) {
        (self.wrong, self.right) = (None, None);
        self.reason.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(wrong: Option<&str>, right: Option<&str>, reason: &str) -> Result<Correction, Refusal> {
        let finding = |one: &str| one.parse().unwrap();
        let request = CorrectionRequest {
            item: "text--1".into(),
            wrong: wrong.map(finding),
            right: right.map(finding),
            reason: reason.into(),
        };
        let (ana, at) = (UserName::parse("ana").unwrap(), "2026-11-27T10:00:00.000Z");
        request.made(CorrectionNumber::new(1), (&ana, &Timestamp::parse(at).unwrap()))
    }

    #[test]
    fn it_says_something_that_can_be_found_and_why() {
        let correction = made(Some("country:US"), Some("country:ru"), "the target").unwrap();
        assert_eq!(correction.right.unwrap().to_string(), "country:RU");
        for (wrong, right, reason, code) in [
            (Some("country:US"), None, " ", Code::Reason),
            (None, None, "x", Code::Empty),
            (Some("country:QQ"), None, "x", Code::BadRequest),
            (Some("country:US"), Some("country:US"), "x", Code::BadRequest),
            (Some("stage:planned"), None, "x", Code::BadRequest),
        ] {
            assert_eq!(made(wrong, right, reason).unwrap_err().code, code, "{wrong:?} {right:?}");
        }
    }

    #[test]
    fn it_says_something_new_and_one_person_leaves_room_for_others() {
        let (wrong, right) = (Some("country:US"), Some("country:RU"));
        let first = made(wrong, right, "x").unwrap();
        let said = |all: &[&Correction], one: &Correction| {
            let all: Vec<Correction> = all.iter().map(|one| (*one).clone()).collect();
            may_be_said(&all, one).map_err(|refusal| refusal.code)
        };
        assert_eq!(said(&[], &first), Ok(()));
        for known in [(wrong, right), (wrong, None), (None, right)] {
            let again = made(known.0, known.1, "y").unwrap();
            assert_eq!(said(&[&first], &again), Err(Code::Known), "{known:?}");
        }
        // What was said can be unsaid, and then said again.
        let back = made(right, wrong, "z").unwrap();
        assert_eq!(said(&[&first], &back), Ok(()));
        assert_eq!(said(&[&first, &back], &first), Ok(()));
        let many = [&first; MAX_BY_ONE];
        let otto = Correction { by: UserName::parse("otto").unwrap(), ..back.clone() };
        assert_eq!(said(&many, &back), Err(Code::TooMany));
        assert_eq!(said(&many, &otto), Ok(()));
    }

    #[test]
    fn what_is_left_of_it_has_no_words() {
        let mut correction = made(Some("country:US"), None, "a word").unwrap();
        correction.blank();
        let left = serde_json::to_value(&correction).unwrap();
        assert_eq!(left["reason"], "");
        assert!(left.get("wrong").is_none() && left["by"] == "ana");
    }
}
