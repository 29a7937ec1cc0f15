//! What a readout says: its text, and which of its words state what stands in which entry.

use crate::code::Code;
use crate::refusal::Refusal;
use forewarn_transcript::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::fmt;

/// Most facts that one readout states: a text for the public has a few.
pub const MAX_STATED: usize = 50;

/// Longest text of a readout, in characters: some pages.
const MAX_TEXT: usize = 8_000;

/// Longest value that a fact may state, in bytes as JSON: a count, a time, a sentence.
const MAX_VALUE_BYTES: usize = 1 << 10;

/// A readout as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The text.
    pub text: String,
    /// What of it the transcript can prove.
    pub stated: Vec<Stated>,
}

/// Some words of the text, and what they state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// The words, as they stand in the text.
    pub words: String,
    /// What they are about.
    pub fact: Fact,
    /// What they state of it.
    pub value: Value,
}

/// A place in the transcript that a text refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The entry.
    pub entry: Reference,
    /// What of it.
    pub shows: Shows,
}

/// What of an entry a fact refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "shows", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Shows {
    /// Its kind.
    Kind {},
    /// When its writer claims to have written it.
    Time {},
    /// A field that both sides see, or a part of it.
    Field {
        /// The field's name.
        name: String,
        /// The part, as a JSON pointer (RFC 6901); empty for the whole.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        path: String,
    },
    /// A field that the entry commits to and does not show.
    Withheld {
        /// The field's name.
        name: String,
    },
}

/// What a text states of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// That it is this.
    Is(Json),
    /// That it is kept back, and committed to by this digest.
    Digest(String),
}

impl fmt::Display for Shows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shows::Kind {} => f.write_str("its kind"),
            Shows::Time {} => f.write_str("when it was written"),
            Shows::Field { name, path } => write!(f, "{name}{path}"),
            Shows::Withheld { name } => write!(f, "{name}, withheld"),
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {} of {}: {}", self.entry.index, self.entry.log, self.shows)
    }
}

impl Document {
    /// The facts that it states, each once, in the order of the text.
    pub fn facts(&self) -> Vec<Fact> {
        let mut all: Vec<Fact> = Vec::new();
        for one in &self.stated {
            if !all.contains(&one.fact) {
                all.push(one.fact.clone());
            }
        }
        all
    }

    /// Checks its bounds, and that the words of each fact stand in the text.
    ///
    /// # Errors
    /// [`Code::Empty`], [`Code::TooLong`] or [`Code::TooMany`]; [`Code::Wanted`] for words that do
    /// not stand in the text.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.text.trim().is_empty() {
            return Err(Refusal::new(Code::Empty, "a readout says something"));
        }
        if self.text.chars().count() > MAX_TEXT {
            let message = format!("a readout has at most {MAX_TEXT} characters");
            return Err(Refusal::new(Code::TooLong, message).advice("say it in fewer words"));
        }
        if self.stated.len() > MAX_STATED {
            let message = format!("a readout states at most {MAX_STATED} facts");
            return Err(Refusal::new(Code::TooMany, message));
        }
        for one in &self.stated {
            if one.words.trim().is_empty() || !self.text.contains(&one.words) {
                let message = format!("the words “{}” do not stand in the text", one.words);
                return Err(Refusal::new(Code::Wanted, message)
                    .advice("name the words of the text that state the fact"));
            }
            let value = match &one.value {
                Value::Is(value) => value.to_string(),
                Value::Digest(digest) => digest.clone(),
            };
            if value.len() > MAX_VALUE_BYTES {
                let message = format!("{} is longer than a readout may state", one.fact);
                return Err(Refusal::new(Code::TooLong, message).advice("name a part of the field"));
            }
        }
        Ok(())
    }
}
