//! What an entry of the partner's log does here, once it is stored.

use crate::id::WarningNumber;
use crate::message::{Content, Message};
use crate::name::NodeName;
use crate::scale::{Clocks, Status};
use crate::talk::{MAX_SAID, Said, Statement, question_due};
use crate::warning::{Recalled, Standing, Summary, Warning};
use forewarn_stix::Timestamp;
use forewarn_transcript::{Entry, Reference};

/// An entry of the partner's, read as a message.
pub struct Incoming<'a> {
    /// Whose log it stands in.
    pub partner: &'a NodeName,
    /// The entry itself.
    pub entry: &'a Entry,
    /// Where it stands.
    pub place: &'a Reference,
    /// When it was received, by our clock.
    pub at: &'a Timestamp,
}

/// Most versions of one warning: each is kept.
const MAX_VERSIONS: u32 = 500;

/// Why it cannot be accepted: the words go back in a refusal.
pub type NotAccepted = String;

/// A later word of the partner's on a warning that it sent us, and what it changes.
#[derive(Debug, Clone, PartialEq)]
pub enum OnWarning {
    /// Another version of the content.
    Updated(Warning, Content),
    /// The warning itself is changed: it was recalled.
    Changed(Warning),
    /// Something was said.
    Said(Said),
}

/// What of the talk an incoming statement needs to know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TalkSoFar {
    /// How many statements were made.
    pub count: usize,
    /// Whether the entry that is answered is a question of ours that nobody has answered.
    pub answers_open_question: bool,
    /// Whether the partner has answered our recall before.
    pub recall_answered: bool,
}

impl Incoming<'_> {
    /// A new warning under the next local number.
    pub fn warning(
        &self,
        number: WarningNumber,
        content: &Content,
    ) -> Result<Warning, NotAccepted> {
        content.check()?;
        let status = Status::parse(&self.entry.status).ok_or("its status is not known")?;
        Ok(Warning {
            number,
            partner: self.partner.clone(),
            status,
            entry: self.place.clone(),
            id: self.entry.id.clone(),
            received: self.at.clone(),
            summary: Summary::of(content),
            version: 1,
            newest: None,
            standing: Standing::New {},
            recall: None,
        })
    }

    /// A later word of the partner on a warning that it sent us.
    pub fn on_warning(
        &self,
        mut warning: Warning,
        message: Message,
        talk: TalkSoFar,
    ) -> Result<OnWarning, NotAccepted> {
        match message {
            Message::Update(content) => {
                if self.entry.status != warning.status.name() {
                    return Err("its status is another one than that of the warning".to_owned());
                }
                if warning.version >= MAX_VERSIONS {
                    return Err(format!("it has {MAX_VERSIONS} versions: write a new warning"));
                }
                content.check()?;
                warning.summary = Summary::of(&content);
                warning.version += 1;
                // What was said of the version before was not said of this one.
                warning.newest = Some(self.place.clone());
                warning.standing = Standing::New {};
                Ok(OnWarning::Updated(warning, content))
            }
            Message::Recall { reason } => {
                let (at, entry) = (self.at.clone(), self.place.clone());
                warning.recall = Some(Recalled { reason, at, entry, answered: None });
                Ok(OnWarning::Changed(warning))
            }
            Message::Said { by, statement: statement @ Statement::Answer { .. } } => {
                check_count(talk)?;
                if !talk.answers_open_question {
                    return Err("it answers no open question of ours".to_owned());
                }
                let question = self.entry.answers.as_ref().map(|to| to.index);
                Ok(OnWarning::Said(Said { question, ..self.said(by, statement) }))
            }
            Message::Said { statement: statement @ Statement::Refusal { .. }, .. } => {
                check_count(talk)?;
                Ok(OnWarning::Said(self.said(self.partner.to_string(), statement)))
            }
            other => Err(format!("a {} cannot refer to a warning that you sent", other.fields().0)),
        }
    }

    /// What the partner says about a warning of ours.
    pub fn on_case(
        &self,
        message: Message,
        talk: TalkSoFar,
        clocks: &Clocks,
    ) -> Result<Said, NotAccepted> {
        check_count(talk)?;
        let (by, statement) = match message {
            Message::Said { statement: Statement::Answer { .. }, .. } => {
                return Err("an answer does not answer a warning".to_owned());
            }
            Message::Said { statement: statement @ Statement::Refusal { .. }, .. } => {
                (self.partner.to_string(), statement)
            }
            Message::Said { statement: Statement::RecallAnswer { corrects, .. }, .. }
                if corrects != talk.recall_answered =>
            {
                let why = if corrects {
                    "it corrects an answer to a recall that was not given"
                } else {
                    "the recall was answered before, and it does not say that it corrects that"
                };
                return Err(why.to_owned());
            }
            Message::Said { by, statement } => (by, statement),
            other => return Err(format!("a {} does not answer a warning", other.fields().0)),
        };
        let is_question = matches!(statement, Statement::Question { .. });
        let due = is_question.then(|| question_due(clocks, self.at));
        Ok(Said { due, ..self.said(by, statement) })
    }

    fn said(&self, by: String, statement: Statement) -> Said {
        let (at, entry) = (self.entry.time.clone(), self.place.clone());
        Said { statement, by, at, ours: false, entry, due: None, question: None }
    }
}

/// What a partner may say of one warning is bounded: each word is kept with it.
fn check_count(talk: TalkSoFar) -> Result<(), NotAccepted> {
    if talk.count >= MAX_SAID {
        return Err(format!("{MAX_SAID} statements were made about it: write a new warning"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::RecallAnswer;
    use forewarn_transcript::{ChannelId, Hash};

    /// A partner once answered a recall with complied, and then with refused, and both stood.
    #[test]
    fn a_recall_is_answered_once_and_a_later_answer_says_that_it_corrects() {
        let partner = NodeName::parse("east.example").unwrap();
        let at = Timestamp::parse("2017-12-15T09:30:00Z").unwrap();
        let place = Reference { log: "x".into(), index: 1, hash: Hash::of(b"x") };
        let entry = Entry {
            channel: ChannelId::parse(&"0".repeat(64)).unwrap(),
            kind: "recall-answer".into(),
            id: "recall-answer--1".into(),
            time: at.clone(),
            status: "Actual".into(),
            answers: Some(place.clone()),
            digests: Vec::new(),
        };
        let incoming = Incoming { partner: &partner, entry: &entry, place: &place, at: &at };
        let said = |recall_answered, corrects| {
            let (answer, text) = (RecallAnswer::Refused, "why".to_owned());
            let statement = Statement::RecallAnswer { answer, text, corrects };
            let talk = TalkSoFar { recall_answered, ..TalkSoFar::default() };
            incoming.on_case(Message::said("dora", statement), talk, &Clocks::default()).is_ok()
        };
        assert!(said(false, false) && said(true, true));
        assert!(!said(true, false) && !said(false, true));
    }
}
