//! What was said about a warning, as it is shown.

use forewarn_exchange::talk::{RecallAnswer, Said, Statement};
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A statement as the API shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaidView {
    /// What was said: `what` is its kind, beside its fields.
    pub what: Value,
    /// In words, on one line.
    pub words: String,
    /// Who said it: the name that the speaker's node states.
    pub by: String,
    /// When, by the speaker's clock.
    pub at: Timestamp,
    /// Whether one of our people said it.
    pub ours: bool,
    /// Where it stands in the speaker's log.
    pub entry: Reference,
}

impl SaidView {
    /// A statement with its words.
    pub fn of(said: &Said) -> SaidView {
        SaidView {
            what: what(said),
            words: words(said),
            by: said.by.clone(),
            at: said.at.clone(),
            ours: said.ours,
            entry: said.entry.clone(),
        }
    }
}

fn what(said: &Said) -> Value {
    let due = said.due.as_ref();
    match &said.statement {
        Statement::Opened {} => json!({"what": "opened"}),
        Statement::Accepted { note } => json!({"what": "accepted", "note": note}),
        Statement::Declined { ground, reason } => {
            json!({"what": "declined", "ground": ground, "reason": reason})
        }
        Statement::Question { text } => json!({"what": "question", "text": text, "due": due}),
        Statement::Answer { text } => {
            json!({"what": "answer", "question": said.question, "text": text})
        }
        Statement::Action { text } => json!({"what": "action", "text": text}),
        Statement::Outcome { facts, text } => {
            json!({"what": "outcome", "facts": facts, "text": text})
        }
        Statement::Thanks { to, text } => json!({"what": "thanks", "to": to, "text": text}),
        Statement::RecallAnswer { answer, text } => {
            json!({"what": "recall-answered", "answer": answer, "text": text})
        }
        Statement::Refusal { reason } => json!({"what": "refused", "reason": reason}),
    }
}

/// What was said, in words.
pub fn words(said: &Said) -> String {
    let index = said.entry.index;
    match &said.statement {
        Statement::Question { text } => {
            let due = said.due.as_ref().map(|due| format!(" (answer due {due})"));
            format!("question at entry {index}: {text}{}", due.unwrap_or_default())
        }
        Statement::Answer { text } => {
            let question = said.question.map_or_else(|| "?".to_owned(), |index| index.to_string());
            format!("answer to entry {question}: {text}")
        }
        other @ (Statement::Opened {}
        | Statement::Accepted { .. }
        | Statement::Declined { .. }
        | Statement::Action { .. }
        | Statement::Outcome { .. }
        | Statement::Thanks { .. }
        | Statement::RecallAnswer { .. }
        | Statement::Refusal { .. }) => statement(other),
    }
}

/// A statement in words, wherever it stands.
pub(crate) fn statement(statement: &Statement) -> String {
    match statement {
        Statement::Opened {} => "opened".to_owned(),
        Statement::Accepted { note } => with("accepted", note),
        Statement::Declined { ground: Some(ground), reason } => {
            with(&format!("declined: {}", ground.words()), reason)
        }
        Statement::Declined { ground: None, reason } => format!("declined: {reason}"),
        Statement::Question { text } => format!("question: {text}"),
        Statement::Answer { text } => format!("answer: {text}"),
        Statement::Action { text } => format!("action: {text}"),
        Statement::Outcome { facts, text } => {
            let fact = facts.iter().map(|fact| {
                let on = fact.on.as_ref().map(|day| format!(" on {day}")).unwrap_or_default();
                format!("{} {}{on}", fact.count, fact.kind)
            });
            let facts = fact.collect::<Vec<_>>().join(", ");
            with(&format!("outcome: {facts}"), text)
        }
        Statement::Thanks { to, text } => format!("thanks, to {to}: {text}"),
        Statement::RecallAnswer { answer, text } => {
            let answer = match answer {
                RecallAnswer::Complied => "complied",
                RecallAnswer::CouldNot => "could-not",
                RecallAnswer::Refused => "refused",
            };
            with(&format!("recall answered: {answer}"), text)
        }
        Statement::Refusal { reason } => format!("could not understand us: {reason}"),
    }
}

/// Words, and a sentence after them where there is one.
fn with(words: &str, more: &str) -> String {
    if more.trim().is_empty() { words.to_owned() } else { format!("{words}. {more}") }
}
