//! What an entry of the partner's log does here, once it is stored.

use crate::action;
use crate::case::Case;
use crate::id::WarningNumber;
use crate::message::{Content, Message};
use crate::name::NodeName;
use crate::named;
use crate::outcome;
use crate::owed::{self, NotOwed, Owed, Word};
use crate::scale::{Clocks, Status};
use crate::talk::{MAX_SAID, Said, Statement, question_due};
use crate::warning::{Recalled, Standing, Summary, Warning};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Pap;
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
#[derive(Debug, Clone, Copy, Default)]
pub struct TalkSoFar<'a> {
    /// How many statements were made.
    pub count: usize,
    /// Whether the entry that is answered is a question of ours that nobody has answered.
    pub answers_open_question: bool,
    /// Whether the partner has answered our recall before.
    pub recall_answered: bool,
    /// Which of our versions the entry answers, counted from 1, where it answers one.
    pub version: Option<u32>,
    /// How far actions may be noticed, by that version's marking.
    pub pap: Option<Pap>,
    /// The statements themselves; asked for outcomes that correct only.
    pub said: &'a [Said],
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
            expired: None,
            owed: None,
            persons: named::of(&content.persons, &[]),
        })
    }

    /// A later word of the partner on a warning that it sent us.
    pub fn on_warning(
        &self,
        mut warning: Warning,
        message: Message,
        talk: TalkSoFar<'_>,
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
                warning.expired = None;
                warning.persons = named::of(&content.persons, &warning.persons);
                warning.owed = Some(Owed::new(Word::Update, self.place.clone(), self.at));
                Ok(OnWarning::Updated(warning, content))
            }
            Message::Recall { reason } => {
                let (at, entry) = (self.at.clone(), self.place.clone());
                warning.recall = Some(Recalled { reason, at, entry, answered: None });
                // Of a warning that was taken back, nothing else is to be answered.
                warning.owed = None;
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

    /// What the partner says about a warning of ours: the case, which may owe no answer any more,
    /// and what was said.
    pub fn on_case(
        &self,
        mut case: Case,
        message: Message,
        (talk, clocks): (TalkSoFar<'_>, &Clocks),
    ) -> Result<(Case, Said), NotAccepted> {
        check_count(talk)?;
        let (by, statement) = match message {
            Message::Said { statement: Statement::Answer { .. }, .. } => {
                return Err("an answer does not answer a warning".to_owned());
            }
            Message::Said { statement: statement @ Statement::Refusal { .. }, .. } => {
                (self.partner.to_string(), statement)
            }
            Message::Said { by, statement } => (by, statement),
            other => return Err(format!("a {} does not answer a warning", other.fields().0)),
        };
        self.answer_word(&mut case, &statement, talk)?;
        if let Statement::Outcome { corrects: Some(index), .. } = &statement
            && !outcome::may_correct(talk.said, *index)
        {
            return Err(format!("it corrects entry {index}, which is no outcome that stands"));
        }
        if matches!(statement, Statement::Declined { .. }) {
            case.owed = case.owed.take().filter(|owed| owed.word != Word::Update);
        }
        let is_question = matches!(statement, Statement::Question { .. });
        let due = is_question.then(|| question_due(clocks, self.at));
        let version = if statement.is_of_a_version() { talk.version } else { None };
        let horizon = case.horizon.as_ref().map(|horizon| &horizon.until);
        let flags = action::flags(&statement, &self.entry.time, (horizon, talk.pap));
        Ok((case, Said { due, version, flags, ..self.said(by, statement) }))
    }

    /// An answer to a later word of ours must be one, and may come once, or correct the one before.
    fn answer_word(
        &self,
        case: &mut Case,
        statement: &Statement,
        talk: TalkSoFar<'_>,
    ) -> Result<(), NotAccepted> {
        let Some((word, answer)) = statement.answers_word() else { return Ok(()) };
        let answered = match word {
            Word::Recall => talk.recall_answered.then_some(answer.answer),
            Word::Update | Word::Expiry => {
                case.owed.as_ref().filter(|owed| owed.word == word).and_then(|owed| owed.answered)
            }
        };
        let name = word.name();
        match owed::may_answer(answered, answer) {
            Ok(()) => {}
            Err(NotOwed::Nothing | NotOwed::Uncorrectable) => {
                return Err(format!("it corrects an answer to the {name} that was not given"));
            }
            Err(NotOwed::Answered(_)) => {
                return Err(format!(
                    "the {name} was answered before, and it does not say that it corrects that"
                ));
            }
        }
        let of = self.entry.answers.as_ref();
        match (word, &mut case.owed) {
            (Word::Update | Word::Expiry, Some(owed)) if owed.word == word => {
                // An answer to a version before the newest is said, and the newest one still waits.
                if of.is_some_and(|of| of.index == owed.entry.index) {
                    owed.answered = Some(answer.answer);
                }
            }
            // The partner's clock may be ahead of ours: its answer counts when ours gets there.
            (Word::Expiry, owed) if case.expired.is_none() => {
                if let Some(of) = of {
                    let entry = of.clone();
                    let answered = Some(answer.answer);
                    *owed = Some(Owed { answered, ..Owed::new(word, entry, self.at) });
                }
            }
            (Word::Recall | Word::Update | Word::Expiry, _) => {}
        }
        Ok(())
    }

    fn said(&self, by: String, statement: Statement) -> Said {
        let (at, entry) = (self.entry.time.clone(), self.place.clone());
        Said {
            statement,
            by,
            at,
            ours: false,
            entry,
            due: None,
            question: None,
            version: None,
            flags: Vec::new(),
        }
    }
}

/// What a partner may say of one warning is bounded: each word is kept with it.
fn check_count(talk: TalkSoFar<'_>) -> Result<(), NotAccepted> {
    if talk.count >= MAX_SAID {
        return Err(format!("{MAX_SAID} statements were made about it: write a new warning"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
