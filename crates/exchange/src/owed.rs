//! What the reader of a warning owes its writer: an answer to each later word on it.
//!
//! Of later words only the newest is owed an answer: a version takes the place of the one before,
//! and the end of the warning that of its last version. A recall is answered by itself: see
//! [`crate::warning::Recalled`].

use crate::talk::{Compliance, WordAnswer};
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A later word on a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// Another version of it.
    Update,
    /// It was taken back.
    Recall,
    /// Its time is over. No entry says so: each node's own clock does.
    Expiry,
}

impl Word {
    /// In words: `update`.
    pub const fn name(self) -> &'static str {
        match self {
            Word::Update => "update",
            Word::Recall => "recall",
            Word::Expiry => "expiry",
        }
    }
}

/// The newest update or end of a warning, which is to be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Owed {
    /// What it is.
    pub word: Word,
    /// Since when, by our clock.
    pub at: Timestamp,
    /// The entry that the answer names: the update; for an end, the newest version.
    pub entry: Reference,
    /// How it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Compliance>,
}

/// Why an answer to a later word is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOwed {
    /// There is no such word.
    Nothing,
    /// It was answered, and this does not say that it corrects the answer.
    Answered(Compliance),
    /// It was not answered: there is nothing to correct.
    Uncorrectable,
}

impl Owed {
    /// An answer is owed from now on.
    pub fn new(word: Word, entry: Reference, at: &Timestamp) -> Owed {
        Owed { word, at: at.clone(), entry, answered: None }
    }

    /// Whether the answer has not come.
    pub fn is_open(&self) -> bool {
        self.answered.is_none()
    }
}

/// Whether an answer may follow what was answered before.
///
/// # Errors
/// It may not.
pub fn may_answer(before: Option<Compliance>, answer: &WordAnswer) -> Result<(), NotOwed> {
    match (before, answer.corrects) {
        (None, false) | (Some(_), true) => Ok(()),
        (Some(before), false) => Err(NotOwed::Answered(before)),
        (None, true) => Err(NotOwed::Uncorrectable),
    }
}
