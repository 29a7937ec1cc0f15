//! What the two sides say about one warning, in the order in which it came.

use crate::scale::{Clocks, OutcomeFact};
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use serde::{Deserialize, Serialize};

/// One statement, made by us or by the partner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    pub what: What,
    /// Who said it: the name that the speaker's node states.
    pub by: String,
    pub at: Timestamp,
    pub ours: bool,
    /// Where it stands in the speaker's log.
    pub entry: Reference,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    Opened,
    Accepted {
        note: String,
    },
    Declined {
        reason: String,
    },
    Question {
        text: String,
        due: Timestamp,
    },
    /// `question` is the index of the question in the log of the one who asked.
    Answer {
        question: u64,
        text: String,
    },
    Action {
        text: String,
    },
    Outcome {
        facts: Vec<OutcomeFact>,
        text: String,
    },
    Thanks {
        to: String,
        text: String,
    },
    RecallAnswered {
        answer: crate::message::RecallAnswer,
        text: String,
    },
    Refused {
        reason: String,
    },
}

/// All that was said about one warning.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Talk(Vec<Said>);

/// Most words kept about one warning: more than any two desks have to say to each other.
pub const MAX_SAID: usize = 500;

impl Talk {
    /// Whether another word of the partner's may come.
    pub fn is_full(&self) -> bool {
        self.0.len() >= MAX_SAID
    }

    pub fn push(&mut self, said: Said) {
        self.0.push(said);
    }

    pub fn iter(&self) -> impl Iterator<Item = &Said> {
        self.0.iter()
    }

    /// The question at this index of the asking side's log, when nobody has answered it.
    pub fn open_question(&self, index: u64) -> Option<&Said> {
        let answered =
            |what: &What| matches!(what, What::Answer { question, .. } if *question == index);
        if self.0.iter().any(|said| answered(&said.what)) {
            return None;
        }
        let asked =
            |said: &&Said| said.entry.index == index && matches!(said.what, What::Question { .. });
        self.0.iter().find(asked)
    }

    /// Questions that wait for an answer, oldest first.
    pub fn open_questions(&self) -> Vec<&Said> {
        let asked = self.0.iter().filter(|said| matches!(said.what, What::Question { .. }));
        asked.filter(|said| self.open_question(said.entry.index).is_some()).collect()
    }
}

/// When an answer is due.
pub fn question_due(clocks: &Clocks, at: &Timestamp) -> Timestamp {
    at.plus_minutes(i64::from(clocks.question))
}
