//! What the two sides say about one warning: one list of statements, for acts, entries and records.

use crate::action::{ActionClass, Flag};
use crate::bounds::MAX_FACTS;
use crate::id::Subject;
use crate::name::UserName;
use crate::owed::Word;
use crate::permission::{Request, Verdict};
use crate::scale::{Clocks, OutcomeFact};
use crate::told::Told;
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a later word on a warning was answered: an update, a recall, its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compliance {
    /// It was done.
    Complied,
    /// It could not be done.
    CouldNot,
    /// It will not be done.
    Refused,
}

impl Compliance {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Compliance::Complied => "complied",
            Compliance::CouldNot => "could-not",
            Compliance::Refused => "refused",
        }
    }
}

/// The answer to a later word on a warning: the kind of the statement says to which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordAnswer {
    /// Whether it was complied with.
    pub answer: Compliance,
    /// In words; perhaps empty, but for a correction.
    pub text: String,
    /// It takes the place of the speaker's answer before it, which was wrong or does not hold any
    /// more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub corrects: bool,
}

/// Whether what the writer says was told beside the channel was told so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToldAnswer {
    /// The entry in the writer's log that says so.
    pub entry: u64,
    /// Whether it was.
    pub so: bool,
    /// In words; perhaps empty.
    #[serde(default)]
    pub text: String,
}

/// Why a warning is not taken on, by a fixed choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// It concerns nobody and nothing of ours.
    NotOurs,
    /// It was known here before.
    KnownAlready,
    /// Nothing can be done about it here.
    CannotAct,
    /// It is not believed.
    NotCredible,
}

impl Ground {
    /// Every ground.
    pub const ALL: &'static [Ground] =
        &[Ground::NotOurs, Ground::KnownAlready, Ground::CannotAct, Ground::NotCredible];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Ground::NotOurs => "it concerns nobody and nothing of ours",
            Ground::KnownAlready => "it was known here before",
            Ground::CannotAct => "nothing can be done about it here",
            Ground::NotCredible => "it is not believed",
        }
    }
}

/// What one side says about a warning. The kind is the kind of the entry that carries it
/// (`docs/protocol.md`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Statement {
    /// Somebody has opened the warning.
    Opened {},
    /// Somebody has it in hand.
    Accepted {
        /// Perhaps empty.
        note: String,
    },
    /// It is not taken on.
    Declined {
        /// On which ground, where it is one of the usual ones.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
        /// Why; may be empty when a ground is given.
        #[serde(default)]
        reason: String,
    },
    /// The reader of a warning wants to know more.
    Question {
        /// The question.
        text: String,
    },
    /// The writer of the warning answers a question.
    Answer {
        /// The answer.
        text: String,
    },
    /// What is being done.
    Action {
        /// In words.
        text: String,
        /// Of which class, where that was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<ActionClass>,
    },
    /// What came of it.
    Outcome {
        /// Counted.
        facts: Vec<OutcomeFact>,
        /// In words; perhaps empty.
        text: String,
        /// The index in the speaker's log of an outcome that this one takes the place of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        corrects: Option<u64>,
    },
    /// Thanks, to whoever made the warning possible.
    Thanks {
        /// Whom, in words.
        to: String,
        /// The words of thanks.
        text: String,
    },
    /// The reader of a warning asks whether it may pass parts of it on.
    PermissionRequest(Request),
    /// The writer of the warning grants some of that, or denies it.
    PermissionAnswer(Verdict),
    /// The writer of the warning says that somebody was told of it beside the channel.
    Told(Told),
    /// The reader of the warning says whether that is so.
    ToldAnswer(ToldAnswer),
    /// How a recall was answered.
    RecallAnswer(WordAnswer),
    /// How an update was answered: complied says that it is noted and applied.
    UpdateAnswer(WordAnswer),
    /// What was done when the warning's time was over: complied says that what was done for it has
    /// ended.
    ExpiryAnswer(WordAnswer),
    /// The other side has stored an entry and could not understand it.
    Refusal {
        /// Why, in the other side's words.
        reason: String,
    },
}

/// The kind of the entry by which an entry that was not understood is answered.
pub const REFUSAL: &str = "refusal";

/// The kinds of statements with the verb by which one of ours is made: `None` where no user makes
/// it on a received warning.
pub const STATEMENTS: &[(&str, Option<&str>)] = &[
    ("opened", Some("open")),
    ("accepted", Some("accept")),
    ("declined", Some("decline")),
    ("question", Some("ask")),
    ("answer", None),
    ("action", Some("act")),
    ("outcome", Some("outcome")),
    ("thanks", Some("thank")),
    ("permission-request", Some("ask-permission")),
    ("permission-answer", None),
    ("told", None),
    ("told-answer", Some("answer-told")),
    ("recall-answer", Some("answer")),
    ("update-answer", Some("answer-update")),
    ("expiry-answer", Some("answer-expiry")),
    (REFUSAL, None),
];

impl Statement {
    /// Whether a partner may say so much.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn check_bounds(&self) -> Result<(), String> {
        if let Statement::Outcome { facts, .. } = self
            && (facts.is_empty() || facts.len() > MAX_FACTS)
        {
            return Err(format!("an outcome has 1 to {MAX_FACTS} facts"));
        }
        if let Statement::Refusal { reason } = self
            && reason.chars().count() > MAX_REASON
        {
            return Err(format!("a refusal's reason has at most {MAX_REASON} characters"));
        }
        if let Statement::PermissionRequest(request) = self {
            request.check()?;
        }
        if let Statement::Told(told) = self {
            told.check()?;
        }
        Ok(())
    }

    /// Whether it says anything in free words, beside fixed choices and counts.
    pub fn has_words(&self) -> bool {
        let words = match self {
            Statement::Opened {} => return false,
            Statement::Accepted { note } => note,
            Statement::Declined { reason, .. }
            | Statement::Refusal { reason }
            | Statement::PermissionRequest(Request { reason, .. }) => reason,
            Statement::Question { text }
            | Statement::Answer { text }
            | Statement::Action { text, .. }
            | Statement::Outcome { text, .. }
            | Statement::RecallAnswer(WordAnswer { text, .. })
            | Statement::UpdateAnswer(WordAnswer { text, .. })
            | Statement::ExpiryAnswer(WordAnswer { text, .. })
            | Statement::ToldAnswer(ToldAnswer { text, .. }) => text,
            Statement::PermissionAnswer(verdict) => return verdict.has_words(),
            Statement::Told(told) => return told.has_words(),
            Statement::Thanks { .. } => return true,
        };
        !words.trim().is_empty()
    }

    /// The verb by which one of ours says it of a warning that came; `None` for what nobody does.
    pub fn verb(&self) -> Option<&'static str> {
        let kind = self.kind();
        STATEMENTS.iter().find(|(known, _)| *known == kind).and_then(|(_, verb)| *verb)
    }

    /// The kind of the entry that carries it.
    pub fn kind(&self) -> &'static str {
        match self {
            Statement::Opened {} => "opened",
            Statement::Accepted { .. } => "accepted",
            Statement::Declined { .. } => "declined",
            Statement::Question { .. } => "question",
            Statement::Answer { .. } => "answer",
            Statement::Action { .. } => "action",
            Statement::Outcome { .. } => "outcome",
            Statement::Thanks { .. } => "thanks",
            Statement::PermissionRequest(_) => "permission-request",
            Statement::PermissionAnswer(_) => "permission-answer",
            Statement::Told(_) => "told",
            Statement::ToldAnswer(_) => "told-answer",
            Statement::RecallAnswer(_) => "recall-answer",
            Statement::UpdateAnswer(_) => "update-answer",
            Statement::ExpiryAnswer(_) => "expiry-answer",
            Statement::Refusal { .. } => REFUSAL,
        }
    }

    /// Whether it is said of the version that the speaker has before him.
    pub(crate) fn is_of_a_version(&self) -> bool {
        match self {
            Statement::Opened {}
            | Statement::Accepted { .. }
            | Statement::Declined { .. }
            | Statement::Action { .. }
            | Statement::UpdateAnswer(_) => true,
            Statement::Question { .. }
            | Statement::Answer { .. }
            | Statement::Outcome { .. }
            | Statement::Thanks { .. }
            | Statement::PermissionRequest(_)
            | Statement::PermissionAnswer(_)
            | Statement::Told(_)
            | Statement::ToldAnswer(_)
            | Statement::RecallAnswer(_)
            | Statement::ExpiryAnswer(_)
            | Statement::Refusal { .. } => false,
        }
    }

    /// Until when the other side is to answer it, if it is said at this time and wants an answer.
    pub fn answer_due(&self, clocks: &Clocks, at: &Timestamp) -> Option<Timestamp> {
        match self {
            Statement::Question { .. } => Some(question_due(clocks, at)),
            Statement::PermissionRequest(_) => Some(clocks.permission_due(at)),
            Statement::Opened {}
            | Statement::Accepted { .. }
            | Statement::Declined { .. }
            | Statement::Answer { .. }
            | Statement::Action { .. }
            | Statement::Outcome { .. }
            | Statement::Thanks { .. }
            | Statement::PermissionAnswer(_)
            | Statement::Told(_)
            | Statement::ToldAnswer(_)
            | Statement::RecallAnswer(_)
            | Statement::UpdateAnswer(_)
            | Statement::ExpiryAnswer(_)
            | Statement::Refusal { .. } => None,
        }
    }

    /// Which later word on the warning it answers, and how; `None` when it answers none.
    pub fn answers_word(&self) -> Option<(Word, &WordAnswer)> {
        match self {
            Statement::RecallAnswer(answer) => Some((Word::Recall, answer)),
            Statement::UpdateAnswer(answer) => Some((Word::Update, answer)),
            Statement::ExpiryAnswer(answer) => Some((Word::Expiry, answer)),
            Statement::Opened {}
            | Statement::Accepted { .. }
            | Statement::Declined { .. }
            | Statement::Question { .. }
            | Statement::Answer { .. }
            | Statement::Action { .. }
            | Statement::Outcome { .. }
            | Statement::Thanks { .. }
            | Statement::PermissionRequest(_)
            | Statement::PermissionAnswer(_)
            | Statement::Told(_)
            | Statement::ToldAnswer(_)
            | Statement::Refusal { .. } => None,
        }
    }
}

/// A statement that was made, by us or by the partner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// What was said.
    pub statement: Statement,
    /// Who said it: the name that the speaker's node states.
    pub by: String,
    /// When, by the speaker's clock.
    pub at: Timestamp,
    /// Whether one of our people said it.
    pub ours: bool,
    /// Where it stands in the speaker's log.
    pub entry: Reference,
    /// For a question, or a request for permission: when the answer is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// For an answer: the question's index in the log of the one who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<u64>,
    /// Of which version of the warning it was said, counted from 1, where it is said of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What is not as it should be with what was done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
}

impl Said {
    /// One of ours has said it, and nothing more is known of it.
    pub fn ours(statement: Statement, by: &UserName, (at, entry): (Timestamp, Reference)) -> Said {
        Said { ours: true, ..Said::theirs(statement, by.to_string(), (at, entry)) }
    }

    /// Whether its writer says in this entry that somebody was told beside the channel.
    pub(crate) fn is_told_at(&self, index: u64) -> bool {
        matches!(self.statement, Statement::Told(_)) && self.entry.index == index
    }

    /// The partner has said it, and nothing more is known of it.
    pub fn theirs(statement: Statement, by: String, (at, entry): (Timestamp, Reference)) -> Said {
        let (due, question, version, flags) = (None, None, None, Vec::new());
        Said { statement, by, at, ours: false, entry, due, question, version, flags }
    }
}

/// A statement with what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// Our case, or the warning that came to us.
    pub subject: Subject,
    /// The statement.
    pub said: Said,
}

/// Longest reason of a refusal, in characters.
pub(crate) const MAX_REASON: usize = 300;

/// Most statements kept about one warning: more than any two desks have to say to each other.
pub(crate) const MAX_SAID: usize = 500;

/// When an answer is due.
pub(crate) fn question_due(clocks: &Clocks, at: &Timestamp) -> Timestamp {
    clocks.answer_due(at)
}
