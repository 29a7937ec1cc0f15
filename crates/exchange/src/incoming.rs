//! What an entry of the partner's log does here, once it is stored.

use crate::case::Case;
use crate::message::{Content, Message};
use crate::post::MAX_FIELD_BYTES;
use crate::scale::{Clocks, Status};
use crate::talk::{MAX_SAID, Said, Talk, What, question_due};
use crate::warning::{Recalled, Standing, Warning};
use forewarn_stix::Timestamp;
use forewarn_transcript::{Entry, Reference};

/// An entry of the partner's, read as a message.
pub struct Incoming<'a> {
    pub partner: &'a str,
    pub entry: &'a Entry,
    pub place: &'a Reference,
    /// When it was received, by our clock.
    pub at: &'a Timestamp,
}

/// Why it cannot be: the words go back in a refusal.
pub type NotAccepted = String;

impl Incoming<'_> {
    /// A new warning under the next local number.
    pub fn warning(&self, number: i64, content: Content) -> Result<Warning, NotAccepted> {
        content.check()?;
        let status = Status::parse(&self.entry.status).ok_or("its status is not known")?;
        Ok(Warning {
            number,
            partner: self.partner.to_owned(),
            status,
            entry: self.place.clone(),
            id: self.entry.id.clone(),
            received: self.at.clone(),
            content,
            standing: Standing::New,
            recall: None,
            talk: Talk::default(),
        })
    }

    /// A later word of the partner on a warning that it sent us.
    pub fn on_warning(
        &self,
        mut warning: Warning,
        message: Message,
    ) -> Result<Warning, NotAccepted> {
        match message {
            Message::Update(content) => {
                if self.entry.status != warning.status.name() {
                    return Err("its status is another one than that of the warning".to_owned());
                }
                content.check()?;
                warning.content = content;
            }
            Message::Recall { reason } => {
                warning.recall = Some(Recalled {
                    reason,
                    at: self.at.clone(),
                    entry: self.place.clone(),
                    answered: None,
                });
            }
            Message::Answer { by, text } => {
                let question = self.entry.answers.as_ref().map_or(0, |to| to.index);
                if warning.talk.open_question(question).is_none() {
                    return Err("it answers no open question of ours".to_owned());
                }
                self.say(&mut warning.talk, by, What::Answer { question, text });
            }
            Message::Refusal { reason } => {
                self.say(&mut warning.talk, self.partner.to_owned(), What::Refused { reason });
            }
            other => return Err(format!("a {} is no word on a warning of yours", kind(&other))),
        }
        Ok(warning)
    }

    /// What the partner says of a warning of ours.
    pub fn on_case(
        &self,
        mut case: Case,
        message: Message,
        clocks: &Clocks,
    ) -> Result<Case, NotAccepted> {
        check_bounds(&case.talk, &message)?;
        let (by, what) = match message {
            Message::Opened { by } => (by, What::Opened),
            Message::Accepted { by, note } => (by, What::Accepted { note }),
            Message::Declined { by, reason } => (by, What::Declined { reason }),
            Message::Question { by, text } => {
                (by, What::Question { text, due: question_due(clocks, self.at) })
            }
            Message::Action { by, text } => (by, What::Action { text }),
            Message::Outcome { by, facts, text } => (by, What::Outcome { facts, text }),
            Message::Thanks { by, to, text } => (by, What::Thanks { to, text }),
            Message::RecallAnswer { by, answer, text } => {
                (by, What::RecallAnswered { answer, text })
            }
            Message::Refusal { reason } => (self.partner.to_owned(), What::Refused { reason }),
            other => return Err(format!("a {} does not answer a warning", kind(&other))),
        };
        self.say(&mut case.talk, by, what);
        Ok(case)
    }

    fn say(&self, talk: &mut Talk, by: String, what: What) {
        talk.push(Said {
            what,
            by,
            at: self.entry.time.clone(),
            ours: false,
            entry: self.place.clone(),
        });
    }
}

fn kind(message: &Message) -> String {
    message.fields().0
}

/// What a partner may say of one warning is bounded: each word is kept with it.
fn check_bounds(talk: &Talk, message: &Message) -> Result<(), NotAccepted> {
    if talk.is_full() {
        return Err(format!("{MAX_SAID} words were said about it: write a new warning"));
    }
    let (_, fields) = message.fields();
    let long = fields.iter().find(|(name, value)| {
        name != "bundle" && forewarn_stix::canonical::bytes(value).len() > MAX_FIELD_BYTES
    });
    match long {
        Some((name, _)) => Err(format!("`{name}` is longer than {MAX_FIELD_BYTES} bytes")),
        None => Ok(()),
    }
}
