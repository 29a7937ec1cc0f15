//! The ledger as it is shown: who was given what, why and when.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::Status;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One dissemination: what 28 CFR 23.20(g) asks to be kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerLine {
    /// When.
    pub time: Timestamp,
    /// What was done.
    pub what: Given,
    /// The case or warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// The recipient's node.
    pub partner: NodeName,
    /// The recipient: the organisation.
    pub organisation: String,
    /// The recipient's persons, as far as its node has named any who opened or answered it.
    pub persons: Vec<String>,
    /// Which part was given, without its words: the version of a warning, an answer, a reason.
    pub part: String,
    /// Why.
    pub reason: String,
    /// On what basis: the decision to warn, an answer to a question.
    pub basis: String,
    /// Who decided that it may be given.
    pub control_official: String,
    /// Whose information it is, as the recipient is told.
    pub submitting_organisation: String,
    /// How sensitive it is: its marking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Tlp>,
    /// How sure it is, as it was said; none when nothing was said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<String>,
    /// Whether it is meant, an exercise or a test.
    pub status: Status,
    /// The entry of our log that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// Whether the recipient must answer it, and has.
    pub answer: Answered,
}

/// How something was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Given {
    /// A warning was released.
    Release,
    /// A later version of it was.
    Update,
    /// It was taken back.
    Recall,
    /// A question was answered.
    Answer,
    /// Something was said on a warning of the recipient's.
    Statement,
    /// A readout was committed to or published.
    Readout,
}

/// Whether an answer is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answered {
    /// None is.
    NotAsked,
    /// The recipient has answered.
    Given,
    /// The recipient has not answered yet.
    Missing,
}

impl Given {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Given::Release => "release",
            Given::Update => "update",
            Given::Recall => "recall",
            Given::Answer => "answer",
            Given::Statement => "statement",
            Given::Readout => "readout",
        }
    }
}

impl Answered {
    /// In a table: nothing when none is asked for.
    pub fn word(self) -> &'static str {
        match self {
            Answered::NotAsked => "",
            Answered::Given => "yes",
            Answered::Missing => "NOT YET",
        }
    }
}

impl Row for LedgerLine {
    const COLUMNS: &'static [Column<LedgerLine>] = &[
        ("TIME", |one| text::time(&one.time)),
        ("WHAT", |one| one.what.name().to_owned()),
        ("ABOUT", |one| text::or_none(one.subject.as_ref(), Subject::to_string)),
        ("TO", |one| text::line(&format!("{} ({})", one.organisation, one.partner))),
        ("PERSONS", |one| text::line(&one.persons.join(", "))),
        ("PART", |one| text::line(&one.part)),
        ("WHY", |one| text::line(&one.reason)),
        ("BASIS", |one| text::line(&one.basis)),
        ("BY", |one| one.control_official.clone()),
        ("TLP", |one| text::or_none(one.sensitivity.as_ref(), Tlp::to_string)),
        ("STATUS", |one| one.status.name().to_owned()),
        ("ANSWERED", |one| one.answer.word().to_owned()),
    ];
}
