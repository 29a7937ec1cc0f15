//! What a person says of the findings of an item's text: one is wrong, one is missing, one is another.
//!
//! A finding is made anew each time that a text is read, and a correction is kept: it holds for whatever
//! reads the text later. It is never taken back; a later one says otherwise.

use crate::code::Code;
use crate::id::CorrectionNumber;
use crate::name::UserName;
use crate::refusal::{Refusal, give_reason, short};
use forewarn_extract::corrected::{Change, Finding};
use forewarn_stix::Timestamp;
use serde::{Deserialize, Serialize};

/// Most corrections of one item: each is laid over what is found whenever it is read.
pub const MAX_CORRECTIONS: usize = 200;

/// What is said of an item's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// A correction from now on.
    ///
    /// # Errors
    /// It says nothing, or of what cannot be found; or nobody says why.
    pub fn made(
        self,
        number: CorrectionNumber,
        (by, at): (&UserName, &Timestamp),
    ) -> Result<Correction, Refusal> {
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
        let (by, at) = (by.clone(), at.clone());
        Ok(Correction { number, item, wrong, right, reason, by, at })
    }
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
    fn what_is_left_of_it_has_no_words() {
        let mut correction = made(Some("country:US"), None, "a word").unwrap();
        correction.blank();
        let left = serde_json::to_value(&correction).unwrap();
        assert_eq!(left["reason"], "");
        assert!(left.get("wrong").is_none() && left["by"] == "ana");
    }
}
